import type { Alarm, Engine, SpanHandle } from "../addon/index.js";
import type { CallEvent } from "../call/index.js";
import {
  type Driver,
  type Inlet,
  type SignallingChannel,
  udpSignallingChannel,
} from "../host/index.js";
import {
  type ChannelChoice,
  callProfile,
  type InterfaceInput,
  type InterfaceOutput,
  IsdnInterface,
} from "../isdn/index.js";
import type { EventRouter } from "../media/index.js";
import { bearerTimeslotsOf, lawOf, type SpanOptions, type TrunkGroupOptions } from "./options.js";
import type { CircuitRequest } from "./views.js";

/** What one span says to its trunk group. */
export interface TrunkSpanEvents {
  call(span: TrunkSpan, leg: string, event: CallEvent, channel?: ChannelChoice): void;
  released(span: TrunkSpan, leg: string): void;
  /** Calls can, or cannot, be placed on it: data link up and no lasting alarm. */
  usable(span: TrunkSpan, usable: boolean): void;
  lineAlarm(span: TrunkSpan, alarm: Alarm): void;
  service(span: TrunkSpan, timeslot: number, inService: boolean): void;
  restarting(span: TrunkSpan, timeslots: readonly number[], by: "us" | "them"): void;
  restarted(span: TrunkSpan, timeslots: readonly number[]): void;
  restartFailed(span: TrunkSpan, timeslots: readonly number[]): void;
  trace(span: TrunkSpan, direction: "sent" | "received", octets: Uint8Array, leg?: string): void;
  alarm(what: string, raised: boolean): void;
  anomaly(what: string, leg?: string): void;
}

/** What a span stands on. */
export interface TrunkSpanParts {
  readonly engine: Engine;
  readonly router: EventRouter;
  readonly driver: Driver;
}

/** One ISDN span of ours: the interface, its D channel, its alarms. */
export class TrunkSpan {
  readonly name: string;
  readonly options: SpanOptions;
  /** The far end can be told that a channel is out of service (NI-2). */
  readonly hasService: boolean;
  readonly span: SpanHandle;
  readonly #events: TrunkSpanEvents;
  readonly #inlet: Inlet<InterfaceInput>;
  #channel: SignallingChannel;
  #alarm: Alarm = "none";
  #dataLink = false;
  #linkAlarm = false;
  #failed = false;

  constructor(
    group: TrunkGroupOptions,
    options: SpanOptions,
    span: SpanHandle,
    parts: TrunkSpanParts,
    events: TrunkSpanEvents,
  ) {
    this.name = options.name;
    this.options = options;
    this.hasService = callProfile(group.profile).service;
    this.span = span;
    this.#events = events;
    const side = new IsdnInterface({
      side: group.signalling === "isdn-user" ? "user" : "network",
      profile: group.profile,
      line: options.kind,
      law: lawOf(options),
      timeslots: bearerTimeslotsOf(options),
      timers: group.timers,
    });
    this.#inlet = parts.driver.attach(`span ${options.name}`, side, (output) =>
      this.#perform(output),
    );
    this.#channel = {
      send: (octets) => {
        const sent = parts.engine.sendSignalling(span, octets);
        // What a full queue drops is repeated by T200, as on a line that lost it.
        if (!sent.ok) events.anomaly(`span ${options.name}: ${sent.error.message}`);
      },
      close: () => Promise.resolve(),
    };
    parts.router.onSpan(span, (event) => {
      if (event.kind === "signalling") this.#inlet({ kind: "frame", octets: event.octets });
      if (event.kind === "span-alarm") this.#onAlarm(event.alarm);
    });
  }

  get alarm(): Alarm {
    return this.#alarm;
  }

  get dataLink(): boolean {
    return this.#dataLink;
  }

  /** Calls can be placed on it. */
  get usable(): boolean {
    return this.#dataLink && !this.#failed;
  }

  setFailed(failed: boolean): void {
    const before = this.usable;
    this.#failed = failed;
    if (this.usable !== before) this.#events.usable(this, this.usable);
  }

  async start(): Promise<void> {
    const udp = this.options.signallingUdp;
    if (udp !== undefined) {
      this.#channel = await udpSignallingChannel(
        { address: udp.address, port: udp.port },
        { address: udp.peerAddress, port: udp.peerPort },
        (octets) => this.#inlet({ kind: "frame", octets }),
      );
    }
    this.#inlet({ kind: "layer-1", up: true });
    this.#inlet({ kind: "start" });
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  tell(leg: string, event: CallEvent, channel?: ChannelChoice): void {
    this.#inlet({ kind: "call", leg, event, ...(channel === undefined ? {} : { channel }) });
  }

  /** The procedure that the profile has for it; `named` is absent for the whole interface. */
  maintain(
    action: CircuitRequest["action"],
    named: readonly number[] | undefined,
    timeslots: readonly number[],
  ): void {
    if (action === "restart")
      this.#inlet({ kind: "restart", ...(named === undefined ? {} : { timeslots: named }) });
    else if (this.hasService) {
      const status = action === "block" ? "out-of-service" : "in-service";
      for (const timeslot of timeslots) this.#inlet({ kind: "service", timeslot, status });
    }
  }

  #onDataLink(up: boolean): void {
    const before = this.usable;
    // The first link-up ends no alarm; what does not come up at all is seen in the span's view.
    if (this.#dataLink || this.#linkAlarm) {
      this.#linkAlarm = !up;
      this.#events.alarm(`span ${this.name}: data link down`, !up);
    }
    this.#dataLink = up;
    if (this.usable !== before) this.#events.usable(this, this.usable);
  }

  #onAlarm(alarm: Alarm): void {
    const was = this.#alarm;
    this.#alarm = alarm;
    if (was !== "none") this.#events.alarm(`span ${this.name}: ${was.toUpperCase()}`, false);
    if (alarm !== "none") this.#events.alarm(`span ${this.name}: ${alarm.toUpperCase()}`, true);
    this.#events.lineAlarm(this, alarm);
    // RAI is the far end's trouble: we still receive (G.704, ISO/IEC 11573).
    this.#inlet({ kind: "layer-1", up: alarm === "none" || alarm === "rai" });
  }

  #perform(output: InterfaceOutput): void {
    switch (output.kind) {
      case "frame":
        this.#channel.send(output.octets);
        return;
      case "call":
        this.#events.call(this, output.leg, output.event, output.channel);
        return;
      case "channel-released":
        this.#events.released(this, output.leg);
        return;
      case "data-link":
        this.#onDataLink(output.up);
        return;
      case "restarted":
        this.#events.restarting(this, output.timeslots, output.by);
        this.#events.restarted(this, output.timeslots);
        return;
      case "restart-failed":
        this.#events.restartFailed(this, output.timeslots);
        return;
      case "channel-maintenance":
        this.#events.restartFailed(this, [output.timeslot]);
        return;
      case "service":
        // Our own is known since it was asked for.
        if (output.by === "them")
          this.#events.service(this, output.timeslot, output.status === "in-service");
        return;
      case "trace":
        this.#events.trace(this, output.direction, output.octets, output.leg);
        return;
      case "anomaly":
        this.#events.anomaly(`span ${this.name}: ${output.what}`, output.leg);
        return;
    }
  }
}
