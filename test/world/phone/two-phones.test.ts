import { describe, expect, test } from "vitest";
import { instant } from "../../../src/core/index.js";
import type { CallReport, Milestone } from "../../../src/phone/index.js";
import { type Conditions, perfectWire, Wire } from "../wire.js";
import { PhoneStation, type Told } from "./station.js";

function twoPhones(seed = 1, conditions: Conditions = perfectWire) {
  const wire = new Wire<Uint8Array>(seed, conditions);
  const alice = new PhoneStation(wire, "192.0.2.1");
  const bob = new PhoneStation(wire, "192.0.2.2");
  const startLines = (from: PhoneStation): string[] => messages(from).map(startLine);
  const messages = (from: PhoneStation): string[] =>
    wire.sent
      .filter((sent) => sent.from === from.address)
      .map(({ packet }) => new TextDecoder().decode(packet));
  return { wire, alice, bob, startLines, messages };
}

function startLine(message: string): string {
  const line = message.split("\r\n", 1)[0] ?? "";
  return line.startsWith("SIP/2.0") ? line.slice(8, 11) : (line.split(" ", 1)[0] ?? "");
}

function reportOf(told: Told): Promise<CallReport> {
  if (told.call === undefined) throw new Error("there was no call");
  return told.call.ended;
}

function endOf(told: Told): (Milestone & { kind: "ended" })["end"] | undefined {
  return told.first("ended")?.end;
}

function expectNothingLeft({ alice, bob, wire }: ReturnType<typeof twoPhones>): void {
  wire.run();
  for (const { phone } of [alice, bob]) {
    expect(phone.faults).toEqual([]);
    expect(phone.liveCalls).toBe(0);
    expect(phone.stack.alive).toEqual({ sessions: 0, dialogs: 0, transactions: 0, timers: 0 });
  }
}

const ringing = (ringMs: number) =>
  ({ answer: { kind: "answer", ringMs, earlyMedia: false } }) as const;
const early = { answer: { kind: "answer", ringMs: 2000, earlyMedia: true } } as const;

describe("a call that is answered", () => {
  test("rings, is answered, and is hung up by the caller in time", async () => {
    const world = twoPhones();
    const { wire, alice, bob, startLines } = world;
    const callee = bob.answer(ringing(2000));
    const caller = alice.call(bob, { talkMs: 3000 });
    wire.run(instant(20_000));

    expect(caller.kinds).toEqual(["placed", "ringing", "media", "answered", "ended"]);
    expect(callee.kinds).toEqual(["incoming", "media", "answered", "ended"]);
    expect(startLines(alice)).toEqual(["INVITE", "PRACK", "ACK", "BYE"]);
    const report = await reportOf(caller);
    expect(report).toMatchObject({
      ...{ answered: true, reached: true, ringingMs: 10, setupMs: 2010 },
      end: { by: "us", causes: [], why: "3 s of talk are over" },
    });
    expect(report.earlyMediaMs).toBeUndefined();
    expect(report.talkedMs).toBe(3010);
    expect(endOf(callee)).toEqual({ by: "far-end", method: "BYE", causes: [] });
    expectNothingLeft(world);
  });

  test("both sides agree on the codec that the caller prefers and the callee has", async () => {
    const world = twoPhones();
    const { wire, alice, bob } = world;
    const callee = bob.answer({ codecs: ["PCMU"], ptimeMs: 30 });
    const caller = alice.call(bob, { codecs: ["PCMA", "PCMU"], ptimeMs: 10, talkMs: 1000 });
    wire.run(instant(20_000));
    const [ours, theirs] = [await reportOf(caller), await reportOf(callee)];
    expect(ours.agreement?.send).toMatchObject({ codec: { name: "PCMU" }, ptimeMs: 30 });
    expect(theirs.agreement?.send).toMatchObject({ codec: { name: "PCMU" }, ptimeMs: 10 });
    expect(ours.agreement?.telephoneEvent).toMatchObject({ events: "0-15" });
    expectNothingLeft(world);
  });

  test("is hung up by the callee's user", () => {
    const world = twoPhones();
    const { wire, alice, bob } = world;
    const callee = bob.answer();
    const caller = alice.call(bob);
    wire.run(instant(1000));
    callee.call?.hangUp();
    expectNothingLeft(world);
    expect(endOf(caller)).toEqual({ by: "far-end", method: "BYE", causes: [] });
    expect(endOf(callee)?.by).toBe("us");
  });
});

