export type * from "./elements/element.js";
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
