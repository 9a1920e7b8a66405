import type { CallEvent, Cause, Destination, Extras, Setup } from "../call/index.js";
import { after, type Instant, type Timers } from "../core/index.js";
import type { JoinOutput, JoinParams, LegTraits, MediaPlan, Milestone, Side } from "./join.js";

/*
 * A call joins leg a, which came in, with leg b, which goes out:
 *
 *   idle --setup--> routing --> [collecting] --> seizing --> setting-up --connect--> answered
 *           |__________|____________|____________|______________|_____________|--> clearing --> over
 */
export type JoinPhase =
  | "idle"
  | "routing"
  | "collecting"
  | "seizing"
  | "setting-up"
  | "answered"
  | "clearing"
  | "over";

export type JoinTimer =
  | "early-progress"
  | "T310"
  | "T301"
  | "tones"
  | "call-length"
  | "silence"
  | "clearing-guard";

/** A leg, as far as the join must know. */
export interface Leg {
  readonly traits: LegTraits;
  /**
   * `present`: its call goes on. `disconnected`: it or we disconnected, tones are heard, `release` is
   * next. `clearing`: it was asked to go. `gone`: it said `release`.
   */
  readonly presence: "present" | "disconnected" | "clearing" | "gone";
}

export interface JoinState {
  readonly phase: JoinPhase;
  readonly a: Leg;
  readonly b?: Leg;
  /** Of leg a, with all digits that came. */
  readonly setup?: Setup;
  /** Digits came after the route was asked for: ask again. */
  readonly stale: boolean;
  /** `seize` is not answered yet. */
  readonly seizing: boolean;
  /** The destination being tried, then those that are left. */
  readonly destinations: readonly Destination[];
  /** How often the first of them was tried. */
  readonly attempts: number;
  /** How many digits the route was found with; those after them are sent behind its number. */
  readonly routedLength: number;
  /** Digits that leg b did not get yet; undefined when it takes none. */
  readonly waiting?: string;
  /** Leg b asked for more digits. */
  readonly bWantsDigits: boolean;
  /** What leg a was told. */
  readonly told: {
    readonly proceeding: boolean;
    readonly alerting: boolean;
    readonly inBand: boolean;
  };
  /** The engine heard leg b; timeslots are always heard. */
  readonly bHeard: boolean;
  /** Leg b said that something can be heard. */
  readonly bInBand: boolean;
  readonly held: { readonly a: boolean; readonly b: boolean };
  /** The engine hears nothing of the leg's RTP. */
  readonly silent: { readonly a: boolean; readonly b: boolean };
  /** The plan in force. */
  readonly plan: MediaPlan;
  readonly answered: boolean;
  /** Who plays the tones that are heard while the call is cleared. */
  readonly player?: Side | "us";
  readonly cause?: Cause;
  readonly by?: Side | "gateway";
  /** What the leg that ended the call said besides, for the other one (charges, user-user). */
  readonly carried?: Omit<Extras, "progress">;
  readonly timers: Timers<JoinTimer>;
}

/** A call whose incoming leg is of this kind. */
export function newJoin(a: LegTraits): JoinState {
  return {
    ...{ phase: "idle", a: { traits: a, presence: "present" }, stale: false, seizing: false },
    ...{ destinations: [], attempts: 0, bWantsDigits: false, bHeard: false, bInBand: false },
    ...{ routedLength: 0, answered: false },
    told: { proceeding: false, alerting: false, inBand: false },
    held: { a: false, b: false },
    silent: { a: false, b: false },
    plan: SILENCE,
    timers: {},
  };
}

/** One step under way. */
export interface Run {
  state: JoinState;
  readonly params: JoinParams;
  readonly now: Instant;
  readonly outputs: JoinOutput[];
}

export type EventOf<Kind extends CallEvent["kind"]> = CallEvent & { readonly kind: Kind };

export function change(run: Run, patch: Partial<JoinState>): void {
  run.state = { ...run.state, ...patch };
}

export function arm(run: Run, timer: JoinTimer, ms: number): void {
  change(run, { timers: { ...run.state.timers, [timer]: after(run.now, ms) } });
}

export function stop(run: Run, ...names: readonly JoinTimer[]): void {
  const timers: { [N in JoinTimer]?: Instant } = { ...run.state.timers };
  for (const name of names) delete timers[name];
  change(run, { timers });
}

/** Asks something of a leg that still takes it. */
export function tell(run: Run, side: Side, event: CallEvent): void {
  if (canTake(run.state[side])) run.outputs.push({ kind: "leg", side, event });
}

export function mark(run: Run, milestone: Milestone): void {
  run.outputs.push({ kind: "milestone", milestone });
}

export function canTake(leg: Leg | undefined): boolean {
  return leg?.presence === "present" || leg?.presence === "disconnected";
}

/** Says a plan when it is another than the one in force. */
export function play(run: Run, plan: MediaPlan): void {
  if (JSON.stringify(plan) === JSON.stringify(run.state.plan)) return;
  change(run, { plan });
  run.outputs.push({ kind: "media-plan", plan });
}

export function setPresence(run: Run, side: Side, presence: Leg["presence"]): void {
  const leg = run.state[side];
  if (leg !== undefined) change(run, { [side]: { ...leg, presence } });
}

/** Whether we are the exchange toward this leg: then its tones are ours to play. */
export function isExchange({ traits }: Leg): boolean {
  return traits.signalling === "isdn-network" || traits.signalling === "isup";
}

export function other(side: Side): Side {
  return side === "a" ? "b" : "a";
}

export const NOTHING = { kind: "nothing" } as const;
export const SPEECH = { kind: "speech" } as const;
export const SILENCE: MediaPlan = { toA: NOTHING, toB: NOTHING };
export const BRIDGE: MediaPlan = { toA: SPEECH, toB: SPEECH };
