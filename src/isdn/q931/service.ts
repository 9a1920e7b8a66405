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
import { RETRANSMISSIONS, type TimerValues } from "./timers.js";

/*
 * SERVICE of NI-2 (T1.607, SR-4994): a channel goes in or out of service. One message at a time is under
 * way; SERVICE ACKNOWLEDGE names the channel and the status that the far end has given it.
 */

export type ServiceStatus = "in-service" | "maintenance" | "out-of-service";

export interface ChannelService {
  readonly timeslot: number;
  readonly status: ServiceStatus;
}

export interface ServiceState {
  readonly sent: (ChannelService & { readonly repeated: number }) | undefined;
  /** At most one for a channel: the newest wish counts. */
  readonly waiting: readonly ChannelService[];
  readonly linkUp: boolean;
  readonly timers: Timers<"T323">;
}

export type ServiceInput =
  | ({ readonly kind: "request" } & ChannelService)
  | ({ readonly kind: "service" } & ChannelService)
  | ({ readonly kind: "service-acknowledge" } & ChannelService)
  | { readonly kind: "data-link"; readonly up: boolean };

export type ServiceOutput =
  | ({ readonly kind: "send"; readonly type: "service" | "service-acknowledge" } & ChannelService)
  | ({ readonly kind: "service"; readonly by: "us" | "them" } & ChannelService)
  | { readonly kind: "anomaly"; readonly what: string };

export type ServiceStep = Step<ServiceState, ServiceOutput>;

export const noService: ServiceState = {
  sent: undefined,
  waiting: [],
  linkUp: false,
  timers: {},
};

export function serviceMachine(
  values: TimerValues,
): Machine<ServiceState, ServiceInput, ServiceOutput> {
  return {
    step: (state, input, now) => stepService(state, input, { values, now }),
    deadline: (state) => soonest(state.timers),
  };
}

interface Context {
  readonly values: TimerValues;
  readonly now: Instant;
}

function stepService(
  state: ServiceState,
  input: ServiceInput | Wake,
  context: Context,
): ServiceStep {
  switch (input.kind) {
    case "wake":
      return isDue(state.timers.T323, context.now) ? unanswered(state, context) : stay(state);
    case "request": {
      const { timeslot, status } = input;
      const others = state.waiting.filter((one) => one.timeslot !== timeslot);
      return advance({ ...state, waiting: [...others, { timeslot, status }] }, context);
    }
    case "service": {
      const { timeslot, status } = input;
      const told = { kind: "service", timeslot, status, by: "them" } as const;
      return stay(state, told, { kind: "send", type: "service-acknowledge", timeslot, status });
    }
    case "service-acknowledge":
      return acknowledged(state, input, context);
    case "data-link":
      return advance({ ...state, linkUp: input.up }, context);
  }
}

function acknowledged(
  state: ServiceState,
  { timeslot, status }: ChannelService,
  context: Context,
): ServiceStep {
  if (state.sent?.timeslot !== timeslot)
    return stay(state, { kind: "anomaly", what: "SERVICE ACKNOWLEDGE without SERVICE" });
  const told = { kind: "service", timeslot, status, by: "us" } as const;
  const step = advance({ ...state, sent: undefined, timers: {} }, context);
  return { state: step.state, outputs: [told, ...step.outputs] };
}

function advance(state: ServiceState, context: Context): ServiceStep {
  const [next, ...waiting] = state.waiting;
  if (state.sent !== undefined || next === undefined || !state.linkUp) return stay(state);
  return sendService({ ...state, waiting, sent: { ...next, repeated: 0 } }, next, context);
}

function unanswered(state: ServiceState, context: Context): ServiceStep {
  const { sent } = state;
  if (sent === undefined) return stay({ ...state, timers: {} });
  if (sent.repeated < RETRANSMISSIONS.T323) {
    const repeated = { ...sent, repeated: sent.repeated + 1 };
    return sendService({ ...state, sent: repeated }, sent, context);
  }
  const step = advance({ ...state, sent: undefined, timers: {} }, context);
  const what = `T323 expired twice: SERVICE of channel ${sent.timeslot} was not acknowledged`;
  return { state: step.state, outputs: [{ kind: "anomaly", what }, ...step.outputs] };
}

function sendService(
  state: ServiceState,
  { timeslot, status }: ChannelService,
  { values, now }: Context,
): ServiceStep {
  const timers = values.T323 === null ? {} : { T323: after(now, values.T323) };
  return stay({ ...state, timers }, { kind: "send", type: "service", timeslot, status });
}

function stay(state: ServiceState, ...outputs: readonly ServiceOutput[]): ServiceStep {
  return { state, outputs };
}
