/** Settings as the addon takes them: every default filled in, names as numbers, ranges checked. */
import type {
  Alarm,
  Law,
  NetworkImpairment,
  PathImpairment,
  RtpSettings,
  Sink,
  Source,
  SpanFault,
  TerminalSettings,
  ToneSpec,
} from "./settings.js";

const LAWS: readonly Law[] = ["a-law", "mu-law"];
const ALARMS: readonly Alarm[] = ["none", "los", "ais", "rai"];
const DIRECTIONS = ["sendrecv", "sendonly", "recvonly", "inactive"] as const;
const TONES = [
  "dial",
  "ringing",
  "busy",
  "congestion",
  "special-information",
  "call-waiting",
] as const;
const DETECT = ["auto", "on", "off"] as const;
const PACKET_TIMES: readonly number[] = [10, 20, 30, 40, 60];
const DIGITS = "0123456789*#ABCD";

const MOST_FREQUENCIES = 4;
const MOST_SEGMENTS = 10;

/** A mistake of ours in the value of an argument. */
export class ArgumentRangeError extends RangeError {
  readonly code = "ERR_OUT_OF_RANGE";
}

export function within(what: string, value: number, least: number, most: number): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new ArgumentRangeError(`${what} is ${least} to ${most}, not ${value}`);
}

export function wholeWithin(what: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value)) return within(what, value, least, most);
  throw new ArgumentRangeError(`${what} is a whole number of ${least} to ${most}, not ${value}`);
}

function indexOf<Name extends string>(what: string, names: readonly Name[], name: Name): number {
  const index = names.indexOf(name);
  if (index >= 0) return index;
  throw new ArgumentRangeError(`${what} is one of ${names.join(", ")}, not ${String(name)}`);
}

export function lawNumber(law: Law): number {
  return indexOf("law", LAWS, law);
}

export function optionalLaw(law: Law | undefined): number | undefined {
  return law === undefined ? undefined : lawNumber(law);
}

export function optionalDetect(detect: (typeof DETECT)[number] | undefined): number | undefined {
  return detect === undefined ? undefined : indexOf("a detector", DETECT, detect);
}

export function digitCode(digit: string): number {
  const code = digit.length === 1 ? DIGITS.indexOf(digit.toUpperCase()) : -1;
  if (code >= 0) return code;
  throw new ArgumentRangeError(`a digit is one of ${DIGITS}, not ${digit}`);
}

export function spanFault(fault: SpanFault): object {
  const { delayMs, bitErrorRate, flipSignallingBit, slip, clockOffsetPpm, alarm } = fault;
  return {
    delayMs: delayMs === undefined ? undefined : wholeWithin("delayMs", delayMs, 0, 400),
    bitErrorRate:
      bitErrorRate === undefined ? undefined : within("bitErrorRate", bitErrorRate, 0, 0.1),
    flipSignallingBit:
      flipSignallingBit === undefined
        ? undefined
        : wholeWithin("flipSignallingBit", flipSignallingBit, 0, 2 ** 40),
    slip: slip === undefined ? undefined : wholeWithin("slip", slip, -64, 64),
    clockOffsetPpm:
      clockOffsetPpm === undefined
        ? undefined
        : within("clockOffsetPpm", clockOffsetPpm, -1000, 1000),
    alarm: alarm === undefined ? undefined : indexOf("alarm", ALARMS, alarm),
  };
}

export function alarmName(alarm: number): Alarm {
  return ALARMS[alarm] ?? "none";
}

export function rtpSettings(settings: RtpSettings): object {
  const { jitterBuffer: jitter, direction, send, timeoutMs, releaseMs, ssrc } = settings;
  if (send !== undefined && !PACKET_TIMES.includes(send.ptimeMs)) {
    throw new ArgumentRangeError(`ptimeMs is one of ${PACKET_TIMES.join(", ")}`);
  }
  if (send?.comfortNoisePayloadType !== undefined) {
    wholeWithin("comfortNoisePayloadType", send.comfortNoisePayloadType, 0, 127);
  }
  return {
    ...settings,
    ...jitterLimits(jitter),
    direction: direction === undefined ? undefined : indexOf("direction", DIRECTIONS, direction),
    ssrc: ssrc === undefined ? undefined : wholeWithin("ssrc", ssrc, 0, 0xffffffff),
    timeoutMs: timeoutMs === undefined ? undefined : within("timeoutMs", timeoutMs, 0, 2 ** 31),
    releaseMs: releaseMs === undefined ? undefined : within("releaseMs", releaseMs, 0, 2 ** 31),
  };
}

