import { type CallEvent, type Cause, cause, type Setup } from "../call/index.js";
import { type BookInput, type BookOutput, type Instant, MachineBook } from "../core/index.js";
import type { Driver, Inlet } from "../host/index.js";
import {
  type JoinInput,
  type JoinOutput,
  type JoinParams,
  type JoinState,
  join,
  type LegTraits,
  type MediaPlan,
  type Milestone,
  newJoin,
  type Side,
} from "../interworking/index.js";
import type { CircuitName, Origin, RouteTable } from "../routing/index.js";
import type { LegMedia } from "./leg-media.js";
import type { PeerOptions, TrunkGroupOptions } from "./options.js";
import type { TrunkLeg } from "./trunk-events.js";

/** One leg of a call: which protocol, under which id, and where. */
export type Leg =
  | {
      readonly kind: "sip";
      readonly id: string;
      readonly peer: PeerOptions;
      readonly callId?: string;
    }
  | {
      readonly kind: "isdn";
      readonly id: string;
      readonly group: TrunkGroupOptions;
      readonly at: TrunkLeg;
    };

/** What is remembered of a call beside its machines' states: for views and records only. */
export interface LiveCall {
  readonly id: string;
  readonly begun: Instant;
  readonly begunAt: Date;
  readonly origin: Origin;
  readonly setup: Setup;
  readonly a: Leg;
  b?: Leg;
  plan?: MediaPlan;
  route?: string;
  legCount: number;
  /** Circuits that a far end would not have (Q.931 §5.1.2): none of them is tried again. */
  readonly tried: CircuitName[];
  readonly milestones: Map<Milestone, Instant>;
  cause?: Cause;
  endedBy?: string;
  endedAt?: Instant;
}

/** What the calls need of the sides. */
export interface CallParts {
  /** Says an event to a leg. */
  tell(leg: Leg, event: CallEvent): void;
  /** Seizes a circuit of a trunk group, or makes a SIP leg toward a peer; a cause where it cannot be. */
  seize(
    call: LiveCall,
    id: string,
    to: { readonly kind: "trunk-group" | "peer"; readonly name: string },
  ): Leg | Cause;
  /** The leg was never set up: gives its circuit back, or forgets it. */
  unseize(leg: Leg): void;
  readonly media: LegMedia;
  readonly routes: RouteTable;
  parameters(call: LiveCall): JoinParams;
  traits(leg: Leg): LegTraits;
  ended(call: LiveCall): void;
  changed(call: LiveCall): void;
}

