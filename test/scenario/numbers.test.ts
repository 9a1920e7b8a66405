import { expect } from "vitest";
import { babble, beginningOf, find } from "./speech.js";
import { scenario } from "./world.js";

for (const number of ["100", "110"]) {
  scenario(`${number} gives back the very octets of A-law [INVITE] [SETUP] [CONNECT]`, (world) => {
    const call = world.phone.call(number);
    world.until(() => call.state === "answered", "the answer");
    const source = babble();
    call.media.speak(source);
    world.run(4000);
    expect(find(call.media.octetsHeard(), beginningOf(source, 16_000))).toBeGreaterThan(0);
    call.hangUp();
    world.run(500);
    expect(call.end?.kind).toBe("local");
  });
}

scenario("101 is the digital milliwatt of G.711 table 5, octet for octet", (world) => {
  const call = world.phone.call("101");
  world.until(() => call.state === "answered", "the answer");
  world.run(1000);
  const period = [0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4];
  const heard = call.media.octetsHeard();
  const from = find(heard, Uint8Array.from(period));
  expect(from).toBeGreaterThan(-1);
  const rest = heard.subarray(from, from + 4000);
  expect(rest.every((octet, i) => octet === period[i % 8])).toBe(true);
  call.hangUp();
});

scenario("103 plays the digits back that came as telephone-events [RFC 4733]", (world) => {
  const call = world.phone.call("103");
  world.until(() => call.state === "answered", "the answer");
  world.run(300);
  call.media.key("159D#");
  world.run(4000);
  expect(call.media.digitsHeard).toBe("159D");
  call.hangUp();
});

scenario(
  "104 rings until the caller gives up: CANCEL, 487, DISCONNECT 16 [CANCEL] [cause 16]",
  (world) => {
    const call = world.phone.call("104");
    world.until(() => call.statuses.includes(180), "ringing");
    world.run(20_000);
    call.hangUp();
    world.until(() => call.state === "ended", "the end");
    expect(call.status).toBe(487);
    expect(world.ladder("gateway").some((line) => /DISCONNECT.*cause 16/.test(line))).toBe(true);
  },
);

scenario(
  "105 lets its ringing tone be heard before the answer [early media] [PROGRESS]",
  (world) => {
    const call = world.phone.call("105", { reliability: "supported" });
    world.until(() => call.statuses.includes(180), "ringing");
    world.run(2000);
    expect(call.state).toBe("trying");
    expect(call.theirs).toHaveLength(1);
    const tone = call.media.octetsHeard().filter((octet) => (octet | 0x80) !== 0xd5);
    expect(tone.length).toBeGreaterThan(4000);
    world.until(() => call.state === "answered", "the answer");
    call.hangUp();
  },
);

scenario(
  "106 is heard as 183 and ends in 404 with cause 1 [early media] [cause 1] [404]",
  (world) => {
    const call = world.phone.call("106");
    world.until(() => call.state === "ended", "the end", 20_000);
    expect(call.statuses).toEqual([183]);
    expect(call.status).toBe(404);
    expect(call.reason).toMatch(/Q\.850 *; *cause=1\b/);
    expect(call.media.octetsHeard().length).toBeGreaterThan(30_000);
  },
);

scenario("107 hangs up by itself: BYE with cause 16 [BYE] [DISCONNECT] [cause 16]", (world) => {
  const call = world.phone.call("107");
  world.until(() => call.state === "ended", "the end", 20_000);
  expect(call.reason).toMatch(/Q\.850 *; *cause=16\b/);
});

for (const number of ["102", "108", "109"]) {
  scenario(`${number} is heard without a gap in its packets`, (world) => {
    const call = world.phone.call(number);
    world.until(() => call.state === "answered", "the answer");
    const before = call.media.heard.length;
    world.run(3000);
    const packets = call.media.heard.slice(before);
    expect(packets.length).toBe(150);
    packets.slice(1).forEach((packet, i) => {
      expect(packet.sequence).toBe(((packets[i]?.sequence ?? 0) + 1) & 0xffff);
      expect(packet.timestamp).toBe(((packets[i]?.timestamp ?? 0) + 160) >>> 0);
    });
    call.hangUp();
  });
}

scenario(
  "a number that is none is 404, a beginning of one 484 [cause 1] [cause 28] [484]",
  (world) => {
    const wrong = world.phone.call("999");
    world.until(() => wrong.state === "ended", "the end");
    expect(wrong.status).toBe(404);
    const short = world.phone.call("85");
    world.until(() => short.state === "ended", "the end", 20_000);
    expect(short.status).toBe(484);
  },
);
