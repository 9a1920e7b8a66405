import { ok } from "../../../core/index.js";
import { CONGESTION_LEVELS, REPEAT_INDICATIONS } from "./names.js";
import { type ElementRow, named } from "./row.js";

/** Single octet elements (Q.931 §4.5.1 types 1 and 2). */

/** §4.5.20, 0xA0. */
export interface MoreData {
  readonly kind: "more-data";
}

/** §4.5.27, 0xA1: the called number is whole. */
export interface SendingComplete {
  readonly kind: "sending-complete";
}

/** §4.5.14, 0xB0 to 0xBF: 0 receiver ready, 15 receiver not ready. */
export interface CongestionLevel {
  readonly kind: "congestion-level";
  readonly level: number;
}

/** §4.5.24, 0xD0 to 0xDF: 2 prioritised list for selecting one possibility. */
export interface RepeatIndicator {
  readonly kind: "repeat-indicator";
  readonly indication: number;
}

/**
 * §4.5.3, §4.5.4, 0x90 to 0x9F: as received. The printer inserts what is missing before an element of another
 * codeset, so that messages that we build need none.
 */
export interface Shift {
  readonly kind: "shift";
  readonly codeset: number;
  readonly locking: boolean;
}

const NOTHING = new Uint8Array(0);

const moreData: ElementRow<MoreData> = {
  kind: "more-data",
  code: 0xa0,
  name: "More data",
  format: "single",
  maximum: 0,
  parse: () => ok({ kind: "more-data" }),
  print: () => NOTHING,
  describe: () => [],
};

const sendingComplete: ElementRow<SendingComplete> = {
  kind: "sending-complete",
  code: 0xa1,
  name: "Sending complete",
  format: "single",
  maximum: 0,
  parse: () => ok({ kind: "sending-complete" }),
  print: () => NOTHING,
  describe: () => [],
};

const congestionLevel: ElementRow<CongestionLevel> = {
  kind: "congestion-level",
  code: 0xb0,
  name: "Congestion level",
  format: "value",
  maximum: 0,
  parse: ([level = 0]) => ok({ kind: "congestion-level", level }),
  print: ({ level }) => Uint8Array.of(level & 0xf),
  describe: ({ level }) => [{ label: "Level", value: named(level, CONGESTION_LEVELS) }],
};

const repeatIndicator: ElementRow<RepeatIndicator> = {
  kind: "repeat-indicator",
  code: 0xd0,
  name: "Repeat indicator",
  format: "value",
  maximum: 0,
  parse: ([indication = 0]) => ok({ kind: "repeat-indicator", indication }),
  print: ({ indication }) => Uint8Array.of(indication & 0xf),
  describe: ({ indication }) => [
    { label: "Indication", value: named(indication, REPEAT_INDICATIONS) },
  ],
};

export const singleOctetRows = [
  moreData,
  sendingComplete,
  congestionLevel,
  repeatIndicator,
] as const;
