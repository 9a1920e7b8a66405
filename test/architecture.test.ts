import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** Which room may import which: the direction of the architecture (docs/architecture.md) as data. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  call: [],
  sip: [],
  sdp: [],
  isdn: ["call"],
  ss7: ["call"],
  routing: ["call"],
  policy: ["call"],
  interworking: ["call", "sip", "sdp", "isdn", "ss7"],
  addon: [],
  media: ["addon"],
  host: ["addon"],
  webrtc: ["host", "addon"],
  exchange: ["isdn", "ss7", "call", "media", "host"],
  phone: ["sip", "sdp", "media", "host"],
  conformance: ["phone", "sip", "sdp", "media", "host"],
  gateway: [
    ...["call", "sip", "sdp", "isdn", "ss7", "interworking", "routing", "policy"],
    ...["addon", "media", "host", "webrtc", "exchange"],
  ],
  operations: ["gateway", "phone", "conformance"],
  cli: ["operations"],
};

const PURE = ["core", "call", "sip", "sdp", "isdn", "ss7", "interworking", "routing", "policy"];
const BANNED_IN_PURE =
  /\b(Date\b|performance\.|setTimeout|setInterval|setImmediate|queueMicrotask|Math\.random|process\.|console\.|Buffer\b|crypto\.|globalThis|fetch\()/;

/** Native rooms: what each may include, by the first folder of the path. */
const MAY_INCLUDE: Readonly<Record<string, readonly string[]>> = {
  "native/binding": [
    "native/binding",
    "native/engine",
    "native/rtp",
    "native/tdm",
    "native/net",
    "codecs",
  ],
  "native/engine": ["native/engine", "native/rtp", "native/tdm", "native/net", "codecs"],
  "native/rtp": ["native/rtp", "codecs"],
  "native/tdm": ["native/tdm", "codecs"],
  "native/net": ["native/net", "codecs"],
  codecs: ["codecs"],
};

const IMPORT = /^(?:import|export)\b(?:[^"';]*?\bfrom)?\s*["']([^"']+)["']|\bimport\("([^"]+)"\)/gm;
const NATIVE = /\.(c|cc|h|hh|hpp)$/;
const top = fileURLToPath(new URL("..", import.meta.url));
const sources = files(join(top, "src"), /\.ts$/);
const nativeSources = [
  ...files(join(top, "native"), NATIVE),
  ...files(join(top, "codecs"), NATIVE),
];

test("every folder of src is a room of the architecture", () => {
  const rooms = readdirSync(join(top, "src"), { withFileTypes: true }).filter((e) =>
    e.isDirectory(),
  );
  expect(rooms.map((e) => e.name).filter((name) => !(name in MAY_IMPORT))).toEqual([]);
});

test("imports between rooms follow the direction", () => {
  const wrong: string[] = [];
  for (const file of sources) {
    for (const target of localImports(file)) {
      const [from, to] = [room(file), room(target)];
      if (from === to || to === "core" || MAY_IMPORT[from]?.includes(to)) continue;
      wrong.push(`${short(file)} imports ${short(target)}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("another room is imported by an index only", () => {
  const wrong = sources.flatMap((file) =>
    localImports(file)
      .filter((target) => room(target) !== room(file) && !/\/index\.ts$/.test(target))
      .map((target) => `${short(file)} imports ${short(target)}`),
  );
  expect(wrong).toEqual([]);
});

test("pure rooms import nothing from Node and use no clock, timer, chance or console", () => {
  const wrong: string[] = [];
  for (const file of sources.filter((f) => PURE.includes(room(f)))) {
    for (const specifier of specifiers(file)) {
      if (!specifier.startsWith(".")) wrong.push(`${short(file)} imports ${specifier}`);
    }
    code(file).forEach((line, index) => {
      if (BANNED_IN_PURE.test(line)) wrong.push(`${short(file)}:${index + 1} ${line.trim()}`);
    });
  }
  expect(wrong).toEqual([]);
});

test("there is no import cycle", () => {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].map(short).join(" -> "));
      return;
    }
    if (done.has(file)) return;
    for (const target of valueImports(file)) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  expect(cycles).toEqual([]);
});

test("only the addon room loads the native addon, only the binding includes Node's headers", () => {
  const loaders = sources.filter(
    (f) => /\.node["'`]/.test(readFileSync(f, "utf8")) && room(f) !== "addon",
  );
  const includers = nativeSources.filter(
    (f) =>
      /#include [<"](node_api|napi|js_native_api|uv|v8)/.test(readFileSync(f, "utf8")) &&
      !f.includes("/native/binding/"),
  );
  expect([...loaders, ...includers].map(short)).toEqual([]);
});

test("native rooms include what the direction allows", () => {
  const wrong: string[] = [];
  for (const file of nativeSources) {
    const from = nativeRoom(short(file));
    for (const match of readFileSync(file, "utf8").matchAll(/#include "([^"]+)"/g)) {
      const to = nativeRoom(includeTarget(file, match[1] as string));
      if (to !== undefined && from !== undefined && !MAY_INCLUDE[from]?.includes(to)) {
        wrong.push(`${short(file)} includes ${match[1]}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("no file outgrows a reader: 500 lines, tables apart", () => {
  const long = [...sources, ...nativeSources]
    .filter((f) => !/tables?\b/.test(f))
    .map((f) => ({ file: short(f), lines: readFileSync(f, "utf8").split("\n").length }))
    .filter(({ lines }) => lines > 500);
  expect(long).toEqual([]);
});

test("every room says what it is", () => {
  const folders = new Set(
    [...sources, ...nativeSources].map((f) => short(f).split("/").slice(0, 2).join("/")),
  );
  const silent = [...folders].filter(
    (f) => isFolder(join(top, f)) && !exists(join(top, f, "README.md")),
  );
  expect(silent).toEqual([]);
});

test("the lock file names no address and the tree no unfinished work", () => {
  expect(readFileSync(join(top, "package-lock.json"), "utf8")).not.toMatch(
    /"resolved"|https?:\/\/registry/,
  );
  const marks = [...sources, ...nativeSources].filter((f) =>
    /\b(TODO|FIXME|XXX|HACK)\b/.test(readFileSync(f, "utf8")),
  );
  expect(marks.map(short)).toEqual([]);
});

function files(folder: string, pattern: RegExp): string[] {
  if (!exists(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}

function specifiers(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(IMPORT)].map((m) => (m[1] ?? m[2]) as string);
}

function localImports(file: string): string[] {
  return specifiers(file)
    .filter((s) => s.startsWith("."))
    .map((s) => target(file, s));
}

/** Imports that exist when the program runs: type-only ones cannot make a cycle. */
function valueImports(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(IMPORT)]
    .filter((m) => !/^(import|export) type\b/.test(m[0]))
    .map((m) => (m[1] ?? m[2]) as string)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => target(file, specifier));
}

function target(file: string, specifier: string): string {
  return resolve(dirname(file), specifier).replace(/\.js$/, ".ts");
}

/** Lines of a file without comments and string contents, near enough for a ban. */
function code(file: string): string[] {
  return readFileSync(file, "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .split("\n")
    .map((line) => line.replace(/\/\/.*$/, "").replace(/"[^"]*"|`[^`]*`|'[^']*'/g, '""'));
}

function room(file: string): string {
  return relative(join(top, "src"), file).split("/")[0] as string;
}

function nativeRoom(path: string | undefined): string | undefined {
  return path === undefined
    ? undefined
    : Object.keys(MAY_INCLUDE).find((name) => path.startsWith(`${name}/`));
}

function includeTarget(file: string, include: string): string | undefined {
  const candidates = [dirname(file), top, join(top, "native"), join(top, "codecs")].map((base) =>
    resolve(base, include),
  );
  const found = candidates.find(exists);
  return found === undefined ? undefined : short(found);
}

function short(file: string): string {
  return relative(top, file);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
