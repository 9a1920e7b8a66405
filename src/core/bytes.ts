/**
 * Reads octets with bounds that cannot be left: past the end every read gives undefined, and
 * nothing throws.
 */
export class ByteReader {
  readonly #octets: Uint8Array;
  #offset: number;
  readonly #end: number;

  constructor(octets: Uint8Array, start = 0, end = octets.length) {
    this.#octets = octets;
    this.#offset = start;
    this.#end = Math.min(end, octets.length);
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#end - this.#offset;
  }

  peek(ahead = 0): number | undefined {
    const at = this.#offset + ahead;
    return at < this.#end ? this.#octets[at] : undefined;
  }

  uint8(): number | undefined {
    return this.#offset < this.#end ? this.#octets[this.#offset++] : undefined;
  }

  uint16(): number | undefined {
    if (this.remaining < 2) return undefined;
    const value =
      ((this.#octets[this.#offset] as number) << 8) | (this.#octets[this.#offset + 1] as number);
    this.#offset += 2;
    return value;
  }

  uint32(): number | undefined {
    const high = this.remaining < 4 ? undefined : this.uint16();
    const low = high === undefined ? undefined : this.uint16();
    return high === undefined || low === undefined ? undefined : high * 0x1_0000 + low;
  }

  /** The next `length` octets as a view (no copy), or undefined when there are fewer. */
  take(length: number): Uint8Array | undefined {
    if (length < 0 || this.remaining < length) return undefined;
    const view = this.#octets.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return view;
  }

  /** All that is left, as a view. */
  rest(): Uint8Array {
    const view = this.#octets.subarray(this.#offset, this.#end);
    this.#offset = this.#end;
    return view;
  }
}

/** Writes octets into a buffer that grows. */
export class ByteWriter {
  #octets: Uint8Array;
  #length = 0;

  constructor(capacity = 64) {
    this.#octets = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  uint8(value: number): this {
    this.#reserve(1);
    this.#octets[this.#length++] = value;
    return this;
  }

  uint16(value: number): this {
    return this.uint8(value >>> 8).uint8(value);
  }

  uint32(value: number): this {
    return this.uint16(value >>> 16).uint16(value);
  }

  bytes(octets: ArrayLike<number>): this {
    this.#reserve(octets.length);
    this.#octets.set(octets, this.#length);
    this.#length += octets.length;
    return this;
  }

  /** Overwrites one octet already written: a length that is known only afterwards. */
  patchUint8(offset: number, value: number): this {
    if (offset >= this.#length) throw new RangeError(`patch at ${offset} past ${this.#length}`);
    this.#octets[offset] = value;
    return this;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#octets.slice(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#octets.length) return;
    const grown = new Uint8Array(Math.max(this.#octets.length * 2, this.#length + count));
    grown.set(this.#octets.subarray(0, this.#length));
    this.#octets = grown;
  }
}
