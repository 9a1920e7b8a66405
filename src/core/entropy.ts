/**
 * Identifiers from chance that is handed in: the driver stamps each input with 16 octets, and branch,
 * tag, Call-ID, RSeq, SSRC and call reference are derived from them, so that a log can be replayed.
 */
export class Entropy {
  readonly #state: Uint32Array;

  /** @param octets exactly 16 octets from a cryptographic source (in tests: any). */
  constructor(octets: Uint8Array) {
    if (octets.length !== 16) throw new RangeError(`entropy is 16 octets, not ${octets.length}`);
    const view = new DataView(octets.buffer, octets.byteOffset, 16);
    this.#state = new Uint32Array(4);
    for (let i = 0; i < 4; i++) this.#state[i] = view.getUint32(i * 4);
    // An all-zero state is a fixed point of the generator.
    if (this.#state.every((word) => word === 0)) this.#state[0] = 0x9e3779b9;
  }

  /** The next 32 bits (xoshiro128**). */
  uint32(): number {
    const s = this.#state;
    const s1 = s[1] as number;
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const t = s1 << 9;
    s[2] = (s[2] as number) ^ (s[0] as number);
    s[3] = (s[3] as number) ^ s1;
    s[1] = s1 ^ (s[2] as number);
    s[0] = (s[0] as number) ^ (s[3] as number);
    s[2] = (s[2] as number) ^ t;
    s[3] = rotateLeft(s[3] as number, 11);
    return result;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor((this.uint32() / 0x1_0000_0000) * (high - low + 1));
  }

  /** `length` characters that are safe in a SIP token, 5 bits of chance each. */
  token(length: number): string {
    let text = "";
    for (let i = 0; i < length; i++) text += TOKEN_ALPHABET[this.uint32() >>> 27];
    return text;
  }

  /** A child with 16 octets of its own, for a machine that draws later. */
  fork(): Entropy {
    const octets = new Uint8Array(16);
    const view = new DataView(octets.buffer);
    for (let i = 0; i < 4; i++) view.setUint32(i * 4, this.uint32());
    return new Entropy(octets);
  }
}

function rotateLeft(word: number, count: number): number {
  return (word << count) | (word >>> (32 - count));
}

const TOKEN_ALPHABET = "0123456789abcdefghijkmnpqrstuvwx";
