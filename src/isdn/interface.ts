import { cause as ownCause } from "../call/index.js";
import { earlier, type Instant, type Stamp } from "../core/index.js";
import type { Call } from "./call-book.js";
import { type CallSnapshot, Calls } from "./calls.js";
import { type ChannelSnapshot, ChannelTable } from "./channels.js";
import { GlobalProcedures } from "./global-procedures.js";
import type { InterfaceInput, InterfaceOutput, LegId } from "./interface-events.js";
import { SignallingLink } from "./link.js";
import { type InterfaceOptions, type InterfaceParams, interfaceParams } from "./params.js";
import { callStateOf, statusElements } from "./q931/call-elements.js";
import { isClearing } from "./q931/call-state.js";
import {
  type CallReference,
  causeElement,
  composeMessage,
  judgeComponents,
  judgeFaults,
  type Message,
  type Parsed,
  parseMessage,
  printMessage,
  type Verdict,
} from "./q931/index.js";
import { answerUnknownReference, isGlobal } from "./q931/unknown-reference.js";

/**
 * One primary rate interface: a D channel with its data link, its calls, restart and service. It joins the
 * machines and routes messages to them by call reference (Q.931 §5.8.1 to §5.8.4); it decides nothing else.
 */
export class IsdnInterface {
  readonly #params: InterfaceParams;
  readonly #channels: ChannelTable<Call>;
  readonly #link: SignallingLink;
  readonly #calls: Calls;
  readonly #global: GlobalProcedures;
  #outputs: InterfaceOutput[] = [];

