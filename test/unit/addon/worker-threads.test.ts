import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";

const addon = createRequire(import.meta.url).resolve("../../../build/Release/trunkgate.node");

/** Two engines in an environment of its own, one running and one stepped. Both are left open at its end. */
const engines = `
  const { parentPort, workerData } = require("node:worker_threads");
  const native = require(workerData.addon);
  const options = (stepped) => ({ stepped, workers: 2, cpus: [], seed: 7, startMs: 0, realtime: false, dscp: 46 });
  const live = native.createEngine(options(false), () => {
    if (native.drain(live).length > 0) parentPort.postMessage(native.now(stepped));
  });
  const stepped = native.createEngine(options(true), () => {});
  const [, a] = native.openSpanPair(live, false, 0, 16, true, -1);
  native.openTerminal(stepped);
  native.advance(stepped, 50);
  native.sendSignalling(live, a, Uint8Array.of(2, 1, 127));
`;
/** Ends by itself once it is told that its message was heard. */
const waiting = `${engines} parentPort.once("message", () => {});`;
/** Is always inside a call of the addon: at its end an operation finds no environment to work in. */
const busy = `${engines}
  parentPort.postMessage(0);
  for (;;) {
    const engine = native.createEngine(options(true), () => {});
    for (let i = 0; i < 300; i++) native.openTerminal(engine);
    native.counterPage(engine, 0, 0);
    native.close(engine);
  }
`;

function start(program: string): Worker {
  return new Worker(program, { eval: true, workerData: { addon } });
}

function next(worker: Worker, event: "message" | "exit"): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once(event, resolve);
    worker.once("error", reject);
  });
}

test("the addon loads in several environments at once, each with engines of its own", async () => {
  const one = async () => {
    const worker = start(waiting);
    expect(await next(worker, "message")).toBe(50);
    worker.postMessage("heard");
    expect(await next(worker, "exit")).toBe(0);
  };
  await Promise.all([one(), one(), one()]);
});

test("an environment that is torn down takes its running engines with it, in mid-call too", async () => {
  for (let i = 0; i < 10; i++) {
    const worker = start(busy);
    await next(worker, "message");
    expect(await worker.terminate()).toBe(1);
  }
});
