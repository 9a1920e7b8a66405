/**
 * Text of the wire and back, octet for octet. UTF-8 as RFC 3261 §7 says; an octet that is not UTF-8
 * becomes a lone low surrogate (U+DC80 to U+DCFF), so that what we do not understand is passed on
 * as it came.
 */
export function decodeText(octets: Uint8Array): string {
  const text = decoder.decode(octets);
  return text.length === octets.length && !text.includes(REPLACEMENT)
    ? text
    : decodeCarefully(octets, text);
}

export function encodeText(text: string): Uint8Array {
  const octets = encoder.encode(text);
  return octets.length === text.length ? octets : encodeCarefully(text, octets);
}

/** Index of the octet after the first CR LF CR LF at or after `from`; -1 when there is none. */
export function headEnd(octets: Uint8Array, from: number): number {
  const end = octets.length;
  let at = from + 3;
  while (at < end) {
    const octet = octets[at] as number;
    if (octet > CR) at += 4;
    else if (octet === LF) {
      if (octets[at - 1] === CR && octets[at - 2] === LF && octets[at - 3] === CR) return at + 1;
      at += 2;
    } else at += 1;
  }
  return -1;
}

function decodeCarefully(octets: Uint8Array, text: string): string {
  // U+FFFD in the text may have been in the octets.
  if (!text.includes(REPLACEMENT) || sameOctets(encoder.encode(text), octets)) return text;
  let out = "";
  let at = 0;
  while (at < octets.length) {
    const length = sequenceLength(octets, at);
    if (length === 0) out += String.fromCharCode(0xdc00 + (octets[at++] as number));
    else {
      out += decoder.decode(octets.subarray(at, at + length));
      at += length;
    }
  }
  return out;
}

/** Octets of the well-formed UTF-8 sequence at `at` (Unicode table 3-7); 0 when there is none. */
function sequenceLength(octets: Uint8Array, at: number): number {
  const first = octets[at] as number;
  if (first < 0x80) return 1;
  const second = octets[at + 1] ?? 0;
  if (first >= 0xc2 && first <= 0xdf) return isContinuation(second) ? 2 : 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high || !isContinuation(octets[at + 2] ?? 0)) return 0;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 && isContinuation(octets[at + 3] ?? 0) ? 4 : 0;
}

function isContinuation(octet: number): boolean {
  return (octet & 0xc0) === 0x80;
}

function encodeCarefully(text: string, encoded: Uint8Array): Uint8Array {
  if (!/[\uDC80-\uDCFF]/.test(text)) return encoded;
  const octets: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code >= 0xdc80 && code <= 0xdcff) octets.push(code - 0xdc00);
    else octets.push(...encoder.encode(character));
  }
  return Uint8Array.from(octets);
}

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}

const CR = 13;
const LF = 10;
const REPLACEMENT = "\uFFFD";
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
