import { utf8 } from "../../core/index.js";
import { header, type SipRequest } from "../message/index.js";

/** A To tag that is the same for every copy of a request (RFC 3261 §8.2.7). */
export function statelessTag({ uri, headers }: SipRequest): string {
  const text = [
    uri,
    headers.text(header.callId),
    headers.text(header.from),
    headers.text(header.cSeq),
    headers.text(header.via),
  ].join("\n");
  return hash(text, 0x811c_9dc5) + hash(text, 0x9e37_79b9);
}

/** FNV-1a, 32 bits, in base 36. */
function hash(text: string, seed: number): string {
  let value = seed;
  for (const octet of utf8(text)) value = Math.imul(value ^ octet, 0x0100_0193);
  return (value >>> 0).toString(36);
}
