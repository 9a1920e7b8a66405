import type {
  Cause,
  Destination,
  Information,
  ProgressIndicator,
  RouteOutcome,
  Setup,
} from "../call/index.js";
import type { LegTraits } from "./join.js";
import { fail } from "./join-clearing.js";
import {
  arm,
  change,
  isExchange,
  type JoinState,
  mark,
  NOTHING,
  play,
  type Run,
  SILENCE,
  tell,
} from "./join-state.js";

/** The setup of leg a. */
export function begin(run: Run, setup: Setup): void {
  change(run, { setup });
  ask(run);
}

/** More digits from leg a (Q.931 §5.1.3, §5.2.4). */
export function receiveDigits(run: Run, event: Information): void {
  const { setup, phase, waiting } = run.state;
  if (setup === undefined) return;
  if (phase === "routing" || phase === "collecting") {
    change(run, { setup: extend(setup, event), stale: phase === "routing" });
    if (phase === "collecting") ask(run);
  } else if (waiting !== undefined && (phase === "seizing" || phase === "setting-up")) {
    change(run, { setup: extend(setup, event), waiting: waiting + event.digits });
    sendDigits(run, event.sendingComplete);
  }
}

export function receiveOutcome(run: Run, outcome: RouteOutcome): void {
  const { phase, stale, setup } = run.state;
  if (phase !== "routing" || setup === undefined) return;
  if (stale) ask(run);
  else if (outcome.kind === "no-route") fail(run, outcome.cause, "gateway");
  else if (outcome.kind === "more-digits") collect(run, setup);
  else routed(run, outcome, setup);
}

export function receiveSeized(run: Run, traits: LegTraits): void {
  const { phase, setup, destinations, seizing } = run.state;
  if (!seizing) return;
  change(run, { seizing: false });
  const [destination] = destinations;
  if (phase !== "seizing" || setup === undefined || destination === undefined) {
    run.outputs.push({ kind: "unseize" });
    return;
  }
  change(run, {
    phase: "setting-up",
    b: { traits, presence: "present" },
    bHeard: traits.signalling !== "sip",
  });
  const { waiting: _, ...rest } = run.state;
  run.state = setup.sendingComplete ? rest : { ...rest, waiting: "" };
  tell(run, "b", setupFor(run, destination, setup));
  superviseSetup(run, traits);
}

/** Leg b asks for the digits that are left. */
export function receiveSetupAcknowledge(run: Run): void {
  change(run, { bWantsDigits: true });
  sendDigits(run, run.state.setup?.sendingComplete ?? true);
}

/**
 * Leg b failed before anything was heard of it: the same destination again after a collision
 * (Q.931 §5.7), the next one after a cause of its list. False when nothing is left to try.
 */
export function tryAgain(run: Run, cause: Cause): boolean {
  const { destinations, attempts, told, seizing } = run.state;
  const [current, ...rest] = destinations;
  if (current === undefined || seizing || told.alerting || told.inBand) return false;
  const isCollision = COLLISION_CAUSES.has(cause.value) && run.state.b !== undefined;
  const repeats = isCollision && attempts < MOST_ATTEMPTS;
  if (!repeats && (rest.length === 0 || !current.rerouteCauses.includes(cause.value))) return false;
  if (run.state.b !== undefined) run.outputs.push({ kind: "abandoned", cause });
  const { b: _, ...without } = run.state;
  run.state = {
    ...without,
    ...{ bWantsDigits: false, bHeard: false, bInBand: false },
    timers: keepEarly(run.state.timers),
    destinations: repeats ? destinations : rest,
    attempts: repeats ? attempts + 1 : 1,
  };
  seize(run);
  return true;
}

function ask(run: Run): void {
  const { setup } = run.state;
  if (setup === undefined) return;
  change(run, { phase: "routing", stale: false });
  run.outputs.push({ kind: "route", setup });
}

/** The number is not whole: the caller's side is asked for more, with dial tone by its exchange. */
function collect(run: Run, setup: Setup): void {
  change(run, { phase: "collecting" });
  const isSilent = setup.called.digits === "" && isExchange(run.state.a);
  play(run, isSilent ? { toA: { kind: "tone", tone: "dial" }, toB: NOTHING } : SILENCE);
  acknowledge(run, isSilent);
}

