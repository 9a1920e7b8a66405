import { type Cause, type CauseLocation, causeName } from "../call/index.js";
import { type HeaderField, type Headers, header, type Reason } from "../sip/message/index.js";

/** The Reason header with the Q.850 value and its location (RFC 3326, RFC 6432, RFC 8606). */
export function reasonHeader({ value, location }: Cause): HeaderField {
  const reason: Reason = {
    protocol: "Q.850",
    cause: value,
    text: causeName(value),
    location: LOCATIONS[location],
    parameters: [],
  };
  return { name: "Reason", value: header.reason.print(reason) };
}

/** What a message says of the reason, one value per protocol (RFC 3326 §2). */
export interface StatedReason {
  readonly q850?: { readonly value: number; readonly location?: CauseLocation };
  readonly sip?: number;
  /** As written, to be kept with the cause. */
  readonly text: string;
}

/** Undefined when there is no Reason that can be used. */
export function statedReason(headers: Headers): StatedReason | undefined {
  const values = headers.values(header.reason);
  const q850 = values.find((one) => isProtocol(one, "Q.850") && inRange(one.cause, 1, 127));
  const sip = values.find((one) => isProtocol(one, "SIP") && inRange(one.cause, 200, 699));
  if (q850 === undefined && sip === undefined) return undefined;
  const text = headers.texts(header.reason).join(", ");
  return {
    ...(q850?.cause === undefined
      ? {}
      : { q850: { value: q850.cause, ...locationOf(q850.location) } }),
    ...(sip?.cause === undefined ? {} : { sip: sip.cause }),
    text,
  };
}

function isProtocol({ protocol }: Reason, name: string): boolean {
  return protocol.toUpperCase() === name;
}

function inRange(value: number | undefined, low: number, high: number): boolean {
  return value !== undefined && value >= low && value <= high;
}

function locationOf(code: string | undefined): { readonly location?: CauseLocation } {
  const found = LOCATION_NAMES.find((name) => LOCATIONS[name] === code?.toUpperCase());
  return found === undefined ? {} : { location: found };
}

/** RFC 8606 §4: the codes of the locations. */
const LOCATIONS: Readonly<Record<CauseLocation, string>> = {
  user: "U",
  "private-network-local": "LPN",
  "public-network-local": "LN",
  transit: "TN",
  "public-network-remote": "RLN",
  "private-network-remote": "RPN",
  international: "INTL",
  "beyond-interworking-point": "BI",
};
const LOCATION_NAMES = Object.keys(LOCATIONS) as readonly CauseLocation[];
