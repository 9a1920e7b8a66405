import { fault, ok, type Result } from "../../core/index.js";
import {
  isToken,
  QUOTE,
  quote,
  quotedEnd,
  sameWord,
  skipBlanks,
  tokenEnd,
  trimEnd,
  unquote,
} from "./grammar.js";
import { messageLimits } from "./limits.js";
import type { Parameter, Parameters } from "./types.js";

/**
 * `*( SEMI generic-param )` from `from` to the end of the text (RFC 3261 §25.1). More is accepted in a
 * value than a token has: hosts, and the characters that others forget to quote.
 */
export function parseParameters(text: string, from: number): Result<Parameters> {
  let at = skipBlanks(text, from);
  if (at === text.length) return none;
  const parameters: Parameter[] = [];
  while (at < text.length) {
    if (text.charCodeAt(at) !== SEMICOLON) return fault(at, "; expected before a parameter");
    if (parameters.length === messageLimits.parameters) return fault(at, "too many parameters");
    const start = skipBlanks(text, at + 1);
    const end = tokenEnd(text, start);
    if (end === start) return fault(start, "parameter without a name");
    const name = text.slice(start, end);
    at = skipBlanks(text, end);
    if (text.charCodeAt(at) !== EQUALS) {
      parameters.push({ name });
      continue;
    }
    const valueStart = skipBlanks(text, at + 1);
    const valueEnd = parameterValueEnd(text, valueStart);
    if (valueEnd <= valueStart) return fault(valueStart, "malformed value of a parameter");
    parameters.push({ name, value: text.slice(valueStart, valueEnd) });
    at = skipBlanks(text, valueEnd);
  }
  return ok(parameters);
}

function parameterValueEnd(text: string, start: number): number {
  if (text.charCodeAt(start) === QUOTE) return quotedEnd(text, start);
  let at = start;
  while (at < text.length && isLooseValue(text.charCodeAt(at))) at++;
  return trimEnd(text, start, at);
}

/** Any visible character that has no meaning of its own between parameters. */
function isLooseValue(code: number): boolean {
  return (
    code > 32 &&
    code !== 127 &&
    code !== QUOTE &&
    code !== SEMICOLON &&
    code !== 44 &&
    code !== 60 &&
    code !== 62
  );
}

export function printParameters(parameters: Parameters): string {
  let out = "";
  for (const { name, value } of parameters)
    out += value === undefined ? `;${name}` : `;${name}=${value}`;
  return out;
}

/** Value of a parameter, unquoted; "" for one without a value; undefined when absent. */
export function parameter(parameters: Parameters, name: string): string | undefined {
  for (const one of parameters)
    if (sameWord(one.name, name)) return one.value === undefined ? "" : unquote(one.value);
  return undefined;
}

/** With the parameter set (replaced in place or added at the end); no value: a flag. */
export function withParameter(parameters: Parameters, name: string, value?: string): Parameters {
  const made: Parameter = value === undefined ? { name } : { name, value };
  const at = parameters.findIndex((one) => sameWord(one.name, name));
  return at < 0 ? [...parameters, made] : parameters.with(at, made);
}

export function withoutParameter(parameters: Parameters, name: string): Parameters {
  return parameters.filter((one) => !sameWord(one.name, name));
}

/** A text as it may stand for a parameter's value: a token as it is, else quoted. */
export function parameterValue(text: string): string {
  return isToken(text) ? text : quote(text);
}

const SEMICOLON = 59;
const EQUALS = 61;
const none: Result<Parameters> = ok([]);
