import {
  after,
  type Instant,
  isDue,
  type Machine,
  type Step,
  soonest,
  type Timers,
  type Wake,
} from "../../core/index.js";
import type { SipRequest } from "../message/index.js";
import {
  type ClientInput,
  go,
  type MachineOutput,
  type MachineParams,
  send,
  stay,
  type Terminated,
  terminated,
  untilExpiry,
} from "./machine-parts.js";

/** RFC 3261 figure 6, non-INVITE client transaction. */
export type NonInviteClientState =
  | {
      readonly name: "trying" | "proceeding";
      readonly request: SipRequest;
      /** Milliseconds that Timer E ran last. */
      readonly interval: number;
      readonly timers: Timers<"E" | "F">;
    }
  | { readonly name: "completed"; readonly timers: { readonly K: Instant } }
  | Terminated;

type Next = Step<NonInviteClientState, MachineOutput>;

export function nonInviteClient(params: MachineParams): Machine<
  NonInviteClientState,
  ClientInput,
  MachineOutput
> & {
  start(request: SipRequest, now: Instant): Next;
} {
  return {
    start(request, now) {
      const { T1, F } = params.timers;
      const timers = params.reliable
        ? { F: after(now, F) }
        : { E: after(now, T1), F: after(now, F) };
      return go({ name: "trying", request, interval: T1, timers }, send(request));
    },
    step(state, input, now) {
      switch (state.name) {
        case "trying":
        case "proceeding":
          return waiting(params, state, input, now);
        case "completed":
          // Repeated responses are swallowed here.
          return input.kind === "wake" ? untilExpiry(state, now) : stay(state);
        case "terminated":
          return stay(state);
      }
    },
    deadline: (state) => soonest(state.timers),
  };
}

/** Trying and Proceeding: they differ in how Timer E goes on. */
function waiting(
  params: MachineParams,
  state: NonInviteClientState & { name: "trying" | "proceeding" },
  input: ClientInput | Wake,
  now: Instant,
): Next {
  const { T2, T4 } = params.timers;
  if (input.kind === "response") {
    const report: MachineOutput = { kind: "response", response: input.response };
    if (input.response.status < 200) return go({ ...state, name: "proceeding" }, report);
    // Timer K is zero on a stream.
    if (params.reliable) return go(terminated, report);
    return go({ name: "completed", timers: { K: after(now, T4) } }, report);
  }
  if (input.kind === "transport-error")
    return go(terminated, { kind: "transport-error", what: input.what });
  if (isDue(state.timers.F, now)) return go(terminated, { kind: "timeout", timer: "F" });
  if (!isDue(state.timers.E, now)) return stay(state);
  const interval = state.name === "trying" ? Math.min(state.interval * 2, T2) : T2;
  const timers = { ...state.timers, E: after(now, interval) };
  return go({ ...state, interval, timers }, send(state.request));
}
