import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { type CallEvent, cause } from "../../src/call/index.js";
import { buildPeer, LibpriPair, type PairOptions } from "./libpri-pair.js";
import { lapdCapture } from "./tshark.js";

/*
 * What expires, seen from outside: libpri is told nothing, or is not heard, and hears what our timers say.
 * The frames that it heard are read by tshark: which messages, and how often.
 */

beforeAll(buildPeer);

const SHORT = 200;
/** While libpri is not heard, layer 2 does not lose its patience first. */
const PATIENT = { T200: 8000 } as const;

describe.concurrent("[libpri] [tshark] expiry of the timers of Q.931 tables 9-1 and 9-2", () => {
  test("T303: SETUP goes out twice, then the call is over [T303 expiry] [cause 102]", async () => {
    await withPair({ side: "user", peer: ["--mode", "silent"], T303: SHORT }, async (pair) => {
      pair.call("a", setup());
      await pair.until(() => pair.hasReported("a", "release"));
      expect(causeOf(pair)).toBe(102);
      expect(pair.peerSaid("RING")).toHaveLength(1);
      expect(messages(pair)).toEqual([SETUP, SETUP, RELEASE_COMPLETE]);
    });
  });

  test.for([
    ["T310", "user", "proceed", 102],
    ["T301", "network", "alert", 102],
    ["T304", "user", "setupack", 102],
  ] as const)(
    "%s on the %s side, after %s: DISCONNECT with cause %s [T310 expiry] [T301 expiry] [T304 expiry]",
    async ([name, side, said, value]) => {
      const options = { side, peer: ["--mode", "manual", "--overlap", "20"], [name]: SHORT };
      await withPair(options, async (pair) => {
        pair.onPeer = ({ ev, leg }) => {
          if (ev === "RING") pair.ask(`${said} #${leg}`);
        };
        pair.call("a", { ...setup(), sendingComplete: name !== "T304" });
        await pair.until(() => pair.peerSaid("HANGUP_REQ").length === 1);
        expect(pair.peerSaid("HANGUP_REQ")[0]?.cause).toBe(value);
        await pair.until(() => pair.hasReported("a", "release"));
        await pair.idle();
      });
    },
  );

  test("T302: too few digits come, DISCONNECT [T302 expiry] [cause 28]", async () => {
    const peer = ["--more-digits", "3"];
    await withPair({ side: "network", peer, T302: SHORT }, async (pair) => {
      pair.perform = (output) => {
        if (output.kind !== "call") return;
        const { leg, event } = output;
        if (event.kind === "setup") pair.call(leg, { kind: "setup-acknowledge" });
        if (event.kind === "information" && event.sendingComplete)
          pair.call(leg, { kind: "disconnect", cause: cause(28, "user", "test") });
      };
      pair.ask("call 12 34");
      await pair.until(() => pair.peerSaid("HANGUP_REQ").length === 1);
      expect(pair.peerSaid("HANGUP_REQ")[0]?.cause).toBe(28);
      await pair.idle();
    });
  });

  test("T305 and T308: DISCONNECT, RELEASE twice, then the channel is restarted [T305 expiry] [T308 expiry] [RESTART]", async () => {
    await withPair(
      { side: "user", peer: ["--mode", "answer"], T305: SHORT, T308: SHORT, ...PATIENT },
      async (pair) => {
        await answered(pair);
        const before = pair.frames.length;
        pair.deaf = true;
        pair.call("a", { kind: "disconnect", cause: cause(16, "user", "test") });
        await pair.until(() => pair.peerSaid("RESTART").length === 1);
        expect(messages(pair, before)).toEqual([DISCONNECT, RELEASE, RELEASE, RESTART]);
      },
    );
  });

  test("T306: tones after DISCONNECT end with RELEASE [T306 expiry]", async () => {
    await withPair(
      { side: "network", peer: ["--mode", "answer"], T306: SHORT, ...PATIENT },
      async (pair) => {
        await answered(pair);
        const before = pair.frames.length;
        pair.deaf = true;
        const tones = { description: "in-band-information", location: "user" } as const;
        const why = cause(16, "user", "test");
        pair.call("a", { kind: "disconnect", cause: why, progress: [tones] });
        await pair.until(() => hasSent(pair, RELEASE));
        expect(messages(pair, before)).toEqual([DISCONNECT, RELEASE]);
      },
    );
  });

  test("T323: SERVICE goes out twice, and is heard twice [T323 expiry] [SERVICE]", async () => {
    await withPair({ side: "user", profile: "ni2", T323: SHORT, ...PATIENT }, async (pair) => {
      pair.deaf = true;
      pair.tell({ kind: "service", timeslot: 5, status: "out-of-service" });
      await pair.until(() => pair.said.some((one) => one.kind === "anomaly"));
      await pair.until(() => pair.peerSaid("SERVICE").length === 2);
      expect(messages(pair)).toEqual([SERVICE, SERVICE]);
    });
  });

  test("T313: CONNECT without CONNECT ACKNOWLEDGE, DISCONNECT [T313 expiry] [cause 102]", async () => {
    await withPair({ side: "user", T313: SHORT, ...PATIENT }, async (pair) => {
      pair.perform = (output) => {
        if (output.kind !== "call" || output.event.kind !== "setup") return;
        pair.deaf = true;
        pair.call(output.leg, { kind: "connect" });
      };
      pair.ask("call 5551234");
      await pair.until(() => pair.peerSaid("HANGUP_REQ").length === 1);
      expect(pair.peerSaid("HANGUP_REQ")[0]?.cause).toBe(102);
    });
  });

  test("T316: RESTART goes out twice, then the channel is out of service [T316 expiry]", async () => {
    await withPair({ side: "user", T316: SHORT, ...PATIENT }, async (pair) => {
      pair.deaf = true;
      pair.tell({ kind: "restart", timeslots: [5] });
      await pair.until(() => pair.said.some(({ kind }) => kind === "restart-failed"));
      await pair.until(() => pair.peerSaid("RESTART").length === 2);
      expect(messages(pair)).toEqual([RESTART, RESTART]);
    });
  });

  test("T322: STATUS ENQUIRY goes out twice, then the call is cleared [T322 expiry] [STATUS ENQUIRY]", async () => {
    await withPair(
      { side: "user", peer: ["--mode", "answer"], T322: SHORT, ...PATIENT },
      async (pair) => {
        await answered(pair);
        const before = pair.frames.length;
        pair.deaf = true;
        pair.tell({ kind: "status-enquiry", leg: "a" });
        await pair.until(() => pair.peerSaid("HANGUP_REQ").length === 1);
        expect(pair.peerSaid("HANGUP_REQ")[0]?.cause).toBe(41);
        expect(messages(pair, before)).toEqual([STATUS_ENQUIRY, STATUS_ENQUIRY, DISCONNECT]);
      },
    );
  });

  test("T309: a short loss of the link costs no call, a long one ends it [T309 start] [T309 stop] [T309 expiry]", async () => {
    const options = { side: "user", peer: ["--mode", "answer"], T200: 100, T309: 2500 } as const;
    await withPair(options, async (pair) => {
      await answered(pair);
      const cut = async (): Promise<void> => {
        const ups = () => pair.said.filter((one) => one.kind === "data-link" && !one.up).length;
        const before = ups();
        pair.mute = true;
        pair.deaf = true;
        // Something to be acknowledged: N200 times unheard, the link is lost.
        pair.tell({ kind: "status-enquiry", leg: "a" });
        await pair.until(() => ups() > before);
      };
      await cut();
      pair.mute = false;
      pair.deaf = false;
      await pair.until(() => pair.said.at(-1) !== undefined && linkUps(pair) === 2);
      expect(pair.snapshot.calls).toMatchObject([{ state: "U10" }]);
      pair.ask("notify 121");
      await pair.until(() => pair.hasReported("a", "notify"));
      await cut();
      await pair.until(() => pair.hasReported("a", "release"));
      expect(causeOf(pair)).toBe(27);
    });
  });
});

