import { expect } from "vitest";
import { RawCaller } from "./raw-caller.js";
import { babble, beginningOf, find } from "./speech.js";
import { type ScenarioWorld, scenario } from "./world.js";

const USER = { configuration: "exchange: { enabled: false }\n" };
const SETUP = 0x05;
const ALERTING = 0x01;

/** Changes the Q.931 message of one type that the PSTN sends; Q.921 knows nothing of it. */
function spoil(world: ScenarioWorld, type: number, change: (message: Uint8Array) => Uint8Array) {
  world.frameRule = ({ from, octets }) => {
    const isInformation = ((octets[2] ?? 1) & 1) === 0 && octets[8] === type;
    if (from !== "pstn" || !isInformation) return octets;
    return Uint8Array.of(...octets.subarray(0, 4), ...change(octets.subarray(4)));
  };
}

for (const [what, change] of [
  ["another protocol discriminator", (m: Uint8Array) => Uint8Array.of(0x41, ...m.subarray(1))],
  ["three octets", (m: Uint8Array) => m.subarray(0, 3)],
  ["a call reference of 15 octets", (m: Uint8Array) => Uint8Array.of(8, 0x0f, ...m.subarray(2))],
  ["a call reference nobody has", () => Uint8Array.of(8, 2, 0xff, 0xee, 1)],
  ["a message type nobody knows", (m: Uint8Array) => m.map((octet, i) => (i === 4 ? 0x3f : octet))],
  ["an element longer than the message", (m: Uint8Array) => Uint8Array.of(...m, 0x1e, 0x50, 0x82)],
  [
    "an element twice as long as it may be",
    (m: Uint8Array) => Uint8Array.of(...m, 0x28, 3, 1, 2, 3),
  ],
  ["an unknown element to be understood", (m: Uint8Array) => Uint8Array.of(...m, 0x0f, 1, 1)],
  ["an unknown element", (m: Uint8Array) => Uint8Array.of(...m, 0x6e, 2, 1, 1)],
  ["rubbish elements", (m: Uint8Array) => Uint8Array.of(...m, ...babble(61)(0, 100))],
] as const) {
  scenario(
    `ALERTING with ${what} does not end the call, or ends it whole [ALERTING] [STATUS] [Q.931 §5.8]`,
    (world) => {
      spoil(world, ALERTING, change);
      const call = world.phone.call("100");
      world.until(() => call.state !== "trying", "the answer or the end", 40_000);
      const isUp = call.state === "answered";
      expect(isUp || (call.status ?? 0) >= 400).toBe(true);
      call.hangUp();
      world.until(() => call.state === "ended", "the end");
    },
  );
}

scenario(
  "an unknown message is STATUS with cause 97 and the call goes on [STATUS] [cause 97] [Q.931 §5.8.4]",
  (world) => {
    spoil(world, ALERTING, (m) => m.map((octet, i) => (i === 4 ? 0x3f : octet)));
    const call = world.phone.call("100");
    world.until(() => call.state === "answered", "the answer");
    expect(world.ladder("gateway").some((line) => /STATUS .*97/.test(line))).toBe(true);
    call.hangUp();
  },
);

for (const [what, value, change] of [
  ["without a bearer capability", 96, withoutElement(0x04)],
  ["with a bearer capability of rubbish", 100, (m: Uint8Array) => brokenBearer(m)],
] as const) {
  scenario(
    `SETUP ${what} is RELEASE COMPLETE with cause ${value} and no INVITE [SETUP] [RELEASE COMPLETE] [cause ${value}] [Q.931 §5.8.6]`,
    (world) => {
      spoil(world, SETUP, change);
      const call = world.switch.place();
      world.until(() => call.over, "the refusal", 20_000);
      expect(call.cause?.value).toBe(value);
      expect(world.phone.incoming).toEqual([]);
    },
    USER,
  );
}

scenario("a call by TCP goes as one by UDP does [INVITE] [RFC 3261 §18]", (world) => {
  const call = world.phone.call("100", { transport: "tcp" });
  world.until(() => call.state === "answered", "the answer");
  const source = babble(67);
  call.media.speak(source);
  world.run(2500);
  expect(find(call.media.octetsHeard(), beginningOf(source, 8000))).toBeGreaterThan(0);
  call.hangUp();
  world.until(() => call.state === "ended", "the end");
  expect(world.network.passed.length).toBeLessThan(12);
});

scenario(
  "a fifth of the datagrams lost: every call is answered and ended [Timer A expiry] [Timer E expiry] [Timer G expiry]",
  (world) => {
    world.network.loss = 0.2;
    world.phone.onCall = (call) => {
      call.provide(180, { sdp: true, reliable: true });
      call.accept();
    };
    for (let i = 0; i < 10; i++) {
      const call = world.phone.call("110", { reliability: i % 2 === 0 ? "none" : "required" });
      world.until(() => call.state === "answered", "the answer", 40_000);
      world.exchange.originate({ to: "200", holdMs: 300 });
      world.run(500);
      call.hangUp();
      world.until(() => call.state === "ended", "the end", 40_000);
    }
    const all = () => world.exchange.calls();
    world.until(() => all().every(({ state }) => state === "ended"), "the PSTN's ends", 60_000);
    expect(all().every(({ answeredMs }) => answeredMs !== undefined)).toBe(true);
  },
);

