import { expect } from "vitest";
import { RawCaller } from "./raw-caller.js";
import { scenario } from "./world.js";

const USER = { configuration: "exchange: { enabled: false }\n" };
const NOWHERE = { datagram: () => undefined };

scenario(
  "a SIP peer that says nothing at all: Timer B, cause 102 for the PSTN [Timer A expiry] [Timer B expiry] [408] [cause 102]",
  (world) => {
    world.network.attach(world.phone.at, NOWHERE);
    const call = world.switch.place();
    const begun = world.now;
    world.until(() => call.cause !== undefined, "the end", 40_000);
    expect(world.now - begun).toBeGreaterThan(31_900);
    expect(world.now - begun).toBeLessThan(33_000);
    expect(call.cause?.value).toBe(102);
    const invites = world.network.passed.filter(({ text }) => text.startsWith("INVITE"));
    expect(invites).toHaveLength(7);
  },
  USER,
);

scenario(
  "a SIP peer that tries for ever: the exchange hears of progress, then T310 ends the call with 102 [join timer early-progress expiry] [join timer T310 expiry] [cause 102] [RFC 3398 §8.2.8]",
  (world) => {
    const call = world.switch.place();
    world.until(() => world.phone.incoming.length === 1, "the INVITE");
    const begun = world.now;
    world.until(() => call.kinds.includes("progress"), "PROGRESS");
    expect(world.now - begun).toBeGreaterThan(7500);
    expect(JSON.stringify(call.first("progress"))).toContain("destination-not-isdn");
    world.until(() => call.cause !== undefined, "the end", 130_000);
    expect(call.cause?.value).toBe(102);
    world.run(100);
    expect(world.phone.incoming[0]?.end).toMatchObject({ request: { method: "CANCEL" } });
  },
  USER,
);

scenario(
  "a SIP peer that rings for ever: T301 ends the call with 19 [join timer T301 expiry] [cause 19] [RFC 3398 §7.2.8]",
  (world) => {
    world.phone.onCall = (call) => call.provide(180);
    const call = world.switch.place();
    world.until(() => call.kinds.includes("alerting"), "ALERTING");
    const begun = world.now;
    world.until(() => call.cause !== undefined, "the end", 190_000);
    expect(world.now - begun).toBeGreaterThan(179_000);
    expect(call.cause?.value).toBe(19);
    world.run(100);
    expect(world.phone.incoming[0]?.end).toMatchObject({ request: { method: "CANCEL" } });
    expect(world.phone.incoming[0]?.reason).toMatch(/cause=19\b/);
  },
  USER,
);

scenario(
  "an exchange that does not answer SETUP: it is sent twice, then 504 with cause 102 [T303 expiry] [504] [cause 102]",
  (world) => {
    world.switch.onCall = () => undefined;
    const call = world.phone.call("4711");
    world.until(() => call.state === "ended", "the end", 20_000);
    expect(call.status).toBe(504);
    expect(call.reason).toMatch(/cause=102\b/);
    const setups = world.ladder("gateway").filter((line) => / SETUP /.test(line));
    expect(setups).toHaveLength(2);
  },
  USER,
);

scenario(
  "an exchange that proceeds and never alerts: T310, 504 with cause 102 [T310 expiry] [504] [cause 102]",
  (world) => {
    const call = world.phone.call("4711");
    const begun = world.now;
    world.until(() => call.state === "ended", "the end", 130_000);
    expect(world.now - begun).toBeGreaterThan(29_000);
    expect(call.status).toBe(504);
    expect(call.reason).toMatch(/cause=102\b/);
  },
  USER,
);

scenario("104 is given up by the exchange with 19, which is 480 [cause 19] [480]", (world) => {
  const call = world.phone.call("104");
  world.until(() => call.state === "ended", "the end", 200_000);
  expect(call.status).toBe(480);
  expect(call.reason).toMatch(/cause=19\b/);
});

