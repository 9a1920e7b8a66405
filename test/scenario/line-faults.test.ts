import { expect, test } from "vitest";
import { babble, beginningOf, find } from "./speech.js";
import { openWorld, type ScenarioWorld, scenario } from "./world.js";

function answered(world: ScenarioWorld, number = "100") {
  const call = world.phone.call(number);
  world.until(() => call.state === "answered", "the answer");
  return call;
}

function counters(world: ScenarioWorld, span = "e1-1"): Readonly<Record<string, number>> {
  return world.gateway.spans().find(({ name }) => name === span)?.counters ?? {};
}

scenario(
  "one flipped bit of the signalling timeslot is one bad frame, repeated; the call survives [T200 expiry]",
  (world) => {
    const call = answered(world);
    const before = counters(world);
    call.hangUp();
    world.run(1);
    // DISCONNECT is on its way: its 60th bit arrives inverted at the exchange, and RELEASE comes late.
    world.engine.setFault(world.nearEnd("e1-1"), { flipSignallingBit: 60 });
    world.until(() => world.gateway.status().calls.active === 0, "the end", 20_000);
    const far = world.engine.spanCounters(world.farEnd("e1-1"));
    expect(far.ok && far.value.fcsErrors + far.value.aborts + far.value.shortFrames).toBe(1);
    expect(counters(world).fcsErrors).toBe(before.fcsErrors);
    const sent = world.ladder("gateway").filter((line) => line.includes("DISCONNECT"));
    expect(sent.length).toBeGreaterThan(1);
  },
);

scenario(
  "a twentieth of the signalling frames lost: calls are slower, none fails [T200 expiry]",
  (world) => {
    let count = 0;
    world.frameRule = ({ octets }) => (++count % 20 === 0 ? undefined : octets);
    for (let i = 0; i < 10; i++) {
      const call = world.phone.call("110");
      world.until(() => call.state === "answered", "the answer", 30_000);
      call.hangUp();
      world.until(() => call.state === "ended", "the end", 30_000);
    }
  },
);

scenario(
  "a link that is down for less than T309 costs no call [T309 start] [T309 stop]",
  (world) => {
    const call = answered(world);
    world.frameRule = () => undefined;
    world.run(20_000);
    world.frameRule = ({ octets }) => octets;
    world.until(() => world.gateway.spans()[0]?.dataLink === "up", "the link", 60_000);
    world.run(3000);
    expect(call.state).toBe("answered");
    const source = babble(3);
    call.media.speak(source);
    world.run(2000);
    expect(find(call.media.octetsHeard(), beginningOf(source, 4000))).toBeGreaterThan(0);
    call.hangUp();
  },
);

scenario(
  "a link that stays down beyond T309 clears its calls with 27 [T309 expiry] [cause 27]",
  (world) => {
    const call = answered(world);
    world.frameRule = () => undefined;
    world.until(() => call.state === "ended", "the end", 200_000);
    expect(call.reason).toMatch(/cause=27\b/);
    world.frameRule = ({ octets }) => octets;
    world.until(() => world.gateway.spans()[0]?.dataLink === "up", "the link", 60_000);
  },
);

scenario("a short loss of signal touches no call [span alarm]", (world) => {
  const call = answered(world);
  world.engine.setFault(world.farEnd("e1-1"), { alarm: "los" });
  world.run(2000);
  expect(world.gateway.spans()[0]?.alarm).toBe("los");
  world.engine.setFault(world.farEnd("e1-1"), { alarm: "none" });
  world.run(3000);
  expect(call.state).toBe("answered");
  expect(world.gateway.status().trunkGroups[0]?.blocked).toBe(0);
  call.hangUp();
  world.until(() => call.state === "ended", "the end", 60_000);
});

