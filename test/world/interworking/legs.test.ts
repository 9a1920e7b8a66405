import { describe, expect, test } from "vitest";
import type {
  CallEvent,
  CauseLocation,
  PresentedNumber,
  ProgressIndicator,
} from "../../../src/call/index.js";
import { fromUtf8, instant } from "../../../src/core/index.js";
import type { SipProfile } from "../../../src/interworking/index.js";
import { gatewayCause, profile, setup } from "../../unit/interworking/helpers.js";
import { Wire } from "../wire.js";
import { Gate, ladder } from "./gate.js";

const IN_BAND: ProgressIndicator = { description: "in-band-information", location: "user" };
const inBand = { progress: [IN_BAND] };

/** Two gateways that are each other's peer: a call goes from one over SIP to the other. */
function world(a: Partial<SipProfile> = {}, b: Partial<SipProfile> = {}, seed = 1) {
  const wire = new Wire<Uint8Array>(seed);
  const host = { ourHost: "192.0.2.1", peerHost: "192.0.2.2" };
  const caller = new Gate(wire, "192.0.2.1", profile({ ...host, ...a }));
  const called = new Gate(wire, "192.0.2.2", profile(b));
  /** What the called side does when the setup comes: events with their times. */
  const answers = (...events: readonly [number, CallEvent][]) => {
    called.rule = (event, leg) => {
      if (event.kind !== "setup") return;
      for (const [ms, one] of events) wire.in(ms, () => called.tell(leg, one));
    };
  };
  const call = (more = {}, leg = "x") => caller.tell(leg, setup(more), "192.0.2.2");
  return { wire, caller, called, answers, call };
}

const gatewayNumber: PresentedNumber = {
  ...{ digits: "", nature: "unknown", plan: "isdn" },
  ...{ presentation: "allowed", screening: "network-provided" },
};

const kinds = (gate: Gate) => gate.said.map(({ kind }) => kind);
const release = (gate: Gate) => {
  const last = gate.said[gate.said.length - 1];
  return last?.kind === "release" ? last.cause : undefined;
};

/** Nothing is left anywhere. */
function expectRest(...gates: Gate[]): void {
  for (const { legs, ports, anomalies, stack } of gates) {
    expect({ legs: legs.size, ports, anomalies, live: stack.live }).toEqual({
      ...{ legs: 0, ports: 0, anomalies: [], live: 0 },
    });
  }
}

test.each([
  ["early", "supported"],
  ["early", "none"],
  ["delayed", "supported"],
  ["delayed", "none"],
] as const)(
  "a call with %s offer and 100rel %s is alerted, heard, answered and ended",
  (offer, reliability) => {
    const { wire, caller, called, answers, call } = world({ offer, reliability });
    answers([10, { kind: "alerting", ...inBand }], [50, { kind: "connect" }]);
    call({ calling: { ...gatewayNumber, digits: "4711" }, callingName: "Al" });
    wire.run(instant(1000));
    expect(called.said[0]).toMatchObject({ calling: { digits: "4711" }, callingName: "Al" });
    expect(kinds(caller)[0]).toBe("alerting");
    expect(kinds(caller)).toContain("connect");
    // RFC 3262 §5: without reliable responses an offer of the callee goes in the 2xx
    const isEarly = offer === "early" || reliability === "supported";
    const told = caller.said.flatMap((one) => ("progress" in one ? one.progress : []));
    expect(told.map((one) => one?.description)).toEqual(isEarly ? ["in-band-information"] : []);
    for (const { agreements } of [caller, called]) {
      expect(agreements).toHaveLength(1);
      expect(agreements[0]).toMatchObject({
        direction: "sendrecv",
        send: { codec: { name: "PCMA" } },
      });
    }
    caller.tell("x", { kind: "disconnect", cause: gatewayCause(16, { location: "user" }) });
    wire.run(instant(60_000));
    expect(release(called)).toMatchObject({ value: 16, location: "user" });
    expectRest(caller, called);
  },
);

test("[RFC 6432] [RFC 8606] every cause and location survives SIP, whatever the status", () => {
  const locations: CauseLocation[] = [
    ...(["user", "private-network-local", "public-network-local", "transit"] as const),
    ...(["public-network-remote", "private-network-remote", "international"] as const),
    "beyond-interworking-point",
  ];
  const { wire, caller, called, answers } = world();
  for (let value = 1; value <= 127; value++) {
    const location = locations[value % locations.length] ?? "user";
    answers([5, { kind: "disconnect", cause: gatewayCause(value, { location }) }]);
    caller.tell(`x${value}`, setup(), "192.0.2.2");
    wire.run(instant(wire.now + 1000));
    expect(release(caller)).toMatchObject({ value, location });
  }
  wire.run(instant(wire.now + 60_000));
  expectRest(caller, called);
});