scenario(
  "a far end that does not answer DISCONNECT is released after T305 [T305 expiry] [RELEASE]",
  (world) => {
    world.switch.releases = false;
    world.switch.onCall = (call) => {
      call.tell({ kind: "proceeding" }, call.channel);
      call.tell({ kind: "connect" });
    };
    // The far end's RELEASE never comes: its machine is told of no DISCONNECT.
    world.frameRule = ({ from, octets }) =>
      from === "gateway" && octets[8] === DISCONNECT ? withType(octets, NOTHING_KNOWN) : octets;
    const call = world.phone.call("4711");
    world.until(() => call.state === "answered", "the answer");
    call.hangUp();
    const isRelease = (octets: Uint8Array) => octets[8] === RELEASE;
    world.until(() => world.frames.some(({ octets }) => isRelease(octets)), "RELEASE", 40_000);
    world.until(() => world.gateway.status().counters.isdnLegs === 0, "the end", 20_000);
    expect(call.state).toBe("ended");
  },
  USER,
);

scenario(
  "a caller whose ACK never comes: 200 for 32 s, then BYE and the PSTN is cleared [session timer accept expiry] [ACK]",
  (world) => {
    const caller = new RawCaller(world.network);
    caller.invite("110");
    world.until(() => caller.heard.some((line) => line.includes(" 200 ")), "the 200");
    const begun = world.now;
    world.until(() => caller.heard.some((line) => line.startsWith("BYE")), "BYE", 40_000);
    expect(world.now - begun).toBeGreaterThan(31_000);
    caller.bye();
    const finals = caller.heard.filter((line) => line.includes(" 200 "));
    expect(finals.length).toBeGreaterThanOrEqual(10);
    world.until(() => world.gateway.status().calls.active === 0, "the end");
  },
);

scenario(
  "a caller whose PRACK never comes: the provisional response for 32 s, then 504 [session timer reliable expiry] [PRACK] [RFC 3262 §3] [504]",
  (world) => {
    const caller = new RawCaller(world.network);
    caller.invite("104", ["Require: 100rel"]);
    world.until(() => caller.heard.some((line) => line.includes(" 180 ")), "the 180");
    world.until(() => caller.heard.some((line) => /SIP\/2\.0 [4-6]/.test(line)), "the end", 40_000);
    expect(caller.heard.at(-1)).toMatch(/^SIP\/2\.0 504 /);
    caller.ack("104");
    world.until(() => world.gateway.status().calls.active === 0, "the end");
    expect(world.ladder("gateway").some((line) => line.includes("DISCONNECT"))).toBe(true);
  },
);

scenario(
  "a peer that vanishes in a call: BYE to nobody, the circuit is free at once [Timer E expiry] [Timer F expiry] [BYE]",
  (world) => {
    const call = world.phone.call("107");
    world.until(() => call.state === "answered", "the answer");
    world.network.attach(world.phone.at, NOWHERE);
    world.until(() => world.gateway.status().trunkGroups[0]?.busy === 0, "a free circuit", 10_000);
    world.until(() => world.gateway.status().calls.active === 0, "the end", 60_000);
    const byes = world.network.passed.filter(({ text }) => text.startsWith("BYE"));
    expect(byes).toHaveLength(11);
    call.hangUp();
  },
);

scenario(
  "a peer that vanishes while it rings: the PSTN caller gives up, CANCEL to nobody [CANCEL]",
  (world) => {
    world.phone.onCall = (call) => call.provide(180);
    const call = world.switch.place();
    world.until(() => call.kinds.includes("alerting"), "ALERTING");
    world.network.attach(world.phone.at, NOWHERE);
    call.clear(16);
    world.until(() => call.over, "the end", 5000);
    world.until(() => world.gateway.status().counters.sipSessions === 0, "no session", 100_000);
    world.phone.incoming[0]?.reject(480);
  },
  USER,
);

scenario(
  "CANCEL and the answer in every order: each call ends, none hangs [CANCEL] [487] [RFC 3261 §9.1]",
  (world) => {
    for (let at = 0; at < 40; at++) {
      const call = world.phone.call("110");
      world.run(at);
      call.hangUp();
      world.until(() => call.state === "ended", `the end of ${at}`, 5000);
      world.until(() => world.gateway.status().calls.active === 0, `no call after ${at}`, 5000);
    }
  },
);

