import type { Codec, Direction, PacketTime } from "./agreement.js";
import type { Companions } from "./companions.js";
import type { MediaDescription, SdpLine, SessionDescription } from "./description.js";
import type { LocalMedia, PayloadNumbers } from "./policy.js";
import {
  type Address,
  CONNECTION,
  FMTP,
  lineOf,
  MAXPTIME,
  ORIGIN,
  PTIME,
  RTCP,
  RTPMAP,
  SILENCE_SUPPRESSION,
} from "./rows.js";

/** Our side of a session: what must not change in it by itself. */
export interface OwnSession {
  /** sess-id of o=, digits. */
  readonly id: string;
  /** sess-version of the last description; the next one that differs has one more. */
  readonly version: number;
  readonly numbers: PayloadNumbers;
  /** Which m= line is our audio stream, once there is one. */
  readonly stream?: number;
  readonly last?: SessionDescription;
}

/** A session that has no description yet. */
export function ownSession(id: string): OwnSession {
  return { id, version: 0, numbers: {} };
}

/** One audio stream of ours. */
export interface AudioLine {
  readonly local: LocalMedia;
  readonly direction: Direction;
  readonly formats: readonly { readonly payloadType: number; readonly codec: Codec }[];
  readonly companions: Companions;
  /** RFC 4733 events. */
  readonly events: string;
  readonly ptimeMs: PacketTime;
  readonly maxPtimeMs: PacketTime;
  /** Said only to who speaks of it (RFC 3108 §5.6.2.5). */
  readonly silenceSuppression?: boolean;
}

export function audioStream(line: AudioLine): MediaDescription {
  const { local, formats, silenceSuppression: silence } = line;
  const { comfortNoise: noise, telephoneEvent: event } = line.companions;
  const numbers = [...formats.map(({ payloadType }) => payloadType), noise, event];
  return {
    media: "audio",
    port: local.port,
    protocol: "RTP/AVP",
    formats: numbers.flatMap((number) => (number === undefined ? [] : [`${number}`])),
    lines: [
      ...formats.flatMap(({ payloadType, codec }) => codecLines(payloadType, codec)),
      ...(noise === undefined ? [] : [mapLine(noise, "CN")]),
      ...(event === undefined ? [] : eventLines(event, line.events)),
      ...(silence === undefined ? [] : [lineOf(SILENCE_SUPPRESSION, silence)]),
      lineOf(PTIME, line.ptimeMs),
      lineOf(MAXPTIME, line.maxPtimeMs),
      // RFC 3605 §2.1: only when it is not the next port
      ...(local.rtcpPort === local.port + 1 ? [] : [lineOf(RTCP, { port: local.rtcpPort })]),
      { type: "a", value: line.direction },
    ],
  };
}

/** The whole description; its version grows only when it differs from the last (RFC 3264 §8). */
export function describe(
  own: OwnSession,
  address: string,
  media: readonly MediaDescription[],
): { readonly description: SessionDescription; readonly own: OwnSession } {
  const where: Address = { family: address.includes(":") ? "IP6" : "IP4", address };
  const write = (version: number): SessionDescription => ({
    session: [
      { type: "v", value: "0" },
      lineOf(ORIGIN, { user: "-", sessionId: own.id, version: `${version}`, address: where }),
      { type: "s", value: "-" },
      lineOf(CONNECTION, where),
      { type: "t", value: "0 0" },
    ],
    media,
  });
  const same = write(own.version);
  const isSame = own.last !== undefined && JSON.stringify(same) === JSON.stringify(own.last);
  const version = own.last === undefined || isSame ? own.version : own.version + 1;
  const description = isSame ? own.last : write(version);
  return { description, own: { ...own, version, last: description } };
}

function codecLines(payloadType: number, codec: Codec): readonly SdpLine[] {
  const map = mapLine(payloadType, codec.name);
  if (codec.name !== "G729") return [map];
  const parameters = `annexb=${codec.annexB === false ? "no" : "yes"}`;
  return [map, lineOf(FMTP, { payloadType, parameters })];
}

function eventLines(payloadType: number, parameters: string): readonly SdpLine[] {
  return [mapLine(payloadType, "telephone-event"), lineOf(FMTP, { payloadType, parameters })];
}

function mapLine(payloadType: number, encoding: string): SdpLine {
  return lineOf(RTPMAP, { payloadType, encoding, clockRate: 8000 });
}
