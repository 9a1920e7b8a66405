export { dataLink } from "./data-link.js";
export {
  type Address,
  type Frame,
  type FrameKind,
  type ParsedFrame,
  parseFrame,
  printFrame,
  type Side,
} from "./frame.js";
export {
  type DataLinkInput,
  type DataLinkOutput,
  type DataLinkParameters,
  type DataLinkState,
  defaultParameters,
  type ErrorCode,
  initialState,
  type StateName,
} from "./state.js";
