import { expect, test } from "vitest";
import { instant } from "../../../src/core/index.js";
import type { Milestone } from "../../../src/phone/index.js";
import { beginJournal, note, reportOf } from "../../../src/phone/journal.js";
import { noSpeech } from "../../../src/phone/voice.js";
import type { MediaAgreement } from "../../../src/sdp/index.js";

const agreement = { direction: "sendrecv" } as MediaAgreement;

function report(told: readonly (readonly [number, Milestone])[]) {
  const journal = told.reduce(
    (before, [at, milestone]) => note(before, milestone, instant(at)),
    beginJournal(instant(1000)),
  );
  return reportOf(journal, "12", noSpeech);
}

test("times count from the beginning; the first ringing and the first early media count", () => {
  const done = report([
    [1000, { kind: "placed", target: "sip:1@h" }],
    [1010, { kind: "trying" }],
    [1100, { kind: "ringing", dialog: "a" }],
    [1200, { kind: "ringing", dialog: "b" }],
    [1300, { kind: "media", dialog: "a", agreement, early: true }],
    [1400, { kind: "media", dialog: "b", agreement, early: true }],
    [2000, { kind: "answered" }],
    [5000, { kind: "ended", end: { by: "far-end", method: "BYE", causes: [] } }],
  ]);
  expect(done).toEqual({
    ...{ answered: true, reached: true, digits: "12", speech: noSpeech, agreement },
    ...{ ringingMs: 100, earlyMediaMs: 300, setupMs: 1000, talkedMs: 3000 },
    end: { by: "far-end", method: "BYE", causes: [] },
  });
});

test("the description of the answer is no early media", () => {
  const done = report([
    [1500, { kind: "media", dialog: "a", agreement, early: false }],
    [1500, { kind: "answered" }],
  ]);
  expect(done).not.toHaveProperty("earlyMediaMs");
  expect(done.setupMs).toBe(500);
});

test("the far end counts as reached by what it sent, not by what we made of its silence", () => {
  const lost = { kind: "ended", end: { by: "failure", status: 408, causes: [] } } as const;
  const refused = { kind: "ended", end: { by: "far-end", status: 486, causes: [] } } as const;
  const cancelled = { kind: "ended", end: { by: "us", status: 487, causes: [] } } as const;
  const given = { kind: "ended", end: { by: "us", causes: [] } } as const;
  const placed = { kind: "placed", target: "sip:1@h" } as const;
  const reached = (end: Milestone) =>
    report([
      [1000, placed],
      [2000, end],
    ]).reached;
  expect([lost, refused, cancelled, given].map(reached)).toEqual([false, true, true, false]);
});
