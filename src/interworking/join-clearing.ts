import {
  type Cause,
  type Disconnect,
  type Extras,
  isInBand,
  type ProgressIndicator,
  type Release,
} from "../call/index.js";
import type { Side, Tone } from "./join.js";
import {
  arm,
  canTake,
  change,
  mark,
  NOTHING,
  other,
  play,
  type Run,
  SPEECH,
  setPresence,
  stop,
  tell,
} from "./join-state.js";

/** Both legs are cleared, from wherever the call is; said by us, not by one of them. */
export function hangUp(run: Run, cause: Cause, by: Side | "gateway" = "gateway"): void {
  begin(run, cause, by);
  stop(run, "tones");
  play(run, { toA: NOTHING, toB: NOTHING });
  clearLeg(run, "b", cause);
  clearLeg(run, "a", cause);
  conclude(run);
}

/** The call cannot be: leg a is told, with a tone where we are its exchange (RFC 3666 §3.6). */
export function fail(run: Run, cause: Cause, by: Side | "gateway"): void {
  const { a, answered } = run.state;
  const { failureTones, tonesMs } = run.params;
  begin(run, cause, by);
  clearLeg(run, "b", cause);
  const tone = TONES.get(cause.value) ?? "congestion";
  const isTold = failureTones && tonesMs > 0 && !answered && a.traits.signalling === "isdn-network";
  if (isTold && cause.value !== NORMAL_CLEARING) {
    // Q.931 §5.4.3: DISCONNECT with progress indicator 8; leg a releases when it has heard enough
    const { carried } = run.state;
    tell(run, "a", { kind: "disconnect", cause, progress: [TONE_OF_OURS], ...carried });
    setPresence(run, "a", "disconnected");
    change(run, { player: "us" });
    play(run, { toA: { kind: "tone", tone }, toB: NOTHING });
    arm(run, "tones", tonesMs);
  } else {
    play(run, { toA: NOTHING, toB: NOTHING });
    clearLeg(run, "a", cause);
  }
  conclude(run);
}

/** A leg wants to end the call; what it plays meanwhile stays audible (Q.931 §5.3.4.1). */
export function receiveDisconnect(run: Run, side: Side, event: Disconnect): void {
  const { cause, progress } = event;
  const { answered, phase } = run.state;
  const isHeard = side === "b" ? isAudible(run, event) : answered && isAudible(run, event);
  if (phase === "clearing") {
    release(run, side, cause);
    endClearing(run, side);
    return;
  }
  carry(run, event);
  if (isHeard) {
    begin(run, cause, side);
    keepTones(run, side, event, progress ?? []);
  } else {
    release(run, side, cause);
    if (side === "b" && !answered) fail(run, cause, side);
    else hangUp(run, cause, side);
  }
}

/** A leg is gone. */
export function receiveRelease(run: Run, side: Side, event: Release): void {
  const { cause } = event;
  setPresence(run, side, "gone");
  const { phase, answered } = run.state;
  if (phase === "clearing") {
    adoptSteps(run, cause);
    endClearing(run, side);
    return;
  }
  carry(run, event);
  if (side === "b" && !answered) {
    fail(run, cause, side);
  } else {
    hangUp(run, cause, side);
  }
}

/** The tones were heard long enough. */
export function endTones(run: Run): void {
  const { cause } = run.state;
  if (cause !== undefined) hangUp(run, cause);
}

/** A leg that never said that it is gone is given up, so that the call ends. */
export function giveUp(run: Run): void {
  setPresence(run, "a", "gone");
  setPresence(run, "b", "gone");
  change(run, { seizing: false });
  conclude(run);
}

/** The end, once both legs are gone and nothing is awaited. */
export function conclude(run: Run): void {
  const { a, b, cause, by, seizing, phase } = run.state;
  if (phase === "over" || cause === undefined || seizing) return;
  if (a.presence !== "gone" || (b !== undefined && b.presence !== "gone")) return;
  change(run, { phase: "over", timers: {} });
  run.outputs.push({ kind: "ended", cause, by: by ?? "gateway" });
}

