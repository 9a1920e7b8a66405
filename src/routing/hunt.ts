import type { HuntOrder } from "../call/index.js";

/** A set of small numbers, one bit each. */
export class BitSet {
  readonly #words: Uint32Array;

  constructor(readonly size: number) {
    this.#words = new Uint32Array((size + 31) >>> 5);
  }

  add(index: number): void {
    this.#words[index >>> 5] = ((this.#words[index >>> 5] ?? 0) | (1 << (index & 31))) >>> 0;
  }

  delete(index: number): void {
    this.#words[index >>> 5] = ((this.#words[index >>> 5] ?? 0) & ~(1 << (index & 31))) >>> 0;
  }

  has(index: number): boolean {
    return ((this.#words[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
  }

  /** The lowest member not below `from` that is also in `mask`. */
  first(from = 0, mask?: BitSet): number | undefined {
    let word = this.#masked(from >>> 5, mask) & (-1 << (from & 31));
    for (let at = from >>> 5; at < this.#words.length; word = this.#masked(++at, mask)) {
      if (word !== 0) return (at << 5) + 31 - Math.clz32(word & -word);
    }
    return undefined;
  }

  /** The highest member that is also in `mask`. */
  last(mask?: BitSet): number | undefined {
    for (let at = this.#words.length - 1; at >= 0; at--) {
      const word = this.#masked(at, mask);
      if (word !== 0) return (at << 5) + 31 - Math.clz32(word);
    }
    return undefined;
  }

  #masked(at: number, mask: BitSet | undefined): number {
    const word = this.#words[at] ?? 0;
    return mask === undefined ? word : word & (mask.#words[at] ?? 0);
  }
}

/** Which circuits may be hunted, and which of them is next by the order of the group. */
export class Hunt {
  readonly #order: HuntOrder;
  readonly #free: BitSet;
  readonly #odd: BitSet;
  readonly #even: BitSet;
  readonly #queue: IdleQueue;
  #next = 0;

  /** `numbers`: of each circuit its CIC or timeslot, for the odd and the even first. */
  constructor(order: HuntOrder, numbers: readonly number[]) {
    this.#order = order;
    this.#free = new BitSet(numbers.length);
    this.#odd = new BitSet(numbers.length);
    this.#even = new BitSet(numbers.length);
    this.#queue = new IdleQueue(numbers.length);
    numbers.forEach((number, index) => {
      (number % 2 === 1 ? this.#odd : this.#even).add(index);
    });
  }

  /** A circuit became free to be hunted; it has been idle the least. */
  add(index: number): void {
    if (this.#free.has(index)) return;
    this.#free.add(index);
    this.#queue.push(index);
  }

  delete(index: number): void {
    if (!this.#free.has(index)) return;
    this.#free.delete(index);
    this.#queue.remove(index);
  }

  has(index: number): boolean {
    return this.#free.has(index);
  }

  get isEmpty(): boolean {
    return this.#free.first() === undefined;
  }

  /** The circuit to take next, among `mask` when given. It stays free until deleted. */
  pick(mask?: BitSet): number | undefined {
    switch (this.#order) {
      case "lowest":
        return this.#free.first(0, mask);
      case "highest":
        return this.#free.last(mask);
      case "cyclic":
        return this.#cyclic(mask);
      case "longest-idle":
        return this.#queue.first(mask);
      case "odd-first":
        return this.#firstOf(this.#odd, mask) ?? this.#free.first(0, mask);
      case "even-first":
        return this.#firstOf(this.#even, mask) ?? this.#free.first(0, mask);
    }
  }

  #cyclic(mask: BitSet | undefined): number | undefined {
    const found = this.#free.first(this.#next, mask) ?? this.#free.first(0, mask);
    if (found !== undefined) this.#next = found + 1;
    return found;
  }

  #firstOf(half: BitSet, mask: BitSet | undefined): number | undefined {
    let found = this.#free.first(0, half);
    while (found !== undefined && mask !== undefined && !mask.has(found))
      found = this.#free.first(found + 1, half);
    return found;
  }
}

/** Free circuits in the order in which they became so: a doubly linked list in two arrays. */
class IdleQueue {
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #head: number;

  constructor(size: number) {
    this.#head = size;
    this.#next = new Int32Array(size + 1).fill(size);
    this.#previous = new Int32Array(size + 1).fill(size);
  }

  push(index: number): void {
    const last = this.#previous[this.#head] ?? this.#head;
    this.#next[last] = index;
    this.#previous[index] = last;
    this.#next[index] = this.#head;
    this.#previous[this.#head] = index;
  }

  remove(index: number): void {
    const next = this.#next[index] ?? this.#head;
    const previous = this.#previous[index] ?? this.#head;
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  first(mask: BitSet | undefined): number | undefined {
    let at = this.#next[this.#head] ?? this.#head;
    while (at !== this.#head && mask !== undefined && !mask.has(at))
      at = this.#next[at] ?? this.#head;
    return at === this.#head ? undefined : at;
  }
}
