import type { CallEvent, Law } from "../call/index.js";
import type { Endpoint } from "../host/index.js";
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
import type { Engine, EventRouter, PortHandle, SpanHandle } from "../media/index.js";
import type { FaultRequest } from "./control.js";

export interface ExchangeSpanOptions {
  readonly name: string;
  /** End B of the pair. */
  readonly span: SpanHandle;
  readonly kind: "e1" | "t1";
  readonly law: Law;
  readonly side: "user" | "network";
  readonly profile: "etsi" | "ni2";
  readonly signallingTimeslot: number;
  readonly timers?: Readonly<Record<string, number>>;
  /** Where the D channel is carried over UDP instead of HDLC on the timeslot. */
  readonly signallingUdp?: { readonly local: Endpoint; readonly peer: Endpoint };
}

/** What one span of the exchange reports of its calls. */
export interface ExchangeSpanEvents {
  call(span: ExchangeSpan, leg: string, event: CallEvent, channel?: ChannelChoice): void;
  /** The call is gone and its channel free. */
  released(span: ExchangeSpan, leg: string): void;
}

/** Signalling faults of the exchange: frames that are lost or late on purpose. */
export interface SignallingFault {
  drop: number;
  delayMs: number;
}

/** The network side of one span: the interface, its D channel, its free B channels and their sound. */
export class ExchangeSpan {
  readonly name: string;
  readonly options: ExchangeSpanOptions;
  readonly fault: SignallingFault = { drop: 0, delayMs: 0 };
  readonly #engine: Engine;
  readonly #router: EventRouter;
  readonly #inlet: Inlet<InterfaceInput>;
  readonly #events: ExchangeSpanEvents;
  readonly #free: Set<number>;
  /** Channels that one side has taken out of service (NI-2). */
  readonly #out = { us: new Set<number>(), them: new Set<number>() };
  readonly #bearers: readonly number[];
  readonly #held = new Map<string, number>();
  readonly #sound = new Map<
    string,
    { readonly timeslot: PortHandle; readonly terminal: PortHandle }
  >();
  readonly #random: () => number;
  readonly #delay: (ms: number, work: () => void) => void;
  #channel: SignallingChannel;

