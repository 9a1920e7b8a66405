import { describe, expect, test } from "vitest";
import { because, CallScript, disconnect, inBand, release, tones } from "./call-script.js";

/* They sent SETUP: N1 N2 N3 N4 on the network side, U6 U25 U9 U7 U8 on the user side (Q.931 §5.1, §5.2). */

const SIDES = ["user", "network"] as const;
const NAMES = {
  user: { initiated: "U6", overlap: "U25", proceeding: "U9", delivered: "U7", active: "U10" },
  network: { initiated: "N1", overlap: "N2", proceeding: "N3", delivered: "N4", active: "N10" },
};

describe.each(SIDES)("%s side", (side) => {
  const names = NAMES[side];
  const received = (options = {}) => new CallScript(side, "received", options);

  test("CALL PROCEEDING names the channel [CALL PROCEEDING]", () => {
    const call = received();
    expect(call.ask({ kind: "proceeding" })).toEqual(["CALL PROCEEDING"]);
    expect(call.outputs).toMatchObject([
      { elements: [{ kind: "channel-identification", channel: { channels: { numbers: [5] } } }] },
    ]);
    expect(call.name).toBe(names.proceeding);
  });

  test("a channel that our user grants instead is named [channel negotiation]", () => {
    const call = received();
    call.ask({ kind: "proceeding" }, { timeslot: 8, exclusive: true });
    expect(call.outputs).toMatchObject([
      { elements: [{ exclusive: true, channel: { channels: { numbers: [8] } } }] },
    ]);
    expect(call.state.channel?.timeslot).toBe(8);
  });

  test("the channel is named once", () => {
    const call = received().to("proceeding");
    call.ask({ kind: "alerting" });
    expect(call.outputs).toEqual([{ kind: "send", type: "alerting", elements: [] }]);
  });

  test("without a channel to give the call is refused [cause 34]", () => {
    const call = received({ channel: "none" });
    expect(call.ask({ kind: "proceeding" })).toEqual(["RELEASE COMPLETE 34", "release 34"]);
  });

  test.each([
    ["alerting", "delivered", "ALERTING"],
    ["connect", undefined, "CONNECT"],
    ["progress", "proceeding", "PROGRESS"],
  ] as const)(
    "%s at once; a caller hears CALL PROCEEDING first where it must",
    (kind, phase, message) => {
      const call = received();
      const first = side === "network" || kind === "progress" ? ["CALL PROCEEDING"] : [];
      expect(call.ask({ kind })).toEqual([...first, message]);
      if (phase !== undefined) expect(call.name).toBe(names[phase]);
    },
  );

  test("ALERTING with in-band information, then CONNECT [ALERTING] [CONNECT]", () => {
    const call = received().to("proceeding");
    expect(call.ask({ kind: "alerting", progress: tones })).toEqual(["ALERTING"]);
    expect(call.outputs).toMatchObject([{ elements: [{ description: 8, location: 2 }] }]);
    expect(call.ask({ kind: "connect" })).toEqual(["CONNECT"]);
    expect(call.name).toBe(side === "user" ? "U8" : "N10");
  });

  test("CONNECT carries the connected number [connected number]", () => {
    const call = received().to("delivered");
    call.ask({
      kind: "connect",
      connected: {
        digits: "5559",
        nature: "national",
        plan: "isdn",
        presentation: "restricted",
        screening: "network-provided",
      },
    });
    expect(call.outputs).toMatchObject([
      {
        elements: [
          {
            kind: "connected-number",
            digits: "5559",
            typeOfNumber: 2,
            presentation: 1,
            screening: 3,
          },
        ],
      },
    ]);
  });

  test("a refusal before any answer is RELEASE COMPLETE [RELEASE COMPLETE]", () => {
    for (const event of [release(21), disconnect(21)])
      expect(received().ask(event)).toEqual(["RELEASE COMPLETE 21", "release 21"]);
  });

  test("a refusal afterwards is DISCONNECT [DISCONNECT]", () => {
    expect(received().to("proceeding").ask(release(17))).toEqual(["DISCONNECT 17"]);
  });

  test("the caller gives up before anything was answered [RELEASE COMPLETE]", () => {
    const call = received();
    expect(call.hear("release-complete", [because(16)])).toEqual(["release 16"]);
  });

  test("the caller disconnects before anything was answered", () => {
    const call = received();
    expect(call.hear("disconnect", [because(16)])).toEqual(["disconnect 16", "RELEASE 16"]);
  });

  test("SETUP again for a call that there is, is ignored (§5.8.3.2 e)", () => {
    const call = received().to("proceeding");
    expect(call.hear("setup")).toEqual([]);
    expect(call.name).toBe(names.proceeding);
  });

  test("INFORMATION before SETUP ACKNOWLEDGE does not fit [cause 101]", () => {
    expect(received().hear("information")).toContain(`STATUS 101 ${names.initiated.slice(1)}`);
  });

  describe("overlap receiving", () => {
    const overlap = () => received({ overlap: true });

    test("SETUP ACKNOWLEDGE asks for digits [SETUP ACKNOWLEDGE] [T302 start]", () => {
      const call = overlap();
      expect(call.ask({ kind: "setup-acknowledge", progress: tones })).toEqual([
        "SETUP ACKNOWLEDGE",
      ]);
      expect(call.name).toBe(names.overlap);
      expect(call.deadline).toBe(15_000);
    });

    test("a whole number is answered by CALL PROCEEDING, whatever was asked for", () => {
      expect(received().ask({ kind: "setup-acknowledge" })).toEqual(["CALL PROCEEDING"]);
    });

    test("digits come up as information and the wait begins anew [INFORMATION] [T302 start]", () => {
      const call = overlap().to("overlap");
      call.at(5000);
      expect(call.hear("information", [digits("34")])).toEqual(["information"]);
      expect(call.outputs).toMatchObject([{ event: { digits: "34", sendingComplete: false } }]);
      expect(call.deadline).toBe(20_000);
    });

    test("sending complete ends the wait [T302 stop]", () => {
      const call = overlap().to("overlap");
      call.hear("information", [{ kind: "sending-complete" }, digits("5")]);
      expect(call.outputs).toMatchObject([{ event: { digits: "5", sendingComplete: true } }]);
      expect(call.deadline).toBeUndefined();
    });

    test.each(["proceeding", "alerting", "connect"] as const)(
      "%s ends the wait [T302 stop]",
      (kind) => {
        const call = overlap().to("overlap");
        call.ask({ kind });
        expect(call.state.timers.T302).toBeUndefined();
      },
    );

    test("who knows the numbering plan is told that no more digits come [T302 expiry]", () => {
      const call = overlap().to("overlap");
      expect(call.at(15_000)).toEqual(["information"]);
      expect(call.outputs).toMatchObject([{ event: { digits: "", sendingComplete: true } }]);
      expect(call.ask(disconnect(28))).toEqual(["DISCONNECT 28"]);
    });

    test("digits that crossed CALL PROCEEDING are no fault", () => {
      const call = overlap().to("overlap");
      call.ask({ kind: "proceeding" });
      expect(call.hear("information", [digits("9")])).toEqual([]);
    });
  });
});