function hasSent(pair: LibpriPair, type: number): boolean {
  return pair.said.some(
    (one) => one.kind === "trace" && one.direction === "sent" && one.octets[4] === type,
  );
}

function linkUps(pair: LibpriPair): number {
  return pair.said.filter((one) => one.kind === "data-link" && one.up).length;
}

function causeOf(pair: LibpriPair): number | undefined {
  const last = pair.eventsOf("a").at(-1);
  return last !== undefined && "cause" in last ? last.cause?.value : undefined;
}

async function answered(pair: LibpriPair): Promise<void> {
  pair.call("a", setup());
  await pair.until(() => pair.hasReported("a", "connect"));
  await pair.until(
    () => pair.peerSaid("CONNECT_ACK").length + pair.peerSaid("SEND_CONNECT").length > 0,
  );
}

async function withPair(
  options: Pick<PairOptions, "side" | "peer"> &
    Partial<Pick<PairOptions, "profile">> &
    Readonly<Record<string, unknown>>,
  work: (pair: LibpriPair) => Promise<void>,
): Promise<void> {
  const { side, peer = [], profile = "etsi", ...timers } = options;
  const pair = new LibpriPair({
    side,
    profile,
    peer,
    ours: { timers: timers as Record<string, number> },
  });
  try {
    await pair.start();
    await work(pair);
  } finally {
    await pair.stop();
  }
}

/** Message types of the I frames that we sent, repetitions of layer 2 counted once, as tshark reads them. */
function messages(pair: LibpriPair, from = 0): readonly number[] {
  const { path, close } = lapdCapture(pair.frames.slice(from));
  try {
    const fields = ["lapd.control.n_s", "q931.message_type"].flatMap((name) => ["-e", name]);
    const args = ["-r", path, "-Y", "q931", "-T", "fields", ...fields];
    const text = execFileSync("tshark", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const lines = new Set(text.split("\n").filter((line) => line !== ""));
    return [...lines].map((line) => Number(line.split("\t")[1]));
  } finally {
    close();
  }
}

function setup(): CallEvent & { kind: "setup" } {
  return {
    kind: "setup",
    called: { digits: "5551234", nature: "national", plan: "isdn" },
    sendingComplete: true,
    bearer: { kind: "speech", law: "a-law" },
  };
}

// Q.931 table 4-2
const SETUP = 0x05;
const DISCONNECT = 0x45;
const RELEASE = 0x4d;
const RELEASE_COMPLETE = 0x5a;
const RESTART = 0x46;
const STATUS_ENQUIRY = 0x75;
/** Of NI-2, with the protocol discriminator 0x43. */
const SERVICE = 0x07;
