import { expect, test } from "vitest";
import {
  createEngine,
  type Engine,
  type EngineEvent,
  type SpanHandle,
} from "../../src/addon/index.js";
import type { Exchange } from "../../src/exchange/index.js";
import { type Gateway, startGateway } from "../../src/gateway/index.js";
import { summariseFrame } from "../../src/isdn/index.js";
import {
  type Configuration,
  parseConfiguration,
} from "../../src/operations/configuration/index.js";
import { START, VirtualClock } from "./clock.js";
import { ScriptedPhone } from "./phone.js";
import { SipNetwork } from "./sip-network.js";
import type { RtpEnd } from "./speech.js";
import { IsdnSwitch } from "./switch.js";

export interface WorldOptions {
  /** YAML over the defaults. */
  readonly configuration?: string;
  readonly seed?: number;
}

/** One frame of a D channel as it was given to the engine. */
export interface Signalled {
  readonly at: number;
  readonly from: "gateway" | "pstn";
  readonly span: string;
  readonly octets: Uint8Array;
}

/** What becomes of a frame on its way to the engine: another one, or none. */
export type FrameRule = (frame: Signalled) => Uint8Array | undefined;

/** Where the gateway writes what it would log, by level. */
type LogLine = readonly [level: string, message: string, fields: object];

/** The gateway, the PSTN behind it, a SIP network and phones, on one clock that only tests move. */
export class ScenarioWorld {
  readonly configuration: Configuration;
  readonly clock: VirtualClock;
  readonly network: SipNetwork;
  readonly log: LogLine[] = [];
  readonly frames: Signalled[] = [];
  /** Datagrams for nobody: where media went astray. */
  readonly stray: EngineEvent[] = [];
  frameRule: FrameRule = ({ octets }) => octets;
  engine!: Engine;
  gateway!: Gateway;
  /** The first phone: the default peer of the configuration. */
  phone!: ScriptedPhone;
  readonly phones: ScriptedPhone[] = [];
  /** RTP ends of nobody's phone. */
  readonly ends: RtpEnd[] = [];
  /** Scripted far ends by span, where the configuration has no exchange. */
  readonly switches = new Map<string, IsdnSwitch>();
  readonly #ends = new Map<
    SpanHandle,
    { readonly from: Signalled["from"]; readonly span: string }
  >();
  readonly #far = new Map<string, SpanHandle>();

  constructor(options: WorldOptions) {
    const text = options.configuration ?? "";
    const parsed = parseConfiguration(text, "scenario");
    if (!parsed.ok) throw new Error(parsed.error.join("\n"));
    this.configuration = parsed.value.configuration;
    const seed = options.seed ?? 1;
    this.clock = new VirtualClock(seed);
    this.network = new SipNetwork(this.clock, seed);
  }

