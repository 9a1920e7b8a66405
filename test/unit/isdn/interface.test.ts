import { describe, expect, test } from "vitest";
import {
  callReference,
  composeMessage,
  element,
  indicateChannels,
  printMessage,
  selectChannel,
} from "../../../src/isdn/q931/index.js";
import {
  causeOf,
  hangUp,
  InterfaceScript,
  ourSetup,
  ours,
  setupElements,
  theirs,
} from "./interface-script.js";

const SIDES = ["user", "network"] as const;

describe.each(SIDES)("%s side", (side) => {
  const script = (options = {}) => new InterfaceScript({ side, ...options }).start();

  describe("their SETUP (§5.1.2, §5.2.3)", () => {
    test("comes up with the channel that is kept for it [SETUP]", () => {
      const wire = script();
      expect(
        wire.hear("setup", theirs(1), setupElements({ timeslot: 2, exclusive: true })),
      ).toEqual(["setup on 2!"]);
      expect(wire.side.snapshot()).toMatchObject({
        calls: [{ reference: 1, state: side === "user" ? "U6" : "N1", timeslot: 2 }],
      });
    });

    test("answers carry the reference with the flag turned (§4.3)", () => {
      const wire = script();
      wire.hear("setup", theirs(77), setupElements());
      expect(wire.call(wire.newest, { kind: "proceeding" })).toEqual(["CALL PROCEEDING 77<"]);
    });

    test("its preferred channel is in use: another one is kept [channel negotiation]", () => {
      const wire = script();
      wire.hear("setup", theirs(1), setupElements());
      const said = wire.hear("setup", theirs(2), setupElements());
      expect(said).toEqual([side === "user" ? "setup on 4" : "setup on 2"]);
      wire.call(wire.newest, { kind: "proceeding" });
      const answer = wire.sent.at(-1);
      expect(answer && element(answer, "channel-identification")).toMatchObject({
        exclusive: true,
        channel: { channels: { numbers: [side === "user" ? 4 : 2] } },
      });
    });

    test("our user grants yet another one [channel negotiation]", () => {
      const wire = script();
      wire.hear("setup", theirs(1), setupElements());
      wire.call(wire.newest, { kind: "alerting" }, { timeslot: 3, exclusive: true });
      expect(wire.side.snapshot().calls).toMatchObject([{ timeslot: 3 }]);
      expect(wire.hear("release", theirs(1), [causeOf(16)]).at(-1)).toBe("free 3");
    });

    test("a channel granted that is not free, or not the exclusive one, is not given", () => {
      const wire = script();
      wire.hear("setup", theirs(1), setupElements({ timeslot: 3, exclusive: true }));
      wire.call(wire.newest, { kind: "proceeding" }, { timeslot: 2, exclusive: true });
      wire.hear("setup", theirs(2), setupElements());
      wire.call(wire.newest, { kind: "proceeding" }, { timeslot: 3, exclusive: true });
      expect(wire.side.snapshot().calls.map(({ timeslot }) => timeslot)).toEqual([3, 1]);
    });

    test("any channel [channel negotiation]", () => {
      const wire = script();
      const elements = [...setupElements(), selectChannel("any", false)];
      const bare = elements.filter(
        (one) => one.kind !== "channel-identification" || one.selection === 3,
      );
      expect(wire.hear("setup", theirs(1), bare)).toEqual([
        side === "user" ? "setup on 4" : "setup on 1",
      ]);
    });

    test("its exclusive channel is in use [cause 44]", () => {
      const wire = script();
      wire.hear("setup", theirs(1), setupElements());
      expect(
        wire.hear("setup", theirs(2), setupElements({ timeslot: 1, exclusive: true })),
      ).toEqual(["!SETUP refused with cause 44", "RELEASE COMPLETE 2< cause 44"]);
    });

    test("no channel is free, and a flood of them costs no state [cause 34]", () => {
      const wire = script();
      for (let call = 1; call <= 4; call++)
        wire.hear("setup", theirs(call), setupElements({ timeslot: call, exclusive: false }));
      for (let call = 5; call < 200; call++)
        expect(wire.hear("setup", theirs(call), setupElements())).toContain(
          `RELEASE COMPLETE ${call}< cause 34`,
        );
      expect(wire.side.snapshot().calls).toHaveLength(4);
    });

    test("the location of a cause that we make is the gateway, never its user (Q.850 §2.2.3)", () => {
      const wire = script();
      wire.hear("setup", theirs(1), setupElements({ timeslot: 16, exclusive: false }));
      const answer = wire.sent.at(-1);
      const location = side === "user" ? 1 : 2;
      expect(answer && element(answer, "cause")).toMatchObject({ value: 82, location });
    });

    test("an operation that nobody here knows is answered by Reject in FACILITY, and goes no further [FACILITY] [element facility]", () => {
      const wire = script();
      const ask = (operation: number) => {
        const components = Uint8Array.of(0xa1, 6, 2, 1, 9, 2, 1, operation);
        return { kind: "facility", profile: 17, components } as const;
      };
      const said = wire.hear("setup", theirs(1), [...setupElements(), ask(6)]);
      expect(said).toEqual(["setup on 1", "FACILITY 1<"]);
      const setup = wire.outputs.find((one) => one.kind === "call");
      expect(setup?.kind === "call" && setup.event).not.toHaveProperty("facility");
      const answer = wire.sent.at(-1);
      expect(answer && element(answer, "facility")?.components).toEqual(
        Uint8Array.of(0xa4, 6, 2, 1, 9, 0x81, 1, 1),
      );
      wire.call(wire.newest, { kind: "alerting" });
      expect(wire.hear("facility", theirs(1), [ask(36)])).toEqual(["facility"]);
      wire.call(wire.newest, hangUp());
      expect(wire.hear("facility", theirs(1), [ask(6)])).toEqual([]);
    });

    test("its channel does not exist [cause 82]", () => {
      expect(
        script().hear("setup", theirs(1), setupElements({ timeslot: 16, exclusive: false })),
      ).toContain("RELEASE COMPLETE 1< cause 82");
    });

    test("several channels, no channel, the D channel [cause 66] [cause 34]", () => {
      const bare = setupElements().filter(({ kind }) => kind !== "channel-identification");
      const wire = script();
      const many = [...bare, indicateChannels([1, 2], true)];
      expect(wire.hear("setup", theirs(1), many)).toContain("RELEASE COMPLETE 1< cause 66");
      const none = [...bare, selectChannel("none", true)];
      expect(wire.hear("setup", theirs(2), none)).toContain("RELEASE COMPLETE 2< cause 34");
      const d = [...bare, { ...selectChannel("none", true), dChannel: true }];
      expect(wire.hear("setup", theirs(3), d)).toContain("RELEASE COMPLETE 3< cause 66");
    });

    test("another interface, where ours has a name [cause 82]", () => {
      const wire = script({ habits: { interfaceIdentifier: [1] } });
      const bare = setupElements().filter(({ kind }) => kind !== "channel-identification");
      const channel = { ...indicateChannels([1], true), interfaceIdentifier: [2] };
      expect(wire.hear("setup", theirs(1), [...bare, channel])).toContain(
        "RELEASE COMPLETE 1< cause 82",
      );
    });

    test("without its bearer capability [cause 96]", () => {
      const elements = setupElements().filter(({ kind }) => kind !== "bearer-capability");
      const wire = script();
      expect(wire.hear("setup", theirs(1), elements)).toContain("RELEASE COMPLETE 1< cause 96");
      const [sent] = wire.sent;
      expect(sent && element(sent, "cause")?.diagnostics).toEqual(Uint8Array.of(0x04));
    });

    test("with a bearer that we cannot carry [cause 88] [cause 65]", () => {
      const elements = setupElements().map((one) =>
        one.kind === "bearer-capability" ? { ...one, transferCapability: 24 } : one,
      );
      const value = side === "user" ? 88 : 65;
      expect(script().hear("setup", theirs(1), elements)).toContain(
        `RELEASE COMPLETE 1< cause ${value}`,
      );
    });

    test("with an element that must be understood and is not [cause 96]", () => {
      const unknown = { kind: "raw", codeset: 0, code: 0x02, contents: Uint8Array.of(1) } as const;
      expect(script().hear("setup", theirs(1), setupElements(undefined, [unknown]))).toContain(
        "RELEASE COMPLETE 1< cause 96",
      );
    });

    test("with an element that need not be understood: STATUS says so [cause 99]", () => {
      const unknown = { kind: "raw", codeset: 0, code: 0x35, contents: Uint8Array.of(1) } as const;
      const channel = { timeslot: 1, exclusive: false };
      expect(script().hear("setup", theirs(1), setupElements(channel, [unknown]))).toEqual([
        "setup on 1",
        `STATUS 1< cause 99 state ${side === "user" ? 6 : 1}`,
      ]);
    });

    test("with a wrong call reference flag is ignored (§5.8.3.2 d)", () => {
      const said = script().hear("setup", ours(9), setupElements());
      expect(said.filter((one) => !one.startsWith("!"))).toEqual([]);
    });

    test("both sides may use the same call reference value (§4.3)", () => {
      const wire = script();
      wire.call("a", ourSetup(), { timeslot: 1, exclusive: true });
      wire.hear("setup", theirs(1), setupElements({ timeslot: 2, exclusive: true }));
      expect(wire.side.snapshot().calls.map(({ reference }) => reference)).toEqual([1, 1]);
      wire.hear("release-complete", ours(1), [causeOf(17)]);
      expect(wire.side.snapshot().calls).toMatchObject([{ timeslot: 2 }]);
    });
  });

  describe("our SETUP", () => {
    test("goes out with its channel, and ends with both last events [SETUP]", () => {
      const wire = script();
      expect(wire.call("a", ourSetup(), { timeslot: 2, exclusive: true })).toEqual(["SETUP 1>"]);
      expect(wire.hear("release-complete", ours(1), [causeOf(17)])).toEqual([
        "release 17",
        "free 2",
      ]);
      expect(wire.side.snapshot().calls).toEqual([]);
    });

    test("without a channel: a user takes any, a network names one", () => {
      const wire = script();
      wire.call("a", ourSetup());
      const [setup] = wire.sent;
      const channel = setup && element(setup, "channel-identification");
      expect(channel?.selection).toBe(side === "user" ? 3 : 1);
    });

    test("for a channel in use is refused inside [cause 44]", () => {
      const wire = script();
      wire.call("a", ourSetup(), { timeslot: 2, exclusive: true });
      expect(wire.call("b", ourSetup(), { timeslot: 2, exclusive: true })).toEqual([
        "release 44",
        "free 2",
      ]);
      expect(wire.side.snapshot().channels[1]).toMatchObject({ state: "busy", leg: "a" });
    });

    test("beyond the number of channels is refused inside [cause 34]", () => {
      const wire = script();
      for (const leg of ["a", "b", "c", "d"]) wire.call(leg, ourSetup());
      expect(wire.call("e", ourSetup())).toEqual(["release 34"]);
    });

    test("without a data link is refused inside [cause 38] [cause 27]", () => {
      const wire = new InterfaceScript({ side });
      const value = side === "user" ? 38 : 27;
      expect(wire.call("a", ourSetup())).toEqual([`release ${value}`]);
    });

    test("for a leg that exists is our own user's mistake and only noted", () => {
      const wire = script();
      wire.call("a", ourSetup());
      expect(wire.call("a", ourSetup())).toEqual(["!setup for leg a, which exists"]);
    });

    test("call references are used again as late as can be", () => {
      const wire = script();
      for (let call = 1; call <= 3; call++) {
        expect(wire.call(`leg ${call}`, ourSetup(), { timeslot: 1, exclusive: true })).toEqual([
          `SETUP ${call}>`,
        ]);
        wire.hear("release-complete", ours(call), [causeOf(17)]);
      }
    });
  });

  describe("messages of no call (§5.8.3.2)", () => {
    test.each([
      ["call-proceeding", "RELEASE COMPLETE 9> cause 81"],
      ["disconnect", "RELEASE COMPLETE 9> cause 81"],
      ["release", "RELEASE COMPLETE 9> cause 81"],
      ["resume", "RELEASE COMPLETE 9> cause 81"],
      ["status-enquiry", "STATUS 9> cause 30 state 0"],
    ] as const)("%s: %s [cause 81] [RESUME]", (type, answer) => {
      const said = script().hear(type, ours(9), type === "status-enquiry" ? [] : [causeOf(16)]);
      expect(said.filter((one) => !one.startsWith("!"))).toEqual([answer]);
    });

    test("RELEASE COMPLETE: nothing", () => {
      const said = script().hear("release-complete", ours(9), [causeOf(16)]);
      expect(said.filter((one) => !one.startsWith("!"))).toEqual([]);
    });

    test.each([
      [0, []],
      [10, ["RELEASE COMPLETE 9> cause 101"]],
    ] as const)("STATUS with state %i: %s [STATUS] [cause 101]", (value, answers) => {
      const state = { kind: "call-state", codingStandard: 0, value } as const;
      const said = script().hear("status", ours(9), [causeOf(30), state]);
      expect(said.filter((one) => !one.startsWith("!"))).toEqual(answers);
    });

    test("a type that there is not [cause 81]", () => {
      const said = script().hearOctets(Uint8Array.of(8, 2, 0x80, 9, 0x7c));
      expect(said.filter((one) => !one.startsWith("!"))).toEqual(["RELEASE COMPLETE 9> cause 81"]);
    });

    test("with the global reference what does not belong there [cause 81]", () => {
      const said = script().hear("connect", theirs(0));
      expect(said.filter((one) => !one.startsWith("!"))).toEqual(["STATUS 0< cause 81 state 0"]);
    });

    test("with the dummy reference: ignored", () => {
      const said = script().hearOctets(Uint8Array.of(8, 0, 0x62, 0x1c, 2, 0x91, 0xa1));
      expect(said.filter((one) => !one.startsWith("!"))).toEqual([]);
    });

    test.each([
      ["too short", [8, 1]],
      ["another protocol", [9, 2, 0, 1, 5]],
      ["a call reference of five octets", [8, 5, 1, 2, 3, 4, 5, 5]],
    ])("%s: ignored (§5.8.1 to §5.8.3.1)", (_, octets) => {
      const said = script().hearOctets(Uint8Array.from(octets));
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(/^!/);
    });

    test("a call reference of one octet is understood and answered in kind", () => {
      const wire = script();
      const octets = [8, 1, 5, 0x05, 0x04, 3, 0x80, 0x90, 0xa3, 0x18, 3, 0xa1, 0x83, 0x81];
      expect(wire.hearOctets(Uint8Array.from(octets)).at(0)).toBe("setup on 1");
      wire.call(wire.newest, { kind: "proceeding" });
      expect(wire.sent.at(-1)?.callReference).toEqual({ length: 1, value: 5, flag: true });
    });
  });

  describe("restart (§5.5)", () => {
    test("theirs, of a channel: its call is cleared, then it is acknowledged [RESTART] [RESTART ACKNOWLEDGE]", () => {
      const wire = script();
      wire.hear("setup", theirs(1), setupElements({ timeslot: 2, exclusive: true }));
      const restart = [
        indicateChannels([2], true),
        { kind: "restart-indicator", class: 0 },
      ] as const;
      expect(wire.hear("restart", theirs(0), restart)).toEqual([
        "release 41",
        "free 2",
        "restarted 2 by them",
        "RESTART ACKNOWLEDGE 0<",
      ]);
      const answer = wire.sent.at(-1);
      expect(answer && element(answer, "channel-identification")).toMatchObject({
        channel: { channels: { numbers: [2] } },
      });
    });

    test("theirs, of the interface: all calls are cleared [RESTART]", () => {
      const wire = script();
      wire.hear("setup", theirs(1), setupElements({ timeslot: 2, exclusive: true }));
      wire.call("a", ourSetup(), { timeslot: 3, exclusive: true });
      const said = wire.hear("restart", theirs(0), [{ kind: "restart-indicator", class: 6 }]);
      expect(said.slice(-2)).toEqual(["restarted 1,2,3,4 by them", "RESTART ACKNOWLEDGE 0<"]);
      expect(wire.side.snapshot().calls).toEqual([]);
    });

    test("theirs, of channels that are not indicated or do not exist [cause 96] [cause 82]", () => {
      const indicator = { kind: "restart-indicator", class: 0 } as const;
      expect(script().hear("restart", theirs(0), [indicator])).toContain(
        "STATUS 0< cause 96 state 0",
      );
      const far = [indicateChannels([16], true), indicator];
      expect(script().hear("restart", theirs(0), far)).toContain("STATUS 0< cause 82 state 0");
      expect(script().hear("restart", theirs(0), [])).toContain("STATUS 0< cause 96 state 0");
    });

    test("ours: the channel serves no call until it is acknowledged [T316 stop]", () => {
      const wire = script();
      expect(wire.tell({ kind: "restart", timeslots: [1] })).toEqual(["RESTART 0>"]);
      const exclusive = setupElements({ timeslot: 1, exclusive: true });
      expect(wire.hear("setup", theirs(1), exclusive)).toContain("RELEASE COMPLETE 1< cause 44");
      const restart = [
        indicateChannels([1], true),
        { kind: "restart-indicator", class: 0 },
      ] as const;
      expect(wire.hear("restart-acknowledge", ours(0), restart)).toEqual(["restarted 1 by us"]);
      expect(wire.hear("setup", theirs(2), exclusive)).toEqual(["setup on 1!"]);
    });

    test("ours, never acknowledged: the channel is out of service until a restart succeeds [T316 expiry]", () => {
      const wire = script();
      wire.tell({ kind: "restart", timeslots: [1] });
      expect(wire.run(240_000)).toContain("restart failed 1");
      expect(wire.side.snapshot().channels[0]).toMatchObject({ state: "maintenance" });
      expect(wire.call("a", ourSetup(), { timeslot: 1, exclusive: true })).toContain("release 44");
      const restart = [
        indicateChannels([1], true),
        { kind: "restart-indicator", class: 0 },
      ] as const;
      wire.hear("restart", theirs(0), restart);
      expect(wire.side.snapshot().channels[0]).toMatchObject({ state: "idle" });
    });

    test("ours, of the interface [RESTART]", () => {
      const wire = script();
      wire.call("a", ourSetup(), { timeslot: 3, exclusive: true });
      expect(wire.tell({ kind: "restart" })).toEqual(["release 41", "free 3", "RESTART 0>"]);
      const indicator = { kind: "restart-indicator", class: 6 } as const;
      expect(wire.hear("restart-acknowledge", ours(0), [indicator])).toEqual([
        "restarted 1,2,3,4 by us",
      ]);
    });

    test("both at once on one channel: it serves again when both are done", () => {
      const wire = script();
      wire.tell({ kind: "restart", timeslots: [1] });
      const restart = [
        indicateChannels([1], true),
        { kind: "restart-indicator", class: 0 },
      ] as const;
      wire.hear("restart", theirs(0), restart);
      expect(wire.side.snapshot().channels[0]).toMatchObject({ state: "restarting" });
      wire.hear("restart-acknowledge", ours(0), restart);
      expect(wire.side.snapshot().channels[0]).toMatchObject({ state: "idle" });
    });

    test("theirs, of all interfaces, is acknowledged as such [RESTART ACKNOWLEDGE]", () => {
      const wire = script();
      wire.hear("restart", theirs(0), [{ kind: "restart-indicator", class: 7 }]);
      expect(wire.sent.map((sent) => element(sent, "restart-indicator")?.class)).toEqual([7]);
      wire.hear("restart", theirs(0), [{ kind: "restart-indicator", class: 6 }]);
      expect(wire.sent.map((sent) => element(sent, "restart-indicator")?.class)).toEqual([7, 6]);
    });

    test("ours outlives a data link that is down [T316 stop]", () => {
      const wire = script();
      wire.tell({ kind: "restart", timeslots: [1] });
      wire.connected = false;
      expect(wire.run(300_000)).not.toContain("restart failed 1");
      wire.connected = true;
      expect(wire.run(60_000)).toContain("RESTART 0>");
    });

    test("ours, failed, is tried again when the data link is established anew [RESTART]", () => {
      const wire = script();
      wire.tell({ kind: "restart", timeslots: [1] });
      expect(wire.run(240_000)).toContain("restart failed 1");
      wire.tell({ kind: "layer-1", up: false });
      wire.run(10_000);
      expect(wire.tell({ kind: "layer-1", up: true })).toEqual(["link up", "RESTART 0>"]);
    });

    test("STATUS about it is only noted [STATUS]", () => {
      const state = { kind: "call-state", codingStandard: 0, value: 0 } as const;
      const said = script().hear("status", ours(0), [causeOf(97), state]);
      expect(said).toEqual(["!STATUS for the global reference: state 0, cause 97"]);
    });

    test("a channel whose RELEASE was never answered is restarted [T308 expiry] [RESTART]", () => {
      const wire = script();
      wire.call("a", ourSetup(), { timeslot: 2, exclusive: true });
      wire.hear("disconnect", ours(1), [causeOf(16)]);
      const said = wire.run(8000);
      expect(said).toContain("release 16");
      expect(said).toContain("RESTART 0>");
      expect(said.indexOf("free 2")).toBeGreaterThan(said.indexOf("release 16"));
      // The channel is out of service for its user as well, once it is free.
      expect(said.at(-1)).toBe("maintenance 2");
      expect(wire.side.snapshot().channels[1]).toMatchObject({ state: "restarting" });
      const restart = [
        indicateChannels([2], true),
        { kind: "restart-indicator", class: 0 },
      ] as const;
      wire.hear("restart-acknowledge", ours(0), restart);
      expect(wire.side.snapshot().channels[1]).toMatchObject({ state: "idle" });
    });
  });

  describe("data link", () => {
    test("is established at start and kept", () => {
      const wire = new InterfaceScript({ side });
      expect(wire.tell({ kind: "start" })).toEqual(["link up"]);
      expect(wire.side.snapshot().dataLink).toBe(true);
    });

    test("its failure keeps active calls for T309 and clears the others [T309 start] [T309 stop]", () => {
      const wire = script();
      wire.call("a", ourSetup(), { timeslot: 1, exclusive: true });
      wire.hear("connect", ours(1), [indicateChannels([1], true)]);
      wire.call("b", ourSetup(), { timeslot: 2, exclusive: true });
      wire.connected = false;
      const lost = wire.run(30_000);
      expect(lost).toContain("link down");
      expect(lost).toContain("free 2");
      expect(wire.side.snapshot().calls).toMatchObject([{ leg: "a" }]);
      wire.connected = true;
      const back = wire.run(10_000);
      expect(back).toContain("link up");
      expect(back).toContain("STATUS ENQUIRY 1>");
    });

    test("a short interruption of layer 1 touches nothing, a call in set-up included", () => {
      const wire = script();
      wire.call("a", ourSetup(), { timeslot: 1, exclusive: true });
      expect(wire.tell({ kind: "layer-1", up: false })).toEqual([]);
      wire.call("b", ourSetup(), { timeslot: 2, exclusive: true });
      expect(wire.run(2499)).toEqual([]);
      expect(wire.tell({ kind: "layer-1", up: true })).toEqual([]);
      expect(wire.run(2000).filter((said) => said.startsWith("link"))).toEqual([]);
      expect(wire.hear("alerting", ours(1), [indicateChannels([1], true)])).toEqual([
        "alerting on 1!",
      ]);
      expect(wire.hear("alerting", ours(2), [indicateChannels([2], true)])).toEqual([
        "alerting on 2!",
      ]);
    });

    test("while layer 1 is down no frame is sent or heard [T200 expiry]", () => {
      const wire = script();
      wire.tell({ kind: "layer-1", up: false });
      const before = wire.outputs.length;
      wire.call("a", ourSetup(), { timeslot: 3, exclusive: true });
      wire.run(2000);
      wire.hear("setup", theirs(1), setupElements());
      expect(wire.outputs.slice(before).filter(({ kind }) => kind !== "trace")).toEqual([]);
      wire.tell({ kind: "layer-1", up: true });
      expect(wire.run(5000)).toContain("setup on 1");
    });

    test("channels of calls that it ended are restarted when it is back [RESTART]", () => {
      const wire = script();
      wire.call("a", ourSetup(), { timeslot: 2, exclusive: true });
      wire.hear("call-proceeding", ours(1), [indicateChannels([2], true)]);
      wire.tell({ kind: "layer-1", up: false });
      expect(wire.run(2500)).toEqual(["link down", "release 27", "free 2", "maintenance 2"]);
      expect(wire.side.snapshot().channels[1]).toMatchObject({ state: "restarting" });
      expect(wire.tell({ kind: "layer-1", up: true })).toEqual(["link up", "RESTART 0>"]);
      const restart = [
        indicateChannels([2], true),
        { kind: "restart-indicator", class: 0 },
      ] as const;
      expect(wire.hear("restart-acknowledge", ours(0), restart)).toEqual(["restarted 2 by us"]);
      expect(wire.side.snapshot().channels[1]).toMatchObject({ state: "idle" });
    });

    test("the persistence of layer 1 down can be set", () => {
      const wire = new InterfaceScript({ side, layer1Persistence: 100 }).start();
      wire.tell({ kind: "layer-1", up: false });
      expect(wire.run(99)).toEqual([]);
      expect(wire.run(1)).toEqual(["link down"]);
    });

    test("layer 1 down is a failure once it lasts; up again it is established [T309 start]", () => {
      const wire = script();
      wire.call("a", ourSetup());
      const value = 27;
      expect(wire.tell({ kind: "layer-1", up: false })).toEqual([]);
      expect(wire.run(2499)).toEqual([]);
      expect(wire.run(1)).toEqual([
        "link down",
        `release ${value}`,
        ...(side === "user" ? [] : ["free 1", "maintenance 1"]),
      ]);
      expect(wire.run(60_000)).toEqual([]);
      expect(wire.tell({ kind: "layer-1", up: true })).toContain("link up");
    });

    test("nothing throws when messages cannot go", () => {
      const wire = script();
      wire.hear("setup", theirs(1), setupElements());
      const leg = wire.newest;
      wire.tell({ kind: "layer-1", up: false });
      wire.run(2500);
      expect(wire.call(leg, hangUp())).toEqual([]);
      expect(wire.tell({ kind: "status-enquiry", leg })).toEqual([]);
      expect(wire.tell({ kind: "restart", timeslots: [1] })).toEqual([]);
    });
  });
});

