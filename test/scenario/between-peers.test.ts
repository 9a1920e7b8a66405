import { expect } from "vitest";
import { CodecEnd, TONE, TONE_HERTZ } from "./codec-end.js";
import type { PhoneCall } from "./phone-call.js";
import { share } from "./sound.js";
import { babble, find } from "./speech.js";
import { type ScenarioWorld, scenario, type WorldOptions } from "./world.js";

type Name = "PCMA" | "PCMU" | "G729";

const BETWEEN: WorldOptions = {
  configuration: [
    "peers:",
    "  - { name: left, addresses: [127.0.0.1], contact: { host: 127.0.0.1, port: 5080 } }",
    "  - { name: right, addresses: [127.0.0.2], contact: { host: 127.0.0.2, port: 5080 } }",
    "routes: [{ name: r, from: { peers: [left] }, to: [{ peer: right }] }]",
  ].join("\n"),
};

interface Talk {
  readonly calls: readonly [left: PhoneCall, right: PhoneCall];
  readonly ends: readonly [left: CodecEnd, right: CodecEnd];
}

/** A call from one peer to another, answered, with what each of them has to speak. */
function answered(world: ScenarioWorld, left: readonly Name[], right: readonly Name[]): Talk {
  const called = world.addPhone({ address: "127.0.0.2", port: 5080 });
  called.wish = { ...called.wish, codecs: right, events: false };
  const one = world.phone.call("200", { wish: { codecs: left, events: false } });
  const near = new CodecEnd(world, one, TONE);
  world.until(() => called.incoming.length === 1, "the call at the other peer");
  const [other] = called.incoming;
  if (other === undefined) throw new Error("no call");
  const far = new CodecEnd(world, other, TONE);
  other.provide(180);
  world.run(200);
  other.accept();
  world.until(() => one.state === "answered", "the answer");
  return { calls: [one, other], ends: [near, far] };
}

/** Both speak as agreed, and both hear each other well, with nothing lost. */
function converse(world: ScenarioWorld, { calls, ends }: Talk): readonly string[] {
  const spoken = calls.map((call, at) => {
    const named = call.stream?.formats.map(({ encoding }) => encoding) ?? [];
    // Of an offer the first of its own is what a phone answers; an answer names one.
    const name = call.wish.codecs.find((one) => named.includes(one));
    if (name === undefined) throw new Error("nothing in common");
    ends[at]?.talk(name);
    return name;
  });
  world.run(2500);
  for (const end of ends) {
    expect(share(end.heard(), TONE_HERTZ, 1000)).toBeGreaterThan(0.8);
    expect(end.counters).toMatchObject({ lost: 0, late: 0, unknownPayload: 0 });
  }
  for (const { media } of world.gateway.calls()[0]?.legs ?? [])
    expect(media).toMatchObject({ lost: 0, late: 0 });
  return spoken;
}

function finish(world: ScenarioWorld, { calls, ends }: Talk): void {
  calls[0].hangUp();
  world.until(() => calls.every(({ state }) => state === "ended"), "both ends");
  for (const end of ends) end.close();
}

for (const [left, right, spoken] of [
  [["PCMA"], ["PCMA"], ["PCMA", "PCMA"]],
  [["PCMA"], ["PCMU"], ["PCMA", "PCMU"]],
  [["G729"], ["PCMU"], ["G729", "PCMU"]],
  [["PCMA"], ["G729"], ["PCMA", "G729"]],
  [["G729"], ["G729"], ["G729", "G729"]],
] as const) {
  scenario(
    `between two peers, ${left} and ${right}: speech both ways (rtpengine 475, 501)`,
    (world) => {
      const talk = answered(world, left, right);
      expect(converse(world, talk)).toEqual(spoken);
      finish(world, talk);
    },
    BETWEEN,
  );
}

for (const [left, right, offered, spoken] of [
  [["PCMA", "PCMU", "G729"], ["G729"], "PCMA", "G729"],
  [["PCMU"], ["PCMU", "PCMA"], "PCMU", "PCMU"],
  [["G729"], ["G729", "PCMA"], "G729", "G729"],
  [["PCMU", "G729"], ["G729", "PCMA"], "PCMU", "G729"],
] as const) {
  scenario(
    `between two peers, ${left.join(" ")} and ${right.join(" ")}: ${offered} is offered first, nothing is transcoded`,
    (world) => {
      const talk = answered(world, left, right);
      expect(talk.calls[1].stream?.formats[0]?.encoding).toBe(offered);
      expect(converse(world, talk)).toEqual([spoken, spoken]);
      finish(world, talk);
    },
    BETWEEN,
  );
}

scenario(
  "one peer changes from G.711 to G.729 in mid-call: the other one hears it go on [re-INVITE]",
  (world) => {
    const talk = answered(world, ["PCMA"], ["PCMA"]);
    converse(world, talk);
    const [left] = talk.calls;
    left.modify({ codecs: ["G729"] });
    world.until(() => left.modified.length === 1, "the change");
    expect(converse(world, talk)).toEqual(["G729", "PCMA"]);
    finish(world, talk);
  },
  BETWEEN,
);

scenario(
  "the called peer clears, and refuses: the caller is told [BYE] [486]",
  (world) => {
    const talk = answered(world, ["G729"], ["G729"]);
    talk.calls[1].hangUp();
    world.until(() => talk.calls[0].state === "ended", "the end");
    for (const end of talk.ends) end.close();
    world.phones[1]?.forget();
    const refused = world.phone.call("200");
    const called = world.phones[1];
    world.until(() => called?.incoming.length === 1, "the second call");
    called?.incoming[0]?.reject(486);
    world.until(() => refused.state === "ended", "the refusal");
    expect(refused.status).toBe(486);
  },
  BETWEEN,
);

scenario(
  "G.729 between two peers passes frame for frame, 30 ms packets made into those of 20 ms (rtpengine 1349)",
  (world) => {
    const called = world.addPhone({ address: "127.0.0.2", port: 5080 });
    called.wish = { ...called.wish, codecs: ["G729"], events: false, ptimeMs: 20 };
    called.onCall = (call) => call.accept();
    const left = world.phone.call("200", { wish: { codecs: ["G729"], events: false } });
    world.until(() => left.state === "answered", "the answer");
    const [right] = called.incoming;
    const frames = babble(61)(0, 3000);
    for (let at = 0; at < frames.length; at += 30) {
      left.media.send(18, frames.subarray(at, at + 30), at * 8);
      world.run(30);
    }
    world.run(200);
    const heard = right?.media.octetsHeard() ?? new Uint8Array();
    expect(new Set(right?.media.heard.map(({ payload }) => payload.length))).toEqual(new Set([20]));
    // The packets before the jitter buffer has its depth may be of silence.
    expect(find(heard, frames.subarray(300, 2900))).toBeGreaterThanOrEqual(0);
    left.hangUp();
  },
  BETWEEN,
);
