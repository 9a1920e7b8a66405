import { expect } from "vitest";
import { CodecEnd, TONE, TONE_HERTZ } from "./codec-end.js";
import { description } from "./descriptions.js";
import { RawCallee } from "./raw-callee.js";
import { longestGap, loudness, share } from "./sound.js";
import { answered, gatewayCounters, SWITCH } from "./switched-call.js";
import { scenario } from "./world.js";

scenario(
  "a peer that has nothing but G.729 is answered with it, and speech goes both ways [RFC 3551 §4.5.6]",
  (world) => {
    const { call, end, far } = answered(world, { wish: { codecs: ["G729"], events: false } });
    const pstn = world.switch.attend(far, TONE);
    expect(call.stream?.formats.map(({ encoding }) => encoding)).toEqual(["G729"]);
    end.talk("G729");
    world.run(3000);
    expect(share(pstn(), TONE_HERTZ, 1000)).toBeGreaterThan(0.8);
    expect(share(end.heard(), TONE_HERTZ, 1000)).toBeGreaterThan(0.8);
    expect(gatewayCounters(world)).toMatchObject({ codec: "G729", lost: 0, late: 0 });
    expect(end.counters).toMatchObject({ lost: 0, late: 0, unknownPayload: 0 });
    call.hangUp();
    end.close();
  },
  { configuration: SWITCH },
);

scenario("G.711 is taken before G.729, unless the peer's order says otherwise", (world) => {
  const call = world.phone.call("110", { wish: { codecs: ["G729", "PCMU"] } });
  world.until(() => call.state === "answered", "the answer");
  expect(call.stream?.formats[0]?.encoding).toBe("PCMU");
  call.hangUp();
});

scenario(
  "the peer's order says G.729 first: so it is taken, and offered",
  (world) => {
    const call = world.phone.call("110", { wish: { codecs: ["PCMU", "G729"] } });
    world.until(() => call.state === "answered", "the answer");
    expect(call.stream?.formats[0]?.encoding).toBe("G729");
    call.hangUp();
    world.phone.onCall = (one) => one.accept();
    world.exchange.originate({ to: "200" });
    world.until(() => world.phone.incoming.length === 1, "the call from the PSTN");
    const [incoming] = world.phone.incoming;
    expect(incoming?.stream?.formats.map(({ encoding }) => encoding)).toEqual([
      ...["G729", "PCMA", "TELEPHONE-EVENT"],
    ]);
    world.run(100);
    incoming?.hangUp();
  },
  {
    configuration:
      "peers: [{ name: loopback, addresses: [127.0.0.1], contact: { host: 127.0.0.1, port: 5080 }, codecs: { order: [g729, pcma] } }]\n",
  },
);

for (const [annexB, silent] of [
  [undefined, true],
  ["yes", true],
  ["no", false],
] as const) {
  scenario(
    `silence toward a peer that says annexb=${annexB ?? "nothing"} is ${silent ? "left out" : "sent whole, without SID frames"} [RFC 7261 §3] (rtpengine 936, 1951, 1971, 1999; pjproject 1112)`,
    (world) => {
      world.switch.onCall = (one) => one.tell({ kind: "connect" });
      const said = annexB === undefined ? {} : { annexB };
      const call = world.phone.call("4711", { wish: { codecs: ["G729"], events: false, ...said } });
      world.until(() => call.state === "answered", "the answer");
      const far = world.switch.calls.at(-1);
      if (far !== undefined) world.switch.attend(far, { kind: "silence" });
      world.run(2000);
      const before = call.media.heard.length;
      world.run(2000);
      const packets = call.media.heard.length - before;
      const sizes = new Set(call.media.heard.map(({ payload }) => payload.length % 10));
      if (silent) expect(packets).toBeLessThan(20);
      else expect(packets).toBe(100);
      expect(sizes.has(2)).toBe(silent);
      call.hangUp();
    },
    { configuration: `${SWITCH}codecs: { vad: true }\n` },
  );
}

