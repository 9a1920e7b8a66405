import { expect } from "vitest";
import { scenario } from "./world.js";

/* The table of numbers of the simulated PSTN, as a SIP phone meets it: how long each takes, and numbers that are none. */

/** Times of the first 180 or 183, the answer and the end, in ms after the INVITE; undefined: never. */
interface Course {
  readonly rings?: number;
  readonly answers?: number;
  readonly ends?: number;
}

const COURSES: readonly (readonly [string, Course])[] = [
  ["100", { rings: 0, answers: 1000 }],
  ["101", { rings: 0, answers: 1000 }],
  ["102", { rings: 0, answers: 1000 }],
  ["103", { rings: 0, answers: 1000 }],
  ["104", { rings: 0 }],
  ["105", { rings: 0, answers: 3000 }],
  ["106", { rings: 0, ends: 6000 }],
  ["107", { rings: 0, answers: 1000, ends: 4000 }],
  ["108", { rings: 0, answers: 1000 }],
  ["109", { rings: 0, answers: 1000 }],
  ["110", { answers: 0 }],
  ["850017", { ends: 0 }],
  ["851017", { rings: 0, ends: 1000 }],
  ["852017", { answers: 0, ends: 2000 }],
];

for (const [number, course] of COURSES) {
  scenario(`${number} takes its time: ${JSON.stringify(course)}`, (world) => {
    const call = world.phone.call(number);
    const begun = world.now;
    const seen: { rings?: number; answers?: number; ends?: number } = {};
    for (let ms = 0; ms <= 8000; ms++) {
      world.run(1);
      const after = world.now - begun;
      if (call.statuses.some((status) => status > 100)) seen.rings ??= after;
      if (call.state === "answered") seen.answers ??= after;
      if (call.state === "ended") seen.ends ??= after;
    }
    const names = (one: Course) => Object.keys(one).sort();
    expect(names(seen)).toEqual(names(course));
    // What D channel, network and tones after DISCONNECT add is far below half a second.
    for (const name of ["rings", "answers", "ends"] as const) {
      const wanted = course[name] ?? 0;
      const got = seen[name] ?? 0;
      expect(got, name).toBeGreaterThanOrEqual(wanted);
      expect(got, name).toBeLessThan(wanted + 500);
    }
    if (call.state !== "ended") call.hangUp();
    world.until(() => call.state === "ended", "the end");
  });
}

const BEGINNINGS = ["1", "10", "11", "8", "85", "850", "8500", "85001", "85112", "852", "85212"];
const NONE = ["2", "12", "999", "1000", "111", "84", "853", "8502", "85013", "850000", "850128"];

scenario("a beginning of a number ends in cause 28 [cause 28]", (world) => {
  for (const number of BEGINNINGS) {
    const call = world.phone.call(number);
    world.until(() => call.state === "ended", number, 20_000);
    expect(`${number}: ${call.status} ${/cause=\d+/.exec(call.reason ?? "")?.[0]}`).toBe(
      `${number}: 484 cause=28`,
    );
  }
});

scenario("any other number is cause 1 at once [cause 1] [404]", (world) => {
  for (const number of [...NONE, "851200", "852128", "8520170"]) {
    const call = world.phone.call(number);
    world.until(() => call.state === "ended", number, 500);
    expect(`${number}: ${call.status} ${/cause=\d+/.exec(call.reason ?? "")?.[0]}`).toBe(
      `${number}: 404 cause=1`,
    );
  }
});
