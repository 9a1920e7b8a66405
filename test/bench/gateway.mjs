// Starts a gateway in a second process with a configuration made for a bench, and asks it things.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("gateway-process.mjs", import.meta.url));

/** `spans` E1 in one trunk group to the simulated exchange; any number leads there. */
export function configurationOf({ spans, sip, api, rtp = [16_384, 32_767] }) {
  const names = Array.from({ length: spans }, (_, index) => `e1-${index + 1}`);
  return JSON.stringify({
    listen: {
      sip: [{ name: "udp", transport: "udp", address: "127.0.0.1", port: sip }],
      rtp: { portMin: rtp[0], portMax: rtp[1] },
      api: { port: api },
    },
    spans: names.map((name) => ({ name })),
    trunkGroups: [{ name: "isdn", spans: names, hunt: "cyclic" }],
    log: { level: "error" },
    drainSeconds: 1,
  });
}

/** The commands that tie a process to a core; nothing where there is one core only or no wish. */
export function pinned(core) {
  return core === undefined ? [] : ["taskset", "-c", String(core)];
}

export async function startGateway({
  spans,
  core,
  sip = 15_060,
  api = 15_061,
  rtp,
  nodeOptions = [],
}) {
  const folder = mkdtempSync(join(tmpdir(), "trunkgate-bench-"));
  const file = join(folder, "trunkgate.yaml");
  writeFileSync(file, configurationOf({ spans, sip, api, rtp }));
  const [command, ...args] = [
    ...pinned(core),
    process.execPath,
    "--expose-gc",
    ...nodeOptions,
    program,
    file,
  ];
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const heard = () =>
    new Promise((resolve, reject) => {
      child.once("message", resolve);
      ended.then((code) => reject(new Error(`the gateway ended (${code})`)));
    });
  const ask = (question) => {
    const answer = heard();
    child.send(question);
    return answer;
  };
  const get = async (path) => (await fetch(`http://127.0.0.1:${api}/api/v1/${path}`)).json();
  await heard();
  await until(async () => (await get("spans")).every(({ dataLink }) => dataLink === "up"), 15_000);
  return {
    pid: child.pid,
    sip,
    ask,
    get,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Asks again and again until it is so. */
export async function until(test, withinMs) {
  const end = performance.now() + withinMs;
  while (!(await test())) {
    if (performance.now() > end) throw new Error(`not so within ${withinMs} ms: ${test}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
