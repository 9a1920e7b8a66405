import { readFileSync } from "node:fs";
import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { err, ok, type Result } from "../../core/index.js";
import { type ConfigurationFault, checkReferences } from "./references.js";
import { type Configuration, schema } from "./schema.js";

export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** The document as written, so that a change can be saved in place with its comments. */
  readonly document: Document;
  /** The text that it was read from. */
  readonly text: string;
}

/** Reads and checks a file. Each error is a sentence with file, line, key and what would be right. */
export function loadConfiguration(file: string): Result<LoadedConfiguration, readonly string[]> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    return err([`${file}: cannot be read: ${UNREADABLE[code] ?? message}`]);
  }
  return parseConfiguration(text, file);
}

/** Checks a configuration text; an empty one gives the defaults. */
export function parseConfiguration(
  text: string,
  file: string,
): Result<LoadedConfiguration, readonly string[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false });
  if (document.errors.length > 0) {
    return err(
      document.errors.map(
        ({ message, pos }) => `${file}:${lines.linePos(pos[0]).line}: ${message.split("\n")[0]}`,
      ),
    );
  }
  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    return err([`${file}: ${(error as Error).message}`]);
  }
  const parsed = schema.safeParse(plain);
  const faults = parsed.success
    ? checkReferences(parsed.data)
    : parsed.error.issues.flatMap((issue) => readable(issue, plain));
  if (parsed.success && faults.length === 0)
    return ok({ configuration: parsed.data, document, text });
  return err(
    faults.map(({ path, message }) => {
      const line = lineOf(document, lines, path);
      return `${file}${line === undefined ? "" : `:${line}`}: ${keyOf(path)}: ${message}`;
    }),
  );
}

/** An issue of the schema in plain words: what was expected and what stands there. */
function readable(issue: z.core.$ZodIssue, plain: unknown): ConfigurationFault[] {
  const path = issue.path.filter((key): key is string | number => typeof key !== "symbol");
  const found = valueAt(plain, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: "there is no such key here",
      }));
    case "invalid_type":
      return [{ path, message: `expected ${expected(issue.expected)}, ${foundText(found)}` }];
    case "invalid_value":
      return [{ path, message: `expected ${issue.values.join(" or ")}, ${foundText(found)}` }];
    case "invalid_union": {
      const values = issue.errors
        .flat()
        .flatMap((e) => (e.code === "invalid_value" ? e.values : []));
      const wanted = values.length > 0 ? `expected ${values.join(" or ")}` : issue.message;
      return [{ path, message: `${wanted}, ${foundText(found)}` }];
    }
    case "too_small":
      return [
        { path, message: `at least ${issue.minimum}${unit(issue.origin)}, ${foundText(found)}` },
      ];
    case "too_big":
      return [
        { path, message: `at most ${issue.maximum}${unit(issue.origin)}, ${foundText(found)}` },
      ];
    case "invalid_format":
    case "custom":
      return [{ path, message: `expected ${issue.message}, ${foundText(found)}` }];
    default:
      return [{ path, message: `${issue.message}, ${foundText(found)}` }];
  }
}

function expected(type: string): string {
  return type === "int" ? "a whole number" : `${/^[aeio]/.test(type) ? "an" : "a"} ${type}`;
}

function unit(origin: string): string {
  if (origin === "array") return " entries";
  return origin === "string" ? " characters" : "";
}

function foundText(value: unknown): string {
  if (value === undefined) return "and it is missing";
  const text = JSON.stringify(value);
  return `not ${text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text}`;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Readonly<Record<string | number, unknown>>)[key];
  }
  return at;
}

/** Line of the key, or of the nearest thing above it that is written. */
function lineOf(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const start = keyStart(document, path.slice(0, length));
    if (start !== undefined) return lines.linePos(start).line;
  }
  return undefined;
}

function keyStart(document: Document, path: readonly (string | number)[]): number | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (isMap(parent)) {
    const pair = parent.items.find(
      (item) => isPair(item) && String(item.key) === String(path.at(-1)),
    );
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  }
  const node = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function keyOf(path: readonly (string | number)[]): string {
  if (path.length === 0) return "the file";
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join("");
}

/** Of what stands in the place of something else. */
const LONGEST_SHOWN = 60;

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EISDIR: "it is a folder",
  EACCES: "not permitted",
};
