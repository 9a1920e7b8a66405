import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { err, ok, type Result } from "../core/index.js";

/** A file that is made anew: what stood under its name stays until the new one is whole. */
export interface TargetFile {
  readonly file: FileHandle;
  /** Closes it, and puts it under its name or forgets it. */
  finish(keep: boolean): Promise<void>;
}

/** A device or a pipe is written to as it is, and stays. Errors: the folder cannot be written, `to` is a folder. */
export async function openTarget(to: string): Promise<Result<TargetFile, string>> {
  try {
    const present = await stat(to).catch(() => undefined);
    const isPlain = present === undefined || present.isFile();
    const path = isPlain ? `${to}.part` : to;
    const file = await open(path, "w");
    const finish = async (keep: boolean): Promise<void> => {
      await file.close();
      if (isPlain) await (keep ? rename(path, to) : rm(path, { force: true }));
    };
    return ok({ file, finish });
  } catch (error) {
    return err(`cannot write ${to}: ${fileFault(error)}`);
  }
}

/** What the system said of a file, in plain words. */
export function fileFault(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "no such file or folder";
  return code === "EACCES" ? "not permitted" : message;
}
