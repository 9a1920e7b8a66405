import { monitorEventLoopDelay } from "node:perf_hooks";
import { createEngine, type Engine, type EngineEvent, type PortEvent } from "../addon/index.js";
import { type CallEvent, type Cause, cause, type Setup } from "../call/index.js";
import type { Exchange } from "../exchange/index.js";
import { Driver, type OpenCarrier, realWorld, Transports, type World } from "../host/index.js";
import type { SipTarget } from "../interworking/index.js";
import { EventRouter } from "../media/index.js";
import { RouteTable } from "../routing/index.js";
import type { SessionEvent } from "../sip/index.js";
import { callView } from "./call-views.js";
import { Calls, type Leg, type LiveCall } from "./calls.js";
import { buildExchange, openSpans } from "./exchange-side.js";
import { type Hosts, LegBook } from "./leg-book.js";
import { LegMedia } from "./leg-media.js";
import type { Log } from "./log.js";
import { type GatewayOptions, lawOf, type PeerOptions, type TrunkGroupOptions } from "./options.js";
import { PeerBook } from "./peers.js";
import { joinParams, profileOf, traitsOf } from "./profile.js";
import { routeRules } from "./route-rules.js";
import { SipLegs } from "./sip-legs.js";
import { SipSide } from "./sip-side.js";
import { groupViews, spanViews, workerViews } from "./span-views.js";
import { Tracing } from "./tracing.js";
import { type TrunkLeg, Trunks } from "./trunks.js";
import type { CallView, GatewayEvent, GatewayStatus, SpanView, TraceView } from "./views.js";

/** What a gateway stands in: clock, chance, network and a media engine. Tests bring stepped ones. */
export interface GatewayWorld {
  readonly world: World;
  /** Sockets when absent. */
  readonly openTransports?: OpenCarrier;
  readonly openEngine: (
    workers: number,
    onEvents: (events: readonly EngineEvent[]) => void,
  ) => Engine;
}

/** Builds all and wires outputs to inputs; every decision is a machine's. */
export class Gateway {
  readonly exchange: Exchange | undefined;
  readonly #options: GatewayOptions;
  readonly #log: Log;
  readonly #driver: Driver;
  readonly #engine: Engine;
  readonly #media: LegMedia;
  readonly #calls: Calls;
  readonly #sip: SipSide;
  readonly #sipLegs: SipLegs;
  readonly #trunks: Trunks;
  readonly #peers: PeerBook;
  readonly #traces: Tracing;
  readonly #legs = new LegBook();
  readonly #ended: CallView[] = [];
  readonly #idleWaiters = new Set<() => void>();
  readonly #loopDelay = monitorEventLoopDelay({ resolution: 10 });
  readonly #begun: number;
  #resolving: NodeJS.Timeout | undefined;
  #failed = 0;
  #draining = false;

