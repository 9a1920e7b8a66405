import { fault, ok, type Result } from "../../core/index.js";
import {
  decimal,
  isDigit,
  isToken,
  isTokenCode,
  sameWord,
  skipBlanks,
  trimEnd,
} from "./grammar.js";
import { header } from "./header-table.js";
import { type HeaderIndex, indexedHeaders } from "./headers.js";
import { messageLimits } from "./limits.js";
import { decodeText, headEnd } from "./octets.js";
import { refuse } from "./refusal.js";
import type { Headers, MessageFault, SipMessage } from "./types.js";

/**
 * Reads a message from one datagram, or from what the framer cut from a stream: start line, header
 * index, body. Headers themselves are read on demand. Octets past Content-Length are dropped.
 */
export function parseMessage(octets: Uint8Array): Result<SipMessage, MessageFault> {
  if (octets.length > messageLimits.message) return refuse(513, 0, "message too large");
  let from = 0;
  // RFC 3261 §7.5: empty lines before the start line are ignored.
  while (octets[from] === CR && octets[from + 1] === LF) from += 2;
  const end = headEnd(octets, from);
  const text = decodeText(octets.subarray(from, end < 0 ? octets.length : end));
  const startEnd = text.indexOf("\r\n");
  const start = readStartLine(text, startEnd < 0 ? text.length : startEnd);
  if (start.kind === "none") return refuse(400, start.offset, start.wrong);
  const index = indexHeaders(text, startEnd < 0 ? text.length : startEnd + 2);
  const message = assemble(start, indexedHeaders(index), EMPTY);
  if (start.wrong !== undefined) return refuse(start.status, start.offset, start.wrong, message);
  if (index.wrong !== undefined) return refuse(400, index.at, index.wrong, message);
  if (end < 0) return refuse(400, text.length, "no empty line after the headers", message);
  const body = takeBody(octets, end, message.headers);
  if (!body.ok) return refuse(400, body.error.offset, body.error.reason, message);
  return ok(body.value.length === 0 ? message : { ...message, body: body.value });
}

function assemble(start: StartLine, headers: Headers, body: Uint8Array): SipMessage {
  return start.kind === "request"
    ? { kind: "request", method: start.method, uri: start.uri, headers, body }
    : { kind: "response", status: start.code, reason: start.reason, headers, body };
}

/** RFC 3261 §18.3: Content-Length octets, or all when a datagram has no Content-Length. */
function takeBody(octets: Uint8Array, from: number, headers: Headers): Result<Uint8Array> {
  const length = headers.read(header.contentLength);
  if (!length.ok) return fault(from, length.error.reason);
  const [wanted = octets.length - from] = length.value;
  if (wanted > octets.length - from)
    return fault(octets.length, "body shorter than Content-Length");
  return ok(octets.subarray(from, from + wanted));
}

type StartLine =
  | ({ readonly kind: "request"; readonly method: string; readonly uri: string } & Wrong)
  | ({ readonly kind: "response"; readonly code: number; readonly reason: string } & Wrong);

/** What is wrong although the line was understood well enough to answer. */
interface Wrong {
  readonly wrong?: string;
  readonly status: number;
  readonly offset: number;
}

/** Nothing that could be answered. */
type NoStartLine = { readonly kind: "none"; readonly wrong: string; readonly offset: number };

function readStartLine(text: string, end: number): StartLine | NoStartLine {
  const space = text.indexOf(" ");
  if (space <= 0 || space >= end) return { kind: "none", offset: 0, wrong: "malformed start line" };
  const first = text.slice(0, space);
  if (first.length > 4 && sameWord(first.slice(0, 4), "SIP/")) return readStatusLine(text, end);
  if (!isToken(first)) return { kind: "none", offset: 0, wrong: "malformed method" };
  return readRequestLine(text, first, end);
}

