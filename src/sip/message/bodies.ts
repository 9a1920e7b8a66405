import { fault, ok, type Result, utf8 } from "../../core/index.js";
import { sameWord } from "./grammar.js";
import { header } from "./header-table.js";
import { indexedHeaders } from "./headers.js";
import { messageLimits } from "./limits.js";
import { decodeText, encodeText, headEnd } from "./octets.js";
import { parameter, parameterValue, printParameters } from "./parameters.js";
import { indexHeaders } from "./parse.js";
import type { BodyPart, HeaderField, Headers, MediaType, SipMessage } from "./types.js";

/** The bodies of a message: none, one, or the parts of a multipart, nested ones flattened (RFC 5621). */
export function readBodies(message: SipMessage): Result<readonly BodyPart[]> {
  if (message.body.length === 0) return ok([]);
  const parts: BodyPart[] = [];
  const wrong = collect(message.headers, message.body, 0, parts);
  return wrong === undefined ? ok(parts) : fault(0, wrong);
}

/** Content headers and octets for bodies; `boundary` is used when there are several. */
export function writeBodies(
  bodies: readonly BodyPart[],
  boundary: string,
): { readonly headers: readonly HeaderField[]; readonly body: Uint8Array } {
  const [first] = bodies;
  if (first === undefined) return { headers: [], body: new Uint8Array(0) };
  if (bodies.length === 1) return { headers: contentHeaders(first), body: first.content };
  const delimiter = freeBoundary(bodies, boundary);
  const pieces: Uint8Array[] = [];
  for (const part of bodies) {
    const head = contentHeaders(part).map(({ name, value }) => `${name}: ${value}\r\n`);
    pieces.push(encodeText(`--${delimiter}\r\n${head.join("")}\r\n`), part.content, CRLF);
  }
  pieces.push(utf8(`--${delimiter}--\r\n`));
  return {
    headers: [
      { name: "MIME-Version", value: "1.0" },
      { name: "Content-Type", value: `multipart/mixed;boundary=${parameterValue(delimiter)}` },
    ],
    body: join(pieces),
  };
}

/** Adds what an entity holds to `parts`; gives what is wrong with it. */
function collect(
  headers: Headers,
  content: Uint8Array,
  depth: number,
  parts: BodyPart[],
): string | undefined {
  const read = headers.read(header.contentType);
  if (!read.ok) return read.error.reason;
  // RFC 2046 §5.1: a part without Content-Type is plain text; a message must have it (§20.15).
  const type = read.value[0] ?? (depth > 0 ? PLAIN_TEXT : undefined);
  if (type === undefined) return "body without Content-Type";
  const encoding = headers.text("Content-Transfer-Encoding");
  if (encoding !== undefined && !IDENTITY_ENCODINGS.some((name) => sameWord(name, encoding)))
    return `Content-Transfer-Encoding ${encoding} is not understood`;
  if (type.type.startsWith("multipart/")) return collectParts(type, content, depth, parts);
  if (parts.length === messageLimits.bodyParts) return "too many body parts";
  parts.push(partOf(type, headers.text(header.contentDisposition), content));
  return undefined;
}

function partOf(type: MediaType, disposition: string | undefined, content: Uint8Array): BodyPart {
  const named = type.parameters.map(
    ({ name }) => [name.toLowerCase(), parameter(type.parameters, name) ?? ""] as const,
  );
  return {
    type: type.type,
    ...(named.length === 0 ? undefined : { parameters: Object.fromEntries(named) }),
    ...(disposition === undefined ? undefined : { disposition }),
    content,
  };
}

/** RFC 2046 §5.1.1: what stands between the delimiter lines; preamble and epilogue are ignored. */
function collectParts(
  type: MediaType,
  content: Uint8Array,
  depth: number,
  parts: BodyPart[],
): string | undefined {
  if (depth === messageLimits.bodyDepth) return "multipart bodies nested too deeply";
  const boundary = parameter(type.parameters, "boundary") ?? "";
  if (boundary === "" || boundary.length > 70) return "multipart without a usable boundary";
  const delimiter = utf8(`--${boundary}`);
  let at = delimiterAt(content, delimiter, 0);
  if (at < 0) return "multipart without its boundary";
  while (!isClosing(content, at + delimiter.length)) {
    const start = lineAfter(content, at + delimiter.length);
    const next = start < 0 ? -1 : delimiterAt(content, delimiter, start);
    if (next < 0) return "multipart without its end";
    const wrong = collectPart(content.subarray(start, Math.max(start, next - 2)), depth, parts);
    if (wrong !== undefined) return wrong;
    at = next;
  }
  return undefined;
}

function collectPart(entity: Uint8Array, depth: number, parts: BodyPart[]): string | undefined {
  // An entity that begins with an empty line has no headers.
  const bare = entity[0] === 13 && entity[1] === 10;
  const end = bare ? 2 : headEnd(entity, 0);
  if (end < 0) return "body part without an empty line";
  const index = indexHeaders(bare ? "" : decodeText(entity.subarray(0, end)), 0);
  return index.wrong ?? collect(indexedHeaders(index), entity.subarray(end), depth + 1, parts);
}

/** Index of the next delimiter that stands at the beginning of a line; -1 when there is none. */
function delimiterAt(content: Uint8Array, delimiter: Uint8Array, from: number): number {
  let at = content.indexOf(HYPHEN, from);
  for (; at >= 0; at = content.indexOf(HYPHEN, at + 1)) {
    const lineBegins = at === 0 || (content[at - 1] === 10 && content[at - 2] === 13);
    if (lineBegins && delimiter.every((octet, i) => content[at + i] === octet)) return at;
  }
  return -1;
}

function isClosing(content: Uint8Array, at: number): boolean {
  return content[at] === HYPHEN && content[at + 1] === HYPHEN;
}

/** Index after the blanks and the line end at `from`; -1 when something else stands there. */
function lineAfter(content: Uint8Array, from: number): number {
  let at = from;
  while (content[at] === 32 || content[at] === 9) at++;
  return content[at] === 13 && content[at + 1] === 10 ? at + 2 : -1;
}

function contentHeaders(part: BodyPart): readonly HeaderField[] {
  const parameters = Object.entries(part.parameters ?? {}).map(([name, value]) =>
    value === "" ? { name } : { name, value: parameterValue(value) },
  );
  const type = { name: "Content-Type", value: part.type + printParameters(parameters) };
  return part.disposition === undefined
    ? [type]
    : [type, { name: "Content-Disposition", value: part.disposition }];
}

/** The boundary, made longer until no body has it in it. */
function freeBoundary(bodies: readonly BodyPart[], boundary: string): string {
  let free = boundary;
  while (bodies.some(({ content }) => delimiterAt(content, utf8(`--${free}`), 0) >= 0)) free += "x";
  return free;
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const octets = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    octets.set(piece, at);
    at += piece.length;
  }
  return octets;
}

const HYPHEN = 45;
const CRLF = Uint8Array.of(13, 10);
const PLAIN_TEXT: MediaType = { type: "text/plain", parameters: [] };
// RFC 3261 §7.4.1: SIP carries octets; nothing needs to be armoured.
const IDENTITY_ENCODINGS = ["binary", "8bit", "7bit"];
