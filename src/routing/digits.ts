import type { DigitPattern, NumberTranslation } from "./route.js";

/** Of each place of a pattern, the digits that may stand there: one bit each. */
export type CompiledPattern = readonly number[];

/** The bit of a digit, 0 when the character is none. */
export function digitBit(digit: string | undefined): number {
  const index = digit === undefined ? -1 : DIGITS.indexOf(digit.toUpperCase());
  return index < 0 ? 0 : 1 << index;
}

/** Undefined when the text is no pattern. */
export function compilePattern(pattern: DigitPattern): CompiledPattern | undefined {
  const places: number[] = [];
  for (let at = 0; at < pattern.length; at++) {
    let place = digitBit(pattern[at]);
    if (pattern[at] === "x" || pattern[at] === "X") place = ANY_DIGIT;
    if (pattern[at] === "[") {
      const end = pattern.indexOf("]", at);
      place = end < 0 ? 0 : compileSet(pattern.slice(at + 1, end));
      at = end;
    }
    if (place === 0) return undefined;
    places.push(place);
  }
  return places;
}

/** Whether the front of `digits` matches: linear in the pattern, nothing is tried twice. */
export function matchesFront(pattern: CompiledPattern, digits: string): boolean {
  return pattern.every((place, at) => (place & digitBit(digits[at])) !== 0);
}

/** The number as it is to be sent. Translation never fails: what does not match stays as it is. */
export function translate<Number extends { readonly digits: string }>(
  number: Number,
  translation: NumberTranslation | undefined,
): Number {
  if (translation === undefined) return number;
  const stripped = number.digits.slice(translation.strip ?? 0);
  const digits = (translation.prefix ?? "") + replaceFront(stripped, translation.replace);
  const { nature } = translation;
  return nature === undefined ? { ...number, digits } : { ...number, digits, nature };
}

/** In `by`, each `x` is the next digit that an `x` or a set of the pattern stood for. */
function replaceFront(digits: string, rule: NumberTranslation["replace"]): string {
  const pattern = rule && compilePattern(rule.pattern);
  if (rule === undefined || pattern === undefined || !matchesFront(pattern, digits)) return digits;
  const open = pattern.flatMap((place, at) => (isSingle(place) ? [] : [digits[at] ?? ""]));
  let next = 0;
  let front = "";
  for (const character of rule.by) {
    front += character === "x" || character === "X" ? (open[next++] ?? "") : character;
  }
  return front + digits.slice(pattern.length);
}

function compileSet(set: string): number {
  let places = 0;
  for (let at = 0; at < set.length; at++) {
    const low = DIGITS.indexOf((set[at] ?? "").toUpperCase());
    const isRange = set[at + 1] === "-" && at + 2 < set.length;
    const high = isRange ? DIGITS.indexOf((set[at + 2] ?? "").toUpperCase()) : low;
    if (low < 0 || high < low) return 0;
    for (let digit = low; digit <= high; digit++) places |= 1 << digit;
    if (isRange) at += 2;
  }
  return places;
}

function isSingle(place: number): boolean {
  return (place & (place - 1)) === 0;
}

const DIGITS = "0123456789*#ABCD";
const ANY_DIGIT = 0x3ff;
