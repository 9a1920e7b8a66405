import type { Engine, PortEvent } from "../addon/index.js";
import { cause } from "../call/index.js";
import type { Result } from "../core/index.js";
import { FaultAbout } from "../core/index.js";
import type { Exchange } from "../exchange/index.js";
import { type Delay, Driver, delayOn } from "../host/index.js";
import { EventRouter } from "../media/index.js";
import { CallHistory } from "./call-history.js";
import { peerViews } from "./call-views.js";
import { Calls, type LiveCall } from "./calls.js";
import { CodecBook } from "./codec-book.js";
import { CodecControl } from "./codec-control.js";
import { buildExchange, openSpans } from "./exchange-side.js";
import { type GatewayWorld, REAL, SOCKETS } from "./gateway-world.js";
import { LegBook } from "./leg-book.js";
import { LegMedia } from "./leg-media.js";
import type { Log } from "./log.js";
import { LoopDelay } from "./loop-delay.js";
import type { GatewayOptions } from "./options.js";
import { PeerCalls } from "./peer-calls.js";
import { joinParams, traitsOf } from "./profile.js";
import { routeTable } from "./route-rules.js";
import { SilenceAlarms } from "./silence-alarms.js";
import { circuitViews, groupViews, spanViews, workerViews } from "./span-views.js";
import { Tracing } from "./tracing.js";
import { TrunkCalls } from "./trunk-calls.js";
import { untilNone } from "./until-none.js";
import type {
  CallView,
  CircuitAnswer,
  CircuitRequest,
  CircuitView,
  GatewayEvent,
  GatewayStatus,
  SpanView,
  TraceView,
} from "./views.js";

/** Builds all and wires outputs to inputs; every decision is a machine's. */
export class Gateway {
  readonly exchange: Exchange | undefined;
  readonly codecs: CodecControl;
  readonly #options: GatewayOptions;
  readonly #log: Log;
  readonly #driver: Driver;
  readonly #engine: Engine;
  readonly #media: LegMedia;
  readonly #calls: Calls;
  readonly #peers: PeerCalls;
  readonly #trunks: TrunkCalls;
  readonly #traces: Tracing;
  readonly #history: CallHistory;
  readonly #silences: SilenceAlarms;
  readonly #legs = new LegBook();
  readonly #codecs: CodecBook;
  readonly #loopDelay = new LoopDelay();
  readonly #delay: Delay;
  readonly #begun: number;
  #draining = false;

