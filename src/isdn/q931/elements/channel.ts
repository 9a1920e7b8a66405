import { type ByteReader, fault, hex, ok, type Result } from "../../../core/index.js";
import { BASIC_SELECTIONS, CHANNEL_SELECTIONS, CHANNEL_TYPES, CODING_STANDARDS } from "./names.js";
import {
  type ElementRow,
  type Field,
  named,
  reader,
  readGroup,
  UNLIMITED,
  writeGroup,
  writer,
} from "./row.js";

/** Information channel selection (Q.931 table 4-13), primary rate. On basic rate 1 is B1 and 2 is B2. */
export const channelSelection = { none: 0, indicated: 1, reserved: 2, any: 3 } as const;

/** Octets 3.2 and 3.3: which channels, of which type. */
export interface ChannelList {
  readonly codingStandard: number;
  /** 3 B, 6 H0, 8 H11, 9 H12. */
  readonly channelType: number;
  readonly channels:
    | { readonly form: "list"; readonly numbers: readonly number[] }
    /** Slot map as sent: 3 octets on T1, 4 on E1 (figures 4-22 and 4-23). `timeslotsOf` reads it. */
    | { readonly form: "map"; readonly map: Uint8Array };
}

/** Q.931 §4.5.13, 0x18. */
export interface ChannelIdentification {
  readonly kind: "channel-identification";
  /** Octets 3.1, bits 7 to 1 of each: the interface named explicitly (NFAS). Absent: the one of this D channel. */
  readonly interfaceIdentifier?: readonly number[];
  readonly interfaceType: "basic" | "primary";
  readonly exclusive: boolean;
  /** The channel identified is the D channel itself. */
  readonly dChannel: boolean;
  /** A value of `channelSelection`. */
  readonly selection: number;
  /** Present on a primary rate interface with `channelSelection.indicated`. */
  readonly channel?: ChannelList;
}

/** The B channel of a timeslot on this D channel's own interface, as number (not as map). */
export function indicateChannel(timeslot: number, exclusive: boolean): ChannelIdentification {
  return indicateChannels([timeslot], exclusive);
}

/** Several B channels: for RESTART of some of them. */
export function indicateChannels(
  timeslots: readonly number[],
  exclusive: boolean,
): ChannelIdentification {
  const channels = { form: "list", numbers: timeslots } as const;
  return {
    kind: "channel-identification",
    interfaceType: "primary",
    exclusive,
    dChannel: false,
    selection: channelSelection.indicated,
    channel: { codingStandard: 0, channelType: B_CHANNEL, channels },
  };
}

/** "Any channel" or "no channel" (table 4-13). */
export function selectChannel(
  selection: "any" | "none",
  exclusive: boolean,
): ChannelIdentification {
  return {
    kind: "channel-identification",
    interfaceType: "primary",
    exclusive,
    dChannel: false,
    selection: channelSelection[selection],
  };
}

/** Timeslots that an element names, ascending in a map and as listed in a list; empty when it names none. */
export function timeslotsOf({ channel }: ChannelIdentification): readonly number[] {
  if (channel === undefined || channel.channelType !== B_CHANNEL) return [];
  if (channel.channels.form === "list") return channel.channels.numbers;
  return mapTimeslots(channel.channels.map);
}

/** Figures 4-22 and 4-23: the last bit of a 4 octet map is timeslot 0, of a 3 octet map timeslot 1. */
function mapTimeslots(map: Uint8Array): readonly number[] {
  const first = map.length === 3 ? 1 : 0;
  const timeslots: number[] = [];
  for (let bit = 0; bit < map.length * 8; bit++) {
    const octet = map[map.length - 1 - (bit >> 3)] ?? 0;
    if ((octet & (1 << (bit & 7))) !== 0) timeslots.push(bit + first);
  }
  return timeslots;
}

/*
 * Octet 3    1   | interface identifier present | interface type | 0 | preferred/exclusive | D | selection (2)
 * Octet 3.1  ext | interface identifier (7) ...
 * Octet 3.2  1   | coding standard (2) | number/map | channel type (4)
 * Octet 3.3  ext | channel number (7) ..., or the slot map
 */
