import { fault, fromUtf8, ok, type Result, utf8 } from "../../core/index.js";
import { decimal, isDigit, isHexDigit, table } from "./grammar.js";
import { messageLimits } from "./limits.js";
import type { HeaderField, Mutable, Parameter, Parameters, SipUri, TelUri, Uri } from "./types.js";

/** SIP-URI, SIPS-URI, telephone-uri or absoluteURI (RFC 3261 §25.1, RFC 3966 §3). */
export function parseUri(text: string): Result<Uri> {
  const colon = schemeEnd(text);
  if (colon <= 0) return fault(0, "URI without a scheme");
  const scheme = text.slice(0, colon).toLowerCase();
  if (scheme === "sip" || scheme === "sips") return parseSipUri(text, colon + 1, scheme === "sips");
  if (scheme === "tel") return parseTelUri(text, colon + 1);
  for (let at = colon + 1; at < text.length; at++)
    if (!isVisible(text.charCodeAt(at))) return fault(at, "character not allowed in a URI");
  return colon + 1 < text.length
    ? ok({ kind: "other", scheme, text })
    : fault(colon + 1, "URI with a scheme only");
}

export function printUri(uri: Uri): string {
  if (uri.kind === "other") return uri.text;
  if (uri.kind === "tel") return `tel:${uri.number}${printUriParameters(uri.parameters)}`;
  let out = uri.secure ? "sips:" : "sip:";
  if (uri.user !== undefined) {
    out += uri.user;
    if (uri.password !== undefined) out += `:${uri.password}`;
    out += "@";
  }
  out += uri.host;
  if (uri.port !== undefined) out += `:${uri.port}`;
  out += printUriParameters(uri.parameters);
  uri.headers.forEach(({ name, value }, i) => {
    out += `${i === 0 ? "?" : "&"}${name}=${value}`;
  });
  return out;
}

function parseSipUri(text: string, from: number, secure: boolean): Result<SipUri> {
  const at = text.indexOf("@", from);
  let user: string | undefined;
  let password: string | undefined;
  if (at >= 0) {
    const colon = text.indexOf(":", from);
    const userEnd = colon >= 0 && colon < at ? colon : at;
    if (userEnd === from) return fault(from, "empty user in a URI");
    const wrong = wrongCharacter(text, from, userEnd, USER);
    if (wrong >= 0) return fault(wrong, "character not allowed in the user of a URI");
    const alsoWrong = userEnd < at ? wrongCharacter(text, userEnd + 1, at, PASSWORD) : -1;
    if (alsoWrong >= 0) return fault(alsoWrong, "character not allowed in the password of a URI");
    user = text.slice(from, userEnd);
    if (userEnd < at) password = text.slice(userEnd + 1, at);
  }
  const host = parseHostPort(text, at >= 0 ? at + 1 : from);
  if (!host.ok) return host;
  const parameters = parseUriParameters(text, host.value.end, PARAMETER);
  if (!parameters.ok) return parameters;
  const headers = parseUriHeaders(text, parameters.value.end);
  if (!headers.ok) return headers;
  const uri: Mutable<SipUri> = {
    kind: "sip",
    secure,
    host: host.value.host,
    parameters: parameters.value.list,
    headers: headers.value,
  };
  if (user !== undefined) uri.user = user;
  if (password !== undefined) uri.password = password;
  if (host.value.port !== undefined) uri.port = host.value.port;
  return ok(uri);
}

/** `host [":" port]` at `from`; ends before the first character that is of neither. */
export function parseHostPort(
  text: string,
  from: number,
): Result<{ readonly host: string; readonly port?: number; readonly end: number }> {
  const end = hostEnd(text, from);
  if (end <= from) return fault(from, "malformed host");
  const host = text.slice(from, end);
  if (text.charCodeAt(end) !== COLON) return ok({ host, end });
  let portEnd = end + 1;
  while (isDigit(text.charCodeAt(portEnd))) portEnd++;
  const port = decimal(text.slice(end + 1, portEnd), 65_535);
  return port === undefined ? fault(end + 1, "malformed port") : ok({ host, port, end: portEnd });
}

