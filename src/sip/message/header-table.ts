import { ok } from "../../core/index.js";
import { parseNameAddr, printNameAddr } from "./address.js";
import { parseAuthentication, printAuthentication } from "./authentication.js";
import { UINT32 } from "./grammar.js";
import { date, timestamp } from "./time-values.js";
import type { HeaderRow, Multiplicity, NameAddr } from "./types.js";
import * as v from "./values.js";

const address: v.Codec<NameAddr> = { parse: parseNameAddr, print: printNameAddr };
const contact: v.Codec<NameAddr | "*"> = {
  parse: (text) => (text === "*" ? ok("*") : parseNameAddr(text)),
  print: (value) => (value === "*" ? value : printNameAddr(value)),
};
const authentication = { parse: parseAuthentication, print: printAuthentication };

/** Every header we know, in the order in which they are best printed (RFC 3261 §7.3.1: first what proxies need). */
export const header = {
  via: row("Via", "list", v.via, "v"),
  route: row("Route", "list", address),
  recordRoute: row("Record-Route", "list", address),
  path: row("Path", "list", address),
  serviceRoute: row("Service-Route", "list", address),
  proxyRequire: row("Proxy-Require", "list", v.token),
  maxForwards: row("Max-Forwards", "once", v.integer(255)),
  proxyAuthorization: row("Proxy-Authorization", "lines", authentication),
  from: row("From", "once", address, "f"),
  to: row("To", "once", address, "t"),
  callId: row("Call-ID", "once", v.callId, "i"),
  cSeq: row("CSeq", "once", v.cSeq),
  contact: row("Contact", "list", contact, "m"),
  rSeq: row("RSeq", "once", v.integer(UINT32, 1)), // RFC 3262 §7.1
  rAck: row("RAck", "once", v.rAck),
  expires: row("Expires", "once", v.integer(UINT32)),
  minExpires: row("Min-Expires", "once", v.integer(UINT32)),
  sessionExpires: row("Session-Expires", "once", v.deltaSeconds, "x"), // RFC 4028 §4
  minSe: row("Min-SE", "once", v.deltaSeconds), // RFC 4028 §5
  require: row("Require", "list", v.token),
  supported: emptyRow("Supported", v.token, "k"),
  unsupported: row("Unsupported", "list", v.token),
  allow: emptyRow("Allow", v.token),
  allowEvents: row("Allow-Events", "list", v.token, "u"), // RFC 6665 §8.2.2
  event: row("Event", "once", v.item, "o"), // RFC 6665 §8.2.1
  subscriptionState: row("Subscription-State", "once", v.item), // RFC 6665 §8.2.3
  referTo: row("Refer-To", "once", address, "r"), // RFC 3515 §2.1
  referredBy: row("Referred-By", "once", address, "b"), // RFC 3892 §3
  replaces: row("Replaces", "once", v.text), // RFC 3891 §6.1
  reason: row("Reason", "list", v.reason), // RFC 3326 §2
  retryAfter: row("Retry-After", "once", v.deltaSeconds),
  warning: row("Warning", "list", v.warning),
  pAssertedIdentity: row("P-Asserted-Identity", "list", address), // RFC 3325 §9.1
  pPreferredIdentity: row("P-Preferred-Identity", "list", address), // RFC 3325 §9.2
  remotePartyId: row("Remote-Party-ID", "list", address),
  privacy: row("Privacy", "once", v.privacy),
  diversion: row("Diversion", "list", address), // RFC 5806 §4
  historyInfo: row("History-Info", "list", address), // RFC 7044 §5
  authorization: row("Authorization", "lines", authentication),
  wwwAuthenticate: row("WWW-Authenticate", "lines", authentication),
  proxyAuthenticate: row("Proxy-Authenticate", "lines", authentication),
  authenticationInfo: row("Authentication-Info", "once", v.text),
  timestamp: row("Timestamp", "once", timestamp),
  date: row("Date", "once", date),
  subject: row("Subject", "once", v.text, "s"),
  priority: row("Priority", "once", v.token),
  organization: row("Organization", "once", v.text),
  inReplyTo: row("In-Reply-To", "list", v.callId),
  replyTo: row("Reply-To", "once", address),
  alertInfo: row("Alert-Info", "list", v.info),
  callInfo: row("Call-Info", "list", v.info),
  errorInfo: row("Error-Info", "list", v.info),
  userAgent: row("User-Agent", "once", v.text),
  server: row("Server", "once", v.text),
  accept: emptyRow("Accept", v.mediaType),
  acceptEncoding: emptyRow("Accept-Encoding", v.item),
  acceptLanguage: emptyRow("Accept-Language", v.item),
  mimeVersion: row("MIME-Version", "once", v.text),
  contentDisposition: row("Content-Disposition", "once", v.item),
  contentEncoding: row("Content-Encoding", "list", v.token, "e"),
  contentLanguage: row("Content-Language", "list", v.token),
  contentType: row("Content-Type", "once", v.mediaType, "c"),
  contentLength: row("Content-Length", "once", v.integer(UINT32), "l"),
} as const;

/** The row of a name in any case, long or compact; undefined for a header we do not know. */
export function rowOf(name: string): HeaderRow<never> | undefined {
  return byName.get(name) ?? byName.get(name.toLowerCase());
}

/** Place of a header in a well-ordered message; unknown ones come before those of the body. */
export function rankOf(name: string): number {
  const known = rowOf(name);
  return known === undefined ? UNKNOWN_RANK : (ranks.get(known.key) ?? UNKNOWN_RANK);
}

function row<Value>(
  name: string,
  multiplicity: Multiplicity,
  codec: v.Codec<Value>,
  compact?: string,
): HeaderRow<Value> {
  return {
    name,
    key: name.toLowerCase(),
    multiplicity,
    mayBeEmpty: false,
    parse: codec.parse,
    print: codec.print,
    ...(compact === undefined ? undefined : { compact }),
  };
}

/** A list that may have no element (RFC 3261 §20.1, §20.5, §20.37). */
function emptyRow<Value>(name: string, codec: v.Codec<Value>, compact?: string): HeaderRow<Value> {
  return { ...row(name, "list", codec, compact), mayBeEmpty: true };
}

const rows = Object.values(header) as readonly unknown[] as readonly HeaderRow<never>[];
const byName = new Map<string, HeaderRow<never>>();
const ranks = new Map<string, number>();
rows.forEach((one, rank) => {
  byName.set(one.name, one);
  byName.set(one.key, one);
  if (one.compact !== undefined) byName.set(one.compact, one);
  ranks.set(one.key, rank);
});
const UNKNOWN_RANK = (ranks.get("mime-version") as number) - 0.5;
