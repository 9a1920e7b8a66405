import { type AddressFamily, castOf, familyOf } from "../core/index.js";
import type { Codec, CodecName, Direction } from "./agreement.js";
import type { MediaDescription, SdpLine, SessionDescription } from "./description.js";
import {
  allOf,
  BANDWIDTH,
  CONNECTION,
  FMTP,
  firstOf,
  hasFlag,
  MAXPTIME,
  PTIME,
  RTCP,
  RTPMAP,
  SILENCE_SUPPRESSION,
} from "./rows.js";

/** One format of an RTP stream, with what its number means. */
export interface Format {
  readonly payloadType: number;
  /** Upper case. */
  readonly encoding: string;
  readonly clockRate: number;
  readonly channels: number;
  /** Text of a=fmtp, empty when there is none. */
  readonly parameters: string;
}

/** An audio stream over RTP as a description says it. */
export interface AudioMedia {
  readonly port: number;
  readonly protocol: string;
  /** IP address, or a name that is none of ours to resolve; `family` is what c= says that it is. */
  readonly address: string;
  readonly family: AddressFamily;
  readonly rtcpAddress: string;
  readonly rtcpPort: number;
  readonly rtcp: boolean;
  /** In order of preference. Formats without a meaning are left out. */
  readonly formats: readonly Format[];
  readonly ptimeMs?: number;
  readonly maxPtimeMs?: number;
  /** As offered or answered, with the old form of hold read as one (RFC 3264 §8.4). */
  readonly direction: Direction;
  readonly silenceSuppression?: boolean;
}

/** Reads what a stream says of itself and what the session says for it; undefined: no address. */
export function readAudio(
  { session }: SessionDescription,
  stream: MediaDescription,
): AudioMedia | undefined {
  const { lines } = stream;
  const connection = firstOf(lines, CONNECTION) ?? firstOf(session, CONNECTION);
  if (connection === undefined) return undefined;
  const rtcp = firstOf(lines, RTCP);
  const ptime = firstOf(lines, PTIME) ?? firstOf(session, PTIME);
  const maxPtime = firstOf(lines, MAXPTIME) ?? firstOf(session, MAXPTIME);
  const silence = firstOf(lines, SILENCE_SUPPRESSION);
  return {
    port: stream.port,
    protocol: stream.protocol,
    address: connection.address,
    family: connection.family,
    rtcpAddress: rtcpAddress(rtcp?.address?.address, connection.address),
    rtcpPort: rtcp?.port || Math.min(stream.port + 1, 65535),
    rtcp: hasRtcp(lines) ?? hasRtcp(session) ?? true,
    formats: stream.formats.flatMap((format) => readFormat(format, lines)),
    ...(ptime === undefined ? {} : { ptimeMs: ptime }),
    ...(maxPtime === undefined ? {} : { maxPtimeMs: maxPtime }),
    direction: directionOf(session, lines, connection.address),
    ...(silence === undefined ? {} : { silenceSuppression: silence }),
  };
}

/** RFC 3264 §8.4 `0.0.0.0`, its IPv6 sisters (RFC 6157 §5.1 `.invalid`). */
export function isHoldAddress(address: string): boolean {
  return castOf(address) === "unspecified" || /(^|\.)invalid$/i.test(address);
}

/** The codec that a format is, when it is one of ours. */
export function codecOf(format: Format): Codec | undefined {
  const { encoding, clockRate, channels } = format;
  const name = CODEC_NAMES[encoding];
  if (name === undefined || clockRate !== 8000 || channels !== 1) return undefined;
  if (name !== "G729") return { name, clockRate };
  // RFC 7261 §3: absent means yes
  const annexB = parameterOf(format, "annexb")?.toLowerCase() !== "no";
  return { name, clockRate, annexB };
}

export function isTelephoneEvent({ encoding, clockRate }: Format): boolean {
  return encoding === "TELEPHONE-EVENT" && clockRate === 8000;
}