function hostEnd(text: string, from: number): number {
  let at = from;
  if (text.charCodeAt(from) !== OPEN_BRACKET) {
    while (inTable(text.charCodeAt(at), HOST)) at++;
    return at;
  }
  // IPv6reference; the address itself is looked at by whoever connects to it (RFC 5118 §4.10).
  do at++;
  while (isHexDigit(text.charCodeAt(at)) || inTable(text.charCodeAt(at), ADDRESS_MARKS));
  return text.charCodeAt(at) === CLOSE_BRACKET && at > from + 2 ? at + 1 : -1;
}

function parseTelUri(text: string, from: number): Result<TelUri> {
  const global = text.charCodeAt(from) === PLUS;
  let at = global ? from + 1 : from;
  let digits = 0;
  for (; at < text.length && text.charCodeAt(at) !== SEMICOLON; at++) {
    const code = text.charCodeAt(at);
    const digit =
      isDigit(code) || (!global && (isHexDigit(code) || code === HASH || code === STAR));
    if (digit) digits++;
    else if (!inTable(code, VISUAL_SEPARATORS)) return fault(at, "not a digit of a tel URI");
  }
  if (digits === 0) return fault(from, "tel URI without digits");
  const parameters = parseUriParameters(text, at, PARAMETER);
  if (!parameters.ok) return parameters;
  const { list, end } = parameters.value;
  if (end < text.length) return fault(end, "unexpected text after a tel URI");
  return ok({ kind: "tel", number: text.slice(from, at), parameters: list });
}

function parseUriParameters(
  text: string,
  from: number,
  allowed: Uint8Array,
): Result<{ readonly list: Parameters; readonly end: number }> {
  const list: Parameter[] = [];
  let at = from;
  while (text.charCodeAt(at) === SEMICOLON) {
    if (list.length === messageLimits.parameters) return fault(at, "too many URI parameters");
    const nameEnd = runEnd(text, at + 1, allowed);
    if (nameEnd <= at + 1) return fault(at + 1, "malformed URI parameter");
    const name = text.slice(at + 1, nameEnd);
    at = nameEnd;
    if (text.charCodeAt(at) !== EQUALS) list.push({ name });
    else {
      const valueEnd = runEnd(text, at + 1, allowed);
      if (valueEnd <= at + 1) return fault(at + 1, "malformed value of a URI parameter");
      list.push({ name, value: text.slice(at + 1, valueEnd) });
      at = valueEnd;
    }
  }
  return ok({ list, end: at });
}

function parseUriHeaders(text: string, from: number): Result<readonly HeaderField[]> {
  if (from === text.length) return ok([]);
  if (text.charCodeAt(from) !== QUESTION) return fault(from, "unexpected text in a URI");
  const list: HeaderField[] = [];
  let at = from;
  while (at < text.length) {
    if (list.length === messageLimits.parameters) return fault(at, "too many URI headers");
    const nameEnd = runEnd(text, at + 1, HEADER);
    if (nameEnd <= at + 1 || text.charCodeAt(nameEnd) !== EQUALS)
      return fault(at + 1, "malformed URI header");
    const valueEnd = runEnd(text, nameEnd + 1, HEADER);
    if (valueEnd < 0) return fault(nameEnd + 1, "malformed value of a URI header");
    list.push({ name: text.slice(at + 1, nameEnd), value: text.slice(nameEnd + 1, valueEnd) });
    if (valueEnd < text.length && text.charCodeAt(valueEnd) !== AMPERSAND)
      return fault(valueEnd, "unexpected text in a URI");
    at = valueEnd;
  }
  return ok(list);
}

