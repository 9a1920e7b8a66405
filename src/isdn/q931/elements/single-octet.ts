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