test("a cause after the answer survives BYE, a cause before it CANCEL", () => {
  const { wire, caller, called, answers, call } = world();
  answers([10, { kind: "connect" }]);
  call();
  wire.run(instant(1000));
  const [leg] = called.legs.keys();
  called.tell(leg ?? "", { kind: "disconnect", cause: gatewayCause(38) });
  wire.run(instant(2000));
  expect(release(caller)).toMatchObject({ value: 38, location: "public-network-local" });
  answers([10, { kind: "alerting" }]);
  call({}, "y");
  wire.run(instant(3000));
  caller.tell("y", { kind: "disconnect", cause: gatewayCause(31) });
  wire.run(instant(100_000));
  expect(release(called)).toMatchObject({ value: 31 });
  expect(release(caller)).toMatchObject({ value: 31 });
  expect(ladder(wire).some((line) => line.startsWith("CANCEL"))).toBe(true);
  expectRest(caller, called);
});

test("[early media] [PROGRESS] progress, alerting and answer are told in their order", () => {
  const { wire, caller, called, answers, call } = world();
  answers(
    [10, { kind: "progress", ...inBand }],
    [20, { kind: "alerting" }],
    [30, { kind: "connect", connected: { ...gatewayNumber, digits: "99" }, connectedName: "Bob" }],
  );
  call();
  wire.run(instant(1000));
  expect(kinds(caller)).toEqual(["progress", "alerting", "connect"]);
  expect(caller.said[2]).toMatchObject({ connected: { digits: "99" }, connectedName: "Bob" });
  caller.tell("x", { kind: "release", cause: gatewayCause(16) });
  wire.run(instant(60_000));
  expectRest(caller, called);
});

test("[RFC 4040] an unrestricted call stays one across SIP", () => {
  const { wire, caller, called, answers, call } = world();
  answers([10, { kind: "connect" }]);
  call({ bearer: { kind: "unrestricted-64k" } });
  wire.run(instant(1000));
  expect(called.said[0]).toMatchObject({ bearer: { kind: "unrestricted-64k" } });
  expect(called.agreements[0]?.send).toMatchObject({ codec: { name: "CLEARMODE" } });
  expect(caller.agreements[0]?.send).toMatchObject({ codec: { name: "CLEARMODE" } });
});

describe("[RFC 3323] a restricted number", () => {
  const restricted = { calling: { ...gatewayNumber, digits: "4711", presentation: "restricted" } };

  test("reaches a trusted peer as restricted", () => {
    const { wire, called, call } = world();
    call(restricted);
    wire.run(instant(100));
    expect(called.said[0]).toMatchObject({
      calling: { digits: "4711", presentation: "restricted" },
    });
  });

  test("is in no octet of what an untrusted one is sent", () => {
    const { wire, called, call } = world({ trusted: false });
    call(restricted);
    wire.run(instant(100));
    expect(called.said[0]).toMatchObject({ calling: { digits: "", presentation: "restricted" } });
    const headers = wire.sent.map(({ packet }) => fromUtf8(packet).split("\r\n\r\n")[0]);
    expect(headers.filter((text) => text?.includes("4711"))).toEqual([]);
  });
});

test.each([1, 2, 3, 4, 5])(
  "[loss] a bad wire (seed %i) changes nothing of what is told",
  (seed) => {
    const { wire, caller, called, answers, call } = world({}, {}, seed);
    wire.conditions = { latencyMs: 20, jitterMs: 30, loss: 0.1, duplication: 0.1 };
    answers([1000, { kind: "alerting", ...inBand }], [9000, { kind: "connect" }]);
    call();
    wire.run(instant(25_000));
    expect(kinds(caller).filter((kind) => kind !== "progress")).toEqual(["alerting", "connect"]);
    caller.tell("x", { kind: "disconnect", cause: gatewayCause(17) });
    wire.run(instant(200_000));
    expect(release(called)).toMatchObject({ value: 17 });
    expect(caller.legs.size + called.legs.size + caller.ports + called.ports).toBe(0);
  },
);
