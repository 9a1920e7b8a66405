import { after, type Instant } from "../core/index.js";
import type { HeaderField } from "../sip/index.js";
import { milestone } from "./call-descriptions.js";
import type { CallEnd } from "./call-events.js";
import { type CallState, type CallStep, go, type StateOf } from "./call-state.js";

/** Ends the call from our side: CANCEL or BYE, as the stack sees fit. */
export function clear(
  state: CallState,
  why: string,
  now: Instant,
  headers: readonly HeaderField[] = [],
): CallStep {
  const { session } = state;
  return go(clearing(state, why, now), {
    kind: "session",
    command: { kind: "terminate", session, headers },
  });
}

/** A final failure to the INVITE that came in. */
export function reject(
  state: CallState,
  now: Instant,
  status: number,
  why: string,
  headers: readonly HeaderField[] = [],
): CallStep {
  const { session } = state;
  return go(clearing(state, why, now), {
    kind: "session",
    command: { kind: "reject", session, status, headers },
  });
}

export function finish(state: CallState, end: CallEnd): CallStep {
  const over: CallState = { name: "over", session: state.session, timers: {} };
  return go(over, { kind: "close-media" }, milestone({ kind: "ended", end }));
}

/** Nobody answers our CANCEL or BYE: the stack goes on trying, the phone has no more to say. */
export function endClearing(state: StateOf<"clearing">): CallStep {
  return finish(state, { by: "us", causes: [], why: state.why });
}

function clearing(state: CallState, why: string, now: Instant): StateOf<"clearing"> {
  return {
    name: "clearing",
    session: state.session,
    why,
    timers: { clearing: after(now, CLEARING_MS) },
  };
}

const CLEARING_MS = 4000;