function acknowledge(run: Run, withTone: boolean): void {
  if (run.state.told.proceeding) return;
  change(run, { told: { ...run.state.told, proceeding: true } });
  tell(run, "a", {
    kind: "setup-acknowledge",
    ...(withTone
      ? { progress: [{ description: "in-band-information", location: "private-network-local" }] }
      : {}),
  });
}

function routed(
  run: Run,
  { destinations, mayGrow, emergency }: RouteOutcome & { readonly kind: "routed" },
  setup: Setup,
): void {
  const [first] = destinations;
  if (first === undefined) return;
  const isOverlap = !setup.sendingComplete && mayGrow;
  if (isOverlap && !first.overlap) {
    collect(run, setup);
    return;
  }
  play(run, SILENCE);
  if (isOverlap) {
    acknowledge(run, false);
  } else {
    change(run, { told: { ...run.state.told, proceeding: true } });
    tell(run, "a", { kind: "proceeding" });
  }
  mark(run, "routed");
  const whole: Setup = {
    ...setup,
    sendingComplete: !isOverlap,
    ...(emergency ? { priority: "emergency" } : {}),
  };
  change(run, { setup: whole, routedLength: setup.called.digits.length });
  change(run, { destinations, attempts: 1, ...(isOverlap ? { waiting: "" } : {}) });
  seize(run);
}

function seize(run: Run): void {
  const [destination] = run.state.destinations;
  if (destination === undefined) return;
  change(run, { phase: "seizing", seizing: true });
  run.outputs.push({ kind: "seize", destination });
}

/** The setup of leg b: that of leg a, with the numbers as they are sent to this destination. */
function setupFor({ state }: Run, { called, calling }: Destination, setup: Setup): Setup {
  const later = setup.called.digits.slice(state.routedLength);
  const isFromSip = state.a.traits.signalling === "sip" && state.b?.traits.signalling !== "sip";
  const isMarked = isFromSip && setup.bearer.kind !== "unrestricted-64k";
  return {
    ...setup,
    called: { ...called, digits: called.digits + later },
    ...(calling === undefined ? {} : { calling }),
    ...(isMarked ? { progress: [...(setup.progress ?? []), NOT_ISDN] } : {}),
  };
}

function sendDigits(run: Run, sendingComplete: boolean): void {
  const { waiting, bWantsDigits, phase } = run.state;
  if (waiting === undefined || !bWantsDigits || phase !== "setting-up") return;
  if (waiting === "" && !sendingComplete) return;
  change(run, { waiting: "" });
  tell(run, "b", { kind: "information", digits: waiting, sendingComplete });
}

/** Timers for what SIP has none for, and for the exchange behind leg a (RFC 3398 §8.2.8). */
function superviseSetup(run: Run, { signalling }: LegTraits): void {
  if (signalling !== "sip") return;
  arm(run, "T310", run.params.T310);
  const { a, timers } = run.state;
  if (a.traits.signalling !== "sip" && timers["early-progress"] === undefined)
    arm(run, "early-progress", run.params.earlyProgressMs);
}

function extend(setup: Setup, { digits, sendingComplete }: Information): Setup {
  const called = { ...setup.called, digits: setup.called.digits + digits };
  return { ...setup, called, sendingComplete: setup.sendingComplete || sendingComplete };
}

/** The exchange behind leg a waits all the same while another destination is tried. */
function keepEarly({ "early-progress": early }: JoinState["timers"]): JoinState["timers"] {
  return early === undefined ? {} : { "early-progress": early };
}

/** Q.931 table 4-20, 3: the call does not come from ISDN. */
const NOT_ISDN: ProgressIndicator = {
  description: "origination-not-isdn",
  location: "private-network-local",
};
/** Q.931 §5.1.2, §5.7: the channel went to another call. */
const COLLISION_CAUSES: ReadonlySet<number> = new Set([6, 44]);
const MOST_ATTEMPTS = 3;
