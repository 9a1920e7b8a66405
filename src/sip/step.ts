import { FaultAbout, type Stamp } from "../core/index.js";
import type { ResolveQuery, StepSink } from "./dialog/index.js";
import type { Flow, SessionEvent, SessionId } from "./session-events.js";
import type { TransactionId, TransactionOutput } from "./transaction/index.js";

/** What the world must do, and what the user is told. */
export type SipOutput =
  | {
      readonly kind: "send";
      readonly flow: Flow;
      readonly octets: Uint8Array;
      /** Name it in the `transport-error` when it cannot be sent. */
      readonly transaction?: TransactionId;
      /** A request that nothing came in answer to: find out whether it can come there at all. */
      readonly repeated?: true;
    }
  /** Nothing more can be understood on this stream: close it once what was sent is out. */
  | { readonly kind: "close-stream"; readonly flow: Flow }
  | { readonly kind: "session"; readonly event: SessionEvent }
  /** An invariant of ours is broken; what came of the step besides holds. */
  | { readonly kind: "fault"; readonly error: unknown }
  | ({ readonly kind: "resolve" } & ResolveQuery)
  | {
      readonly kind: "trace";
      readonly direction: "in" | "out";
      readonly flow: Flow;
      readonly octets: Uint8Array;
      readonly session?: SessionId;
    }
  | {
      /** Something that should not have been, and was dealt with: for counters and logs. */
      readonly kind: "anomaly";
      readonly what: string;
      readonly detail?: string;
      readonly session?: SessionId;
    };

/** What a stack counts, for metrics. */
export interface StackCounters {
  messagesIn: number;
  messagesOut: number;
  /** Could not be read; `refused` counts those that were answered. */
  malformed: number;
  strayResponses: number;
  strayAcks: number;
  /** Requests that the stack refused itself, by status. */
  readonly refused: Map<number, number>;
  readonly anomalies: Map<string, number>;
}

export function startCounters(): StackCounters {
  return {
    messagesIn: 0,
    messagesOut: 0,
    malformed: 0,
    strayResponses: 0,
    strayAcks: 0,
    refused: new Map(),
    anomalies: new Map(),
  };
}

export function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** One input of a stack until all that follows from it is done: collects the outputs. */
export class StackStep implements StepSink {
  readonly stamp: Stamp;
  session: SessionId | undefined;
  /** What the transaction layer said and nobody heard yet. */
  readonly pending: TransactionOutput[] = [];
  readonly #outputs: SipOutput[] = [];
  readonly #counters: StackCounters;
  readonly #arrived: { readonly flow: Flow; readonly octets: Uint8Array } | undefined;

  constructor(
    stamp: Stamp,
    counters: StackCounters,
    arrived?: { readonly flow: Flow; readonly octets: Uint8Array },
  ) {
    this.stamp = stamp;
    this.#counters = counters;
    this.#arrived = arrived;
  }

  emit(event: SessionEvent): void {
    if ("session" in event) this.session = event.session;
    this.#outputs.push({ kind: "session", event });
  }

  /** @param what one of a few; whatever the peer wrote belongs in `detail`. */
  anomaly(what: string, detail?: string): void {
    count(this.#counters.anomalies, what);
    const more = detail === undefined ? {} : { detail };
    this.#outputs.push({ kind: "anomaly", what, ...more, ...this.#about() });
  }

  /** Does one piece of the step; a fault of ours in it is its session's, and the others go on. */
  contain(work: () => void): void {
    try {
      work();
    } catch (error) {
      const { session } = this;
      const about = session === undefined ? error : new FaultAbout(session, error);
      this.#outputs.push({ kind: "fault", error: about });
    }
  }

  resolve(query: ResolveQuery): void {
    this.#outputs.push({ kind: "resolve", ...query });
  }

  follow(outputs: readonly TransactionOutput[]): void {
    for (const output of outputs) {
      if (output.kind !== "send") {
        this.pending.push(output);
        continue;
      }
      const { flow, octets, transaction, repeated } = output;
      const named = {
        ...(transaction === undefined ? {} : { transaction }),
        ...(repeated === undefined ? {} : { repeated }),
      };
      this.#counters.messagesOut++;
      this.#outputs.push({ kind: "send", flow, octets, ...named });
      this.#outputs.push({ kind: "trace", direction: "out", flow, octets, ...this.#about() });
    }
  }

  /** All outputs; the message that came is traced first, when it is known what it was about. */
  finish(): readonly SipOutput[] {
    if (this.#arrived === undefined) return this.#outputs;
    const { flow, octets } = this.#arrived;
    return [{ kind: "trace", direction: "in", flow, octets, ...this.#about() }, ...this.#outputs];
  }

  #about(): { readonly session?: SessionId } {
    return this.session === undefined ? {} : { session: this.session };
  }
}
