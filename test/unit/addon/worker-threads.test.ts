import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";

const addon = createRequire(import.meta.url).resolve("../../../build/Release/trunkgate.node");

/** Opens engines in an environment of its own; some are left open at its end. */
const program = `
  const { parentPort, workerData } = require("node:worker_threads");
  const native = require(workerData.addon);
  const options = (stepped) => ({ stepped, workers: 2, cpus: [], seed: 7, startMs: 0, realtime: false, dscp: 46 });
  let woken = 0;
  const live = native.createEngine(options(false), () => { woken++; native.drain(live); });
  const stepped = native.createEngine(options(true), () => {});
  const [, a] = native.openSpanPair(live, false, 0, 16, true, -1);
  native.openTerminal(stepped);
  native.advance(stepped, 50);
  native.sendSignalling(live, a, Uint8Array.of(2, 1, 127));
  setTimeout(() => parentPort.postMessage({ woken, now: native.now(stepped) }), 150);
`;

function run(): Promise<{ woken: number; now: number; exit: number }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { eval: true, workerData: { addon } });
    let said = { woken: 0, now: 0 };
    worker.on("message", (message) => {
      said = message;
    });
    worker.on("error", reject);
    worker.on("exit", (exit) => resolve({ ...said, exit }));
  });
}

test("the addon loads in several environments at once, each with engines of its own", async () => {
  const results = await Promise.all([run(), run(), run()]);
  for (const { woken, now, exit } of results) {
    expect(woken).toBeGreaterThan(0);
    expect(now).toBe(50);
    expect(exit).toBe(0);
  }
});

test("an environment that is torn down takes its running engines with it", async () => {
  for (let i = 0; i < 5; i++) {
    const worker = new Worker(program, { eval: true, workerData: { addon } });
    await new Promise((resolve) => worker.on("online", resolve));
    await new Promise((resolve) => setTimeout(resolve, 20 * i));
    expect(await worker.terminate()).toBe(1);
  }
});
