import { expect } from "vitest";
import { cause } from "../../src/call/index.js";
import { loudness } from "./sound.js";
import { babble, find } from "./speech.js";
import { scenario } from "./world.js";

const USER = { configuration: "exchange: { enabled: false }\n" };

scenario(
  "digits that the PSTN keys in-band reach the SIP peer as telephone-events, once each, and their tone is muted within 40 ms [RFC 4733] [DTMF]",
  (world) => {
    world.phone.onCall = (call) => call.accept();
    world.exchange.originate({ to: "200", sound: "silence", digits: "1590*#", holdMs: 4000 });
    world.until(() => world.phone.incoming[0]?.state === "answered", "the answer");
    const [call] = world.phone.incoming;
    if (call === undefined) throw new Error("no call");
    world.run(3000);
    expect(call.media.digitsHeard).toBe("1590*#");
    const octets = call.media.octetsHeard();
    const isLoud = (octet: number) => ((octet ^ 0x55) & 0x7f) > 0x20;
    const blocks = Array.from({ length: octets.length / 40 }, (_, i) =>
      octets.subarray(i * 40, i * 40 + 40).some(isLoud),
    );
    // 40 ms of each of six digits of 100 ms at most, in blocks of 5 ms that may be cut at both ends
    expect(blocks.filter(Boolean).length).toBeLessThanOrEqual(6 * 9);
    world.until(() => call.state === "ended", "the end");
  },
);

scenario(
  "digits of a SIP peer are tones on the timeslot, with pauses between them [RFC 4733] [DTMF]",
  (world) => {
    world.switch.onCall = (call) => {
      call.tell({ kind: "connect" }, call.channel);
    };
    const call = world.phone.call("4711");
    world.until(() => call.state === "answered", "the answer");
    const [other] = world.switch.calls;
    if (other === undefined) throw new Error("no call");
    const heard = world.switch.attend(other);
    call.media.key("5");
    let [on, bursts, wasLoud] = [0, 0, false];
    for (let ms = 0; ms < 1000; ms += 10) {
      world.run(10);
      const isLoud = loudness(heard(), 10) > 1000;
      if (isLoud) on += 10;
      if (isLoud && !wasLoud) bursts++;
      wasLoud = isLoud;
    }
    expect(bursts).toBe(1);
    expect(on).toBeGreaterThanOrEqual(80);
    expect(on).toBeLessThanOrEqual(140);
    call.hangUp();
    world.until(() => call.state === "ended", "the end");
  },
  USER,
);

scenario(
  "a number of the PSTN that stays too short is asked for, waited for, and cleared with 28 [T302 expiry] [SETUP ACKNOWLEDGE] [cause 28]",
  (world) => {
    const called = { digits: "20", nature: "unknown", plan: "isdn" } as const;
    const call = world.switch.place({ called, sendingComplete: false });
    world.until(() => call.kinds.includes("setup-acknowledge"), "SETUP ACKNOWLEDGE");
    const begun = world.now;
    world.until(() => call.cause !== undefined, "the end", 30_000);
    expect(world.now - begun).toBeGreaterThan(14_000);
    expect(call.cause?.value).toBe(28);
    expect(world.phone.incoming).toEqual([]);
    world.until(() => call.over, "the release");
  },
  {
    configuration: [
      "exchange: { enabled: false }",
      'routes: [{ name: in, from: { trunkGroups: [isdn] }, called: "2001", to: [{ peer: loopback }] }]',
    ].join("\n"),
  },
);

scenario(
  "digits one by one are routed as soon as they can be, the rest is gathered [INFORMATION] [SETUP ACKNOWLEDGE] [RFC 3578 §2]",
  (world) => {
    const called = { digits: "2", nature: "unknown", plan: "isdn" } as const;
    const call = world.switch.place({ called, sendingComplete: false });
    world.until(() => call.kinds.includes("setup-acknowledge"), "SETUP ACKNOWLEDGE");
    for (const digit of "0017") {
      call.tell({ kind: "information", digits: digit, sendingComplete: false });
      world.run(300);
    }
    call.tell({ kind: "information", digits: "9", sendingComplete: true });
    world.until(() => world.phone.incoming.length === 1, "the INVITE");
    expect(world.phone.incoming[0]?.invite?.uri).toContain("200179@");
    world.run(500);
    expect(world.phone.incoming).toHaveLength(1);
    call.clear(16);
    world.until(() => call.over, "the end");
  },
  USER,
);

scenario(
  "the number of a SIP caller that a trunk finds too short is 484 with 28; one that grows is a new call [484] [cause 28]",
  (world) => {
    world.switch.onCall = (call) => {
      const isShort = (call.setup?.called.digits.length ?? 0) < 4;
      if (isShort)
        call.tell({ kind: "release", cause: cause(28, "public-network-local", "short") });
      else call.tell({ kind: "connect" }, call.channel);
    };
    const short = world.phone.call("471");
    world.until(() => short.state === "ended", "the refusal");
    expect(short.status).toBe(484);
    const whole = world.phone.call("4711");
    world.until(() => whole.state === "answered", "the answer");
    whole.hangUp();
  },
  USER,
);

scenario(
  "the called SIP side holds and retrieves: NOTIFY 121 and 122 for the PSTN, its music is not asked for [re-INVITE] [NOTIFY] [element notification indicator]",
  (world) => {
    world.phone.onCall = (call) => call.accept();
    const call = world.switch.place();
    world.until(() => call.kinds.includes("connect"), "CONNECT");
    const [callee] = world.phone.incoming;
    if (callee === undefined) throw new Error("no call");
    callee.modify({ direction: "inactive" });
    world.until(() => callee.modified.length === 1, "the hold");
    callee.modify({ direction: "sendrecv" });
    world.until(() => callee.modified.length === 2, "the retrieval");
    world.run(200);
    const notified = call.events.flatMap((e) => (e.kind === "notify" ? [e.description] : []));
    expect(notified).toEqual([121, 122]);
    call.clear(16);
    world.until(() => call.over, "the end");
  },
  USER,
);

scenario(
  "a stream that moves by re-INVITE is heard from its new place [re-INVITE] [RFC 3264 §8.3.1]",
  (world) => {
    const call = world.phone.call("100");
    world.until(() => call.state === "answered", "the answer");
    call.media.speak(babble(89));
    world.run(500);
    world.phone.move(call, 46_500);
    call.modify({});
    world.until(() => call.modified.length === 1, "the 200");
    const source = babble(97);
    call.media.speak(source);
    const stayed = call.media.heard.length;
    world.run(2500);
    expect(call.media.heard.length).toBeGreaterThan(stayed + 100);
    expect(find(call.media.octetsHeard(), source(1600, 8000))).toBeGreaterThan(0);
    expect(world.stray.length).toBeLessThan(5);
    call.hangUp();
  },
);
