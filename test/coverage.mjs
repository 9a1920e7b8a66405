// `npm run coverage`: writes docs/coverage.md from the names of the tests, which say in square
// brackets what they exercise: `[T303 expiry]`, `[SETUP]`, `[element cause]`, `[cause 17]`, `[486]`,
// `[header Via]`. With `--check` nothing is written: it fails when the page is not what the tests say,
// when a row has no test, and when a tag names no row of its kind.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { universe } from "./coverage-rows.mjs";

const top = fileURLToPath(new URL("..", import.meta.url));
const page = join(top, "docs", "coverage.md");

/** Programs and recordings that nobody here wrote, as file names and tags say them. */
const JUDGES = ["libpri", "tshark", "sipp", "baresip", "vector"];
const CONFIGURATIONS = ["test/vitest.config.ts", "test/interop/vitest.config.ts"];
/** Where the more telling tests are, the most telling first. */
const PLACES = ["test/interop/", "test/scenario/", "test/world/", "test/unit/"];

const tables = await universe(top);
const { byTag, unknown } = sort(CONFIGURATIONS.flatMap(testsOf));
const gaps = rows()
  .filter(({ tag }) => testsOfRow(tag).length === 0)
  .map(({ tag }) => tag);
const made = print();

const faults = [
  ...gaps.map((tag) => `no test exercises [${tag}]`),
  ...[...unknown].map(([tag, { file }]) => `${file}: [${tag}] names no row`),
];
if (process.argv.includes("--check")) {
  if (readPage() !== made) faults.push("docs/coverage.md is not what the tests say");
} else {
  writeFileSync(page, made);
}
for (const fault of faults) process.stderr.write(`coverage: ${fault}\n`);
if (faults.length > 0) {
  process.stderr.write("coverage: `npm run coverage` writes the page anew\n");
  process.exitCode = 1;
}

/** The full names of the tests of a configuration, the rows of `test.each` expanded. */
function testsOf(configuration) {
  const vitest = join(top, "node_modules", "vitest", "vitest.mjs");
  const result = spawnSync(process.execPath, [vitest, "list", "--json", "-c", configuration], {
    cwd: top,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}${result.stderr}`);
    throw new Error(`the tests of ${configuration} cannot be listed`);
  }
  return JSON.parse(result.stdout.slice(result.stdout.indexOf("[\n")))
    .map(({ name, file }) => ({ name, file: relative(top, file) }))
    .filter(({ file }) => !file.startsWith("test/tmp/"))
    .map((test) => ({ ...test, tags: tagsOf(test.name), judges: judgesOf(test) }));
}

function tagsOf(name) {
  return new Set([...name.matchAll(/\[([^[\]]+)\]/g)].flatMap(([, tag]) => expand(plain(tag))));
}

/** `cause 1 to 127` and `every message` stand for a tag each. */
function expand(tag) {
  const range = /^cause (\d+) to (\d+)$/.exec(tag);
  if (range !== null) {
    const [first, last] = [Number(range[1]), Number(range[2])];
    return Array.from({ length: last - first + 1 }, (_, index) => `cause ${first + index}`);
  }
  const kind = /^every (.+)$/.exec(tag)?.[1];
  const table = tables.find(({ every }) => every !== undefined && every === kind);
  return table === undefined ? [tag] : table.rows.map((row) => plain(row.tag));
}

/** Tags are told apart by their words only: standards write SETUP ACKNOWLEDGE, our rows setup-acknowledge. */
function plain(tag) {
  return tag.toLowerCase().replaceAll("-", " ").trim();
}

/** A test under test/interop is judged by the peer that its file is named after. */
function judgesOf({ name, file }) {
  const tags = tagsOf(name);
  const isInterop = file.startsWith("test/interop/");
  return JUDGES.filter(
    (judge) => tags.has(judge) || (isInterop && basename(file).startsWith(judge)),
  );
}

/** Tests by tag, and tags that look like a row's but are none: a misspelt tag is a fault. */
function sort(tests) {
  const known = new Set(tables.flatMap((table) => table.rows.map(({ tag }) => plain(tag))));
  const byTag = new Map();
  const unknown = new Map();
  for (const test of tests) {
    for (const tag of test.tags) {
      if (known.has(tag)) byTag.set(tag, [...(byTag.get(tag) ?? []), test]);
      else if (tables.some(({ looksLike }) => looksLike.test(tag))) unknown.set(tag, test);
    }
  }
  return { byTag, unknown };
}

function rows() {
  return tables.flatMap((table) => table.rows);
}

function testsOfRow(tag) {
  return byTag.get(plain(tag)) ?? [];
}

function judgesOfRow(tag) {
  return JUDGES.filter((judge) => testsOfRow(tag).some(({ judges }) => judges.includes(judge)));
}

function print() {
  return [
    "# Coverage",
    "",
    "Made from the names of the tests by `npm run coverage`; CI holds the page to them",
    "(`npm run coverage -- --check`). A test says in its name, in square brackets, which row it",
    "exercises; how far it goes is for the test to say. The outside judge is a program or a recording",
    "that nobody here wrote; *none* means that our own two ends agree, and the standard's text was read.",
    "",
    ...summary(),
    ...tables.flatMap(printTable),
  ].join("\n");
}

function summary() {
  const all = rows().length;
  const unjudged = tables
    .map(({ title, rows: of }) => ({ title, tags: of.filter(isUnjudged).map(({ tag }) => tag) }))
    .filter(({ tags }) => tags.length > 0);
  const count = unjudged.reduce((sum, { tags }) => sum + tags.length, 0);
  return [
    "| | rows |",
    "| --- | --- |",
    `| in all | ${all} |`,
    `| without a test | ${gaps.length} |`,
    `| with an outside judge | ${all - count} |`,
    `| without an outside judge | ${count} |`,
    "",
    ...(gaps.length === 0 ? [] : [`Without a test: ${gaps.join(", ")}.`, ""]),
    ...(count === 0 ? [] : ["Without an outside judge:", ""]),
    ...unjudged.map(({ title, tags }) => `- ${title}: ${tags.join(", ")}`),
    "",
  ];
}

function isUnjudged({ tag }) {
  return judgesOfRow(tag).length === 0;
}

function printTable({ title, rows: of }) {
  return [
    `## ${title}`,
    "",
    "| row | meaning | tests | scenario that exercises it | outside judge |",
    "| --- | --- | --- | --- | --- |",
    ...of.map(({ tag, meaning }) => {
      const tests = testsOfRow(tag);
      const judged = judgesOfRow(tag).join(", ") || "none";
      return `| ${tag} | ${meaning} | ${tests.length} | ${example(tests)} | ${judged} |`;
    }),
    "",
  ];
}

/** The test that says most: one with an outside judge, a whole scenario, a world, then a unit. */
function example(tests) {
  const weight = ({ file, judges }) =>
    (judges.length > 0 ? 0 : 4) + 1 + PLACES.findIndex((place) => file.startsWith(place));
  const [best] = [...tests].sort(
    (a, b) => weight(a) - weight(b) || compare(a.file, b.file) || compare(a.name, b.name),
  );
  if (best === undefined) return "";
  const words = best.name
    .replace(/\s*\[[^[\]]+\]/g, "")
    .replaceAll("|", "/")
    .trim();
  const short = words.length > 110 ? `${words.slice(0, 107)}...` : words;
  return `${best.file.slice("test/".length)}: ${short}`;
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function readPage() {
  try {
    return readFileSync(page, "utf8");
  } catch {
    return undefined;
  }
}
