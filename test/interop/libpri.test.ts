import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallEvent, cause, type Setup } from "../../src/call/index.js";
import type { InterfaceOutput } from "../../src/isdn/index.js";
import { buildPeer, LibpriPair, type PairOptions } from "./libpri-pair.js";
import { malformed } from "./tshark.js";

/*
 * Our user side against libpri's network side and the reverse, EuroISDN and NI-2. Frames travel as UDP
 * datagrams on the loopback; every pair is two processes and its own ports.
 */

beforeAll(buildPeer);

const frames: Record<"etsi" | "ni2", Uint8Array[]> = { etsi: [], ni2: [] };
const SIDES = ["user", "network"] as const;
const PROFILES = ["etsi", "ni2"] as const;
const COMBINATIONS = SIDES.flatMap((side) => PROFILES.map((profile) => ({ side, profile })));

describe.concurrent.for(COMBINATIONS)("[libpri] our $side side, $profile", ({ side, profile }) => {
  // Alerting is supervised by the network, CONNECT ACKNOWLEDGE is awaited by the user.
  const ringing = side === "network" ? "[T301 start] [T301 stop]" : "";
  const connecting = side === "user" ? "[T313 start] [T313 stop]" : "";

  test(`a call out is answered and cleared by us [T200 start] [T200 stop] [T203 start] [T203 stop] [T303 start] [T303 stop] [T310 start] [T310 stop] [T305 start] [T305 stop] [SETUP] [CALL PROCEEDING] [ALERTING] [CONNECT] [CONNECT ACKNOWLEDGE] [DISCONNECT] [RELEASE] [RELEASE COMPLETE] ${ringing}`, async () => {
    await withPair({ side, profile, peer: ["--mode", "answer"] }, async (pair) => {
      pair.call("a", setup({ callingName: "Alice Smith", userUser: Uint8Array.of(4, 0x68, 0x69) }));
      await pair.until(() => pair.hasReported("a", "connect"));
      expect(pair.eventsOf("a").map(({ kind }) => kind)).toEqual([
        "proceeding",
        "alerting",
        "connect",
      ]);
      const [ring] = pair.peerSaid("RING");
      expect(ring).toMatchObject({ called: "5551234", calling: "5550000", uui: "hi" });
      // A EuroISDN user has no way to send a name (Display goes from the network).
      if (side === "network" || profile === "ni2") expect(ring?.name).toBe("Alice Smith");
      pair.call("a", { kind: "disconnect", cause: cause(16, "user", "test") });
      await pair.idle();
      await pair.until(() => pair.peerSaid("HANGUP_ACK").length === 1);
      expect(pair.peerSaid("HANGUP_REQ")[0]?.cause).toBe(16);
    });
  });

  test(`a call in is answered and cleared by the peer, with its numbers [element calling-party-number] [element called-party-number] [redirecting number] [user-user] [element user-user] [T308 start] [T308 stop] ${connecting}`, async () => {
    const peer = [
      "--from",
      "5550000",
      "--name",
      "Bob",
      "--redirecting",
      "5559999",
      "--uui",
      "hello",
    ];
    await withPair({ side, profile, peer: [...peer, "--pres", "restricted"] }, async (pair) => {
      pair.perform = answering(pair);
      pair.ask("call 5551234");
      await pair.until(() => pair.peerSaid("ANSWER").length === 1);
      pair.ask("hangup 31");
      await pair.idle();
      const [{ leg, setup: heard } = nobody] = pair.arrived;
      expect(heard.called.digits).toBe("5551234");
      expect(heard.sendingComplete).toBe(true);
      expect(heard.calling).toMatchObject({ digits: "5550000", presentation: "restricted" });
      // NI-2 by the Redirecting number, EuroISDN by Facility (EN 300 207-1).
      expect(heard.redirection).toMatchObject({
        redirecting: { digits: "5559999" },
        reason: "unconditional",
        ...(profile === "etsi" ? { count: 1 } : {}),
      });
      expect([...(heard.userUser ?? [])].slice(1)).toEqual([...Buffer.from("hello")]);
      expect(pair.eventsOf(leg).at(-1)).toMatchObject({ kind: "release", cause: { value: 31 } });
    });
  });

  test("who diverted our call, and why, is heard by the peer [redirecting number] [element facility] [EN 300 207-1]", async () => {
    await withPair({ side, profile, peer: ["--mode", "manual"] }, async (pair) => {
      const redirecting = { digits: "5559999", nature: "national", plan: "isdn" } as const;
      const shown = { presentation: "allowed", screening: "network-provided" } as const;
      const redirection = { redirecting: { ...redirecting, ...shown }, reason: "busy" } as const;
      pair.call("a", setup({ redirection }));
      await pair.until(() => pair.peerSaid("RING").length === 1);
      expect(pair.peerSaid("RING")[0]).toMatchObject({ redirecting: "5559999", redirreason: 1 });
      pair.call("a", { kind: "disconnect", cause: cause(16, "user", "test") });
      await pair.idle();
    });
  });

  test("every cause 1 to 127 with which the peer refuses us [cause 1 to 127] [RELEASE COMPLETE] [DISCONNECT]", async () => {
    await withPair({ side, profile, peer: ["--mode", "manual"] }, async (pair) => {
      const causes = Array.from({ length: 127 }, (_, index) => index + 1);
      pair.onPeer = (event) => {
        if (event.ev !== "RING") return;
        const value = Number(event.called);
        if (!BARE.has(value)) pair.ask(`proceed #${event.leg}`);
        pair.ask(`hangup #${event.leg} ${value}`);
      };
      for (const some of chunks(causes, 15)) {
        for (const value of some) pair.call(`leg ${value}`, setup({ digits: `${value}` }));
        await pair.until(() => some.every((value) => pair.hasReported(`leg ${value}`, "release")));
      }
      await pair.idle();
      for (const value of causes) {
        const last = pair.eventsOf(`leg ${value}`).at(-1);
        expect(last, `cause ${value}`).toMatchObject({ kind: "release", cause: { value } });
      }
    });
  });

  test("every cause 1 to 127 with which we refuse the peer, before and after CALL PROCEEDING [cause 1 to 127]", async () => {
    await withPair({ side, profile }, async (pair) => {
      const refused: number[] = [];
      pair.perform = (output) => {
        const arrived = incoming(output);
        if (arrived === undefined) return;
        const value = Number(arrived.setup.called.digits.slice(1));
        if (arrived.setup.called.digits.startsWith("2"))
          pair.call(arrived.leg, { kind: "proceeding" });
        pair.call(arrived.leg, { kind: "disconnect", cause: cause(value, "user", "test") });
        refused.push(value);
      };
      const heard = () => pair.heard.filter(({ ev }) => ev === "HANGUP" || ev === "HANGUP_REQ");
      for (const first of [1, 2])
        for (const some of chunks(
          Array.from({ length: 127 }, (_, index) => index + 1),
          10,
        )) {
          const before = heard().length;
          for (const value of some) pair.ask(`call ${first}${String(value).padStart(3, "0")}`);
          await pair.until(() => heard().length >= before + some.length);
        }
      await pair.idle();
      // Calls go out in the order asked for and their causes come back in it.
      expect(heard().map((event) => event.cause)).toEqual(refused);
    });
  });

  test("in-band progress, then an answer [PROGRESS]", async () => {
    await withPair(
      { side, profile, peer: ["--mode", "progress", "--answer-ms", "200"] },
      async (pair) => {
        pair.call("a", setup());
        await pair.until(() => pair.hasReported("a", "connect"));
        const progress = pair.eventsOf("a").find(({ kind }) => kind === "progress");
        expect(progress?.progress?.map(({ description }) => description)).toContain(
          "in-band-information",
        );
        pair.call("a", { kind: "release", cause: cause(16, "user", "test") });
        await pair.idle();
      },
    );
  });

  test("in-band progress with a cause, then the caller gives up [PROGRESS]", async () => {
    const peer = ["--mode", "progress", "--answer-ms", "-1", "--progress-cause", "1"];
    await withPair({ side, profile, peer }, async (pair) => {
      pair.call("a", setup());
      await pair.until(() => pair.hasReported("a", "progress"));
      expect(pair.eventsOf("a").find(({ kind }) => kind === "progress")).toMatchObject({
        cause: { value: 1 },
      });
      pair.call("a", { kind: "disconnect", cause: cause(16, "user", "test") });
      await pair.idle();
      await pair.until(() => pair.peerSaid("HANGUP_REQ").length === 1);
      expect(pair.peerSaid("HANGUP_REQ")[0]?.cause).toBe(16);
    });
  });

  test("in-band progress, then the peer disconnects", async () => {
    await withPair({ side, profile, peer: ["--mode", "manual"] }, async (pair) => {
      pair.onPeer = ({ ev, leg }) => {
        if (ev !== "RING") return;
        for (const line of [`proceed #${leg}`, `progress #${leg}`, `hangup #${leg} 22`])
          pair.ask(line);
      };
      pair.call("a", setup());
      await pair.until(() => pair.hasReported("a", "release"));
      expect(pair.eventsOf("a").map(({ kind }) => kind)).toEqual([
        "proceeding",
        "progress",
        "disconnect",
        "release",
      ]);
      await pair.idle();
    });
  });

  test("our in-band progress and our answer reach the peer", async () => {
    await withPair({ side, profile }, async (pair) => {
      const inBand = [
        { description: "in-band-information", location: "public-network-local" },
      ] as const;
      pair.perform = (output) => {
        const arrived = incoming(output);
        if (arrived === undefined) return;
        pair.call(arrived.leg, { kind: "progress", progress: inBand });
        pair.call(arrived.leg, { kind: "alerting", progress: inBand });
        pair.call(arrived.leg, { kind: "connect" });
      };
      pair.ask("call 5551234");
      await pair.until(() => pair.peerSaid("ANSWER").length === 1);
      expect(pair.peerSaid("PROCEEDING")).toHaveLength(1);
      expect(pair.peerSaid("PROGRESS")[0]?.progressmask).toBe(8);
      expect(pair.peerSaid("RINGING")[0]?.progressmask).toBe(8);
      pair.ask("hangup 16");
      await pair.idle();
    });
  });

  test("the caller gives up while it rings, in both directions", async () => {
    await withPair({ side, profile, peer: ["--mode", "ring"] }, async (pair) => {
      pair.call("a", setup());
      await pair.until(() => pair.hasReported("a", "alerting"));
      pair.call("a", { kind: "release", cause: cause(16, "user", "test") });
      await pair.until(() => pair.hasReported("a", "release"));
      pair.perform = (output) => {
        const arrived = incoming(output);
        if (arrived !== undefined) pair.call(arrived.leg, { kind: "alerting" });
      };
      pair.ask("call 5551234");
      await pair.until(() => pair.peerSaid("RINGING").length === 1);
      pair.ask("hangup 16");
      await pair.idle();
      const [{ leg } = nobody] = pair.arrived;
      expect(pair.eventsOf(leg).map(({ kind }) => kind)).toEqual([
        "setup",
        "disconnect",
        "release",
      ]);
    });
  });

  test("a caller that gives up at once, before anything was answered", async () => {
    await withPair({ side, profile, peer: ["--mode", "manual"] }, async (pair) => {
      pair.call("a", setup());
      pair.call("a", { kind: "disconnect", cause: cause(16, "user", "test") });
      await pair.idle();
      expect(pair.hasReported("a", "release")).toBe(true);
    });
  });

  test("restart of a channel, theirs and ours, clears the call on it [RESTART] [RESTART ACKNOWLEDGE] [T316 start] [T316 stop] [T317 start] [T317 stop]", async () => {
    await withPair({ side, profile, peer: ["--mode", "answer"] }, async (pair) => {
      const channel = { timeslot: 7, exclusive: true };
      pair.call("a", setup(), channel);
      await pair.until(() => pair.hasReported("a", "connect"));
      pair.ask("restart 7");
      await pair.until(() => pair.peerSaid("RESTART_ACK").length === 1);
      expect(pair.said).toContainEqual({ kind: "restarted", timeslots: [7], by: "them" });
      expect(pair.eventsOf("a").at(-1)).toMatchObject({ kind: "release", cause: { value: 41 } });
      pair.tell({ kind: "restart", timeslots: [7, 8, 9] });
      await pair.until(() => pair.said.filter(({ kind }) => kind === "restarted").length === 4);
      await pair.until(() => pair.peerSaid("RESTART").length === 3);
      expect(pair.peerSaid("RESTART").map((event) => event.chan)).toEqual([7, 8, 9]);
      await pair.idle();
    });
  });

  test("STATUS ENQUIRY about an active call is answered [STATUS] [STATUS ENQUIRY] [T322 start] [T322 stop]", async () => {
    await withPair({ side, profile, peer: ["--mode", "answer"] }, async (pair) => {
      pair.call("a", setup());
      await pair.until(() => pair.hasReported("a", "connect"));
      const before = pair.said.length;
      pair.tell({ kind: "status-enquiry", leg: "a" });
      await pair.until(() =>
        pair.said.slice(before).some((one) => one.kind === "trace" && one.octets[5 - 1] === 0x7d),
      );
      expect(pair.snapshot.calls.map(({ state }) => state)).toEqual([
        side === "user" ? "U10" : "N10",
      ]);
      pair.call("a", { kind: "release", cause: cause(16, "user", "test") });
      await pair.idle();
    });
  });

  test("notifications and bearers are understood both ways [NOTIFY] [element notification-indicator] [element bearer-capability]", async () => {
    const peer = ["--mode", "answer", "--bearer", "digital"];
    await withPair({ side, profile, peer }, async (pair) => {
      pair.call("a", setup({ bearer: { kind: "unrestricted-64k" } }));
      await pair.until(() => pair.hasReported("a", "connect"));
      expect(pair.peerSaid("RING")[0]?.bearer).toBe(8);
      pair.ask("notify 1");
      await pair.until(() => pair.hasReported("a", "notify"));
      pair.call("a", { kind: "notify", description: 0 });
      await pair.until(() => pair.peerSaid("NOTIFY").length === 1);
      pair.perform = answering(pair);
      pair.ask("call 5551234");
      await pair.until(() => pair.peerSaid("ANSWER").length === 1);
      expect(pair.arrived[0]?.setup.bearer).toEqual({ kind: "unrestricted-64k" });
      pair.call("a", { kind: "release", cause: cause(16, "user", "test") });
      pair.ask("hangup 16");
      await pair.idle();
    });
  });

  test("twenty calls at once, ten each way", async () => {
    await withPair({ side, profile, peer: ["--mode", "answer"] }, async (pair) => {
      pair.perform = answering(pair);
      const legs = Array.from({ length: 10 }, (_, index) => `leg ${index}`);
      for (const leg of legs) {
        pair.call(leg, setup());
        pair.ask("call 5551234");
      }
      await pair.until(() => legs.every((leg) => pair.hasReported(leg, "connect")));
      await pair.until(() => pair.peerSaid("ANSWER").length === 10);
      expect(pair.snapshot.calls).toHaveLength(20);
      const timeslots = pair.snapshot.calls.map(({ timeslot }) => timeslot);
      expect(new Set(timeslots).size).toBe(20);
      for (const leg of [...legs, ...pair.arrived.map((one) => one.leg)])
        pair.call(leg, { kind: "disconnect", cause: cause(16, "user", "test") });
      await pair.idle();
    });
  });

  test("one frame in twenty is lost each way: calls are set up and cleared all the same [T200 expiry]", async () => {
    await withPair({ side, profile, peer: ["--mode", "answer"], loss: 0.05 }, async (pair) => {
      pair.perform = answering(pair);
      const legs = Array.from({ length: 8 }, (_, index) => `leg ${index}`);
      for (const leg of legs) {
        pair.call(leg, setup());
        pair.ask("call 5551234");
      }
      await pair.until(() => legs.every((leg) => pair.hasReported(leg, "connect")));
      await pair.until(() => pair.peerSaid("ANSWER").length === legs.length);
      for (const leg of [...legs, ...pair.arrived.map((one) => one.leg)])
        pair.call(leg, { kind: "disconnect", cause: cause(16, "user", "test") });
      await pair.idle();
    });
  });
});