describe("user side, CONNECT sent", () => {
  const answered = () => {
    const call = new CallScript("user", "received").to("delivered");
    call.ask({ kind: "connect" });
    return call;
  };

  test("CONNECT ACKNOWLEDGE is awaited [T313 start]", () => {
    expect(answered().deadline).toBe(4000);
  });

  test("and makes the call active [CONNECT ACKNOWLEDGE] [T313 stop]", () => {
    const call = answered();
    expect(call.hear("connect-acknowledge")).toEqual([]);
    expect(call.name).toBe("U10");
    expect(call.deadline).toBeUndefined();
  });

  test("its absence clears the call [T313 expiry] [cause 102]", () => {
    expect(answered().at(4000)).toEqual(["!T313 expired", "disconnect 102", "DISCONNECT 102"]);
  });

  test("the network disconnects instead", () => {
    expect(answered().hear("disconnect", [because(26)])).toEqual(["disconnect 26", "RELEASE 26"]);
  });
});

describe("network side", () => {
  test("CONNECT makes the call active, CONNECT ACKNOWLEDGE may come or not [CONNECT ACKNOWLEDGE]", () => {
    const call = new CallScript("network", "received").to("active");
    expect(call.name).toBe("N10");
    expect(call.hear("connect-acknowledge")).toEqual([]);
  });

  test("tones with DISCONNECT before any answer: the channel is given first [T306 start]", () => {
    const call = new CallScript("network", "received");
    expect(call.ask(disconnect(1, { progress: tones }))).toEqual([
      "CALL PROCEEDING",
      "DISCONNECT 1",
    ]);
    expect(call.state.timers).toEqual({ T306: 30_000 });
  });

  test("a user's own tones in DISCONNECT are not heard by a network", () => {
    const call = new CallScript("network", "received").to("delivered");
    expect(call.hear("disconnect", [because(16), inBand])).toEqual(["disconnect 16", "RELEASE 16"]);
  });
});

test("NI-2 asks for no digits: SETUP ACKNOWLEDGE becomes CALL PROCEEDING", () => {
  const call = new CallScript("network", "received", { profile: "ni2" });
  expect(call.ask({ kind: "setup-acknowledge" })).toEqual(["CALL PROCEEDING"]);
});

test("a slot map names the channel where the switch wants one", () => {
  const map = (profile: "etsi" | "ni2", timeslot: number) => {
    const habits = { channelForm: "map", interfaceIdentifier: [3] } as const;
    const channel = { timeslot, exclusive: true };
    const call = new CallScript("network", "received", { profile, habits, channel });
    call.ask({ kind: "proceeding" });
    return call.outputs;
  };
  const octets = (...map: number[]) => [
    {
      elements: [
        { interfaceIdentifier: [3], channel: { channels: { map: Uint8Array.from(map) } } },
      ],
    },
  ];
  expect(map("etsi", 31)).toMatchObject(octets(0x80, 0, 0, 0));
  expect(map("etsi", 1)).toMatchObject(octets(0, 0, 0, 2));
  expect(map("ni2", 1)).toMatchObject(octets(0, 0, 1));
  expect(map("ni2", 24)).toMatchObject(octets(0x80, 0, 0));
});

function digits(text: string) {
  return { kind: "called-party-number", typeOfNumber: 0, plan: 1, digits: text } as const;
}