  async open(): Promise<void> {
    this.gateway = await startGateway({ ...this.configuration, version: "0" }, this.#logger(), {
      world: this.clock.world(),
      openTransports: this.network.open,
      openEngine: (workers, onEvents) => this.#openEngine(workers, onEvents),
    });
    this.phone = this.addPhone({ address: "127.0.0.1", port: 5080 });
    if (this.configuration.exchange.enabled) return;
    for (const span of this.configuration.spans) this.#addSwitch(span.name);
  }

  async close(): Promise<void> {
    await this.gateway.stop();
  }

  get exchange(): Exchange {
    if (this.gateway.exchange === undefined) throw new Error("there is no exchange");
    return this.gateway.exchange;
  }

  /** The scripted far end of the first span. */
  get switch(): IsdnSwitch {
    const [first] = this.switches.values();
    if (first === undefined) throw new Error("the exchange is at the far end");
    return first;
  }

  addPhone(at: { readonly address: string; readonly port: number }): ScriptedPhone {
    const [listener] = this.configuration.listen.sip;
    if (listener === undefined) throw new Error("nobody listens");
    const gateway = { address: listener.address, port: listener.port };
    const rtpFrom = 40_000 + this.phones.length * 8000;
    const parts = { engine: this.engine, network: this.network, world: this.clock.world() };
    const phone = new ScriptedPhone(at, gateway, rtpFrom, parts);
    this.phones.push(phone);
    return phone;
  }

  /** Our own end of a span: faults set on it are on the way to the PSTN. */
  nearEnd(span: string): SpanHandle {
    for (const [end, { from, span: name }] of this.#ends) {
      if (from === "gateway" && name === span) return end;
    }
    throw new Error(`no span ${span}`);
  }

  farEnd(span: string): SpanHandle {
    const found = this.#far.get(span);
    if (found === undefined) throw new Error(`no span ${span}`);
    return found;
  }

  // ---- time -----------------------------------------------------------------------------------

  get now(): number {
    return this.clock.now;
  }

  /** Lets so many milliseconds pass, each for all. */
  run(ms: number): void {
    for (let passed = 0; passed < ms; passed++) this.#step(1);
  }

  /** Lets time pass until something is so; a failure of the test where it never comes. */
  until(isSo: () => boolean, what: string, withinMs = 10_000): void {
    for (let passed = 0; passed <= withinMs; passed++) {
      if (isSo()) return;
      this.#step(1);
    }
    throw new Error(`not within ${withinMs} ms: ${what}`);
  }

  /** Lets time pass in longer steps where nobody speaks: timers run, media rest. */
  rest(ms: number): void {
    const end = this.clock.now + ms;
    while (this.clock.now < end) {
      const next = this.#nextDeadline() - this.clock.now;
      this.#step(Math.max(1, Math.min(Math.ceil(next), LONGEST_REST_MS, end - this.clock.now)));
    }
  }

  /** What is left of the calls that there were, once all timers have run out: nothing. */
  leftovers(): Readonly<Record<string, number>> {
    for (let rested = 0; rested < LONGEST_SETTLING_MS; rested += 1000) {
      if (Object.keys(this.#left()).length === 0) break;
      this.rest(1000);
    }
    return this.#left();
  }

  /** What passed is not kept: for long loads. */
  forget(): void {
    this.frames.length = 0;
    this.log.length = 0;
    this.network.passed.length = 0;
  }

  /** Q.931 and Q.921 of one side, a line each. */
  ladder(from?: Signalled["from"]): readonly string[] {
    return this.frames
      .filter((frame) => from === undefined || frame.from === from)
      .map(({ octets }) => summariseFrame(octets))
      .filter((line) => line.startsWith("I "));
  }

  #left(): Readonly<Record<string, number>> {
    const { calls, counters, trunkGroups, workers } = this.gateway.status();
    const { sipSessions, sipSessionsKept, sipTransactions, sipTimers } = counters;
    const { sipLegs, isdnLegs, mediaPorts, exchangeCalls, legsTraced } = counters;
    const all: Record<string, number | undefined> = {
      ...{ calls: calls.active, sipSessions, sipSessionsKept, sipTransactions, sipTimers },
      ...{ sipLegs, isdnLegs, mediaPorts, exchangeCalls, legsTraced },
      busyCircuits: trunkGroups.reduce((sum, { busy }) => sum + busy, 0),
      enginePorts: workers.reduce((sum, { ports }) => sum + ports, 0),
      faults: this.log.filter(([level]) => level === "error").length,
      phoneSessions: this.phones.reduce((sum, { stack }) => sum + stack.alive.sessions, 0),
      switchCalls: [...this.switches.values()].reduce((sum, one) => sum + one.live, 0),
    };
    return Object.fromEntries(
      Object.entries(all).flatMap(([name, count]) =>
        count === 0 ? [] : [[name, count ?? Number.NaN]],
      ),
    );
  }

  #step(ms: number): void {
    this.clock.pass(ms);
    this.engine.advance(ms);
    this.network.deliver();
    this.clock.ring();
    for (const phone of this.phones) phone.tick();
    for (const end of this.ends) if (end.speaking) end.tick(this.clock.now);
    for (const one of this.switches.values()) one.tick();
  }

  #nextDeadline(): number {
    const times = [
      this.clock.next(),
      this.network.next(),
      ...this.phones.map((phone) => (phone.speaking ? this.clock.now : phone.deadline())),
      ...[...this.switches.values()].map((one) => one.deadline()),
    ];
    return Math.min(...times.map((at) => at ?? Number.POSITIVE_INFINITY));
  }

  #openEngine(workers: number, onEvents: (events: readonly EngineEvent[]) => void): Engine {
    const engine = createEngine({
      ...{ mode: "stepped", workers, startMs: START },
      onEvents: (events) => {
        onEvents(events);
        for (const event of events) this.#onEvent(event);
      },
    });
    this.engine = engine;
    const names = this.configuration.spans.map(({ name }) => name);
    const openSpanPair = engine.openSpanPair.bind(engine);
    engine.openSpanPair = (options) => {
      const pair = openSpanPair(options);
      const span = names.shift();
      if (!pair.ok || span === undefined) return pair;
      this.#ends.set(pair.value.a, { from: "gateway", span });
      this.#ends.set(pair.value.b, { from: "pstn", span });
      this.#far.set(span, pair.value.b);
      return pair;
    };
    const sendSignalling = engine.sendSignalling.bind(engine);
    engine.sendSignalling = (span, octets) => {
      const end = this.#ends.get(span);
      if (end === undefined) return sendSignalling(span, octets);
      const frame = { at: this.now, ...end, octets: octets.slice() };
      this.frames.push(frame);
      const sent = this.frameRule(frame);
      return sent === undefined ? { ok: true, value: undefined } : sendSignalling(span, sent);
    };
    return engine;
  }

  #onEvent(event: EngineEvent): void {
    if (event.kind === "datagram") {
      if (!this.phones.some((phone) => phone.packet(event.to, event.octets)))
        this.stray.push(event);
    } else if (event.kind === "signalling" || event.kind === "span-alarm") {
      for (const one of this.switches.values()) if (one.span === event.span) one.hear(event);
    }
  }

  #addSwitch(name: string): void {
    const span = this.configuration.spans.find((one) => one.name === name);
    const group = this.configuration.trunkGroups.find(({ spans }) => spans.includes(name));
    if (span === undefined || group === undefined) return;
    const parts = { engine: this.engine, world: this.clock.world(), span: this.farEnd(name) };
    this.switches.set(name, new IsdnSwitch(span, group, parts));
  }

  #logger() {
    const at = (level: string) => (fields: object, message: string) =>
      void this.log.push([level, message, fields]);
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  }
}

/** A world with its data links up. */
export async function openWorld(options: WorldOptions = {}): Promise<ScenarioWorld> {
  const world = new ScenarioWorld(options);
  await world.open();
  world.until(
    () => world.gateway.spans().every(({ dataLink }) => dataLink === "up"),
    "all data links are up",
    30_000,
  );
  return world;
}

/** One scenario in a world of its own; at its end nothing may be left of it. */
export function scenario(
  name: string,
  body: (world: ScenarioWorld) => void | Promise<void>,
  options: WorldOptions = {},
): void {
  test(name, async () => {
    const world = await openWorld(options);
    try {
      await body(world);
      expect(world.leftovers()).toEqual({});
    } finally {
      await world.close();
    }
  });
}

const LONGEST_REST_MS = 20;
const LONGEST_SETTLING_MS = 70_000;