  constructor(
    options: ExchangeSpanOptions,
    parts: {
      readonly engine: Engine;
      readonly router: EventRouter;
      readonly driver: Driver;
      readonly random: () => number;
      readonly delay: (ms: number, work: () => void) => void;
    },
    events: ExchangeSpanEvents,
  ) {
    this.name = options.name;
    this.options = options;
    this.#engine = parts.engine;
    this.#router = parts.router;
    this.#random = parts.random;
    this.#delay = parts.delay;
    this.#events = events;
    this.#bearers = bearerTimeslots(options);
    this.#free = new Set(this.#bearers);
    const side = new IsdnInterface({
      side: options.side,
      line: options.kind,
      profile: options.profile,
      law: options.law,
      timeslots: this.#bearers,
      timers: options.timers ?? {},
    });
    this.#inlet = parts.driver.attach(`exchange ${options.name}`, side, (output) =>
      this.#perform(output),
    );
    this.#channel = {
      send: (octets) => {
        parts.engine.sendSignalling(options.span, octets);
      },
      close: () => Promise.resolve(),
    };
    parts.router.onSpan(options.span, (event) => {
      if (event.kind === "signalling") this.#inlet({ kind: "frame", octets: event.octets });
      if (event.kind === "span-alarm") {
        this.#inlet({ kind: "layer-1", up: event.alarm === "none" || event.alarm === "rai" });
      }
    });
  }

  async start(): Promise<void> {
    const udp = this.options.signallingUdp;
    if (udp !== undefined) {
      this.#channel = await udpSignallingChannel(udp.local, udp.peer, (octets) =>
        this.#inlet({ kind: "frame", octets }),
      );
    }
    this.#inlet({ kind: "layer-1", up: true });
    this.#inlet({ kind: "start" });
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  /** Says something to a call; the first answer to a SETUP names the channel. */
  tell(leg: string, event: CallEvent, channel?: ChannelChoice): void {
    this.#inlet({ kind: "call", leg, event, ...(channel === undefined ? {} : { channel }) });
  }

  /** Why a channel procedure cannot be done here: what was asked would be a lie to acknowledge. */
  refusalOf({ restart = [], block = [], unblock = [] }: FaultRequest): string | undefined {
    const { profile, signallingTimeslot } = this.options;
    const [first = block[0]] = unblock;
    if (first !== undefined && !callProfile(profile).service)
      return `span ${this.name} is EuroISDN, which has no SERVICE message: block and unblock are for NI-2; --restart works on both`;
    const stranger = [...restart, ...block, ...unblock].find((one) => !this.#bearers.includes(one));
    if (stranger === undefined) return undefined;
    return stranger === signallingTimeslot
      ? `timeslot ${stranger} of span ${this.name} is its D channel, not a B channel`
      : `span ${this.name} has no timeslot ${stranger}`;
  }

  restart(timeslots: readonly number[]): void {
    this.#inlet(timeslots.length === 0 ? { kind: "restart" } : { kind: "restart", timeslots });
  }

  service(timeslot: number, status: "in-service" | "out-of-service"): void {
    this.#setOut("us", timeslot, status !== "in-service");
    this.#inlet({ kind: "service", timeslot, status });
  }

  /** Takes the channel asked for, or the highest free one (the gateway hunts from the other end). */
  take(leg: string, wanted?: ChannelChoice): number | undefined {
    const free = [...this.#free].filter(
      (one) => !this.#out.us.has(one) && !this.#out.them.has(one),
    );
    const timeslot =
      wanted !== undefined && free.includes(wanted.timeslot)
        ? wanted.timeslot
        : wanted?.exclusive === true
          ? undefined
          : free.at(-1);
    if (timeslot === undefined) return undefined;
    this.#free.delete(timeslot);
    this.#held.set(leg, timeslot);
    return timeslot;
  }

  /** The call has its channel somewhere else now than where it asked for it. */
  move(leg: string, timeslot: number): void {
    const before = this.#held.get(leg);
    if (before === timeslot) return;
    this.#silence(leg);
    if (before !== undefined) this.#giveBack(before);
    this.#free.delete(timeslot);
    this.#held.set(leg, timeslot);
  }

  timeslotOf(leg: string): number | undefined {
    return this.#held.get(leg);
  }

  /** The call's terminal on its timeslot, opened when it is first wanted. */
  terminal(leg: string): PortHandle | undefined {
    const open = this.#sound.get(leg);
    if (open !== undefined) return open.terminal;
    const at = this.#held.get(leg);
    if (at === undefined) return undefined;
    const timeslot = this.#engine.openTimeslot(this.options.span, at);
    const terminal = this.#engine.openTerminal({ law: this.options.law });
    if (!timeslot.ok || !terminal.ok) {
      if (timeslot.ok) this.#engine.closePort(timeslot.value);
      if (terminal.ok) this.#engine.closePort(terminal.value);
      return undefined;
    }
    this.#engine.bridge(timeslot.value, terminal.value);
    this.#sound.set(leg, { timeslot: timeslot.value, terminal: terminal.value });
    return terminal.value;
  }

  #perform(output: InterfaceOutput): void {
    switch (output.kind) {
      case "frame":
        this.#send(output.octets);
        return;
      case "call":
        this.#events.call(this, output.leg, output.event, output.channel);
        return;
      case "channel-released":
        this.#silence(output.leg);
        this.#giveBack(output.timeslot);
        this.#held.delete(output.leg);
        this.#events.released(this, output.leg);
        return;
      case "service":
        this.#setOut(output.by, output.timeslot, output.status !== "in-service");
        return;
      case "data-link":
      case "restarted":
      case "restart-failed":
      case "channel-maintenance":
      case "trace":
      case "anomaly":
        return;
    }
  }

  #setOut(by: "us" | "them", timeslot: number, out: boolean): void {
    if (out) this.#out[by].add(timeslot);
    else this.#out[by].delete(timeslot);
  }

  #send(octets: Uint8Array): void {
    if (this.fault.drop > 0 && this.#random() < this.fault.drop) return;
    if (this.fault.delayMs === 0) this.#channel.send(octets);
    else this.#delay(this.fault.delayMs, () => this.#channel.send(octets));
  }

  /** Back among the free ones, in the order of the timeslots. */
  #giveBack(timeslot: number): void {
    const all = [...this.#free, timeslot].sort((a, b) => a - b);
    this.#free.clear();
    for (const one of all) this.#free.add(one);
  }

  #silence(leg: string): void {
    const sound = this.#sound.get(leg);
    if (sound === undefined) return;
    this.#sound.delete(leg);
    this.#router.forgetPort(sound.terminal);
    this.#engine.closePort(sound.terminal);
    this.#engine.closePort(sound.timeslot);
  }
}

function bearerTimeslots({ kind, signallingTimeslot }: ExchangeSpanOptions): number[] {
  const last = kind === "e1" ? 31 : 24;
  return Array.from({ length: last }, (_, i) => i + 1).filter((t) => t !== signallingTimeslot);
}
