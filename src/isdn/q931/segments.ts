import { after, ByteReader, ByteWriter, type Instant } from "../../core/index.js";
import { element, type Message, type MessageType } from "./message.js";
import { messageRow } from "./message-rows.js";

/*
 * Message segmentation (Q.931 annex H): a message longer than a frame takes travels in up to eight
 * SEGMENT messages, each with the segmented message element in front of its part.
 *
 *   08 | 02 call reference | 60 | 00 02 first (1) remaining (7), message type | part of the message
 */

/** A message of which segments are missing; one at a time on an interface. */
export interface Reassembly {
  readonly reference: string;
  readonly head: Uint8Array;
  readonly messageType: number;
  readonly remaining: number;
  readonly parts: readonly Uint8Array[];
  /** T314. */
  readonly until: Instant;
}

export type SegmentResult =
  | { readonly kind: "waiting"; readonly reassembly: Reassembly }
  | { readonly kind: "whole"; readonly octets: Uint8Array }
  /** Out of order, or of another message: what there was is discarded (annex H.3). */
  | { readonly kind: "discarded"; readonly reason: string };

export function addSegment(
  message: Message,
  octets: Uint8Array,
  before: Reassembly | undefined,
  context: { readonly now: Instant; readonly t314: number },
): SegmentResult {
  const header = element(message, "segmented-message");
  const part = message.elements.find((one) => one.kind === "message-segment")?.octets;
  if (header === undefined || part === undefined)
    return { kind: "discarded", reason: "SEGMENT without a segment" };
  const { length, value, flag } = message.callReference;
  const reference = `${flag}${value}`;
  const continues =
    !header.first &&
    before?.reference === reference &&
    before.messageType === header.messageType &&
    before.remaining === header.remaining + 1;
  if (!header.first && !continues) return { kind: "discarded", reason: "SEGMENT out of order" };
  if (header.remaining > MOST_SEGMENTS - 1)
    return { kind: "discarded", reason: "more than eight segments" };
  const parts = header.first || before === undefined ? [part] : [...before.parts, part];
  const head = octets.slice(0, 2 + length);
  if (header.remaining === 0)
    return { kind: "whole", octets: join(head, header.messageType, parts) };
  const until = after(context.now, context.t314);
  const { messageType, remaining } = header;
  return {
    kind: "waiting",
    reassembly: { reference, head, messageType, remaining, parts, until },
  };
}

function join(head: Uint8Array, messageType: number, parts: readonly Uint8Array[]): Uint8Array {
  const to = new ByteWriter(512).bytes(head).uint8(messageType);
  for (const part of parts) to.bytes(part);
  return to.finish();
}

/**
 * The frames' worth of a message: itself where it fits, else its segments, cut between elements; undefined
 * when eight do not suffice.
 */
export function segmentsOf(
  octets: Uint8Array,
  type: MessageType,
  longest: number,
): readonly Uint8Array[] | undefined {
  if (octets.length <= longest) return [octets];
  const head = octets.slice(0, 2 + (octets[1] ?? 0));
  const room = longest - head.length - SEGMENT_HEADER;
  const parts = cut(octets.subarray(head.length + 1), room);
  if (parts === undefined || parts.length > MOST_SEGMENTS) return undefined;
  return parts.map((part, index) =>
    new ByteWriter(longest)
      .bytes(head)
      .bytes([SEGMENT, 0x00, 0x02])
      .uint8((index === 0 ? 0x80 : 0) | (parts.length - 1 - index))
      .uint8(messageRow(type).code)
      .bytes(part)
      .finish(),
  );
}

function cut(elements: Uint8Array, room: number): readonly Uint8Array[] | undefined {
  const parts: Uint8Array[] = [];
  const from = new ByteReader(elements);
  let start = 0;
  while (from.remaining > 0) {
    const at = from.offset;
    const code = from.uint8() ?? 0;
    if (code < 0x80) from.take(from.uint8() ?? 0);
    if (from.offset - at > room) return undefined;
    if (from.offset - start <= room) continue;
    parts.push(elements.subarray(start, at));
    start = at;
  }
  return [...parts, elements.subarray(start)];
}

const SEGMENT = 0x60;
const MOST_SEGMENTS = 8;
/** Message type and the segmented message element. */
const SEGMENT_HEADER = 5;
