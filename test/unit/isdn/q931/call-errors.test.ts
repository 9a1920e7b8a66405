import { describe, expect, test } from "vitest";
import { because, CallScript, disconnect, inBand, named } from "./call-script.js";

/* STATUS, STATUS ENQUIRY and errors (Q.931 §5.8.4 to §5.8.12), data link (§5.8.8, §5.8.9). */

const SIDES = ["user", "network"] as const;

function status(value: number, state: number) {
  return [because(value), { kind: "call-state", codingStandard: 0, value: state }] as const;
}

describe.each(SIDES)("%s side", (side) => {
  const letter = side === "user" ? "U" : "N";
  const active = (options = {}) => new CallScript(side, "sent", options).to("active");

  test("STATUS ENQUIRY is answered in every state [STATUS ENQUIRY] [STATUS] [cause 30]", () => {
    const numbers = side === "user" ? [1, 2, 3, 4, 10] : [6, 25, 9, 7, 10];
    const calls = [
      new CallScript(side, "sent"),
      ...(["overlap", "proceeding", "delivered", "active"] as const).map((phase) =>
        new CallScript(side, "sent").to(phase),
      ),
    ];
    calls.forEach((call, index) => {
      expect(call.hear("status-enquiry")).toEqual([`STATUS 30 ${numbers[index]}`]);
    });
    const cleared = active();
    cleared.ask(disconnect(16));
    expect(cleared.hear("status-enquiry")).toEqual([`STATUS 30 ${side === "user" ? 11 : 12}`]);
    const releasing = active();
    releasing.hear("disconnect", [because(16)]);
    expect(releasing.hear("status-enquiry")).toEqual(["STATUS 30 19"]);
  });

  test("we enquire, and the answer fits [STATUS ENQUIRY] [T322 start] [T322 stop]", () => {
    const call = active();
    expect(call.input({ kind: "status-enquiry" })).toEqual(["STATUS ENQUIRY"]);
    expect(call.deadline).toBe(4000);
    expect(call.input({ kind: "status-enquiry" })).toEqual([]);
    expect(call.hear("status", status(30, 10))).toEqual([]);
    expect(call.deadline).toBeUndefined();
  });

  test("a clearing message is an answer as well [T322 stop]", () => {
    const call = active();
    call.input({ kind: "status-enquiry" });
    call.hear("disconnect", [because(16)]);
    expect(call.state.timers.T322).toBeUndefined();
  });

  test("we enquire once more, then clear [T322 expiry] [cause 41]", () => {
    const call = active();
    call.input({ kind: "status-enquiry" });
    expect(call.at(4000)).toEqual(["STATUS ENQUIRY"]);
    expect(call.at(8000)).toEqual(["!T322 expired", "disconnect 41", "DISCONNECT 41"]);
  });

  test("their null state ends the call at once (§5.8.11 c)", () => {
    expect(active().hear("status", status(30, 0))).toEqual(["release 41"]);
    expect(active().hear("status", status(97, 0)).at(-1)).toBe("release 97");
  });

  test("a state that does not fit clears the call [STATUS] [cause 101]", () => {
    const call = active();
    const heard = call.hear("status", status(30, 3));
    expect(heard.slice(1)).toEqual(["disconnect 101", "DISCONNECT 101"]);
  });

  test("no state is acted upon when we are releasing (§5.8.11 b)", () => {
    const call = active();
    call.hear("disconnect", [because(16)]);
    expect(call.hear("status", status(30, 10))).toEqual([]);
    expect(call.name).toBe(`${letter}19`);
  });

  test("what we asked to clear may still be active over there", () => {
    const call = active();
    call.ask(disconnect(16));
    expect(call.hear("status", status(30, 10))).toEqual([]);
  });

  test("a far end that has not heard our answers yet is not wrong", () => {
    const numbers = side === "user" ? [6, 9, 7] : [1, 3, 4];
    for (const number of numbers) {
      const call = new CallScript(side, "received").to("delivered");
      expect(call.hear("status", status(30, number)), `state ${number}`).toEqual([]);
    }
  });

  test("a far end that is ahead of the call it answers is wrong [cause 101]", () => {
    const call = new CallScript(side, "received").to("proceeding");
    expect(call.hear("status", status(30, 10))).toContain("DISCONNECT 101");
  });

  test("a state that does not fit before we answered refuses the call [cause 101]", () => {
    const call = new CallScript(side, "received");
    expect(call.hear("status", status(30, 10))).toContain("RELEASE COMPLETE 101");
  });

  test("a complaint with a fitting state is noted and the call goes on [cause 99]", () => {
    const call = active();
    expect(call.hear("status", status(99, 10))).toEqual([
      `!STATUS: state 10, cause 99, ours ${letter}10`,
    ]);
    expect(call.name).toBe(`${letter}10`);
  });

  test("STATUS without a state is not answered with STATUS", () => {
    const verdict = { action: "reject", cause: 96 } as const;
    expect(active().hear("status", [because(30)], named(5), verdict)).toEqual([
      "!STATUS without cause or call state",
    ]);
  });

  test("an unknown message type [STATUS] [cause 97]", () => {
    const call = active();
    expect(call.input({ kind: "unknown-message", code: 0x7c })).toContain("STATUS 97 10");
    expect(call.outputs.at(-1)).toMatchObject({
      elements: [{ diagnostics: Uint8Array.of(0x7c) }, {}],
    });
  });

  test.each(["suspend", "resume", "congestion-control"] as const)(
    "%s is of basic rate or of packets [SUSPEND] [RESUME] [CONGESTION CONTROL] [cause 97]",
    (type) => {
      expect(active().hear(type)).toContain("STATUS 97 10");
    },
  );

  test("a message with a mandatory element missing or wrong is not acted upon [cause 96] [cause 100]", () => {
    for (const cause of [96, 100]) {
      const call = new CallScript(side, "sent").to("proceeding");
      const diagnostics = Uint8Array.of(0x1e);
      const heard = call.hear("progress", [], named(5), { action: "reject", cause, diagnostics });
      expect(heard).toContain(`STATUS ${cause} ${side === "user" ? 3 : 9}`);
      expect(heard).not.toContain("progress");
      expect(call.state.timers.T310).toBeDefined();
    }
  });

  test("a message with something not understood is acted upon and STATUS says so [cause 99] [cause 43]", () => {
    for (const cause of [99, 43, 100]) {
      const call = new CallScript(side, "sent").to("proceeding");
      expect(call.hear("alerting", [], named(5), { action: "accept", cause })).toEqual([
        "alerting",
        `STATUS ${cause} ${side === "user" ? 4 : 7}`,
      ]);
    }
  });

  test("STATUS about elements may be switched off", () => {
    const call = active({ habits: { reportsElements: false } });
    const verdict = { action: "accept", cause: 99 } as const;
    const notification = { kind: "notification-indicator", description: 0 } as const;
    expect(call.hear("notify", [notification], named(5), verdict)).toEqual(["notify"]);
  });

  test("a second SETUP's faults are told with the call that was made of the first", () => {
    const call = new CallScript(side, "received");
    const verdict = { action: "accept", cause: 99, diagnostics: Uint8Array.of(0x55) } as const;
    expect(call.input({ kind: "faults", verdict })).toEqual([
      `STATUS 99 ${side === "user" ? 6 : 1}`,
    ]);
  });

  describe("data link", () => {
    test("an active call is kept for T309 [T309 start]", () => {
      const call = active();
      expect(call.input({ kind: "data-link", change: "lost" })).toEqual([]);
      expect(call.deadline).toBe(90_000);
      expect(call.input({ kind: "data-link", change: "lost" })).toEqual([]);
    });

    test("and goes on when the link is back in time [T309 stop] [STATUS ENQUIRY]", () => {
      const call = active();
      call.input({ kind: "data-link", change: "lost" });
      call.at(89_999);
      expect(call.input({ kind: "data-link", change: "restored" })).toEqual(["STATUS ENQUIRY"]);
      expect(call.state.timers.T309).toBeUndefined();
      expect(call.name).toBe(`${letter}10`);
    });

    test("or is cleared when it is not [T309 expiry] [cause 27]", () => {
      const call = active();
      call.input({ kind: "data-link", change: "lost" });
      expect(call.at(90_000)).toEqual(["!T309 expired", "repair 5", "release 27"]);
    });

    test("without T309 it is cleared at once [cause 27]", () => {
      const call = active({ timers: { T309: null } });
      expect(call.input({ kind: "data-link", change: "lost" })).toEqual(["repair 5", "release 27"]);
    });

    test("a wish to clear waits for the link", () => {
      const call = active();
      call.input({ kind: "data-link", change: "lost" });
      expect(call.ask(disconnect(16))).toEqual([]);
      expect(call.input({ kind: "data-link", change: "restored" })).toEqual(["DISCONNECT 16"]);
    });

    test("or ends with T309 and its own cause", () => {
      const call = active();
      call.input({ kind: "data-link", change: "lost" });
      call.ask(disconnect(16));
      expect(call.at(90_000)).toContain("release 16");
    });

    test.each(["overlap", "proceeding", "delivered"] as const)(
      "a call %s is cleared at once [cause 27]",
      (phase) => {
        const call = new CallScript(side, "sent").to(phase);
        expect(call.input({ kind: "data-link", change: "lost" })).toEqual([
          "repair 5",
          "release 27",
        ]);
        expect(call.deadline).toBeUndefined();
      },
    );

    test("a call that is being cleared ends with its own cause", () => {
      const call = active();
      call.ask(disconnect(16));
      expect(call.input({ kind: "data-link", change: "lost" })).toEqual(["repair 5", "release 16"]);
    });

    test("a reset clears a number under way [cause 41]", () => {
      const call = new CallScript(side, "sent").to("overlap");
      expect(call.input({ kind: "data-link", change: "reset" })).toEqual([
        "disconnect 41",
        "DISCONNECT 41",
      ]);
    });

    test("a reset leaves calls in establishment, and asks about active ones", () => {
      const begun = new CallScript(side, "sent").to("proceeding");
      expect(begun.input({ kind: "data-link", change: "reset" })).toEqual([]);
      expect(active().input({ kind: "data-link", change: "reset" })).toEqual(["STATUS ENQUIRY"]);
    });
  });

  describe("an active call", () => {
    test("hands on notifications, facilities and user information [NOTIFY] [FACILITY] [USER INFORMATION]", () => {
      const call = active();
      call.hear("notify", [{ kind: "notification-indicator", description: 0x79 }]);
      expect(call.outputs).toMatchObject([{ event: { kind: "notify", description: 0x79 } }]);
      call.hear("facility", [
        { kind: "facility", profile: 17, components: Uint8Array.of(0xa1, 1, 0) },
      ]);
      expect(call.outputs).toMatchObject([
        { event: { kind: "facility", facility: [Uint8Array.of(0x91, 0xa1, 1, 0)] } },
      ]);
      call.hear("user-information", [
        { kind: "user-user", protocol: 4, information: Uint8Array.of(1) },
      ]);
      expect(call.outputs).toMatchObject([
        { event: { kind: "user-information", userUser: Uint8Array.of(4, 1) } },
      ]);
    });

    test("sends them [NOTIFY] [FACILITY] [USER INFORMATION] [INFORMATION]", () => {
      const call = active();
      expect(call.ask({ kind: "notify", description: 0 })).toEqual(["NOTIFY"]);
      expect(call.ask({ kind: "suspend", by: "network" })).toEqual(["NOTIFY"]);
      expect(call.outputs).toMatchObject([{ elements: [{ description: 0 }] }]);
      expect(call.ask({ kind: "resume", by: "network" })).toEqual(["NOTIFY"]);
      expect(call.outputs).toMatchObject([{ elements: [{ description: 1 }] }]);
      expect(call.ask({ kind: "facility", facility: [Uint8Array.of(0x91, 0xa1, 0)] })).toEqual([
        "FACILITY",
      ]);
      expect(call.ask({ kind: "user-information", userUser: Uint8Array.of(4, 1) })).toEqual([
        "USER INFORMATION",
      ]);
      const keypad = {
        kind: "information",
        digits: "",
        sendingComplete: false,
        keypad: "*1",
      } as const;
      expect(call.ask(keypad)).toEqual(side === "user" ? ["INFORMATION *1"] : []);
    });

    test("hears keypad digits and displays [INFORMATION]", () => {
      const call = active();
      call.hear("information", [{ kind: "keypad-facility", digits: "12#" }]);
      expect(call.outputs).toMatchObject([{ event: { kind: "information", keypad: "12#" } }]);
      call.hear("information", [{ kind: "display", text: "Hello" }]);
      expect(call.outputs).toMatchObject([{ event: { kind: "information", display: "Hello" } }]);
      expect(call.hear("information")).toEqual([]);
    });

    test("hears progress", () => {
      expect(active().hear("progress", [inBand])).toEqual(["progress"]);
    });
  });
});

test("a user in U12 whose network has moved on releases with 101 [STATUS] [cause 101]", () => {
  const call = new CallScript("user", "sent").to("proceeding");
  call.hear("disconnect", [because(1), inBand]);
  expect(call.hear("status", status(30, 12))).toEqual([]);
  expect(call.hear("status", status(30, 10)).at(-1)).toBe("RELEASE 101");
});

test("an unanswered enquiry while clearing is only noted [T322 expiry]", () => {
  const call = new CallScript("user", "sent").to("active");
  call.ask(disconnect(16));
  call.input({ kind: "status-enquiry" });
  call.at(4000);
  expect(call.at(8000)).toEqual(["!T322 expired"]);
  expect(call.name).toBe("U11");
});
