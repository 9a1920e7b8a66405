import { describe, expect, test } from "vitest";
import { because, CallScript, disconnect, inBand, named, release, tones } from "./call-script.js";

/* Clearing (Q.931 §5.3): U11 U12 U19, N11 N12 N19. */

const SIDES = ["user", "network"] as const;
const PHASES = ["proceeding", "delivered", "active"] as const;
const ORIGINS = ["sent", "received"] as const;

describe.each(SIDES)("%s side", (side) => {
  const letter = side === "user" ? "U" : "N";
  const sentName = side === "user" ? "U11" : "N12";
  const active = (options = {}) => new CallScript(side, "sent", options).to("active");

  describe.each(ORIGINS.flatMap((origin) => PHASES.map((phase) => [origin, phase] as const)))(
    "a call %s and %s",
    (origin, phase) => {
      const begun = () => new CallScript(side, origin).to(phase);

      test("is cleared by our user [DISCONNECT] [T305 start]", () => {
        const call = begun();
        expect(call.ask(disconnect(16))).toEqual(["DISCONNECT 16"]);
        expect(call.name).toBe(sentName);
        expect(call.state.timers).toEqual({ T305: 30_000 });
      });

      test("is cleared by DISCONNECT [RELEASE] [T308 start]", () => {
        const call = begun();
        expect(call.hear("disconnect", [because(17)])).toEqual(["disconnect 17", "RELEASE 17"]);
        expect(call.name).toBe(`${letter}19`);
        expect(call.state.timers).toEqual({ T308: 4000 });
      });

      test("is cleared by RELEASE [RELEASE COMPLETE]", () => {
        const call = begun();
        expect(call.hear("release", [because(38)])).toEqual(["RELEASE COMPLETE", "release 38"]);
        expect(call.deadline).toBeUndefined();
      });

      test("is cleared by RELEASE COMPLETE (§5.8.4)", () => {
        const call = begun();
        expect(call.hear("release-complete", [because(41)])).toEqual(["release 41"]);
        expect(call.name).toBe(`${letter}0`);
      });

      test("is cleared from inside without a word", () => {
        const call = begun();
        const why = { value: 41, location: "user", steps: [] } as const;
        const origin = { kind: "gateway", what: "restart" } as const;
        expect(call.input({ kind: "clear", cause: { ...why, origin } })).toEqual(["release 41"]);
      });
    },
  );

  test("RELEASE answers our DISCONNECT [T305 stop]", () => {
    const call = active();
    call.ask(disconnect(16));
    expect(call.hear("release")).toEqual(["RELEASE COMPLETE", "release 16"]);
    expect(call.deadline).toBeUndefined();
  });

  test("DISCONNECT that is not answered is followed by RELEASE [T305 expiry]", () => {
    const call = active();
    call.ask(disconnect(16));
    expect(call.at(30_000)).toEqual(["RELEASE 16"]);
    expect(call.state.timers).toEqual({ T308: 34_000 });
  });

  test("both disconnect at once (§5.3.5) [T305 stop] [clear collision]", () => {
    const call = active();
    call.ask(disconnect(16));
    expect(call.hear("disconnect", [because(31)])).toEqual(["RELEASE 31"]);
    expect(call.state.timers.T305).toBeUndefined();
    expect(call.hear("release-complete")).toEqual(["release 16"]);
  });

  test("both release at once: nothing more is sent (§5.3.5) [T308 stop] [clear collision]", () => {
    const call = active();
    call.hear("disconnect", [because(16)]);
    expect(call.hear("release")).toEqual(["release 16"]);
    expect(call.deadline).toBeUndefined();
  });

  test("RELEASE is sent twice [T308 expiry]", () => {
    const call = active();
    call.hear("disconnect", [because(16)]);
    expect(call.at(4000)).toEqual(["RELEASE 16"]);
    expect(call.deadline).toBe(8000);
  });

  test("then its channel is for maintenance and the call over [T308 expiry]", () => {
    const call = active();
    call.hear("disconnect", [because(16)]);
    call.at(4000);
    expect(call.at(8000)).toEqual(["!T308 expired twice", "maintenance 5", "release 16"]);
    expect(call.deadline).toBeUndefined();
  });

  test("RELEASE COMPLETE ends it [T308 stop] [RELEASE COMPLETE]", () => {
    const call = active();
    call.hear("disconnect", [because(16)]);
    expect(call.hear("release-complete")).toEqual(["release 16"]);
    expect(call.deadline).toBeUndefined();
  });

  test("what the far end sent before it heard of clearing is no fault", () => {
    const call = active();
    call.ask(release(16));
    for (const type of [
      "alerting",
      "connect",
      "information",
      "notify",
      "facility",
      "progress",
    ] as const)
      expect(call.hear(type)).toEqual([]);
    expect(call.name).toBe(sentName);
  });

  test("our user's further wishes are too late", () => {
    const call = active();
    call.ask(release(16));
    for (const event of [release(17), disconnect(18), { kind: "notify", description: 0 }] as const)
      expect(call.ask(event)).toEqual([]);
  });

  test("nothing comes after the end", () => {
    const call = active();
    call.hear("release", [because(16)]);
    expect(call.hear("disconnect", [because(16)])).toEqual([]);
    expect(call.ask(release(16))).toEqual([]);
    expect(call.at(1_000_000)).toEqual([]);
  });

  test("what DISCONNECT and RELEASE carry beside the cause comes up [user-user] [Facility]", () => {
    const call = active();
    const charge = { kind: "facility", profile: 17, components: Uint8Array.of(0xa1, 0) } as const;
    const user = { kind: "user-user", protocol: 4, information: Uint8Array.of(0x68) } as const;
    call.hear("disconnect", [because(16), charge, user]);
    expect(call.outputs[0]).toMatchObject({
      event: { userUser: Uint8Array.of(4, 0x68), facility: [Uint8Array.of(0x91, 0xa1, 0)] },
    });
  });

  describe("faulty clearing messages (§5.8.6)", () => {
    const missing = { action: "reject", cause: 96, diagnostics: Uint8Array.of(8) } as const;
    const wrong = { action: "reject", cause: 100, diagnostics: Uint8Array.of(8) } as const;

    test("DISCONNECT without cause: as with 31, RELEASE says 96 [cause 96] [cause 31]", () => {
      const call = active();
      expect(call.hear("disconnect", [], named(5), missing)).toEqual([
        "disconnect 31",
        "RELEASE 96",
      ]);
    });

    test("DISCONNECT with a cause in error: RELEASE says 100 [cause 100]", () => {
      const call = active();
      expect(call.hear("disconnect", [], named(5), wrong)).toEqual([
        "disconnect 31",
        "RELEASE 100",
      ]);
    });

    test("DISCONNECT with what is not understood: RELEASE says 99 [cause 99]", () => {
      const call = active();
      const verdict = { action: "accept", cause: 99, diagnostics: Uint8Array.of(0x55) } as const;
      expect(call.hear("disconnect", [because(16)], named(5), verdict)).toEqual([
        "disconnect 16",
        "RELEASE 99",
      ]);
    });

    test("RELEASE that comes first must say why [cause 96]", () => {
      const call = active();
      expect(call.hear("release")).toEqual(["RELEASE COMPLETE 96", "release 31"]);
    });

    test("RELEASE after DISCONNECT need not", () => {
      const call = active();
      call.ask(disconnect(16));
      expect(call.hear("release")).toEqual(["RELEASE COMPLETE", "release 16"]);
    });

    test("RELEASE in error is answered with 100 [cause 100]", () => {
      const call = active();
      expect(call.hear("release", [because(16)], named(5), wrong)).toEqual([
        "RELEASE COMPLETE 100",
        "release 16",
      ]);
    });

    test("RELEASE COMPLETE in error ends the call as with 31 [cause 31]", () => {
      const call = active();
      expect(call.hear("release-complete", [], named(5), missing)).toEqual(["release 31"]);
    });
  });
});

