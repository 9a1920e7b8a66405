import { ByteReader, fault, ok, type Result } from "../core/index.js";

/** Sound as the engine takes it: 8 kHz, one channel, 16-bit linear. */
export interface Wave {
  readonly samples: Int16Array;
}

/** Reads a RIFF WAVE file of 8 kHz, mono, 16-bit linear, A-law or mu-law. */
export function readWave(octets: Uint8Array): Result<Wave> {
  const reader = new ByteReader(octets);
  const riff = text(reader.take(4));
  reader.take(4);
  if (riff !== "RIFF" || text(reader.take(4)) !== "WAVE") return fault(0, "not a RIFF WAVE file");
  let format: Format | undefined;
  while (reader.remaining >= 8) {
    const name = text(reader.take(4));
    const length = littleEndian(reader.take(4));
    const offset = reader.offset;
    const chunk = reader.take(Math.min(length, reader.remaining)) ?? new Uint8Array(0);
    if (length % 2 === 1) reader.take(1);
    if (name === "fmt ") format = readFormat(chunk);
    if (name !== "data") continue;
    return format === undefined
      ? fault(offset, "data before format")
      : decode(chunk, format, offset);
  }
  return fault(octets.length, "no data in the file");
}

/** A RIFF WAVE file of 8 kHz, mono, 16-bit linear samples. */
export function printWave({ samples }: Wave): Uint8Array {
  const file = new Uint8Array(44 + samples.length * 2);
  const view = new DataView(file.buffer);
  const put = (offset: number, word: string): void => {
    for (let i = 0; i < word.length; i++) file[offset + i] = word.charCodeAt(i);
  };
  put(0, "RIFF");
  view.setUint32(4, file.length - 8, true);
  put(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, LINEAR, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  put(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, i) => {
    view.setInt16(44 + i * 2, sample, true);
  });
  return file;
}

interface Format {
  readonly tag: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
}

function readFormat(chunk: Uint8Array): Format {
  return {
    tag: littleEndian(chunk.subarray(0, 2)),
    channels: littleEndian(chunk.subarray(2, 4)),
    rate: littleEndian(chunk.subarray(4, 8)),
    bits: littleEndian(chunk.subarray(14, 16)),
  };
}

function decode(data: Uint8Array, format: Format, offset: number): Result<Wave> {
  const { tag, channels, rate, bits } = format;
  if (channels !== 1 || rate !== RATE) {
    return fault(offset, `8000 Hz and one channel are wanted, not ${rate} Hz and ${channels}`);
  }
  if (tag === LINEAR && bits === 16) {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const count = data.length >> 1;
    return ok({
      samples: Int16Array.from({ length: count }, (_, i) => view.getInt16(i * 2, true)),
    });
  }
  if (bits === 8 && (tag === A_LAW || tag === MU_LAW)) {
    const expand = tag === A_LAW ? expandALaw : expandMuLaw;
    return ok({ samples: Int16Array.from(data, expand) });
  }
  return fault(offset, "16-bit linear, A-law or mu-law samples are wanted");
}

/** G.711 table 1: 13-bit value in the upper bits of 16. For whole files only; media is native. */
function expandALaw(octet: number): number {
  const code = octet ^ 0x55;
  const segment = (code >> 4) & 7;
  const step = ((code & 15) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return code & 0x80 ? magnitude : -magnitude;
}

/** G.711 table 2: 14-bit value in the upper bits of 16. */
function expandMuLaw(octet: number): number {
  const code = ~octet & 0xff;
  const magnitude = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
  return code & 0x80 ? -magnitude : magnitude;
}

function text(octets: Uint8Array | undefined): string {
  return String.fromCharCode(...(octets ?? []));
}

function littleEndian(octets: Uint8Array | undefined): number {
  return (octets ?? new Uint8Array(0)).reduceRight((value, octet) => value * 256 + octet, 0);
}

const RATE = 8000;
const LINEAR = 1;
const A_LAW = 6;
const MU_LAW = 7;
