import { err, type Result } from "../../core/index.js";
import { splitList } from "./grammar.js";
import { header } from "./header-table.js";
import { messageLimits } from "./limits.js";
import type { Headers, MessageFault, SipMessage, SipRequest } from "./types.js";

/** A refusal; answerable when it was a request, not an ACK, with a topmost Via to send the answer by. */
export function refuse(
  status: number,
  offset: number,
  reason: string,
  message?: SipMessage,
): Result<never, MessageFault> {
  const request = message === undefined ? undefined : answerable(message);
  return err({ offset, reason, status, ...(request === undefined ? undefined : { request }) });
}

function answerable(message: SipMessage): SipRequest | undefined {
  // RFC 3261 §17: an ACK gets no answer.
  if (message.kind === "response" || message.method === "ACK") return undefined;
  const headers = withSoundVia(message.headers);
  return headers === undefined ? undefined : { ...message, headers };
}

/** The headers with what is malformed in the topmost Via cut off; undefined when nothing is left. */
function withSoundVia(headers: Headers): Headers | undefined {
  if (headers.value(header.via) !== undefined) return headers;
  const lines = headers.texts(header.via);
  const [first = ""] = splitList(lines[0] ?? "", messageLimits.elements) ?? [];
  const read = header.via.parse(first);
  const sound = read.ok ? read : header.via.parse(cutAt(first, read.error.offset));
  if (!sound.ok) return undefined;
  return headers.without(header.via).prepend(header.via, sound.value);
}

/** What stands before a fault, without the separators at its end. */
function cutAt(text: string, offset: number): string {
  let end = offset;
  while (end > 0 && "; \t".includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
