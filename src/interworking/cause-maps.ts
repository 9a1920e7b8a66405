/** Cause maps as data. Each row names the document that it follows. */

/** One Q.850 value to a SIP status, for a call that was not answered. */
export interface StatusRow {
  readonly cause: number;
  readonly status: number;
  /** Instead, when the location of the cause is user. */
  readonly ifUser?: number;
  /** Instead, when the diagnostics hold the new number (Q.850 table 1 note 13). */
  readonly ifNewNumber?: number;
}

/** One SIP status to a Q.850 value. */
export interface CauseRow {
  readonly status: number;
  /** `by-warning`: 65 when a Warning says that the bearer is not to be had, else the default. */
  readonly cause: number | "by-warning";
}

export interface CauseMap {
  readonly name: CauseMapName;
  /** Clause of the document, for `why`. */
  readonly toStatusClause: string;
  readonly toCauseClause: string;
  readonly toStatus: readonly StatusRow[];
  readonly toCause: readonly CauseRow[];
  readonly defaultStatus: number;
  readonly defaultCause: number;
}

export type CauseMapName = "rfc3398" | "seed" | "rfc4497";

// RFC 3398 §7.2.4.1
const RFC3398_TO_STATUS: readonly StatusRow[] = [
  { cause: 1, status: 404 },
  { cause: 2, status: 404 },
  { cause: 3, status: 404 },
  { cause: 16, status: 480 }, // released before an answer: a final response is still due
  { cause: 17, status: 486 },
  { cause: 18, status: 408 },
  { cause: 19, status: 480 },
  { cause: 20, status: 480 },
  { cause: 21, status: 403, ifUser: 603 },
  { cause: 22, status: 410, ifNewNumber: 301 },
  { cause: 23, status: 410 },
  { cause: 26, status: 404 },
  { cause: 27, status: 502 },
  { cause: 28, status: 484 },
  { cause: 29, status: 501 },
  { cause: 31, status: 480 },
  { cause: 34, status: 503 },
  { cause: 38, status: 503 },
  { cause: 41, status: 503 },
  { cause: 42, status: 503 },
  { cause: 47, status: 503 },
  { cause: 55, status: 403 },
  { cause: 57, status: 403 },
  { cause: 58, status: 503 },
  { cause: 65, status: 488 },
  { cause: 70, status: 488 },
  { cause: 79, status: 501 },
  { cause: 87, status: 403 },
  { cause: 88, status: 503 },
  { cause: 102, status: 504 },
  { cause: 111, status: 500 },
  { cause: 127, status: 500 },
];

// RFC 3398 §8.2.6.1
const RFC3398_TO_CAUSE: readonly CauseRow[] = [
  { status: 400, cause: 41 },
  { status: 401, cause: 21 },
  { status: 402, cause: 21 },
  { status: 403, cause: 21 },
  { status: 404, cause: 1 },
  { status: 405, cause: 63 },
  { status: 406, cause: 79 },
  { status: 407, cause: 21 },
  { status: 408, cause: 102 },
  { status: 410, cause: 22 },
  { status: 413, cause: 127 },
  { status: 414, cause: 127 },
  { status: 415, cause: 79 },
  { status: 416, cause: 127 },
  { status: 420, cause: 127 },
  { status: 421, cause: 127 },
  { status: 423, cause: 127 },
  { status: 480, cause: 18 },
  { status: 481, cause: 41 },
  { status: 482, cause: 25 },
  { status: 483, cause: 25 },
  { status: 484, cause: 28 },
  { status: 485, cause: 1 },
  { status: 486, cause: 17 },
  { status: 488, cause: "by-warning" },
  { status: 500, cause: 41 },
  { status: 501, cause: 79 },
  { status: 502, cause: 38 },
  { status: 503, cause: 41 },
  { status: 504, cause: 102 },
  { status: 505, cause: 127 }, // the text of the RFC misprints this row as a second 504
  { status: 513, cause: 127 },
  { status: 600, cause: 17 },
  { status: 603, cause: 21 },
  { status: 604, cause: 1 },
  { status: 606, cause: "by-warning" },
];

const RFC3398: CauseMap = {
  name: "rfc3398",
  toStatusClause: "§7.2.4.1",
  toCauseClause: "§8.2.6.1",
  toStatus: RFC3398_TO_STATUS,
  toCause: RFC3398_TO_CAUSE,
  defaultStatus: 500,
  defaultCause: 31,
};

/**
 * A short map that reads the same both ways: 404-1, 407-21, 480-18, 484-28, 486-17, 502-38, 600-17,
 * 603-21, 604-1. Where two statuses share a cause the way back takes the one that asks nothing of
 * the caller (407 would demand credentials) and claims no more than is known (600 and 604 speak for
 * every place). Causes 2 and 3 are return-only. What it does not list follows RFC 3398.
 */
const SEED: CauseMap = {
  ...RFC3398,
  name: "seed",
  toStatusClause: "table",
  toCauseClause: "table",
  toStatus: replaceRows(RFC3398_TO_STATUS, [
    { cause: 1, status: 404 },
    { cause: 2, status: 404 },
    { cause: 3, status: 404 },
    { cause: 17, status: 486 },
    { cause: 18, status: 480 },
    { cause: 21, status: 603 },
    { cause: 28, status: 484 },
    { cause: 38, status: 502 },
  ]),
};

/** RFC 4497 §8.4: the tables of RFC 3398 and cause 25. */
const RFC4497: CauseMap = {
  ...RFC3398,
  name: "rfc4497",
  toStatusClause: "§8.4.1",
  toCauseClause: "§8.4.4",
  toStatus: replaceRows(RFC3398_TO_STATUS, [{ cause: 25, status: 483 }]),
};

export const CAUSE_MAPS: Readonly<Record<CauseMapName, CauseMap>> = {
  rfc3398: RFC3398,
  seed: SEED,
  rfc4497: RFC4497,
};

function replaceRows(
  rows: readonly StatusRow[],
  others: readonly StatusRow[],
): readonly StatusRow[] {
  const kept = rows.filter(({ cause }) => others.every((other) => other.cause !== cause));
  return [...kept, ...others].sort((a, b) => a.cause - b.cause);
}