describe("where offer and answer travel", () => {
  test("delayed offer: the offer comes in the 200, its answer goes in the ACK", async () => {
    const world = twoPhones();
    const { wire, alice, bob, messages } = world;
    const callee = bob.answer(ringing(1000));
    const caller = alice.call(bob, { delayedOffer: true, talkMs: 1000 });
    wire.run(instant(20_000));
    const [invite, ack] = messages(alice);
    // RFC 3261 §13.2.1: a reliable 180 would have to carry the offer, so this one is not reliable.
    expect(messages(bob)[0]).not.toContain("100rel");
    expect(invite).not.toContain("application/sdp");
    expect(ack).toMatch(/^ACK .*m=audio/s);
    expect((await reportOf(caller)).agreement?.send.codec.name).toBe("PCMA");
    expect((await reportOf(callee)).agreement?.send.codec.name).toBe("PCMA");
    expectNothingLeft(world);
  });

  test("delayed offer with early media: the offer in a reliable 183, its answer in PRACK", async () => {
    const world = twoPhones();
    const { wire, alice, bob, messages } = world;
    bob.answer(early);
    const caller = alice.call(bob, { delayedOffer: true, talkMs: 1000 });
    wire.run(instant(20_000));
    expect(messages(alice)[1]).toMatch(/^PRACK .*m=audio/s);
    expect(messages(alice)[2]).not.toContain("m=audio");
    const report = await reportOf(caller);
    expect(report.earlyMediaMs).toBe(10);
    expect(report.setupMs).toBeGreaterThan(2000);
    expectNothingLeft(world);
  });

  test("delayed offer of a caller that requires 100rel: the 180 is reliable and has the offer", () => {
    const world = twoPhones();
    const { wire, alice, bob, messages } = world;
    bob.answer(ringing(1000));
    const caller = alice.call(bob, { delayedOffer: true, reliability: "required", talkMs: 1000 });
    wire.run(instant(20_000));
    expect(messages(bob)[0]).toMatch(/^SIP\/2.0 180 .*Require: 100rel.*m=audio/s);
    expect(caller.kinds).toEqual(["placed", "ringing", "media", "answered", "ended"]);
    expectNothingLeft(world);
  });

  test("delayed offer without 100rel: no offer of ours goes in an unreliable 183", () => {
    const world = twoPhones();
    const { wire, alice, bob, messages } = world;
    bob.answer(early);
    const caller = alice.call(bob, { delayedOffer: true, reliability: "none", talkMs: 1000 });
    wire.run(instant(20_000));
    expect(messages(bob)[0]).toMatch(/^SIP\/2.0 180 /);
    expect(messages(bob)[0]).not.toContain("m=audio");
    expect(caller.kinds).toEqual(["placed", "ringing", "answered", "media", "ended"]);
    expect(caller.first("media")).toMatchObject({ early: false });
    expectNothingLeft(world);
  });

  test.each([
    ["none", "none", false],
    ["none", "supported", false],
    ["supported", "none", false],
    ["supported", "supported", true],
    ["supported", "required", true],
    ["required", "supported", true],
  ] as const)("early media, caller %s and callee %s of 100rel: PRACK %s", (ours, theirs, prack) => {
    const world = twoPhones();
    const { wire, alice, bob, startLines } = world;
    bob.answer({ ...early, reliability: theirs });
    const caller = alice.call(bob, { reliability: ours, talkMs: 1000 });
    wire.run(instant(20_000));
    expect(startLines(alice).includes("PRACK")).toBe(prack);
    expect(caller.kinds).toEqual(["placed", "media", "progress", "answered", "ended"]);
    expect(caller.first("media")).toMatchObject({ early: true });
    expectNothingLeft(world);
  });
});