/** RFC 3261 §7.1: single blanks, none within the Request-URI. */
function readRequestLine(text: string, method: string, end: number): StartLine {
  const from = method.length + 1;
  const last = text.lastIndexOf(" ", end - 1);
  const uri = text.slice(from, Math.max(from, last));
  const bad = (status: number, offset: number, wrong: string): StartLine => ({
    kind: "request",
    method,
    uri: uri.trim(),
    status,
    offset,
    wrong,
  });
  if (end > messageLimits.headerLine) return bad(414, from, "Request-URI too long");
  const version = text.slice(last + 1, end);
  if (sameWord(version, "SIP/2.0") && uri !== "" && !uri.includes(" ") && !uri.includes("\t"))
    return { kind: "request", method, uri, status: 200, offset: 0 };
  if (last <= from || uri.includes(" ") || uri.includes("\t"))
    return bad(400, from, "malformed Request-Line");
  return isSipVersion(version)
    ? bad(505, last + 1, "version not supported")
    : bad(400, last + 1, "malformed version");
}

/** RFC 3261 §7.2; the blank after the code is missed by some who send no phrase. */
function readStatusLine(text: string, end: number): StartLine | NoStartLine {
  const space = text.indexOf(" ");
  const codeEnd = space + 4;
  const code = decimal(text.slice(space + 1, codeEnd), 699);
  const none = (offset: number, wrong: string): NoStartLine => ({ kind: "none", offset, wrong });
  if (!sameWord(text.slice(0, space), "SIP/2.0")) return none(0, "version not supported");
  if (code === undefined || code < 100) return none(space + 1, "malformed status");
  if (codeEnd < end && text.charCodeAt(codeEnd) !== SPACE) return none(codeEnd, "malformed status");
  if (end > messageLimits.headerLine) return none(codeEnd, "reason phrase too long");
  const reason = text.slice(Math.min(codeEnd + 1, end), end);
  return { kind: "response", code, reason, status: 200, offset: 0 };
}

function isSipVersion(text: string): boolean {
  const dot = text.indexOf(".");
  return (
    dot > 4 &&
    sameWord(text.slice(0, 4), "SIP/") &&
    decimal(text.slice(4, dot), 999) !== undefined &&
    decimal(text.slice(dot + 1), 999) !== undefined
  );
}

/** The index of the header lines from `from` to the empty line; the first thing wrong is told. */
export function indexHeaders(
  text: string,
  from: number,
): HeaderIndex & { readonly wrong?: string; readonly at: number } {
  const offsets: number[] = [];
  let wrong: string | undefined;
  let wrongAt = 0;
  for (let at = from; at < text.length; ) {
    const end = lineEnd(text, at);
    if (end === at && end < text.length) break;
    const problem = end < 0 ? BARE_LINE_END : indexLine(text, at, end, offsets);
    if (problem !== undefined && wrong === undefined) {
      wrong = problem;
      wrongAt = at;
    }
    if (end < 0) break;
    at = end + 2;
  }
  return wrong === undefined ? { text, offsets, at: 0 } : { text, offsets, wrong, at: wrongAt };
}

/** Index of the line end of a header with its folded lines; -1 at a CR or LF that stands alone. */
function lineEnd(text: string, from: number): number {
  for (let at = from; ; ) {
    const cr = text.indexOf("\r", at);
    const lf = text.indexOf("\n", at);
    if (cr < 0) return lf < 0 ? text.length : -1;
    if (lf !== cr + 1) return -1;
    const next = text.charCodeAt(cr + 2);
    // RFC 3261 §7.3.1: a line that begins with a blank continues the one before.
    if (cr === from || (next !== SPACE && next !== TAB)) return cr;
    at = cr + 2;
  }
}

/** `field-name *blank ":" value`; what is wrong with it, or nothing. */
function indexLine(text: string, from: number, end: number, offsets: number[]): string | undefined {
  if (end - from > messageLimits.headerLine) return "header too long";
  if (offsets.length === messageLimits.headers * 4) return "too many headers";
  let nameEnd = from;
  while (isTokenCode(text.charCodeAt(nameEnd))) nameEnd++;
  const colon = skipBlanks(text, nameEnd, end);
  if (nameEnd === from || text.charCodeAt(colon) !== COLON) return "malformed header name";
  const start = skipBlanks(text, colon + 1, end);
  offsets.push(from, nameEnd, start, trimEnd(text, start, end));
  return undefined;
}

/** Whether the octet at `at` could begin a start line: a token character. */
export function beginsStartLine(octet: number): boolean {
  return isTokenCode(octet) || isDigit(octet);
}

const EMPTY = new Uint8Array(0);
const BARE_LINE_END = "CR or LF alone";
const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;
const COLON = 58;
