import { err, ok, type Result } from "../core/index.js";
import {
  agreedSettings,
  createEngine,
  type Engine,
  EventRouter,
  offeredSettings,
  type PathImpairment,
  type PortEvent,
  type PortHandle,
  qualityOf,
  RtpPortRange,
  type RtpSettings,
  type SoundHandle,
  type Wave,
} from "../media/index.js";
import type { Companions, Direction, MediaAgreement } from "../sdp/index.js";
import {
  type CallVoice,
  type Heard,
  noSpeech,
  type PlayOut,
  type Voice,
  type VoicePlan,
  type VoiceReport,
} from "./voice.js";

export interface EngineVoiceOptions {
  /** IP address of our RTP ports. */
  readonly address: string;
  /** Even ports of this range, each in its turn; absent: any that is free. */
  readonly ports?: { readonly first: number; readonly last: number };
  /** Worker threads. Default 1. */
  readonly workers?: number;
  /** What the network does to the packets of an engine of our own, both ways. */
  readonly path?: PathImpairment;
  /** An engine that is there already, with the router of its events; it is not closed with the voice. */
  readonly engine?: { readonly engine: Engine; readonly router: EventRouter };
}

/** Speech by the native engine. */
export function engineVoice(options: EngineVoiceOptions): Voice {
  const { engine, router } = options.engine ?? ownEngine(options);
  const sounds = new Map<Wave, SoundHandle>();
  const openPort = portOpener(engine, options);
  return {
    open(plan, heard) {
      const sound = soundOf(engine, sounds, plan.play);
      if (!sound.ok) return sound;
      const rtp = openPort(plan.playOut);
      if (!rtp.ok) return rtp;
      const terminal = engine.openTerminal({ source: { kind: "silence" } });
      if (!terminal.ok) {
        engine.closePort(rtp.value);
        return err(terminal.error.message);
      }
      engine.bridge(rtp.value, terminal.value);
      const ends = { rtp: rtp.value, terminal: terminal.value };
      return EngineCallVoice.open({ engine, router, plan, sound: sound.value, heard }, ends);
    },
    close() {
      if (options.engine === undefined) engine.close();
    },
  };
}

interface Parts {
  readonly engine: Engine;
  readonly router: EventRouter;
  readonly plan: VoicePlan;
  readonly sound: SoundHandle | undefined;
  readonly heard: (event: Heard) => void;
}

interface Ends {
  readonly rtp: PortHandle;
  readonly terminal: PortHandle;
}

class EngineCallVoice implements CallVoice {
  readonly address: string;
  readonly port: number;
  readonly #parts: Parts;
  readonly #ends: Ends;
  #agreement: MediaAgreement | undefined;

  static open(parts: Parts, ends: Ends): Result<CallVoice, string> {
    const at = parts.engine.rtpAddresses(ends.rtp);
    return at.ok ? ok(new EngineCallVoice(parts, ends, at.value.local)) : err(at.error.message);
  }

