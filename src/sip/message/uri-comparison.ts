import { sameWord } from "./grammar.js";
import { parameter } from "./parameters.js";
import type { HeaderField, Parameters, SipUri, TelUri, Uri } from "./types.js";
import { telDigits, unescapeUri } from "./uri.js";

/** RFC 3261 §19.1.4 and RFC 3966 §4; other schemes are compared as written. */
export function equalUris(a: Uri, b: Uri): boolean {
  if (a.kind === "sip" && b.kind === "sip") return equalSipUris(a, b);
  if (a.kind === "tel" && b.kind === "tel") return equalTelUris(a, b);
  return a.kind === "other" && b.kind === "other" && a.text === b.text;
}

function equalSipUris(a: SipUri, b: SipUri): boolean {
  return (
    a.secure === b.secure &&
    sameOptional(a.user, b.user) &&
    sameOptional(a.password, b.password) &&
    sameWord(a.host, b.host) &&
    // The default port does not equal its absence.
    a.port === b.port &&
    equalParameters(a.parameters, b.parameters) &&
    equalParameters(b.parameters, a.parameters) &&
    equalHeaders(a.headers, b.headers)
  );
}

/** A parameter in both must match; of those in one only, these few never match their absence. */
function equalParameters(a: Parameters, b: Parameters): boolean {
  return a.every(({ name, value }) => {
    const other = parameter(b, name);
    if (other === undefined) return !MUST_BE_IN_BOTH.has(name.toLowerCase());
    return normalized(value ?? "").toLowerCase() === normalized(other).toLowerCase();
  });
}

/** URI headers are never ignored: all of one must be in the other, in any order. */
function equalHeaders(a: readonly HeaderField[], b: readonly HeaderField[]): boolean {
  if (a.length !== b.length) return false;
  const rest = [...b];
  return a.every(({ name, value }) => {
    const at = rest.findIndex(
      (one) => sameWord(one.name, name) && normalized(one.value) === normalized(value),
    );
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

function equalTelUris(a: TelUri, b: TelUri): boolean {
  return (
    sameWord(telDigits(a), telDigits(b)) &&
    a.parameters.length === b.parameters.length &&
    a.parameters.every(({ name, value }) => {
      const other = parameter(b.parameters, name);
      return other !== undefined && sameTelParameter(name, value ?? "", other);
    })
  );
}

function sameTelParameter(name: string, a: string, b: string): boolean {
  // A phone-context that is a number, and ext, are compared without visual separators.
  const digits = (text: string) => text.replace(/[-.()]/g, "");
  const number = sameWord(name, "ext") || (sameWord(name, "phone-context") && a.startsWith("+"));
  return number ? digits(a) === digits(b) : sameWord(unescapeUri(a), unescapeUri(b));
}

function sameOptional(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined ? a === b : normalized(a) === normalized(b);
}

/** Escapes of characters outside `reserved` equal the characters; those of reserved ones do not. */
function normalized(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%[0-9a-fA-F]{2}/g, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return character < "\x7f" && character > " " && !RESERVED.includes(character)
      ? character
      : escaped.toUpperCase();
  });
}

const RESERVED = ";/?:@&=+$,%";
const MUST_BE_IN_BOTH = new Set(["user", "ttl", "method", "maddr", "transport"]);