describe("a call that is not answered", () => {
  test.each([
    ["required", "none", 420, "Unsupported: 100rel"],
    ["none", "required", 421, "Require: 100rel"],
  ] as const)("caller %s, callee %s of 100rel: %i", (ours, theirs, status, line) => {
    const world = twoPhones();
    const { wire, alice, bob, messages } = world;
    bob.answer({ reliability: theirs });
    const caller = alice.call(bob, { reliability: ours });
    wire.run(instant(1000));
    expect(endOf(caller)).toMatchObject({ by: "far-end", status });
    expect(messages(bob).join()).toContain(line);
    expectNothingLeft(world);
  });

  test("the caller gives up: CANCEL, and the callee stops ringing", () => {
    const world = twoPhones();
    const { wire, alice, bob, startLines } = world;
    const callee = bob.answer(ringing(60_000));
    const caller = alice.call(bob, { giveUpMs: 4000 });
    wire.run(instant(20_000));
    expect(startLines(alice)).toEqual(["INVITE", "PRACK", "CANCEL", "ACK"]);
    expect(endOf(caller)).toMatchObject({ by: "us", status: 487, why: "no answer within 4 s" });
    expect(caller.atOf("ended")).toBe(4010);
    expect(endOf(callee)).toEqual({ by: "far-end", method: "CANCEL", causes: [] });
    expectNothingLeft(world);
  });

  test("it is refused, and the cause in the Reason header is told", () => {
    const world = twoPhones();
    const { wire, alice, bob } = world;
    const headers = [{ name: "Reason", value: 'Q.850;cause=17;text="user busy";location=U' }];
    bob.answer({ answer: { kind: "reject", status: 486, headers } });
    const caller = alice.call(bob);
    wire.run(instant(1000));
    expect(caller.kinds).toEqual(["placed", "ended"]);
    expect(endOf(caller)).toMatchObject({
      ...{ by: "far-end", status: 486, phrase: "Busy Here" },
      causes: [{ protocol: "Q.850", cause: 17, text: "user busy", location: "U" }],
    });
    expectNothingLeft(world);
  });

  test("a phone that answers nobody says 480; a user who hangs up while it rings too", () => {
    const world = twoPhones();
    const { wire, alice, bob } = world;
    const early = alice.call(bob);
    wire.run(instant(1000));
    expect(endOf(early)).toMatchObject({ by: "far-end", status: 480 });
    const callee = bob.answer(ringing(10_000));
    const late = alice.call(bob);
    wire.run(instant(3000));
    callee.call?.hangUp("not now");
    expectNothingLeft(world);
    expect(endOf(late)).toMatchObject({ by: "far-end", status: 480 });
    expect(endOf(callee)).toMatchObject({ by: "us", why: "not now" });
  });

  test("no codec in common: 488 with a Warning that says so", () => {
    const world = twoPhones();
    const { wire, alice, bob } = world;
    bob.answer({ codecs: ["PCMU"] });
    const caller = alice.call(bob, { codecs: ["PCMA"] });
    wire.run(instant(1000));
    expect(endOf(caller)).toMatchObject({ by: "far-end", status: 488 });
    expect(endOf(caller)?.warning).toMatch(/media format/);
    expectNothingLeft(world);
  });

  test("delayed offer without a codec in common: the answer is given up by BYE", () => {
    const world = twoPhones();
    const { wire, alice, bob, startLines } = world;
    const callee = bob.answer({ codecs: ["PCMU"] });
    const caller = alice.call(bob, { codecs: ["PCMA"], delayedOffer: true });
    wire.run(instant(10_000));
    expect(startLines(alice).slice(0, 3)).toEqual(["INVITE", "ACK", "BYE"]);
    expect(endOf(caller)).toMatchObject({ by: "failure", status: 488 });
    expect(callee.kinds).not.toContain("answered");
    expectNothingLeft(world);
  });

  test("nobody is there: the far end was never reached, and Timer B ends it", async () => {
    const world = twoPhones();
    const { wire, alice, bob } = world;
    wire.conditions = { ...perfectWire, loss: 1 };
    const caller = alice.call(bob);
    wire.run(instant(60_000));
    expect(await reportOf(caller)).toMatchObject({
      ...{ answered: false, reached: false },
      end: { by: "failure", status: 408, why: "no answer" },
    });
    expect(caller.atOf("ended")).toBe(32_000);
    expectNothingLeft(world);
  });

  test("giving up where nobody is there ends soon, however long the stack goes on", () => {
    const world = twoPhones();
    const { wire, alice, bob } = world;
    wire.conditions = { ...perfectWire, loss: 1 };
    const caller = alice.call(bob, { giveUpMs: 2000 });
    wire.run(instant(10_000));
    expect(endOf(caller)).toEqual({ by: "us", causes: [], why: "no answer within 2 s" });
    expect(caller.atOf("ended")).toBe(6000);
    expectNothingLeft(world);
  });
});

