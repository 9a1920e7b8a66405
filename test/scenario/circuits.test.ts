import { expect } from "vitest";
import { cause } from "../../src/call/index.js";
import { babble, find } from "./speech.js";
import { type ScenarioWorld, scenario } from "./world.js";

const TWO_GROUPS = {
  configuration: [
    "exchange: { enabled: false }",
    "spans: [{ name: a }, { name: b }]",
    "trunkGroups: [{ name: first, spans: [a] }, { name: second, spans: [b] }]",
    "routes:",
    "  - { name: out, from: { peers: [loopback] }, to: [{ trunkGroup: first }, { trunkGroup: second }] }",
  ].join("\n"),
};

function switchAt(world: ScenarioWorld, span: string) {
  const found = world.switches.get(span);
  if (found === undefined) throw new Error(`no switch at ${span}`);
  return found;
}

for (const value of [27, 34, 38, 41, 42, 44, 47]) {
  scenario(
    `cause ${value} of the first trunk group tries the second, the caller hears nothing of it [re-route] [cause ${value}]`,
    (world) => {
      switchAt(world, "a").onCall = (call) => {
        call.tell({ kind: "release", cause: cause(value, "public-network-local", "no") });
      };
      switchAt(world, "b").onCall = (call) => {
        call.tell({ kind: "alerting" }, call.channel);
        call.tell({ kind: "connect" });
      };
      const call = world.phone.call("4711");
      world.until(() => call.state === "answered", "the answer");
      expect(call.statuses).toEqual([180]);
      expect(switchAt(world, "b").calls).toHaveLength(1);
      expect(world.gateway.status().trunkGroups.map(({ busy }) => busy)).toEqual([0, 1]);
      call.hangUp();
      world.until(() => call.state === "ended", "the end");
    },
    TWO_GROUPS,
  );
}

scenario(
  "user busy is nobody's fault but the user's: the second trunk group is not tried [re-route] [cause 17]",
  (world) => {
    switchAt(world, "a").onCall = (call) => {
      call.tell({ kind: "release", cause: cause(17, "user", "busy") });
    };
    const call = world.phone.call("4711");
    world.until(() => call.state === "ended", "the end");
    expect(call.status).toBe(486);
    expect(switchAt(world, "b").calls).toEqual([]);
  },
  TWO_GROUPS,
);

scenario(
  "after all trunk groups the last cause is the caller's [re-route] [cause 42] [503]",
  (world) => {
    for (const [span, value] of [
      ["a", 34],
      ["b", 42],
    ] as const) {
      switchAt(world, span).onCall = (call) => {
        call.tell({ kind: "release", cause: cause(value, "public-network-local", "no") });
      };
    }
    const call = world.phone.call("4711");
    world.until(() => call.state === "ended", "the end");
    expect(call.status).toBe(503);
    expect(call.reason).toMatch(/cause=42\b/);
  },
  TWO_GROUPS,
);

scenario(
  "hunting cyclic goes on where it was, over the spans in turn",
  (world) => {
    const taken = take(world, 4);
    expect(new Set(taken).size).toBe(4);
    expect(taken.map((where) => where.split("/")[0])).toEqual(["a", "b", "a", "b"]);
  },
  {
    configuration:
      "spans: [{ name: a }, { name: b }]\ntrunkGroups: [{ name: isdn, spans: [a, b], hunt: cyclic }]\nroutes: [{ name: out, from: { peers: [loopback] }, to: [{ trunkGroup: isdn }] }]\n",
  },
);

scenario(
  "hunting longest-idle takes each circuit once before any twice",
  (world) => {
    const taken = take(world, 31);
    expect(new Set(taken.slice(0, 30)).size).toBe(30);
    expect(taken[30]).toBe(taken[0]);
  },
  { configuration: "trunkGroups: [{ name: isdn, spans: [e1-1], hunt: longest-idle }]\n" },
);

/** Where so many calls lie, one after the other. */
function take(world: ScenarioWorld, count: number): readonly string[] {
  return Array.from({ length: count }, () => {
    const call = world.phone.call("110");
    world.until(() => call.state === "answered", "the answer");
    const where = world.gateway.calls()[0]?.legs[1]?.where ?? "";
    call.hangUp();
    world.until(() => world.gateway.status().trunkGroups[0]?.busy === 0, "a free circuit");
    return where;
  });
}

