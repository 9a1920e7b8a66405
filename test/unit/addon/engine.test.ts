import { describe, expect, test } from "vitest";
import type { PortHandle, SoundHandle, SpanHandle } from "../../../src/addon/index.js";
import { codeOf, good, steppedEngine } from "./bench.js";

const here = { address: "10.0.0.1", port: 20000 };

describe("time", () => {
  test("a stepped engine's clock moves in advance only", () => {
    const { engine } = steppedEngine({ startMs: 1000 });
    expect(engine.now()).toBe(1000);
    good(engine.advance(25));
    expect(engine.now()).toBe(1025);
    engine.close();
  });

  test("a threaded engine's clock is the monotonic one and cannot be advanced", () => {
    const { engine } = steppedEngine({ mode: "threaded", realtime: false });
    const nodes = Number(process.hrtime.bigint()) / 1e6;
    expect(Math.abs(engine.now() - nodes)).toBeLessThan(1000);
    expect(codeOf(engine.advance(1))).toBe("not-supported");
    expect(codeOf(engine.sendDatagram(here, here, new Uint8Array(1)))).toBe("not-supported");
    engine.close();
  });
});

describe("misuse", () => {
  test("what is closed is stale, a second time too, and every method says so", () => {
    const { engine } = steppedEngine();
    const port = good(engine.openTerminal());
    good(engine.closePort(port));
    const answers = [
      engine.closePort(port),
      engine.bridge(port, port),
      engine.unbridge(port),
      engine.overlayTone(port, null),
      engine.sendDigit(port, "1"),
      engine.setGain(port, { inwardDb: 1 }),
      engine.setDetectors(port, { dtmf: "on" }),
      engine.configureTerminal(port, {}),
      engine.configureRtp(port, {}),
      engine.configureTimeslot(port, {}),
      engine.rtpAddresses(port),
      engine.readRecording(port),
      engine.portCounters(port),
    ];
    expect(answers.map(codeOf)).toEqual(answers.map(() => "stale-handle"));
    engine.close();
  });

  test("a number that never was a handle is stale", () => {
    const { engine } = steppedEngine();
    for (const number of [0, -1, 1, 2 ** 52, 1.5]) {
      expect(codeOf(engine.closePort(number as PortHandle))).toBe("stale-handle");
      expect(codeOf(engine.closeSpan(number as SpanHandle))).toBe("stale-handle");
      expect(codeOf(engine.unloadSound(number as SoundHandle))).toBe("stale-handle");
    }
    engine.close();
  });

  test("a closed engine answers closed, and may be closed again", () => {
    const { engine } = steppedEngine();
    const port = good(engine.openTerminal());
    engine.close();
    engine.close();
    expect(codeOf(engine.closePort(port))).toBe("closed");
    expect(codeOf(engine.openTerminal())).toBe("closed");
    expect(codeOf(engine.openRtp(here))).toBe("closed");
    expect(codeOf(engine.openSpanPair({ kind: "e1", signalling: "hdlc" }))).toBe("closed");
    expect(codeOf(engine.advance(1))).toBe("closed");
    expect(codeOf(engine.workerCounters(0))).toBe("closed");
  });

  test("wrong values are our own mistake: they throw with a code", () => {
    const { engine } = steppedEngine();
    const port = good(engine.openTerminal());
    const thrown = (call: () => unknown): unknown => {
      try {
        call();
      } catch (error) {
        return (error as { code?: string }).code;
      }
      return "nothing";
    };
    expect(thrown(() => engine.sendDigit(port, "x"))).toBe("ERR_OUT_OF_RANGE");
    expect(thrown(() => engine.sendDigit(port, "1", 10))).toBe("ERR_OUT_OF_RANGE");
    expect(thrown(() => engine.setGain(port, { inwardDb: 90 }))).toBe("ERR_OUT_OF_RANGE");
    expect(thrown(() => engine.advance(-1))).toBe("ERR_OUT_OF_RANGE");
    expect(thrown(() => engine.openRtp({ address: "example.org", port: 1 }))).toBe(
      "ERR_INVALID_ARG_TYPE",
    );
    expect(thrown(() => engine.closePort("1" as unknown as PortHandle))).toBe(
      "ERR_INVALID_ARG_TYPE",
    );
    expect(thrown(() => engine.loadSound([1, 2] as unknown as Int16Array))).toBe(
      "ERR_INVALID_ARG_TYPE",
    );
    engine.close();
  });

  test("a failed setting of an RTP port leaves no port behind", () => {
    const { engine } = steppedEngine();
    const settings = { send: { codec: "PCMA", payloadType: 300, ptimeMs: 20 } } as const;
    expect(() => engine.openRtp(here, settings)).toThrow(TypeError);
    engine.advance(2);
    expect(codeOf(engine.openRtp(here))).toBe("ok");
    engine.close();
  });

  test("the engine may be used, and closed, from its own callback; advance may not", () => {
    const codes: string[] = [];
    const { engine } = steppedEngine({
      onEvents: () => {
        codes.push(codeOf(engine.advance(1)), codeOf(engine.openTerminal()));
        engine.close();
      },
    });
    const { a } = good(engine.openSpanPair({ kind: "e1", signalling: "hdlc" }));
    good(engine.sendSignalling(a, Uint8Array.of(2, 1, 127)));
    expect(codeOf(engine.advance(50))).toBe("ok");
    expect(codes).toEqual(["not-supported", "ok"]);
    expect(codeOf(engine.openTerminal())).toBe("closed");
  });

  test("an exception of the callback comes out of advance and breaks nothing", () => {
    let thrown = false;
    const { engine } = steppedEngine({
      onEvents: () => {
        if (thrown) return;
        thrown = true;
        throw new Error("mine");
      },
    });
    const { a } = good(engine.openSpanPair({ kind: "t1", signalling: "hdlc" }));
    good(engine.sendSignalling(a, Uint8Array.of(2, 1, 127)));
    expect(() => engine.advance(50)).toThrow("mine");
    expect(codeOf(engine.advance(50))).toBe("ok");
    engine.close();
  });
});

