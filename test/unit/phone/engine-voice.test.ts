import { describe, expect, test } from "vitest";
import { err, ok } from "../../../src/core/index.js";
import {
  type Engine,
  EventRouter,
  type PortCounters,
  type PortEvent,
  type PortHandle,
} from "../../../src/media/index.js";
import { type EngineVoiceOptions, engineVoice } from "../../../src/phone/engine-voice.js";
import type { Heard } from "../../../src/phone/voice.js";
import type { MediaAgreement } from "../../../src/sdp/index.js";

/** An engine that keeps what it was asked for, and has some ports in use by others. */
class RecordedEngine {
  readonly asked: (readonly [string, ...unknown[]])[] = [];
  readonly router = new EventRouter();
  readonly open = new Set<number>();
  #handles = 0;

  constructor(busy: readonly number[] = []) {
    const handle = () => {
      this.open.add(++this.#handles);
      return ok(this.#handles as PortHandle);
    };
    const done =
      (name: string) =>
      (...args: unknown[]) => {
        this.asked.push([name, ...args]);
        return ok(undefined);
      };
    this.engine = {
      openRtp: ({ port }: { readonly port: number }) => {
        this.asked.push(["openRtp", port]);
        if (!busy.includes(port)) return handle();
        return err({ code: "EADDRINUSE", message: `port ${port} is in use` });
      },
      openTerminal: () => handle(),
      closePort: (port: number) => ok(this.open.delete(port)),
      rtpAddresses: () =>
        ok({ local: { address: "192.0.2.1", port: 4000 }, latched: null, ssrc: 1 }),
      loadSound: (samples: Int16Array) => {
        this.asked.push(["loadSound", samples.length]);
        return ok(9);
      },
      readRecording: () => ok(Int16Array.of(1, 2, 3)),
      portCounters: () =>
        ok({
          ...{ packetsSent: 5, packetsReceived: 4, lost: 1, late: 2, jitterMs: 3 },
          ...{ bufferTargetMs: 40, bufferDepthMs: 40, roundTripMs: 6, discarded: 0, duplicates: 0 },
          ...{ rtcpReceived: 1, remoteLost: 0, remoteJitterMs: 1 },
        } as PortCounters),
      bridge: done("bridge"),
      configureRtp: done("configureRtp"),
      configureTerminal: done("configureTerminal"),
      sendDigit: done("sendDigit"),
      close: done("close"),
    } as unknown as Engine;
  }

  readonly engine: Engine;

  /** What was asked of a method, the handles left out. */
  of(name: string): readonly unknown[] {
    return this.asked.filter(([asked]) => asked === name).map((one) => one.at(-1));
  }
}

const agreement: MediaAgreement = {
  remote: { address: "192.0.2.2", port: 6000, rtcpAddress: "192.0.2.2", rtcpPort: 6001 },
  send: { codec: { name: "PCMU", clockRate: 8000 }, payloadType: 0, ptimeMs: 30 },
  receive: [{ payloadType: 0, codec: { name: "PCMU", clockRate: 8000 } }],
  ...{ receivePtimeMs: 20, direction: "sendrecv", rtcp: true },
  telephoneEvent: { send: 96, receive: 101, events: "0-15" },
};

function open(
  recorded: RecordedEngine,
  plan: { readonly recordMs?: number; readonly play?: { readonly samples: Int16Array } } = {},
  options: Partial<EngineVoiceOptions> = {},
) {
  const heard: Heard[] = [];
  const { engine, router } = recorded;
  const voice = engineVoice({ address: "192.0.2.1", engine: { engine, router }, ...options });
  const opened = voice.open({ recordMs: 0, ...plan }, (event) => heard.push(event));
  if (!opened.ok) throw new Error(opened.error);
  return { voice, call: opened.value, heard };
}

describe("the speech of a call", () => {
  test("an agreement becomes the settings of the RTP port", () => {
    const recorded = new RecordedEngine();
    const { call } = open(recorded);
    call.agreed(agreement);
    expect(recorded.of("configureRtp")).toEqual([
      {
        remote: { address: "192.0.2.2", port: 6000 },
        remoteRtcp: { address: "192.0.2.2", port: 6001 },
        send: { payloadType: 0, codec: "PCMU", ptimeMs: 30, vad: false, sid: false },
        receive: [{ payloadType: 0, codec: "PCMU" }],
        telephoneEvent: { sendPayloadType: 96, receivePayloadType: 101 },
        ...{ direction: "sendrecv", rtcp: true, relatch: true },
      },
    ]);
  });

  test("the source is latched anew only when the far end moved; hold has nowhere to send to", () => {
    const recorded = new RecordedEngine();
    const { call } = open(recorded);
    call.agreed(agreement);
    call.agreed({ ...agreement, send: { ...agreement.send, ptimeMs: 20 } });
    call.agreed({ ...agreement, remote: { ...agreement.remote, address: "0.0.0.0" } });
    expect(recorded.of("configureRtp")).toMatchObject([
      { relatch: true },
      { relatch: false },
      { relatch: true, remote: null, remoteRtcp: null },
    ]);
  });

  test("what our offer lets come is taken before the answer", () => {
    const recorded = new RecordedEngine();
    const { call } = open(recorded);
    call.offered(agreement.receive, { telephoneEvent: 101 });
    call.offered(agreement.receive, {});
    expect(recorded.of("configureRtp")).toEqual([
      {
        receive: [{ payloadType: 0, codec: "PCMU" }],
        telephoneEvent: { receivePayloadType: 101 },
      },
      { receive: [{ payloadType: 0, codec: "PCMU" }] },
    ]);
  });

  test("the recorder starts with the first agreement and once; its sound is in the report", () => {
    const recorded = new RecordedEngine();
    const { call } = open(recorded, { recordMs: 1000 });
    expect(recorded.of("configureTerminal")).toEqual([]);
    call.agreed(agreement);
    call.agreed(agreement);
    expect(recorded.of("configureTerminal")).toEqual([
      { law: "mu-law", sink: { recordMs: 1000, collectDigits: false } },
    ]);
    expect(call.close().recording?.samples).toEqual(Int16Array.of(1, 2, 3));
  });

  test("a sound is loaded once for all calls and begins when the call speaks", () => {
    const recorded = new RecordedEngine();
    const play = { samples: new Int16Array(80) };
    const { voice, call } = open(recorded, { play });
    voice.open({ play, recordMs: 0 }, () => undefined);
    expect(recorded.of("loadSound")).toEqual([80]);
    call.speak();
    expect(recorded.of("configureTerminal")).toEqual([
      { source: { kind: "sound", sound: 9, loop: false } },
    ]);
  });

  test("a digit counts once: as telephone-event where agreed, else as it is heard in-band", () => {
    const digit = (port: number, from: "rfc4733" | "in-band"): PortEvent => ({
      ...{ kind: "digit", port: port as PortHandle, at: 0, digit: "5", durationMs: 100, from },
    });
    const agreed = new RecordedEngine();
    const one = open(agreed);
    one.call.agreed(agreement);
    agreed.router.dispatch([digit(1, "rfc4733"), digit(2, "in-band")]);
    expect(one.heard).toEqual([{ kind: "digit", digit: "5" }]);

    const inBand = new RecordedEngine();
    const other = open(inBand);
    const { telephoneEvent: _none, ...without } = agreement;
    other.call.agreed(without);
    expect(inBand.of("configureTerminal")).toMatchObject([{ sink: { collectDigits: true } }]);
    inBand.router.dispatch([digit(2, "in-band")]);
    expect(other.heard).toEqual([{ kind: "digit", digit: "5" }]);
  });

  test("closing reads the counters and gives both ports back; a shared engine stays", () => {
    const recorded = new RecordedEngine();
    const { voice, call } = open(recorded);
    expect(recorded.open.size).toBe(2);
    expect(call.close()).toMatchObject({
      ...{ packetsSent: 5, packetsReceived: 4, lost: 1, late: 2, jitterMs: 3 },
      ...{ bufferMs: 40, roundTripMs: 6 },
      mos: expect.closeTo(1.6, 0),
      mosAtFarEnd: expect.closeTo(4.4, 1),
    });
    expect(recorded.open.size).toBe(0);
    voice.close();
    expect(recorded.of("close")).toEqual([]);
  });
});

describe("RTP ports of a range", () => {
  const ports = { first: 10_001, last: 10_007 };

  test("are even, each in its turn, those in use left out", () => {
    const recorded = new RecordedEngine([10_004]);
    const { voice } = open(recorded, {}, { ports });
    for (let i = 0; i < 3; i++) voice.open({ recordMs: 0 }, () => undefined);
    expect(recorded.of("openRtp")).toEqual([10_002, 10_004, 10_006, 10_002, 10_004, 10_006]);
  });

  test("when all are in use, the call is told so", () => {
    const { engine, router } = new RecordedEngine([10_002, 10_004, 10_006]);
    const voice = engineVoice({ address: "192.0.2.1", ports, engine: { engine, router } });
    const opened = voice.open({ recordMs: 0 }, () => undefined);
    expect(opened.ok ? "" : opened.error).toMatch(
      /^no RTP port can be opened: .*192\.0\.2\.1 is in use/,
    );
  });
});
