import { rowOf } from "./header-table.js";
import { encodeText } from "./octets.js";
import type { SipMessage } from "./types.js";

/** Canonical names, one line a header, Content-Length computed and last (RFC 3261 §7). */
export function printMessage(message: SipMessage): Uint8Array {
  let text =
    message.kind === "request"
      ? `${message.method} ${message.uri} SIP/2.0\r\n`
      : `SIP/2.0 ${message.status} ${message.reason}\r\n`;
  for (const { name, value } of message.headers) {
    const canonical = rowOf(name)?.name ?? name;
    if (canonical !== "Content-Length") text += `${canonical}: ${value}\r\n`;
  }
  const { body } = message;
  const head = encodeText(`${text}Content-Length: ${body.length}\r\n\r\n`);
  if (body.length === 0) return head;
  const octets = new Uint8Array(head.length + body.length);
  octets.set(head);
  octets.set(body, head.length);
  return octets;
}
