import { fault, ok, type Result } from "../../core/index.js";
import { QUOTE, quotedEnd, skipBlanks, splitList, tokenEnd, trimEnd } from "./grammar.js";
import { messageLimits } from "./limits.js";
import type { Authentication, Parameter } from "./types.js";

/**
 * Challenge or credentials (RFC 3261 §25.1, RFC 7235 §2.1): `scheme 1*LWS auth-param *( , auth-param )`.
 * What another scheme puts there in place of parameters (a token68) is one parameter without a value.
 */
export function parseAuthentication(text: string): Result<Authentication> {
  const end = tokenEnd(text, 0);
  const start = skipBlanks(text, end);
  if (end === 0 || (start === end && end < text.length)) return fault(0, "scheme expected");
  const pieces = splitList(text.slice(start), messageLimits.parameters);
  if (pieces === undefined) return fault(start, "too many parameters");
  const parameters: Parameter[] = [];
  for (const piece of start === text.length ? [] : pieces) {
    const one = parseAuthParameter(piece);
    if (one === undefined) return fault(start, "malformed authentication parameter");
    parameters.push(one);
  }
  return ok({ scheme: text.slice(0, end), parameters });
}

export function printAuthentication({ scheme, parameters }: Authentication): string {
  const list = parameters.map(({ name, value }) =>
    value === undefined ? name : `${name}=${value}`,
  );
  return list.length === 0 ? scheme : `${scheme} ${list.join(", ")}`;
}

function parseAuthParameter(piece: string): Parameter | undefined {
  const end = tokenEnd(piece, 0);
  const equals = skipBlanks(piece, end);
  if (end === 0) return undefined;
  if (piece.charCodeAt(equals) !== EQUALS)
    return piece.includes(" ") || piece.includes('"') ? undefined : { name: piece };
  const start = skipBlanks(piece, equals + 1);
  if (piece.charCodeAt(start) === QUOTE)
    return quotedEnd(piece, start) === piece.length
      ? { name: piece.slice(0, end), value: piece.slice(start) }
      : undefined;
  const valueEnd = trimEnd(piece, start, piece.length);
  if (valueEnd === start) return { name: piece };
  return { name: piece.slice(0, end), value: piece.slice(start, valueEnd) };
}

const EQUALS = 61;
