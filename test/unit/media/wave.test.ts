import fc from "fast-check";
import { expect, test } from "vitest";
import { printWave, readWave } from "../../../src/media/wave.js";

test("what is printed is read back", () => {
  fc.assert(
    fc.property(fc.int16Array({ maxLength: 500 }), (samples) => {
      const read = readWave(printWave({ samples }));
      expect(read.ok && [...read.value.samples]).toEqual([...samples]);
    }),
  );
});

test("random octets are refused, never thrown at", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
      const riff = [..."RIFFxxxxWAVEfmt "].map((c) => c.charCodeAt(0));
      expect(typeof readWave(Uint8Array.from([...riff, ...tail])).ok).toBe("boolean");
      expect(readWave(tail).ok).toBe(false);
    }),
  );
});

test.each([
  [2, 8000, "8000 Hz and one channel"],
  [1, 16000, "8000 Hz and one channel"],
])("%i channels at %i Hz are refused with what would be right", (channels, rate, reason) => {
  const file = printWave({ samples: new Int16Array(4) });
  new DataView(file.buffer).setUint16(22, channels, true);
  new DataView(file.buffer).setUint32(24, rate, true);
  const read = readWave(file);
  expect(!read.ok && read.error.reason).toContain(reason);
});

test("A-law and mu-law files become linear by G.711", () => {
  const file = printWave({ samples: new Int16Array([0, 0]) });
  const view = new DataView(file.buffer);
  view.setUint16(34, 8, true);
  view.setUint16(20, 6, true);
  file.set([0xd5, 0x2a, 0xaa, 0x55], 44);
  const aLaw = readWave(file);
  expect(aLaw.ok && [...aLaw.value.samples]).toEqual([8, -32256, 32256, -8]);
  view.setUint16(20, 7, true);
  file.set([0xff, 0x00, 0x80, 0x7f], 44);
  const muLaw = readWave(file);
  expect(muLaw.ok && [...muLaw.value.samples]).toEqual([0, -32124, 32124, 0]);
});