describe.concurrent.for(SIDES)("[libpri] SERVICE of NI-2, our %s side", (side) => {
  const OUT_OF_SERVICE = 2;
  const IN_SERVICE = 0;

  test("ours is heard and acknowledged [SERVICE] [SERVICE ACKNOWLEDGE] [T323 start] [T323 stop]", async () => {
    await withPair({ side, profile: "ni2" }, async (pair) => {
      for (const [status, code] of [
        ["out-of-service", OUT_OF_SERVICE],
        ["in-service", IN_SERVICE],
      ] as const) {
        const service = { timeslot: 5, status } as const;
        pair.tell({ kind: "service", ...service });
        await pair.until(() => tellsService(pair, { ...service, by: "us" }));
        await pair.until(() => pair.peerSaid("SERVICE").some((one) => one.status === code));
        expect(pair.peerSaid("SERVICE").at(-1)).toMatchObject({ chan: 5, status: code });
      }
      await pair.idle();
    });
  });

  test("theirs is heard and acknowledged [SERVICE] [SERVICE ACKNOWLEDGE]", async () => {
    await withPair({ side, profile: "ni2" }, async (pair) => {
      pair.ask(`service 7 ${OUT_OF_SERVICE}`);
      const told = { timeslot: 7, status: "out-of-service", by: "them" } as const;
      await pair.until(() => tellsService(pair, told));
      expect(pair.snapshot.channels[6]).toMatchObject({ timeslot: 7, state: "out-of-service" });
      await pair.until(() => pair.peerSaid("SERVICE_ACK").length === 1);
      expect(pair.peerSaid("SERVICE_ACK")[0]).toMatchObject({ chan: 7, status: OUT_OF_SERVICE });
      pair.ask(`service 7 ${IN_SERVICE}`);
      await pair.until(() => tellsService(pair, { ...told, status: "in-service" }));
      await pair.idle();
    });
  });
});

