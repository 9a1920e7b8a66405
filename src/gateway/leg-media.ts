import type {
  Engine,
  EngineDone,
  PortCounters,
  PortEvent,
  PortHandle,
  RtpSettings,
  SpanHandle,
  ToneSpec,
} from "../addon/index.js";
import { err, ok, type Result } from "../core/index.js";
import type { Heard, MediaPlan, Tone } from "../interworking/index.js";
import {
  agreedSettings,
  type EventRouter,
  offeredSettings,
  qualityOf,
  sendSettings,
} from "../media/index.js";
import type { Companions, Direction, MediaAgreement } from "../sdp/index.js";
import type { CodecSettings } from "./codec-settings.js";
import type { MediaOptions, RtpOptions } from "./options.js";
import { type RtpRange, rangeNear, rtpRanges } from "./rtp-ranges.js";

export interface OpenedRtp {
  readonly address: string;
  readonly port: number;
  readonly rtcpPort: number;
}

/** What the engine says of a leg's port. */
export type LegMediaEvent = (leg: string, event: PortEvent) => void;

interface LegPort {
  readonly port: PortHandle;
  readonly rtp?: OpenedRtp;
  readonly agreement?: MediaAgreement;
  readonly country: string;
  /** Of an RTP port: what the engine was told of the leg's codec settings. */
  readonly tuned?: Tuning;
}

/**
 * The media port of each leg: an RTP port or a timeslot. Turns what the machines of interworking
 * say (agreements, plans) into what the engine is told; decides nothing.
 */
export class LegMedia {
  readonly #engine: Engine;
  readonly #router: EventRouter;
  readonly #media: MediaOptions;
  readonly #settingsOf: (leg: string) => CodecSettings;
  readonly #onEvent: LegMediaEvent;
  readonly #ports = new Map<string, LegPort>();
  readonly #ranges: readonly RtpRange[];

  constructor(
    engine: Engine,
    router: EventRouter,
    options: {
      readonly rtp: RtpOptions;
      readonly media: MediaOptions;
      readonly settingsOf: (leg: string) => CodecSettings;
    },
    onEvent: LegMediaEvent,
  ) {
    this.#engine = engine;
    this.#router = router;
    this.#media = options.media;
    this.#settingsOf = options.settingsOf;
    this.#onEvent = onEvent;
    this.#ranges = rtpRanges(engine, options.rtp);
  }

  get size(): number {
    return this.#ports.size;
  }

