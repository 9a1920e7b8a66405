import { type Fault, fault, fromUtf8, ok, type Result, utf8 } from "../core/index.js";

/** One line, `type=value` (RFC 8866 §5). */
export interface SdpLine {
  /** One letter. */
  readonly type: string;
  readonly value: string;
}

/** One m= line with the lines below it. Lines that nobody here understands are kept. */
export interface MediaDescription {
  readonly media: string;
  /** 0: the stream is refused or removed. */
  readonly port: number;
  /** `port/number of ports`. */
  readonly ports?: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly lines: readonly SdpLine[];
}

/** A session description: the lines before the first m=, and the media in their order. */
export interface SessionDescription {
  readonly session: readonly SdpLine[];
  readonly media: readonly MediaDescription[];
}

/** Reads a description. Order and optional lines are taken as they come; bounds are kept. */
export function parseSdp(content: Uint8Array): Result<SessionDescription> {
  if (content.length > MAX_OCTETS) return fault(MAX_OCTETS, "description too long");
  const session: SdpLine[] = [];
  const media: (MediaDescription & { readonly lines: SdpLine[] })[] = [];
  let offset = 0;
  for (const text of fromUtf8(content).split("\n")) {
    const line = text.endsWith("\r") ? text.slice(0, -1) : text;
    const parsed = line === "" ? undefined : parseLine(line, offset);
    offset += text.length + 1;
    if (parsed === undefined) continue;
    if (!parsed.ok) return parsed;
    const last = media[media.length - 1];
    if (parsed.value.type !== "m") {
      (last?.lines ?? session).push(parsed.value);
    } else {
      const stream = parseMedia(parsed.value.value);
      if (stream === undefined) return fault(offset - text.length - 1, "malformed m= line");
      media.push({ ...stream, lines: [] });
    }
    if (
      session.length > MAX_LINES ||
      media.length > MAX_MEDIA ||
      (last?.lines.length ?? 0) > MAX_LINES
    )
      return fault(offset, "too many lines");
  }
  const wrong = check(session);
  return wrong === undefined ? ok({ session, media }) : { ok: false, error: wrong };
}

export function printSdp({ session, media }: SessionDescription): Uint8Array {
  const lines = media.flatMap((stream) => [
    { type: "m", value: printMedia(stream) },
    ...stream.lines,
  ]);
  return utf8([...session, ...lines].map(({ type, value }) => `${type}=${value}\r\n`).join(""));
}

function parseLine(line: string, offset: number): Result<SdpLine> {
  if (!/^[a-z]=/i.test(line)) return fault(offset, "not a line of type=value");
  if (CONTROLS.test(line)) return fault(offset, "control character"); // RFC 8866 §9 byte-string
  return ok({ type: line.slice(0, 1), value: line.slice(2) });
}

/** RFC 8866 §5.14: `<media> <port>[/<number of ports>] <proto> <fmt> ...` */
function parseMedia(value: string): Omit<MediaDescription, "lines"> | undefined {
  const [media = "", port = "", protocol = "", ...formats] = value.trim().split(/ +/);
  const [first = "", count] = port.split("/");
  if (!/^\d{1,5}$/.test(first) || Number(first) > 65535) return undefined;
  if (count !== undefined && !/^[1-9]\d{0,4}$/.test(count)) return undefined;
  if (media === "" || protocol === "" || formats.length === 0) return undefined;
  const stream = { media, port: Number(first), protocol, formats };
  return count === undefined ? stream : { ...stream, ports: Number(count) };
}

function printMedia({ media, port, ports, protocol, formats }: MediaDescription): string {
  const count = ports === undefined ? "" : `/${ports}`;
  return `${media} ${port}${count} ${protocol} ${formats.join(" ")}`;
}

/** Of the mandatory lines those that decide: version 0 first (§5.1) and the origin (§5.2). */
function check(session: readonly SdpLine[]): Fault | undefined {
  const [first] = session;
  if (first?.type !== "v" || first.value.trim() !== "0") return { offset: 0, reason: "not v=0" };
  const origins = session.filter(({ type }) => type === "o");
  if (origins.length !== 1) return { offset: 0, reason: "not exactly one o= line" };
  return undefined;
}

const CONTROLS = /[\0\r]/;
const MAX_OCTETS = 65_535;
const MAX_LINES = 1024;
const MAX_MEDIA = 64;
