import {
  after,
  type Instant,
  isDue,
  type Machine,
  type Step,
  type Timers,
  type Wake,
} from "../core/index.js";

/**
 * Whether a span's bearers can be used: an alarm that lasts longer than its persistence fails the
 * span; it is restored as soon as the alarm is over. Short alarms touch no call.
 */
export interface SpanAlarmState {
  readonly name: "good" | "suspect" | "failed";
  readonly timers: Timers<"persistence">;
}

/** `los` and `ais` mean that nothing is received; `rai` and `none` that it is. */
export interface SpanAlarmInput {
  readonly kind: "alarm";
  readonly alarm: "none" | "los" | "ais" | "rai";
}

export type SpanAlarmOutput = { readonly kind: "span-failed" } | { readonly kind: "span-restored" };

export const spanGood: SpanAlarmState = { name: "good", timers: {} };

/** @param persistenceMs how long an alarm is borne; 2.5 s is usual (G.775, ETS 300 011). */
export function spanAlarm(
  persistenceMs = 2500,
): Machine<SpanAlarmState, SpanAlarmInput, SpanAlarmOutput> {
  return {
    step: (state, input, now) => step(persistenceMs, state, input, now),
    deadline: (state) => state.timers.persistence,
  };
}

function step(
  persistenceMs: number,
  state: SpanAlarmState,
  input: SpanAlarmInput | Wake,
  now: Instant,
): Step<SpanAlarmState, SpanAlarmOutput> {
  if (input.kind === "wake") {
    if (!isDue(state.timers.persistence, now)) return { state, outputs: [] };
    return { state: { name: "failed", timers: {} }, outputs: [{ kind: "span-failed" }] };
  }
  const receiving = input.alarm === "none" || input.alarm === "rai";
  if (receiving) {
    return { state: spanGood, outputs: state.name === "failed" ? [{ kind: "span-restored" }] : [] };
  }
  if (state.name !== "good") return { state, outputs: [] };
  const persistence = after(now, persistenceMs);
  return { state: { name: "suspect", timers: { persistence } }, outputs: [] };
}