/** Clearing begins; the first cause is the call's. */
function begin(run: Run, cause: Cause, by: Side | "gateway"): void {
  if (run.state.phase === "clearing") return;
  change(run, { phase: "clearing", cause, by, timers: {} });
  arm(run, "clearing-guard", run.params.clearingGuardMs);
  mark(run, "clearing");
}

/** A leg leaves while the call is cleared; without who plays or hears them tones are over. */
function endClearing(run: Run, side: Side): void {
  const { timers, player } = run.state;
  const isConcerned = player !== "us" || side === "a";
  if (timers.tones !== undefined && isConcerned) endTones(run);
  else conclude(run);
}

/** In-band tones of a leg that disconnected: the other leg goes on hearing them. */
function keepTones(
  run: Run,
  side: Side,
  { cause }: Disconnect,
  progress: readonly ProgressIndicator[],
): void {
  if (run.state[other(side)]?.traits.signalling === "isdn-network") {
    tell(run, other(side), { kind: "disconnect", cause, progress, ...run.state.carried });
    setPresence(run, other(side), "disconnected");
  } else if (!run.state.answered) {
    // A caller that is no exchange's subscriber of ours is given early media (RFC 3666 §2.5)
    tell(run, other(side), { kind: "progress", cause, progress });
  }
  const speech = { toA: NOTHING, toB: NOTHING, [side === "b" ? "toA" : "toB"]: SPEECH };
  setPresence(run, side, "disconnected");
  change(run, { player: side });
  play(run, speech);
  arm(run, "tones", run.params.tonesMs);
}

/** A call that was answered and ends normally is not kept up for a tone. */
function isAudible(run: Run, { progress, cause }: Disconnect): boolean {
  const isNormalEnd = run.state.answered && cause.value === NORMAL_CLEARING;
  return run.params.tonesMs > 0 && isInBand(progress) && !isNormalEnd;
}

/** What ends the call may bring more than its cause: charges (EN 300 182-1), user-user, a text. */
function carry(run: Run, { display, userUser, facility }: Extras): void {
  change(run, {
    carried: {
      ...(display === undefined ? {} : { display }),
      ...(userUser === undefined ? {} : { userUser }),
      ...(facility === undefined ? {} : { facility }),
    },
  });
}

function clearLeg(run: Run, side: Side, cause: Cause): void {
  if (run.state[side]?.presence === "disconnected") {
    release(run, side, cause);
    return;
  }
  const { by, carried } = run.state;
  tell(run, side, { kind: "disconnect", cause, ...(by === side ? {} : carried) });
  if (canTake(run.state[side])) setPresence(run, side, "clearing");
}

/** The answer to a leg's own disconnect. */
function release(run: Run, side: Side, cause: Cause): void {
  tell(run, side, { kind: "release", cause });
  if (canTake(run.state[side])) setPresence(run, side, "clearing");
}

/** A leg maps the cause once more as it ends (a final status): its step belongs to the story. */
function adoptSteps(run: Run, cause: Cause): void {
  const ours = run.state.cause;
  if (ours === undefined || cause.value !== ours.value) return;
  const added = cause.steps.slice(ours.steps.length);
  const isSame = JSON.stringify(cause.steps.slice(0, ours.steps.length));
  if (isSame !== JSON.stringify(ours.steps)) return;
  change(run, { cause: { ...ours, steps: [...ours.steps, ...added] } });
}

const NORMAL_CLEARING = 16;
const TONE_OF_OURS: ProgressIndicator = {
  description: "in-band-information",
  location: "private-network-local",
};

/** E.180 §6 to §9: the tone that says why; congestion for all others. */
const TONES: ReadonlyMap<number, Tone> = new Map([
  [1, "special-information"],
  [3, "special-information"],
  [4, "special-information"],
  [17, "busy"],
  [22, "special-information"],
  [28, "special-information"],
]);
