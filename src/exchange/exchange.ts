import { type CallEvent, cause, type Law } from "../call/index.js";
import {
  type BookInput,
  type BookOutput,
  err,
  MachineBook,
  ok,
  type Result,
} from "../core/index.js";
import type { Driver, Inlet } from "../host/index.js";
import type { ChannelChoice } from "../isdn/index.js";
import type { Engine, EventRouter } from "../media/index.js";
import type { FaultRequest, OriginatedView, OriginateRequest } from "./control.js";
import { ExchangeSpan, type ExchangeSpanOptions } from "./exchange-span.js";
import { Originated } from "./originated.js";
import { type ServiceTimes, serviceTable } from "./service.js";
import { loadSounds, type SoundLibrary } from "./sounds.js";
import {
  idleSubscriber,
  type SubscriberInput,
  type SubscriberOutput,
  type SubscriberParameters,
  type SubscriberState,
  subscriberMachine,
} from "./subscriber.js";

export interface ExchangeOptions extends ServiceTimes {
  readonly spans: readonly ExchangeSpanOptions[];
  /** Overlap: a beginning of a number waits for more digits. */
  readonly overlap: boolean;
  readonly country: string;
}

export interface ExchangeParts {
  readonly engine: Engine;
  readonly router: EventRouter;
  readonly driver: Driver;
  /** Chance between 0 and 1, for frames that are lost on purpose. */
  readonly random: () => number;
  readonly delay: (ms: number, work: () => void) => void;
}

