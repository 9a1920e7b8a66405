import { ByteReader } from "../../core/index.js";
import { Codeset } from "./codeset.js";
import type { Element, ElementKind, KnownElement, RawElement } from "./elements/element.js";
import type { ElementRow } from "./elements/row.js";
import { rowOfCode, rowOfKind } from "./elements/rows.js";
import type { CallReference, ElementFault, Parsed, Receiving } from "./message.js";
import {
  CALL_CONTROL,
  isMaintenance,
  type MessageRow,
  messageRow,
  messageRowOf,
  type Place,
} from "./message-rows.js";

/**
 * Reads a message as §5.8 demands of a receiver. Nothing throws, nothing is lost:
 * what cannot be read is kept raw, and `faults` says what was wrong.
 */
export function parseMessage(octets: Uint8Array, receiving: Receiving): Parsed {
  const from = new ByteReader(octets);
  // §5.8.2: too short for a complete message type element.
  if (octets.length < 3) return { kind: "ignored", reason: "too-short" };
  const discriminator = from.uint8();
  // §5.8.1; the maintenance discriminator is NI-2's alone.
  const maintenance = isMaintenance(discriminator) && receiving.profile === "ni2";
  if (discriminator !== CALL_CONTROL && !maintenance)
    return { kind: "ignored", reason: "discriminator" };
  const callReference = parseCallReference(from);
  if (callReference === undefined) return { kind: "ignored", reason: "call-reference" };
  const code = from.uint8();
  if (code === undefined) return { kind: "ignored", reason: "too-short" };
  // §4.4: bit 8 is reserved; an escape (0) to national types has no row either.
  const row = messageRowOf(discriminator, code);
  if (row === undefined) return { kind: "unknown-type", discriminator, callReference, code };
  const { elements, faults } = new ElementReader(from, row, receiving).read();
  const read = { type: row.type, callReference, elements };
  const message = row === messageRow(row.type) ? read : { ...read, discriminator };
  return { kind: "message", message, faults };
}

/** §5.8.3.1: bits 8 to 5 of octet 1 are 0; a length beyond ours is an invalid format. */
function parseCallReference(from: ByteReader): CallReference | undefined {
  const length = from.uint8();
  if (length === 0) return { length: 0, value: 0, flag: false };
  if (length === 1) {
    const octet = from.uint8();
    if (octet === undefined) return undefined;
    return { length: 1, value: octet & 0x7f, flag: octet >= 0x80 };
  }
  const octets = length === 2 ? from.uint16() : undefined;
  if (octets === undefined) return undefined;
  return { length: 2, value: octets & 0x7fff, flag: octets >= 0x8000 };
}

/** The elements of one message, with what must be remembered from one to the next. */
class ElementReader {
  readonly #from: ByteReader;
  readonly #row: MessageRow;
  readonly #receiving: Receiving;
  readonly #elements: Element[] = [];
  readonly #faults: ElementFault[] = [];
  readonly #count = new Map<ElementKind, number>();
  /** Mandatory elements of which only copies with faults were there. */
  readonly #spoiled = new Set<ElementKind>();
  readonly #codeset = new Codeset();
  #previous = -1;

  constructor(from: ByteReader, row: MessageRow, receiving: Receiving) {
    this.#from = from;
    this.#row = row;
    this.#receiving = receiving;
  }

  read(): { readonly elements: readonly Element[]; readonly faults: readonly ElementFault[] } {
    for (;;) {
      const code = this.#from.uint8();
      if (code === undefined) break;
      if ((code & 0xf0) === 0x90) {
        this.#shift(code);
        continue;
      }
      this.#element(code);
      this.#codeset.element();
      if (this.#row.type === "segment" && this.#count.has("segmented-message")) this.#segment();
    }
    this.#missing();
    return { elements: this.#elements, faults: this.#faults };
  }

  #shift(code: number): void {
    const locking = (code & 0x08) === 0;
    const codeset = code & 7;
    this.#elements.push({ kind: "shift", codeset, locking });
    if (!this.#codeset.shift(codeset, locking)) this.#fault("content", code, false);
    else if (locking) this.#previous = -1;
  }

  #element(code: number): void {
    const contents = this.#contents(code);
    const codeset = this.#codeset.next;
    if (contents === undefined) {
      const cut = { kind: "raw", codeset, code, contents: this.#from.rest().slice(), cut: true };
      this.#keepCut(cut as RawElement & { readonly cut: true });
      return;
    }
    const row = codeset === 0 ? rowOfCode(code) : undefined;
    if (row === undefined) this.#unrecognised({ kind: "raw", codeset, code, contents });
    else this.#known(row, { kind: "raw", codeset, code, contents });
  }

  /** Undefined when the message ends before the element does. */
  #contents(code: number): Uint8Array | undefined {
    if (code >= 0x80) return EMPTY;
    const length = this.#from.peek();
    if (length === undefined || this.#from.remaining < length + 1) return undefined;
    this.#from.uint8();
    return this.#from.take(length)?.slice();
  }

  #keepCut(raw: RawElement & { readonly cut: true }): void {
    this.#elements.push(raw);
    const row = raw.codeset === 0 ? rowOfCode(raw.code) : undefined;
    if (row === undefined) this.#unrecognisedFault(raw);
    else this.#contentFault(row, raw.code, false);
  }

  #unrecognised(raw: RawElement): void {
    this.#elements.push(raw);
    this.#unrecognisedFault(raw);
  }

