import { type FileHandle, open, stat } from "node:fs/promises";
import { err, ok, type Result } from "../core/index.js";
import {
  type Conversion,
  type ConvertedFrames,
  openConversion,
  printWaveHeader,
  readWaveHeader,
  type WaveCoding,
} from "../gateway/index.js";
import {
  type ConvertOptions,
  type ConvertPlan,
  type FileCodec,
  planOf,
} from "./codec-file-kinds.js";
import { fileFault, openTarget } from "./target-file.js";

export interface ConvertReport {
  readonly codec: FileCodec;
  readonly from: string;
  readonly to: string;
  /** Of 10 ms. */
  readonly frames: ConvertedFrames;
  readonly seconds: number;
  readonly timesRealTime: number;
  /** At the end of the file: less than a frame, not used. */
  readonly leftOverOctets: number;
}

/** Encodes or decodes a file, block by block; memory does not grow with it. */
export async function convertFile(
  options: ConvertOptions,
  onProgress: (part: number) => void,
): Promise<Result<ConvertReport, string>> {
  const codec = options.codec ?? (await codecOfWave(options));
  const plan = planOf({ ...options, ...(codec === undefined ? {} : { codec }) });
  if (!plan.ok) return plan;
  const source = await openSource(options, plan.value);
  if (!source.ok) return source;
  const { file } = source.value;
  const target = (await isSame(file, options.to))
    ? err(`${options.from} and ${options.to} are the same file`)
    : await openTarget(options.to);
  if (!target.ok) {
    await file.close();
    return target;
  }
  let done: Result<ConvertReport, string>;
  try {
    done = await pump(options, plan.value, source.value, target.value.file, onProgress);
  } catch (error) {
    done = err((error as Error).message);
  }
  await file.close();
  await target.value.finish(done.ok);
  return done;
}

/** Of a WAV file that is decoded: its header says what it holds. */
async function codecOfWave({ way, from }: ConvertOptions): Promise<FileCodec | undefined> {
  if (way === "encode" || !/\.wav$/i.test(from)) return undefined;
  const file = await open(from, "r").catch(() => undefined);
  const source = await file
    ?.stat()
    .then((info) => (info.isFile() ? look(file, from, true) : undefined));
  await file?.close();
  const coding = source?.ok === true ? source.value.coding : undefined;
  return coding === "a-law" ? "pcma" : coding === "mu-law" ? "pcmu" : undefined;
}

interface Source {
  readonly file: FileHandle;
  readonly offset: number;
  readonly length: number;
  /** Of a WAV file. */
  readonly coding?: WaveCoding;
}

async function openSource(
  { from, way }: ConvertOptions,
  { codec, fromKind }: ConvertPlan,
): Promise<Result<Source, string>> {
  let file: FileHandle;
  try {
    file = await open(from, "r");
  } catch (error) {
    return err(`cannot read ${from}: ${fileFault(error)}`);
  }
  const source = await look(file, from, fromKind === "wav");
  const coding = source.ok ? source.value.coding : undefined;
  const wanted = way === "decode" ? CODINGS[codec] : undefined;
  const mismatch = wanted !== undefined && coding !== undefined && coding !== wanted;
  if (source.ok && !mismatch) return source;
  await file.close();
  if (!source.ok) return source;
  return err(`${from} holds ${coding} samples, not ${wanted}; --codec says which it is`);
}

async function look(
  file: FileHandle,
  name: string,
  isWave: boolean,
): Promise<Result<Source, string>> {
  const info = await file.stat();
  if (!info.isFile()) return err(`${name} is no file`);
  if (!isWave) return ok({ file, offset: 0, length: info.size });
  const head = new Uint8Array(Math.min(info.size, MOST_HEADER));
  await file.read(head, 0, head.length, 0);
  const header = readWaveHeader(head);
  if (!header.ok) {
    return err(`${name}: ${header.error.reason}; 8 kHz mono, 16-bit linear, A-law or mu-law`);
  }
  const { offset, length, coding } = header.value;
  return ok({ file, offset, length: Math.min(length, info.size - offset), coding });
}