  constructor(options: GatewayOptions, log: Log, around: GatewayWorld) {
    const { world, openEngine, openTransports = SOCKETS } = around;
    this.#options = options;
    this.#log = log;
    this.#driver = new Driver(world, (name, error, input) => this.#onFault(name, error, input));
    this.#delay = delayOn(this.#driver, "gateway delays");
    this.#begun = this.#driver.now;
    this.#traces = new Tracing(
      options.records.recorderMiB * (1 << 20),
      () => this.#driver.now,
      (work) => this.#driver.post(work),
    );
    const router = new EventRouter();
    this.#engine = openEngine(options.media.workers, (events) => router.dispatch(events));
    const spans = openSpans(this.#engine, options.spans);
    this.#codecs = new CodecBook(options, this.#legs);
    const { listen, media } = options;
    const settingsOf = (leg: string) => this.#codecs.ofLeg(leg).settings;
    this.#media = new LegMedia(
      ...([this.#engine, router, { rtp: listen.rtp, media, settingsOf }] as const),
      (leg, event) => this.#onMedia(leg, event),
    );
    const alarm = (what: string, raised: boolean) => this.#onAlarm(what, raised);
    this.#silences = new SilenceAlarms(this.#legs, this.#media, alarm);
    this.#history = new CallHistory(this.#media, this.#driver, this.#traces);
    this.#calls = this.#openCalls();
    const shared = {
      ...{ options, log, driver: this.#driver, media: this.#media, codecs: this.#codecs },
      ...{ legs: this.#legs, traces: this.#traces, calls: this.#calls },
    };
    const parts = { engine: this.#engine, router, driver: this.#driver };
    this.#peers = new PeerCalls(shared, openTransports);
    this.codecs = new CodecControl(shared, this.#peers);
    const room = (hasRoom: boolean) => this.#peers.setRoom(hasRoom);
    this.#trunks = new TrunkCalls(shared, spans, parts, { alarm, room });
    this.exchange = buildExchange(options, spans, { ...parts, world });
  }

  async start(): Promise<void> {
    await this.#peers.open();
    await this.exchange?.start();
    await this.#trunks.trunks.start();
    this.#loopDelay.start();
  }

  /** Closes all at once; calls that are up are not told (see `endCalls`). */
  async stop(): Promise<void> {
    this.#loopDelay.stop();
    await this.exchange?.close();
    await this.#trunks.trunks.close();
    await this.#peers.close();
    this.#driver.stop();
    this.#engine.close();
  }

  /** New calls are refused with 503; those that are up go on. */
  drain(): void {
    this.#draining = true;
    this.#peers.drain();
    this.#trunks.drain();
  }

  /** Ends all calls in their protocols' own words, and waits for the far ends' at most so long. */
  endCalls(withinMs: number): Promise<void> {
    this.drain();
    const why = cause(41, "private-network-local", "the gateway is stopped");
    for (const call of this.#calls.live()) this.#calls.hangUp(call, why);
    const left = () => {
      const { sipSessions = 0 } = this.#peers.counters();
      return this.#calls.size + this.#trunks.trunks.legCount + sipSessions;
    };
    return untilNone(this.#delay, left, withinMs);
  }

  /** Resolves when no call is left, or after so many milliseconds. */
  idle(withinMs: number): Promise<void> {
    return untilNone(this.#delay, () => this.#calls.size, withinMs);
  }

  subscribe(listener: (event: GatewayEvent) => void): () => void {
    return this.#traces.subscribe(listener);
  }

  status(): GatewayStatus {
    const calls = this.#calls.live();
    return {
      version: this.#options.version,
      pid: process.pid,
      uptimeMs: this.#driver.now - this.#begun,
      state: this.#draining ? "draining" : "running",
      listeners: this.#peers.uris(),
      calls: { active: calls.length, total: this.#calls.total, failed: this.#history.failed },
      trunkGroups: groupViews(this.#trunks.trunks),
      peers: peerViews(this.#options.peers, calls),
      counters: {
        ...this.#peers.counters(),
        isdnLegs: this.#trunks.trunks.legCount,
        mediaPorts: this.#media.size,
        legsTraced: this.#legs.size,
        exchangeCalls: this.exchange?.liveCalls ?? 0,
      },
      workers: workerViews(this.#engine),
      eventLoopDelayMs: this.#loopDelay.view(),
    };
  }

  calls(): readonly CallView[] {
    return this.#calls.live().map((call) => this.#history.view(call));
  }

  call(id: string): (CallView & { readonly ladder: readonly TraceView[] }) | undefined {
    const live = this.#calls.find(id);
    const view = live === undefined ? this.#history.find(id) : this.#history.view(live);
    return view === undefined ? undefined : { ...view, ladder: this.#traces.ladder(id) };
  }

  spans(): readonly SpanView[] {
    return spanViews(this.#trunks.trunks, this.#engine);
  }

  circuits(): readonly CircuitView[] {
    return circuitViews(this.#trunks.trunks);
  }

  maintain(request: CircuitRequest): Result<CircuitAnswer, string> {
    return this.#trunks.trunks.maintain(request);
  }

  hangUp(id: string): boolean {
    const call = this.#calls.find(id);
    if (call === undefined) return false;
    this.#calls.hangUp(call, cause(16, "private-network-local", "an operator ended the call"));
    return true;
  }

  #openCalls(): Calls {
    const options = this.#options;
    return new Calls(this.#driver, {
      tell: (leg, event) =>
        leg.kind === "sip" ? this.#peers.tell(leg.id, event) : this.#trunks.tell(leg.id, event),
      seize: (call, id, to) => {
        if (to.kind === "peer") return this.#peers.seize(call, id, to.name);
        const leg = this.#trunks.seize(call, id, to.name);
        if (!("origin" in leg) && call.a.kind === "sip") this.#peers.adoptGroup(call, leg.group);
        return leg;
      },
      unseize: (leg) => {
        this.#legs.forget(leg.id);
        if (leg.kind === "isdn") this.#trunks.trunks.abandon(leg.id);
        else this.#peers.forget(leg.id);
      },
      media: this.#media,
      routes: routeTable(options),
      parameters: (call) => joinParams(options, call),
      traits: (leg) => traitsOf(options, leg),
      ended: (call) => this.#onEnded(call),
      changed: (call) => this.#history.changed(call),
    });
  }

  #onMedia(leg: string, event: PortEvent): void {
    switch (event.kind) {
      case "source-latched":
        this.#calls.heard(leg, "media-heard");
        return;
      case "rtp-resumed":
        this.#calls.heard(leg, "media-heard");
        this.#silences.end(leg);
        return;
      case "rtp-timeout":
        this.#calls.heard(leg, "media-silent");
        this.#silences.begin(leg);
        return;
      case "fax-or-modem":
        this.#log.info(
          { leg, signal: event.signal },
          "fax or modem: G.711, fixed buffer, no detectors",
        );
        this.#onData(leg);
        return;
      default:
        return;
    }
  }

  #onData(leg: string): void {
    const call = this.#calls.callOf(leg);
    if (call !== undefined) this.#peers.hearData(call);
  }

  #onEnded(call: LiveCall): void {
    for (const leg of [call.a, call.b]) if (leg !== undefined) this.#silences.end(leg.id);
    this.#codecs.forgetCall(call.id);
    const { id, cause: why } = this.#history.ended(call);
    this.#log.info({ call: id, cause: why?.value, by: call.endedBy }, "call ended");
  }

  #onAlarm(what: string, raised: boolean): void {
    this.#log.warn({ what, raised }, "alarm");
    this.#traces.alarm(what, raised);
  }

  /** An invariant of ours is broken: the call that it concerns ends, the process does not. */
  #onFault(name: string, error: unknown, input: unknown): void {
    this.#log.error({ name, err: error, input }, "internal fault");
    const { key, leg } = (input ?? {}) as { readonly key?: unknown; readonly leg?: unknown };
    const about = error instanceof FaultAbout ? error.about : (key ?? leg);
    if (typeof about !== "string") return;
    const call = this.#calls.find(about) ?? this.#calls.callOf(about);
    if (call !== undefined) this.#calls.abort(call);
  }
}

/** Builds and starts a gateway. Throws a ListenError where an address cannot be had. */
export async function startGateway(
  options: GatewayOptions,
  log: Log,
  around: GatewayWorld = REAL,
): Promise<Gateway> {
  const gateway = new Gateway(options, log, around);
  try {
    await gateway.start();
  } catch (error) {
    await gateway.stop();
    throw error;
  }
  return gateway;
}