function jitterLimits(jitter: RtpSettings["jitterBuffer"]): object {
  if (jitter === undefined) return {};
  if ("fixedMs" in jitter) {
    const fixed = wholeWithin("fixedMs", jitter.fixedMs, 10, 300);
    return { jitterMinMs: fixed, jitterMaxMs: fixed, jitterFixed: true };
  }
  const least = wholeWithin("minMs", jitter.minMs, 10, 300);
  return { jitterMinMs: least, jitterMaxMs: wholeWithin("maxMs", jitter.maxMs, least, 300) };
}

export function toneSpec(tone: ToneSpec): object {
  if ("country" in tone) {
    return { country: tone.country, name: indexOf("tone", TONES, tone.name) };
  }
  const { segments } = tone;
  within("the number of segments", segments.length, 1, MOST_SEGMENTS);
  return {
    level: Math.round(within("levelDbm0", tone.levelDbm0 ?? -13, -60, 3) * 10),
    repeats: wholeWithin("repeats", tone.repeats ?? 0, 0, 255),
    segments: segments.flatMap(({ frequencies, ms }) => {
      within("the number of frequencies", frequencies.length, 0, MOST_FREQUENCIES);
      const four = [...frequencies, 0, 0, 0, 0].slice(0, MOST_FREQUENCIES);
      return [
        ...four.map((hz) => within("a frequency", hz, 0, 3999)),
        wholeWithin("ms of a segment", ms, 0, 65535),
      ];
    }),
  };
}

export function terminalSource(settings: TerminalSettings): object | undefined {
  const { source, law = "a-law" } = settings;
  return source === undefined ? undefined : sourceArguments(source, lawNumber(law));
}

function sourceArguments(source: Source, law: number): object {
  switch (source.kind) {
    case "tone":
      return { kind: source.kind, tone: toneSpec(source.tone) };
    case "milliwatt":
      return {
        kind: source.kind,
        law: lawNumber(source.law),
        frequency: source.frequency ?? 1000,
      };
    case "sound":
      return {
        kind: source.kind,
        sound: source.sound,
        loop: source.loop ?? false,
        gapMs: within("gapMs", source.gapMs ?? 0, 0, 3_600_000),
      };
    case "noise":
      return {
        kind: source.kind,
        levelDbm0: within("levelDbm0", source.levelDbm0, -70, 0),
        burstMs: within("burstMs", source.burstMs, 10, 3_600_000),
        pauseMs: within("pauseMs", source.pauseMs, 0, 3_600_000),
      };
    case "digits":
      return {
        kind: source.kind,
        digits: [...source.digits].filter((digit) => digitCode(digit) >= 0).join(""),
        onMs: wholeWithin("onMs", source.onMs ?? 70, 40, 8000),
        offMs: wholeWithin("offMs", source.offMs ?? 70, 40, 8000),
      };
    case "hybrid":
      return {
        kind: source.kind,
        delayMs: wholeWithin("delayMs", source.delayMs, 0, 1000),
        erlDb: within("erlDb", source.erlDb, 0, 60),
        talker: source.talker,
      };
    case "silence":
    case "echo":
    case "prbs":
      return { kind: source.kind, law };
  }
}

export function terminalSink(sink: Sink | undefined): object | undefined {
  if (sink === undefined) return undefined;
  return {
    recordMs: within("recordMs", sink.recordMs ?? 0, 0, 24 * 3_600_000),
    collectDigits: sink.collectDigits ?? false,
    checkPrbs: sink.checkPrbs ?? false,
    detectTones: (sink.detectTones ?? []).map((hz) => within("a frequency", hz, 100, 3900)),
  };
}

export function impairments(
  impairment: NetworkImpairment,
): readonly [delayMs: number, jitterMs: number, loss: number, duplicate: number] {
  const { delayMs = 0, jitterMs = 0, loss = 0, duplicate = 0 } = impairment;
  return [
    wholeWithin("delayMs", delayMs, 0, 10_000),
    wholeWithin("jitterMs", jitterMs, 0, 10_000),
    within("loss", loss, 0, 1),
    within("duplicate", duplicate, 0, 1),
  ];
}

export function pathImpairment(path: PathImpairment): Required<PathImpairment> {
  const { delayMs = 0, jitterMs = 0, loss = 0, burst = 1, seed = 1 } = path;
  return {
    delayMs: wholeWithin("delayMs", delayMs, 0, 1000),
    jitterMs: wholeWithin("jitterMs", jitterMs, 0, 1000),
    loss: within("loss", loss, 0, 0.9),
    burst: within("burst", burst, 1, 100),
    seed: wholeWithin("seed", seed, 0, 2 ** 32),
  };
}
