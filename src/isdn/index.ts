export {
  describeFrame,
  describeMessage,
  summariseFrame,
  summariseMessage,
  type TreeNode,
} from "./decode/index.js";
export { type InterfaceSnapshot, IsdnInterface } from "./interface.js";
export type {
  ChannelChoice,
  InterfaceInput,
  InterfaceOutput,
  LegId,
} from "./interface-events.js";
export type { InterfaceOptions } from "./params.js";
export { type CallProfile, callProfile } from "./q931/call-profile.js";
export { TIMER_ROWS, type TimerName, type TimerRow } from "./q931/timers.js";