async function isSame(source: FileHandle, to: string): Promise<boolean> {
  const [ours, theirs] = [await source.stat(), await stat(to).catch(() => undefined)];
  return theirs?.ino === ours.ino && theirs.dev === ours.dev;
}

async function pump(
  options: ConvertOptions,
  plan: ConvertPlan,
  source: Source,
  target: FileHandle,
  onProgress: (part: number) => void,
): Promise<Result<ConvertReport, string>> {
  const { from, to } = options;
  const begun = performance.now();
  const headerOf = (length: number) => headerFor(options, plan, length);
  const run = conversionOf(options, plan, source.coding);
  const frames = { speech: 0, sid: 0, untransmitted: 0, erased: 0 };
  let written = headerOf(0).length;
  let rest = new Uint8Array(0);
  for (let at = 0; at < source.length; ) {
    const block = await readAfter(rest, source, at);
    if (block.length === rest.length) break;
    const made = run(block);
    if (made.malformed) {
      const place = source.offset + at - rest.length + made.taken;
      return err(`${from}: no frame of the ITU's serial form at octet ${place}`);
    }
    for (const kind of KINDS_OF_FRAMES) frames[kind] += made.frames[kind];
    await target.write(made.octets, 0, made.octets.length, written);
    written += made.octets.length;
    at += block.length - rest.length;
    rest = block.slice(made.taken);
    onProgress(at / source.length);
  }
  await target.write(headerOf(written - headerOf(0).length), 0, undefined, 0);
  const seconds = KINDS_OF_FRAMES.reduce((sum, kind) => sum + frames[kind], 0) / 100;
  const timesRealTime = seconds / Math.max((performance.now() - begun) / 1000, 1e-6);
  return ok({
    ...{ codec: plan.codec, from, to, frames, seconds, timesRealTime },
    leftOverOctets: rest.length,
  });
}

/** What was left over of the last block, and the next block behind it. */
async function readAfter(rest: Uint8Array, source: Source, at: number): Promise<Uint8Array> {
  const block = new Uint8Array(rest.length + Math.min(BLOCK, source.length - at));
  block.set(rest);
  const room = block.length - rest.length;
  const { bytesRead } = await source.file.read(block, rest.length, room, source.offset + at);
  return block.subarray(0, rest.length + bytesRead);
}

/** What stands before so many octets of samples: nothing but in a WAV file. */
function headerFor(
  { way }: ConvertOptions,
  { codec, toKind }: ConvertPlan,
  length: number,
): Uint8Array {
  if (toKind !== "wav") return new Uint8Array(0);
  return printWaveHeader((way === "encode" ? CODINGS[codec] : undefined) ?? "linear", length);
}

/** The codec, behind one for the samples of the WAV file where they are not linear. */
function conversionOf(
  { way, vad }: ConvertOptions,
  { codec, fromKind, toKind }: ConvertPlan,
  coding: WaveCoding | undefined,
): Conversion {
  const serial = fromKind === "bit" || toKind === "bit";
  const main = openConversion(codec.toUpperCase(), way, { vad, serial });
  if (way === "decode" || coding === undefined || coding === "linear") return main;
  const expand = openConversion(coding === "a-law" ? "PCMA" : "PCMU", "decode");
  return (octets) => {
    const made = main(expand(octets).octets);
    return { ...made, taken: made.taken / 2 };
  };
}

/** How a WAV file keeps the codec's octets. */
const CODINGS: Readonly<Record<FileCodec, WaveCoding | undefined>> = {
  pcma: "a-law",
  pcmu: "mu-law",
  g729: undefined,
};
const KINDS_OF_FRAMES = ["speech", "sid", "untransmitted", "erased"] as const;
/** 5 s of linear speech. */
const BLOCK = 80_000;
const MOST_HEADER = 65_536;
