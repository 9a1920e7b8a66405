/** One value of the basic encoding rules (X.690), as far as people want to see it. */
export interface BerValue {
  readonly class: "universal" | "application" | "context" | "private";
  readonly tag: number;
  /** Octets of the contents. */
  readonly octets: Uint8Array;
  /** Values inside a constructed one. */
  readonly inside: readonly BerValue[];
  readonly constructed: boolean;
  /** Where tag and contents lie in what was read: from the first octet to the one after the last. */
  readonly range: readonly [number, number];
}

/** Values one after the other; undefined when the octets are not BER through and through. */
export function readBer(octets: Uint8Array, start = 0, depth = 0): readonly BerValue[] | undefined {
  const values: BerValue[] = [];
  let at = 0;
  while (at < octets.length) {
    const value = readValue(octets, at, start, depth);
    if (value === undefined) return undefined;
    values.push(value);
    at = value.range[1] - start;
  }
  return values;
}

/** Octets of one value: its tag octet and its contents, 127 octets or 255 of them at most. */
export function ber(tag: number, ...contents: readonly (readonly number[])[]): number[] {
  const octets = contents.flat();
  return octets.length < 0x80
    ? [tag, octets.length, ...octets]
    : [tag, 0x81, octets.length, ...octets];
}

/** An INTEGER or ENUMERATED of at most 6 octets; undefined beyond. */
export function berInteger({ octets }: BerValue): number | undefined {
  if (octets.length === 0 || octets.length > 6) return undefined;
  let value = (octets[0] ?? 0) >= 0x80 ? -1 : 0;
  for (const octet of octets) value = value * 0x100 + octet;
  return value;
}

/** An OBJECT IDENTIFIER in dots. */
export function berObjectIdentifier({ octets }: BerValue): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of octets) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    if (arcs.length === 0)
      arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join(".");
}

function readValue(
  octets: Uint8Array,
  at: number,
  start: number,
  depth: number,
): BerValue | undefined {
  const head = octets[at];
  const size = octets[at + 1];
  // X.690 §8.1.2.4: long tags do not occur in the supplementary services.
  if (head === undefined || size === undefined || (head & 0x1f) === 0x1f) return undefined;
  if (depth > DEEPEST) return undefined;
  const count = size > 0x80 ? size & 0x7f : 0;
  // §8.1.3.6: the indefinite form is refused; Q.932 §8.2.3.1.2 has the definite ones only.
  if (size === 0x80 || count > 2) return undefined;
  let length = count === 0 ? size : 0;
  for (let i = 0; i < count; i++) length = length * 0x100 + (octets[at + 2 + i] ?? 0);
  const from = at + 2 + count;
  const end = from + length;
  if (end > octets.length) return undefined;
  const contents = octets.subarray(from, end);
  const constructed = (head & 0x20) !== 0;
  const inside = constructed ? readBer(contents, start + from, depth + 1) : [];
  if (inside === undefined) return undefined;
  return {
    class: CLASSES[head >> 6] ?? "universal",
    tag: head & 0x1f,
    octets: contents,
    inside,
    constructed,
    range: [start + at, start + end],
  };
}

const CLASSES = ["universal", "application", "context", "private"] as const;
const DEEPEST = 16;
