import { oneLine } from "./grammar.js";
import { header, rankOf } from "./header-table.js";
import { headersOf } from "./headers.js";
import { parameter } from "./parameters.js";
import { reasonPhrase } from "./reason-phrases.js";
import type { HeaderField, HeaderIdentity, SipRequest, SipResponse } from "./types.js";

/** A request of our own; its headers are put into a good order (RFC 3261 §7.3.1). */
export function createRequest(
  method: string,
  uri: string,
  headers: Iterable<HeaderField>,
  body: Uint8Array = EMPTY,
): SipRequest {
  const ranked = [...headers].map((field) => ({ field, rank: rankOf(field.name) }));
  ranked.sort((a, b) => a.rank - b.rank);
  return {
    kind: "request",
    method,
    uri: oneLine(uri),
    headers: headersOf(ranked.map(({ field }) => field)),
    body,
  };
}

/** A response with Via, From, To (tag added if it has none), Call-ID, CSeq (RFC 3261 §8.2.6). */
export function createResponse(
  request: SipRequest,
  status: number,
  options: {
    readonly reason?: string;
    /** Put into To when it has no tag; not into a 100 (RFC 3261 §8.2.6.2). */
    readonly toTag?: string;
    readonly headers?: Iterable<HeaderField>;
    readonly body?: Uint8Array;
  } = {},
): SipResponse {
  const fields: HeaderField[] = [];
  for (const row of COPIED)
    for (const value of request.headers.texts(row)) fields.push({ name: row.name, value });
  const to = request.headers.value(header.to);
  if (status > 100 && options.toTag !== undefined && to && !parameter(to.parameters, "tag")) {
    const at = fields.findIndex(({ name }) => name === header.to.name);
    const { name, value } = fields[at] as HeaderField;
    fields[at] = { name, value: `${value};tag=${options.toTag}` };
  }
  // RFC 3261 §8.2.6.1
  const timestamp = status === 100 ? request.headers.text(header.timestamp) : undefined;
  if (timestamp !== undefined) fields.push({ name: header.timestamp.name, value: timestamp });
  fields.push(...(options.headers ?? []));
  return {
    kind: "response",
    status,
    reason: oneLine(options.reason ?? reasonPhrase(status)),
    headers: headersOf(fields),
    body: options.body ?? EMPTY,
  };
}

const EMPTY = new Uint8Array(0);
const COPIED: readonly HeaderIdentity[] = [
  header.via,
  header.from,
  header.to,
  header.callId,
  header.cSeq,
];
