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
export type { SipLegInput, SipLegOutput } from "./sip-leg.js";
