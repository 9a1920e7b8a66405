import { type CallEvent, type Notify, timerCause } from "../call/index.js";
import { type Instant, isDue, type Machine, soonest, type Wake } from "../core/index.js";
import type { JoinInput, JoinOutput, JoinParams, Side } from "./join.js";
import * as clearing from "./join-clearing.js";
import * as progress from "./join-progress.js";
import * as routing from "./join-routing.js";
import { arm, change, type JoinState, type JoinTimer, mark, type Run, stop } from "./join-state.js";
import { REMOTE_HOLD, REMOTE_RETRIEVAL } from "./notifications.js";

/** The machine of a call: it joins two legs of any protocols and knows none of them. */
export function join(params: JoinParams): Machine<JoinState, JoinInput, JoinOutput> {
  return {
    step(state: JoinState, input: JoinInput | Wake, now: Instant) {
      const run: Run = { state, params, now, outputs: [] };
      if (state.phase !== "over") take(run, input);
      return { state: run.state, outputs: run.outputs };
    },
    deadline: ({ timers }: JoinState) => soonest(timers),
  };
}

function take(run: Run, input: JoinInput | Wake): void {
  switch (input.kind) {
    case "leg":
      takeLeg(run, input.side, input.event);
      break;
    case "route-outcome":
      routing.receiveOutcome(run, input.outcome);
      break;
    case "seized":
      routing.receiveSeized(run, input.traits);
      clearing.conclude(run);
      break;
    case "refused":
      if (!run.state.seizing) break;
      change(run, { seizing: false });
      if (run.state.phase === "clearing") clearing.conclude(run);
      else if (!routing.tryAgain(run, input.cause)) clearing.fail(run, input.cause, "gateway");
      break;
    case "media-heard":
      takeHeard(run, input.side);
      break;
    case "media-silent":
      takeSilent(run, input.side);
      break;
    case "hang-up":
      clearing.hangUp(run, input.cause);
      break;
    case "wake":
      takeWake(run);
      break;
  }
}

function takeLeg(run: Run, side: Side, event: CallEvent): void {
  if (run.state[side] === undefined || run.state[side]?.presence === "gone") return;
  if (event.kind === "release" || event.kind === "disconnect") takeEnd(run, side, event);
  else if (run.state.phase === "clearing") return;
  else if (side === "a") takeCaller(run, event);
  else takeCalled(run, event);
}

function takeEnd(
  run: Run,
  side: Side,
  event: CallEvent & { readonly kind: "disconnect" | "release" },
): void {
  const { phase, answered } = run.state;
  if (side === "b" && phase === "setting-up" && !answered) {
    if (reroute(run, event)) return;
  }
  if (event.kind === "release") clearing.receiveRelease(run, side, event);
  else clearing.receiveDisconnect(run, side, event);
}

/** Leg b failed: it is released, given up, and another one is made. */
function reroute(
  run: Run,
  event: CallEvent & { readonly kind: "disconnect" | "release" },
): boolean {
  const { outputs } = run;
  const at = outputs.length;
  if (!routing.tryAgain(run, event.cause)) return false;
  if (event.kind === "disconnect") {
    const released = { kind: "release", cause: event.cause } as const;
    outputs.splice(at, 0, { kind: "leg", side: "b", event: released });
  }
  return true;
}

/** What the caller's leg says while the call is set up or up. */
function takeCaller(run: Run, event: CallEvent): void {
  const { phase } = run.state;
  if (event.kind === "setup") {
    if (phase === "idle") routing.begin(run, event);
  } else if (event.kind === "information" && phase !== "answered") {
    routing.receiveDigits(run, event);
  } else if (IN_CALL.has(event.kind)) {
    takeInCall(run, "a", event);
  }
}

/** What the called leg says. */
function takeCalled(run: Run, event: CallEvent): void {
  const settingUp = run.state.phase === "setting-up";
  switch (event.kind) {
    case "setup-acknowledge":
      if (settingUp) routing.receiveSetupAcknowledge(run);
      break;
    case "proceeding":
    case "progress":
      if (settingUp) progress.progress(run, event);
      break;
    case "alerting":
      if (settingUp) progress.alert(run, event);
      break;
    case "connect":
      if (settingUp) progress.connect(run, event);
      break;
    default:
      if (IN_CALL.has(event.kind)) takeInCall(run, "b", event);
  }
}

function takeInCall(run: Run, side: Side, event: CallEvent): void {
  if (event.kind === "notify") noteHold(run, side, event);
  progress.passOn(run, side, event);
}

function noteHold(run: Run, side: Side, { description }: Notify): void {
  if (description !== REMOTE_HOLD && description !== REMOTE_RETRIEVAL) return;
  const isHeld = description === REMOTE_HOLD;
  change(run, { held: { ...run.state.held, [side]: isHeld } });
  mark(run, isHeld ? "held" : "retrieved");
  superviseSilence(run);
}

function takeHeard(run: Run, side: Side): void {
  change(run, { silent: { ...run.state.silent, [side]: false } });
  superviseSilence(run);
  if (side === "b" && run.state.b !== undefined) progress.hear(run);
}

function takeSilent(run: Run, side: Side): void {
  change(run, { silent: { ...run.state.silent, [side]: true } });
  superviseSilence(run);
}

/** Silence is an alarm and not a hang-up, unless one is configured; never on hold. */
function superviseSilence(run: Run): void {
  const { phase, held, silent, timers } = run.state;
  const limits = (["a", "b"] as const).flatMap((side) => {
    const { signalling, silenceReleaseMs } = run.state[side]?.traits ?? {};
    const isBounded = silent[side] && signalling === "sip" && silenceReleaseMs !== undefined;
    return isBounded ? [silenceReleaseMs] : [];
  });
  if (phase !== "answered" || held.a || held.b || limits.length === 0) stop(run, "silence");
  else if (timers.silence === undefined) arm(run, "silence", Math.min(...limits));
}

function takeWake(run: Run): void {
  for (const name of TIMERS) {
    if (!isDue(run.state.timers[name], run.now)) continue;
    stop(run, name);
    expire(run, name);
  }
}

function expire(run: Run, name: JoinTimer): void {
  switch (name) {
    case "early-progress":
      progress.tellEarly(run);
      break;
    case "T310":
      clearing.fail(run, timerCause(name, LOCAL, 102), "gateway"); // RFC 3398 §7.2.2
      break;
    case "T301":
      clearing.fail(run, timerCause(name, LOCAL, 19), "gateway"); // RFC 3398 §7.2.8
      break;
    case "tones":
      clearing.endTones(run);
      break;
    case "call-length":
      clearing.hangUp(run, timerCause("longest call", LOCAL, 31));
      break;
    case "silence":
      clearing.hangUp(run, timerCause("RTP silence", LOCAL, 41));
      break;
    case "clearing-guard":
      clearing.giveUp(run);
      break;
  }
}

const LOCAL = "beyond-interworking-point";
const TIMERS: readonly JoinTimer[] = [
  ...(["early-progress", "T310", "T301", "tones", "call-length"] as const),
  ...(["silence", "clearing-guard"] as const),
];
/** What legs say to each other through the join while their call goes on. */
const IN_CALL: ReadonlySet<CallEvent["kind"]> = new Set([
  ...(["notify", "facility", "user-information", "information", "suspend", "resume"] as const),
]);