scenario(
  "both sides hang up at once, in every order [BYE] [DISCONNECT] [Q.931 §5.3.5]",
  (world) => {
    const probe = world.phone.call("852016");
    world.until(() => probe.state === "answered", "the answer");
    const begun = world.now;
    world.until(() => probe.state === "ended", "the end");
    const lasts = world.now - begun;
    for (let at = lasts - 20; at < lasts + 5; at++) {
      const call = world.phone.call("852016");
      world.until(() => call.state === "answered", "the answer");
      world.run(at);
      call.hangUp();
      world.until(() => call.state === "ended", `the end of ${at}`, 5000);
    }
  },
);

const DISCONNECT = 0x45;
const RELEASE = 0x4d;
/** A message type that Q.931 does not know: answered with STATUS 97 and otherwise nothing. */
const NOTHING_KNOWN = 0x3f;

function withType(frame: Uint8Array, type: number): Uint8Array {
  const copy = frame.slice();
  copy[8] = type;
  return copy;
}

scenario(
  "an INVITE that expires is 487 and the PSTN is cleared [Expires] [487] [session timer expires start] [session timer expires expiry] [RFC 3261 §13.3.1]",
  (world) => {
    const call = world.phone.call("104", { headers: [{ name: "Expires", value: "3" }] });
    const begun = world.now;
    world.until(() => call.state === "ended", "the end");
    expect(call.status).toBe(487);
    expect(world.now - begun).toBeGreaterThanOrEqual(3000);
    expect(world.now - begun).toBeLessThan(3100);
    world.run(200);
    expect(world.ladder("gateway").join()).toMatch(/DISCONNECT/);
  },
);

scenario(
  "an INVITE that was answered in time does not expire [Expires] [session timer expires stop]",
  (world) => {
    const call = world.phone.call("110", { headers: [{ name: "Expires", value: "2" }] });
    world.until(() => call.state === "answered", "the answer");
    world.run(4000);
    expect(call.state).toBe("answered");
    call.hangUp();
  },
);

scenario(
  "a peer that redirects ends the call with 23, not followed [302] [cause 23]",
  (world) => {
    world.phone.onCall = (call) =>
      call.reject(302, [{ name: "Contact", value: "<sip:201@127.0.0.1>" }]);
    const call = world.switch.place();
    world.until(() => call.cause !== undefined, "the end");
    expect(call.cause?.value).toBe(23);
  },
  USER,
);

scenario("sips without TLS is 416 [416] [RFC 3261 §26.2.2]", (world) => {
  const call = world.phone.call("100", { target: "sips:100@127.0.0.1:5060" });
  world.until(() => call.state === "ended", "the refusal");
  expect(call.status).toBe(416);
  expect(world.ladder()).toEqual([]);
});

scenario("a message of no call is traced at once, one of a call under that call", (world) => {
  const seen: { readonly summary: string; readonly call?: string }[] = [];
  // The ACK to a refusal comes when its call is over
  const strays = () =>
    seen.filter(({ call, summary }) => call === undefined && !summary.startsWith("ACK"));
  world.gateway.subscribe((event) => {
    if (event.kind === "trace") seen.push(event.trace);
  });
  const lines = [
    "OPTIONS sip:127.0.0.1 SIP/2.0",
    "Via: SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bKo",
  ];
  const more = ["From: <sip:a@b>;tag=1", "To: <sip:127.0.0.1>", "Call-ID: o", "CSeq: 1 OPTIONS"];
  world.phone.raw(
    [...lines, ...more, "Max-Forwards: 70", "Content-Length: 0", "", ""].join("\r\n"),
  );
  world.run(5);
  expect(seen.map(({ summary }) => summary.split(" ")[0])).toEqual(["OPTIONS", "200"]);
  seen.length = 0;
  const call = world.phone.call("850017");
  world.until(() => call.state === "ended", "the end");
  expect(strays()).toEqual([]);
  world.exchange.originate({ to: "200" });
  world.until(() => world.phone.incoming.length === 1, "the INVITE");
  expect(strays()).toEqual([]);
  world.phone.incoming[0]?.reject(486);
});