for (const [side, configuration] of [
  ["user", "exchange: { enabled: false }\n"],
  [
    "network",
    "exchange: { enabled: false }\ntrunkGroups: [{ name: isdn, spans: [e1-1], signalling: isdn-network }]\n",
  ],
] as const) {
  scenario(
    `glare, we are the ${side}: both calls are answered, the network's has the channel, both speak [Q.931 §5.7] [glare]`,
    (world) => {
      world.phone.onCall = (call) => call.accept();
      world.switch.onCall = (call) => {
        call.tell({ kind: "proceeding" }, call.channel);
        call.tell({ kind: "connect" });
      };
      const ours = world.phone.call("4711");
      world.run(2);
      const theirs = world.switch.place({}, { timeslot: 1, exclusive: false });
      world.until(() => ours.state === "answered", "our answer", 20_000);
      world.until(() => theirs.kinds.includes("connect"), "their answer", 20_000);
      const [other] = world.switch.calls.filter((call) => call !== theirs);
      const winner = side === "user" ? theirs : other;
      expect(winner?.channel?.timeslot).toBe(1);
      expect(other?.channel?.timeslot).not.toBe(theirs.channel?.timeslot);
      const [callee] = world.phone.incoming;
      if (other === undefined || callee === undefined) throw new Error("a call is missing");
      [ours, callee].forEach((call, at) => {
        world.switch.attend(at === 0 ? other : theirs, { kind: "echo" });
        call.media.speak(babble(at + 83));
      });
      world.run(2500);
      [ours, callee].forEach((call, at) => {
        expect(find(call.media.octetsHeard(), babble(at + 83)(1600, 8000))).toBeGreaterThan(0);
      });
      ours.hangUp();
      theirs.clear(16);
      world.until(() => theirs.over && ours.state === "ended", "both ends");
    },
    { configuration },
  );
}

scenario(
  "thirty calls of the PSTN fill the span: each has a channel of its own, a SIP call is refused with 503 and Retry-After [503] [cause 34] [RFC 3398 §7.2.4.1]",
  (world) => {
    world.phone.onCall = (call) => call.accept();
    const calls = Array.from({ length: 30 }, () => world.switch.place());
    world.until(() => calls.every(({ kinds }) => kinds.includes("connect")), "30 answers", 20_000);
    const taken = calls.map(({ channel }) => channel?.timeslot);
    expect(new Set(taken).size).toBe(30);
    const phone = world.phone.call("4711");
    world.until(() => phone.state === "ended", "the refusal");
    expect(phone.status).toBe(503);
    expect(phone.last?.headers.text("Retry-After")).toBe("5");
    expect(world.gateway.status().trunkGroups[0]).toMatchObject({ busy: 30, idle: 0 });
    for (const call of calls) call.clear(16);
    world.until(() => calls.every(({ over }) => over), "all ends", 20_000);
  },
  { configuration: "exchange: { enabled: false }\n" },
);

scenario(
  "SERVICE of NI-2 takes a channel out of service and back: it is not hunted meanwhile [SERVICE] [SERVICE ACKNOWLEDGE]",
  (world) => {
    world.exchange.setFault({ span: "t1", block: [1, 2] });
    world.run(1000);
    expect(world.gateway.status().trunkGroups[0]?.blocked).toBe(2);
    const call = world.phone.call("110");
    world.until(() => call.state === "answered", "the answer");
    expect(world.gateway.calls()[0]?.legs[1]?.where).toBe("t1/3");
    world.exchange.setFault({ span: "t1", unblock: [1, 2] });
    world.run(1000);
    expect(world.gateway.status().trunkGroups[0]?.blocked).toBe(0);
    call.hangUp();
    world.until(() => call.state === "ended", "the end");
  },
  {
    configuration:
      "spans: [{ name: t1, kind: t1 }]\ntrunkGroups: [{ name: isdn, spans: [t1], profile: ni2 }]\n",
  },
);

const NI2 = {
  configuration:
    "spans: [{ name: t1, kind: t1 }]\ntrunkGroups: [{ name: isdn, spans: [t1], profile: ni2 }]\n",
};
const SWITCH = { configuration: "exchange: { enabled: false }\n" };

/** What the gateway shows of a timeslot. */
function circuit(world: ScenarioWorld, timeslot: number) {
  return world.gateway.circuits().find((one) => one.timeslot === timeslot);
}

