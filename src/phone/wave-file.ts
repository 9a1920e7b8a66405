import { open, readFile } from "node:fs/promises";
import { err, ok, type Result } from "../core/index.js";
import { printWave, readWave, type Wave } from "../media/index.js";

/** A sound to play, or a sentence that says what would be right. */
export async function readWaveFile(path: string): Promise<Result<Wave, string>> {
  const read = await readFile(path).then(
    (octets) => ok(octets),
    (error: NodeJS.ErrnoException) => err(`cannot read ${path}: ${explain(error)}`),
  );
  if (!read.ok) return read;
  const wave = readWave(read.value);
  if (!wave.ok) return err(`cannot play ${path}: ${wave.error.reason}; ${wanted(path)}`);
  if (wave.value.samples.length === 0) return err(`cannot play ${path}: it holds no sound`);
  return wave;
}

/** A file that is open to be recorded to. */
export interface WaveFile {
  write(wave: Wave): Promise<void>;
}

/** Makes the file before the call, so that nothing is heard in vain. */
export async function createWaveFile(path: string): Promise<Result<WaveFile, string>> {
  try {
    const file = await open(path, "w");
    return ok({
      async write(wave) {
        await file.writeFile(printWave(wave));
        await file.close();
      },
    });
  } catch (error) {
    return err(`cannot record to ${path}: ${explain(error as NodeJS.ErrnoException)}`);
  }
}

function wanted(path: string): string {
  return [
    "8 kHz mono WAV with 16-bit linear, A-law or mu-law samples is wanted, as made by",
    `  sox ${path} -r 8000 -c 1 -b 16 out.wav`,
    `  ffmpeg -i ${path} -ar 8000 -ac 1 -c:a pcm_s16le out.wav`,
  ].join("\n");
}

function explain({ code, message }: NodeJS.ErrnoException): string {
  return (code === undefined ? undefined : EXPLANATIONS[code]) ?? message;
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "not permitted",
  EISDIR: "it is a folder",
  ENOSPC: "the disk is full",
  EROFS: "the file system is read-only",
};
