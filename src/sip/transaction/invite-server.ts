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
import { createResponse, type SipRequest, type SipResponse } from "../message/index.js";
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

/** RFC 3261 figure 7, INVITE server transaction, as corrected by RFC 6026 §7.1 (Accepted). */
export type InviteServerState =
  | {
      readonly name: "proceeding";
      readonly request: SipRequest;
      /** The latest provisional response; none while the user is silent. */
      readonly response?: SipResponse;
      readonly timers: Timers<"trying">;
    }
  | {
      readonly name: "completed";
      readonly response: SipResponse;
      /** Milliseconds that Timer G ran last. */
      readonly interval: number;
      readonly timers: Timers<"G" | "H">;
    }
  | { readonly name: "confirmed"; readonly timers: { readonly I: Instant } }
  | { readonly name: "accepted"; readonly timers: { readonly L: Instant } }
  | Terminated;

type Next = Step<InviteServerState, MachineOutput>;

export function inviteServer(params: MachineParams): Machine<
  InviteServerState,
  ServerInput,
  MachineOutput
> & {
  start(request: SipRequest, now: Instant): Next;
} {
  return {
    start: (request, now) =>
      go({
        name: "proceeding",
        request,
        timers: { trying: after(now, params.timers.trying) },
      }),
    step(state, input, now) {
      // RFC 3261 §17.2.4 as RFC 6026 has it: the user is told, and the state stays.
      if (input.kind === "transport-error" && state.name !== "terminated")
        return go(state, { kind: "transport-error", what: input.what });
      switch (state.name) {
        case "proceeding":
          return proceeding(params, state, input, now);
        case "completed":
          return completed(params, state, input, now);
        case "confirmed":
          return input.kind === "wake" ? untilExpiry(state, now) : stay(state);
        case "accepted":
          return accepted(state, input, now);
        case "terminated":
          return stay(state);
      }
    },
    deadline: (state) => soonest(state.timers),
  };
}

function proceeding(
  params: MachineParams,
  state: InviteServerState & { name: "proceeding" },
  input: ServerInput | Wake,
  now: Instant,
): Next {
  if (input.kind === "respond") return respond(params, state, input.response, now);
  if (input.kind === "request")
    return state.response === undefined ? stay(state) : go(state, send(state.response));
  if (input.kind === "wake" && isDue(state.timers.trying, now)) {
    // RFC 3261 §17.2.1: the user did not answer within 200 ms.
    const response = createResponse(state.request, 100);
    return go({ ...state, response, timers: {} }, send(response));
  }
  return stay(state);
}

function respond(
  { timers, reliable }: MachineParams,
  state: InviteServerState & { name: "proceeding" },
  response: SipResponse,
  now: Instant,
): Next {
  if (response.status < 200) return go({ ...state, response, timers: {} }, send(response));
  if (response.status < 300)
    return go({ name: "accepted", timers: { L: after(now, timers.L) } }, send(response));
  const H = after(now, timers.H);
  const running = reliable ? { H } : { G: after(now, timers.T1), H };
  return go({ name: "completed", response, interval: timers.T1, timers: running }, send(response));
}

function completed(
  { timers, reliable }: MachineParams,
  state: InviteServerState & { name: "completed" },
  input: ServerInput | Wake,
  now: Instant,
): Next {
  if (input.kind === "request") return go(state, send(state.response));
  if (input.kind === "ack") {
    // Timer I is zero on a stream.
    const next = reliable
      ? terminated
      : ({ name: "confirmed", timers: { I: after(now, timers.T4) } } as const);
    return go(next, { kind: "acknowledged" });
  }
  if (input.kind !== "wake") return stay(state);
  if (isDue(state.timers.H, now)) return go(terminated, { kind: "timeout", timer: "H" });
  if (!isDue(state.timers.G, now)) return stay(state);
  const interval = Math.min(state.interval * 2, timers.T2);
  const running = { ...state.timers, G: after(now, interval) };
  return go({ ...state, interval, timers: running }, send(state.response));
}

/** RFC 6026 §7.1: repeated INVITEs are swallowed; ACKs go up, 2xx of the user go out. */
function accepted(
  state: InviteServerState & { name: "accepted" },
  input: ServerInput | Wake,
  now: Instant,
): Next {
  if (input.kind === "ack") return go(state, { kind: "ack", request: input.request });
  if (input.kind === "respond") {
    const { status } = input.response;
    return status >= 200 && status < 300 ? go(state, send(input.response)) : stay(state);
  }
  return input.kind === "wake" ? untilExpiry(state, now) : stay(state);
}