describe("tones after DISCONNECT", () => {
  test("a user stays to hear them until it releases [DISCONNECT] [T306 start] [T306 stop]", () => {
    const call = new CallScript("user", "sent").to("proceeding");
    expect(call.hear("disconnect", [because(1), inBand])).toEqual(["disconnect 1"]);
    expect(call.outputs).toMatchObject([
      { event: { progress: [{ description: "in-band-information" }] } },
    ]);
    expect(call.name).toBe("U12");
    expect(call.deadline).toBe(30_000);
    expect(call.ask(release(1))).toEqual(["RELEASE 1"]);
    expect(call.state.timers.T306).toBeUndefined();
    expect(call.hear("release-complete")).toEqual(["release 1"]);
  });

  test("a user that hears the network release", () => {
    const call = new CallScript("user", "sent").to("proceeding");
    call.hear("disconnect", [because(1), inBand]);
    expect(call.hear("release", [because(1)])).toEqual(["RELEASE COMPLETE", "release 1"]);
  });

  test("a user that was forgotten releases by itself [T306 expiry]", () => {
    const call = new CallScript("user", "sent").to("active");
    call.hear("disconnect", [because(16), inBand]);
    expect(call.at(30_000)).toEqual(["RELEASE 16"]);
  });

  test("a network gives them for so long [T306 start] [T306 expiry]", () => {
    const call = new CallScript("network", "received").to("proceeding");
    expect(call.ask(disconnect(1, { progress: tones }))).toEqual(["DISCONNECT 1"]);
    expect(call.outputs).toMatchObject([{ elements: [{ kind: "cause" }, { description: 8 }] }]);
    expect(call.state.timers).toEqual({ T306: 30_000 });
    expect(call.at(30_000)).toEqual(["RELEASE 1"]);
  });

  test("a network ends them when the user releases or disconnects [T306 stop]", () => {
    for (const type of ["release", "disconnect"] as const) {
      const call = new CallScript("network", "received").to("proceeding");
      call.ask(disconnect(1, { progress: tones }));
      call.hear(type, [because(16)]);
      expect(call.state.timers.T306).toBeUndefined();
    }
  });

  test("a user has no tones to give: T305 runs as ever [T305 start]", () => {
    const call = new CallScript("user", "received").to("proceeding");
    call.ask(disconnect(1, { progress: tones }));
    expect(call.state.timers).toEqual({ T305: 30_000 });
  });
});