/** The live calls: brings what one leg says to the join and what the join wants to the other. */
export class Calls {
  readonly #driver: Driver;
  readonly #parts: CallParts;
  readonly #joins: Inlet<BookInput<JoinState, JoinInput, JoinOutput>>;
  readonly #calls = new Map<string, LiveCall>();
  readonly #legs = new Map<string, { readonly call: LiveCall; readonly side: Side }>();
  readonly #book = new MachineBook<JoinState, JoinInput, JoinOutput>(
    ({ phase }) => phase === "over",
  );
  #count = 0;

  constructor(driver: Driver, parts: CallParts) {
    this.#driver = driver;
    this.#parts = parts;
    this.#joins = driver.attach("calls", this.#book, (output) => this.#perform(output));
  }

  get total(): number {
    return this.#count;
  }

  get size(): number {
    return this.#calls.size;
  }

  live(): readonly LiveCall[] {
    return [...this.#calls.values()];
  }

  find(id: string): LiveCall | undefined {
    return this.#calls.get(id);
  }

  callOf(leg: string): LiveCall | undefined {
    return this.#legs.get(leg)?.call;
  }

  /** The next call's id, so that what comes before its setup can be traced to it. */
  nextId(): string {
    return `call-${++this.#count}`;
  }

  /** Begins a call with its incoming leg's setup. */
  begin(id: string, leg: Leg, setup: Setup): void {
    const name = leg.kind === "sip" ? leg.peer.name : leg.group.name;
    const call: LiveCall = {
      id,
      begun: this.#driver.now,
      begunAt: new Date(),
      origin: { kind: leg.kind === "sip" ? "peer" : "trunk-group", name },
      setup,
      a: leg,
      legCount: 0,
      tried: [],
      milestones: new Map(),
    };
    this.#calls.set(id, call);
    this.#legs.set(leg.id, { call, side: "a" });
    const machine = join(this.#parts.parameters(call));
    const state = newJoin(this.#parts.traits(leg));
    this.#joins({ kind: "begin", key: id, machine, state });
    this.said(leg.id, setup);
    this.#parts.changed(call);
  }

  /** A leg reports something. */
  said(leg: string, event: CallEvent): void {
    const found = this.#legs.get(leg);
    if (found === undefined) return;
    this.#give(found.call, { kind: "leg", side: found.side, event });
    if (event.kind === "release") this.#legs.delete(leg);
  }

  /** The call's other leg is known better now: timers and tones of its group count from here on. */
  adopt(call: LiveCall, params: JoinParams): void {
    this.#joins({ kind: "adopt", key: call.id, machine: join(params) });
  }

  heard(leg: string, kind: "media-heard" | "media-silent"): void {
    const found = this.#legs.get(leg);
    if (found !== undefined) this.#give(found.call, { kind, side: found.side });
  }

  hangUp(call: LiveCall, why: Cause): void {
    this.#give(call, { kind: "hang-up", cause: why });
  }

  /** A machine of the call is broken: what is left of it is cleared with 41, outside the join. */
  abort(call: LiveCall): void {
    const why = cause(41, "private-network-local", "an internal fault ended the call");
    for (const leg of [call.a, call.b]) {
      if (leg !== undefined) this.#parts.tell(leg, { kind: "disconnect", cause: why });
    }
    this.#joins({ kind: "forget", key: call.id });
    this.#end(call, why, "gateway");
  }

  /** The leg's port is another one: what it hears must be said to the engine again. */
  replan(leg: string): void {
    const call = this.callOf(leg);
    if (call?.plan !== undefined) this.#parts.media.apply(call.plan, call.a.id, call.b?.id);
  }

  /** The leg's place changed (another channel). */
  moved(leg: string, at: TrunkLeg): void {
    const found = this.#legs.get(leg);
    const known = found?.side === "b" ? found.call.b : undefined;
    if (found !== undefined && known?.kind === "isdn") found.call.b = { ...known, at };
  }

  #give(call: LiveCall, input: JoinInput): void {
    this.#joins({ kind: "input", key: call.id, input });
  }

  #perform({ key, output }: BookOutput<JoinState, JoinOutput>): void {
    const call = this.#calls.get(key);
    if (call === undefined) return;
    switch (output.kind) {
      case "leg": {
        const leg = output.side === "a" ? call.a : call.b;
        if (leg !== undefined) this.#parts.tell(leg, output.event);
        return;
      }
      case "route": {
        const { called, calling, bearer, sendingComplete, priority } = output.setup;
        const outcome = this.#parts.routes.find({
          origin: call.origin,
          called,
          bearer,
          sendingComplete,
          ...(calling === undefined ? {} : { calling }),
          ...(priority === undefined ? {} : { priority }),
        });
        if (outcome.kind === "routed") call.route = outcome.route;
        this.#give(call, { kind: "route-outcome", outcome });
        return;
      }
      case "seize":
        this.#seize(call, output.destination);
        return;
      case "unseize":
        if (call.b !== undefined) this.#parts.unseize(call.b);
        this.#drop(call);
        return;
      case "abandoned":
        this.#drop(call);
        return;
      case "media-plan":
        call.plan = output.plan;
        this.#parts.media.apply(output.plan, call.a.id, call.b?.id);
        return;
      case "milestone":
        call.milestones.set(output.milestone, this.#driver.now);
        this.#parts.changed(call);
        return;
      case "ended":
        this.#end(call, output.cause, output.by);
        return;
    }
  }

  #seize(
    call: LiveCall,
    to: { readonly kind: "trunk-group" | "peer"; readonly name: string },
  ): void {
    const id = `${call.id}-${++call.legCount}`;
    const leg = this.#parts.seize(call, id, to);
    if ("origin" in leg) {
      this.#give(call, { kind: "refused", cause: leg });
      return;
    }
    call.b = leg;
    this.#legs.set(leg.id, { call, side: "b" });
    this.#give(call, { kind: "seized", traits: this.#parts.traits(leg) });
  }

  #drop(call: LiveCall): void {
    if (call.b === undefined) return;
    if (call.b.kind === "isdn") {
      call.tried.push({ span: call.b.at.span.name, timeslot: call.b.at.timeslot });
    }
    this.#legs.delete(call.b.id);
    this.#parts.media.close(call.b.id);
    delete call.b;
  }

  #end(call: LiveCall, why: Cause, by: string): void {
    call.cause = why;
    call.endedBy = by;
    call.endedAt = this.#driver.now;
    for (const leg of [call.a, call.b]) {
      if (leg === undefined) continue;
      this.#legs.delete(leg.id);
      this.#parts.media.close(leg.id);
    }
    this.#calls.delete(call.id);
    this.#parts.ended(call);
  }
}