export function isComfortNoise({ encoding, clockRate }: Format): boolean {
  return encoding === "CN" && clockRate === 8000;
}

/** Value of a parameter of a=fmtp: names in any case, blanks and quotes as people write them. */
function parameterOf({ parameters }: Format, name: string): string | undefined {
  for (const part of parameters.split(/[;,]/)) {
    const [, key, value] = /^\s*([\w.-]+)\s*=\s*"?([^\s"]*)"?\s*$/.exec(part) ?? [];
    if (key?.toLowerCase() === name) return value;
  }
  return undefined;
}

function readFormat(format: string, lines: readonly SdpLine[]): readonly Format[] {
  const payloadType = /^\d{1,3}$/.test(format) ? Number(format) : 128;
  if (payloadType > 127) return [];
  const map = allOf(lines, RTPMAP).find((one) => one.payloadType === payloadType);
  const known = STATIC_FORMATS[payloadType];
  const encoding = map?.encoding.toUpperCase() ?? known?.encoding;
  if (encoding === undefined) return [];
  const fmtp = allOf(lines, FMTP).filter((one) => one.payloadType === payloadType);
  return [
    {
      ...{ payloadType, encoding, clockRate: map?.clockRate ?? known?.clockRate ?? 8000 },
      channels: map?.channels ?? 1,
      parameters: fmtp.map(({ parameters }) => parameters).join(";"),
    },
  ];
}

/** RFC 3605: an address beside that of c=, when packets can be sent there from the same socket. */
function rtcpAddress(said: string | undefined, address: string): string {
  const isUsable =
    said !== undefined && castOf(said) === "unicast" && familyOf(said) === familyOf(address);
  return isUsable ? said : address;
}

/** RFC 3556 §2: RS and RR both 0 turn RTCP off. Undefined when nothing is said. */
function hasRtcp(lines: readonly SdpLine[]): boolean | undefined {
  const said = allOf(lines, BANDWIDTH).filter(({ modifier }) => /^R[SR]$/.test(modifier));
  const isOff = (which: string) => said.some((b) => b.modifier === which && b.value === 0);
  return said.length === 0 ? undefined : !(isOff("RS") && isOff("RR"));
}

function directionOf(
  session: readonly SdpLine[],
  lines: readonly SdpLine[],
  address: string,
): Direction {
  const said = (where: readonly SdpLine[]) => DIRECTIONS.find((one) => hasFlag(where, one));
  const direction = said(lines) ?? said(session) ?? "sendrecv";
  if (!isHoldAddress(address)) return direction;
  return direction === "sendrecv" || direction === "sendonly" ? "sendonly" : "inactive";
}

const DIRECTIONS: readonly Direction[] = ["sendrecv", "sendonly", "recvonly", "inactive"];
/** By encoding name; G.729 under the names that equipment gives its annexes too (one bit stream). */
const CODEC_NAMES: Readonly<Record<string, CodecName>> = {
  ...{ PCMA: "PCMA", PCMU: "PCMU", CLEARMODE: "CLEARMODE", G729: "G729" },
  ...{ G729A: "G729", G729B: "G729", G729AB: "G729", "G.729": "G729" },
};

/** RFC 3551 table 4: the numbers that need no rtpmap. */
const STATIC_FORMATS: Readonly<Record<number, { encoding: string; clockRate: number }>> = {
  0: { encoding: "PCMU", clockRate: 8000 },
  3: { encoding: "GSM", clockRate: 8000 },
  4: { encoding: "G723", clockRate: 8000 },
  8: { encoding: "PCMA", clockRate: 8000 },
  9: { encoding: "G722", clockRate: 8000 },
  13: { encoding: "CN", clockRate: 8000 },
  15: { encoding: "G728", clockRate: 8000 },
  18: { encoding: "G729", clockRate: 8000 },
};
