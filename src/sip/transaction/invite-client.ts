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
import type { SipRequest, SipResponse } from "../message/index.js";
import { acknowledgementOf } from "./acknowledgement.js";
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

/** RFC 3261 figure 5, INVITE client transaction, as corrected by RFC 6026 §7.2 (Accepted). */
export type InviteClientState =
  | {
      readonly name: "calling";
      readonly request: SipRequest;
      /** Milliseconds that Timer A runs next. */
      readonly interval: number;
      readonly timers: Timers<"A" | "B">;
    }
  | {
      readonly name: "proceeding";
      readonly request: SipRequest;
      /** Runs after a CANCEL: a peer that never ends the INVITE (RFC 3261 §9.1). */
      readonly timers: Timers<"B">;
    }
  | {
      readonly name: "completed";
      readonly ack: SipRequest;
      readonly timers: { readonly D: Instant };
    }
  | { readonly name: "accepted"; readonly timers: { readonly M: Instant } }
  | Terminated;

export type InviteClientInput = ClientInput | { readonly kind: "cancelled" };

type Next = Step<InviteClientState, MachineOutput>;

export function inviteClient(params: MachineParams): Machine<
  InviteClientState,
  InviteClientInput,
  MachineOutput
> & {
  start(request: SipRequest, now: Instant): Next;
} {
  return {
    start(request, now) {
      const { T1, B } = params.timers;
      const timers = params.reliable
        ? { B: after(now, B) }
        : { A: after(now, T1), B: after(now, B) };
      return go({ name: "calling", request, interval: T1, timers }, send(request));
    },
    step(state, input, now) {
      switch (state.name) {
        case "calling":
          return calling(params, state, input, now);
        case "proceeding":
          return proceeding(params, state, input, now);
        case "completed":
          return completed(state, input, now);
        case "accepted":
          return accepted(state, input, now);
        case "terminated":
          return stay(state);
      }
    },
    deadline: (state) => soonest(state.timers),
  };
}

function calling(
  params: MachineParams,
  state: InviteClientState & { name: "calling" },
  input: InviteClientInput | Wake,
  now: Instant,
): Next {
  if (input.kind === "response") return answered(params, state.request, input.response, now, {});
  if (input.kind === "transport-error")
    return go(terminated, { kind: "transport-error", what: input.what });
  if (input.kind === "cancelled") return stay(state);
  if (isDue(state.timers.B, now)) return go(terminated, { kind: "timeout", timer: "B" });
  if (!isDue(state.timers.A, now)) return stay(state);
  const interval = state.interval * 2;
  const timers = { ...state.timers, A: after(now, interval) };
  return go({ ...state, interval, timers }, send(state.request));
}

function proceeding(
  params: MachineParams,
  state: InviteClientState & { name: "proceeding" },
  input: InviteClientInput | Wake,
  now: Instant,
): Next {
  if (input.kind === "response")
    return answered(params, state.request, input.response, now, state.timers);
  if (input.kind === "cancelled")
    return stay({ ...state, timers: { B: after(now, params.timers.B) } });
  if (input.kind === "wake" && isDue(state.timers.B, now))
    return go(terminated, { kind: "timeout", timer: "B" });
  return stay(state);
}

function answered(
  { timers, reliable }: MachineParams,
  request: SipRequest,
  response: SipResponse,
  now: Instant,
  running: Timers<"B">,
): Next {
  const report: MachineOutput = { kind: "response", response };
  if (response.status < 200) return go({ name: "proceeding", request, timers: running }, report);
  if (response.status < 300)
    return go({ name: "accepted", timers: { M: after(now, timers.M) } }, report);
  const ack = acknowledgementOf(request, response);
  // Timer D is zero on a stream.
  if (reliable) return go(terminated, send(ack), report);
  return go({ name: "completed", ack, timers: { D: after(now, timers.D) } }, send(ack), report);
}

function completed(
  state: InviteClientState & { name: "completed" },
  input: InviteClientInput | Wake,
  now: Instant,
): Next {
  if (input.kind === "response")
    return input.response.status < 300 ? stay(state) : go(state, send(state.ack));
  if (input.kind === "transport-error")
    return go(terminated, { kind: "transport-error", what: input.what });
  return input.kind === "wake" ? untilExpiry(state, now) : stay(state);
}

/** RFC 6026 §7.2: further 2xx, repeated or of other forks, go up; the user acknowledges them. */
function accepted(
  state: InviteClientState & { name: "accepted" },
  input: InviteClientInput | Wake,
  now: Instant,
): Next {
  if (input.kind === "response") {
    const { status } = input.response;
    return status >= 200 && status < 300
      ? go(state, { kind: "response", response: input.response })
      : stay(state);
  }
  return input.kind === "wake" ? untilExpiry(state, now) : stay(state);
}
