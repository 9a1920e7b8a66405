import { type CallEvent, type Cause, cause as ownCause, type Setup } from "../call/index.js";
import { type Instant, type Stamp, TimerHeap, wake, workFor } from "../core/index.js";
import { admit, grant } from "./admission.js";
import { type Call, CallBook } from "./call-book.js";
import type { ChannelTable } from "./channels.js";
import type { ChannelChoice, InterfaceOutput, LegId } from "./interface-events.js";
import type { InterfaceParams } from "./params.js";
import { beginReceived, beginSent, callMachine } from "./q931/call.js";
import { setupElements, setupOf } from "./q931/call-setup.js";
import {
  type CallInput,
  type CallOutput,
  type CallRequest,
  type CallState,
  type CallStep,
  type HeldChannel,
  stateName,
} from "./q931/call-state.js";
import { channelAnswer, namedChannel } from "./q931/channel-answer.js";
import {
  type CallReference,
  callReference,
  causeElement,
  type Element,
  element,
  type Message,
  type MessageType,
  type Verdict,
} from "./q931/index.js";

/** A call for people: its state as the standard names it, such as U10. */
export interface CallSnapshot {
  readonly leg: LegId;
  readonly reference: number;
  readonly state: string;
  readonly timeslot?: number;
}

/** What the calls need from the interface. */
export interface CallsUser {
  emit(output: InterfaceOutput): void;
  send(
    type: MessageType,
    reference: CallReference,
    elements: readonly Element[],
    stamp: Stamp,
    leg?: LegId,
  ): void;
  /** RELEASE was never answered on this channel. */
  maintain(timeslot: number, stamp: Stamp): void;
  /** The far end does not know that the call on this channel is gone. */
  repair(timeslot: number, stamp: Stamp): void;
}

/** The calls of one D channel: their references, their channels and their timers. */
export class Calls {
  readonly #params: InterfaceParams;
  readonly #machine: ReturnType<typeof callMachine>;
  readonly #channels: ChannelTable<Call>;
  readonly #user: CallsUser;
  readonly #book = new CallBook();
  readonly #timers = new TimerHeap<Call, "call">();

  constructor(params: InterfaceParams, channels: ChannelTable<Call>, user: CallsUser) {
    this.#params = params;
    this.#machine = callMachine(params.call);
    this.#channels = channels;
    this.#user = user;
  }

  get count(): number {
    return this.#book.count;
  }

  ofLeg(leg: LegId): Call | undefined {
    return this.#book.ofLeg(leg);
  }

  /** The call that a received message is about. */
  ofReference(reference: CallReference): Call | undefined {
    return this.#book.ofReference(reference);
  }

  deadline(): Instant | undefined {
    return this.#timers.next();
  }

  wake(stamp: Stamp): void {
    for (
      let due = this.#timers.popDue(stamp.now);
      due !== undefined;
      due = this.#timers.popDue(stamp.now)
    )
      this.step(due.owner, wake, stamp);
  }

