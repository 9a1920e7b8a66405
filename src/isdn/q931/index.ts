export { judgeComponents, rejection } from "./components.js";
export { describeMessage, summarise, summariseMessage, type TreeNode } from "./describe.js";
export { divertingLeg, divertingLegFacility } from "./diversion.js";
export {
  type ChannelIdentification,
  type ChannelList,
  channelSelection,
  indicateChannel,
  indicateChannels,
  selectChannel,
  timeslotsOf,
} from "./elements/channel.js";
export type * from "./elements/element.js";
export { elementRows, rowOfCode, rowOfKind } from "./elements/rows.js";
export {
  type CallReference,
  callReference,
  type Direction,
  dummyCallReference,
  type ElementFault,
  element,
  elements,
  globalCallReference,
  type Message,
  type MessageType,
  type Parsed,
  type Profile,
  type Receiving,
  type Verdict,
} from "./message.js";
export { CALL_CONTROL, messageRow, messageRows } from "./message-rows.js";
export * from "./neutral.js";
export { parseMessage } from "./parse.js";
export { composeMessage, printMessage } from "./print.js";
export { callingName, callingNameFacility, chargeAdvice, describeComponents } from "./rose.js";
export { judgeFaults } from "./verdict.js";