for (const [what, sdp, status, warning] of [
  [
    "only codecs that we have not",
    "m=audio 40000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2",
    488,
    305,
  ],
  ["only video", "m=video 40000 RTP/AVP 31", 488, 304],
  ["only secured media", "m=audio 40000 RTP/SAVP 8", 488, 302],
  ["a description of rubbish", "m=oink", 400, 0],
] as const) {
  scenario(
    `an offer of ${what} is refused with ${status} before the PSTN is asked [${status}] [RFC 3264 §6]`,
    (world) => {
      const head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n";
      const call = world.phone.call("100", { sdp: `${head}${sdp}\r\n` });
      world.until(() => call.state === "ended", "the refusal");
      expect(call.status).toBe(status);
      if (status === 488)
        expect(call.last?.headers.text("Warning")).toMatch(new RegExp(`^${warning} `));
      expect(world.ladder("gateway")).toEqual([]);
    },
  );
}

scenario(
  "a new offer that cannot be served is 488 and the call goes on as it was [re-INVITE] [488] [RFC 3261 §14.2]",
  (world) => {
    const call = world.phone.call("100");
    world.until(() => call.state === "answered", "the answer");
    call.modify({ codecs: ["CLEARMODE"], events: false });
    world.until(() => call.modified.length === 1, "the refusal");
    expect(call.modified[0]).toEqual({ ok: false, status: 488 });
    const source = babble(71);
    call.media.speak(source);
    world.run(2500);
    expect(find(call.media.octetsHeard(), beginningOf(source, 8000))).toBeGreaterThan(0);
    call.hangUp();
  },
);

scenario(
  "a re-INVITE without an offer gets one, its answer is in the ACK [re-INVITE] [ACK] [RFC 3261 §14.2]",
  (world) => {
    const call = world.phone.call("100");
    world.until(() => call.state === "answered", "the answer");
    call.modify({}, "INVITE", true);
    world.until(() => call.modified.length === 1, "the 200");
    expect(call.modified[0]?.ok).toBe(true);
    const source = babble(73);
    call.media.speak(source);
    world.run(2500);
    expect(find(call.media.octetsHeard(), beginningOf(source, 8000))).toBeGreaterThan(0);
    call.hangUp();
  },
);

scenario(
  "an offer in an early dialog goes by UPDATE, before the answer [UPDATE] [PRACK] [RFC 3311 §5.1]",
  (world) => {
    const call = world.phone.call("105", { reliability: "required" });
    world.until(() => call.theirs.length === 1, "early media");
    world.run(100);
    call.modify({ direction: "recvonly" }, "UPDATE");
    world.until(() => call.modified.length === 1, "the 200 to UPDATE");
    expect(call.state).toBe("trying");
    expect(call.stream?.direction).toBe("sendonly");
    world.until(() => call.state === "answered", "the answer");
    call.hangUp();
  },
);

scenario(
  "an outsider who sends to the port after the latch is counted and changes nothing [RTP latch]",
  (world) => {
    const call = world.phone.call("100");
    world.until(() => call.state === "answered", "the answer");
    const source = babble(79);
    call.media.speak(source);
    world.run(1000);
    const outsider = { address: "198.51.100.9", port: 4000 };
    const { remote } = call.media;
    if (remote === undefined) throw new Error("no stream");
    const packet = Uint8Array.of(0x80, 8, 0, 1, 0, 0, 0, 0, 9, 9, 9, 9, ...new Uint8Array(160));
    for (let i = 0; i < 50; i++) world.engine.sendDatagram(outsider, remote, packet);
    world.run(2000);
    expect(find(call.media.octetsHeard(), source(4000, 8000))).toBeGreaterThan(0);
    const [leg] = world.gateway.calls()[0]?.legs ?? [];
    expect(leg?.media?.rejectedSource).toBe(50);
    expect(world.stray).toEqual([]);
    call.hangUp();
  },
);

function withoutElement(identifier: number): (message: Uint8Array) => Uint8Array {
  return (message) => {
    const kept = [...message.subarray(0, 5)];
    for (let at = 5; at < message.length; ) {
      const isSingle = (message[at] ?? 0) >= 0x80;
      const length = isSingle ? 1 : 2 + (message[at + 1] ?? 0);
      if (message[at] !== identifier) kept.push(...message.subarray(at, at + length));
      at += length;
    }
    return Uint8Array.from(kept);
  };
}

/** The contents of the bearer capability become octets that mean nothing (codeset and length stay). */
function brokenBearer(message: Uint8Array): Uint8Array {
  const copy = message.slice();
  const at = copy.indexOf(0x04, 5);
  copy.fill(0x00, at + 2, at + 2 + (copy[at + 1] ?? 0));
  return copy;
}

scenario(
  "OPTIONS are answered as an INVITE would be: 403 to who is no peer [OPTIONS] [403]",
  (world) => {
    const peer = new RawCaller(world.network);
    const stranger = new RawCaller(world.network, { address: "192.0.2.7", port: 5060 });
    for (const one of [peer, stranger]) one.options();
    world.run(100);
    expect(peer.heard).toEqual(["SIP/2.0 200 OK"]);
    expect(stranger.heard).toEqual(["SIP/2.0 403 Forbidden"]);
    world.rest(40_000);
  },
);

scenario(
  "OPTIONS get 503 while there is no circuit for an INVITE, and 200 again after [OPTIONS] [503]",
  (world) => {
    const ask = (port: number) => {
      const one = new RawCaller(world.network, { address: "127.0.0.1", port });
      one.options();
      world.run(100);
      return one.heard[0];
    };
    expect(ask(5081)).toBe("SIP/2.0 200 OK");
    world.engine.setFault(world.farEnd("e1-1"), { alarm: "los" });
    world.run(3000);
    expect(ask(5082)).toBe("SIP/2.0 503 Service Unavailable");
    const call = world.phone.call("110");
    world.until(() => call.state === "ended", "the refusal");
    expect(call.status).toBe(502);
    world.engine.setFault(world.farEnd("e1-1"), { alarm: "none" });
    world.run(15_000);
    expect(ask(5083)).toBe("SIP/2.0 200 OK");
    world.rest(40_000);
  },
);
