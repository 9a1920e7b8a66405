import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { printWaveHeader, readWaveHeader } from "../../../src/media/index.js";
import { planOf } from "../../../src/operations/codec-file-kinds.js";
import { convertFile } from "../../../src/operations/codec-files.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trunkgate-codec-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

/** A moving tone with pauses of a second. */
function speech(samples: number): Buffer {
  const octets = Buffer.alloc(samples * 2);
  for (let i = 0; i < samples; i++) {
    const loud = Math.floor(i / 8000) % 2 === 0 ? 8000 : 3;
    octets.writeInt16LE(Math.round(loud * Math.sin(i / 7 + Math.sin(i / 900))), i * 2);
  }
  return octets;
}

function wave(coding: "linear" | "a-law" | "mu-law", data: Buffer): Buffer {
  return Buffer.concat([printWaveHeader(coding, data.length), data]);
}

async function convert(
  way: "encode" | "decode",
  from: string,
  to: string,
  more: { readonly vad?: boolean; readonly codec?: "g729" | "pcma" | "pcmu" } = {},
) {
  const parts: number[] = [];
  const options = { way, from: at(from), to: at(to), vad: false, ...more };
  const done = await convertFile(options, (part) => parts.push(part));
  return { done, parts };
}

test.each([
  ["encode", "a.pcm", "a.xyz", "a.xyz: the ending says"],
  ["encode", "a.bit", "b.bit", "a.bit: linear speech is .wav or .pcm"],
  ["decode", "a.bit", "b.g729", "b.g729: linear speech is .wav or .pcm"],
  ["encode", "a.pcm", "b.wav", "b.wav: G.729 is not kept in WAV"],
  ["encode", "a.pcm", "b.pcm", "b.pcm: .pcm is linear speech, not g729"],
] as const)("%s of %s to %s says what would be right", (way, from, to, expected) => {
  const plan = planOf({ way, from, to, vad: false });
  expect(plan).toMatchObject({ ok: false, error: expect.stringContaining(expected) });
});

test("G.711 has no serial form, and the ending must be of the codec", () => {
  const plan = (to: string, codec: "pcma" | "g729", vad = false) =>
    planOf({ way: "encode", from: "a.pcm", to, codec, vad });
  expect(plan("b.bit", "pcma")).toMatchObject({
    error: "b.bit: G.711 has no serial form; .wav or .pcma is",
  });
  expect(plan("b.pcmu", "pcma")).toMatchObject({ error: expect.stringContaining("is not pcma") });
  expect(plan("b.g729", "g729", true)).toMatchObject({
    error: expect.stringContaining(".bit can"),
  });
  expect(plan("b.pcma", "pcma", true)).toMatchObject({ error: expect.stringContaining("--vad") });
  expect(planOf({ way: "encode", from: "a.wav", to: "b.pcmu", vad: false })).toMatchObject({
    value: { codec: "pcmu", fromKind: "wav", toKind: "pcmu" },
  });
});

test("what is encoded in one block and in many is the same, and so when decoded", async () => {
  const pcm = speech(200_001);
  writeFileSync(at("long.pcm"), pcm);
  writeFileSync(at("long.wav"), wave("linear", pcm));
  const { done, parts } = await convert("encode", "long.pcm", "a.bit", { vad: true });
  expect(done).toMatchObject({
    ok: true,
    value: { codec: "g729", seconds: 25, leftOverOctets: 2, frames: { erased: 0 } },
  });
  expect(parts.length).toBeGreaterThan(4);
  expect(parts.at(-1)).toBe(1);
  await convert("encode", "long.wav", "b.bit", { vad: true });
  expect(readFileSync(at("b.bit")).equals(readFileSync(at("a.bit")))).toBe(true);
  const decoded = await convert("decode", "a.bit", "a.wav");
  expect(decoded.done.ok && decoded.done.value.frames.untransmitted).toBeGreaterThan(500);
  await convert("decode", "a.bit", "a.pcm");
  const file = readFileSync(at("a.wav"));
  expect(readWaveHeader(file)).toMatchObject({ value: { coding: "linear", length: 400_000 } });
  expect(file.subarray(44).equals(readFileSync(at("a.pcm")))).toBe(true);
});

