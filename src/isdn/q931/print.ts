import { ByteWriter, invariant } from "../../core/index.js";
import { Codeset } from "./codeset.js";
import type { Element } from "./elements/element.js";
import { identifierOf, rowOfKind } from "./elements/rows.js";
import type { CallReference, Message, MessageType } from "./message.js";
import { messageRow } from "./message-rows.js";

/** A message with its elements in ascending order of their identifiers, as §4.5.1 demands. */
export function composeMessage(
  type: MessageType,
  callReference: CallReference,
  elements: readonly Element[],
  discriminator?: number,
): Message {
  const message = { type, callReference, elements: sortElements(elements) };
  return discriminator === undefined ? message : { ...message, discriminator };
}

/**
 * The octets of a message, elements in the order given. A shift is put in where an element is of
 * another codeset than the one that holds. Throws only on contents longer than a length octet can say.
 */
export function printMessage(message: Message): Uint8Array {
  const row = messageRow(message.type, message.discriminator);
  const to = new ByteWriter(128).uint8(row.discriminator);
  printCallReference(to, message.callReference);
  to.uint8(row.code);
  const holds = new Codeset();
  for (const element of message.elements) {
    if (element.kind === "shift") {
      holds.shift(element.codeset, element.locking);
      to.uint8(0x90 | (element.locking ? 0 : 0x08) | (element.codeset & 7));
      continue;
    }
    const codeset = element.kind === "raw" ? element.codeset : 0;
    if (codeset !== holds.next && element.kind !== "message-segment") to.uint8(0x98 | codeset);
    printElement(to, element);
    holds.element();
  }
  return to.finish();
}

function printElement(to: ByteWriter, element: Exclude<Element, { kind: "shift" }>): void {
  if (element.kind === "message-segment") {
    to.bytes(element.octets);
  } else if (element.kind === "raw") {
    to.uint8(element.code);
    if (element.cut !== true && element.code < 0x80) printLength(to, element.contents);
    to.bytes(element.contents);
  } else {
    const row = rowOfKind(element.kind);
    to.uint8(identifierOf(element));
    if (row.format !== "variable") return;
    const contents = row.print(element);
    printLength(to, contents);
    to.bytes(contents);
  }
}

function printLength(to: ByteWriter, contents: Uint8Array): void {
  invariant(contents.length <= 0xff, `an element's contents of ${contents.length} octets`);
  to.uint8(contents.length);
}

function printCallReference(to: ByteWriter, { length, value, flag }: CallReference): void {
  to.uint8(length);
  const sign = flag ? 0x80 : 0;
  if (length === 1) to.uint8(sign | (value & 0x7f));
  if (length === 2) to.uint8(sign | ((value >> 8) & 0x7f)).uint8(value);
}

/**
 * Codeset first, then the place of the identifier; a repeat indicator stays before the element that
 * it speaks of. Shifts that were received are dropped: the printer puts in what is needed.
 */
function sortElements(elements: readonly Element[]): readonly Element[] {
  const groups: { readonly order: number; readonly group: Element[] }[] = [];
  let repeated: Element[] = [];
  for (const element of elements) {
    if (element.kind === "shift") continue;
    if (element.kind === "repeat-indicator") {
      repeated.push(element);
      continue;
    }
    groups.push({ order: orderOf(element), group: [...repeated, element] });
    repeated = [];
  }
  groups.sort((a, b) => a.order - b.order);
  return [...groups.flatMap(({ group }) => group), ...repeated];
}

function orderOf(element: Exclude<Element, { kind: "shift" }>): number {
  if (element.kind === "message-segment") return Number.POSITIVE_INFINITY;
  if (element.kind === "raw") return element.codeset * 0x100 + singleFirst(element.code);
  return singleFirst(rowOfKind(element.kind).code);
}

/** Single octet elements come first: Sending complete stands before all others in table 3-15. */
function singleFirst(code: number): number {
  return code >= 0x80 ? code - 0x100 : code;
}
