import type { HeaderField, SessionEvent } from "../sip/index.js";
import type { SipRequest } from "../sip/message/index.js";
import type { CallOutput } from "./call-events.js";

/** The final response to a request within the dialog that is not for the session itself. */
export function answerRequest({
  transaction,
  request,
}: Extract<SessionEvent, { readonly kind: "request-received" }>): CallOutput {
  const { status, headers } = responseTo(request);
  return {
    kind: "session",
    command: { kind: "respond", transaction, status, headers, bodies: [] },
  };
}

function responseTo({ method, headers }: SipRequest): {
  readonly status: number;
  readonly headers: readonly HeaderField[];
} {
  if (method !== "INFO") return { status: 501, headers: [] };
  // RFC 6086 §4.2.2: bad info package, for we take none; without one it is the old use, §2
  return headers.has("Info-Package")
    ? { status: 469, headers: [{ name: "Recv-Info", value: "" }] }
    : { status: 200, headers: [] };
}