scenario(
  "a lasting loss of signal clears its calls with 38 and blocks its circuits until it is over [span alarm] [cause 38]",
  (world) => {
    const call = answered(world);
    world.engine.setFault(world.farEnd("e1-1"), { alarm: "los" });
    world.until(() => call.state === "ended", "the end", 10_000);
    expect(call.reason).toMatch(/cause=38\b/);
    expect(world.gateway.status().trunkGroups[0]?.blocked).toBe(30);
    const refused = world.phone.call("100");
    world.until(() => refused.state === "ended", "the refusal");
    expect(refused.status).toBeGreaterThanOrEqual(500);
    world.engine.setFault(world.farEnd("e1-1"), { alarm: "none" });
    world.until(() => world.gateway.spans()[0]?.dataLink === "up", "the link", 120_000);
    const again = answered(world);
    again.hangUp();
    world.until(() => again.state === "ended", "the end");
  },
);

scenario(
  "RESTART of a channel clears its call, the others go on [RESTART] [RESTART ACKNOWLEDGE]",
  (world) => {
    const first = answered(world);
    const second = answered(world);
    expect(world.exchange.setFault({ span: "e1-1", restart: [1] }).ok).toBe(true);
    world.until(() => first.state === "ended", "the end of the first");
    world.run(1000);
    expect(second.state).toBe("answered");
    second.hangUp();
  },
);

scenario("RESTART of the interface clears all [RESTART]", (world) => {
  const calls = [answered(world), answered(world)];
  world.exchange.setFault({ span: "e1-1", restart: [] });
  world.until(() => calls.every(({ state }) => state === "ended"), "the end of all");
});

scenario(
  "glare: both sides take the same channel at once, both calls are served or cleared cleanly [Q.931 §5.7]",
  (world) => {
    world.phone.onCall = (call) => call.accept();
    world.exchange.setFault({ span: "e1-1", delaySignallingMs: 30 });
    const out = world.phone.call("110");
    world.run(1);
    world.exchange.originate({ to: "200", timeslot: 1, holdMs: 500 });
    world.until(() => out.state !== "trying", "the outgoing call", 30_000);
    world.until(() => world.exchange.calls()[0]?.state === "ended", "the incoming call", 30_000);
    out.hangUp();
  },
);

scenario("slips and bit errors on the bearers cost octets, not calls", (world) => {
  const call = answered(world);
  call.media.speak(babble(5));
  world.engine.setFault(world.farEnd("e1-1"), {
    slip: 3,
    clockOffsetPpm: 50,
    bitErrorRate: 0.0001,
  });
  world.run(5000);
  expect(call.state).toBe("answered");
  const { slipsDropped, slipsRepeated } = counters(world);
  const far = world.engine.spanCounters(world.farEnd("e1-1"));
  expect((slipsDropped ?? 0) + (slipsRepeated ?? 0)).toBeGreaterThanOrEqual(3);
  const near = counters(world).bitErrorsInjected ?? 0;
  expect(near + (far.ok ? far.value.bitErrorsInjected : 0)).toBeGreaterThan(40);
  world.engine.setFault(world.farEnd("e1-1"), { clockOffsetPpm: 0, bitErrorRate: 0 });
  call.hangUp();
  world.until(() => call.state === "ended", "the end", 60_000);
});

test("a thousand calls over four E1 leave nothing behind", async () => {
  const spans = [1, 2, 3, 4].map((n) => `e1-${n}`);
  const world = await openWorld({
    configuration: [
      "spans:",
      ...spans.map((name) => `  - { name: ${name} }`),
      "trunkGroups:",
      `  - { name: isdn, spans: [${spans.join(", ")}], hunt: cyclic }`,
    ].join("\n"),
  });
  let done = 0;
  for (let batch = 0; batch < 20; batch++) {
    const calls = Array.from({ length: 50 }, () => world.phone.call("110"));
    world.until(() => calls.every(({ state }) => state === "answered"), "all answers", 20_000);
    for (const call of calls) call.hangUp();
    world.until(() => calls.every(({ state }) => state === "ended"), "all ends", 20_000);
    done += calls.length;
    world.phone.forget();
  }
  expect(done).toBe(1000);
  expect(world.leftovers()).toEqual({});
  expect(world.gateway.status().calls).toMatchObject({ total: 1000, failed: 0 });
  await world.close();
}, 60_000);
