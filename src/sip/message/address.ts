import { fault, ok, type Result } from "../../core/index.js";
import { QUOTE, quote, quotedEnd, skipBlanks, trimEnd, unquote } from "./grammar.js";
import { parseParameters, printParameters } from "./parameters.js";
import type { Mutable, NameAddr } from "./types.js";
import { parseUri, printUri } from "./uri.js";

/** `( name-addr / addr-spec ) *( SEMI param )`: From, To, Contact, Route, ... (RFC 3261 §25.1) */
export function parseNameAddr(text: string): Result<NameAddr> {
  const from = skipBlanks(text, 0);
  const display = parseDisplay(text, from);
  if (!display.ok) return display;
  const { name, open } = display.value;
  if (open < 0) return parseAddrSpec(text, from);
  const close = text.indexOf(">", open);
  if (close < 0) return fault(open, "< without >");
  const uri = parseUri(text.slice(open + 1, close));
  if (!uri.ok) return fault(open + 1 + uri.error.offset, uri.error.reason);
  const parameters = parseParameters(text, close + 1);
  if (!parameters.ok) return parameters;
  const address: Mutable<NameAddr> = { uri: uri.value, parameters: parameters.value };
  if (name !== undefined) address.display = name;
  return ok(address);
}

/** Always a name-addr, so that the parameters of URI and header cannot be confused. */
export function printNameAddr(value: NameAddr): string {
  const display = value.display === undefined ? "" : `${quote(value.display)} `;
  return `${display}<${printUri(value.uri)}>${printParameters(value.parameters)}`;
}

/** The display name and where `<` stands; -1 when there is none: an addr-spec. */
function parseDisplay(
  text: string,
  from: number,
): Result<{ readonly name: string | undefined; readonly open: number }> {
  if (text.charCodeAt(from) === QUOTE) {
    const end = quotedEnd(text, from);
    if (end < 0) return fault(from, "unterminated quoted string");
    const open = skipBlanks(text, end);
    if (text.charCodeAt(open) !== OPEN) return fault(open, "< expected after a display name");
    return ok({ name: unquote(text.slice(from, end)), open });
  }
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN) {
      const end = trimEnd(text, from, at);
      return ok({ name: end === from ? undefined : text.slice(from, end), open: at });
    }
    if (code === SEMICOLON) break;
    // More than tokens is understood here, but not what separates values (RFC 4475 §3.1.2.15).
    if (code === COMMA || code === QUOTE || (code < 32 && code !== TAB) || code === 127)
      return fault(at, "character not allowed in a display name without quotes");
  }
  return ok({ name: undefined, open: -1 });
}

/** Without angle brackets every parameter is the header's (RFC 3261 §20.10). */
function parseAddrSpec(text: string, from: number): Result<NameAddr> {
  const semicolon = text.indexOf(";", from);
  const end = trimEnd(text, from, semicolon < 0 ? text.length : semicolon);
  const uri = parseUri(text.slice(from, end));
  if (!uri.ok) return fault(from + uri.error.offset, uri.error.reason);
  if (uri.value.kind === "sip" && uri.value.headers.length > 0)
    return fault(from, "a URI with a question mark must stand in < >");
  const parameters = parseParameters(text, end);
  return parameters.ok ? ok({ uri: uri.value, parameters: parameters.value }) : parameters;
}

const OPEN = 60;
const SEMICOLON = 59;
const COMMA = 44;
const TAB = 9;
