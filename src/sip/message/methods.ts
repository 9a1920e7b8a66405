/** Whether a method is registered; one that is not gets 501 (RFC 3261 §21.5.2), others 405 at most. */
export function isRegisteredMethod(method: string): boolean {
  return METHODS.has(method);
}

/** RFC 3261, 3262, 3311, 3428, 3515, 3903, 6086, 6665. */
const METHODS = new Set([
  "ACK",
  "BYE",
  "CANCEL",
  "INFO",
  "INVITE",
  "MESSAGE",
  "NOTIFY",
  "OPTIONS",
  "PRACK",
  "PUBLISH",
  "REFER",
  "REGISTER",
  "SUBSCRIBE",
  "UPDATE",
]);
