import { type Instant, instant, ok } from "../core/index.js";
import {
  digitCode,
  impairments,
  lawNumber,
  optionalDetect,
  optionalLaw,
  pathImpairment,
  rtpSettings,
  spanFault,
  terminalSink,
  terminalSource,
  toneSpec,
  wholeWithin,
  within,
} from "./arguments.js";
import { CounterReader } from "./counter-reader.js";
import { readEvents } from "./event-reader.js";
import type { Native } from "./native.js";
import { done, failure, handed } from "./outcomes.js";
import type {
  BridgeDirection,
  Detectors,
  Endpoint,
  Engine,
  EngineDone,
  EngineEvent,
  EngineOptions,
  EngineResult,
  Gain,
  NetworkImpairment,
  PortCounters,
  PortHandle,
  RtpAddresses,
  RtpSettings,
  SoundHandle,
  SpanCounters,
  SpanFault,
  SpanHandle,
  SpanPair,
  SpanPairOptions,
  TerminalSettings,
  TimeslotSettings,
  ToneSpec,
  WorkerCounters,
} from "./types.js";

const CLOSED = 2;
const NOT_SUPPORTED = 3;
const DEFAULT_DIGIT_MS = 100;

/** The engine over the addon's functions. The addon's own checks decide; here are names and defaults. */
export class NativeEngine implements Engine {
  readonly mode: "threaded" | "stepped";
  readonly workers: number;
  readonly #native: Native;
  readonly #id: number;
  readonly #counters: CounterReader;
  readonly #onEvents: (events: readonly EngineEvent[]) => void;
  #closed = false;
  #advancing = false;

