import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { untilStopped } from "../../../src/operations/stopping.js";

function running() {
  const done: string[] = [];
  const ends: Record<string, () => void> = {};
  const later = (what: string) => (ms?: number) => {
    done.push(ms === undefined ? what : `${what} ${ms}`);
    return new Promise<void>((resolve) => {
      ends[what] = resolve;
    });
  };
  const now = (what: string) => () => {
    done.push(what);
    return Promise.resolve();
  };
  const signals = new EventEmitter();
  const gateway = {
    ...{ drain: () => void done.push("drain"), stop: now("stop") },
    ...{ idle: later("idle"), endCalls: later("endCalls") },
  };
  const log = { info: () => undefined };
  const stopped = untilStopped(gateway, { close: now("api") }, log, 30_000, signals);
  return { done, ends, signals, stopped };
}

test("SIGINT ends the calls, then closes", async () => {
  const { done, ends, signals, stopped } = running();
  signals.emit("SIGINT", "SIGINT");
  expect(done).toEqual(["endCalls 2000"]);
  ends.endCalls?.();
  await stopped;
  expect(done).toEqual(["endCalls 2000", "api", "stop"]);
  expect(signals.listenerCount("SIGINT") + signals.listenerCount("SIGTERM")).toBe(0);
});

test("SIGTERM drains, ends what is left, then closes", async () => {
  const { done, ends, signals, stopped } = running();
  signals.emit("SIGTERM", "SIGTERM");
  expect(done).toEqual(["drain", "idle 30000"]);
  ends.idle?.();
  await Promise.resolve();
  expect(done).toEqual(["drain", "idle 30000", "endCalls 2000"]);
  ends.endCalls?.();
  await stopped;
  expect(done.slice(3)).toEqual(["api", "stop"]);
});

test("a second signal ends the draining, a third the waiting for far ends", async () => {
  const { done, ends, signals, stopped } = running();
  signals.emit("SIGTERM", "SIGTERM");
  signals.emit("SIGTERM", "SIGTERM");
  expect(done.slice(2)).toEqual(["endCalls 2000"]);
  ends.idle?.();
  signals.emit("SIGINT", "SIGINT");
  await stopped;
  expect(done.slice(3)).toEqual(["api", "stop"]);
});
