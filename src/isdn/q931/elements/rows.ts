import { channelRows } from "./channel.js";
import { compatibilityRows } from "./compatibility.js";
import type { ElementKind, KnownElement } from "./element.js";
import { networkRows } from "./network.js";
import { numberRows } from "./number.js";
import { progressRows } from "./progress.js";
import type { ElementRow } from "./row.js";
import { singleOctetRows } from "./single-octet.js";
import { subaddressRows } from "./subaddress.js";
import { textRows } from "./text.js";

/** Every element of codeset 0 that is read into fields. */
export const elementRows: readonly ElementRow[] = [
  ...singleOctetRows,
  ...networkRows,
  ...progressRows,
  ...compatibilityRows,
  ...textRows,
  ...channelRows,
  ...numberRows,
  ...subaddressRows,
];

/** The row of an identifier octet of codeset 0, the 16 values of single octet elements included. */
export function rowOfCode(code: number): ElementRow | undefined {
  return BY_CODE[code];
}

export function rowOfKind(kind: ElementKind): ElementRow {
  return BY_KIND[kind];
}

/** The identifier octet of an element as it goes out. */
export function identifierOf(element: KnownElement): number {
  const row = rowOfKind(element.kind);
  return row.format === "value" ? row.code | (row.print(element)[0] ?? 0) : row.code;
}

const BY_CODE: readonly (ElementRow | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  elementRows.find((row) => row.code === (row.format === "value" ? code & 0xf0 : code)),
);

const BY_KIND = Object.fromEntries(elementRows.map((row) => [row.kind, row])) as Readonly<
  Record<ElementKind, ElementRow>
>;
