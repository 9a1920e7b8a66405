import { ok, type Result } from "../../core/index.js";
import { header } from "./header-table.js";
import { isRegisteredMethod } from "./methods.js";
import { parseMessage } from "./parse.js";
import { refuse } from "./refusal.js";
import type { HeaderRow, MessageFault, SipMessage, SipRequest } from "./types.js";
import { parseUri } from "./uri.js";

/** `parseMessage`, then `checkMessage`: what the transports call. */
export function readMessage(octets: Uint8Array): Result<SipMessage, MessageFault> {
  const message = parseMessage(octets);
  return message.ok ? checkMessage(message.value) : message;
}

/** What every element demands of a message before it acts on it (RFC 3261 §8.1.1, §8.2, §16.3). */
export function checkMessage(message: SipMessage): Result<SipMessage, MessageFault> {
  const { headers } = message;
  for (const row of MANDATORY) {
    const read = headers.read(row);
    if (!read.ok) return refuse(400, 0, read.error.reason, message);
    if (read.value.length === 0) return refuse(400, 0, `${row.name} is missing`, message);
  }
  return message.kind === "response" ? ok(message) : checkRequest(message);
}

function checkRequest(request: SipRequest): Result<SipRequest, MessageFault> {
  const cSeq = request.headers.value(header.cSeq);
  if (cSeq?.method !== request.method) {
    // RFC 4475 §3.1.2.17 and §3.1.2.18.
    const status = isRegisteredMethod(request.method) ? 400 : 501;
    return refuse(status, 0, "CSeq of another method", request);
  }
  const uri = parseUri(request.uri);
  if (!uri.ok) return refuse(400, uri.error.offset, `Request-URI: ${uri.error.reason}`, request);
  // RFC 3261 §8.2.2.1
  if (uri.value.kind === "other") return refuse(416, 0, "URI scheme not supported", request);
  // RFC 3261 §19.1.1, table 1: no headers in a Request-URI.
  if (uri.value.kind === "sip" && uri.value.headers.length > 0)
    return refuse(400, 0, "headers in the Request-URI", request);
  for (const row of WELL_FORMED) {
    const read = request.headers.read(row);
    if (!read.ok) return refuse(400, 0, read.error.reason, request);
  }
  return ok(request);
}

type AnyRow = HeaderRow<never>;

/** RFC 3261 §8.1.1, but for Max-Forwards, which RFC 2543 did not have. */
const MANDATORY = [
  header.via,
  header.cSeq,
  header.callId,
  header.from,
  header.to,
] as readonly unknown[] as readonly AnyRow[];

/** What must be well-formed when present, as one cannot act on the request without it. */
const WELL_FORMED = [
  header.maxForwards,
  header.route,
  header.recordRoute,
  header.contact,
  header.require,
  header.proxyRequire,
  header.contentType,
] as readonly unknown[] as readonly AnyRow[];
