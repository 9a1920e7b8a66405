import { type ByteReader, type ByteWriter, fault, hex, ok } from "../../../core/index.js";
import { NETWORK_PLANS, NETWORK_TYPES } from "./names.js";
import {
  characters,
  type ElementRow,
  type Field,
  ia5,
  named,
  reader,
  UNLIMITED,
  writer,
} from "./row.js";

/** Octet group 3 of the elements that name a network (Q.931 §4.5.21, §4.5.29). */
export interface NetworkFields {
  /** 0 user specified, 2 national, 3 international. */
  readonly networkType: number;
  /** 0 unknown, 1 carrier identification code, 3 data network identification code. */
  readonly plan: number;
  readonly network: string;
}

/** Q.931 §4.5.29, 0x78. */
export interface TransitNetworkSelection extends NetworkFields {
  readonly kind: "transit-network-selection";
}

/** Q.931 §4.5.21, 0x20. */
export interface NetworkSpecificFacilities extends Partial<NetworkFields> {
  readonly kind: "network-specific-facilities";
  /** The network-specific facility specification: for NI-2 one octet with parameterised/binary and a code. */
  readonly specification: Uint8Array;
}

/** X.31 and Q.931 §4.6.2, 0x42, in milliseconds. */
export interface EndToEndTransitDelay {
  readonly kind: "end-to-end-transit-delay";
  readonly cumulative: number;
  readonly requested?: number;
  readonly maximum?: number;
}

/** Q.931 §4.6.9, 0x43, in milliseconds. */
export interface TransitDelaySelection {
  readonly kind: "transit-delay-selection";
  readonly delay: number;
}

/** Q.931 §4.5.26, 0x00. */
export interface SegmentedMessage {
  readonly kind: "segmented-message";
  readonly first: boolean;
  /** How many segments follow this one. */
  readonly remaining: number;
  /** The message type that was segmented. */
  readonly messageType: number;
}

/*
 * Octet 3   1 | type of network identification (3) | network identification plan (4)
 * Octet 4.. 0 | network identification (IA5)
 */
const transitNetworkSelection: ElementRow<TransitNetworkSelection> = {
  kind: "transit-network-selection",
  code: 0x78,
  name: "Transit network selection",
  format: "variable",
  maximum: UNLIMITED,
  parse: (contents) => {
    const fields = parseNetwork(contents);
    return fields === undefined
      ? fault(0, "octet 3 or a character in error")
      : ok({ kind: "transit-network-selection", ...fields });
  },
  print: (element) => printNetwork(writer(), element).finish(),
  describe: (element) => describeNetwork(element, 0),
};

/*
 * Octet 3     length of the network identification (8): 0 means that 3.1 and 3.2 are absent
 * Octet 3.1   1 | type (3) | plan (4)
 * Octet 3.2.. 0 | network identification (IA5)
 * Octet 4..   network-specific facility specification
 */
const networkSpecificFacilities: ElementRow<NetworkSpecificFacilities> = {
  kind: "network-specific-facilities",
  code: 0x20,
  name: "Network-specific facilities",
  format: "variable",
  maximum: UNLIMITED,
  parse: (contents) => {
    const octets = reader(contents);
    const identification = octets.take(octets.uint8() ?? -1);
    if (identification === undefined) return fault(0, "length of network identification in error");
    const fields = identification.length === 0 ? {} : parseNetwork(identification);
    if (fields === undefined) return fault(1, "network identification in error");
    const specification = octets.rest().slice();
    return ok({ kind: "network-specific-facilities", ...fields, specification });
  },
  print: ({ networkType, plan, network, specification }) => {
    const to = writer();
    if (network === undefined) to.uint8(0);
    else {
      to.uint8(network.length + 1);
      printNetwork(to, { networkType: networkType ?? 0, plan: plan ?? 0, network });
    }
    return to.bytes(specification).finish();
  },
  describe: ({ networkType, plan, network, specification }) => [
    ...(network === undefined
      ? []
      : describeNetwork({ networkType: networkType ?? 0, plan: plan ?? 0, network }, 1)),
    { label: "Facility specification", value: hex(specification) },
  ],
};

function parseNetwork(octets: Uint8Array): NetworkFields | undefined {
  const first = octets[0];
  const network = ia5(octets.subarray(1));
  if (first === undefined || (first & 0x80) === 0 || network === undefined) return undefined;
  return { networkType: (first >> 4) & 7, plan: first & 0xf, network };
}

function printNetwork(to: ByteWriter, { networkType, plan, network }: NetworkFields): ByteWriter {
  return to.uint8(0x80 | ((networkType & 7) << 4) | (plan & 0xf)).bytes(characters(network, 0x7f));
}