  #unrecognisedFault({ codeset, code }: RawElement): void {
    // §4.5.3: codesets 6 and 7 belong to the local network and to the users; they may hold anything.
    if (codeset >= 6) return;
    this.#faults.push({
      ...NO_FAULT,
      fault: "unrecognised",
      codeset,
      code,
      // Table 4-3: reserved for elements whose comprehension is required.
      comprehensionRequired: codeset === 0 && (code & 0xf0) === 0,
    });
  }

  #known(row: ElementRow, raw: RawElement): void {
    const place = this.#place(row.kind);
    const late = row.format === "variable" && raw.code < this.#previous;
    if (row.format === "variable") this.#previous = raw.code;
    // §4.5.1: an element that is present but empty is treated as absent.
    if (row.format === "variable" && raw.contents.length === 0) {
      this.#elements.push(raw);
      return;
    }
    if (late) this.#fault("sequence", raw.code, isMandatory(place, this.#receiving));
    if (late && this.#receiving.sequence === "strict") {
      this.#elements.push(raw);
      return;
    }
    const count = (this.#count.get(row.kind) ?? 0) + 1;
    if (place !== undefined && count > place.times) {
      this.#elements.push(raw);
      this.#fault("duplicate", raw.code, false);
      return;
    }
    this.#readKnown(row, raw, place, count);
  }

  #readKnown(row: ElementRow, raw: RawElement, place: Place | undefined, count: number): void {
    const tooLong = raw.contents.length > row.maximum && row.format === "variable";
    const value = row.format === "value" ? Uint8Array.of(raw.code & 0xf) : raw.contents;
    const parsed = tooLong ? undefined : row.parse(value);
    if (parsed?.ok !== true) {
      this.#elements.push(raw);
      this.#contentFault(row, raw.code, tooLong);
      return;
    }
    this.#count.set(row.kind, count);
    this.#elements.push(parsed.value satisfies KnownElement);
    if (place === undefined) this.#fault("unexpected", raw.code, false);
  }

  /** The place of a kind in this message, or undefined where profile or direction have none. */
  #place(kind: ElementKind): Place | undefined {
    const place = this.#row.places[kind];
    const { profile, direction } = this.#receiving;
    if (place === undefined || (place.profile ?? profile) !== profile) return undefined;
    return place.directions === "both" || place.directions === direction ? place : undefined;
  }

  #contentFault(row: ElementRow, code: number, tooLong: boolean): void {
    const mandatory = isMandatory(this.#place(row.kind), this.#receiving);
    if (mandatory) this.#spoiled.add(row.kind);
    const accessInformation = tooLong && row.accessInformation === true;
    this.#faults.push({ ...NO_FAULT, fault: "content", code, mandatory, accessInformation });
  }

  #fault(fault: ElementFault["fault"], code: number, mandatory: boolean): void {
    this.#faults.push({ ...NO_FAULT, fault, code, mandatory });
  }

  /** Annex H: after the segmented message element come octets of another message. */
  #segment(): void {
    if (this.#from.remaining === 0) return;
    this.#elements.push({ kind: "message-segment", octets: this.#from.rest().slice() });
  }

  #missing(): void {
    for (const kind of Object.keys(this.#row.places) as ElementKind[]) {
      if (!isMandatory(this.#row.places[kind], this.#receiving)) continue;
      if (this.#count.has(kind) || this.#spoiled.has(kind)) continue;
      this.#fault("missing", rowOfKind(kind).code, true);
    }
  }
}

function isMandatory(place: Place | undefined, { direction }: Receiving): boolean {
  return place?.mandatory === "both" || place?.mandatory === direction;
}

const EMPTY = new Uint8Array(0);
const NO_FAULT = {
  codeset: 0,
  mandatory: false,
  comprehensionRequired: false,
  accessInformation: false,
} as const;
