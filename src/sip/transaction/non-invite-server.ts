import {
  after,
  type Instant,
  type Machine,
  type Step,
  soonest,
  type Timers,
} from "../../core/index.js";
import type { SipRequest, SipResponse } from "../message/index.js";
import {
  go,
  type MachineOutput,
  type MachineParams,
  type ServerInput,
  send,
  stay,
  type Terminated,
  terminated,
  untilExpiry,
} from "./machine-parts.js";

/** RFC 3261 figure 8, non-INVITE server transaction. */
export type NonInviteServerState =
  | { readonly name: "trying"; readonly timers: Timers<never> }
  | { readonly name: "proceeding"; readonly response: SipResponse; readonly timers: Timers<never> }
  | {
      readonly name: "completed";
      readonly response: SipResponse;
      readonly timers: { readonly J: Instant };
    }
  | Terminated;

type Next = Step<NonInviteServerState, MachineOutput>;

export function nonInviteServer(params: MachineParams): Machine<
  NonInviteServerState,
  ServerInput,
  MachineOutput
> & {
  start(request: SipRequest, now: Instant): Next;
} {
  return {
    start: () => go({ name: "trying", timers: {} }),
    step(state, input, now) {
      if (state.name === "terminated") return stay(state);
      // RFC 3261 §17.2.4 as RFC 6026 has it: the user is told, and the state stays.
      if (input.kind === "transport-error")
        return go(state, { kind: "transport-error", what: input.what });
      if (input.kind === "request")
        return state.name === "trying" ? stay(state) : go(state, send(state.response));
      if (state.name === "completed")
        return input.kind === "wake" ? untilExpiry(state, now) : stay(state);
      return input.kind === "respond" ? respond(params, input.response, now) : stay(state);
    },
    deadline: (state) => soonest(state.timers),
  };
}

function respond({ timers, reliable }: MachineParams, response: SipResponse, now: Instant): Next {
  if (response.status < 200)
    return go({ name: "proceeding", response, timers: {} }, send(response));
  // Timer J is zero on a stream.
  if (reliable) return go(terminated, send(response));
  return go({ name: "completed", response, timers: { J: after(now, timers.J) } }, send(response));
}
