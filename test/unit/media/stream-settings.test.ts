import { expect, test } from "vitest";
import { type AgreedStream, agreedSettings, offeredSettings } from "../../../src/media/index.js";

const G729 = { payloadType: 18, codec: { name: "G729", annexB: true } } as const;
const PCMA = { payloadType: 8, codec: { name: "PCMA" } } as const;

const stream = (more: Partial<AgreedStream> = {}): AgreedStream => ({
  remote: { address: "192.0.2.1", port: 5000, rtcpAddress: "192.0.2.1", rtcpPort: 5001 },
  ...{ send: { ...G729, ptimeMs: 20, silenceSuppression: true }, receive: [G729] },
  ...{ direction: "sendrecv", rtcp: true },
  ...more,
});

test("pauses are left out where we want that and both sides can do it", () => {
  const send = { ...G729, ptimeMs: 20 } as const;
  expect(agreedSettings(stream(), undefined, true).send).toEqual({
    ...{ codec: "G729", payloadType: 18, ptimeMs: 20, vad: true, sid: true },
  });
  expect(agreedSettings(stream(), undefined, false).send).toMatchObject({
    ...{ vad: false, sid: true },
  });
  expect(agreedSettings(stream({ send }), undefined, true).send).toMatchObject({
    ...{ vad: false, sid: false },
  });
});

test("[RFC 3264 §8.3.2] what was agreed before is still taken", () => {
  const before = stream({ receive: [PCMA], send: { ...PCMA, ptimeMs: 20 } });
  expect(agreedSettings(stream(), before, false).receive).toEqual([
    { codec: "G729", payloadType: 18 },
    { codec: "PCMA", payloadType: 8 },
  ]);
  const moved = stream({ receive: [{ payloadType: 8, codec: { name: "PCMU" } }] });
  expect(agreedSettings(moved, before, false).receive).toEqual([{ codec: "PCMU", payloadType: 8 }]);
});

test("[RFC 3389] comfort noise that is agreed is sent and taken", () => {
  const send = { ...PCMA, ptimeMs: 20, silenceSuppression: true } as const;
  const noisy = stream({ send, receive: [PCMA], comfortNoise: { send: 13, receive: 99 } });
  expect(agreedSettings(noisy, undefined, true)).toMatchObject({
    send: { codec: "PCMA", vad: true, comfortNoisePayloadType: 13 },
    receive: [
      { codec: "PCMA", payloadType: 8 },
      { codec: "CN", payloadType: 99 },
    ],
  });
  expect(offeredSettings([PCMA], { comfortNoise: 13 }).receive).toEqual([
    { codec: "PCMA", payloadType: 8 },
    { codec: "CN", payloadType: 13 },
  ]);
});

test("the source is let in anew only when the far end moved", () => {
  const elsewhere = { ...stream().remote, port: 5002 };
  expect(agreedSettings(stream(), undefined, false).relatch).toBe(true);
  expect(agreedSettings(stream(), stream(), false).relatch).toBe(false);
  expect(agreedSettings(stream({ remote: elsewhere }), stream(), false).relatch).toBe(true);
});

test.each(["0.0.0.0", "::", ""])("nothing is sent to %j", (address) => {
  const remote = { ...stream().remote, address };
  expect(agreedSettings(stream({ remote }), undefined, false)).toMatchObject({
    ...{ remote: null, remoteRtcp: null },
  });
});

test("what an offer lets come is taken before its answer", () => {
  expect(offeredSettings([G729], { telephoneEvent: 101 })).toEqual({
    receive: [{ codec: "G729", payloadType: 18 }],
    telephoneEvent: { receivePayloadType: 101 },
  });
  expect(offeredSettings([PCMA], {})).toEqual({ receive: [{ codec: "PCMA", payloadType: 8 }] });
});
