import type { Codec, Direction, PacketTime } from "./agreement.js";
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
  readonly telephoneEvent?: { readonly number: number; readonly events: string };
  readonly ptimeMs: PacketTime;
  readonly maxPtimeMs: PacketTime;
}

export function audioStream(line: AudioLine): MediaDescription {
  const { local, formats, telephoneEvent: event } = line;
  const numbers = formats.map(({ payloadType }) => `${payloadType}`);
  return {
    media: "audio",
    port: local.port,
    protocol: "RTP/AVP",
    formats: event === undefined ? numbers : [...numbers, `${event.number}`],
    lines: [
      ...formats.flatMap(({ payloadType, codec }) => codecLines(payloadType, codec)),
      ...(event === undefined ? [] : eventLines(event)),
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
  const map = lineOf(RTPMAP, { payloadType, encoding: codec.name, clockRate: codec.clockRate });
  if (codec.name !== "G729") return [map];
  const parameters = `annexb=${codec.annexB === false ? "no" : "yes"}`;
  return [map, lineOf(FMTP, { payloadType, parameters })];
}

function eventLines({ number, events }: { number: number; events: string }): readonly SdpLine[] {
  return [
    lineOf(RTPMAP, { payloadType: number, encoding: "telephone-event", clockRate: 8000 }),
    lineOf(FMTP, { payloadType: number, parameters: events }),
  ];
}
