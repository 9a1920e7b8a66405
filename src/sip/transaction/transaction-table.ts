import { type Instant, type Step, TimerHeap, type Wake } from "../../core/index.js";
import type { SipMessage, SipRequest, Via } from "../message/index.js";
import type { Flow } from "../session-events.js";
import type { InviteClientInput, InviteClientState, inviteClient } from "./invite-client.js";
import type { InviteServerState, inviteServer } from "./invite-server.js";
import type { ClientInput, MachineOutput, ServerInput } from "./machine-parts.js";
import type { NonInviteClientState, nonInviteClient } from "./non-invite-client.js";
import type { NonInviteServerState, nonInviteServer } from "./non-invite-server.js";
import type { TransactionId } from "./types.js";

/** One transaction: its machine, the state of it, and where its messages go. */
export type Entry = ClientEntry | ServerEntry;

interface Common {
  readonly id: TransactionId;
  /** Where what it sends goes. */
  flow: Flow;
  /** What was printed last: a retransmission is not printed again. */
  printed?: { readonly message: SipMessage; readonly octets: Uint8Array };
  deadline: Instant | undefined;
}

export type ClientEntry = Common & {
  readonly side: "client";
  /** As sent, with our Via. */
  request: SipRequest;
  /** UDP, when a large request was moved to a stream (RFC 3261 §18.1.1). */
  fallback?: Flow;
} & (
    | {
        readonly kind: "invite";
        machine: ReturnType<typeof inviteClient>;
        state: InviteClientState;
      }
    | {
        readonly kind: "non-invite";
        machine: ReturnType<typeof nonInviteClient>;
        state: NonInviteClientState;
      }
  );

export type ServerEntry = Common & {
  readonly side: "server";
  /** The topmost Via with received and rport. */
  readonly via: Via;
  readonly mergeKey: string;
  /** To tag of the last response, for the ACK of RFC 2543 peers (§17.2.3). */
  toTag?: string;
  /** A new connection was asked for already (§18.2.2). */
  reconnected: boolean;
} & (
    | {
        readonly kind: "invite";
        readonly machine: ReturnType<typeof inviteServer>;
        state: InviteServerState;
      }
    | {
        readonly kind: "non-invite";
        readonly machine: ReturnType<typeof nonInviteServer>;
        state: NonInviteServerState;
      }
  );

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

function deadlineOf(entry: Entry): Instant | undefined {
  if (entry.side === "client")
    return entry.kind === "invite"
      ? entry.machine.deadline(entry.state)
      : entry.machine.deadline(entry.state);
  return entry.kind === "invite"
    ? entry.machine.deadline(entry.state)
    : entry.machine.deadline(entry.state);
}

/** Steps a client's machine; a non-INVITE one cannot be cancelled. */
export function stepClient(
  entry: ClientEntry,
  input: InviteClientInput | Wake,
  now: Instant,
): readonly MachineOutput[] {
  if (entry.kind === "invite") return took(entry, entry.machine.step(entry.state, input, now));
  if (input.kind === "cancelled") return [];
  const narrowed: ClientInput | Wake = input;
  return took(entry, entry.machine.step(entry.state, narrowed, now));
}

export function stepServer(
  entry: ServerEntry,
  input: ServerInput | Wake,
  now: Instant,
): readonly MachineOutput[] {
  return entry.kind === "invite"
    ? took(entry, entry.machine.step(entry.state, input, now))
    : took(entry, entry.machine.step(entry.state, input, now));
}

function took<State>(
  entry: { state: State },
  step: Step<State, MachineOutput>,
): readonly MachineOutput[] {
  entry.state = step.state;
  return step.outputs;
}