describe("call collision (§5.7)", () => {
  test("a user's unanswered SETUP yields its channel to the network's call [call collision]", () => {
    const wire = new InterfaceScript({ side: "user" }).start();
    wire.call("a", ourSetup(), { timeslot: 1, exclusive: false });
    expect(wire.hear("setup", theirs(1), setupElements({ timeslot: 1, exclusive: true }))).toEqual([
      "!call collision: its channel goes to the other call",
      "setup on 1!",
    ]);
    expect(wire.hear("call-proceeding", ours(1), [indicateChannels([2], true)])).toEqual([
      "proceeding on 2!",
    ]);
    expect(wire.side.snapshot().calls.map(({ timeslot }) => timeslot)).toEqual([2, 1]);
  });

  test("a user whose SETUP was answered keeps its channel [cause 44]", () => {
    const wire = new InterfaceScript({ side: "user" }).start();
    wire.call("a", ourSetup(), { timeslot: 1, exclusive: true });
    wire.hear("call-proceeding", ours(1), [indicateChannels([1], true)]);
    expect(
      wire.hear("setup", theirs(1), setupElements({ timeslot: 1, exclusive: true })),
    ).toContain("RELEASE COMPLETE 1< cause 44");
  });

  test("a user that lost its channel and is cleared frees what it asked for once", () => {
    const wire = new InterfaceScript({ side: "user" }).start();
    wire.call("a", ourSetup(), { timeslot: 1, exclusive: true });
    wire.hear("setup", theirs(1), setupElements({ timeslot: 1, exclusive: true }));
    expect(wire.hear("release-complete", ours(1), [causeOf(44)])).toEqual(["release 44", "free 1"]);
    expect(wire.side.snapshot().channels[0]).toMatchObject({ state: "busy" });
  });

  test("a network's call has priority: the user's exclusive SETUP is refused [cause 44]", () => {
    const wire = new InterfaceScript({ side: "network" }).start();
    wire.call("a", ourSetup(), { timeslot: 1, exclusive: true });
    expect(
      wire.hear("setup", theirs(1), setupElements({ timeslot: 1, exclusive: true })),
    ).toContain("RELEASE COMPLETE 1< cause 44");
  });

  test("and the user's preferred one gets another channel [call collision]", () => {
    const wire = new InterfaceScript({ side: "network" }).start();
    wire.call("a", ourSetup(), { timeslot: 1, exclusive: true });
    expect(wire.hear("setup", theirs(1), setupElements())).toEqual(["setup on 2"]);
  });

  test("a network may take the channel of a SETUP that it has not answered [call collision]", () => {
    const wire = new InterfaceScript({ side: "network" }).start();
    wire.hear("setup", theirs(1), setupElements());
    const leg = wire.newest;
    expect(wire.call("a", ourSetup(), { timeslot: 1, exclusive: true })).toEqual([
      "!call collision: its channel goes to the other call",
      "SETUP 1>",
    ]);
    wire.call(leg, { kind: "proceeding" });
    expect(wire.side.snapshot().calls.map(({ timeslot }) => timeslot)).toEqual([2, 1]);
  });
});

