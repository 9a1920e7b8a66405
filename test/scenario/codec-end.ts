import type {
  CodecName,
  PacketTime,
  PortCounters,
  PortHandle,
  Source,
} from "../../src/addon/index.js";
import type { RtpEnd } from "./speech.js";
import type { ScenarioWorld } from "./world.js";

export interface Talk {
  readonly ptimeMs?: PacketTime;
  readonly vad?: boolean;
}

/** A call of a phone, or an RTP end of nobody's. */
export interface Spoken {
  readonly media: Pick<RtpEnd, "at" | "remote">;
}

/** The speech of a phone's call by the engine: for codecs that no test can write by hand. */
export class CodecEnd {
  readonly #world: ScenarioWorld;
  readonly #media: Pick<RtpEnd, "at" | "remote">;
  readonly #rtp: PortHandle;
  readonly #terminal: PortHandle;

  /** Takes over the call's RTP port: what comes is decoded and recorded from now on. */
  constructor(world: ScenarioWorld, { media }: Spoken, source: Source = TONE) {
    const { engine } = world;
    const receive = (Object.keys(NUMBERS) as CodecName[]).map((codec) => ({
      ...{ codec, payloadType: NUMBERS[codec] },
    }));
    const rtp = engine.openRtp(media.at, { receive, direction: "sendrecv" });
    const terminal = engine.openTerminal({ source, sink: { recordMs: 60_000 } });
    if (!rtp.ok || !terminal.ok) throw new Error("no port for the phone");
    engine.bridge(rtp.value, terminal.value);
    this.#world = world;
    this.#media = media;
    this.#rtp = rtp.value;
    this.#terminal = terminal.value;
  }

  /** Speaks a codec from now on, to where the far end's description says. */
  talk(codec: CodecName, { ptimeMs = 20, vad = false }: Talk = {}): void {
    const { remote } = this.#media;
    if (remote === undefined) throw new Error("the far end has described nothing yet");
    const send = {
      ...{ codec, payloadType: NUMBERS[codec], ptimeMs, vad },
      ...(codec === "G729" ? {} : { comfortNoisePayloadType: 13 }),
    };
    const told = this.#world.engine.configureRtp(this.#rtp, { remote, send });
    if (!told.ok) throw new Error(told.error.message);
  }

  /** Says something else from now on. */
  say(source: Source): void {
    this.#world.engine.configureTerminal(this.#terminal, { source });
  }

  /** Of what came. */
  get counters(): PortCounters {
    const read = this.#world.engine.portCounters(this.#rtp);
    if (!read.ok) throw new Error(read.error.message);
    return read.value;
  }

  /** What was heard since the beginning, 8 kHz linear. */
  heard(): Int16Array {
    const recorded = this.#world.engine.readRecording(this.#terminal);
    if (!recorded.ok) throw new Error(recorded.error.message);
    return recorded.value;
  }

  close(): void {
    this.#world.engine.closePort(this.#rtp);
    this.#world.engine.closePort(this.#terminal);
  }
}

/** A tone that no codec of speech spoils. */
export const TONE: Source = {
  kind: "tone",
  tone: { levelDbm0: -13, segments: [{ frequencies: [500], ms: 0 }] },
};
export const TONE_HERTZ = 500;

const NUMBERS: { readonly [Name in CodecName]: number } = {
  ...{ PCMU: 0, PCMA: 8, G729: 18, CLEARMODE: 97 },
};
