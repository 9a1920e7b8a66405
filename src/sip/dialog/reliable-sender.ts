import { after, type Instant, isDue, type Step, type Timers, type Wake } from "../../core/index.js";
import type { RAck } from "../message/index.js";

/**
 * Reliable provisional responses of the UAS (RFC 3262 §3). At most one is under way; further ones
 * queue until it is acknowledged, as §3 demands of the first and recommends of all others.
 */
export interface ReliableState<Provisional> {
  /** The RSeq of the next one. */
  readonly nextRSeq: number;
  readonly outstanding?: Outstanding<Provisional>;
  readonly queue: readonly Provisional[];
  /** How many were acknowledged. */
  readonly acknowledged: number;
  /** A final response went out: nothing is sent any more, but a PRACK still matches. */
  readonly closed: boolean;
  /** `retransmission`: T1 doubling. `abandonment`: 64*T1. */
  readonly timers: Timers<"retransmission" | "abandonment">;
}

export interface Outstanding<Provisional> {
  readonly provisional: Provisional;
  readonly rseq: number;
  readonly interval: number;
}

export type ReliableInput<Provisional> =
  | { readonly kind: "provisional"; readonly provisional: Provisional }
  | { readonly kind: "prack"; readonly rack: RAck }
  | { readonly kind: "final" };

export type ReliableOutput<Provisional> =
  | { readonly kind: "send"; readonly provisional: Provisional; readonly rseq: number }
  /** Sent again as it was. */
  | { readonly kind: "retransmit"; readonly rseq: number }
  | { readonly kind: "acknowledged"; readonly provisional: Provisional }
  | { readonly kind: "unmatched" }
  | { readonly kind: "overflow" }
  | { readonly kind: "abandoned" };

export interface ReliableParams {
  readonly T1: number;
  /** CSeq number of the INVITE. */
  readonly sequence: number;
  /** Reliable provisional responses that may wait. */
  readonly maximumQueue: number;
}

/** @param rseq random, 1 to 2^31 - 1 (RFC 3262 §3). */
export function startReliable<P>(rseq: number): ReliableState<P> {
  return { nextRSeq: rseq, queue: [], acknowledged: 0, closed: false, timers: {} };
}

export function stepReliable<P>(
  state: ReliableState<P>,
  input: ReliableInput<P> | Wake,
  now: Instant,
  params: ReliableParams,
): Step<ReliableState<P>, ReliableOutput<P>> {
  switch (input.kind) {
    case "provisional":
      if (state.closed) return { state, outputs: [] };
      if (state.outstanding === undefined) return send(state, input.provisional, now, params);
      if (state.queue.length >= params.maximumQueue) {
        return { state, outputs: [{ kind: "overflow" }] };
      }
      return { state: { ...state, queue: [...state.queue, input.provisional] }, outputs: [] };
    case "prack":
      return acknowledge(state, input.rack, now, params);
    case "final":
      // RFC 3262 §3: no retransmission after a final response, but its PRACK may still come.
      return { state: { ...state, queue: [], closed: true, timers: {} }, outputs: [] };
    case "wake":
      return wakeUp(state, now);
  }
}

/** RFC 3262 §3: RSeq, CSeq number and method must all match. */
export function matchesOutstanding<P>(
  state: ReliableState<P>,
  rack: RAck,
  params: ReliableParams,
): boolean {
  return (
    state.outstanding?.rseq === rack.rseq &&
    rack.cseq === params.sequence &&
    rack.method === "INVITE"
  );
}

function send<P>(
  state: ReliableState<P>,
  provisional: P,
  now: Instant,
  params: ReliableParams,
): Step<ReliableState<P>, ReliableOutput<P>> {
  const rseq = state.nextRSeq;
  return {
    state: {
      ...state,
      nextRSeq: rseq + 1,
      outstanding: { provisional, rseq, interval: params.T1 },
      timers: {
        retransmission: after(now, params.T1),
        abandonment: after(now, 64 * params.T1),
      },
    },
    outputs: [{ kind: "send", provisional, rseq }],
  };
}

function acknowledge<P>(
  state: ReliableState<P>,
  rack: RAck,
  now: Instant,
  params: ReliableParams,
): Step<ReliableState<P>, ReliableOutput<P>> {
  const { outstanding, ...rest } = state;
  if (outstanding === undefined || !matchesOutstanding(state, rack, params)) {
    return { state, outputs: [{ kind: "unmatched" }] };
  }
  const quiet = { ...rest, acknowledged: state.acknowledged + 1, timers: {} };
  const done: ReliableOutput<P> = {
    kind: "acknowledged",
    provisional: outstanding.provisional,
  };
  const next = state.queue[0];
  if (next === undefined || state.closed) return { state: quiet, outputs: [done] };
  const sent = send({ ...quiet, queue: state.queue.slice(1) }, next, now, params);
  return { state: sent.state, outputs: [done, ...sent.outputs] };
}

function wakeUp<P>(
  state: ReliableState<P>,
  now: Instant,
): Step<ReliableState<P>, ReliableOutput<P>> {
  const outstanding = state.outstanding;
  if (outstanding === undefined) return { state, outputs: [] };
  if (isDue(state.timers.abandonment, now)) {
    return {
      state: { ...state, queue: [], closed: true, timers: {} },
      outputs: [{ kind: "abandoned" }],
    };
  }
  if (!isDue(state.timers.retransmission, now)) return { state, outputs: [] };
  const interval = outstanding.interval * 2;
  return {
    state: {
      ...state,
      outstanding: { ...outstanding, interval },
      timers: { ...state.timers, retransmission: after(now, interval) },
    },
    outputs: [{ kind: "retransmit", rseq: outstanding.rseq }],
  };
}