  constructor(native: Native, options: EngineOptions) {
    const stepped = options.mode === "stepped";
    this.mode = options.mode;
    this.workers = options.workers ?? 1;
    this.#native = native;
    this.#onEvents = options.onEvents;
    this.#id = native.createEngine(
      {
        stepped,
        workers: this.workers,
        cpus: [...(options.cpus ?? [])],
        seed: options.seed ?? (stepped ? 1 : Math.floor(Math.random() * 2 ** 52) + 1),
        startMs: options.startMs ?? 0,
        realtime: options.realtime ?? true,
        dscp: within("dscp", options.dscp ?? 46, 0, 63),
        path: options.path === undefined ? undefined : pathImpairment(options.path),
      },
      // A stepped engine delivers in `advance`, never on its own.
      () => {
        if (!stepped) this.#deliver();
      },
    );
    this.#counters = new CounterReader(native, this.#id);
  }

  now(): Instant {
    return instant(this.#native.now(this.#id));
  }

  advance(ms: number): EngineDone {
    if (this.#advancing) return failure("advance from within onEvents", NOT_SUPPORTED);
    this.#advancing = true;
    try {
      const code = this.#native.advance(this.#id, wholeWithin("ms", ms, 0, 2 ** 31));
      if (code === 0) this.#deliver();
      return done("advance", code);
    } finally {
      this.#advancing = false;
    }
  }

  close(): void {
    this.#closed = true;
    this.#native.close(this.#id);
  }

  openSpanPair(options: SpanPairOptions): EngineResult<SpanPair> {
    const t1 = options.kind === "t1";
    const [code, a, b] = this.#native.openSpanPair(
      this.#id,
      t1,
      lawNumber(options.law ?? (t1 ? "mu-law" : "a-law")),
      options.signallingTimeslot ?? (t1 ? 24 : 16),
      options.signalling === "hdlc",
      options.worker ?? -1,
    );
    if (code !== 0) return failure("open span pair", code);
    return ok({ a: a as SpanHandle, b: b as SpanHandle });
  }

  closeSpan(span: SpanHandle): EngineDone {
    return done("close span", this.#native.closeSpan(this.#id, span));
  }

  sendSignalling(span: SpanHandle, octets: Uint8Array): EngineDone {
    return done("send signalling", this.#native.sendSignalling(this.#id, span, octets));
  }

  setFault(span: SpanHandle, fault: SpanFault): EngineDone {
    return done("set fault", this.#native.setFault(this.#id, span, spanFault(fault)));
  }

  spanCounters(span: SpanHandle): EngineResult<SpanCounters> {
    const code = this.#native.checkSpan(this.#id, span);
    return code === 0 ? ok(this.#counters.span(span)) : failure("span counters", code);
  }

  openTimeslot(
    span: SpanHandle,
    timeslot: number,
    settings: TimeslotSettings = {},
  ): EngineResult<PortHandle> {
    const { clearChannel, law } = settings;
    const value = this.#native.openTimeslot(
      this.#id,
      span,
      wholeWithin("timeslot", timeslot, 0, 255),
      clearChannel,
      optionalLaw(law),
    );
    return handed(`open timeslot ${timeslot}`, value);
  }

  configureTimeslot(port: PortHandle, { clearChannel, law }: TimeslotSettings): EngineDone {
    const code = this.#native.configureTimeslot(this.#id, port, clearChannel, optionalLaw(law));
    return done("configure timeslot", code);
  }

  openRtp(local: Endpoint, settings?: RtpSettings): EngineResult<PortHandle> {
    const what = `open RTP ${local.address} port ${local.port}`;
    const port = handed<PortHandle>(
      what,
      this.#native.openRtp(this.#id, local.address, local.port),
    );
    if (settings === undefined) return port;
    return this.#configured(port, (opened) => this.configureRtp(opened, settings));
  }

  configureRtp(port: PortHandle, settings: RtpSettings): EngineDone {
    const code = this.#native.configureRtp(this.#id, port, rtpSettings(settings));
    return done("configure RTP", code);
  }

  rtpAddresses(port: PortHandle): EngineResult<RtpAddresses> {
    const [code, local, rtp, rtcp, latched, latchedPort, ssrc, remoteSsrc] =
      this.#native.rtpAddresses(this.#id, port);
    if (code !== 0) return failure("RTP addresses", code);
    return ok({
      local: { address: local, port: rtp },
      localRtcp: { address: local, port: rtcp },
      latched: latched === "" ? null : { address: latched, port: latchedPort },
      ssrc,
      remoteSsrc: remoteSsrc < 0 ? null : remoteSsrc,
    });
  }

  openTerminal(settings?: TerminalSettings): EngineResult<PortHandle> {
    const port = handed<PortHandle>("open terminal", this.#native.openTerminal(this.#id));
    if (settings === undefined) return port;
    return this.#configured(port, (opened) => this.configureTerminal(opened, settings));
  }

  configureTerminal(port: PortHandle, settings: TerminalSettings): EngineDone {
    const source = terminalSource(settings);
    const sink = terminalSink(settings.sink);
    const code = this.#native.configureTerminal(this.#id, port, source, sink);
    return done("configure terminal", code);
  }

  closePort(port: PortHandle): EngineDone {
    return done("close port", this.#native.closePort(this.#id, port));
  }

  bridge(a: PortHandle, b: PortHandle, direction: BridgeDirection = "both"): EngineDone {
    return done("bridge", this.#native.bridge(this.#id, a, b, direction === "both"));
  }

  unbridge(port: PortHandle): EngineDone {
    return done("unbridge", this.#native.unbridge(this.#id, port));
  }

  overlayTone(port: PortHandle, tone: ToneSpec | null): EngineDone {
    const pattern = tone === null ? null : toneSpec(tone);
    return done("overlay tone", this.#native.overlayTone(this.#id, port, pattern));
  }

  sendDigit(port: PortHandle, digit: string, ms: number = DEFAULT_DIGIT_MS): EngineDone {
    const length = wholeWithin("ms of a digit", ms, 40, 8000);
    return done("send digit", this.#native.sendDigit(this.#id, port, digitCode(digit), length));
  }

  setGain(port: PortHandle, { inwardDb, outwardDb }: Gain): EngineDone {
    for (const db of [inwardDb, outwardDb]) if (db !== undefined) within("gain", db, -60, 20);
    return done("set gain", this.#native.setGain(this.#id, port, inwardDb, outwardDb));
  }

  setDetectors(port: PortHandle, { dtmf, faxModem }: Detectors): EngineDone {
    const code = this.#native.setDetectors(
      this.#id,
      port,
      optionalDetect(dtmf),
      optionalDetect(faxModem),
    );
    return done("set detectors", code);
  }

  loadSound(samples: Int16Array): EngineResult<SoundHandle> {
    return handed("load sound", this.#native.loadSound(this.#id, samples));
  }

  unloadSound(sound: SoundHandle): EngineDone {
    return done("unload sound", this.#native.unloadSound(this.#id, sound));
  }

  readRecording(port: PortHandle): EngineResult<Int16Array> {
    const code = this.#native.checkPort(this.#id, port);
    if (code !== 0) return failure("read recording", code);
    const samples = this.#native.readRecording(this.#id, port);
    return samples === null ? failure("read recording", NOT_SUPPORTED) : ok(samples);
  }

  portCounters(port: PortHandle): EngineResult<PortCounters> {
    const code = this.#native.checkPort(this.#id, port);
    return code === 0 ? ok(this.#counters.port(port)) : failure("port counters", code);
  }

  workerCounters(worker: number): EngineResult<WorkerCounters> {
    if (this.#closed) return failure("worker counters", CLOSED);
    return ok(this.#counters.worker(wholeWithin("worker", worker, 0, this.workers - 1)));
  }

  sendDatagram(from: Endpoint, to: Endpoint, octets: Uint8Array): EngineDone {
    const code = this.#native.sendDatagram(
      this.#id,
      from.address,
      from.port,
      to.address,
      to.port,
      octets,
    );
    return done("send datagram", code);
  }

  impairNetwork(impairment: NetworkImpairment): EngineDone {
    const code = this.#native.impairNetwork(this.#id, ...impairments(impairment));
    return done("impair network", code);
  }

  /** A port whose settings are refused is not left behind. */
  #configured(
    port: EngineResult<PortHandle>,
    configure: (port: PortHandle) => EngineDone,
  ): EngineResult<PortHandle> {
    if (!port.ok) return port;
    let configured: EngineDone | undefined;
    try {
      configured = configure(port.value);
    } finally {
      if (configured?.ok !== true) this.closePort(port.value);
    }
    return configured.ok ? port : configured;
  }

  #deliver(): void {
    if (this.#closed) return;
    const events = readEvents(this.#native.drain(this.#id));
    if (events.length > 0) this.#onEvents(events);
  }
}