describe("sockets", () => {
  test("a port in use is told with its code", () => {
    for (const mode of ["stepped", "threaded"] as const) {
      const { engine } = steppedEngine({ mode, realtime: false });
      const first = good(engine.openRtp({ address: "127.0.0.1", port: 0 }));
      const { local, localRtcp } = good(engine.rtpAddresses(first));
      expect(localRtcp.port).toBe(local.port + 1);
      const again = engine.openRtp(local);
      expect(codeOf(again)).toBe("EADDRINUSE");
      if (!again.ok) expect(again.error.message).toContain(String(local.port));
      good(engine.closePort(first));
      engine.close();
    }
  });

  test("an address of nobody is told with its code", () => {
    const { engine } = steppedEngine({ mode: "threaded", realtime: false });
    expect(codeOf(engine.openRtp({ address: "203.0.113.9", port: 0 }))).toBe("EADDRNOTAVAIL");
    engine.close();
  });

  test("a closed port can be bound again once the worker has let go of it", () => {
    const { engine } = steppedEngine();
    for (let i = 0; i < 100; i++) {
      const port = good(engine.openRtp(here));
      good(engine.closePort(port));
      engine.advance(2);
    }
    engine.close();
  });
});

describe("events", () => {
  test("a threaded engine wakes JavaScript for a frame", async () => {
    let arrived: (octets: Uint8Array) => void = () => {};
    const frame = new Promise<Uint8Array>((resolve) => {
      arrived = resolve;
    });
    const { engine } = steppedEngine({
      mode: "threaded",
      realtime: false,
      onEvents: (events) => {
        for (const event of events) if (event.kind === "signalling") arrived(event.octets);
      },
    });
    const { a } = good(engine.openSpanPair({ kind: "e1", signalling: "hdlc" }));
    good(engine.sendSignalling(a, Uint8Array.of(2, 1, 127, 9)));
    // An engine alone does not keep the process alive; this does.
    const alive = setInterval(() => {}, 1000);
    expect(await frame).toEqual(Uint8Array.of(2, 1, 127, 9));
    clearInterval(alive);
    engine.close();
  });

  test("events come in the order of their time", () => {
    const { engine, events } = steppedEngine();
    const { a, b } = good(engine.openSpanPair({ kind: "e1", signalling: "hdlc" }));
    for (let i = 0; i < 20; i++) good(engine.sendSignalling(a, new Uint8Array(10 + i)));
    engine.advance(30);
    good(engine.setFault(b, { alarm: "ais" }));
    engine.advance(200);
    expect(events.length).toBe(22);
    const times = events.map(({ at }) => at);
    expect(times).toEqual([...times].sort((x, y) => x - y));
    engine.close();
  });
});
