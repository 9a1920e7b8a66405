import { after, type Instant, isDue, type Step, type Timers, type Wake } from "../../core/index.js";

/**
 * The 2xx of the UAS, sent again until its ACK comes (RFC 3261 §13.3.1.4), over every transport:
 * from T1 doubling to T2, for 64*T1.
 */
export interface AcceptState {
  readonly interval: number;
  readonly timers: Timers<"retransmission" | "abandonment">;
}

export type AcceptOutput = { readonly kind: "retransmit" } | { readonly kind: "abandoned" };

export interface AcceptParams {
  readonly T1: number;
  readonly T2: number;
}

export function startAccept(now: Instant, params: AcceptParams): AcceptState {
  return {
    interval: params.T1,
    timers: {
      retransmission: after(now, params.T1),
      abandonment: after(now, 64 * params.T1),
    },
  };
}

export function stepAccept(
  state: AcceptState,
  _input: Wake,
  now: Instant,
  params: AcceptParams,
): Step<AcceptState, AcceptOutput> {
  if (isDue(state.timers.abandonment, now)) {
    return { state: { ...state, timers: {} }, outputs: [{ kind: "abandoned" }] };
  }
  if (!isDue(state.timers.retransmission, now)) return { state, outputs: [] };
  const interval = Math.min(state.interval * 2, params.T2);
  return {
    state: { interval, timers: { ...state.timers, retransmission: after(now, interval) } },
    outputs: [{ kind: "retransmit" }],
  };
}
