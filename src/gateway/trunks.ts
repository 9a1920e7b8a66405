import { type CallEvent, type Cause, type Circuit, cause } from "../call/index.js";
import { type BookInput, err, MachineBook, ok, type Result } from "../core/index.js";
import type { Inlet } from "../host/index.js";
import type { ChannelChoice } from "../isdn/index.js";
import {
  type CircuitGroup,
  type CircuitName,
  type CircuitOutput,
  type SpanAlarmInput,
  type SpanAlarmOutput,
  type SpanAlarmState,
  spanAlarm,
  spanGood,
} from "../routing/index.js";
import { maintenanceAnswer, timeslotsMeant } from "./maintenance.js";
import { bearerTimeslotsOf, type TrunkGroupOptions } from "./options.js";
import type { TrunkEvents, TrunkLeg } from "./trunk-events.js";
import { type OpenGroup, openGroups, type SpanEnd } from "./trunk-group.js";
import type { TrunkSpan, TrunkSpanEvents, TrunkSpanParts } from "./trunk-span.js";
import type { CircuitAnswer, CircuitRequest } from "./views.js";

/** The trunk groups with their spans: brings what interfaces and circuits say to the calls and back. */
export class Trunks {
  readonly #groups: ReadonlyMap<string, OpenGroup>;
  readonly #events: TrunkEvents;
  readonly #alarms: Inlet<BookInput<SpanAlarmState, SpanAlarmInput, SpanAlarmOutput>>;
  readonly #legs = new Map<string, TrunkLeg>();
  /** The channel to name in the first answer to an incoming call. */
  readonly #grants = new Map<string, ChannelChoice>();
  #hasRoom = true;

