import { expect, test } from "vitest";
import { instant, wake } from "../../../src/core/index.js";
import { spanAlarm, spanGood } from "../../../src/routing/index.js";

const machine = spanAlarm();

test("[span alarm] a short alarm touches no call [span timer persistence start] [span timer persistence stop]", () => {
  const suspect = machine.step(spanGood, { kind: "alarm", alarm: "los" }, instant(1000));
  expect(machine.deadline(suspect.state)).toBe(3500);
  const good = machine.step(suspect.state, { kind: "alarm", alarm: "none" }, instant(3400));
  expect(good).toEqual({ state: spanGood, outputs: [] });
});

test("[span alarm] an alarm beyond its persistence fails the span, its end restores it [span timer persistence expiry]", () => {
  const suspect = machine.step(spanGood, { kind: "alarm", alarm: "ais" }, instant(0));
  expect(machine.step(suspect.state, wake, instant(2499)).outputs).toEqual([]);
  const failed = machine.step(suspect.state, wake, instant(2500));
  expect(failed.outputs).toEqual([{ kind: "span-failed" }]);
  const restored = machine.step(failed.state, { kind: "alarm", alarm: "rai" }, instant(9000));
  expect(restored.outputs).toEqual([{ kind: "span-restored" }]);
});

test("[span alarm] one alarm after another does not begin the time anew", () => {
  const los = machine.step(spanGood, { kind: "alarm", alarm: "los" }, instant(0));
  const ais = machine.step(los.state, { kind: "alarm", alarm: "ais" }, instant(2000));
  expect(machine.deadline(ais.state)).toBe(2500);
});
