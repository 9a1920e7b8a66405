export { parseNameAddr, printNameAddr } from "./address.js";
export { readBodies, writeBodies } from "./bodies.js";
export { checkMessage, readMessage } from "./check.js";
export { createRequest, createResponse } from "./create.js";
export { type Framed, StreamFramer } from "./framer.js";
export { isToken, quote, sameWord, unquote } from "./grammar.js";
export { header, rowOf } from "./header-table.js";
export { headersOf } from "./headers.js";
export { messageLimits } from "./limits.js";
export { isRegisteredMethod } from "./methods.js";
export { decodeText, encodeText } from "./octets.js";
export {
  parameter,
  parameterValue,
  parseParameters,
  printParameters,
  withoutParameter,
  withParameter,
} from "./parameters.js";
export { parseMessage } from "./parse.js";
export { printMessage } from "./print.js";
export { reasonPhrase } from "./reason-phrases.js";
export type * from "./types.js";
export {
  escapeUriHeader,
  escapeUriParameter,
  escapeUser,
  parseUri,
  printUri,
  telDigits,
  unescapeUri,
} from "./uri.js";
export { equalUris } from "./uri-comparison.js";