  constructor(options: GatewayOptions, log: Log, around: GatewayWorld) {
    const { world, openEngine, openTransports = SOCKETS } = around;
    this.#options = options;
    this.#log = log;
    this.#driver = new Driver(world, (name, error, input) => this.#onFault(name, error, input));
    this.#begun = this.#driver.now;
    this.#traces = new Tracing(options.records.recorderMiB * (1 << 20), () => this.#driver.now);
    const router = new EventRouter();
    this.#engine = openEngine(options.media.workers, (events) => router.dispatch(events));
    const spans = openSpans(this.#engine, options.spans);
    const { rtp } = options.listen;
    this.#media = new LegMedia(this.#engine, router, { rtp, media: options.media }, (leg, event) =>
      this.#onMedia(leg, event),
    );
    const parts = { engine: this.#engine, router, driver: this.#driver };
    this.#peers = new PeerBook(options.peers);
    const sip = { listeners: options.listen.sip, version: options.version, openTransports };
    this.#sip = new SipSide(sip, this.#driver, {
      session: (event) => this.#onSession(event),
      trace: (direction, { address, port }, octets, session) => {
        this.#traces.sip(direction, `${address}:${port}`, octets, () => this.#legs.callOf(session));
      },
      anomaly: (what, session) => this.#log.info({ session, what }, "SIP"),
    });
    this.#sipLegs = new SipLegs(this.#driver, this.#media, {
      command: (command) => {
        const leg = command.kind === "invite" ? this.#legs.find(command.session) : undefined;
        if (leg !== undefined) leg.invited = true;
        this.#sip.command(command);
      },
      said: (leg, event) => this.#onSipLeg(leg, event),
      anomaly: (what, leg) => this.#log.info({ leg, what }, "SIP leg"),
    });
    this.#trunks = new Trunks(options.trunkGroups, spans, parts, {
      arrived: (leg, setup) => this.#onArrived(leg, setup),
      said: (leg, event) => this.#calls.said(leg, event),
      moved: (leg) => this.#onMoved(leg),
      released: (leg) => this.#onReleased(leg),
      displaced: (leg) => this.#media.close(leg),
      failed: (leg, why) => {
        const call = this.#calls.callOf(leg);
        if (call !== undefined) this.#calls.hangUp(call, why);
      },
      trace: (span, direction, octets, leg) => {
        this.#traces.isdn(direction, span.name, octets, () => this.#legs.callOf(leg));
      },
      alarm: (what, raised) => this.#onAlarm(what, raised),
      anomaly: (what, leg) => this.#log.info({ leg, what }, "ISDN"),
    });
    const overlap = new Set(options.trunkGroups.filter((g) => g.overlap).map(({ name }) => name));
    this.#calls = new Calls(this.#driver, {
      tell: (leg, event) => this.#tell(leg, event),
      seize: (call, id, to) =>
        to.kind === "peer"
          ? this.#seizePeer(call, id, to.name)
          : this.#seizeTrunk(call, id, to.name),
      unseize: (leg) => {
        this.#legs.forget(leg.id);
        if (leg.kind === "isdn") this.#trunks.abandon(leg.id);
        else this.#sipLegs.forget(leg.id);
      },
      media: this.#media,
      routes: routeTable(options, overlap),
      parameters: (call) => joinParams(options, call),
      traits: (leg) => traitsOf(options, leg),
      ended: (call) => this.#onEnded(call),
      changed: (call) => this.#publish(call),
    });
    this.exchange = buildExchange(options, spans, { ...parts, world });
  }

  async start(): Promise<void> {
    await this.#peers.resolve();
    this.#resolving = setInterval(() => void this.#peers.resolve(), RESOLVE_AGAIN_MS).unref();
    await this.#sip.open();
    await this.exchange?.start();
    await this.#trunks.start();
    this.#loopDelay.enable();
  }

  async stop(): Promise<void> {
    clearInterval(this.#resolving);
    this.#loopDelay.disable();
    await this.exchange?.close();
    await this.#trunks.close();
    await this.#sip.close();
    this.#driver.stop();
    this.#engine.close();
  }

  /** New calls are refused with 503; those that are up go on. */
  drain(): void {
    this.#draining = true;
    this.#sip.policy({ kind: "refuse", status: 503, retryAfter: 30 });
  }

  /** Resolves when no call is left, or after so many milliseconds. */
  idle(withinMs: number): Promise<void> {
    if (this.#calls.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timeout);
        this.#idleWaiters.delete(done);
        resolve();
      };
      const timeout = setTimeout(done, withinMs);
      this.#idleWaiters.add(done);
    });
  }

  subscribe(listener: (event: GatewayEvent) => void): () => void {
    return this.#traces.subscribe(listener);
  }

  status(): GatewayStatus {
    const { mean, max } = this.#loopDelay;
    const ms = (nanoseconds: number): number => (nanoseconds > 0 ? nanoseconds / 1e6 : 0);
    const calls = this.#calls.live();
    return {
      version: this.#options.version,
      pid: process.pid,
      uptimeMs: this.#driver.now - this.#begun,
      state: this.#draining ? "draining" : "running",
      listeners: this.#sip.uris(),
      calls: { active: calls.length, total: this.#calls.total, failed: this.#failed },
      trunkGroups: groupViews(this.#trunks),
      peers: this.#options.peers.map(({ name }) => ({
        name,
        calls: calls.filter(({ a, b }) =>
          [a, b].some((l) => l?.kind === "sip" && l.peer.name === name),
        ).length,
      })),
      counters: {
        ...this.#sip.counters(),
        sipLegs: this.#sipLegs.size,
        isdnLegs: this.#trunks.legCount,
        mediaPorts: this.#media.size,
        legsTraced: this.#legs.size,
        exchangeCalls: this.exchange?.liveCalls ?? 0,
      },
      workers: workerViews(this.#engine),
      eventLoopDelayMs: { mean: ms(mean), p99: ms(this.#loopDelay.percentile(99)), max: ms(max) },
    };
  }

  calls(): readonly CallView[] {
    return this.#calls.live().map((call) => callView(call, this.#media, this.#driver.now));
  }

  call(id: string): (CallView & { readonly ladder: readonly TraceView[] }) | undefined {
    const live = this.#calls.find(id);
    const view =
      live === undefined
        ? this.#ended.find((one) => one.id === id)
        : callView(live, this.#media, this.#driver.now);
    return view === undefined ? undefined : { ...view, ladder: this.#traces.ladder(id) };
  }

  spans(): readonly SpanView[] {
    return spanViews(this.#trunks, this.#engine);
  }

  hangUp(id: string): boolean {
    const call = this.#calls.find(id);
    if (call === undefined) return false;
    this.#calls.hangUp(call, cause(16, "private-network-local", "an operator ended the call"));
    return true;
  }

  #onSession(event: SessionEvent): void {
    if (event.kind === "invite-received") {
      const peer = this.#peers.bySource(event.source);
      if (peer === undefined) {
        this.#log.warn(
          { source: event.source.address },
          "INVITE from an address that is no peer's",
        );
        const headers = [{ name: "Reason", value: 'Q.850;cause=21;text="not a peer"' }];
        this.#sip.command({ kind: "reject", session: event.session, status: 403, headers });
        return;
      }
      const hosts = { ours: this.#sip.hostOf(event.source.listener), theirs: event.source.address };
      this.#legs.add(event.session, { call: this.#calls.nextId(), peer, hosts });
      this.#traces.settle();
      this.#sipLegs.begin(event.session, this.#profile(peer, hosts, undefined));
    }
    this.#sipLegs.session(event);
    if (event.kind === "ended") this.#legs.forget(event.session);
  }

  #onSipLeg(leg: string, event: CallEvent): void {
    const known = this.#legs.find(leg);
    const live = this.#calls.callOf(leg);
    if (live === undefined && event.kind === "setup") {
      if (known?.peer === undefined) return;
      this.#calls.begin(known.call, { kind: "sip", id: leg, peer: known.peer }, event);
      return;
    }
    this.#calls.said(leg, event);
    // A leg that never sent its INVITE has no session that would end.
    const isNeverInvited = live?.b?.id === leg && known?.invited === undefined;
    if (event.kind === "release" && isNeverInvited) this.#legs.forget(leg);
  }

  #onArrived(leg: TrunkLeg, setup: Setup): void {
    const id = this.#calls.nextId();
    this.#legs.add(leg.id, { call: id });
    this.#traces.settle();
    if (!this.#openTimeslot(leg, setup)) {
      const why = cause(47, "private-network-local", "the timeslot could not be opened");
      this.#trunks.tell(leg.id, { kind: "release", cause: why });
      return;
    }
    if (this.#draining) {
      const why = cause(42, "private-network-local", "the gateway is draining");
      this.#trunks.tell(leg.id, { kind: "release", cause: why });
      return;
    }
    this.#calls.begin(id, { kind: "isdn", id: leg.id, group: leg.group, at: leg }, setup);
  }

  #onMoved(leg: TrunkLeg): void {
    const call = this.#calls.callOf(leg.id);
    this.#calls.moved(leg.id, leg);
    if (call === undefined) return;
    if (this.#openTimeslot(leg, call.setup)) this.#calls.replan(leg.id);
    else
      this.#calls.hangUp(
        call,
        cause(47, "private-network-local", "the timeslot could not be opened"),
      );
  }

  #onReleased(leg: string): void {
    this.#media.close(leg);
    this.#legs.forget(leg);
  }

  #onMedia(leg: string, event: PortEvent): void {
    switch (event.kind) {
      case "source-latched":
        this.#calls.heard(leg, "media-heard");
        return;
      case "rtp-resumed":
        this.#calls.heard(leg, "media-heard");
        this.#endSilence(leg);
        return;
      case "rtp-timeout":
        this.#calls.heard(leg, "media-silent");
        this.#beginSilence(leg);
        return;
      case "fax-or-modem":
        this.#log.info({ leg, signal: event.signal }, "fax or modem: fixed buffer, no detectors");
        return;
      default:
        return;
    }
  }

  #beginSilence(leg: string): void {
    const known = this.#legs.find(leg);
    if (known === undefined) return;
    const remote = this.#media.rtpOf(leg)?.agreement?.remote;
    const from = remote === undefined ? "the peer" : `${remote.address}:${remote.port}`;
    known.silence = `no RTP from ${from} (${known.call})`;
    this.#onAlarm(known.silence, true);
  }

  #endSilence(leg: string): void {
    const known = this.#legs.find(leg);
    if (known?.silence === undefined) return;
    this.#onAlarm(known.silence, false);
    delete known.silence;
  }

  #tell(leg: Leg, event: CallEvent): void {
    if (leg.kind === "sip") this.#sipLegs.tell(leg.id, event);
    else this.#trunks.tell(leg.id, event);
  }

  #seizeTrunk(call: LiveCall, id: string, name: string): Leg | Cause {
    const leg = this.#trunks.seize(name, id, call.tried);
    if ("origin" in leg) return leg;
    if (call.a.kind === "sip") this.#adoptGroup(call, call.a.id, leg.group);
    if (this.#openTimeslot(leg, call.setup)) {
      this.#legs.add(id, { call: call.id });
      return { kind: "isdn", id, group: leg.group, at: leg };
    }
    this.#trunks.abandon(id);
    return cause(47, "private-network-local", "the timeslot could not be opened");
  }

  #seizePeer(call: LiveCall, id: string, name: string): Leg | Cause {
    const target = this.#target(name);
    if ("origin" in target) return target;
    const { peer, destination, host } = target;
    const hosts = { ours: this.#sip.hostOf(destination.listener), theirs: host };
    const group = call.a.kind === "isdn" ? call.a.group : undefined;
    this.#legs.add(id, { call: call.id, peer, hosts });
    this.#sipLegs.begin(id, this.#profile(peer, hosts, group), { destination });
    return { kind: "sip", id, peer };
  }

  #target(
    name: string,
  ): { peer: PeerOptions; destination: SipTarget["destination"]; host: string } | Cause {
    const found = this.#peers.contact(name);
    if (found === undefined) {
      return cause(38, "private-network-local", `the contact of peer ${name} has no address`);
    }
    const listener = this.#sip.listenerFor(found.transport);
    if (listener === undefined) {
      return cause(38, "private-network-local", `there is no listener for ${found.transport}`);
    }
    const { peer, transport, address, port, host } = found;
    return { peer, host, destination: { transport, address, port, listener } };
  }

  #profile(
    peer: PeerOptions,
    hosts: Hosts,
    group: TrunkGroupOptions | undefined,
  ): ReturnType<typeof profileOf> {
    const span = this.#options.spans[0];
    const other = group ?? this.#options.trunkGroups[0];
    return profileOf(this.#options, peer, hosts, other, span === undefined ? "a-law" : lawOf(span));
  }

  /** Cause map, in-band alerting and tones of a SIP caller's call are those of the group it goes to. */
  #adoptGroup(call: LiveCall, leg: string, group: TrunkGroupOptions): void {
    const { peer, hosts } = this.#legs.find(leg) ?? {};
    if (peer === undefined || hosts === undefined) return;
    this.#sipLegs.adopt(leg, this.#profile(peer, hosts, group));
    this.#calls.adopt(call, joinParams(this.#options, call, group));
  }

  #openTimeslot(leg: TrunkLeg, setup: Setup): boolean {
    const country = leg.group.country ?? this.#options.media.country;
    const at = { span: leg.span.span, timeslot: leg.timeslot, country };
    const opened = this.#media.openTimeslot(leg.id, at, setup.bearer.kind === "unrestricted-64k");
    if (!opened.ok) this.#log.warn({ leg: leg.id, what: opened.error }, "timeslot");
    return opened.ok;
  }

  #onEnded(call: LiveCall): void {
    if (!call.milestones.has("answered")) this.#failed++;
    for (const leg of [call.a, call.b]) if (leg !== undefined) this.#endSilence(leg.id);
    const view = callView(call, this.#media, this.#driver.now);
    this.#ended.push(view);
    if (this.#ended.length > MOST_ENDED) {
      const oldest = this.#ended.shift();
      if (oldest !== undefined) this.#traces.forget(oldest.id);
    }
    this.#log.info({ call: view.id, cause: view.cause?.value, by: call.endedBy }, "call ended");
    if (this.#traces.watched) this.#traces.publish({ kind: "call", call: view });
    if (this.#calls.size === 0) for (const waiter of this.#idleWaiters) waiter();
  }

  #publish(call: LiveCall): void {
    if (!this.#traces.watched) return;
    const view = callView(call, this.#media, this.#driver.now);
    this.#traces.publish({ kind: "call", call: view });
  }

  #onAlarm(what: string, raised: boolean): void {
    this.#log.warn({ what, raised }, "alarm");
    this.#traces.alarm(what, raised);
  }

  /** An invariant of ours is broken: the call that it concerns ends, the process does not. */
  #onFault(name: string, error: unknown, input: unknown): void {
    this.#log.error({ name, err: error, input }, "internal fault");
    const key = (input as { readonly key?: unknown } | undefined)?.key;
    if (typeof key !== "string") return;
    const call = this.#calls.find(key) ?? this.#calls.callOf(key);
    if (call !== undefined) this.#calls.abort(call);
  }
}

function routeTable(options: GatewayOptions, overlap: ReadonlySet<string>): RouteTable {
  const table = RouteTable.from(routeRules(options.routes, overlap));
  if (!table.ok) throw new Error(`routes: ${table.error.reason}`);
  return table.value;
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

const SOCKETS: OpenCarrier = (options, events) => new Transports(options, events);

const REAL: GatewayWorld = {
  world: realWorld(),
  openEngine: (workers, onEvents) => createEngine({ mode: "threaded", workers, onEvents }),
};

/** Names among the peers' contacts are looked up again after so long. */
const RESOLVE_AGAIN_MS = 60_000;
/** Ended calls that can still be looked at. */
const MOST_ENDED = 1000;