  constructor(options: InterfaceOptions) {
    this.#params = interfaceParams(options);
    this.#channels = new ChannelTable<Call>(options.timeslots);
    const emit = (output: InterfaceOutput) => void this.#outputs.push(output);
    this.#link = new SignallingLink(this.#params, {
      emit,
      hear: (octets, stamp) => this.#hear(octets, stamp),
      change: (change, stamp) => this.#changeLink(change, stamp),
    });
    this.#calls = new Calls(this.#params, this.#channels, {
      emit,
      send: (type, reference, elements, stamp, leg) =>
        this.#send(composeMessage(type, reference, elements), stamp, leg),
      maintain: (timeslot, stamp) => this.#maintain(timeslot, stamp),
      repair: (timeslot, stamp) => this.#global.restart([timeslot], stamp),
    });
    this.#global = new GlobalProcedures(this.#params, this.#channels, {
      emit,
      send: (message, stamp) => this.#send(message, stamp),
      clear: (timeslots, stamp) => this.#clear(timeslots, stamp),
    });
  }

  receive(input: InterfaceInput, stamp: Stamp): readonly InterfaceOutput[] {
    this.#outputs = [];
    this.#perform(input, stamp);
    return this.#outputs;
  }

  wake(stamp: Stamp): readonly InterfaceOutput[] {
    this.#outputs = [];
    this.#link.wake(stamp);
    this.#calls.wake(stamp);
    this.#global.wake(stamp);
    return this.#outputs;
  }

  deadline(): Instant | undefined {
    const machines = earlier(this.#calls.deadline(), this.#global.deadline());
    return earlier(this.#link.deadline(), machines);
  }

  /** What there is now, for status pages and tests. */
  snapshot(): InterfaceSnapshot {
    return {
      dataLink: this.#link.up,
      calls: this.#calls.snapshot(),
      channels: this.#channels.snapshot(({ leg }) => leg),
    };
  }

  #perform(input: InterfaceInput, stamp: Stamp) {
    switch (input.kind) {
      case "frame":
        return this.#link.receive(input.octets, stamp);
      case "layer-1":
        return this.#link.setLayer1(input.up, stamp);
      case "start":
        return this.#link.start(stamp);
      case "call":
        return this.#ask(input, stamp);
      case "restart":
        return this.#global.restart(input.timeslots, stamp);
      case "service":
        return this.#global.service(input.timeslot, input.status, stamp);
      case "status-enquiry": {
        const call = this.#calls.ofLeg(input.leg);
        if (call !== undefined) this.#calls.step(call, { kind: "status-enquiry" }, stamp);
        return;
      }
    }
  }

  #ask({ leg, event, channel }: Extract<InterfaceInput, { kind: "call" }>, stamp: Stamp) {
    if (event.kind === "setup") return this.#calls.begin(leg, event, channel, this.#link.up, stamp);
    const call = this.#calls.ofLeg(leg);
    // A leg that is gone is no fault: its release and this event crossed.
    if (call !== undefined) this.#calls.ask(call, event, channel, stamp);
  }

  #hear(octets: Uint8Array, stamp: Stamp) {
    const { side, profile } = this.#params.call;
    const direction = side === "user" ? "network-to-user" : "user-to-network";
    const parsed = parseMessage(octets, { profile: profile.name, direction });
    const call = parsed.kind === "ignored" ? undefined : this.#callOf(parsed);
    const traced = this.#outputs.length;
    // §5.8.1, §5.8.2, §5.8.3.1
    if (parsed.kind === "ignored") this.#note(`message ignored: ${parsed.reason}`);
    else if (parsed.kind === "message" && parsed.message.type === "segment")
      this.#link.reassemble(parsed.message, octets, stamp);
    else if (parsed.kind === "message") this.#routeKnown(parsed, call, stamp);
    else this.#route(parsed, call, stamp);
    // A SETUP is about a call that it made: its line is known last and stands first.
    const leg = call?.leg ?? (parsed.kind === "ignored" ? undefined : this.#callOf(parsed)?.leg);
    this.#outputs.splice(traced, 0, traceOf("received", octets, leg));
  }

  /** Components that nobody here knows are answered, and go no further (Q.932 §6.3). */
  #routeKnown(parsed: Extract<Heard, { kind: "message" }>, call: Call | undefined, stamp: Stamp) {
    const { message, answers } = judgeComponents(parsed.message);
    this.#route({ ...parsed, message }, call, stamp);
    const about = answers.length === 0 ? undefined : this.#callOf(parsed);
    // EN 300 196-1 §8.3.1: not while the call is being cleared
    if (about !== undefined && !isClearing(about.state))
      this.#send(composeMessage("facility", about.reference, answers), stamp, about.leg);
  }

  /** Dummy, global, known or unknown call reference (§5.8.3). */
  #route(parsed: Heard, call: Call | undefined, stamp: Stamp) {
    const reference = referenceOf(parsed);
    // Q.932 §6.1: supplementary services with the dummy reference are not offered.
    if (reference.length === 0) return this.#note("message with the dummy call reference ignored");
    if (reference.value === 0) return this.#hearGlobal(parsed, stamp);
    if (call === undefined) return this.#hearUnknown(parsed, reference, stamp);
    if (parsed.kind === "unknown-type")
      return this.#calls.step(call, { kind: "unknown-message", code: parsed.code }, stamp);
    this.#calls.hear(call, parsed.message, judgeFaults(parsed.faults), stamp);
  }

  /** §5.8.3.2 f) */
  #hearGlobal(parsed: Heard, stamp: Stamp) {
    if (parsed.kind === "unknown-type" || !isGlobal(parsed.message))
      return this.#global.refuse(81, stamp);
    this.#global.hear(parsed.message, judgeFaults(parsed.faults), stamp);
  }

  /** §5.8.3.2 a) to d), and SETUP. */
  #hearUnknown(parsed: Heard, reference: CallReference, stamp: Stamp) {
    const message = parsed.kind === "message" ? parsed.message : undefined;
    const verdict: Verdict =
      parsed.kind === "message" ? judgeFaults(parsed.faults) : { action: "accept" };
    if (message?.type === "setup" && !reference.flag)
      return this.#calls.arrive(message, verdict, stamp);
    const state = message === undefined ? undefined : callStateOf(message);
    const answer = answerUnknownReference(message?.type ?? "unknown", state);
    const type = message?.type ?? "unknown message";
    this.#note(`${type} for call reference ${reference.value}, which belongs to no call`);
    if (answer.kind === "ignore") return;
    const cause = ownCause(answer.cause, this.#params.call.location, "unknown call reference");
    const back = { ...reference, flag: !reference.flag };
    const elements = answer.kind === "status" ? statusElements(cause, 0) : [causeElement(cause)];
    this.#send(composeMessage(answer.kind, back, elements), stamp);
  }

  #callOf(parsed: Heard): Call | undefined {
    return this.#calls.ofReference(referenceOf(parsed));
  }

  #send(message: Message, stamp: Stamp, leg?: LegId): void {
    const octets = printMessage(message);
    if (this.#link.send(octets, message.type, stamp)) this.#trace("sent", octets, leg);
    else this.#note(`${message.type} not sent: no data link, or too long`, leg);
  }

  #changeLink(change: "lost" | "restored" | "reset", stamp: Stamp): void {
    // Restarts of channels of lost calls wait for the link: it must be known to be down before.
    if (change === "lost") this.#global.setLink(false, stamp);
    this.#calls.stepAll({ kind: "data-link", change }, stamp);
    if (change === "restored") this.#global.setLink(true, stamp);
  }

  /** §5.3.3: the channel waits for maintenance; a restart brings it back (§5.5). */
  #maintain(timeslot: number, stamp: Stamp): void {
    this.#channels.setMaintenance(timeslot, true);
    this.#note(`channel ${timeslot} is in maintenance`);
    if (this.#params.call.profile.restartsAfterT308) this.#global.restart([timeslot], stamp);
  }

  #clear(timeslots: readonly number[] | "all", stamp: Stamp): void {
    const cause = ownCause(41, this.#params.call.location, "restart");
    if (timeslots === "all") this.#calls.stepAll({ kind: "clear", cause }, stamp);
    else this.#calls.clear(timeslots, cause, stamp);
  }

  #trace(direction: "sent" | "received", octets: Uint8Array, leg: LegId | undefined): void {
    this.#outputs.push(traceOf(direction, octets, leg));
  }

  #note(what: string, leg?: LegId): void {
    const note = { kind: "anomaly", what } as const;
    this.#outputs.push(leg === undefined ? note : { ...note, leg });
  }
}

export interface InterfaceSnapshot {
  readonly dataLink: boolean;
  readonly calls: readonly CallSnapshot[];
  readonly channels: readonly ChannelSnapshot[];
}

type Heard = Exclude<Parsed, { readonly kind: "ignored" }>;

function referenceOf(parsed: Heard): CallReference {
  return parsed.kind === "message" ? parsed.message.callReference : parsed.callReference;
}

function traceOf(
  direction: "sent" | "received",
  octets: Uint8Array,
  leg: LegId | undefined,
): InterfaceOutput {
  const trace = { kind: "trace", direction, octets } as const;
  return leg === undefined ? trace : { ...trace, leg };
}