describe.concurrent.for(SIDES)("[libpri] overlap, our %s side", (side) => {
  test("digits are sent one by one [SETUP ACKNOWLEDGE] [INFORMATION] [T304 start] [T304 stop]", async () => {
    await withPair(
      { side, profile: "etsi", peer: ["--mode", "answer", "--overlap", "7"] },
      async (pair) => {
        pair.call("a", setup({ digits: "55", sendingComplete: false }));
        await pair.until(() => pair.hasReported("a", "setup-acknowledge"));
        for (const digits of ["5", "1", "23", "4"])
          pair.call("a", { kind: "information", digits, sendingComplete: false });
        await pair.until(() => pair.hasReported("a", "connect"));
        expect(pair.peerSaid("NUMBER_COMPLETE")[0]?.called).toBe("5551234");
        pair.call("a", { kind: "release", cause: cause(16, "user", "test") });
        await pair.idle();
      },
    );
  });

  test("digits that came before SETUP ACKNOWLEDGE are sent after it", async () => {
    await withPair(
      { side, profile: "etsi", peer: ["--mode", "answer", "--overlap", "7"] },
      async (pair) => {
        pair.call("a", setup({ digits: "55", sendingComplete: false }));
        pair.call("a", { kind: "information", digits: "51", sendingComplete: false });
        pair.call("a", { kind: "information", digits: "234", sendingComplete: true });
        await pair.until(() => pair.hasReported("a", "connect"));
        expect(pair.peerSaid("NUMBER_COMPLETE")[0]?.called).toBe("5551234");
        pair.call("a", { kind: "release", cause: cause(16, "user", "test") });
        await pair.idle();
      },
    );
  });

  test("digits are received one by one [T302 start] [T302 stop]", async () => {
    await withPair({ side, profile: "etsi", peer: ["--overlap", "7"] }, async (pair) => {
      let digits = "";
      pair.perform = (output) => {
        if (output.kind !== "call") return;
        const { leg, event } = output;
        if (event.kind === "setup") {
          expect(event.sendingComplete).toBe(false);
          digits = event.called.digits;
          pair.call(leg, { kind: "setup-acknowledge" });
        }
        if (event.kind !== "information") return;
        digits += event.digits;
        if (digits.length === 7) pair.call(leg, { kind: "connect" });
      };
      pair.ask("call 55 51234");
      await pair.until(() => pair.peerSaid("ANSWER").length === 1);
      expect(digits).toBe("5551234");
      pair.ask("hangup 16");
      await pair.idle();
    });
  });
});

