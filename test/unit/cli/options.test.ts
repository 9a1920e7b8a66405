import { expect, test } from "vitest";
import { packetTime } from "../../../src/cli/options.js";

test("a packet time is one that codecs have", () => {
  expect(["10", "20", "30", "40", "60"].map(packetTime)).toEqual([10, 20, 30, 40, 60]);
  for (const text of ["25", "50", "", "20ms"]) {
    expect(() => packetTime(text)).toThrow("10, 20, 30, 40 or 60 is wanted.");
  }
});
