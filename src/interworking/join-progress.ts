import {
  type Alerting,
  type CallEvent,
  type Connect,
  isInBand,
  type Proceeding,
  type Progress,
  type ProgressIndicator,
} from "../call/index.js";
import type { Heard } from "./join.js";
import {
  arm,
  BRIDGE,
  change,
  isExchange,
  mark,
  NOTHING,
  play,
  type Run,
  SPEECH,
  stop,
  tell,
} from "./join-state.js";

/** Leg b is alerted: the caller is told, and given a ringing tone where that is ours to do. */
export function alert(run: Run, event: Alerting): void {
  stop(run, "early-progress", "T310");
  endDigits(run);
  const inBand = isInBand(event.progress);
  if (inBand) change(run, { bInBand: true });
  const isOurTone = !inBand && !run.state.told.inBand && isExchange(run.state.a);
  const before = run.state.told;
  change(run, { told: { ...before, proceeding: true, alerting: true } });
  if (run.state.b?.traits.signalling === "sip") arm(run, "T301", run.params.T301);
  if (!before.alerting) mark(run, "alerting");
  noteInBand(run, inBand || isOurTone);
  const progress = [...(event.progress ?? []), ...(isOurTone ? [OUR_TONE] : [])];
  tell(run, "a", progress.length === 0 ? event : { ...event, progress });
  replan(run);
}

/** Progress, and call proceeding that says something to hear. */
export function progress(run: Run, event: Progress | Proceeding): void {
  const inBand = isInBand(event.progress);
  if (event.kind === "proceeding" && !inBand) {
    if (run.state.told.proceeding && run.state.waiting === undefined) return;
    endDigits(run);
    change(run, { told: { ...run.state.told, proceeding: true } });
    tell(run, "a", event);
    return;
  }
  stop(run, "early-progress");
  if (inBand) change(run, { bInBand: true });
  noteInBand(run, inBand);
  tell(run, "a", { ...event, kind: "progress" });
  replan(run);
}

/** Leg b answers. */
export function connect(run: Run, event: Connect): void {
  stop(run, "early-progress", "T310", "T301");
  change(run, { phase: "answered", answered: true });
  mark(run, "answered");
  tell(run, "a", event);
  play(run, BRIDGE);
  const limits = [run.state.a, run.state.b].map((leg) => leg?.traits.longestCallMs ?? NO_LIMIT);
  const longestCallMs = Math.min(...limits);
  if (longestCallMs < NO_LIMIT) arm(run, "call-length", longestCallMs);
}

/** The engine heard leg b: a tone of ours gives way to what it sends. */
export function hear(run: Run): void {
  change(run, { bHeard: true });
  if (run.state.phase === "setting-up") replan(run);
}

/** Before T310 of the exchange behind leg a expires it hears that the call goes on. */
export function tellEarly(run: Run): void {
  tell(run, "a", { kind: "progress", progress: [NOT_ISDN] });
}

/** An event that the other leg takes as it is. */
export function passOn(run: Run, from: "a" | "b", event: CallEvent): void {
  tell(run, from === "a" ? "b" : "a", event);
}

/**
 * Before the answer (design section 3): early media of leg b are heard once there are any. Where
 * in-band information was announced and nothing comes, or where we are the exchange and leg b
 * announces none, the engine gives ringing tone; else the caller's own phone or exchange does.
 */
function replan(run: Run): void {
  const { told, bHeard, bInBand } = run.state;
  if (!told.inBand) return;
  const idle = bInBand ? SPEECH : NOTHING;
  const unheard: Heard = told.alerting ? { kind: "tone", tone: "ringback" } : idle;
  play(run, { toA: bInBand && bHeard ? SPEECH : unheard, toB: idle });
}

/** Leg b knows the number: digits that still come are not for it. */
function endDigits(run: Run): void {
  const { waiting: _, ...rest } = run.state;
  run.state = rest;
}

function noteInBand(run: Run, inBand: boolean): void {
  if (!inBand || run.state.told.inBand) return;
  change(run, { told: { ...run.state.told, inBand: true } });
  mark(run, "in-band");
}

const OUR_TONE: ProgressIndicator = {
  description: "in-band-information",
  location: "private-network-local",
};
/** Q.931 table 4-20, 2: the destination is not ISDN. */
const NOT_ISDN: ProgressIndicator = {
  description: "destination-not-isdn",
  location: "beyond-interworking-point",
};

const NO_LIMIT = Number.POSITIVE_INFINITY;
