import type { Instant } from "./instant.js";

/** A timer that has come due. */
export interface DueTimer<Owner, Name extends string> {
  readonly owner: Owner;
  readonly name: Name;
  readonly at: Instant;
}

/**
 * The timers of a collection: one binary heap keyed by owner and timer name. Setting a timer that
 * is armed moves it; times that are equal come due in the order in which they were set.
 */
export class TimerHeap<Owner, Name extends string = string> {
  readonly #heap: Entry<Owner, Name>[] = [];
  readonly #owners = new Map<Owner, Map<Name, Entry<Owner, Name>>>();
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  set(owner: Owner, name: Name, at: Instant): void {
    const named = this.#owners.get(owner) ?? new Map<Name, Entry<Owner, Name>>();
    this.#owners.set(owner, named);
    const armed = named.get(name);
    if (armed !== undefined) this.#removeAt(armed.index);
    const entry = { owner, name, at, order: this.#order++, index: this.#heap.length };
    named.set(name, entry);
    this.#heap.push(entry);
    this.#up(entry.index);
  }

  clear(owner: Owner, name: Name): void {
    const entry = this.#owners.get(owner)?.get(name);
    if (entry !== undefined) this.#remove(entry);
  }

  /** Stops every timer of an owner that is gone. */
  clearAll(owner: Owner): void {
    const named = this.#owners.get(owner);
    if (named === undefined) return;
    for (const entry of [...named.values()]) this.#remove(entry);
  }

  at(owner: Owner, name: Name): Instant | undefined {
    return this.#owners.get(owner)?.get(name)?.at;
  }

  next(): Instant | undefined {
    return this.#heap[0]?.at;
  }

  /** Takes the soonest timer whose time has come; undefined when none is due. */
  popDue(now: Instant): DueTimer<Owner, Name> | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    this.#remove(first);
    return { owner: first.owner, name: first.name, at: first.at };
  }

  #remove(entry: Entry<Owner, Name>): void {
    this.#removeAt(entry.index);
    const named = this.#owners.get(entry.owner);
    named?.delete(entry.name);
    if (named?.size === 0) this.#owners.delete(entry.owner);
  }

  #removeAt(index: number): void {
    const last = this.#heap.pop();
    if (last === undefined || index >= this.#heap.length) return;
    this.#place(last, index);
    this.#down(index);
    this.#up(last.index);
  }

  #up(start: number): void {
    let index = start;
    const entry = this.#heap[index];
    if (entry === undefined) return;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex] as Entry<Owner, Name>;
      if (!before(entry, parent)) break;
      this.#place(parent, index);
      index = parentIndex;
    }
    this.#place(entry, index);
  }

  #down(start: number): void {
    let index = start;
    const entry = this.#heap[index];
    if (entry === undefined) return;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      const child = left !== undefined && right !== undefined && before(right, left) ? right : left;
      if (child === undefined || !before(child, entry)) break;
      const childIndex = child.index;
      this.#place(child, index);
      index = childIndex;
    }
    this.#place(entry, index);
  }

  #place(entry: Entry<Owner, Name>, index: number): void {
    this.#heap[index] = entry;
    entry.index = index;
  }
}

interface Entry<Owner, Name> {
  readonly owner: Owner;
  readonly name: Name;
  readonly at: Instant;
  readonly order: number;
  index: number;
}

function before(a: { at: number; order: number }, b: { at: number; order: number }): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