function describeNetwork({ networkType, plan, network }: NetworkFields, at: number): Field[] {
  return [
    { label: "Type of network", value: named(networkType, NETWORK_TYPES), octets: [at, at + 1] },
    { label: "Network plan", value: named(plan, NETWORK_PLANS), octets: [at, at + 1] },
    { label: "Network", value: network, octets: [at + 1, at + 1 + network.length] },
  ];
}

/* A delay of 16 bits: 0 | 0 0 0 0 0 | bits 16, 15; 0 | bits 14 to 8; 1 | bits 7 to 1 */
function readDelay(octets: ByteReader): number | undefined {
  const three = octets.take(3);
  const [high = 0, middle = 0, low = 0] = three ?? [];
  if (three === undefined || ((high | middle) & 0x80) !== 0 || (low & 0x80) === 0) return undefined;
  return ((high & 3) << 14) | (middle << 7) | (low & 0x7f);
}

function writeDelay(to: ByteWriter, delay: number): ByteWriter {
  return to
    .uint8((delay >> 14) & 3)
    .uint8((delay >> 7) & 0x7f)
    .uint8(0x80 | (delay & 0x7f));
}

const endToEndTransitDelay: ElementRow<EndToEndTransitDelay> = {
  kind: "end-to-end-transit-delay",
  code: 0x42,
  name: "End-to-end transit delay",
  format: "variable",
  maximum: 9,
  parse: (contents) => {
    const octets = reader(contents);
    const cumulative = readDelay(octets);
    const requested = octets.remaining === 0 ? undefined : readDelay(octets);
    const maximum = octets.remaining === 0 ? undefined : readDelay(octets);
    const said = [cumulative, requested, maximum].filter((delay) => delay !== undefined).length;
    if (cumulative === undefined || said * 3 !== contents.length)
      return fault(0, "a transit delay in error");
    return ok({
      kind: "end-to-end-transit-delay",
      cumulative,
      ...(requested === undefined ? {} : { requested }),
      ...(maximum === undefined ? {} : { maximum }),
    });
  },
  print: ({ cumulative, requested, maximum }) => {
    const to = writeDelay(writer(), cumulative);
    if (requested !== undefined || maximum !== undefined)
      writeDelay(to, requested ?? UNKNOWN_DELAY);
    if (maximum !== undefined) writeDelay(to, maximum);
    return to.finish();
  },
  describe: ({ cumulative, requested, maximum }) => [
    { label: "Cumulative", value: `${cumulative} ms`, octets: [0, 3] },
    ...(requested === undefined ? [] : [{ label: "Requested", value: `${requested} ms` }]),
    ...(maximum === undefined ? [] : [{ label: "Maximum", value: `${maximum} ms` }]),
  ],
};

/** Q.931 §4.6.2: any delay will do. */
const UNKNOWN_DELAY = 0xffff;

const transitDelaySelection: ElementRow<TransitDelaySelection> = {
  kind: "transit-delay-selection",
  code: 0x43,
  name: "Transit delay selection and indication",
  format: "variable",
  maximum: 3,
  parse: (contents) => {
    const delay = readDelay(reader(contents));
    return delay === undefined
      ? fault(0, "the transit delay in error")
      : ok({ kind: "transit-delay-selection", delay });
  },
  print: ({ delay }) => writeDelay(writer(), delay).finish(),
  describe: ({ delay }) => [{ label: "Delay", value: `${delay} ms` }],
};

/*
 * Octet 3   first segment | number of segments remaining (7)
 * Octet 4   0 | segmented message type (7)
 */
const segmentedMessage: ElementRow<SegmentedMessage> = {
  kind: "segmented-message",
  code: 0x00,
  name: "Segmented message",
  format: "variable",
  maximum: 2,
  parse: ([first, messageType]) =>
    first === undefined || messageType === undefined
      ? fault(0, "octet 3 or 4 missing")
      : ok({
          kind: "segmented-message",
          first: (first & 0x80) !== 0,
          remaining: first & 0x7f,
          messageType: messageType & 0x7f,
        }),
  print: ({ first, remaining, messageType }) =>
    Uint8Array.of((first ? 0x80 : 0) | (remaining & 0x7f), messageType & 0x7f),
  describe: ({ first, remaining, messageType }) => [
    { label: "First segment", value: first ? "yes" : "no", octets: [0, 1] },
    { label: "Segments remaining", value: String(remaining), octets: [0, 1] },
    { label: "Message type", value: `0x${messageType.toString(16)}`, octets: [1, 2] },
  ],
};

export const networkRows = [
  segmentedMessage,
  networkSpecificFacilities,
  endToEndTransitDelay,
  transitDelaySelection,
  transitNetworkSelection,
] as const;
