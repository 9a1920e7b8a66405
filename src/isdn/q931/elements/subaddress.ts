import { fault, hex, ok } from "../../../core/index.js";
import { SUBADDRESS_TYPES } from "./names.js";
import { type ElementRow, named, writer } from "./row.js";

/** A subaddress (Q.931 §4.5.9, §4.5.11). */
export interface SubaddressFields {
  /** 0 NSAP (X.213), 2 user specified. */
  readonly type: number;
  /** Whether the last of the BCD digits is a filler: an odd number of address signals. */
  readonly odd: boolean;
  readonly address: Uint8Array;
}

/** Q.931 §4.5.9, 0x71. */
export interface CalledPartySubaddress extends SubaddressFields {
  readonly kind: "called-party-subaddress";
}

/** Q.931 §4.5.11, 0x6D. */
export interface CallingPartySubaddress extends SubaddressFields {
  readonly kind: "calling-party-subaddress";
}

/** Q.951 §5.4.2, 0x4D. */
export interface ConnectedSubaddress extends SubaddressFields {
  readonly kind: "connected-subaddress";
}

type AnySubaddress = CalledPartySubaddress | CallingPartySubaddress | ConnectedSubaddress;

/*
 * Octet 3   1 | type of subaddress (3) | odd/even | 0 0 0
 * Octet 4.. subaddress information, at most 20 octets
 */
function subaddressRow<Row extends AnySubaddress>(
  kind: Row["kind"],
  code: number,
  name: string,
): ElementRow<Row> {
  return {
    kind,
    code,
    name,
    format: "variable",
    maximum: 21,
    accessInformation: true,
    parse: (contents) => {
      const first = contents[0];
      if (first === undefined) return fault(0, "octet 3 missing");
      if ((first & 0x80) === 0) return fault(0, "octet 3 extended");
      return ok({
        kind,
        type: (first >> 4) & 7,
        odd: (first & 0x08) !== 0,
        address: contents.slice(1),
      } as Row);
    },
    print: ({ type, odd, address }) =>
      writer()
        .uint8(0x80 | ((type & 7) << 4) | (odd ? 0x08 : 0))
        .bytes(address)
        .finish(),
    describe: ({ type, odd, address }) => [
      { label: "Type", value: named(type, SUBADDRESS_TYPES), octets: [0, 1] },
      { label: "Signals", value: odd ? "odd" : "even", octets: [0, 1] },
      { label: "Address", value: hex(address), octets: [1, 1 + address.length] },
    ],
  };
}

export const subaddressRows = [
  subaddressRow<CalledPartySubaddress>("called-party-subaddress", 0x71, "Called party subaddress"),
  subaddressRow<CallingPartySubaddress>(
    "calling-party-subaddress",
    0x6d,
    "Calling party subaddress",
  ),
  subaddressRow<ConnectedSubaddress>("connected-subaddress", 0x4d, "Connected subaddress"),
] as const;
