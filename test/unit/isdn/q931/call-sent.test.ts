import { describe, expect, test } from "vitest";
import { cause } from "../../../../src/call/index.js";
import type { Element } from "../../../../src/isdn/q931/index.js";
import { because, CallScript, inBand, named, release } from "./call-script.js";

/* We sent SETUP: U1 U2 U3 U4 on the user side, N6 N25 N9 N7 on the network side (Q.931 §5.1, §5.2). */

const SIDES = ["user", "network"] as const;
const NAMES = {
  user: { initiated: "U1", overlap: "U2", proceeding: "U3", delivered: "U4", active: "U10" },
  network: { initiated: "N6", overlap: "N25", proceeding: "N9", delivered: "N7", active: "N10" },
};

describe.each(SIDES)("%s side", (side) => {
  const names = NAMES[side];
  const sent = (options = {}) => new CallScript(side, "sent", options);

  test("SETUP is sent and its answer awaited [SETUP] [T303 start]", () => {
    const call = sent();
    expect(call.first).toEqual(["SETUP"]);
    expect(call.name).toBe(names.initiated);
    expect(call.deadline).toBe(4000);
  });

  test("SETUP is sent once more when nothing answers [T303 expiry]", () => {
    const call = sent();
    expect(call.at(3999)).toEqual([]);
    expect(call.at(4000)).toEqual(["SETUP"]);
    expect(call.deadline).toBe(8000);
    expect(call.name).toBe(names.initiated);
  });

  test("the call is given up when SETUP was not answered twice [T303 expiry] [cause 102] [cause 18]", () => {
    const call = sent();
    call.at(4000);
    const value = side === "user" ? 102 : 18;
    expect(call.at(8000)).toEqual([
      "!T303 expired twice",
      "RELEASE COMPLETE 102",
      `release ${value}`,
    ]);
    expect(call.deadline).toBeUndefined();
    expect(call.name).toMatch(/0$/);
  });

  test.each([
    ["setup-acknowledge", "overlap", "setup-acknowledge on 5"],
    ["call-proceeding", "proceeding", "proceeding on 5"],
    ["alerting", "delivered", "alerting on 5"],
    ["connect", "active", "connect on 5"],
  ] as const)("%s may be the first response [T303 stop]", (type, phase, told) => {
    const call = sent();
    expect(call.hear(type, [], named(5))).toContain(told);
    expect(call.name).toBe(names[phase]);
    expect(call.state.timers.T303).toBeUndefined();
  });

  test("CALL PROCEEDING begins the wait for an answer [CALL PROCEEDING] [T310 start]", () => {
    const call = sent().to("proceeding");
    expect(call.deadline).toBe(side === "user" ? 60_000 : 10_000);
  });

  test.each(["alerting", "connect", "progress"] as const)(
    "%s ends that wait [T310 stop]",
    (type) => {
      const call = sent().to("proceeding");
      call.hear(type, type === "progress" ? [inBand] : []);
      expect(call.state.timers.T310).toBeUndefined();
    },
  );

  test("PROGRESS while digits are sent ends the wait for CALL PROCEEDING [T304 stop]", () => {
    const call = sent().to("overlap");
    call.ask({ kind: "information", digits: "5", sendingComplete: false });
    expect(call.state.timers.T304).toBeDefined();
    expect(call.hear("progress", [inBand])).toEqual(["progress"]);
    expect(call.state.timers.T304).toBeUndefined();
  });

  test.each([1, 8])(
    "CALL PROCEEDING with progress indicator %i: the user listens",
    (description) => {
      const call = sent();
      call.hear("call-proceeding", [{ ...inBand, description } as Element], named(5));
      expect(call.name).toBe(names.proceeding);
      expect(call.deadline).toBe(side === "user" ? undefined : 10_000);
    },
  );

  test("nothing after CALL PROCEEDING clears the call [T310 expiry] [cause 18] [cause 102]", () => {
    const call = sent().to("proceeding");
    const value = side === "user" ? 102 : 18;
    expect(call.at(60_000)).toEqual(["!T310 expired", `disconnect ${value}`, "DISCONNECT 102"]);
    expect(call.name).toBe(side === "user" ? "U11" : "N12");
  });

  test("ALERTING tells that the called user is alerted [ALERTING]", () => {
    const call = sent().to("proceeding");
    expect(call.hear("alerting", [inBand])).toEqual(["alerting"]);
    expect(call.outputs).toMatchObject([
      { event: { progress: [{ description: "in-band-information" }] } },
    ]);
    expect(call.name).toBe(names.delivered);
  });

  test("an alerted user that does not answer [T301 start] [T301 expiry] [cause 19]", () => {
    const call = sent({ timers: { T301: 180_000 } }).to("delivered");
    expect(call.deadline).toBe(180_000);
    expect(call.at(180_000)).toEqual(["!T301 expired", "disconnect 19", "DISCONNECT 102"]);
  });

  test("an answer ends alerting supervision [T301 stop]", () => {
    const call = sent({ timers: { T301: 180_000 } }).to("delivered");
    call.hear("connect");
    expect(call.deadline).toBeUndefined();
  });

  test("CONNECT is acknowledged and the call is active [CONNECT] [CONNECT ACKNOWLEDGE]", () => {
    const call = sent().to("delivered");
    expect(call.hear("connect")).toEqual(["CONNECT ACKNOWLEDGE", "connect"]);
    expect(call.name).toBe(names.active);
    expect(call.deadline).toBeUndefined();
  });

  test("the connected number comes up with the answer [connected number]", () => {
    const call = sent().to("delivered");
    const number = { typeOfNumber: 2, plan: 1, digits: "5559", presentation: 1, screening: 3 };
    call.hear("connect", [{ kind: "connected-number", ...number }]);
    expect(call.outputs.at(-1)).toMatchObject({
      event: {
        connected: { digits: "5559", presentation: "restricted", screening: "network-provided" },
      },
    });
  });

  test("PROGRESS with a cause and in-band information [PROGRESS]", () => {
    const call = sent().to("proceeding");
    expect(call.hear("progress", [because(17), inBand])).toEqual(["progress 17"]);
    expect(call.name).toBe(names.proceeding);
  });

  test.each([
    ["proceeding", "setup-acknowledge"],
    ["proceeding", "call-proceeding"],
    ["delivered", "alerting"],
    ["overlap", "setup-acknowledge"],
    ["active", "connect"],
  ] as const)("in %s a second %s does not fit [cause 101]", (phase, type) => {
    const call = sent().to(phase);
    const state = names[phase].slice(1);
    expect(call.hear(type)).toEqual([`!cause 101 in ${names[phase]}`, `STATUS 101 ${state}`]);
    expect(call.name).toBe(names[phase]);
  });

  test("PROGRESS is no first response [cause 101]", () => {
    const call = sent();
    expect(call.hear("progress", [inBand])).toContainEqual(
      `STATUS 101 ${names.initiated.slice(1)}`,
    );
    expect(call.state.timers.T303).toBeDefined();
  });

  test("a refusal by RELEASE COMPLETE [RELEASE COMPLETE] [T303 stop]", () => {
    const call = sent();
    expect(call.hear("release-complete", [because(34)])).toEqual(["release 34"]);
    expect(call.deadline).toBeUndefined();
  });

  test("our user gives up before and after the first response [DISCONNECT]", () => {
    for (const call of [sent(), sent().to("proceeding"), sent().to("delivered")]) {
      expect(call.ask(release(16))).toEqual(["DISCONNECT 16"]);
      expect(call.name).toBe(side === "user" ? "U11" : "N12");
    }
  });

  describe("overlap sending", () => {
    test("digits go out in INFORMATION, each waiting anew [INFORMATION] [T304 start]", () => {
      const call = sent().to("overlap");
      const first = side === "user" ? 30_000 : 20_000;
      expect(call.deadline).toBe(first);
      call.at(1000);
      expect(call.ask({ kind: "information", digits: "12", sendingComplete: false })).toEqual([
        "INFORMATION 12",
      ]);
      expect(call.deadline).toBe(first + 1000);
    });

    test.each(["call-proceeding", "alerting", "connect"] as const)(
      "%s ends it [T304 stop]",
      (type) => {
        const call = sent().to("overlap");
        call.hear(type);
        expect(call.state.timers.T304).toBeUndefined();
      },
    );

    test("an incomplete number is cleared [T304 expiry] [cause 28] [cause 102]", () => {
      const call = sent().to("overlap");
      const value = side === "user" ? 102 : 28;
      expect(call.at(30_000)).toEqual(["!T304 expired", `disconnect ${value}`, "DISCONNECT 102"]);
    });

    test("digits given too early wait for SETUP ACKNOWLEDGE [SETUP ACKNOWLEDGE]", () => {
      const call = sent();
      expect(call.ask({ kind: "information", digits: "1", sendingComplete: false })).toEqual([]);
      expect(call.ask({ kind: "information", digits: "2", sendingComplete: true })).toEqual([]);
      expect(call.hear("setup-acknowledge", [], named(5))).toEqual([
        "INFORMATION 12",
        "setup-acknowledge on 5",
      ]);
      expect(call.outputs[0]).toMatchObject({
        elements: [{ kind: "sending-complete" }, { digits: "12" }],
      });
    });

    test("digits that waited are of no use when the number was whole already", () => {
      const call = sent();
      call.ask({ kind: "information", digits: "1", sendingComplete: false });
      expect(call.hear("call-proceeding", [], named(5))).toEqual(["proceeding on 5"]);
      expect(call.state.waiting).toBeUndefined();
    });

    test("in-band dial tone with SETUP ACKNOWLEDGE is told", () => {
      const call = sent();
      call.hear("setup-acknowledge", [inBand], named(5));
      expect(call.outputs).toMatchObject([
        { event: { progress: [{ description: "in-band-information" }] } },
      ]);
    });
  });

  describe("channel in the first response", () => {
    test("another channel where ours was preferred [channel negotiation]", () => {
      const call = sent();
      expect(call.hear("call-proceeding", [], named(9))).toEqual(["proceeding on 9"]);
      expect(call.state.channel).toEqual({ timeslot: 9, exclusive: true });
    });

    test("another channel where ours was exclusive is not accepted [cause 6]", () => {
      const call = sent({ channel: { timeslot: 5, exclusive: true } });
      expect(call.hear("call-proceeding", [], named(9))).toEqual(["disconnect 6", "RELEASE 6"]);
      expect(call.name).toBe(side === "user" ? "U19" : "N19");
    });

    test("a channel that is not free is not accepted [cause 6]", () => {
      const call = sent();
      expect(call.hear("setup-acknowledge", [], named(9, false))).toEqual([
        "disconnect 6",
        "RELEASE 6",
      ]);
    });

    test("no word of a channel accepts the one that was named", () => {
      const call = sent();
      expect(call.hear("call-proceeding")).toEqual(["proceeding on 5"]);
    });

    test("no word of a channel where any would do is an element missing [cause 96]", () => {
      const call = sent({ channel: "none" });
      const number = names.initiated.slice(1);
      expect(call.hear("call-proceeding")).toContain(`STATUS 96 ${number}`);
      expect(call.name).toBe(names.initiated);
      expect(call.hear("call-proceeding", [], named(3))).toEqual(["proceeding on 3"]);
    });

    test("a channel that does not exist is an element in error [cause 100]", () => {
      const call = sent();
      expect(call.hear("call-proceeding", [], { kind: "unusable" })).toContain(
        `STATUS 100 ${names.initiated.slice(1)}`,
      );
    });

    test("a channel lost to their call is replaced by the network's choice [call collision]", () => {
      const call = sent();
      call.input({ kind: "channel-lost" });
      expect(call.state.channel).toBeUndefined();
      expect(call.hear("call-proceeding", [], named(7))).toEqual(["proceeding on 7"]);
    });

    test("what later messages say of the channel changes nothing", () => {
      const call = sent().to("proceeding");
      expect(call.hear("alerting", [], named(9))).toEqual(["alerting"]);
      expect(call.state.channel?.timeslot).toBe(5);
    });
  });
});

test("a user need not acknowledge CONNECT where the switch does not want it", () => {
  const call = new CallScript("user", "sent", { habits: { connectAcknowledge: false } });
  expect(call.to("delivered").hear("connect")).toEqual(["connect"]);
});

test("a timer that is switched off is not armed", () => {
  const call = new CallScript("user", "sent", { timers: { T310: null } }).to("proceeding");
  expect(call.deadline).toBeUndefined();
});

test("a user side does not supervise alerting by default, a network side does [T301 start]", () => {
  expect(new CallScript("user", "sent").to("delivered").deadline).toBeUndefined();
  expect(new CallScript("network", "sent").to("delivered").deadline).toBe(180_000);
});

test("a cause that the user gives travels with its location and diagnostics", () => {
  const call = new CallScript("user", "sent").to("active");
  const why = { ...cause(88, "private-network-local", "test"), diagnostics: Uint8Array.of(4) };
  call.ask({ kind: "disconnect", cause: why });
  expect(call.outputs).toMatchObject([
    { elements: [{ value: 88, location: 1, diagnostics: Uint8Array.of(4) }] },
  ]);
});
