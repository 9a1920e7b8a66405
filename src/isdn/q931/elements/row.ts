import { ByteReader, ByteWriter, type Result } from "../../../core/index.js";
import type { KnownElement } from "./element.js";

/** A line of the decode tree below an element; the range is relative to the element's contents. */
export interface Field {
  readonly label: string;
  readonly value: string;
  /** First octet and the one after the last. Absent: the whole contents. */
  readonly octets?: readonly [number, number];
}

/** An element as a row: parse and print stand side by side, and no switch knows them all. */
export interface ElementRow<Row extends KnownElement = KnownElement> {
  readonly kind: Row["kind"];
  /** Identifier octet; of a single octet element with a value, the octet with the value 0. */
  readonly code: number;
  readonly name: string;
  /** `value`: a single octet element, bits 4 to 1 of which are handed to parse as one octet. */
  readonly format: "variable" | "single" | "value";
  /** Greatest number of contents octets (the tables of §3.1 count the header's two as well). */
  readonly maximum: number;
  /** Access information (Q.931 §5.8.7.2): contents too long are cause 43, not 100. */
  readonly accessInformation?: boolean;
  parse(contents: Uint8Array): Result<Row>;
  print(element: Row): Uint8Array;
  describe(element: Row): readonly Field[];
}

/** Longest contents that the length octet can say. */
export const UNLIMITED = 255;

export function reader(contents: Uint8Array): ByteReader {
  return new ByteReader(contents);
}

export function writer(): ByteWriter {
  return new ByteWriter(24);
}

/** Octets of one group: bits 7 to 1 of each, up to the one whose extension bit is 1 (§4.5.1). */
export function readGroup(from: ByteReader): number[] | undefined {
  const group: number[] = [];
  for (;;) {
    const octet = from.uint8();
    if (octet === undefined) return undefined;
    group.push(octet & 0x7f);
    if ((octet & 0x80) !== 0) return group;
  }
}

/** Writes a group: the extension bit is 1 in the last octet only. */
export function writeGroup(to: ByteWriter, group: readonly number[]): void {
  group.forEach((octet, index) => {
    to.uint8((octet & 0x7f) | (index === group.length - 1 ? 0x80 : 0));
  });
}

/** IA5 characters; undefined when an octet has bit 8 set. */
export function ia5(octets: Uint8Array): string | undefined {
  return octets.some((octet) => octet > 0x7f) ? undefined : latin1(octets);
}

/** One character an octet, so that any octets survive. */
export function latin1(octets: Uint8Array): string {
  let text = "";
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}

/** Octets of a text, each character cut to `mask`: a neighbour's bug must not become another digit's octet. */
export function characters(text: string, mask: 0x7f | 0xff): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > mask ? QUESTION_MARK : code;
  });
}

/** `12 (its name)`, or the number alone when it has no name. */
export function named(value: number, names: Readonly<Record<number, string>>): string {
  const name = names[value];
  return name === undefined ? String(value) : `${value} (${name})`;
}

const QUESTION_MARK = 0x3f;
