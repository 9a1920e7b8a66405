import { fault, ok, type Result } from "../../core/index.js";
import { oneLine, skipBlanks, splitList, trimEnd } from "./grammar.js";
import { rowOf } from "./header-table.js";
import { messageLimits } from "./limits.js";
import type { HeaderField, HeaderIdentity, HeaderName, HeaderRow, Headers } from "./types.js";

/** Headers from lines of our own making. Line ends within a value become blanks. */
export function headersOf(fields: Iterable<HeaderField>): Headers {
  const list: HeaderField[] = [];
  for (const { name, value } of fields) list.push({ name, value: oneLine(value) });
  return new HeaderList(list);
}

/**
 * Where each line stands in the text of a head: four numbers a line, name start and end, value start
 * and end (a value that is folded still has its line ends in it).
 */
export interface HeaderIndex {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** Headers of a received message: nothing is cut out of the text before somebody asks. */
export function indexedHeaders(index: HeaderIndex): Headers {
  return new HeaderList(index);
}

class HeaderList implements Headers {
  readonly #index: HeaderIndex | undefined;
  #fields: readonly HeaderField[] | undefined;
  /** What was parsed already: rows and, at the same places, their values. Few, so looked through. */
  readonly #rows: HeaderIdentity[] = [];
  readonly #results: Result<readonly unknown[]>[] = [];

  constructor(from: HeaderIndex | readonly HeaderField[]) {
    if (isIndex(from)) this.#index = from;
    else this.#fields = from;
  }

  get size(): number {
    return this.#index === undefined ? this.#list().length : this.#index.offsets.length / 4;
  }

  has(which: HeaderName): boolean {
    return this.#find(identify(which), 0) >= 0;
  }

  text(which: HeaderName): string | undefined {
    const at = this.#find(identify(which), 0);
    return at < 0 ? undefined : this.#value(at);
  }