  /** @param near the far end's address, where it is known: ours is of the same family */
  openRtp(leg: string, near: string | undefined): Result<OpenedRtp, string> {
    const tuned = tuning(this.#settingsOf(leg));
    const timeoutMs = this.#media.rtpTimeoutMs;
    const range = rangeNear(this.#ranges, near);
    const opened = range.ports.open({ direction: "recvonly", timeoutMs, ...tuned.rtp });
    if (!opened.ok) return err(`no RTP port could be opened: ${opened.error.message}`);
    const { port, local } = opened.value;
    const address = range.shown ?? local.address;
    const rtp = { address, port: local.port, rtcpPort: local.port + 1 };
    this.#adopt(leg, { port, rtp, country: this.#media.country, tuned });
    if (tuned.gain.inwardDb !== 0 || tuned.gain.outwardDb !== 0) {
      this.#engine.setGain(port, tuned.gain);
    }
    return ok(rtp);
  }

  /** The leg's codec settings may be others now: the engine is told what changed of its part. */
  tune(leg: string): void {
    const entry = this.#ports.get(leg);
    if (entry?.rtp === undefined) return;
    const tuned = tuning(this.#settingsOf(leg));
    if (JSON.stringify(tuned) === JSON.stringify(entry.tuned)) return;
    this.#ports.set(leg, { ...entry, tuned });
    const send = entry.agreement && sendSettings(entry.agreement, tuned.vad);
    this.#configure(leg, { ...tuned.rtp, ...(send === undefined ? {} : { send }) });
    this.#engine.setGain(entry.port, tuned.gain);
  }

  openTimeslot(
    leg: string,
    at: { readonly span: SpanHandle; readonly timeslot: number; readonly country: string },
    clearChannel: boolean,
  ): Result<void, string> {
    this.close(leg);
    const opened = this.#engine.openTimeslot(at.span, at.timeslot, { clearChannel });
    if (!opened.ok) return err(opened.error.message);
    this.#adopt(leg, { port: opened.value, country: at.country });
    return ok(undefined);
  }

  /** An offer of ours is out: what it allows may come at once (RFC 3264 §6). */
  offered(leg: string, receive: MediaAgreement["receive"], companions: Companions): void {
    this.#configure(leg, offeredSettings(receive, companions));
  }

  agreed(leg: string, agreement: MediaAgreement): void {
    const entry = this.#ports.get(leg);
    if (entry === undefined) return;
    const { vad } = this.#settingsOf(leg);
    this.#configure(leg, agreedSettings(agreement, entry.agreement, vad));
    this.#ports.set(leg, { ...entry, agreement });
  }

  direction(leg: string, direction: Direction): void {
    this.#configure(leg, { direction });
    const entry = this.#ports.get(leg);
    if (entry?.agreement === undefined) return;
    this.#ports.set(leg, { ...entry, agreement: { ...entry.agreement, direction } });
  }

  /** Makes a plan so: bridges, one-way bridges, tones, silence. */
  apply(plan: MediaPlan, a: string | undefined, b: string | undefined): void {
    const [portA, portB] = [this.#portOf(a), this.#portOf(b)];
    this.#overlay(portA, plan.toA, a);
    this.#overlay(portB, plan.toB, b);
    const speechBoth = plan.toA.kind === "speech" && plan.toB.kind === "speech";
    if (portA !== undefined && portB !== undefined && speechBoth) {
      this.#engine.bridge(portA, portB, "both");
      return;
    }
    if (portA !== undefined) this.#engine.unbridge(portA);
    if (portB !== undefined) this.#engine.unbridge(portB);
    if (portA === undefined || portB === undefined) return;
    if (plan.toA.kind === "speech") this.#engine.bridge(portB, portA, "a-to-b");
    if (plan.toB.kind === "speech") this.#engine.bridge(portA, portB, "a-to-b");
  }

  sendDigit(leg: string, digit: string, ms: number): EngineDone {
    const port = this.#portOf(leg);
    if (port === undefined) return err({ code: "stale-handle", message: "the leg has no port" });
    return this.#engine.sendDigit(port, digit, ms);
  }

  close(leg: string): void {
    const entry = this.#ports.get(leg);
    if (entry === undefined) return;
    this.#ports.delete(leg);
    this.#router.forgetPort(entry.port);
    this.#engine.closePort(entry.port);
  }

  rtpOf(leg: string): { readonly rtp: OpenedRtp; readonly agreement?: MediaAgreement } | undefined {
    const entry = this.#ports.get(leg);
    if (entry?.rtp === undefined) return undefined;
    return entry.agreement === undefined
      ? { rtp: entry.rtp }
      : { rtp: entry.rtp, agreement: entry.agreement };
  }

  /** Estimate of how the leg's stream is heard here (G.107), 1 to 4.5; before any came: undefined. */
  mos(leg: string): number | undefined {
    const [counters, agreement] = [this.counters(leg), this.#ports.get(leg)?.agreement];
    if (counters === undefined || agreement === undefined) return undefined;
    const { concealment } = this.#settingsOf(leg);
    const { codec } = agreement.receive[0] ?? agreement.send;
    const facts = { codec: codec.name, ptimeMs: agreement.receivePtimeMs, concealment };
    return qualityOf(counters, facts).received?.mos;
  }

  counters(leg: string): PortCounters | undefined {
    const port = this.#portOf(leg);
    const counters = port === undefined ? undefined : this.#engine.portCounters(port);
    return counters?.ok === true ? counters.value : undefined;
  }

  #overlay(port: PortHandle | undefined, heard: Heard, leg: string | undefined): void {
    if (port === undefined || leg === undefined) return;
    const country = this.#ports.get(leg)?.country ?? this.#media.country;
    this.#engine.overlayTone(port, heard.kind === "tone" ? toneSpec(heard.tone, country) : null);
  }

  #adopt(leg: string, entry: LegPort): void {
    this.close(leg);
    this.#ports.set(leg, entry);
    this.#router.onPort(entry.port, (event) => this.#onEvent(leg, event));
  }

  #configure(leg: string, settings: RtpSettings): void {
    const port = this.#portOf(leg);
    if (port !== undefined) this.#engine.configureRtp(port, settings);
  }

  #portOf(leg: string | undefined): PortHandle | undefined {
    return leg === undefined ? undefined : this.#ports.get(leg)?.port;
  }
}

interface Tuning {
  readonly rtp: RtpSettings;
  readonly gain: { readonly inwardDb: number; readonly outwardDb: number };
  readonly vad: boolean;
}

/** The engine's part of codec settings. */
function tuning(settings: CodecSettings): Tuning {
  const { jitterMinMs, jitterMaxMs, concealment, receiveGainDb, sendGainDb, vad } = settings;
  return {
    rtp: { jitterBuffer: { minMs: jitterMinMs, maxMs: jitterMaxMs }, concealment },
    gain: { inwardDb: receiveGainDb, outwardDb: sendGainDb },
    vad,
  };
}

function toneSpec(tone: Tone, country: string): ToneSpec {
  return { country, name: TONE_NAMES[tone] };
}

const TONE_NAMES = {
  dial: "dial",
  ringback: "ringing",
  busy: "busy",
  congestion: "congestion",
  "special-information": "special-information",
} as const;