test("[libpri] a user that hears tones after DISCONNECT with progress indicator 8 clears by itself [T306 start] [T306 stop]", async () => {
  await withPair({ side: "network", profile: "etsi" }, async (pair) => {
    const progress = [
      { description: "in-band-information", location: "public-network-local" },
    ] as const;
    pair.perform = (output) => {
      const arrived = incoming(output);
      if (arrived === undefined) return;
      pair.call(arrived.leg, { kind: "proceeding" });
      const why = cause(1, "public-network-local", "test");
      pair.call(arrived.leg, { kind: "disconnect", cause: why, progress });
    };
    pair.ask("call 5551234");
    await pair.until(() => pair.peerSaid("HANGUP_REQ").length === 1);
    expect(pair.peerSaid("HANGUP_REQ")[0]?.cause).toBe(1);
    await pair.idle();
  });
});

test("[libpri] a channel that is asked for by both is given to the network's call [call collision]", async () => {
  await withPair(
    { side: "user", profile: "etsi", peer: ["--mode", "answer", "--chan", "3"] },
    async (pair) => {
      pair.perform = answering(pair);
      pair.call("a", setup(), { timeslot: 3, exclusive: true });
      pair.ask("call 5551234");
      await pair.until(() => pair.peerSaid("ANSWER").length + pair.peerSaid("HANGUP").length > 0);
      for (const { leg } of pair.snapshot.calls)
        pair.call(leg, { kind: "release", cause: cause(16, "user", "test") });
      await pair.idle();
    },
  );
});

