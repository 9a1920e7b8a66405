import type { CallEvent, Cause, CauseLocation } from "../../call/index.js";
import { after, type Instant, type Step, type Timers } from "../../core/index.js";
import type { CallProfile } from "./call-profile.js";
import type { Element } from "./elements/element.js";
import type { Message, MessageType, Verdict } from "./message.js";
import type { TimerValues } from "./timers.js";

/** Which side of the interface we are. */
export type Side = "user" | "network";

/**
 * Where a call stands, in one vocabulary for both sides and both directions. With who sent SETUP it
 * gives the state of the standard: `initiated` is U1 or N6 for our SETUP, N1 or U6 for theirs.
 */
export type Phase =
  | "null"
  | "initiated"
  | "overlap"
  | "proceeding"
  | "delivered"
  /** U8 only: CONNECT was sent. The network passes through N8 without waiting (§5.2.8). */
  | "answered"
  | "active"
  | "disconnect-sent"
  | "disconnect-received"
  | "release-sent";

/** Timers that live in one call. */
export type CallTimer =
  | "T301"
  | "T302"
  | "T303"
  | "T304"
  | "T305"
  | "T306"
  | "T308"
  | "T309"
  | "T310"
  | "T313"
  | "T322";

/** The channel that a call has, or has asked for. */
export interface HeldChannel {
  readonly timeslot: number;
  readonly exclusive: boolean;
}

/** Digits given before SETUP ACKNOWLEDGE came: sent when it does. */
export interface WaitingDigits {
  readonly digits: string;
  readonly sendingComplete: boolean;
}

/** One call, seen from one side of the interface. */
export interface CallState {
  readonly phase: Phase;
  readonly side: Side;
  /** Who sent SETUP. */
  readonly origin: "ours" | "theirs";
  readonly channel: HeldChannel | undefined;
  readonly timers: Timers<CallTimer>;
  /** How often each message was sent again. */
  readonly repeated: Readonly<Partial<Record<"T303" | "T308" | "T322", number>>>;
  /** Their number may grow: SETUP came without Sending complete and the profile allows overlap. */
  readonly overlap: boolean;
  readonly waiting: WaitingDigits | undefined;
  /** SETUP, then RELEASE, as sent: for its retransmission. */
  readonly lastSent: readonly Element[];
  /** Why the call ends, once it does: what its last event will say. */
  readonly cause: Cause | undefined;
  /** The data link is down and T309 runs; a request to clear waits for its return. */
  readonly linkLost: boolean;
}

/** What a message says about the channel, weighed against the channels there are. */
export type ChannelAnswer =
  | { readonly kind: "absent" }
  /** Any channel, no channel, another interface, or one that does not exist. */
  | { readonly kind: "unusable" }
  | {
      readonly kind: "named";
      readonly timeslot: number;
      readonly exclusive: boolean;
      /** Free, or this call's own. */
      readonly available: boolean;
    };

export interface ReceivedMessage {
  readonly kind: "message";
  readonly message: Message;
  readonly verdict: Verdict;
  readonly channel: ChannelAnswer;
}

export interface CallRequest {
  readonly kind: "request";
  readonly event: CallEvent;
  /** With the first reply to their SETUP: the channel granted; absent when none is free. */
  readonly channel?: HeldChannel;
}

export type CallInput =
  | ReceivedMessage
  | CallRequest
  /** A message type that has no row (§5.8.4). */
  | { readonly kind: "unknown-message"; readonly code: number }
  /** Ask the far end for its state (§5.8.10). */
  | { readonly kind: "status-enquiry" }
  /** §5.8.8 (reset) and §5.8.9 (lost, restored). */
  | { readonly kind: "data-link"; readonly change: "lost" | "restored" | "reset" }
  /** Their SETUP took the channel that ours asked for (§5.7). */
  | { readonly kind: "channel-lost" }
  /** SETUP was acted upon although elements of it were not understood (§5.8.7). */
  | { readonly kind: "faults"; readonly verdict: Verdict }
  /** Cleared from inside without a message: RESTART (§5.5). */
  | { readonly kind: "clear"; readonly cause: Cause };

