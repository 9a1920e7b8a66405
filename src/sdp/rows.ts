import type { SdpLine } from "./description.js";

/** A kind of line whose value is understood: parse and print side by side. */
export interface Row<Value> {
  readonly type: string;
  /** Name of the attribute, for `a=` lines. */
  readonly attribute?: string;
  /** Reads the value (of an attribute: what follows the colon); undefined when it is malformed. */
  readonly parse: (text: string) => Value | undefined;
  readonly print: (value: Value) => string;
}

/** The value of the first line of that kind that is well formed. */
export function firstOf<Value>(lines: readonly SdpLine[], row: Row<Value>): Value | undefined {
  return allOf(lines, row)[0];
}

/** The values of all lines of that kind that are well formed. */
export function allOf<Value>(lines: readonly SdpLine[], row: Row<Value>): readonly Value[] {
  const values: Value[] = [];
  for (const line of lines) {
    const text = textOf(line, row);
    const value = text === undefined ? undefined : row.parse(text);
    if (value !== undefined) values.push(value);
  }
  return values;
}

/** A line that says this value. */
export function lineOf<Value>(row: Row<Value>, value: Value): SdpLine {
  const text = row.print(value);
  if (row.attribute === undefined) return { type: row.type, value: text };
  return { type: "a", value: text === "" ? row.attribute : `${row.attribute}:${text}` };
}

/** Whether a flag attribute such as `a=rtcp-mux` stands among the lines. */
export function hasFlag(lines: readonly SdpLine[], attribute: string): boolean {
  return lines.some(({ type, value }) => type === "a" && value.trim() === attribute);
}

function textOf(
  { type, value }: SdpLine,
  row: Pick<Row<unknown>, "type" | "attribute">,
): string | undefined {
  if (type !== row.type) return undefined;
  if (row.attribute === undefined) return value;
  const colon = value.indexOf(":");
  const name = colon < 0 ? value : value.slice(0, colon);
  return name.trim() === row.attribute ? value.slice(name.length + 1) : undefined;
}

/** RFC 8866 §5.2. */
export interface Origin {
  readonly user: string;
  readonly sessionId: string;
  readonly version: string;
  readonly address: Address;
}

/** Address type and address of o=, c= and a=rtcp; nettype is always IN (RFC 8866 §5.7). */
export interface Address {
  readonly family: "IP4" | "IP6";
  readonly address: string;
}

export interface RtpMap {
  readonly payloadType: number;
  readonly encoding: string;
  readonly clockRate: number;
  readonly channels?: number;
}

export interface Fmtp {
  readonly payloadType: number;
  readonly parameters: string;
}

/** RFC 3605. */
export interface RtcpPort {
  readonly port: number;
  readonly address?: Address;
}

export interface Bandwidth {
  readonly modifier: string;
  readonly value: number;
}

export const ORIGIN: Row<Origin> = {
  type: "o",
  parse: (text) => {
    const [user, sessionId, version, ...address] = text.trim().split(/ +/);
    const where = parseAddress(address.join(" "));
    if (user === undefined || sessionId === undefined || version === undefined) return undefined;
    return where && { user, sessionId, version, address: where };
  },
  print: ({ user, sessionId, version, address }) =>
    `${user} ${sessionId} ${version} ${printAddress(address)}`,
};

/** The suffix of a multicast address (`/ttl`) is dropped: a gateway has no use for multicast. */
export const CONNECTION: Row<Address> = {
  type: "c",
  parse: parseAddress,
  print: printAddress,
};

export const BANDWIDTH: Row<Bandwidth> = {
  type: "b",
  parse: (text) => {
    const [, modifier, value] = /^\s*([\w-]{1,32}):(\d{1,9})\s*$/.exec(text) ?? [];
    return modifier && value ? { modifier, value: Number(value) } : undefined;
  },
  print: ({ modifier, value }) => `${modifier}:${value}`,
};

export const RTPMAP: Row<RtpMap> = {
  type: "a",
  attribute: "rtpmap",
  parse: (text) => {
    const match = /^\s*(\d{1,3}) +([^\s/]{1,64})\/(\d{1,9})(?:\/(\d{1,3}))?\s*$/.exec(text);
    const [, payloadType, encoding, clockRate, channels] = match ?? [];
    if (!isPayloadType(payloadType) || encoding === undefined) return undefined;
    const map = { payloadType: Number(payloadType), encoding, clockRate: Number(clockRate) };
    return channels === undefined ? map : { ...map, channels: Number(channels) };
  },
  print: ({ payloadType, encoding, clockRate, channels }) =>
    `${payloadType} ${encoding}/${clockRate}${channels === undefined ? "" : `/${channels}`}`,
};

export const FMTP: Row<Fmtp> = {
  type: "a",
  attribute: "fmtp",
  parse: (text) => {
    const [, payloadType, parameters] = /^\s*(\d{1,3}) +(.*?)\s*$/.exec(text) ?? [];
    if (!isPayloadType(payloadType) || parameters === undefined) return undefined;
    return { payloadType: Number(payloadType), parameters };
  },
  print: ({ payloadType, parameters }) => `${payloadType} ${parameters}`,
};

export const PTIME: Row<number> = milliseconds("ptime");
export const MAXPTIME: Row<number> = milliseconds("maxptime");

export const RTCP: Row<RtcpPort> = {
  type: "a",
  attribute: "rtcp",
  parse: (text) => {
    const [, port, rest] = /^\s*(\d{1,5})(?: +(.*))?$/.exec(text) ?? [];
    if (port === undefined || Number(port) > 65535) return undefined;
    const address = rest === undefined ? undefined : parseAddress(rest);
    return address === undefined ? { port: Number(port) } : { port: Number(port), address };
  },
  print: ({ port, address }) =>
    address === undefined ? `${port}` : `${port} ${printAddress(address)}`,
};

/** RFC 3108 §5.6.2.5: whether silence suppression is used. */
export const SILENCE_SUPPRESSION: Row<boolean> = {
  type: "a",
  attribute: "silenceSupp",
  parse: (text) => {
    const [state] = text.trim().split(/ +/);
    return state === "on" ? true : state === "off" ? false : undefined;
  },
  print: (on) => `${on ? "on" : "off"} - - - -`,
};

function milliseconds(attribute: string): Row<number> {
  return {
    type: "a",
    attribute,
    parse: (text) => {
      const value = Number(/^\s*(\d{1,4})(?:\.\d+)?\s*$/.exec(text)?.[1]);
      return value > 0 ? value : undefined;
    },
    print: String,
  };
}

function parseAddress(text: string): Address | undefined {
  const [, family, address] = /^\s*IN +(IP4|IP6) +([^\s/]{1,255})/i.exec(text) ?? [];
  if (family === undefined || address === undefined) return undefined;
  return { family: family.toUpperCase() === "IP4" ? "IP4" : "IP6", address };
}

function printAddress({ family, address }: Address): string {
  return `IN ${family} ${address}`;
}

function isPayloadType(text: string | undefined): boolean {
  return text !== undefined && Number(text) <= 127;
}
