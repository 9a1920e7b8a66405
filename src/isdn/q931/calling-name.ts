import { ByteReader, ByteWriter } from "../../core/index.js";
import type { FacilityElement } from "./elements/text.js";

/**
 * The calling name of NI-2 (T1.641, GR-1367), as its Facility element: networking extensions, network
 * facility extension, interpretation, then the invoke of callingName.
 *
 *   9F | AA len { 80 source, 82 destination } | 8B 01 00 | A1 len { 02 invoke id, 02 01 00, name }
 *   name: 80 presentation allowed, 82 restricted: text; A1, A3 with a character set; 84 not available
 */
export function callingNameFacility(name: string, allowed: boolean): FacilityElement {
  const text = Uint8Array.from([...name].slice(0, LONGEST_NAME), (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xff ? 0x3f : code;
  });
  const components = new ByteWriter(32)
    .bytes(EXTENSION)
    .bytes([INVOKE, 8 + text.length, INTEGER, 1, 1, INTEGER, 1, CALLING_NAME])
    .uint8(allowed ? NAME_ALLOWED : NAME_RESTRICTED)
    .uint8(text.length)
    .bytes(text)
    .finish();
  return { kind: "facility", profile: NETWORKING_EXTENSIONS, components };
}

/** The name that may be shown, or undefined when the facility is about something else. */
export function callingName({ components }: FacilityElement): string | undefined {
  const from = new ByteReader(components);
  for (let part = readPart(from); part !== undefined; part = readPart(from))
    if (part.tag === INVOKE) return readInvoke(new ByteReader(part.contents));
  return undefined;
}

function readInvoke(from: ByteReader): string | undefined {
  const parts: Part[] = [];
  for (let part = readPart(from); part !== undefined; part = readPart(from)) parts.push(part);
  const operation = parts.findIndex(({ tag }, index) => index > 0 && tag === INTEGER);
  if (parts[operation]?.contents.length !== 1 || parts[operation].contents[0] !== CALLING_NAME)
    return undefined;
  const name = parts[operation + 1];
  if (name?.tag === NAME_ALLOWED) return textOf(name.contents);
  // With a character set: the name is the first octet string inside.
  if (name?.tag === NAME_ALLOWED_EXTENDED) {
    const inner = readPart(new ByteReader(name.contents));
    return inner?.tag === OCTET_STRING ? textOf(inner.contents) : undefined;
  }
  return undefined;
}

interface Part {
  readonly tag: number;
  readonly contents: Uint8Array;
}

/** A BER value with definite length of up to 255 octets; undefined at the end or when cut. */
function readPart(from: ByteReader): Part | undefined {
  const tag = from.uint8();
  const first = from.uint8();
  if (tag === undefined || first === undefined) return undefined;
  const length = first === 0x81 ? from.uint8() : first;
  if (length === undefined || (length > 0x7f && first !== 0x81)) return undefined;
  const contents = from.take(length);
  return contents === undefined ? undefined : { tag, contents };
}

function textOf(octets: Uint8Array): string {
  return [...octets]
    .filter((octet) => octet >= 0x20 && octet !== 0x7f)
    .map((octet) => String.fromCharCode(octet))
    .join("");
}

const NETWORKING_EXTENSIONS = 0x1f;
/** Network facility extension end to end, and "discard when not understood". */
const EXTENSION = [0xaa, 0x06, 0x80, 0x01, 0x00, 0x82, 0x01, 0x00, 0x8b, 0x01, 0x00];
const INVOKE = 0xa1;
const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const CALLING_NAME = 0;
const NAME_ALLOWED = 0x80;
const NAME_RESTRICTED = 0x82;
const NAME_ALLOWED_EXTENDED = 0xa1;
const LONGEST_NAME = 50;
