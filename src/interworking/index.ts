export {
  CAUSE_MAPS,
  type CauseMap,
  type CauseMapName,
  type CauseRow,
  type StatusRow,
} from "./cause-maps.js";
export { causeOfEnd, type MappedStatus, statusOf } from "./causes.js";
export type {
  Heard,
  JoinInput,
  JoinOutput,
  LegTraits,
  MediaPlan,
  Milestone,
  Side,
  Tone,
} from "./join.js";
export type { Numbering, SipProfile, SipTarget } from "./profile.js";
export type { SipLegInput, SipLegOutput } from "./sip-leg.js";
export { sipLeg } from "./sip-leg-machine.js";
export { incomingSipLeg, outgoingSipLeg, type SipLegState } from "./sip-leg-state.js";