afterAll(() => {
  // An outside decoder finds nothing wrong with what was on all these wires.
  expect(frames.etsi.length + frames.ni2.length).toBeGreaterThan(4000);
  expect(malformed(frames.etsi, "ETSI")).toEqual([]);
  expect(malformed(frames.ni2)).toEqual([]);
});

type Service = Extract<InterfaceOutput, { kind: "service" }>;

function tellsService(pair: LibpriPair, service: Omit<Service, "kind">): boolean {
  return pair.said.some(
    (one) =>
      one.kind === "service" &&
      one.timeslot === service.timeslot &&
      one.status === service.status &&
      one.by === service.by,
  );
}

async function withPair(
  options: PairOptions,
  work: (pair: LibpriPair) => Promise<void>,
): Promise<void> {
  const pair = new LibpriPair(options);
  try {
    await pair.start();
    await work(pair);
    frames[options.profile].push(...pair.frames);
  } finally {
    await pair.stop();
  }
}

function setup(more: Partial<Setup> & { readonly digits?: string } = {}): Setup {
  const { digits = "5551234", ...rest } = more;
  return {
    kind: "setup",
    called: { digits, nature: "national", plan: "isdn" },
    calling: {
      digits: "5550000",
      nature: "national",
      plan: "isdn",
      presentation: "allowed",
      screening: "user-provided-verified-and-passed",
    },
    sendingComplete: true,
    bearer: { kind: "speech", law: "a-law" },
    ...rest,
  };
}

function incoming(output: InterfaceOutput) {
  if (output.kind !== "call" || output.event.kind !== "setup") return undefined;
  return { leg: output.leg, setup: output.event };
}

/** Our user answers whatever comes in. */
function answering(pair: LibpriPair): (output: InterfaceOutput) => void {
  return (output) => {
    const arrived = incoming(output);
    if (arrived === undefined) return;
    for (const event of [
      { kind: "proceeding" },
      { kind: "alerting" },
      { kind: "connect" },
    ] as const)
      pair.call(arrived.leg, event satisfies CallEvent);
  };
}

function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

const nobody: { readonly leg: string; readonly setup: Setup } = { leg: "", setup: setup() };

/** Causes with which libpri refuses a bare SETUP; for all others CALL PROCEEDING comes first. */
const BARE: ReadonlySet<number> = new Set([1, 34, 44, 82, 88]);
