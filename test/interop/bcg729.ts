import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { top } from "./running-gateway.js";

const PROGRAM = `${top}build/interop/bcg729-call`;

/** Builds somebody else's codec from the system's bcg729. */
export function buildBcg729(): void {
  mkdirSync(`${top}build/interop`, { recursive: true });
  const source = `${top}test/interop/g729/bcg729.c`;
  execFileSync("cc", ["-O2", "-Wall", "-o", PROGRAM, source, "-lbcg729", "-lm"]);
}

/** Frames of 10 ms: 10 octets of speech, 2 of silence, or none. */
export function encode(speech: Int16Array, vad = false): readonly Uint8Array[] {
  const input = new Uint8Array(speech.buffer, speech.byteOffset, speech.byteLength);
  const octets = work(vad ? "encode-dtx" : "encode", input);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < octets.length; at += 1 + (octets[at] ?? 0)) {
    frames.push(octets.slice(at + 1, at + 1 + (octets[at] ?? 0)));
  }
  return frames;
}

/** Speech of whole payloads, one after the other. */
export function decode(payloads: readonly Uint8Array[]): Int16Array {
  const frames = payloads.flatMap((payload) =>
    Array.from({ length: Math.ceil(payload.length / 10) }, (_, i) =>
      payload.subarray(i * 10, i * 10 + 10),
    ),
  );
  const counted = frames.flatMap((frame) => [Uint8Array.of(frame.length), frame]);
  return new Int16Array(work("decode", Buffer.concat(counted)).buffer);
}

function work(mode: string, input: Uint8Array): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "bcg729-"));
  const [from, to] = [join(folder, "in"), join(folder, "out")];
  try {
    writeFileSync(from, input);
    execFileSync(PROGRAM, [mode, from, to]);
    return new Uint8Array(readFileSync(to));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
