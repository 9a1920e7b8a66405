import { cause as ownCause, timerCause } from "../../call/index.js";
import { clear, disconnect, end } from "./call-clearing.js";
import {
  anomaly,
  arm,
  type CallContext,
  type CallOutput,
  type CallState,
  type CallStep,
  go,
  stay,
  stop,
  type TimerHandler,
} from "./call-state.js";
import { enquire } from "./call-status.js";

/** What became of the data link, as a call sees it (§5.8.8, §5.8.9). */
export function changeLink(
  state: CallState,
  change: "lost" | "restored" | "reset",
  context: CallContext,
): CallStep {
  if (change === "lost") return lost(state, context);
  return change === "restored" ? restored(state, context) : reset(state, context);
}

/** §5.8.9: active calls are kept for T309, all others are cleared inside. */
function lost(state: CallState, context: CallContext): CallStep {
  if (state.linkLost) return stay(state);
  if (state.phase !== "active" || context.timers.T309 === null)
    return end(state, outOfOrder(context), ...repair(state));
  return go(state, { linkLost: true, timers: arm({}, "T309", context) });
}

/** The link is back in time: what waited is done, and both ends compare states. */
function restored(state: CallState, context: CallContext): CallStep {
  if (!state.linkLost) return stay(state);
  const back = { ...state, linkLost: false, timers: stop(state.timers, "T309") };
  if (back.cause !== undefined) return disconnect(back, back.cause, context);
  return context.profile.enquiresAfterLoss ? enquire(back, context) : stay(back);
}

/** §5.8.8: messages may be lost; a number under way cannot be trusted. */
function reset(state: CallState, context: CallContext): CallStep {
  if (state.phase === "overlap") {
    const cause = ownCause(41, context.location, "data link reset");
    return clear(state, { far: cause, user: cause }, context);
  }
  const enquires = state.phase === "active" && context.profile.enquiresAfterLoss;
  return enquires ? enquire(state, context) : stay(state);
}

const linkGone: TimerHandler = (state, context) => {
  const cause = timerCause("T309", context.location, 27);
  return end(state, cause, anomaly("T309 expired", cause), ...repair(state));
};

export const linkTimers = { T309: linkGone } as const;

/** The far end was told nothing and may hold the channel still: RESTART settles that (§5.5). */
function repair({ channel }: CallState): readonly CallOutput[] {
  return channel === undefined ? [] : [{ kind: "repair", timeslot: channel.timeslot }];
}

function outOfOrder({ location }: CallContext) {
  return ownCause(27, location, "data link lost");
}