describe("SERVICE of NI-2", () => {
  const script = () =>
    new InterfaceScript({ side: "network", profile: "ni2", law: "mu-law" }).start();
  const status = (value: number) =>
    [{ kind: "change-status", preference: 1, status: value }, indicateChannels([2], true)] as const;

  test("theirs takes a channel out of service and back [SERVICE] [SERVICE ACKNOWLEDGE]", () => {
    const wire = script();
    expect(wire.hear("service", theirs(0), status(2))).toEqual([
      "2 out-of-service by them",
      "SERVICE ACKNOWLEDGE 0<",
    ]);
    expect(wire.call("a", ourSetup(), { timeslot: 2, exclusive: true })).toContain("release 44");
    wire.hear("service", theirs(0), status(0));
    expect(wire.call("b", ourSetup(), { timeslot: 2, exclusive: true })).toEqual(["SETUP 1>"]);
  });

  test.each([0x43, 0x03])(
    "theirs is answered with the discriminator that it came with: %i [SERVICE ACKNOWLEDGE]",
    (discriminator) => {
      const wire = script();
      const reference = callReference(0, false);
      const service = composeMessage("service", reference, status(2), discriminator);
      wire.hearOctets(printMessage(service));
      const answer = wire.outputs.filter((one) => one.kind === "trace").at(-1);
      expect(answer?.direction).toBe("sent");
      expect(answer?.octets[0]).toBe(discriminator);
      // Ours is always that of NI-2.
      wire.tell({ kind: "service", timeslot: 3, status: "out-of-service" });
      const ours = wire.outputs.filter((one) => one.kind === "trace").at(-1);
      expect([...(ours?.octets.subarray(0, 5) ?? [])]).toEqual([0x43, 2, 0, 0, 0x07]);
    },
  );

  test("ours counts at once and is acknowledged [SERVICE] [T323 stop]", () => {
    const wire = script();
    expect(wire.tell({ kind: "service", timeslot: 2, status: "out-of-service" })).toEqual([
      "SERVICE 0>",
    ]);
    expect(wire.side.snapshot().channels[1]).toMatchObject({ state: "out-of-service" });
    expect(wire.hear("service-acknowledge", ours(0), status(2))).toEqual([
      "2 out-of-service by us",
    ]);
    wire.tell({ kind: "service", timeslot: 2, status: "maintenance" });
    expect(wire.side.snapshot().channels[1]).toMatchObject({ state: "maintenance" });
  });

  test("of a channel or status that there is not is noted", () => {
    const wire = script();
    expect(wire.hear("service", theirs(0), status(5))).toEqual([
      "!SERVICE for a channel or status that there is not",
    ]);
    expect(wire.tell({ kind: "service", timeslot: 30, status: "in-service" })).toEqual([
      "!no SERVICE for channel 30",
    ]);
  });

  test("EuroISDN has none", () => {
    const wire = new InterfaceScript({ side: "network" }).start();
    expect(wire.tell({ kind: "service", timeslot: 2, status: "in-service" })).toEqual([
      "!no SERVICE for channel 2",
    ]);
  });

  test("the calling name travels in Facility, both ways [calling name]", () => {
    const wire = script();
    wire.call("a", { ...ourSetup(), callingName: "Alice Smith" });
    const [setup] = wire.sent;
    const facility = setup && element(setup, "facility");
    expect(facility).toBeDefined();
    wire.hear(
      "setup",
      theirs(1),
      setupElements({ timeslot: 3, exclusive: true }, facility === undefined ? [] : [facility]),
    );
    expect(wire.outputs.at(-2)).toMatchObject({ event: { callingName: "Alice Smith" } });
  });
});

test.each([
  ["a-law", "e1", 3],
  ["mu-law", "t1", 2],
] as const)("SETUP of ours names the law of its span: %s (§4.5.5)", (law, line, protocol) => {
  for (const given of ["a-law", "mu-law"] as const) {
    const wire = new InterfaceScript({ side: "user", law, line }).start();
    wire.call("a", { ...ourSetup(), bearer: { kind: "speech", law: given } });
    const [setup] = wire.sent;
    expect(setup && element(setup, "bearer-capability")?.layer1?.protocol).toBe(protocol);
  }
});
