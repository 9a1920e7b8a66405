import { expect } from "vitest";
import type { CodecOverrides } from "../../src/gateway/index.js";
import type { PhoneCall } from "./phone-call.js";
import { type ScenarioWorld, scenario } from "./world.js";

type Scope = Parameters<ScenarioWorld["gateway"]["codecs"]["change"]>[0]["scope"];

/** A call to the milliwatt that is up, and its id in the gateway. */
function answered(world: ScenarioWorld, number = "101"): readonly [PhoneCall, string] {
  const call = world.phone.call(number);
  world.until(() => call.state === "answered", "the answer");
  const id = world.gateway.calls().at(-1)?.id;
  if (id === undefined) throw new Error("no call");
  return [call, id];
}

function change(world: ScenarioWorld, scope: Scope, settings: CodecOverrides, reset = false) {
  const changed = world.gateway.codecs.change({ scope, settings, reset });
  if (!changed.ok) throw new Error(changed.error);
  return changed.value;
}

/** The greatest sample of the last packet: the milliwatt has 0 dBm0. */
function peak(call: PhoneCall): number {
  const octets = call.media.heard.at(-1)?.payload ?? new Uint8Array(0);
  return Math.max(...[...octets].map(aLawMagnitude));
}

function aLawMagnitude(octet: number): number {
  const code = (octet ^ 0x55) & 0x7f;
  const [segment, step] = [code >> 4, ((code & 15) << 4) + 8];
  return segment === 0 ? step : (step + 0x100) << (segment - 1);
}

scenario("gain of a live call is the engine's, at once, and no message is sent", (world) => {
  const [call, id] = answered(world);
  world.run(500);
  const [loud, messages] = [peak(call), call.events.length];
  const { effects } = change(world, { kind: "call", name: id }, { sendGainDb: -20 });
  expect(effects).toMatchObject([
    { call: id, engine: ["sendGainDb"], negotiated: [], told: "nothing-to-tell" },
  ]);
  world.run(200);
  expect(20 * Math.log10(peak(call) / loud)).toBeCloseTo(-20, 0);
  expect(call.events.length).toBe(messages);
  call.hangUp();
});

scenario(
  "order and packet time of a live call go to the peer by re-INVITE [RFC 3264 §8]",
  (world) => {
    const [call, id] = answered(world);
    world.run(300);
    expect(call.media.heard.at(-1)).toMatchObject({ payloadType: 8 });
    const { effects } = change(
      world,
      { kind: "call", name: id },
      { order: ["pcmu"], ptimeMs: 40, concealment: false },
    );
    expect(effects).toMatchObject([
      { engine: ["concealment"], negotiated: ["order", "ptimeMs"], told: "re-invite" },
    ]);
    world.until(() => call.theirs.length === 2, "the offer");
    expect(call.stream?.formats.map(({ encoding }) => encoding)).toEqual([
      "PCMU",
      "TELEPHONE-EVENT",
    ]);
    expect(call.stream?.ptimeMs).toBe(40);
    world.run(300);
    expect(call.media.heard.at(-1)).toMatchObject({ payloadType: 0 });
    expect(call.media.heard.at(-1)?.payload.length).toBe(320);
    expect(world.gateway.calls()[0]?.legs[0]?.media).toMatchObject({ codec: "PCMU", ptimeMs: 40 });
    call.hangUp();
  },
);

scenario("a peer that refuses the new offer keeps what it had [RFC 3261 §14.1]", (world) => {
  const [call, id] = answered(world);
  call.refuseOffers = 488;
  change(world, { kind: "call", name: id }, { order: ["pcmu"] });
  world.until(() => call.theirs.length === 2, "the offer");
  world.run(500);
  expect(call.state).toBe("answered");
  expect(call.media.heard.at(-1)).toMatchObject({ payloadType: 8 });
  expect(world.gateway.calls()[0]?.legs[0]?.media?.codec).toBe("PCMA");
  call.hangUp();
});

scenario("a peer's gain reaches its live calls, its codecs the next call", (world) => {
  const [call] = answered(world);
  world.run(500);
  const loud = peak(call);
  const peer = { kind: "peer", name: "loopback" } as const;
  const { effects } = change(world, peer, { order: ["pcmu"], sendGainDb: -20 });
  expect(effects).toMatchObject([
    { engine: ["sendGainDb"], negotiated: ["order"], told: "next-call" },
  ]);
  world.run(200);
  expect(20 * Math.log10(peak(call) / loud)).toBeCloseTo(-20, 0);
  expect(call.theirs).toHaveLength(1);
  call.hangUp();
  const [next] = answered(world);
  expect(next.stream?.formats[0]?.encoding).toBe("PCMU");
  next.hangUp();
});

scenario(
  "a trunk group's codecs hold for calls that go to it",
  (world) => {
    const [call] = answered(world);
    expect(call.stream?.formats[0]?.encoding).toBe("PCMU");
    const views = world.gateway.codecs.views({ kind: "call", name: "call-1" });
    expect(views).toMatchObject({
      ok: true,
      value: [{ peer: "loopback", settings: { order: { value: ["pcmu"], from: "group" } } }],
    });
    call.hangUp();
  },
  { configuration: "trunkGroups: [{ name: isdn, spans: [e1-1], codecs: { order: [pcmu] } }]" },
);

scenario("settings of a call end with it; reset gives back what lies below", (world) => {
  const [call, id] = answered(world);
  const own = { kind: "call", name: id } as const;
  expect(change(world, own, { receiveGainDb: 3 }).views).toMatchObject([
    { settings: { receiveGainDb: { value: 3, from: "call" } } },
  ]);
  expect(change(world, own, {}, true).views).toMatchObject([
    { settings: { receiveGainDb: { value: 0, from: "default" } } },
  ]);
  call.hangUp();
  world.until(() => world.gateway.calls().length === 0, "the end");
  expect(world.gateway.codecs.views(own)).toEqual({
    ok: false,
    error: `there is no live call ${id}; there is none`,
  });
});

scenario("before the answer no new offer is made, and names that are none are told", (world) => {
  const call = world.phone.call("104");
  world.until(() => call.statuses.includes(180), "ringing");
  const own = { kind: "call", name: "call-1" } as const;
  expect(change(world, own, { ptimeMs: 30 }).effects).toMatchObject([{ told: "not-answered" }]);
  expect(world.gateway.codecs.views({ kind: "peer", name: "x" })).toEqual({
    ok: false,
    error: "there is no peer x; there are loopback",
  });
  call.hangUp();
});
