import { type Instant, TimerHeap } from "../../core/index.js";
import { type ClientEntry, deadlineOf, type Entry, type ServerEntry } from "./transaction-entry.js";
import type { TransactionId } from "./types.js";

/** The transactions alive, their timers, and which requests they are of. */
export class TransactionTable {
  readonly #entries = new Map<TransactionId, Entry>();
  readonly #heap = new TimerHeap<TransactionId, "next">();
  /** Merge key to the first transaction of that request (RFC 3261 §8.2.2.2). */
  readonly #requests = new Map<string, TransactionId>();

  get size(): number {
    return this.#entries.size;
  }

  find(id: TransactionId): Entry | undefined {
    return this.#entries.get(id);
  }

  findClient(id: TransactionId): ClientEntry | undefined {
    const entry = this.#entries.get(id);
    return entry?.side === "client" ? entry : undefined;
  }

  findServer(id: TransactionId): ServerEntry | undefined {
    const entry = this.#entries.get(id);
    return entry?.side === "server" ? entry : undefined;
  }

  /** Whether another transaction has a copy of that request. */
  isMerged(mergeKey: string): boolean {
    return this.#requests.has(mergeKey);
  }

  add(entry: Entry): void {
    this.#entries.set(entry.id, entry);
    if (entry.side === "server" && !this.#requests.has(entry.mergeKey))
      this.#requests.set(entry.mergeKey, entry.id);
    this.arm(entry);
  }

  remove(entry: Entry): void {
    this.#entries.delete(entry.id);
    this.#heap.clearAll(entry.id);
    if (entry.side === "server" && this.#requests.get(entry.mergeKey) === entry.id)
      this.#requests.delete(entry.mergeKey);
  }

  /** Brings the heap to what the entry's state says. */
  arm(entry: Entry): void {
    const next = deadlineOf(entry);
    if (next === entry.deadline) return;
    entry.deadline = next;
    if (next === undefined) this.#heap.clear(entry.id, "next");
    else this.#heap.set(entry.id, "next", next);
  }

  deadline(): Instant | undefined {
    return this.#heap.next();
  }

  popDue(now: Instant): Entry | undefined {
    const due = this.#heap.popDue(now);
    const entry = due === undefined ? undefined : this.#entries.get(due.owner);
    if (entry !== undefined) entry.deadline = undefined;
    return entry;
  }
}
