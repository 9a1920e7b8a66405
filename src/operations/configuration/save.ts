import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Document, isNode } from "yaml";
import { err, ok, type Result } from "../../core/index.js";
import { CODEC_KEYS, type CodecOverrides, type CodecScope } from "../../gateway/index.js";
import { type LoadedConfiguration, loadConfiguration, parseConfiguration } from "./load.js";

/** A change of codec settings that is to be kept. */
export interface CodecsToKeep {
  readonly scope: CodecScope;
  readonly settings: CodecOverrides;
  /** What the scope had of its own goes. */
  readonly reset: boolean;
}

/** Writes codec settings into a configuration file: in place, so that comments and order survive. */
export function saveCodecs(file: string, change: CodecsToKeep): Result<void, string> {
  const loaded = loadConfiguration(file);
  if (!loaded.ok) return err(`not saved, the file has faults now: ${loaded.error.join("; ")}`);
  const changed = withCodecs(loaded.value, change, file);
  return changed.ok ? writeInPlace(file, changed.value) : changed;
}

/** The document's text with the change in it. */
export function withCodecs(
  { document, configuration, text: written }: LoadedConfiguration,
  { scope, settings, reset }: CodecsToKeep,
  file: string,
): Result<string, string> {
  const place = placeOf(scope, document, configuration);
  if (place === undefined) return err(`not saved: ${file} has no such ${scope.kind}`);
  try {
    if (reset) for (const key of CODEC_KEYS) document.deleteIn([...place, key]);
    for (const key of CODEC_KEYS) {
      const value = settings[key];
      if (value !== undefined) setValue(document, [...place, key], value);
    }
    const left = document.getIn(place) as { readonly items?: readonly unknown[] } | undefined;
    if (left?.items?.length === 0) document.deleteIn(place);
  } catch (error) {
    return err(`not saved: ${place.join(".")} in ${file}: ${(error as Error).message}`);
  }
  const text = document.toString({ lineWidth: 0 });
  const again = parseConfiguration(text, file);
  if (!again.ok) return err(`not saved: ${again.error.join("; ")}`);
  const dressed = inTheLookOf(written, text);
  const same = parseConfiguration(dressed, file);
  const isSame = same.ok && isDeepStrictEqual(same.value.configuration, again.value.configuration);
  return ok(isSame ? dressed : text);
}

/** A comment behind the old value stays behind the new one. */
function setValue(document: Document, path: readonly (string | number)[], value: unknown): void {
  const before = document.getIn(path, true);
  const fresh = document.createNode(value, { flow: true });
  if (isNode(before) && before.comment !== undefined) fresh.comment = before.comment;
  document.setIn(path, fresh);
}

/** Lines that were written anew with other blanks only become again what they were. */
function inTheLookOf(before: string, after: string): string {
  const old = before.split("\n");
  let next = 0;
  const lines = after.split("\n").map((line) => {
    const found = old.findIndex((one, index) => index >= next && looks(one) === looks(line));
    if (found < 0) return line;
    next = found + 1;
    return old[found];
  });
  return lines.join("\n");
}

/** A line without blanks, but for those that it begins with. */
function looks(line: string): string {
  return `${/^ */.exec(line)?.[0]}${line.replaceAll(/[ \r]/g, "")}`;
}

/** Where the scope's settings stand; a list that the file leaves to the defaults is written out first. */
function placeOf(
  scope: CodecScope,
  document: Document,
  configuration: LoadedConfiguration["configuration"],
): readonly (string | number)[] | undefined {
  if (scope.kind === "all") return ["codecs"];
  if (scope.kind === "call") return undefined;
  const list = scope.kind === "peer" ? "peers" : "trunkGroups";
  const index = configuration[list].findIndex(({ name }) => name === scope.name);
  if (index < 0) return undefined;
  if (!document.hasIn([list])) document.setIn([list], document.createNode(configuration[list]));
  return [list, index, "codecs"];
}

/** Whole or not at all: a new file takes the old one's place. */
function writeInPlace(file: string, text: string): Result<void, string> {
  let fresh: string | undefined;
  try {
    const target = realpathSync(file);
    fresh = join(dirname(target), `.${basename(target)}.${process.pid}.new`);
    const descriptor = openSync(fresh, "wx", statSync(target).mode & 0o777);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, target);
    return ok(undefined);
  } catch (error) {
    if (fresh !== undefined) rmSync(fresh, { force: true });
    return err(`not saved: ${(error as Error).message}`);
  }
}