scenario(
  "a channel blocked on EuroISDN is not hunted, and a call that insists on it has cause 44; the answer says that nobody was told [cause 44]",
  (world) => {
    const span = "e1-1";
    const blocked = world.gateway.maintain({ action: "block", span, timeslots: [1, 2] });
    expect(blocked).toMatchObject({ ok: true, value: { timeslots: [1, 2] } });
    expect(blocked.ok && blocked.value.said).toMatch(/EuroISDN has no message.*not told/);
    expect(circuit(world, 1)?.blocking).toEqual({ local: "maintenance", remote: "none" });
    world.phone.onCall = (call) => call.accept();
    const insisting = world.switch.place({}, { timeslot: 1, exclusive: true });
    world.until(() => insisting.over, "the refusal");
    expect(insisting.events.at(-1)).toMatchObject({ kind: "release", cause: { value: 44 } });
    const content = world.switch.place({}, { timeslot: 2, exclusive: false });
    world.until(() => content.kinds.includes("connect"), "the answer");
    expect(content.channel?.timeslot).toBe(3);
    const ours = world.phone.call("4711");
    world.until(() => world.switch.calls.length === 3, "our call");
    expect(world.switch.calls[2]?.channel?.timeslot).toBe(4);
    expect(world.gateway.maintain({ action: "unblock", span, timeslots: [1, 2] }).ok).toBe(true);
    expect(circuit(world, 1)?.blocking).toEqual({ local: "none", remote: "none" });
    ours.hangUp();
    content.clear(16);
    world.until(() => content.over && ours.state === "ended", "both ends");
  },
  SWITCH,
);

scenario(
  "a channel blocked on NI-2 is told to the far end by SERVICE: its calls do not come there either [SERVICE] [SERVICE ACKNOWLEDGE]",
  (world) => {
    const timeslots = Array.from({ length: 22 }, (_, i) => i + 2);
    const blocked = world.gateway.maintain({ action: "block", span: "t1", timeslots });
    expect(blocked.ok && blocked.value.said).toMatch(/told by SERVICE/);
    world.run(2000);
    const call = (): string | undefined => {
      const begun = world.exchange.originate({ to: "200" });
      if (!begun.ok) throw new Error(begun.error);
      world.run(1000);
      const made = world.exchange.calls().find(({ id }) => id === begun.value[0]);
      return made?.state === "ended" ? `cause ${made.cause?.value}` : `at ${made?.timeslot}`;
    };
    world.phone.onCall = (phone) => phone.accept();
    expect([call(), call()]).toEqual(["at 1", "cause 34"]);
    world.gateway.maintain({ action: "unblock", span: "t1" });
    world.run(2000);
    expect(call()).toBe("at 23");
    world.until(() => world.exchange.liveCalls === 0, "all ends", 20_000);
  },
  NI2,
);

scenario(
  "an operator restarts a channel and then the interface: calls there end with 41, the circuits rest until RESTART is acknowledged [RESTART] [Q.931 §5.5.1]",
  (world) => {
    const span = "e1-1";
    const calls = [world.phone.call("110"), world.phone.call("110")];
    world.until(() => calls.every(({ state }) => state === "answered"), "both answers");
    const [first, second] = calls;
    const answer = world.gateway.maintain({ action: "restart", span, timeslots: [1] });
    expect(answer.ok && answer.value.said).toMatch(/^RESTART begun.* 1 of them carries a call/);
    expect(circuit(world, 1)?.state).toBe("resetting");
    world.until(() => first?.state === "ended", "the first end");
    expect(second?.state).toBe("answered");
    expect(first?.last?.headers.text("Reason")).toMatch(/cause=41\b/);
    world.until(() => circuit(world, 1)?.state === "idle", "the acknowledgement");
    expect(world.gateway.maintain({ action: "restart", span }).ok).toBe(true);
    world.until(() => second?.state === "ended", "the second end");
    world.until(() => world.gateway.circuits().every(({ state }) => state === "idle"), "rest");
    expect(world.exchange.liveCalls).toBe(0);
  },
);

scenario(
  "what cannot be done with a circuit is refused with the reason, here and at the exchange",
  (world) => {
    const gateway = (span: string, ...timeslots: number[]) => {
      const said = world.gateway.maintain({ action: "restart", span, timeslots });
      return said.ok ? undefined : said.error;
    };
    expect(gateway("e1-2", 1)).toBe('no trunk group has a span "e1-2"; there are e1-1');
    expect(gateway("e1-1", 16)).toMatch(/timeslot 16 of span e1-1 is its D channel/);
    const exchange = (fault: object) => {
      const said = world.exchange.setFault({ span: "e1-1", ...fault });
      return said.ok ? undefined : said.error;
    };
    expect(exchange({ restart: [16] })).toMatch(/timeslot 16 .* D channel/);
    expect(exchange({ block: [1] })).toMatch(/EuroISDN, which has no SERVICE/);
    expect(exchange({ unblock: [1] })).toMatch(/EuroISDN, which has no SERVICE/);
    expect(exchange({ restart: [1] })).toBeUndefined();
    world.run(1000);
  },
);
