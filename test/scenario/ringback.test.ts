import { expect } from "vitest";
import { description } from "./descriptions.js";
import { RawCallee } from "./raw-callee.js";
import { findSamples, linearOf, loudness, share } from "./sound.js";
import { babble, beginningOf, RtpEnd } from "./speech.js";
import { type ScenarioWorld, scenario } from "./world.js";

const USER = { configuration: "exchange: { enabled: false }\n" };
const NETWORK = {
  configuration:
    "exchange: { enabled: false }\ntrunkGroups: [{ name: isdn, spans: [e1-1], signalling: isdn-network }]\n",
};

/** A call from the PSTN that is at the phone, and what its caller hears. */
function arrived(world: ScenarioWorld) {
  const call = world.switch.place({}, { timeslot: 1, exclusive: true });
  world.until(() => world.phone.incoming.length === 1, "the INVITE");
  const [callee] = world.phone.incoming;
  if (callee === undefined) throw new Error("no call");
  return { call, callee, heard: world.switch.attend(call) };
}

function inBand(call: { readonly events: readonly object[] }): boolean {
  return JSON.stringify(call.events).includes("in-band-information");
}

scenario(
  "180 without a description, we are the network: ALERTING with in-band information and a ringing tone on the timeslot until the answer [180] [ALERTING] [element progress indicator]",
  (world) => {
    const { call, callee, heard } = arrived(world);
    callee.provide(180);
    world.until(() => call.kinds.includes("alerting"), "ALERTING");
    expect(inBand(call)).toBe(true);
    world.run(600);
    expect(share(heard(), 425)).toBeGreaterThan(0.95);
    callee.accept();
    world.until(() => call.kinds.includes("connect"), "CONNECT");
    const source = babble(31);
    callee.media.speak(source);
    world.run(1500);
    expect(findSamples(heard(), linearOf(beginningOf(source, 4000)))).toBeGreaterThan(0);
    callee.hangUp();
    world.until(() => call.over, "the end");
  },
  NETWORK,
);

scenario(
  "180 without a description, we are the user: the exchange rings, the timeslot stays silent [180] [ALERTING]",
  (world) => {
    const { call, callee, heard } = arrived(world);
    callee.provide(180);
    world.until(() => call.kinds.includes("alerting"), "ALERTING");
    expect(inBand(call)).toBe(false);
    world.run(600);
    expect(loudness(heard())).toBeLessThan(16);
    callee.accept();
    world.until(() => call.kinds.includes("connect"), "CONNECT");
    callee.hangUp();
    world.until(() => call.over, "the end");
  },
  USER,
);

for (const [side, options] of [
  ["network", NETWORK],
  ["user", USER],
] as const) {
  scenario(
    `early media that are open and silent are filled with a ringing tone until the peer sends, we are the ${side} [180] [early media]`,
    (world) => {
      const { call, callee, heard } = arrived(world);
      callee.provide(180, { sdp: true, reliable: true });
      world.until(() => call.kinds.includes("alerting"), "ALERTING");
      expect(inBand(call)).toBe(true);
      world.run(600);
      expect(share(heard(), 425)).toBeGreaterThan(0.95);
      const source = babble(37);
      callee.media.speak(source);
      world.run(1500);
      expect(findSamples(heard(), linearOf(source(1600, 4000)))).toBeGreaterThan(0);
      expect(call.kinds).not.toContain("connect");
      call.clear(16);
      world.until(() => call.over, "the end");
    },
    options,
  );
}

scenario(
  "183 with a description is PROGRESS, the peer's own tone is heard and a later 180 is still ALERTING [183] [180] [PROGRESS] [ALERTING]",
  (world) => {
    const { call, callee, heard } = arrived(world);
    callee.provide(183, { sdp: true, reliable: true });
    world.until(() => call.kinds.includes("progress"), "PROGRESS");
    const source = babble(41);
    callee.media.speak(source);
    world.run(1000);
    callee.provide(180);
    world.until(() => call.kinds.includes("alerting"), "ALERTING");
    world.run(1000);
    expect(findSamples(heard(), linearOf(source(4000, 8000)))).toBeGreaterThan(0);
    callee.accept();
    world.until(() => call.kinds.includes("connect"), "CONNECT");
    callee.hangUp();
    world.until(() => call.over, "the end");
  },
  USER,
);

