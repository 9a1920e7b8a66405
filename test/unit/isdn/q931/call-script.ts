import { type CallEvent, cause } from "../../../../src/call/index.js";
import { instant, wake } from "../../../../src/core/index.js";
import { beginReceived, beginSent, callMachine } from "../../../../src/isdn/q931/call.js";
import { type CallProfile, callProfile } from "../../../../src/isdn/q931/call-profile.js";
import {
  type CallInput,
  type CallOutput,
  type CallParams,
  type CallState,
  type CallStep,
  type ChannelAnswer,
  type HeldChannel,
  type Side,
  stateName,
} from "../../../../src/isdn/q931/call-state.js";
import {
  callReference,
  causeElement,
  type Element,
  type MessageType,
  type Profile,
  type Verdict,
} from "../../../../src/isdn/q931/index.js";
import { type TimerValues, timerValues } from "../../../../src/isdn/q931/timers.js";

export interface ScriptOptions {
  readonly profile?: Profile;
  readonly habits?: Partial<CallProfile>;
  readonly timers?: Partial<TimerValues>;
  readonly channel?: HeldChannel | "none";
  readonly overlap?: boolean;
}

/**
 * One call in a test: inputs with their times, and what came of each in short words: messages in capitals
 * with their cause and state (`STATUS 101 3`), events in small letters (`release 16`), anomalies with `!`.
 */
export class CallScript {
  state: CallState;
  readonly params: CallParams;
  readonly first: readonly string[];
  #now = 0;
  #last: readonly CallOutput[] = [];

  /** `sent`: we sent SETUP at 0. `received`: they did. */
  constructor(side: Side, origin: "sent" | "received", options: ScriptOptions = {}) {
    const { profile = "etsi", habits = {}, timers = {}, overlap = false } = options;
    const { channel = { timeslot: 5, exclusive: false } } = options;
    this.params = {
      side,
      profile: callProfile(profile, habits),
      timers: timerValues(side, timers),
      line: profile === "etsi" ? "e1" : "t1",
      location: side === "user" ? "user" : "public-network-local",
    };
    const held = channel === "none" ? undefined : channel;
    const step: CallStep =
      origin === "sent"
        ? beginSent([{ kind: "sending-complete" }], held, this.params, instant(0))
        : { state: beginReceived(overlap, held, this.params), outputs: [] };
    this.state = step.state;
    this.#last = step.outputs;
    this.first = step.outputs.map(words);
  }

  get name(): string {
    return stateName(this.state);
  }

  /** What the last input gave, as it is. */
  get outputs(): readonly CallOutput[] {
    return this.#last;
  }

  get deadline(): number | undefined {
    return callMachine(this.params).deadline(this.state);
  }

  input(input: CallInput | typeof wake): readonly string[] {
    const step = callMachine(this.params).step(this.state, input, instant(this.#now));
    this.state = step.state;
    this.#last = step.outputs;
    return step.outputs.map(words);
  }

  /** A message of the far end. */
  hear(
    type: MessageType,
    elements: readonly Element[] = [],
    channel: ChannelAnswer = { kind: "absent" },
    verdict: Verdict = { action: "accept" },
  ): readonly string[] {
    const message = { type, callReference: callReference(1, true), elements };
    return this.input({ kind: "message", message, verdict, channel });
  }

  /** Something that our user asks for. */
  ask(event: CallEvent, channel?: HeldChannel): readonly string[] {
    return this.input({ kind: "request", event, ...(channel === undefined ? {} : { channel }) });
  }

  /** Moves the clock and wakes the machine, as its owner does when the deadline has come. */
  at(ms: number): readonly string[] {
    this.#now = ms;
    return this.input(wake);
  }

  /** Through the usual messages into a phase. */
  to(phase: "overlap" | "proceeding" | "delivered" | "active"): this {
    const ours = this.state.origin === "ours";
    const steps = { overlap: 0, proceeding: 1, delivered: 2, active: 3 }[phase];
    if (phase === "overlap") {
      if (ours) this.hear("setup-acknowledge", [], named(5));
      else this.ask({ kind: "setup-acknowledge" });
    }
    if (steps >= 1)
      ours ? this.hear("call-proceeding", [], named(5)) : this.ask({ kind: "proceeding" });
    if (steps >= 2) ours ? this.hear("alerting") : this.ask({ kind: "alerting" });
    if (steps >= 3) {
      if (ours) this.hear("connect");
      else this.ask({ kind: "connect" });
      if (this.state.phase === "answered") this.hear("connect-acknowledge");
    }
    return this;
  }
}

export function named(timeslot: number, available = true, exclusive = true): ChannelAnswer {
  return { kind: "named", timeslot, exclusive, available };
}

/** The cause element of a message of theirs. */
export function because(value: number): Element {
  return causeElement(cause(value, "user", "test"));
}

export const inBand: Element = {
  kind: "progress-indicator",
  codingStandard: 0,
  location: 2,
  description: 8,
};

export const tones = [
  { description: "in-band-information", location: "public-network-local" },
] as const;

export function disconnect(value: number, more: Partial<CallEvent> = {}): CallEvent {
  return { kind: "disconnect", cause: cause(value, "user", "test"), ...more } as CallEvent;
}

export function release(value: number): CallEvent {
  return { kind: "release", cause: cause(value, "user", "test") };
}

function words(output: CallOutput): string {
  switch (output.kind) {
    case "send":
      return [output.type.replaceAll("-", " ").toUpperCase(), ...details(output.elements)].join(
        " ",
      );
    case "report": {
      const { event, channel } = output;
      const why = "cause" in event && event.cause !== undefined ? ` ${event.cause.value}` : "";
      return `${event.kind}${why}${channel === undefined ? "" : ` on ${channel.timeslot}`}`;
    }
    case "maintenance":
    case "repair":
      return `${output.kind} ${output.timeslot}`;
    case "anomaly":
      return `!${output.what}`;
  }
}

function details(elements: readonly Element[]): readonly string[] {
  return elements.flatMap((one) => {
    if (one.kind === "cause" || one.kind === "call-state") return [String(one.value)];
    if (one.kind === "called-party-number") return [one.digits];
    if (one.kind === "keypad-facility") return [one.digits];
    return [];
  });
}
