import { expect } from "vitest";
import { babble, beginningOf, find } from "./speech.js";
import { scenario } from "./world.js";

scenario(
  "hold by re-INVITE and retrieval, new form: the PSTN is notified [re-INVITE] [NOTIFY] [RFC 3264 §8.4]",
  (world) => {
    const call = world.phone.call("100");
    world.until(() => call.state === "answered", "the answer");
    call.modify({ direction: "sendonly" });
    world.until(() => call.modified.length === 1, "the hold");
    expect(call.stream?.direction).toBe("recvonly");
    expect(world.ladder("gateway").some((line) => line.includes("NOTIFY"))).toBe(true);
    call.modify({ direction: "sendrecv" });
    world.until(() => call.modified.length === 2, "the retrieval");
    const source = babble(9);
    call.media.speak(source);
    world.run(2000);
    expect(find(call.media.octetsHeard(), beginningOf(source, 4000))).toBeGreaterThan(0);
    call.hangUp();
  },
);

scenario(
  "hold in the old form, c=0.0.0.0, is answered and nothing is sent [re-INVITE] [RFC 3264 §8.4]",
  (world) => {
    const call = world.phone.call("101");
    world.until(() => call.state === "answered", "the answer");
    call.modify({ oldHold: true });
    world.until(() => call.modified.length === 1, "the hold");
    world.run(100);
    const before = call.media.heard.length;
    world.run(1000);
    expect(call.media.heard.length).toBe(before);
    call.modify({ oldHold: false });
    world.until(() => call.modified.length === 2, "the retrieval");
    world.run(500);
    expect(call.media.heard.length).toBeGreaterThan(before + 20);
    call.hangUp();
  },
);

scenario("hold by UPDATE [UPDATE] [RFC 3311 §5.1]", (world) => {
  const call = world.phone.call("100");
  world.until(() => call.state === "answered", "the answer");
  call.modify({ direction: "inactive" }, "UPDATE");
  world.until(() => call.modified.length === 1, "the hold");
  expect(call.stream?.direction).toBe("inactive");
  call.hangUp();
});

for (const reliability of ["none", "supported", "required"] as const) {
  scenario(
    `delayed offer, 100rel ${reliability}: speech goes both ways [RFC 3264] [RFC 3262 §5]`,
    (world) => {
      const call = world.phone.call("100", { delayed: true, reliability });
      world.until(() => call.state === "answered", "the answer");
      const source = babble(11);
      call.media.speak(source);
      world.run(2500);
      expect(find(call.media.octetsHeard(), beginningOf(source, 4000))).toBeGreaterThan(0);
      call.hangUp();
    },
  );
}

scenario(
  "delayed offer: an answer in the ACK without a codec of ours ends the call with 65 [ACK] [cause 65] [RFC 3264 §7]",
  (world) => {
    const call = world.phone.call("100", { delayed: true, wish: { codecs: ["CLEARMODE"] } });
    world.until(() => call.state === "ended", "the end", 5_000);
    expect(call.reason).toMatch(/Q\.850 *; *cause=65\b/);
  },
);

scenario(
  "CLEARMODE carries 64 kbit/s octet for octet on an unrestricted bearer [RFC 4040] [element bearer capability]",
  (world) => {
    const call = world.phone.call("100", { wish: { codecs: ["CLEARMODE"], events: false } });
    world.until(() => call.state === "answered", "the answer");
    expect(world.ladder("gateway").some((line) => /SETUP.*unrestricted/.test(line))).toBe(true);
    const source = babble(13);
    call.media.speak(source);
    world.run(6000);
    expect(find(call.media.octetsHeard(), beginningOf(source, 32_000))).toBeGreaterThan(0);
    call.hangUp();
  },
);

scenario("mu-law to an A-law span is converted, not refused", (world) => {
  const call = world.phone.call("101", { wish: { codecs: ["PCMU"] } });
  world.until(() => call.state === "answered", "the answer");
  expect(call.stream?.formats[0]?.encoding).toBe("PCMU");
  world.run(500);
  expect(call.media.heard.at(-1)?.payloadType).toBe(0);
  call.hangUp();
});

scenario("packets of 10 to 60 ms, each direction its own", (world) => {
  for (const ptimeMs of [10, 20, 30, 40, 60]) {
    const call = world.phone.call("100", { wish: { ptimeMs } });
    world.until(() => call.state === "answered", "the answer");
    call.media.ptimeMs = 20;
    const source = babble(ptimeMs);
    call.media.speak(source);
    world.run(2500);
    const sizes = new Set(call.media.heard.map(({ payload }) => payload.length));
    expect([...sizes]).toEqual([ptimeMs * 8]);
    expect(find(call.media.octetsHeard(), beginningOf(source, 4000))).toBeGreaterThan(0);
    call.hangUp();
    world.until(() => call.state === "ended", "the end");
  }
});