export type CallOutput =
  | { readonly kind: "send"; readonly type: MessageType; readonly elements: readonly Element[] }
  | {
      readonly kind: "report";
      readonly event: CallEvent;
      /** With the first reply to our SETUP: the channel agreed upon. */
      readonly channel?: HeldChannel;
    }
  /** RELEASE was never answered: the channel is for maintenance (§5.3.3). */
  | { readonly kind: "maintenance"; readonly timeslot: number }
  /** The call was cleared inside while the data link was down: the channel is to be restarted (§5.5). */
  | { readonly kind: "repair"; readonly timeslot: number }
  | { readonly kind: "anomaly"; readonly what: string; readonly cause?: Cause };

export interface CallParams {
  readonly side: Side;
  readonly profile: CallProfile;
  readonly timers: TimerValues;
  /** Decides the length of slot maps. */
  readonly line: "e1" | "t1";
  /** Location in causes that we make. */
  readonly location: CauseLocation;
}

/** What every transition may look at. */
export interface CallContext extends CallParams {
  readonly now: Instant;
}

export type CallStep = Step<CallState, CallOutput>;
export type MessageHandler = (
  state: CallState,
  received: ReceivedMessage,
  context: CallContext,
) => CallStep;
export type RequestHandler<Kind extends CallEvent["kind"] = CallEvent["kind"]> = (
  state: CallState,
  event: EventOf[Kind],
  context: CallContext,
) => CallStep;
export type EventOf = {
  readonly [Kind in CallEvent["kind"]]: Extract<CallEvent, { readonly kind: Kind }>;
};
export type RequestHandlers = {
  readonly [Kind in CallEvent["kind"]]?: RequestHandler<Kind>;
};
export type TimerHandler = (state: CallState, context: CallContext) => CallStep;

/** The number of the state in a STATUS message (§4.5.7); the far end's mirror has the same one. */
export function stateNumber({ phase, side, origin }: StateKey): number {
  if (phase === "disconnect-sent") return side === "user" ? 11 : 12;
  if (phase === "disconnect-received") return side === "user" ? 12 : 11;
  // The user's call is numbered 1 to 4 on both sides, the network's call 6 to 9 and 25.
  const fromUser = (origin === "ours") === (side === "user");
  return (fromUser ? NUMBERS_FROM_USER : NUMBERS_FROM_NETWORK)[phase];
}

/** The state as the standard names it: U1, N12. */
export function stateName(key: StateKey): string {
  return `${key.side === "user" ? "U" : "N"}${stateNumber(key)}`;
}

export type StateKey = Pick<CallState, "phase" | "side" | "origin">;

export function isClearing({ phase }: Pick<CallState, "phase">): boolean {
  return phase === "disconnect-sent" || phase === "disconnect-received" || phase === "release-sent";
}

/** A step that changes `patch` and does `outputs`. */
export function go(
  state: CallState,
  patch: Partial<CallState>,
  ...outputs: readonly CallOutput[]
): CallStep {
  return { state: { ...state, ...patch }, outputs };
}

export function stay(state: CallState, ...outputs: readonly CallOutput[]): CallStep {
  return { state, outputs };
}

/** The next transition, with the outputs of the one before in front. */
export function chain(step: CallStep, next: (state: CallState) => CallStep): CallStep {
  const { state, outputs } = next(step.state);
  return { state, outputs: [...step.outputs, ...outputs] };
}

export function send(type: MessageType, elements: readonly Element[] = []): CallOutput {
  return { kind: "send", type, elements };
}

export function report(event: CallEvent): CallOutput {
  return { kind: "report", event };
}

export function anomaly(what: string, cause?: Cause): CallOutput {
  return cause === undefined ? { kind: "anomaly", what } : { kind: "anomaly", what, cause };
}

/** Arms a timer at its configured value, or leaves it off where that is null. */
export function arm(
  timers: Timers<CallTimer>,
  name: CallTimer,
  { now, timers: values }: CallContext,
): Timers<CallTimer> {
  const value = values[name];
  return value === null ? timers : { ...timers, [name]: after(now, value) };
}

export function stop(timers: Timers<CallTimer>, ...names: readonly CallTimer[]): Timers<CallTimer> {
  const left = { ...timers } as Partial<Record<CallTimer, Instant>>;
  for (const name of names) delete left[name];
  return left;
}

const NUMBERS_FROM_USER = {
  null: 0,
  initiated: 1,
  overlap: 2,
  proceeding: 3,
  delivered: 4,
  answered: 8,
  active: 10,
  "release-sent": 19,
} as const;

const NUMBERS_FROM_NETWORK = {
  null: 0,
  initiated: 6,
  overlap: 25,
  proceeding: 9,
  delivered: 7,
  answered: 8,
  active: 10,
  "release-sent": 19,
} as const;
