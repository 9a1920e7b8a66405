import type { Endpoint } from "../../src/host/index.js";
import { type AudioMedia, parseSdp, readAudio } from "../../src/sdp/index.js";
import type { Body } from "../../src/sip/index.js";

/** What a phone writes into a description. */
export interface Wish {
  readonly codecs: readonly ("PCMA" | "PCMU" | "CLEARMODE" | "G729")[];
  /** What is said of annex B of G.729; nothing unless given. */
  readonly annexB?: "yes" | "no";
  readonly events: boolean;
  /** RFC 3389 comfort noise is offered, and answered to who offers it. */
  readonly comfortNoise?: boolean;
  readonly direction: "sendrecv" | "sendonly" | "recvonly" | "inactive";
  /** The old form of hold: c=0.0.0.0 (RFC 2543 appendix B.5). */
  readonly oldHold?: boolean;
  /** What c= says instead of the stream's own address. */
  readonly connection?: string;
  readonly ptimeMs?: number;
  readonly version: number;
}

/** A description as text: written by hand, so that nothing of ours judges itself. */
export function description(at: Endpoint, wish: Wish, offer?: AudioMedia): string {
  const formats = offer === undefined ? offered(wish) : answered(wish, offer);
  const family = at.address.includes(":") ? "IP6" : "IP4";
  const hold = family === "IP6" ? "::" : "0.0.0.0";
  const numbers = formats.map(({ number }) => number).join(" ");
  return [
    "v=0",
    `o=phone 4711 ${wish.version} IN ${family} ${at.address}`,
    "s=-",
    `c=${wish.connection ?? `IN ${family} ${wish.oldHold === true ? hold : at.address}`}`,
    "t=0 0",
    `m=audio ${formats.length === 0 ? 0 : at.port} RTP/AVP ${numbers === "" ? "0" : numbers}`,
    ...formats.map(({ number, name }) => `a=rtpmap:${number} ${name}/8000`),
    ...formats
      .filter(({ name }) => name === "telephone-event")
      .map(({ number }) => `a=fmtp:${number} 0-15`),
    ...formats
      .filter(({ name }) => name === "G729" && wish.annexB !== undefined)
      .map(({ number }) => `a=fmtp:${number} annexb=${wish.annexB}`),
    ...(wish.ptimeMs === undefined ? [] : [`a=ptime:${wish.ptimeMs}`]),
    `a=${wish.direction}`,
    "",
  ].join("\r\n");
}

export function sdpBody(text: string): Body {
  return { type: "application/sdp", content: new TextEncoder().encode(text) };
}

export function bodyText({ content }: Body): string {
  return new TextDecoder().decode(content);
}

/** The audio stream of a description. */
export function audioOf(text: string): AudioMedia | undefined {
  const parsed = parseSdp(new TextEncoder().encode(text));
  const stream = parsed.ok ? parsed.value.media.find(({ media }) => media === "audio") : undefined;
  return parsed.ok && stream !== undefined ? readAudio(parsed.value, stream) : undefined;
}

interface Numbered {
  readonly number: number;
  readonly name: string;
}

function offered({ codecs, events, comfortNoise }: Wish): readonly Numbered[] {
  return [
    ...codecs.map((name) => ({ number: NUMBERS[name], name })),
    ...(comfortNoise === true ? [{ number: 13, name: "CN" }] : []),
    ...(events ? [{ number: 101, name: "telephone-event" }] : []),
  ];
}

/** The first codec of ours that was offered, by the offer's number (RFC 3264 §6.1). */
function answered(
  { codecs, events, comfortNoise }: Wish,
  { formats }: AudioMedia,
): readonly Numbered[] {
  const codec = codecs
    .flatMap((name) => formats.filter(({ encoding }) => encoding === name))
    .slice(0, 1);
  const event = events ? formats.filter(({ encoding }) => encoding === "TELEPHONE-EVENT") : [];
  const noise = comfortNoise === true ? formats.filter(({ encoding }) => encoding === "CN") : [];
  return [...codec, ...noise, ...event].map(({ payloadType, encoding }) => ({
    number: payloadType,
    name: encoding === "TELEPHONE-EVENT" ? "telephone-event" : encoding,
  }));
}

const NUMBERS = { PCMU: 0, PCMA: 8, G729: 18, CLEARMODE: 97 } as const;