scenario(
  "no configuration is needed to refuse annex B: the offer and the answer say no, nobody sends SID frames (rtpengine 1951)",
  (world) => {
    const call = world.phone.call("101", { wish: { codecs: ["G729"], events: false } });
    world.until(() => call.state === "answered", "the answer");
    expect(call.theirs.at(-1)).toContain("a=fmtp:18 annexb=no");
    call.hangUp();
  },
  { configuration: "codecs: { annexB: false, vad: true }\n" },
);

scenario(
  "SID frames and untransmitted time of a peer are comfort noise, and no loss (rtpengine 794, 900; sems PR 254; twinkle PR 153; bcg729 14)",
  (world) => {
    const noise = { kind: "noise", levelDbm0: -45, burstMs: 600_000, pauseMs: 1 } as const;
    const { call, end, far } = answered(
      world,
      { wish: { codecs: ["G729"], events: false } },
      noise,
    );
    const pstn = world.switch.attend(far);
    end.talk("G729", { vad: true, ptimeMs: 20 });
    world.run(6000);
    const { packetsReceived, lost, late } = gatewayCounters(world);
    // Most of the time nothing is sent; what comes are SID frames, at the end of a payload or alone.
    expect(packetsReceived).toBeGreaterThan(10);
    expect(packetsReceived).toBeLessThan(250);
    expect({ lost, late }).toEqual({ lost: 0, late: 0 });
    expect(loudness(pstn(), 1000)).toBeGreaterThan(8);
    call.hangUp();
    end.close();
  },
  { configuration: SWITCH },
);

scenario(
  "packets of 10 to 60 ms of G.729, each direction its own (rtpengine 1349)",
  (world) => {
    for (const ptimeMs of [10, 20, 30, 40, 60] as const) {
      const { call, end, far } = answered(world, {
        wish: { codecs: ["G729"], events: false, ptimeMs },
      });
      const pstn = world.switch.attend(far, TONE);
      end.talk("G729", { ptimeMs: ptimeMs === 30 ? 20 : 30 });
      world.run(2000);
      expect(share(pstn(), TONE_HERTZ, 500)).toBeGreaterThan(0.8);
      expect(share(end.heard(), TONE_HERTZ, 500)).toBeGreaterThan(0.8);
      const { packetsReceived, octetsReceived, lost, late } = end.counters;
      expect(octetsReceived / packetsReceived).toBe(ptimeMs);
      expect({ lost, late }).toEqual({ lost: 0, late: 0 });
      expect(gatewayCounters(world)).toMatchObject({ lost: 0, late: 0 });
      call.hangUp();
      world.until(() => call.state === "ended", "the end");
      end.close();
    }
  },
  { configuration: SWITCH },
);

scenario("packets of 50 and 90 ms, and any mix, are played (rtpengine 944)", (world) => {
  const first = world.phone.call("101", { wish: { codecs: ["G729"], events: false } });
  world.until(() => first.state === "answered", "the answer");
  world.run(6000);
  const frames = first.media.octetsHeard();
  first.hangUp();
  const call = world.phone.call("110", { wish: { codecs: ["G729"], events: false } });
  world.until(() => call.state === "answered", "the second answer");
  let [at, timestamp] = [0, 0];
  for (const count of [5, 9, 1, 5, 3, 9, 5, 7, 9, 5, 2, 9, 5, 9]) {
    call.media.send(18, frames.subarray(at, at + count * 10), timestamp);
    at += count * 10;
    timestamp += count * 80;
    world.run(count * 10);
  }
  expect(gatewayCounters(world)).toMatchObject({ lost: 0, late: 0 });
  expect(call.media.heard.length).toBeGreaterThan(30);
  call.hangUp();
});