describe("hold and retrieval", () => {
  test.each(["caller", "callee"] as const)("the %s holds and retrieves", (who) => {
    const world = twoPhones();
    const { wire, alice, bob, messages } = world;
    const callee = bob.answer();
    const caller = alice.call(bob);
    const [holder, held] = who === "caller" ? [caller, callee] : [callee, caller];
    wire.run(instant(1000));
    holder.call?.hold();
    wire.run(instant(2000));
    expect(holder.first("held")).toEqual({ kind: "held", by: "us" });
    expect(held.first("held")).toEqual({ kind: "held", by: "far-end" });
    holder.call?.retrieve();
    wire.run(instant(3000));
    expect(holder.first("retrieved")).toEqual({ kind: "retrieved", by: "us" });
    expect(held.first("retrieved")).toEqual({ kind: "retrieved", by: "far-end" });
    const offers = messages(who === "caller" ? alice : bob).filter((m) => m.startsWith("INVITE"));
    expect(offers.map((m) => /a=(send\w+)/.exec(m)?.[1])).toEqual([
      ...(who === "caller" ? ["sendrecv"] : []),
      "sendonly",
      "sendrecv",
    ]);
    caller.call?.hangUp();
    expectNothingLeft(world);
  });

  test("both hold at the same moment: 491, another try, and both are held", () => {
    const world = twoPhones();
    const { wire, alice, bob, startLines } = world;
    const callee = bob.answer();
    const caller = alice.call(bob);
    wire.run(instant(1000));
    caller.call?.hold();
    callee.call?.hold();
    wire.run(instant(15_000));
    expect([...startLines(alice), ...startLines(bob)]).toContain("491");
    for (const told of [caller, callee]) {
      const holds = told.milestones.filter(({ kind }) => kind === "held");
      expect(holds).toHaveLength(2);
    }
    caller.call?.hangUp();
    expectNothingLeft(world);
  });

  test("a hold that is asked for twice is offered once", () => {
    const world = twoPhones();
    const { wire, alice, bob, startLines } = world;
    bob.answer();
    const caller = alice.call(bob);
    wire.run(instant(1000));
    caller.call?.hold();
    caller.call?.hold();
    wire.run(instant(2000));
    expect(startLines(alice)).toEqual(["INVITE", "ACK", "INVITE", "ACK"]);
    caller.call?.hangUp();
    expectNothingLeft(world);
  });
});

describe("a bad wire, and many calls", () => {
  const bad: Conditions = { latencyMs: 30, jitterMs: 80, loss: 0.2, duplication: 0.1 };

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("loss, disorder and repetition, seed %i", (seed) => {
    const world = twoPhones(seed, bad);
    const { wire, alice, bob } = world;
    const callee = bob.answer(early);
    const caller = alice.call(bob, { talkMs: 5000, delayedOffer: seed % 2 === 0 });
    wire.run(instant(120_000));
    expect(caller.kinds).toContain("answered");
    expect(caller.kinds.at(-1)).toBe("ended");
    expect(callee.kinds.at(-1)).toBe("ended");
    expectNothingLeft(world);
  });

  test("a hundred calls at once", async () => {
    const world = twoPhones();
    const { wire, alice, bob } = world;
    bob.answer(ringing(500));
    const callers = Array.from({ length: 100 }, () => alice.call(bob, { talkMs: 2000 }));
    wire.run(instant(30_000));
    const reports = await Promise.all(callers.map(reportOf));
    expect(reports.every(({ answered }) => answered)).toBe(true);
    expect(bob.calls).toHaveLength(100);
    expectNothingLeft(world);
  });

  test("a phone that is switched off hangs up all its calls first", async () => {
    const world = twoPhones();
    const { wire, alice, bob, startLines } = world;
    bob.answer(ringing(1000));
    const answered = alice.call(bob);
    wire.run(instant(1500));
    const ringingOne = alice.call(bob);
    wire.run(instant(2000));
    const closed = alice.phone.close();
    wire.run(instant(10_000));
    await closed;
    expect(startLines(alice)).toEqual(expect.arrayContaining(["BYE", "CANCEL"]));
    expect(endOf(answered)).toMatchObject({ by: "us", why: "the phone is switched off" });
    expect(endOf(ringingOne)).toMatchObject({ by: "us", status: 487 });
  });
});
