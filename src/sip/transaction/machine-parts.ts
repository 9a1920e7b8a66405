import { type Instant, isDue, type Step, type Timers } from "../../core/index.js";
import type { SipMessage, SipRequest, SipResponse } from "../message/index.js";
import type { TransactionTimers } from "./types.js";

/** What all four machines are made with. */
export interface MachineParams {
  readonly timers: TransactionTimers;
  /** Whether the transport is a stream: nothing is retransmitted, nothing is waited for. */
  readonly reliable: boolean;
}

export type ClientInput =
  | { readonly kind: "response"; readonly response: SipResponse }
  | { readonly kind: "transport-error"; readonly what: string };

export type ServerInput =
  /** The request again. */
  | { readonly kind: "request" }
  | { readonly kind: "ack"; readonly request: SipRequest }
  | { readonly kind: "respond"; readonly response: SipResponse }
  | { readonly kind: "transport-error"; readonly what: string };

export type MachineOutput =
  | { readonly kind: "send"; readonly message: SipMessage }
  | { readonly kind: "response"; readonly response: SipResponse }
  | { readonly kind: "ack"; readonly request: SipRequest }
  | { readonly kind: "acknowledged" }
  | { readonly kind: "timeout"; readonly timer: "B" | "F" | "H" }
  | { readonly kind: "transport-error"; readonly what: string };

export interface Terminated {
  readonly name: "terminated";
  readonly timers: Timers<never>;
}

export const terminated: Terminated = { name: "terminated", timers: {} };

export function stay<State>(state: State): Step<State, MachineOutput> {
  return { state, outputs: [] };
}

export function go<State>(state: State, ...outputs: MachineOutput[]): Step<State, MachineOutput> {
  return { state, outputs };
}

export function send(message: SipMessage): MachineOutput {
  return { kind: "send", message };
}

/** For a state in which only one timer runs and its expiry is the end. */
export function untilExpiry<State extends { readonly timers: Readonly<Record<string, Instant>> }>(
  state: State,
  now: Instant,
): Step<State | Terminated, MachineOutput> {
  const expired = Object.values(state.timers).some((timer) => isDue(timer, now));
  return expired ? go(terminated) : stay(state);
}