/** The simulated PSTN at the far end of the simulated spans. */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #parts: ExchangeParts;
  readonly #spans: ReadonlyMap<string, ExchangeSpan>;
  readonly #sounds: ReadonlyMap<Law, SoundLibrary>;
  readonly #subscriber: SubscriberParameters;
  readonly #subscribers: Inlet<BookInput<SubscriberState, SubscriberInput, SubscriberOutput>>;
  readonly #originated: Originated;
  /** Which span a leg lies on. */
  readonly #legs = new Map<
    string,
    { readonly span: ExchangeSpan; answered: boolean; watched: boolean }
  >();
  readonly #glare = new Map<ExchangeSpan, string>();

  constructor(options: ExchangeOptions, parts: ExchangeParts) {
    this.#options = options;
    this.#parts = parts;
    const laws = new Set(options.spans.map(({ law }) => law));
    this.#sounds = new Map(
      [...laws].map((law) => [law, loadSounds(parts.engine, options.country, law)]),
    );
    this.#subscriber = { ...options, digitsMs: DIGITS_MS };
    const book = new MachineBook<SubscriberState, SubscriberInput, SubscriberOutput>(
      ({ name }) => name === "clearing",
    );
    this.#subscribers = parts.driver.attach("exchange subscribers", book, (output) =>
      this.#performSubscriber(output),
    );
    this.#originated = new Originated(parts.driver, {
      tell: (leg, event, channel) => this.#legs.get(leg)?.span.tell(leg, event, channel),
      sound: (leg, sound, digits) => this.#speak(leg, sound, digits),
    });
    const events = {
      call: (span: ExchangeSpan, leg: string, event: CallEvent, channel?: ChannelChoice) =>
        this.#onCall(span, leg, event, channel),
      released: (_span: ExchangeSpan, leg: string) => this.#onReleased(leg),
    };
    this.#spans = new Map(
      options.spans.map((span) => [span.name, new ExchangeSpan(span, parts, events)]),
    );
  }

  async start(): Promise<void> {
    await Promise.all([...this.#spans.values()].map((span) => span.start()));
  }

  async close(): Promise<void> {
    this.#originated.close();
    await Promise.all([...this.#spans.values()].map((span) => span.close()));
  }

  numbers(): readonly { readonly number: string; readonly what: string }[] {
    return serviceTable(this.#options);
  }

  calls(): readonly OriginatedView[] {
    return this.#originated.views();
  }

  /** Calls of the exchange's own subscribers that are up now, both ways. */
  get liveCalls(): number {
    return this.#legs.size;
  }

  /** Places one call or a load of them. The ids by which `calls()` shows them. */
  originate(request: OriginateRequest): Result<readonly string[], string> {
    const chosen = this.#chooseSpan(request.span);
    if (!chosen.ok) return chosen;
    const count = request.count ?? 1;
    const ids = Array.from({ length: count }, () => this.#originated.reserve(request));
    const gapMs = count > 1 ? 1000 / (request.perSecond ?? 10) : 0;
    ids.forEach((id, index) => {
      if (index === 0) this.#place(id, request);
      else this.#parts.delay(index * gapMs, () => this.#place(id, request));
    });
    return ok(ids);
  }

  /** Ends a call that it placed, or has yet to place. */
  hangUp(id: string): boolean {
    return this.#originated.hangUp(id);
  }

  setFault(request: FaultRequest): Result<void, string> {
    const span = this.#spans.get(request.span);
    if (span === undefined) return err(this.#noSpan(request.span));
    const refusal = span.refusalOf(request);
    if (refusal !== undefined) return err(refusal);
    if (request.dropSignalling !== undefined) span.fault.drop = request.dropSignalling;
    if (request.delaySignallingMs !== undefined) span.fault.delayMs = request.delaySignallingMs;
    if (request.glare !== undefined) this.#glare.set(span, request.glare.to);
    if (request.restart !== undefined) span.restart(request.restart);
    for (const timeslot of request.block ?? []) span.service(timeslot, "out-of-service");
    for (const timeslot of request.unblock ?? []) span.service(timeslot, "in-service");
    const { delayMs, bitErrorRate, flipSignallingBit, slip, clockOffsetPpm, alarm } = request;
    const line = Object.fromEntries(
      Object.entries({
        delayMs,
        bitErrorRate,
        flipSignallingBit,
        slip,
        clockOffsetPpm,
        alarm,
      }).filter(([, value]) => value !== undefined),
    );
    if (Object.keys(line).length === 0) return ok(undefined);
    const done = this.#parts.engine.setFault(span.options.span, line);
    return done.ok ? ok(undefined) : err(done.error.message);
  }

  #chooseSpan(name: string | undefined): Result<ExchangeSpan, string> {
    const span = name === undefined ? [...this.#spans.values()][0] : this.#spans.get(name);
    return span === undefined ? err(this.#noSpan(name ?? "")) : ok(span);
  }

  #noSpan(name: string): string {
    return `the exchange has no span "${name}"; it has ${[...this.#spans.keys()].join(", ")}`;
  }

  /** Seizes a channel and sends the SETUP; without a free channel the call ends with cause 34. */
  #place(id: string, request: OriginateRequest): void {
    if (!this.#originated.has(id)) return;
    const wanted =
      request.timeslot === undefined
        ? undefined
        : ({ timeslot: request.timeslot, exclusive: true } as const);
    const candidates =
      request.span === undefined ? [...this.#spans.values()] : [this.#spans.get(request.span)];
    for (const span of candidates) {
      const timeslot = span?.take(id, wanted);
      if (span === undefined || timeslot === undefined) continue;
      this.#legs.set(id, { span, answered: true, watched: false });
      this.#originated.begin(id, {
        span: span.name,
        timeslot,
        law: span.options.law,
        now: this.#parts.driver.now,
      });
      return;
    }
    this.#originated.fail(
      id,
      cause(34, "public-network-local", "the exchange has no free channel"),
    );
  }

  #onCall(span: ExchangeSpan, leg: string, event: CallEvent, channel?: ChannelChoice): void {
    if (this.#originated.has(leg)) {
      if (channel !== undefined) span.move(leg, channel.timeslot);
      this.#originated.receive(leg, event, span.timeslotOf(leg));
      return;
    }
    if (event.kind === "setup" && !this.#accept(span, leg, channel)) return;
    this.#subscribers({ kind: "input", key: leg, input: { kind: "call", event } });
  }

  /** Grants a channel to an incoming call, or refuses it. */
  #accept(span: ExchangeSpan, leg: string, channel?: ChannelChoice): boolean {
    const glare = this.#glare.get(span);
    if (glare !== undefined) {
      this.#glare.delete(span);
      this.originate({
        to: glare,
        span: span.name,
        ...(channel === undefined ? {} : { timeslot: channel.timeslot }),
      });
    }
    const timeslot = span.take(leg, channel);
    if (timeslot === undefined) {
      const why = cause(
        channel?.exclusive === true ? 44 : 34,
        "public-network-local",
        "no free channel",
      );
      span.tell(leg, { kind: "release", cause: why });
      return false;
    }
    this.#legs.set(leg, { span, answered: false, watched: false });
    const machine = subscriberMachine(this.#subscriber);
    this.#subscribers({ kind: "begin", key: leg, machine, state: idleSubscriber });
    return true;
  }

  #performSubscriber({ key: leg, output }: BookOutput<SubscriberState, SubscriberOutput>): void {
    const entry = this.#legs.get(leg);
    if (entry === undefined) return;
    const { span } = entry;
    switch (output.kind) {
      case "call": {
        const timeslot = span.timeslotOf(leg);
        const first = !entry.answered && timeslot !== undefined && output.event.kind !== "release";
        entry.answered = true;
        span.tell(leg, output.event, first ? { timeslot, exclusive: true } : undefined);
        return;
      }
      case "sound":
        this.#speak(leg, output.sound, undefined);
        return;
      case "play-digits":
        this.#playDigits(leg, output.digits);
        return;
      case "ended":
        return;
    }
  }

  #speak(
    leg: string,
    sound: Parameters<SoundLibrary["source"]>[0],
    digits: string | undefined,
  ): void {
    const span = this.#legs.get(leg)?.span;
    const terminal = span?.terminal(leg);
    if (span === undefined || terminal === undefined) return;
    const source = this.#sounds.get(span.options.law)?.source(sound);
    if (source === undefined) return;
    this.#parts.engine.configureTerminal(terminal, { source, sink: { collectDigits: true } });
    this.#watchDigits(leg, terminal);
    if (digits !== undefined) this.#playDigits(leg, digits);
  }

  #playDigits(leg: string, digits: string): void {
    const terminal = this.#legs.get(leg)?.span.terminal(leg);
    if (terminal === undefined) return;
    const source = { kind: "digits", digits, onMs: 100, offMs: 100 } as const;
    this.#parts.engine.configureTerminal(terminal, { source });
  }

  #watchDigits(leg: string, terminal: Parameters<EventRouter["onPort"]>[0]): void {
    const entry = this.#legs.get(leg);
    if (entry === undefined || entry.watched) return;
    entry.watched = true;
    this.#parts.router.onPort(terminal, (event) => {
      if (event.kind !== "digit") return;
      this.#subscribers({ kind: "input", key: leg, input: { kind: "digit", digit: event.digit } });
    });
  }

  #onReleased(leg: string): void {
    this.#originated.released(leg);
    this.#subscribers({ kind: "forget", key: leg });
    this.#legs.delete(leg);
  }
}

/** T302 of the exchange: how long it waits for more digits. */
const DIGITS_MS = 10_000;