scenario(
  "a T1 with NI-2 and mu-law answers, echoes and clears",
  (world) => {
    const call = world.phone.call("100", { wish: { codecs: ["PCMU"] } });
    world.until(() => call.state === "answered", "the answer");
    const source = babble(17);
    call.media.speak(source);
    world.run(2500);
    expect(find(call.media.octetsHeard(), beginningOf(source, 4000))).toBeGreaterThan(0);
    call.hangUp();
  },
  {
    configuration:
      "spans: [{ name: t1, kind: t1 }]\ntrunkGroups: [{ name: isdn, spans: [t1], profile: ni2 }]\n",
  },
);

scenario("all circuits busy: 503 with Retry-After and cause 34 [cause 34] [503]", (world) => {
  const calls = Array.from({ length: 30 }, () => world.phone.call("110"));
  world.until(() => calls.every(({ state }) => state === "answered"), "thirty answers", 20_000);
  const late = world.phone.call("110");
  world.until(() => late.state === "ended", "the refusal");
  expect(late.status).toBe(503);
  expect(late.last?.headers.text("Retry-After")).toBeDefined();
  expect(late.reason).toMatch(/cause=34\b/);
  for (const call of calls) call.hangUp();
  world.until(() => calls.every(({ state }) => state === "ended"), "all ends", 20_000);
});