scenario(
  "a failure is a tone for the caller where we are its exchange, and not where another is [486] [cause 17] [RFC 3666 §3.6]",
  (world) => {
    const { call, callee, heard } = arrived(world);
    callee.reject(486);
    world.switch.releases = false;
    world.until(() => call.kinds.includes("disconnect"), "DISCONNECT");
    expect(call.cause?.value).toBe(17);
    expect(inBand(call)).toBe(true);
    world.run(400);
    expect(share(heard(), 425)).toBeGreaterThan(0.95);
    world.until(() => call.kinds.includes("release"), "RELEASE after the tone", 35_000);
    world.until(() => call.over, "the end", 20_000);
  },
  NETWORK,
);

scenario(
  "a tone after DISCONNECT is heard by a SIP caller as early media, for 20 s at most; then the final status [DISCONNECT] [486] [cause 17] [RFC 3666 §2.5]",
  (world) => {
    world.switch.onCall = (call) => {
      call.tell({ kind: "proceeding" }, call.channel);
      world.switch.attend(call, { kind: "tone", tone: { country: "de", name: "busy" } });
      call.tell({
        kind: "disconnect",
        cause: {
          ...{ value: 17, location: "user", steps: [] },
          origin: { kind: "gateway", what: "busy" },
        },
        progress: [{ description: "in-band-information", location: "public-network-local" }],
      });
    };
    const call = world.phone.call("4711");
    const begun = world.now;
    world.until(() => call.statuses.includes(183), "183");
    world.run(2000);
    const tone = call.media.octetsHeard().filter((octet) => (octet | 0x80) !== 0xd5);
    expect(tone.length).toBeGreaterThan(4000);
    world.until(() => call.state === "ended", "the final status", 40_000);
    expect(world.now - begun).toBeGreaterThan(19_000);
    expect(world.now - begun).toBeLessThan(30_500);
    expect(call.status).toBe(486);
    expect(call.reason).toMatch(/cause=17\b.*location=U/);
  },
  USER,
);

scenario(
  "a forked INVITE: of several early dialogs the latest that sends is heard, the answer's in the end [RFC 3261 §12.1] [183] [forking]",
  (world) => {
    const peer = new RawCallee(world.network, { address: "127.0.0.1", port: 5080 });
    const call = world.switch.place({}, { timeslot: 1, exclusive: true });
    world.until(() => peer.invite !== undefined, "the INVITE");
    const heard = world.switch.attend(call);
    const [a, b] = [46_000, 46_002].map((port) => {
      const end = new RtpEnd(world.engine, { address: "127.0.0.1", port }, 0x2000_0000 + port);
      end.remote = peer.media;
      world.ends.push(end);
      return end;
    });
    if (a === undefined || b === undefined) throw new Error("no ends");
    const wish = { codecs: ["PCMA"], events: false, direction: "sendrecv", version: 1 } as const;
    const [first, second] = [babble(43), babble(47)];
    peer.respond(183, "a", { sdp: description(a.at, wish) });
    a.speak(first);
    world.run(1500);
    expect(findSamples(heard(), linearOf(first(1600, 4000)))).toBeGreaterThan(0);
    peer.respond(183, "b", { sdp: description(b.at, wish) });
    world.run(20);
    a.quiet();
    b.speak(second);
    world.run(1500);
    expect(findSamples(heard(), linearOf(second(3200, 4000)))).toBeGreaterThan(0);
    peer.respond(200, "a", { sdp: description(a.at, wish) });
    world.until(() => call.kinds.includes("connect"), "CONNECT");
    b.quiet();
    const third = babble(53);
    a.speak(third);
    world.run(1500);
    expect(findSamples(heard(), linearOf(third(3200, 4000)))).toBeGreaterThan(0);
    expect(peer.within("ACK", "a")).toHaveLength(1);
    a.quiet();
    call.clear(16);
    world.until(() => call.over, "the end");
    world.run(100);
    expect(peer.within("BYE", "a")).toHaveLength(1);
  },
  USER,
);