  constructor(
    parts: Parts,
    ends: Ends,
    { address, port }: { readonly address: string; readonly port: number },
  ) {
    this.address = address;
    this.port = port;
    this.#parts = parts;
    this.#ends = ends;
    parts.router.onPort(ends.rtp, (event) => this.#onEvent(event));
    parts.router.onPort(ends.terminal, (event) => this.#onEvent(event));
  }

  offered(receive: MediaAgreement["receive"], companions: Companions): void {
    this.#parts.engine.configureRtp(this.#ends.rtp, offeredSettings(receive, companions));
  }

  agreed(agreement: MediaAgreement): void {
    const settings = agreedSettings(agreement, this.#agreement, this.#parts.plan.vad === true);
    this.#parts.engine.configureRtp(this.#ends.rtp, settings);
    if (this.#agreement === undefined) this.#listen(agreement);
    this.#agreement = agreement;
  }

  direct(direction: Direction): void {
    this.#parts.engine.configureRtp(this.#ends.rtp, { direction });
  }

  speak(): void {
    const { engine, sound, plan } = this.#parts;
    if (sound === undefined) return;
    const source = { kind: "sound", sound, loop: plan.loop === true } as const;
    engine.configureTerminal(this.#ends.terminal, { source });
  }

  sendDigit(digit: string): void {
    this.#parts.engine.sendDigit(this.#ends.rtp, digit, DIGIT_MS);
  }

  close(): VoiceReport {
    const { engine, router, plan } = this.#parts;
    const { rtp, terminal } = this.#ends;
    const recorded = plan.recordMs > 0 ? engine.readRecording(terminal) : undefined;
    const report = readCounters(engine, rtp, this.#agreement);
    for (const port of [rtp, terminal]) {
      router.forgetPort(port);
      engine.closePort(port);
    }
    return recorded?.ok === true ? { ...report, recording: { samples: recorded.value } } : report;
  }

  /** The ear opens with the first agreement: nothing is recorded of the time before. */
  #listen({ send, telephoneEvent }: MediaAgreement): void {
    const { engine, plan } = this.#parts;
    engine.configureTerminal(this.#ends.terminal, {
      law: send.codec.name === "PCMU" ? "mu-law" : "a-law",
      sink: { recordMs: plan.recordMs, collectDigits: telephoneEvent === undefined },
    });
  }

  #onEvent(event: PortEvent): void {
    if (event.kind === "recorder-full") this.#parts.heard({ kind: "recorder-full" });
    if (event.kind !== "digit") return;
    // A digit that came as a telephone-event may be heard as a tone too: it counts once.
    const { telephoneEvent } = this.#agreement ?? {};
    const counts = telephoneEvent === undefined ? this.#ends.terminal : this.#ends.rtp;
    if (event.port === counts) this.#parts.heard({ kind: "digit", digit: event.digit });
  }
}

function ownEngine({ workers = 1, path }: EngineVoiceOptions): {
  readonly engine: Engine;
  readonly router: EventRouter;
} {
  const router = new EventRouter();
  const engine = createEngine({
    ...{ mode: "threaded", workers },
    ...(path === undefined ? {} : { path }),
    onEvents: (events) => router.dispatch(events),
  });
  return { engine, router };
}

/** Opens the RTP port of a call: the next of the range, or any even pair that is free. */
function portOpener(
  engine: Engine,
  { address, ports }: EngineVoiceOptions,
): (playOut: PlayOut | undefined) => Result<PortHandle, string> {
  const range = ports === undefined ? undefined : new RtpPortRange(engine, address, ports);
  return (playOut) => {
    const settings = { direction: "recvonly", ...playOutSettings(playOut) } as const;
    const opened = range?.open(settings) ?? engine.openRtp({ address, port: 0 }, settings);
    if (!opened.ok) return err(`no RTP port can be opened: ${opened.error.message}`);
    return ok(typeof opened.value === "object" ? opened.value.port : opened.value);
  };
}

function playOutSettings(playOut: PlayOut | undefined): RtpSettings {
  if (playOut === undefined) return {};
  const { jitterMinMs, jitterMaxMs, concealment } = playOut;
  return { jitterBuffer: { minMs: jitterMinMs, maxMs: jitterMaxMs }, concealment };
}

/** A sound is loaded once, however many calls play it. */
function soundOf(
  engine: Engine,
  sounds: Map<Wave, SoundHandle>,
  wave: Wave | undefined,
): Result<SoundHandle | undefined, string> {
  if (wave === undefined) return ok(undefined);
  const known = sounds.get(wave);
  if (known !== undefined) return ok(known);
  const loaded = engine.loadSound(wave.samples);
  if (!loaded.ok) return err(loaded.error.message);
  sounds.set(wave, loaded.value);
  return loaded;
}

function readCounters(
  engine: Engine,
  rtp: PortHandle,
  agreement: MediaAgreement | undefined,
): VoiceReport {
  const read = engine.portCounters(rtp);
  if (!read.ok) return noSpeech;
  const { packetsSent, packetsReceived, lost, late, jitterMs, roundTripMs } = read.value;
  const codec = agreement?.send.codec.name ?? "PCMA";
  const facts = { codec, ptimeMs: agreement?.receivePtimeMs ?? 20, concealment: true };
  const { received, sent } = qualityOf(read.value, facts);
  return {
    ...{ packetsSent, packetsReceived, lost, late, jitterMs },
    bufferMs: read.value.bufferTargetMs,
    ...(roundTripMs > 0 ? { roundTripMs } : {}),
    ...(received === undefined ? {} : { mos: received.mos }),
    ...(sent === undefined ? {} : { mosAtFarEnd: sent.mos }),
  };
}

const DIGIT_MS = 100;
