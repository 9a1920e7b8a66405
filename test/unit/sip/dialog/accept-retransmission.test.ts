import { expect, test } from "vitest";
import { instant, wake } from "../../../../src/core/index.js";
import { startAccept, stepAccept } from "../../../../src/sip/dialog/accept-retransmission.js";

test("a 2xx goes again at T1 doubling to T2, for 64*T1 [RFC 3261 §13.3.1.4] [2xx retransmission] [session timer accept start] [session timer accept expiry]", () => {
  const params = { T1: 500, T2: 4000 };
  let state = startAccept(instant(0), params);
  const sent: number[] = [];
  for (let ms = 1; ms < 32_000; ms++) {
    const step = stepAccept(state, wake, instant(ms), params);
    state = step.state;
    for (const output of step.outputs) {
      expect(output).toEqual({ kind: "retransmit" });
      sent.push(ms);
    }
  }
  expect(sent).toEqual([500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
  expect(stepAccept(state, wake, instant(32_000), params).outputs).toEqual([{ kind: "abandoned" }]);
});

test("an early wake changes nothing", () => {
  const params = { T1: 500, T2: 4000 };
  const state = startAccept(instant(0), params);
  expect(stepAccept(state, wake, instant(499), params)).toEqual({ state, outputs: [] });
});
