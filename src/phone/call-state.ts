import type { Step, Timers } from "../core/index.js";
import type { Body, DialogId, SessionId } from "../sip/index.js";
import type { CallOutput, PlaceOrder } from "./call-events.js";
import type { CallMedia } from "./call-media.js";

/** One call of the phone, as caller or callee. Timers live in the state that they belong to. */
export type CallState =
  | { readonly name: "idle"; readonly session: SessionId; readonly timers: NoTimers }
  /** Caller: waits for the RTP port. */
  | {
      readonly name: "opening";
      readonly session: SessionId;
      readonly order: PlaceOrder;
      readonly timers: NoTimers;
    }
  /** Caller: the INVITE is out. */
  | {
      readonly name: "calling";
      readonly session: SessionId;
      readonly media: CallMedia;
      /** Early dialogs that were said to ring. */
      readonly ringing: readonly DialogId[];
      readonly timers: Timers<"giveUp">;
    }
  /** Callee: waits for the RTP port. */
  | {
      readonly name: "invited";
      readonly session: SessionId;
      readonly invite: Invite;
      readonly timers: NoTimers;
    }
  /** Callee: rings until it answers. */
  | {
      readonly name: "alerting";
      readonly session: SessionId;
      readonly dialog: DialogId;
      readonly media: CallMedia;
      /** What the 2xx will carry: our answer, or our offer. */
      readonly description: Body;
      readonly timers: Timers<"answer">;
    }
  /** Callee: the 2xx is ordered; its ACK makes the call. */
  | {
      readonly name: "accepting";
      readonly session: SessionId;
      readonly dialog: DialogId;
      readonly media: CallMedia;
      readonly timers: NoTimers;
    }
  | {
      readonly name: "connected";
      readonly session: SessionId;
      readonly dialog: DialogId;
      readonly media: CallMedia;
      /** Still to be keyed. */
      readonly digits: string;
      readonly timers: Timers<"talk" | "digit">;
    }
  /** We ended it, and wait for the stack to say that it is over. */
  | {
      readonly name: "clearing";
      readonly session: SessionId;
      readonly why: string;
      readonly timers: Timers<"clearing">;
    }
  | { readonly name: "over"; readonly session: SessionId; readonly timers: NoTimers };

export type StateOf<Name extends CallState["name"]> = Extract<CallState, { readonly name: Name }>;

/** A state in which descriptions come and go. */
export type WithMedia = StateOf<"calling" | "alerting" | "accepting" | "connected">;

/** What is kept of an INVITE until the RTP port is there. */
export interface Invite {
  readonly dialog: DialogId;
  /** Provisional responses may go reliably, or must (RFC 3262 §3). */
  readonly reliable: boolean;
  readonly required: boolean;
  /** Absent: a delayed offer. */
  readonly offer?: Body;
}

export type CallStep = Step<CallState, CallOutput>;

/** A step that stays in a state with media. */
export type MediaStep<Name extends WithMedia["name"]> = Step<StateOf<Name>, CallOutput>;

/** A call that has not begun. `session` is its name in the SIP stack. */
export function newCall(session: SessionId): CallState {
  return { name: "idle", session, timers: {} };
}

export function isOver(state: CallState): boolean {
  return state.name === "over";
}

export function go(state: CallState, ...outputs: readonly CallOutput[]): CallStep {
  return { state, outputs };
}

/** The outputs of a step before those of the next one, whose state it is. */
export function chain(
  { outputs }: { readonly outputs: readonly CallOutput[] },
  next: CallStep,
): CallStep {
  return { state: next.state, outputs: [...outputs, ...next.outputs] };
}

type NoTimers = Timers<never>;