scenario(
  "a lost packet of G.729 is concealed by the codec: the tone goes on (asterisk-opus 12; pjproject 929)",
  (world) => {
    const { call, end, far } = answered(world, { wish: { codecs: ["G729"], events: false } });
    const pstn = world.switch.attend(far);
    end.talk("G729");
    world.run(1000);
    world.engine.impairNetwork({ loss: 0.03 });
    world.run(5000);
    world.engine.impairNetwork({ loss: 0 });
    world.run(200);
    expect(gatewayCounters(world).lost).toBeGreaterThan(2);
    const heard = pstn();
    expect(share(heard, TONE_HERTZ, 5000)).toBeGreaterThan(0.7);
    for (let ms = 0; ms < 5000; ms += 20) {
      const window = heard.subarray(heard.length - (ms + 20) * 8, heard.length - ms * 8);
      expect(loudness(window, 20)).toBeGreaterThan(100);
    }
    call.hangUp();
    end.close();
  },
  { configuration: SWITCH },
);

for (const method of ["INVITE", "UPDATE"] as const) {
  scenario(
    `${method === "INVITE" ? "re-INVITE" : method} from G.711 to G.729 and back: nothing is lost, no gap beyond 20 ms [${method}] [RFC 3264 §8.3]`,
    (world) => {
      const { call, end, far } = answered(world, { wish: { codecs: ["PCMA"], events: false } });
      const pstn = world.switch.attend(far, TONE);
      end.talk("PCMA");
      world.run(2000);
      for (const codec of ["G729", "PCMA", "G729"] as const) {
        const before = call.modified.length;
        call.modify({ codecs: [codec] }, method);
        world.until(() => call.modified.length > before, "the change");
        expect(call.modified.at(-1)).toEqual({ ok: true, status: 200 });
        expect(call.stream?.formats[0]?.encoding).toBe(codec);
        end.talk(codec);
        world.run(1500);
        expect(gatewayCounters(world)).toMatchObject({ codec, lost: 0, late: 0 });
        expect(end.counters).toMatchObject({ lost: 0, late: 0, unknownPayload: 0 });
      }
      const settled = 4500;
      expect(longestGap(pstn().subarray(-settled * 8), TONE_HERTZ)).toBeLessThanOrEqual(20);
      expect(longestGap(end.heard().subarray(-settled * 8), TONE_HERTZ)).toBeLessThanOrEqual(20);
      call.hangUp();
      end.close();
    },
    { configuration: SWITCH },
  );
}

scenario(
  "codec set on a live call: the gateway offers G.729 in mid-call, and G.711 again, without a gap [re-INVITE]",
  (world) => {
    const { call, end, far } = answered(world, {
      wish: { codecs: ["PCMA", "G729"], events: false },
    });
    const pstn = world.switch.attend(far, TONE);
    end.talk("PCMA");
    world.run(2000);
    const [live] = world.gateway.calls();
    if (live === undefined) throw new Error("no call");
    for (const [order, codec] of [
      ["g729", "G729"],
      ["pcma", "PCMA"],
    ] as const) {
      const offers = call.theirs.length;
      const scope = { kind: "call", name: live.id } as const;
      const change = { scope, settings: { order: [order] }, reset: false };
      expect(world.gateway.codecs.change(change).ok).toBe(true);
      world.until(() => gatewayCounters(world).codec === codec, "the change");
      expect(call.theirs.length).toBe(offers + 1);
      end.talk(codec);
      world.run(2000);
      expect(gatewayCounters(world)).toMatchObject({ codec, lost: 0, late: 0 });
      expect(end.counters).toMatchObject({ lost: 0, late: 0, unknownPayload: 0 });
    }
    expect(longestGap(pstn().subarray(-32_000), TONE_HERTZ)).toBeLessThanOrEqual(20);
    expect(longestGap(end.heard().subarray(-32_000), TONE_HERTZ)).toBeLessThanOrEqual(20);
    call.hangUp();
    end.close();
  },
  { configuration: SWITCH },
);