  constructor(
    groups: readonly TrunkGroupOptions[],
    spans: ReadonlyMap<string, SpanEnd>,
    parts: TrunkSpanParts,
    events: TrunkEvents,
  ) {
    this.#events = events;
    const alarms = new MachineBook<SpanAlarmState, SpanAlarmInput, SpanAlarmOutput>(() => false);
    this.#alarms = parts.driver.attach("span alarms", alarms, ({ key, output }) =>
      this.#onSpanAlarm(key, output.kind === "span-failed"),
    );
    for (const key of spans.keys()) {
      this.#alarms({ kind: "begin", key, machine: spanAlarm(), state: spanGood });
    }
    this.#groups = openGroups(groups, spans, parts, (name) => this.#spanEvents(name));
  }

  async start(): Promise<void> {
    for (const { options, spans } of this.groups()) {
      for (const span of spans.values()) this.#onUsable(options.name, span, span.usable);
    }
    await Promise.all(this.spans().map((span) => span.start()));
  }

  async close(): Promise<void> {
    await Promise.all(this.spans().map((span) => span.close()));
  }

  groups(): readonly OpenGroup[] {
    return [...this.#groups.values()];
  }

  spans(): readonly TrunkSpan[] {
    return this.groups().flatMap(({ spans }) => [...spans.values()]);
  }

  leg(id: string): TrunkLeg | undefined {
    return this.#legs.get(id);
  }

  get legCount(): number {
    return this.#legs.size;
  }

  /** Seizes a circuit of the group for an outgoing leg, none that the call has tried; a cause where there is none. */
  seize(groupName: string, leg: string, except: readonly CircuitName[]): TrunkLeg | Cause {
    const group = this.#groups.get(groupName);
    if (group === undefined)
      return cause(3, "private-network-local", `no trunk group ${groupName}`);
    if (![...group.spans.values()].some((span) => span.usable)) {
      return cause(27, "private-network-local", `no link of trunk group ${groupName} is up`);
    }
    const outputs = group.circuits.step({ kind: "seize", call: leg, except });
    this.#noteRoom();
    for (const output of outputs) {
      if (output.kind === "refused") return output.cause;
      if (output.kind === "seized") return this.#take(group, leg, output.circuit);
    }
    return cause(34, "private-network-local", `trunk group ${groupName} has no circuit`);
  }

  /** The leg is not used after all: no SETUP was sent, so the circuit is free at once. */
  abandon(id: string): void {
    const leg = this.#legs.get(id);
    if (leg === undefined) return;
    this.#legs.delete(id);
    this.#circuits(leg.group.name, { kind: "release", call: id });
  }

  /** Says something to a leg; what comes first names the channel. */
  tell(id: string, event: CallEvent): void {
    const leg = this.#legs.get(id);
    if (leg === undefined) return;
    const channel =
      event.kind === "setup" ? { timeslot: leg.timeslot, exclusive: false } : this.#grants.get(id);
    if (event.kind !== "release") this.#grants.delete(id);
    leg.span.tell(id, event, channel);
  }

  /** An operator takes circuits out of service, into it, or restarts them. */
  maintain(request: CircuitRequest): Result<CircuitAnswer, string> {
    const group = this.groups().find(({ spans }) => spans.has(request.span));
    const span = group?.spans.get(request.span);
    if (group === undefined || span === undefined) {
      const names = this.spans().map(({ name }) => name);
      return err(`no trunk group has a span "${request.span}"; there are ${names.join(", ")}`);
    }
    const meant = timeslotsMeant(request, span);
    if (!meant.ok) return meant;
    const legs = [...this.#legs.values()].filter((leg) => leg.span === span);
    const busy = legs.filter(({ timeslot }) => meant.value.includes(timeslot)).length;
    const answer = maintenanceAnswer(request, span, meant.value, busy);
    const circuits = on(span, meant.value);
    const { action, timeslots } = request;
    span.maintain(action, timeslots, meant.value);
    this.#circuits(
      group.options.name,
      action === "restart"
        ? { kind: "reset", circuits, by: "us" }
        : { kind: action, circuits, side: "local", by: "maintenance" },
    );
    return ok(answer);
  }

  #spanEvents(groupName: string): TrunkSpanEvents {
    return {
      call: (span, leg, event, channel) => this.#onCall(groupName, span, leg, event, channel),
      released: (span, leg) => this.#onReleased(groupName, span, leg),
      usable: (span, usable) => this.#onUsable(groupName, span, usable),
      lineAlarm: (span, alarm) =>
        this.#alarms({ kind: "input", key: span.name, input: { kind: "alarm", alarm } }),
      service: (span, timeslot, inService) => this.#onService(groupName, span, timeslot, inService),
      restarting: (span, timeslots, by) =>
        this.#circuits(groupName, { kind: "reset", circuits: on(span, timeslots), by }),
      restarted: (span, timeslots) =>
        this.#circuits(groupName, { kind: "reset-done", circuits: on(span, timeslots) }),
      restartFailed: (span, timeslots) =>
        this.#circuits(groupName, { kind: "reset-failed", circuits: on(span, timeslots) }),
      trace: (...said) => this.#events.trace(...said),
      alarm: (...said) => this.#events.alarm(...said),
      anomaly: (...said) => this.#events.anomaly(...said),
    };
  }

  #onCall(
    groupName: string,
    span: TrunkSpan,
    id: string,
    event: CallEvent,
    channel?: ChannelChoice,
  ): void {
    const group = this.#groups.get(groupName);
    if (group === undefined) return;
    if (event.kind === "setup") {
      this.#arrive(group, span, id, event, channel);
      return;
    }
    if (channel !== undefined) {
      const circuit = { span: span.name, timeslot: channel.timeslot };
      this.#perform(group, group.circuits.step({ kind: "assigned", call: id, circuit }));
    }
    this.#events.said(id, event);
  }

  #arrive(
    group: OpenGroup,
    span: TrunkSpan,
    id: string,
    event: CallEvent & { kind: "setup" },
    channel?: ChannelChoice,
  ): void {
    const wanted =
      channel === undefined ? {} : { circuit: { span: span.name, timeslot: channel.timeslot } };
    const exclusive = channel?.exclusive ?? false;
    const outputs = group.circuits.step({
      kind: "incoming",
      call: id,
      span: span.name,
      exclusive,
      ...wanted,
    });
    // Q.931 §5.7: a call of ours that lost the channel leaves its timeslot before this one takes it
    this.#perform(group, outputs);
    for (const output of outputs) {
      if (output.kind === "refused") span.tell(id, { kind: "release", cause: output.cause });
      if (output.kind !== "granted") continue;
      this.#grants.set(id, { timeslot: output.circuit.timeslot, exclusive: true });
      this.#events.arrived(this.#take(group, id, output.circuit), event);
    }
  }

  #onReleased(groupName: string, _span: TrunkSpan, leg: string): void {
    this.#circuits(groupName, { kind: "release", call: leg });
    this.#grants.delete(leg);
    if (this.#legs.delete(leg)) this.#events.released(leg);
  }

  /** A span that failed clears its calls with 38, and is not hunted until it is restored. */
  #onSpanAlarm(name: string, failed: boolean): void {
    for (const group of this.#groups.values()) {
      const span = group.spans.get(name);
      if (span === undefined) continue;
      span.setFailed(failed);
      if (!failed) return;
      const why = cause(38, "private-network-local", `span ${name} is in alarm`);
      for (const leg of [...this.#legs.values()]) {
        if (leg.span === span) this.#events.failed(leg.id, why);
      }
    }
  }

  /** A span that is not usable is hardware-blocked until it is again (design section 3). */
  #onUsable(groupName: string, span: TrunkSpan, usable: boolean): void {
    this.#circuits(groupName, {
      kind: usable ? "unblock" : "block",
      circuits: on(span, bearerTimeslotsOf(span.options)),
      side: "local",
      by: "hardware",
    });
  }

  #onService(groupName: string, span: TrunkSpan, timeslot: number, inService: boolean): void {
    this.#circuits(groupName, {
      kind: inService ? "unblock" : "block",
      circuits: on(span, [timeslot]),
      side: "remote",
      by: "maintenance",
    });
  }

  #circuits(groupName: string, input: Parameters<CircuitGroup["step"]>[0]): void {
    const group = this.#groups.get(groupName);
    if (group !== undefined) this.#perform(group, group.circuits.step(input));
  }

  #noteRoom(): void {
    const hasRoom = this.groups().some(({ circuits }) => circuits.hasFree);
    if (hasRoom === this.#hasRoom) return;
    this.#hasRoom = hasRoom;
    this.#events.room(hasRoom);
  }

  #perform(group: OpenGroup, outputs: readonly CircuitOutput[]): void {
    this.#noteRoom();
    for (const output of outputs) {
      switch (output.kind) {
        case "moved":
          this.#moved(group, output.call, output.circuit);
          break;
        case "refused":
          // Q.931 §5.2.3.1: a channel that cannot be used is refused with 6 by what we seized it for.
          if (this.#legs.has(output.call)) this.#events.failed(output.call, output.cause);
          break;
        case "clear":
          this.tell(output.call, { kind: "disconnect", cause: output.cause });
          break;
        case "displaced":
          this.#events.displaced(output.call);
          this.#events.anomaly(`call collision: ${output.call} lost its circuit`, output.call);
          break;
        default:
          break;
      }
    }
  }

  #moved(group: OpenGroup, id: string, circuit: Circuit): void {
    const before = this.#legs.get(id);
    const leg = this.#take(group, id, circuit);
    if (before?.span !== leg.span || before.timeslot !== leg.timeslot) this.#events.moved(leg);
  }

  #take(group: OpenGroup, id: string, circuit: Circuit): TrunkLeg {
    const span = group.spans.get(circuit.span);
    if (span === undefined)
      throw new Error(`circuit of a span that the group has not: ${circuit.span}`);
    const leg = { id, group: group.options, span, timeslot: circuit.timeslot };
    this.#legs.set(id, leg);
    return leg;
  }
}

function on(
  span: TrunkSpan,
  timeslots: readonly number[],
): readonly { readonly span: string; readonly timeslot: number }[] {
  return timeslots.map((timeslot) => ({ span: span.name, timeslot }));
}
