export {
  CAUSE_MAPS,
  type CauseMap,
  type CauseMapName,
  type CauseRow,
  type StatusRow,
} from "./cause-maps.js";
export { causeOfEnd, type MappedStatus, statusOf } from "./causes.js";
export {
  DEFAULT_JOIN_PARAMS,
  type Heard,
  type JoinInput,
  type JoinOutput,
  type JoinParams,
  type LegTraits,
  type MediaPlan,
  type Milestone,
  type Side,
  type Tone,
} from "./join.js";
export { join } from "./join-machine.js";
export { type JoinState, newJoin } from "./join-state.js";
export type { Numbering, SipProfile, SipTarget } from "./profile.js";
export type { SipLegInput, SipLegOutput } from "./sip-leg.js";
export { sipLeg } from "./sip-leg-machine.js";
export { incomingSipLeg, outgoingSipLeg, type SipLegState } from "./sip-leg-state.js";
