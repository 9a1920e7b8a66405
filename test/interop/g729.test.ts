import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";

/**
 * G.729 between ours, bcg729 and ffmpeg's decoder on the ITU's speech. None of the others is bit-exact, so the measure is
 * what their own streams come to.
 */

const ROOT = new URL("../..", import.meta.url).pathname;
const FOLDER = `${ROOT}build/interop`;
const VECTORS = process.env.TRUNKGATE_VECTORS ?? `${ROOT}../shared/vectors`;
const FRAME = 80;

type Codec = "ours" | "bcg729";
type Decoder = Codec | "ffmpeg";

const LIBRARIES = {
  ours: [`${ROOT}build/native-plain/libcodecs.a`],
  bcg729: ["-lbcg729"],
} as const;

function build(codec: Codec): void {
  const source = `${ROOT}test/interop/g729/${codec}.c`;
  const options = ["-O2", "-Wall", `-I${ROOT}codecs`, "-o", `${FOLDER}/g729-${codec}`];
  execFileSync("cc", [...options, source, ...LIBRARIES[codec], "-lm"]);
}

let scratch = 0;

/** Runs a codec's program over `input`. */
function run(codec: Codec, mode: string, input: Uint8Array): Uint8Array {
  const [from, to] = [`${FOLDER}/g729-${scratch}.in`, `${FOLDER}/g729-${scratch++}.out`];
  writeFileSync(from, input);
  execFileSync(`${FOLDER}/g729-${codec}`, [mode, from, to]);
  return readFileSync(to);
}

function samplesOf(octets: Uint8Array): Int16Array {
  return new Int16Array(octets.slice().buffer);
}

/** The counts that the frames of a file begin with. */
function countsOf(frames: Uint8Array): number[] {
  const counts: number[] = [];
  for (let at = 0; at < frames.length; at += 1 + (frames[at] ?? 0)) counts.push(frames[at] ?? 0);
  return counts;
}

function decode(decoder: Decoder, frames: Uint8Array): Int16Array {
  if (decoder !== "ffmpeg") return samplesOf(run(decoder, "decode", frames));
  const [from, to] = [`${FOLDER}/g729-${scratch}.g729`, `${FOLDER}/g729-${scratch++}.pcm`];
  writeFileSync(
    from,
    frames.filter((_, at) => at % 11 !== 0),
  );
  execFileSync("ffmpeg", ["-v", "error", "-y", "-f", "g729", "-i", from, "-f", "s16le", to]);
  return samplesOf(readFileSync(to));
}

/** Decibels of `wanted` over its difference from `heard`, which lags by `lag` samples. */
function ratioAt(wanted: Int16Array, heard: Int16Array, lag: number): number {
  let [signal, noise] = [0, 0];
  for (let i = 0; i + lag < heard.length && i < wanted.length; i++) {
    const sample = wanted[i] ?? 0;
    signal += sample * sample;
    noise += (sample - (heard[i + lag] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

/** The same at the lag where it is best: the encoders' look-ahead, and what ffmpeg leaves out at the start. */
function ratio(wanted: Int16Array, heard: Int16Array): number {
  return Math.max(...Array.from({ length: 161 }, (_, lag) => ratioAt(wanted, heard, lag)));
}

let pcm: Uint8Array;
let speech: Int16Array;
const streams = new Map<string, Uint8Array>();

/** What `encoder` makes of the speech. */
function stream(encoder: Codec, mode: "encode" | "encode-dtx"): Uint8Array {
  const key = `${encoder} ${mode}`;
  const made = streams.get(key) ?? run(encoder, mode, pcm);
  streams.set(key, made);
  return made;
}

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
  execFileSync("make", ["-s", "-C", `${ROOT}test/native`, LIBRARIES.ours[0]]);
  build("ours");
  build("bcg729");
  pcm = readFileSync(`${VECTORS}/g729AnnexA/SPEECH.IN`);
  pcm = pcm.subarray(0, pcm.length - (pcm.length % (2 * FRAME)));
  speech = samplesOf(pcm);
});

describe("G.729 between us and other people's codecs", () => {
  const pairs: readonly (readonly [Codec, Decoder])[] = [
    ["ours", "ours"],
    ["ours", "bcg729"],
    ["bcg729", "ours"],
  ];

  test.each(pairs)("speech from %s to %s is as good as theirs alone", (encoder, decoder) => {
    const theirs = ratio(speech, decode("bcg729", stream("bcg729", "encode")));
    const found = ratio(speech, decode(decoder, stream(encoder, "encode")));
    expect(theirs).toBeGreaterThan(3);
    expect(Math.abs(found - theirs)).toBeLessThan(1);
  });

  test("ffmpeg decodes our stream as well as bcg729's", () => {
    const theirs = ratio(speech, decode("ffmpeg", stream("bcg729", "encode")));
    const found = ratio(speech, decode("ffmpeg", stream("ours", "encode")));
    expect(theirs).toBeGreaterThan(3);
    expect(Math.abs(found - theirs)).toBeLessThan(1);
  });

  test.each(["bcg729", "ffmpeg"] as const)(
    "a stream of ours sounds alike from us and from %s",
    (decoder) => {
      const frames = stream("ours", "encode");
      expect(ratio(decode("ours", frames), decode(decoder, frames))).toBeGreaterThan(10);
    },
  );
});

describe("G.729 Annex B between us and bcg729", () => {
  /** Mean power of the frames that were not transmitted, in decibels. */
  function pauses(frames: Uint8Array, heard: Int16Array): number {
    let [sum, count] = [0, 0];
    for (const [frame, octets] of countsOf(frames).entries()) {
      if (octets !== 0) continue;
      for (const sample of heard.subarray(frame * FRAME, (frame + 1) * FRAME))
        sum += sample * sample;
      count += FRAME;
    }
    return 10 * Math.log10(sum / count);
  }

  // bcg729's own noise is 3 to 8 dB louder than what its encoder heard, so the original is the measure.
  test.each(["ours", "bcg729"] as const)("we decode speech and pauses of %s", (encoder) => {
    const frames = stream(encoder, "encode-dtx");
    expect(new Set(countsOf(frames))).toEqual(new Set([10, 2, 0]));
    const [ours, theirs] = [decode("ours", frames), decode("bcg729", frames)];
    expect(Math.abs(ratio(speech, ours) - ratio(speech, theirs))).toBeLessThan(1);
    expect(Math.abs(pauses(frames, ours) - pauses(frames, speech))).toBeLessThan(1.5);
  });
});