function parseChannel(contents: Uint8Array): Result<ChannelIdentification> {
  const octets = reader(contents);
  const first = octets.uint8();
  if (first === undefined || (first & 0x80) === 0) return fault(0, "octet 3 missing or extended");
  const explicit = (first & 0x40) !== 0;
  const interfaceIdentifier = explicit ? readGroup(octets) : undefined;
  if (explicit && interfaceIdentifier === undefined)
    return fault(1, "interface identifier missing or without end");
  const interfaceType = (first & 0x20) === 0 ? "basic" : "primary";
  const at = octets.offset;
  if (interfaceType === "basic" && octets.remaining > 0)
    return fault(at, "octets 3.2 on a basic rate interface");
  const channel = octets.remaining === 0 ? undefined : parseList(octets);
  if (channel?.ok === false) return channel;
  return ok({
    kind: "channel-identification",
    ...(interfaceIdentifier === undefined ? {} : { interfaceIdentifier }),
    interfaceType,
    exclusive: (first & 0x08) !== 0,
    dChannel: (first & 0x04) !== 0,
    selection: first & 3,
    ...(channel === undefined ? {} : { channel: channel.value }),
  });
}

function parseList(octets: ByteReader): Result<ChannelList> {
  const at = octets.offset;
  const head = octets.uint8() ?? 0;
  if ((head & 0x80) === 0) return fault(at, "octet 3.2 extended");
  if (octets.remaining === 0) return fault(at + 1, "neither channel number nor slot map");
  const rest = octets.rest();
  const channels =
    (head & 0x10) === 0
      ? // Some switches leave the last extension bit 0: the contents' end ends the list.
        ({ form: "list", numbers: [...rest].map((octet) => octet & 0x7f) } as const)
      : ({ form: "map", map: rest.slice() } as const);
  return ok({ codingStandard: (head >> 5) & 3, channelType: head & 0xf, channels });
}

function printChannel(element: ChannelIdentification): Uint8Array {
  const { interfaceIdentifier, interfaceType, exclusive, dChannel, selection, channel } = element;
  const to = writer().uint8(
    0x80 |
      (interfaceIdentifier === undefined ? 0 : 0x40) |
      (interfaceType === "primary" ? 0x20 : 0) |
      (exclusive ? 0x08 : 0) |
      (dChannel ? 0x04 : 0) |
      (selection & 3),
  );
  if (interfaceIdentifier !== undefined) writeGroup(to, interfaceIdentifier);
  if (channel === undefined) return to.finish();
  const { codingStandard, channelType, channels } = channel;
  const map = channels.form === "map" ? 0x10 : 0;
  to.uint8(0x80 | ((codingStandard & 3) << 5) | map | (channelType & 0xf));
  if (channels.form === "map") return to.bytes(channels.map).finish();
  writeGroup(to, channels.numbers);
  return to.finish();
}

function describeChannel(element: ChannelIdentification): readonly Field[] {
  const { interfaceIdentifier, interfaceType, exclusive, dChannel, selection, channel } = element;
  const selections = interfaceType === "primary" ? CHANNEL_SELECTIONS : BASIC_SELECTIONS;
  const fields: Field[] = [
    { label: "Interface type", value: interfaceType, octets: [0, 1] },
    { label: "Indicated channel", value: exclusive ? "exclusive" : "preferred", octets: [0, 1] },
    { label: "D channel", value: dChannel ? "yes" : "no", octets: [0, 1] },
    { label: "Selection", value: named(selection, selections), octets: [0, 1] },
  ];
  const at = 1 + (interfaceIdentifier?.length ?? 0);
  if (interfaceIdentifier !== undefined)
    fields.push({
      label: "Interface identifier",
      value: interfaceIdentifier.join(" "),
      octets: [1, at],
    });
  if (channel === undefined) return fields;
  const { codingStandard, channelType, channels } = channel;
  fields.push(
    { label: "Coding standard", value: named(codingStandard, CODING_STANDARDS) },
    { label: "Channel type", value: named(channelType, CHANNEL_TYPES), octets: [at, at + 1] },
  );
  if (channels.form === "map")
    fields.push({
      label: "Slot map",
      value: `${hex(channels.map)} (${mapTimeslots(channels.map).join(" ")})`,
      octets: [at + 1, at + 1 + channels.map.length],
    });
  else
    fields.push({
      label: "Channel number",
      value: channels.numbers.join(" "),
      octets: [at + 1, at + 1 + channels.numbers.length],
    });
  return fields;
}

const B_CHANNEL = 3;

const channelIdentification: ElementRow<ChannelIdentification> = {
  kind: "channel-identification",
  code: 0x18,
  name: "Channel identification",
  format: "variable",
  maximum: UNLIMITED,
  parse: parseChannel,
  print: printChannel,
  describe: describeChannel,
};

export const channelRows = [channelIdentification] as const;
