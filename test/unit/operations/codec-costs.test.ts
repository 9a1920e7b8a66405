import { expect, test } from "vitest";
import { codecRows } from "../../../src/media/index.js";
import { listCodecs, measureCodecs } from "../../../src/operations/codec-costs.js";

test("every form of every codec is measured once, and G.711 is what it is compared with", async () => {
  const parts: number[] = [];
  const rows = await measureCodecs({ passMs: 1, vad: true, channels: 16 }, (p) => parts.push(p));
  const vectors = codecRows().flatMap(({ name, lanes }) =>
    lanes.filter((form) => form !== "scalar").map((form) => `${name} ${form}`),
  );
  expect(rows.map(({ codec, form }) => `${codec} ${form}`)).toEqual(
    expect.arrayContaining(["PCMA scalar", "PCMU scalar", "G729 scalar", ...vectors]),
  );
  expect(rows).toHaveLength(3 + vectors.length);
  expect(rows[0]).toMatchObject({ codec: "PCMA", timesG711: 1 });
  for (const { encodeUs, decodeUs, channelsPerCore, timesG711 } of rows) {
    expect(channelsPerCore).toBe(Math.floor(10_000 / (encodeUs + decodeUs)));
    expect(timesG711).toBeGreaterThan(0);
  }
  expect(parts.at(-1)).toBe(1);
});

test("the list says what a codec is on the wire", async () => {
  expect(await listCodecs()).toMatchObject([
    { codec: "PCMA", payloadType: 8, kbitPerSecond: 64, delayMs: 10, silence: "RFC 3389" },
    { codec: "PCMU", payloadType: 0, frameOctets: 80 },
    { codec: "G729", payloadType: 18, kbitPerSecond: 8, delayMs: 15, silence: "Annex B" },
  ]);
});