  snapshot(): readonly CallSnapshot[] {
    return this.#book.all().map(({ leg, reference, state }) => ({
      leg,
      reference: reference.value,
      state: stateName(state),
      ...(state.channel === undefined ? {} : { timeslot: state.channel.timeslot }),
    }));
  }

  /** A new leg of ours. */
  begin(leg: LegId, setup: Setup, asked: ChannelChoice | undefined, linkUp: boolean, stamp: Stamp) {
    const { call: params, law } = this.#params;
    if (this.#book.ofLeg(leg) !== undefined)
      return this.#note(`setup for leg ${leg}, which exists`, leg);
    const channel = asked ?? this.#anyForNetwork();
    const refusal = this.#refusal(channel, linkUp);
    if (refusal !== undefined) return this.#refuse(leg, refusal, asked);
    const value = this.#book.newReference();
    if (value === undefined) return this.#refuse(leg, this.#cause(42, "call references"), asked);
    const elements = setupElements(setup, channel, params, law);
    const step = beginSent(elements, channel, params, stamp.now);
    const held = channel === undefined ? undefined : this.#channels.holder(channel.timeslot);
    if (held !== undefined) this.#loseChannel(held, stamp);
    const call: Call = {
      leg,
      reference: callReference(value, false),
      exclusive: undefined,
      timeslot: channel?.timeslot,
      state: { ...step.state, channel: undefined },
    };
    this.#book.add(call);
    this.#settle(call, step, stamp);
  }

  /** Their SETUP with a reference of no call (§5.1, §5.2). */
  arrive(message: Message, verdict: Verdict, stamp: Stamp): void {
    const { call: params, law } = this.#params;
    const { value, length } = message.callReference;
    const reference: CallReference = { length, value, flag: true };
    const admission = admit(message, verdict, {
      params,
      law,
      channels: this.#channels,
      calls: this.count,
      isAsking: ({ state }) => state.phase === "initiated" && state.origin === "ours",
    });
    if (admission.kind === "refuse") {
      const { cause: value, diagnostics } = admission;
      const made = this.#cause(value, "SETUP refused");
      const cause = diagnostics === undefined ? made : { ...made, diagnostics };
      this.#user.emit({ kind: "anomaly", what: `SETUP refused with cause ${value}`, cause });
      this.#user.send("release-complete", reference, [causeElement(cause)], stamp);
      return;
    }
    const { channel, bearer, yields } = admission;
    if (yields !== undefined) this.#loseChannel(yields, stamp);
    const complete = element(message, "sending-complete") !== undefined;
    const overlap = params.profile.overlapReceiving && !complete;
    const state = beginReceived(overlap, channel, params);
    const exclusive = channel.exclusive ? channel : undefined;
    const leg = this.#book.newLeg(stamp.entropy);
    const call: Call = {
      leg,
      reference,
      exclusive,
      timeslot: undefined,
      state: { ...state, channel: undefined },
    };
    this.#book.add(call);
    this.#settle(call, { state, outputs: [] }, stamp);
    this.#user.emit({ kind: "call", leg, event: setupOf(message, bearer, overlap), channel });
    this.#reportElements(call, verdict, stamp);
  }

  hear(call: Call, message: Message, verdict: Verdict, stamp: Stamp): void {
    const named = namedChannel(message, this.#params.call.profile.interfaceIdentifier);
    const channel = channelAnswer(
      named,
      (timeslot) => this.#channels.has(timeslot),
      (timeslot) => this.#channels.isAvailable(timeslot, call),
    );
    this.step(call, { kind: "message", message, verdict, channel }, stamp);
  }

  /** Something that the leg's user asks for. */
  ask(call: Call, event: CallEvent, channel: ChannelChoice | undefined, stamp: Stamp): void {
    const { state } = call;
    const unanswered = state.phase === "initiated" && state.origin === "theirs";
    const granted = unanswered
      ? grant({ call, kept: state.channel, only: call.exclusive }, channel, {
          channels: this.#channels,
          params: this.#params.call,
        })
      : undefined;
    const request: CallRequest = { kind: "request", event };
    this.step(call, granted === undefined ? request : { ...request, channel: granted }, stamp);
  }

  step(call: Call, input: CallInput | typeof wake, stamp: Stamp): void {
    const take = () => this.#settle(call, this.#machine.step(call.state, input, stamp.now), stamp);
    workFor(call.leg, take);
  }

  stepAll(input: CallInput, stamp: Stamp): void {
    for (const call of this.#book.all()) this.step(call, input, stamp);
  }

  /** Calls on these channels are cleared inside (§5.5). */
  clear(timeslots: readonly number[], cause: Cause, stamp: Stamp): void {
    for (const timeslot of timeslots) {
      const call = this.#channels.holder(timeslot);
      if (call !== undefined) this.step(call, { kind: "clear", cause }, stamp);
    }
  }

  /** What a step leaves behind: state, channel, messages, events, timers, and the end. */
  #settle(call: Call, { state, outputs }: CallStep, stamp: Stamp): void {
    const before = call.state.channel?.timeslot;
    const held = state.phase === "null" ? undefined : state.channel?.timeslot;
    call.state = state;
    if (before !== undefined && before !== held) this.#channels.letGo(before, call);
    if (held !== undefined && before !== held) this.#channels.hold(held, call);
    call.timeslot = state.channel?.timeslot ?? call.timeslot;
    const deadline = this.#machine.deadline(state);
    if (deadline === undefined) this.#timers.clear(call, "call");
    else this.#timers.set(call, "call", deadline);
    if (state.phase === "null") {
      this.#book.remove(call);
      this.#timers.clearAll(call);
    }
    for (const output of outputs) this.#perform(call, output, stamp);
    if (state.phase === "null" && call.timeslot !== undefined)
      this.#user.emit({ kind: "channel-released", leg: call.leg, timeslot: call.timeslot });
    for (const output of outputs)
      if (output.kind === "maintenance" || output.kind === "repair")
        this.#user.emit({ kind: "channel-maintenance", timeslot: output.timeslot });
  }

  #perform({ leg, reference }: Call, output: CallOutput, stamp: Stamp) {
    switch (output.kind) {
      case "send":
        return this.#user.send(output.type, reference, output.elements, stamp, leg);
      case "report":
        return this.#user.emit({ ...output, kind: "call", leg });
      case "maintenance":
        return this.#user.maintain(output.timeslot, stamp);
      case "repair":
        return this.#user.repair(output.timeslot, stamp);
      case "anomaly":
        return this.#user.emit({ ...output, leg });
    }
  }

  /** Why a leg of ours cannot begin. */
  #refusal(channel: HeldChannel | undefined, linkUp: boolean): Cause | undefined {
    const { side } = this.#params.call;
    if (!linkUp) return this.#cause(side === "user" ? 38 : 27, "data link down");
    if (this.count >= this.#channels.count) return this.#cause(34, "no channel is free");
    if (channel === undefined)
      return side === "network" ? this.#cause(34, "no channel is free") : undefined;
    if (this.#channels.isAvailable(channel.timeslot)) return undefined;
    const holder = this.#channels.holder(channel.timeslot);
    const usable = holder !== undefined && this.#channels.isAvailable(channel.timeslot, holder);
    // §5.7: the network's call has priority while the user's SETUP for the channel is unanswered.
    if (usable && side === "network" && isUnanswered(holder.state)) return undefined;
    return this.#cause(44, "channel in use");
  }

  #refuse(leg: LegId, cause: Cause, asked: ChannelChoice | undefined): void {
    this.#user.emit({ kind: "call", leg, event: { kind: "release", cause } });
    if (asked === undefined) return;
    this.#user.emit({ kind: "channel-released", leg, timeslot: asked.timeslot });
  }

  #anyForNetwork(): HeldChannel | undefined {
    if (this.#params.call.side === "user") return undefined;
    const timeslot = this.#channels.anyFree("upward");
    return timeslot === undefined ? undefined : { timeslot, exclusive: false };
  }

  #loseChannel(call: Call, stamp: Stamp): void {
    this.#note("call collision: its channel goes to the other call", call.leg);
    this.step(call, { kind: "channel-lost" }, stamp);
  }

  /** §5.8.7: SETUP was acted upon; STATUS says which elements were not understood. */
  #reportElements(call: Call, verdict: Verdict, stamp: Stamp): void {
    const { profile } = this.#params.call;
    if (verdict.cause === undefined || !profile.reportsElements) return;
    this.step(call, { kind: "faults", verdict }, stamp);
  }

  #cause(value: number, what: string): Cause {
    return ownCause(value, this.#params.call.location, what);
  }

  #note(what: string, leg: LegId): void {
    this.#user.emit({ kind: "anomaly", what, leg });
  }
}

function isUnanswered({ phase, origin }: CallState): boolean {
  return phase === "initiated" && origin === "theirs";
}