scenario(
  "hold and retrieval with G.729 [re-INVITE] [RFC 3264 §8.4]",
  (world) => {
    const { call, end, far } = answered(world, { wish: { codecs: ["G729"], events: false } });
    const pstn = world.switch.attend(far, TONE);
    end.talk("G729");
    world.run(1000);
    call.modify({ direction: "inactive" });
    world.until(() => call.modified.length === 1, "the hold");
    world.run(1000);
    call.modify({ direction: "sendrecv" });
    world.until(() => call.modified.length === 2, "the retrieval");
    expect(call.stream?.formats[0]?.encoding).toBe("G729");
    world.run(1500);
    expect(share(pstn(), TONE_HERTZ, 500)).toBeGreaterThan(0.8);
    expect(share(end.heard(), TONE_HERTZ, 500)).toBeGreaterThan(0.8);
    expect(gatewayCounters(world)).toMatchObject({ lost: 0 });
    call.hangUp();
    end.close();
  },
  { configuration: SWITCH },
);

scenario(
  "a thousand frames of garbage of each length from 0 to 200 in payload type 18 do no harm",
  (world) => {
    const { call, end, far } = answered(world, { wish: { codecs: ["G729"], events: false } });
    const pstn = world.switch.attend(far);
    let chance = 1;
    for (let i = 0; i < 1005; i++) {
      const garbage = Uint8Array.from({ length: i % 201 }, () => {
        chance = (Math.imul(chance, 1_103_515_245) + 12_345) >>> 0;
        return chance >>> 24;
      });
      call.media.send(18, garbage, i * 160);
      world.run(i % 5 === 0 ? 20 : 3);
    }
    expect(call.state).toBe("answered");
    end.talk("G729");
    world.run(4000);
    expect(share(pstn(), TONE_HERTZ, 1000)).toBeGreaterThan(0.8);
    call.hangUp();
    end.close();
  },
  { configuration: SWITCH },
);

scenario(
  "forked early dialogs, one with G.711 and one with G.729: the latest that sends is heard, the answer's in the end [RFC 3261 §12.1] [183] [forking]",
  (world) => {
    const peer = new RawCallee(world.network, { address: "127.0.0.1", port: 5080 });
    const call = world.switch.place({}, { timeslot: 1, exclusive: true });
    world.until(() => peer.invite !== undefined, "the INVITE");
    const heard = world.switch.attend(call);
    const [a, b] = [46_000, 46_002].map((port) => ({
      media: { at: { address: "127.0.0.1", port }, remote: peer.media },
    }));
    if (a === undefined || b === undefined) throw new Error("no ends");
    const high = { levelDbm0: -13, segments: [{ frequencies: [900], ms: 0 }] };
    const ends = [new CodecEnd(world, a), new CodecEnd(world, b, { kind: "tone", tone: high })];
    const wish = { events: false, direction: "sendrecv", version: 1 } as const;
    const g729 = description(b.media.at, { ...wish, codecs: ["G729"] });
    peer.respond(183, "a", { sdp: description(a.media.at, { ...wish, codecs: ["PCMA"] }) });
    ends[0]?.talk("PCMA");
    world.run(1500);
    expect(share(heard(), TONE_HERTZ, 500)).toBeGreaterThan(0.9);
    peer.respond(183, "b", { sdp: g729 });
    world.run(20);
    ends[0]?.close();
    ends[1]?.talk("G729");
    world.run(1500);
    expect(share(heard(), 900, 500)).toBeGreaterThan(0.8);
    peer.respond(200, "b", { sdp: g729 });
    world.until(() => call.kinds.includes("connect"), "CONNECT");
    world.run(1500);
    expect(share(heard(), 900, 1000)).toBeGreaterThan(0.8);
    expect(gatewayCounters(world, 1)).toMatchObject({ codec: "G729", lost: 0 });
    call.clear(16);
    world.until(() => call.over, "the end");
    ends[1]?.close();
  },
  { configuration: SWITCH },
);