/** Index after the allowed or escaped characters at `from`; -1 at a broken escape. */
function runEnd(text: string, from: number, allowed: Uint8Array, end = text.length): number {
  let at = from;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === PERCENT) {
      if (!isEscape(text, at)) return -1;
      at += 2;
    } else if (!inTable(code, allowed)) break;
  }
  return at;
}

function wrongCharacter(text: string, from: number, end: number, allowed: Uint8Array): number {
  const at = runEnd(text, from, allowed, end);
  return at === end ? -1 : at < 0 ? brokenEscape(text, from) : at;
}

function brokenEscape(text: string, from: number): number {
  let at = text.indexOf("%", from);
  while (isEscape(text, at)) at = text.indexOf("%", at + 1);
  return at;
}

function isEscape(text: string, at: number): boolean {
  return isHexDigit(text.charCodeAt(at + 1)) && isHexDigit(text.charCodeAt(at + 2));
}

function printUriParameters(parameters: Parameters): string {
  let out = "";
  for (const { name, value } of parameters)
    out += value === undefined ? `;${name}` : `;${name}=${value}`;
  return out;
}

/** %XX undone, read as UTF-8; a % that begins no escape stays. */
export function unescapeUri(text: string): string {
  if (!text.includes("%")) return text;
  const octets: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) === PERCENT && isEscape(text, at)) {
      octets.push(Number.parseInt(text.slice(at + 1, at + 3), 16));
      at += 2;
    } else octets.push(...utf8(text.charAt(at)));
  }
  return fromUtf8(Uint8Array.from(octets));
}

/** As the user of a SIP URI: what may not stand there becomes %XX of its UTF-8 octets. */
export function escapeUser(text: string): string {
  return escapeUri(text, USER_PRINTED);
}

/** As a URI parameter's name or value. */
export function escapeUriParameter(text: string): string {
  return escapeUri(text, PARAMETER);
}

/** As a URI header's name or value. */
export function escapeUriHeader(text: string): string {
  return escapeUri(text, HEADER);
}

function escapeUri(text: string, allowed: Uint8Array): string {
  let out = "";
  for (const octet of utf8(text))
    out += inTable(octet, allowed)
      ? String.fromCharCode(octet)
      : `%${octet.toString(16).toUpperCase().padStart(2, "0")}`;
  return out;
}

/** The number of a tel URI without visual separators, its + kept. */
export function telDigits(uri: TelUri): string {
  return uri.number.replace(/[-.()]/g, "");
}

function schemeEnd(text: string): number {
  if (!isLetter(text.charCodeAt(0))) return -1;
  let at = 1;
  while (inTable(text.charCodeAt(at), SCHEME)) at++;
  return text.charCodeAt(at) === COLON ? at : -1;
}

function isLetter(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122;
}

function isVisible(code: number): boolean {
  return code > 32 && code < 127 && code !== 34 && code !== 60 && code !== 62;
}

function inTable(code: number, set: Uint8Array): boolean {
  return code < 128 && set[code] === 1;
}

const ALPHANUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const UNRESERVED = `${ALPHANUM}-_.!~*'()`;
const USER_PRINTED = table(`${UNRESERVED}&=+$,;?/`);
// # belongs escaped (RFC 3261 §25.1) but PBXs send it plainly in dialled codes.
const USER = table(`${UNRESERVED}&=+$,;?/#`);
const PASSWORD = table(`${UNRESERVED}&=+$,`);
const PARAMETER = table(`${UNRESERVED}[]/:&+$`);
const HEADER = table(`${UNRESERVED}[]/?:+$`);
// _ is in names that resolvers of today know.
const HOST = table(`${ALPHANUM}-._`);
const SCHEME = table(`${ALPHANUM}+-.`);
const ADDRESS_MARKS = table(":.");
const VISUAL_SEPARATORS = table("-.()");
const COLON = 58;
const SEMICOLON = 59;
const EQUALS = 61;
const QUESTION = 63;
const AMPERSAND = 38;
const PERCENT = 37;
const PLUS = 43;
const HASH = 35;
const STAR = 42;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
