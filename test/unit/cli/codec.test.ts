import { expect, test, vi } from "vitest";
import { effectLine } from "../../../src/cli/codec-settings.js";
import { bar, progressBar } from "../../../src/cli/progress.js";

test("a bar is full when all is done, and never longer", () => {
  expect(bar("encoding", 0, "")).toBe(`encoding [${".".repeat(30)}]   0 %`);
  expect(bar("encoding", 0.5, "pcma")).toBe(
    `encoding [${"#".repeat(15)}${".".repeat(15)}]  50 % pcma`,
  );
  expect(bar("x", 1.2, "")).toContain("#".repeat(30));
});

test("where nobody looks nothing is drawn", () => {
  const write = vi.fn();
  const progress = progressBar("x", { isTTY: false, write } as unknown as NodeJS.WriteStream);
  progress.show(0.5);
  progress.clear();
  expect(write).not.toHaveBeenCalled();
});

test.each([
  [{ engine: ["vad"], negotiated: [], told: "nothing-to-tell" }, "vad at once in the engine"],
  [
    { engine: [], negotiated: ["order", "ptimeMs"], told: "re-invite" },
    "order, ptimeMs offered to the peer by re-INVITE",
  ],
  [
    { engine: ["sendGainDb"], negotiated: ["order"], told: "next-call" },
    "sendGainDb at once in the engine; order from the next call on (this one: --call)",
  ],
] as const)("what became of a change is one line", (effect, words) => {
  const line = effectLine({ call: "call-1", leg: "x", peer: "pbx", ...effect });
  expect(line).toBe(`call-1 with pbx: ${words}`);
});