  texts(which: HeaderName): readonly string[] {
    const identity = identify(which);
    const texts: string[] = [];
    for (let at = this.#find(identity, 0); at >= 0; at = this.#find(identity, at + 1))
      texts.push(this.#value(at));
    return texts;
  }

  value<Value>(row: HeaderRow<Value>): Value | undefined {
    const read = this.read(row);
    return read.ok ? read.value[0] : undefined;
  }

  values<Value>(row: HeaderRow<Value>): readonly Value[] {
    const read = this.read(row);
    return read.ok ? read.value : [];
  }

  read<Value>(row: HeaderRow<Value>): Result<readonly Value[]> {
    const kept = this.#rows.indexOf(row);
    if (kept >= 0) return this.#results[kept] as Result<readonly Value[]>;
    const read = parseLines(row, this.texts(row));
    this.#rows.push(row);
    this.#results.push(read);
    return read;
  }

  set<Value>(row: HeaderRow<Value>, value: Value): Headers {
    return this.setText(row, row.print(value));
  }

  setText(which: HeaderName, value: string): Headers {
    const identity = identify(which);
    const first = this.#find(identity, 0);
    if (first < 0) return this.appendText(which, value);
    const kept = this.#list().filter((one, at) => at <= first || !isNamedField(identity, one));
    return new HeaderList(kept.with(first, { name: identity.name, value: oneLine(value) }));
  }

  append<Value>(row: HeaderRow<Value>, value: Value): Headers {
    return this.appendText(row, row.print(value));
  }

  appendText(which: HeaderName, value: string): Headers {
    return new HeaderList([...this.#list(), { name: identify(which).name, value: oneLine(value) }]);
  }

  prepend<Value>(row: HeaderRow<Value>, value: Value): Headers {
    return this.prependText(row, row.print(value));
  }

  prependText(which: HeaderName, value: string): Headers {
    return new HeaderList([{ name: identify(which).name, value: oneLine(value) }, ...this.#list()]);
  }

  replaceFirst<Value>(row: HeaderRow<Value>, value: Value): Headers {
    const first = this.#find(row, 0);
    if (first < 0) return this.append(row, value);
    const rest = restOfLine(row, this.#value(first));
    const printed = oneLine(row.print(value));
    const line = { name: row.name, value: rest === "" ? printed : `${printed}, ${rest}` };
    return new HeaderList(this.#list().with(first, line));
  }

  removeFirst<Value>(row: HeaderRow<Value>): Headers {
    const first = this.#find(row, 0);
    if (first < 0) return this;
    const rest = restOfLine(row, this.#value(first));
    const list = this.#list();
    return new HeaderList(
      rest === "" ? list.toSpliced(first, 1) : list.with(first, { name: row.name, value: rest }),
    );
  }

  without(which: HeaderName): Headers {
    const identity = identify(which);
    if (this.#find(identity, 0) < 0) return this;
    return new HeaderList(this.#list().filter((one) => !isNamedField(identity, one)));
  }

  concat(fields: Iterable<HeaderField>): Headers {
    const added: HeaderField[] = [];
    for (const { name, value } of fields) added.push({ name, value: oneLine(value) });
    return added.length === 0 ? this : new HeaderList([...this.#list(), ...added]);
  }

  [Symbol.iterator](): Iterator<HeaderField> {
    return this.#list()[Symbol.iterator]();
  }

  /** Place of the next line of that header at or after `from`; -1 when there is none. */
  #find(identity: HeaderIdentity, from: number): number {
    const index = this.#index;
    if (index === undefined) return findField(identity, this.#list(), from);
    const { text, offsets } = index;
    for (let at = from; at < offsets.length / 4; at++)
      if (isNamed(identity, text, offsets[at * 4] as number, offsets[at * 4 + 1] as number))
        return at;
    return -1;
  }

  #value(at: number): string {
    const index = this.#index;
    if (this.#fields !== undefined || index === undefined)
      return (this.#list()[at] as HeaderField).value;
    const start = index.offsets[at * 4 + 2] as number;
    return unfold(index.text.slice(start, index.offsets[at * 4 + 3] as number));
  }

  #list(): readonly HeaderField[] {
    if (this.#fields !== undefined) return this.#fields;
    const list: HeaderField[] = [];
    const { text, offsets } = this.#index as HeaderIndex;
    for (let at = 0; at < offsets.length / 4; at++)
      list.push({
        name: text.slice(offsets[at * 4], offsets[at * 4 + 1]),
        value: this.#value(at),
      });
    this.#fields = list;
    return list;
  }
}

function isIndex(from: HeaderIndex | readonly HeaderField[]): from is HeaderIndex {
  return "offsets" in from;
}

function identify(which: HeaderName): HeaderIdentity {
  if (typeof which !== "string") return which;
  return rowOf(which) ?? { name: which, key: which.toLowerCase(), multiplicity: "lines" as const };
}

function findField(identity: HeaderIdentity, fields: readonly HeaderField[], from: number): number {
  for (let at = from; at < fields.length; at++)
    if (isNamedField(identity, fields[at] as HeaderField)) return at;
  return -1;
}

function isNamedField(identity: HeaderIdentity, { name }: HeaderField): boolean {
  return name === identity.name || isNamed(identity, name, 0, name.length);
}

/** Compares without case: in token characters bit 6 tells the cases of letters apart, and nothing else. */
function isNamed(identity: HeaderIdentity, text: string, start: number, end: number): boolean {
  const { key, compact } = identity;
  const length = end - start;
  if (length === 1 && compact !== undefined)
    return (text.charCodeAt(start) | 32) === compact.charCodeAt(0);
  if (length !== key.length) return false;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(start + at);
    const wanted = key.charCodeAt(at);
    if (code !== wanted && (code < 65 || code > 90 || (code | 32) !== wanted)) return false;
  }
  return true;
}

/** RFC 3261 §7.3.1: a line end with the blanks around it is one blank. */
function unfold(value: string): string {
  if (!value.includes("\r\n")) return value;
  let out = "";
  for (const line of value.split("\r\n")) {
    const start = skipBlanks(line, 0);
    const trimmed = line.slice(start, trimEnd(line, start, line.length));
    if (trimmed !== "") out += out === "" ? trimmed : ` ${trimmed}`;
  }
  return out;
}

function parseLines<Value>(
  row: HeaderRow<Value>,
  lines: readonly string[],
): Result<readonly Value[]> {
  if (row.multiplicity === "once" && lines.length > 1)
    return fault(0, `${row.name} stands more than once`);
  const values: Value[] = [];
  for (const line of lines) {
    if (line === "" && row.mayBeEmpty) continue;
    const elements = row.multiplicity === "list" ? splitList(line, messageLimits.elements) : [line];
    if (elements === undefined || values.length + elements.length > messageLimits.elements)
      return fault(0, `too many values of ${row.name}`);
    for (const element of elements) {
      const value = row.parse(element);
      if (!value.ok) return fault(value.error.offset, `${row.name}: ${value.error.reason}`);
      values.push(value.value);
    }
  }
  return ok(values);
}

/** The elements of a line after the first. */
function restOfLine(row: HeaderIdentity, line: string): string {
  if (row.multiplicity !== "list") return "";
  return (splitList(line, messageLimits.headerLine) ?? []).slice(1).join(", ");
}
