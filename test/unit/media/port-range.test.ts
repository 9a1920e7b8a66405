import { expect, test } from "vitest";
import { RtpPortRange } from "../../../src/media/index.js";
import { codeOf, good, steppedEngine } from "../addon/bench.js";

const address = "10.0.0.1";

test("ports are even, each in its turn, and rest before their next use", () => {
  const { engine } = steppedEngine();
  const range = new RtpPortRange(engine, address, { first: 16385, last: 16393 });
  const given: number[] = [];
  for (let i = 0; i < 6; i++) {
    const { port, local } = good(range.open());
    given.push(local.port);
    good(engine.closePort(port));
    engine.advance(2);
  }
  expect(given).toEqual([16386, 16388, 16390, 16392, 16386, 16388]);
  engine.close();
});

test("ports that others hold are passed over; when all are held that is told", () => {
  const { engine } = steppedEngine();
  good(engine.openRtp({ address, port: 20002 }));
  const range = new RtpPortRange(engine, address, { first: 20000, last: 20007 });
  const ports = [0, 1, 2].map(() => good(range.open()).local.port);
  expect(ports).toEqual([20000, 20004, 20006]);
  const none = range.open();
  expect(codeOf(none)).toBe("EADDRINUSE");
  if (!none.ok) expect(none.error.message).toContain("20000 to 20007");
  engine.close();
});

test("a fault that another port would not mend is told at once", () => {
  const { engine } = steppedEngine();
  const range = new RtpPortRange(engine, address);
  engine.close();
  expect(codeOf(range.open())).toBe("closed");
});

test("a range without a pair gives nothing", () => {
  const { engine } = steppedEngine();
  expect(codeOf(new RtpPortRange(engine, address, { first: 20001, last: 20002 }).open())).toBe(
    "EADDRINUSE",
  );
  engine.close();
});