scenario(
  "a second trunk group takes what the first cannot [re-route]",
  (world) => {
    world.engine.setFault(world.farEnd("a"), { alarm: "los" });
    world.run(6000);
    const call = world.phone.call("110");
    world.until(() => call.state === "answered", "the answer");
    expect(world.gateway.calls()[0]?.legs[1]?.where).toMatch(/^b\//);
    call.hangUp();
    world.engine.setFault(world.farEnd("a"), { alarm: "none" });
    world.until(
      () => world.gateway.spans().every(({ dataLink }) => dataLink === "up"),
      "both links",
      120_000,
    );
  },
  {
    configuration: [
      "spans: [{ name: a }, { name: b }]",
      "trunkGroups: [{ name: first, spans: [a] }, { name: second, spans: [b] }]",
      "routes:",
      "  - { name: out, from: { peers: [loopback] }, to: [{ trunkGroup: first }, { trunkGroup: second }] }",
    ].join("\n"),
  },
);

for (const [hunt, expected] of [
  ["lowest", [1, 2, 3]],
  ["highest", [31, 30, 29]],
  ["odd-first", [1, 3, 5]],
  ["even-first", [2, 4, 6]],
] as const) {
  scenario(
    `hunting ${hunt}`,
    (world) => {
      const calls = expected.map(() => {
        const call = world.phone.call("110");
        world.until(() => call.state === "answered", "the answer");
        return call;
      });
      const taken = world.gateway.calls().map(({ legs }) => Number(legs[1]?.where.split("/")[1]));
      expect(taken).toEqual(expected);
      for (const call of calls) call.hangUp();
      world.until(() => calls.every(({ state }) => state === "ended"), "all ends");
    },
    { configuration: `trunkGroups: [{ name: isdn, spans: [e1-1], hunt: ${hunt} }]\n` },
  );
}

scenario(
  "a call ends at its longest length [call length]",
  (world) => {
    const call = world.phone.call("100");
    world.until(() => call.state === "answered", "the answer");
    const begun = world.now;
    world.until(() => call.state === "ended", "the end", 20_000);
    expect(world.now - begun).toBeGreaterThan(9900);
  },
  { configuration: "trunkGroups: [{ name: isdn, spans: [e1-1], maxCallSeconds: 10 }]\n" },
);

scenario(
  "silence of RTP is an alarm and no hang-up, unless it is configured [RTP silence]",
  (world) => {
    const call = world.phone.call("100");
    world.until(() => call.state === "answered", "the answer");
    call.media.speak(babble());
    world.run(500);
    call.media.quiet();
    world.run(30_000);
    expect(call.state).toBe("answered");
    expect(
      world.log.some(
        ([, message, fields]) => message === "alarm" && JSON.stringify(fields).includes("no RTP"),
      ),
    ).toBe(true);
    call.hangUp();
  },
);

scenario(
  "a peer that wants it is released after RTP silence, never on hold [RTP silence]",
  (world) => {
    const call = world.phone.call("100");
    world.until(() => call.state === "answered", "the answer");
    call.modify({ direction: "sendonly" });
    world.until(() => call.modified.length === 1, "the hold");
    world.run(30_000);
    expect(call.state).toBe("answered");
    call.modify({ direction: "sendrecv" });
    world.until(() => call.modified.length === 2, "the retrieval");
    world.until(() => call.state === "ended", "the release", 40_000);
  },
  {
    configuration: [
      "peers:",
      "  - { name: loopback, addresses: [127.0.0.1], contact: { host: 127.0.0.1, port: 5080 }, rtpSilenceReleaseSeconds: 15 }",
    ].join("\n"),
  },
);

scenario(
  "draining refuses new calls both ways and lets the old ones end [503] [OPTIONS]",
  (world) => {
    const call = world.phone.call("100");
    world.until(() => call.state === "answered", "the answer");
    world.gateway.drain();
    const refused = world.phone.call("100");
    world.until(() => refused.state === "ended", "the refusal");
    expect(refused.status).toBe(503);
    world.exchange.originate({ to: "200" });
    world.until(() => world.exchange.calls()[0]?.state === "ended", "the refusal of the PSTN's");
    expect(world.exchange.calls()[0]?.cause?.value).toBe(42);
    expect(call.state).toBe("answered");
    call.hangUp();
  },
);

scenario("an operator ends a call: BYE and DISCONNECT with cause 16 [cause 16]", (world) => {
  const call = world.phone.call("100");
  world.until(() => call.state === "answered", "the answer");
  expect(world.gateway.hangUp(world.gateway.calls()[0]?.id ?? "")).toBe(true);
  world.until(() => call.state === "ended", "the end");
  expect(call.reason).toMatch(/cause=16\b/);
  expect(world.gateway.hangUp("nothing")).toBe(false);
});

scenario("rubbish in SIP, RTP and on the D channel does no harm to a call that is up", (world) => {
  const call = world.phone.call("100");
  world.until(() => call.state === "answered", "the answer");
  const rubbish = babble(23);
  for (let length = 0; length < 200; length++) {
    world.phone.raw(rubbish(length * 7, length * 5));
    call.media.raw(rubbish(length, length));
    world.engine.sendSignalling(world.farEnd("e1-1"), rubbish(length * 3, 3 + (length % 250)));
    world.run(5);
  }
  expect(call.state).toBe("answered");
  const source = babble(29);
  call.media.speak(source);
  world.run(4000);
  // The first of it may be lost while the buffer finds the stream again.
  expect(find(call.media.octetsHeard(), source(8000, 8000))).toBeGreaterThan(0);
  call.hangUp();
  world.until(() => call.state === "ended", "the end", 60_000);
});

scenario("a caller who is no peer gets 403 and costs nothing [403]", (world) => {
  const stranger = world.addPhone({ address: "192.0.2.7", port: 5060 });
  const call = stranger.call("100");
  world.until(() => call.state === "ended", "the refusal");
  expect(call.status).toBe(403);
});

scenario(
  "the cause map is that of the trunk group the call goes to [cause 38]",
  (world) => {
    const call = world.phone.call("850038");
    world.until(() => call.state === "ended", "the end");
    expect(call.status).toBe(502);
  },
  {
    configuration: [
      "spans: [{ name: a }, { name: b }]",
      "trunkGroups: [{ name: first, spans: [a] }, { name: second, spans: [b], causeMap: seed }]",
      "routes:",
      "  - { name: out, from: { peers: [loopback] }, to: [{ trunkGroup: second }], rerouteCauses: [34] }",
    ].join("\n"),
  },
);

scenario(
  "a channel that the far end refuses is not tried again by the same call [cause 44] [re-route]",
  (world) => {
    const channels: (number | undefined)[] = [];
    world.switch.onCall = (call) => {
      channels.push(call.channel?.timeslot);
      const cause = { value: 44, location: "public-network-local", steps: [] } as const;
      const origin = { kind: "gateway", what: "the scenario says so" } as const;
      call.tell({ kind: "release", cause: { ...cause, origin } });
    };
    const call = world.phone.call("4711");
    world.until(() => call.state === "ended", "the end");
    expect(new Set(channels).size).toBe(channels.length);
    expect(channels.length).toBeGreaterThan(1);
  },
  { configuration: "exchange: { enabled: false }\n" },
);

scenario(
  "legs that end before their INVITE leave no trace [483]",
  (world) => {
    for (let i = 0; i < 5; i++) {
      const call = world.phone.call("200", { maxForwards: 1 });
      world.until(() => call.state === "ended", "the end");
    }
  },
  {
    configuration: "routes: [{ name: r, from: { peers: [loopback] }, to: [{ peer: loopback }] }]\n",
  },
);