test.each([
  ["pcma", "a-law"],
  ["pcmu", "mu-law"],
] as const)(
  "%s goes through WAV and raw octets without loss after the first time",
  async (codec, coding) => {
    writeFileSync(at("a.pcm"), speech(16_000));
    await convert("encode", "a.pcm", "a.wav", { codec });
    await convert("encode", "a.pcm", `a.${codec}`);
    const file = readFileSync(at("a.wav"));
    expect(readWaveHeader(file)).toMatchObject({ value: { coding, offset: 58, length: 16_000 } });
    expect(file.subarray(58).equals(readFileSync(at(`a.${codec}`)))).toBe(true);
    await convert("decode", "a.wav", "b.pcm", { codec });
    await convert("encode", "b.pcm", `b.${codec}`);
    // Mu-law has two zeros: the octets may differ, the samples may not.
    await convert("decode", `b.${codec}`, "c.pcm");
    expect(readFileSync(at("c.pcm")).equals(readFileSync(at("b.pcm")))).toBe(true);
    // A WAV file of either law is speech to be encoded, too.
    await convert("encode", "a.wav", "c.bit");
    await convert("encode", "b.pcm", "d.bit");
    expect(readFileSync(at("c.bit")).equals(readFileSync(at("d.bit")))).toBe(true);
  },
);

test("raw octets of G.729 are ten a frame; a frame cut off at the end is told", async () => {
  writeFileSync(at("a.pcm"), speech(800));
  await convert("encode", "a.pcm", "a.g729");
  expect(readFileSync(at("a.g729"))).toHaveLength(100);
  writeFileSync(at("cut.g729"), readFileSync(at("a.g729")).subarray(0, 95));
  const { done } = await convert("decode", "cut.g729", "cut.pcm");
  expect(done).toMatchObject({ ok: true, value: { seconds: 0.09, leftOverOctets: 5 } });
});

test("what cannot be read, is spoiled or would be overwritten is told, and no half file is left", async () => {
  const fails = async (...args: Parameters<typeof convert>) => {
    const { done } = await convert(...args);
    return done.ok ? "converted" : done.error;
  };
  expect(await fails("encode", "none.pcm", "a.bit")).toMatch(/none\.pcm: no such file/);
  writeFileSync(at("a.pcm"), speech(800));
  expect(await fails("decode", "a.pcm", "a.pcm", { codec: "pcma" })).toMatch(/\.pcm is linear/);
  await convert("encode", "a.pcm", "a.bit");
  const bit = readFileSync(at("a.bit"));
  bit.writeUInt16LE(0x1234, 164);
  writeFileSync(at("bad.bit"), bit);
  expect(await fails("decode", "bad.bit", "bad.pcm")).toMatch(/serial form at octet 164$/);
  expect(readdirSync(folder)).not.toContain("bad.pcm");
  writeFileSync(at("fast.wav"), wave("linear", speech(80)).fill(0x11, 24, 26));
  expect(await fails("encode", "fast.wav", "a.bit")).toMatch(/8000 Hz and one channel are wanted/);
  writeFileSync(at("no.wav"), "hello");
  expect(await fails("encode", "no.wav", "a.bit")).toMatch(/not a RIFF WAVE file/);
  writeFileSync(at("same.wav"), wave("a-law", Buffer.alloc(800)));
  expect(await fails("decode", "same.wav", "same.wav", { codec: "pcma" })).toMatch(/same file/);
  expect(await fails("decode", "same.wav", "x.pcm", { codec: "pcmu" })).toMatch(
    /holds a-law samples, not mu-law/,
  );
  expect(await fails("encode", "a.pcm", "nowhere/a.bit")).toMatch(/cannot write .*no such/);
});

test("a conversion that fails leaves what stood there before, one that succeeds replaces it", async () => {
  writeFileSync(at("out.pcm"), "before");
  writeFileSync(at("bad.bit"), Buffer.alloc(328, 0x11));
  expect((await convert("decode", "bad.bit", "out.pcm")).done.ok).toBe(false);
  expect(readFileSync(at("out.pcm"), "utf8")).toBe("before");
  writeFileSync(at("good.pcma"), Buffer.alloc(80));
  expect((await convert("decode", "good.pcma", "out.pcm")).done.ok).toBe(true);
  expect(readFileSync(at("out.pcm")).length).toBe(160);
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("a WAV file says itself which law it holds", async () => {
  for (const [coding, codec] of [
    ["a-law", "pcma"],
    ["mu-law", "pcmu"],
  ] as const) {
    writeFileSync(at("law.WAV"), wave(coding, Buffer.alloc(800, 0x2a)));
    const { done } = await convert("decode", "law.WAV", `${codec}.pcm`);
    expect(done).toMatchObject({ ok: true, value: { codec, seconds: 0.1 } });
    writeFileSync(at(`law.${codec}`), Buffer.alloc(800, 0x2a));
    await convert("decode", `law.${codec}`, "raw.pcm");
    expect(readFileSync(at(`${codec}.pcm`))).toEqual(readFileSync(at("raw.pcm")));
  }
});

test("an empty file is no speech, and no fault", async () => {
  writeFileSync(at("a.pcm"), "");
  expect((await convert("encode", "a.pcm", "a.bit")).done).toMatchObject({
    value: { seconds: 0, leftOverOctets: 0 },
  });
});
