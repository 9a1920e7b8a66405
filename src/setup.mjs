// Sets up whatever is missing: packages, the native addon, the compiled TypeScript. Needs nothing
// but Node, npm, g++, make and python3. Each step leaves a stamp (a digest of all it read) under
// build/stamps and is not repeated until that changes.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const stamps = join(top, "build", "stamps");
const verbose = process.argv.includes("--verbose");

step("packages", ["package.json", "package-lock.json", ".npmrc"], () => {
  run("installing packages", "npm", ["ci", "--ignore-scripts"]);
});
step("addon", ["binding.gyp", "native", "codecs"], () => {
  const gyp = join(top, "node_modules", "node-gyp", "bin", "node-gyp.js");
  const nodeGyp = [gyp, "configure", "build", `--nodedir=${nodeHeaders()}`, "-j", "max"];
  run("building the media engine", process.execPath, nodeGyp);
});
step("control-plane", ["tsconfig.json", "src", "package-lock.json"], () => {
  const tsc = join(top, "node_modules", "typescript", "bin", "tsc");
  run("compiling the control plane", process.execPath, [tsc, "-p", "tsconfig.json"]);
});

/** Runs `work` unless the stamp of its inputs says that it was done. */
function step(name, inputs, work) {
  const hash = createHash("sha256").update(`${process.version} ${process.arch}\n`);
  for (const input of inputs) digest(join(top, input), hash);
  const value = hash.digest("hex");
  const stamp = join(stamps, name);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === value) return;
  work();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, value);
}

function digest(path, hash) {
  for (const entry of list(path)) hash.update(entry).update(readFileSync(entry));
}

function list(path) {
  if (!existsSync(path)) return [];
  const entries = readdirSyncOrNothing(path);
  if (entries === undefined) return [path];
  return entries.sort().flatMap((name) => list(join(path, name)));
}

function readdirSyncOrNothing(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error.code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** The folder whose include/node holds the running Node's own headers: nothing is downloaded. */
function nodeHeaders() {
  const prefixes = [process.env.npm_config_nodedir, dirname(dirname(process.execPath)), "/usr"];
  const found = prefixes.find((p) => p && existsSync(join(p, "include", "node", "node_api.h")));
  if (found !== undefined) return found;
  fail(
    `Node's headers were not found under ${dirname(dirname(process.execPath))}/include/node.\n` +
      "They come with Node's own archives and with the package nodejs; with Debian's Node install " +
      "libnode-dev, or name their prefix in npm_config_nodedir.",
  );
}

function run(what, command, args) {
  const begun = process.hrtime.bigint();
  process.stderr.write(`trunkgate: ${what} ...\n`);
  const stdio = verbose ? "inherit" : ["ignore", "pipe", "pipe"];
  const env = { ...process.env, npm_config_nodedir: undefined };
  const result = spawnSync(command, args, { cwd: top, stdio, env, maxBuffer: 1 << 28 });
  if (result.status !== 0) {
    const said = `${result.stdout ?? ""}${result.stderr ?? ""}`;
    fail(`${what} failed: ${result.error?.message ?? `exit code ${result.status}`}\n${said}`);
  }
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  process.stderr.write(`trunkgate: ${what}: done in ${seconds.toFixed(1)} s\n`);
}

function fail(message) {
  process.stderr.write(`trunkgate: ${message}\n`);
  process.exit(1);
}
