import { ByteReader, fault, ok, type Result } from "../core/index.js";

/** Sound as the engine takes it: 8 kHz, one channel, 16-bit linear. */
export interface Wave {
  readonly samples: Int16Array;
}

/** How the samples of a file are coded. */
export type WaveCoding = "linear" | "a-law" | "mu-law";

/** What stands before the samples, and where they are. */
export interface WaveHeader {
  readonly coding: WaveCoding;
  readonly offset: number;
  /** In octets. */
  readonly length: number;
}

/** Reads what stands before the samples of a RIFF WAVE file of 8 kHz, mono, 16-bit linear, A-law or mu-law. */
export function readWaveHeader(octets: Uint8Array): Result<WaveHeader> {
  const reader = new ByteReader(octets);
  const riff = text(reader.take(4));
  reader.take(4);
  if (riff !== "RIFF" || text(reader.take(4)) !== "WAVE") return fault(0, "not a RIFF WAVE file");
  let format: Format | undefined;
  while (reader.remaining >= 8) {
    const name = text(reader.take(4));
    const length = littleEndian(reader.take(4));
    const offset = reader.offset;
    if (name === "data") {
      if (format === undefined) return fault(offset, "data before format");
      const coding = codingOf(format, offset);
      return coding.ok ? ok({ coding: coding.value, offset, length }) : coding;
    }
    const chunk = reader.take(Math.min(length, reader.remaining)) ?? new Uint8Array(0);
    if (length % 2 === 1) reader.take(1);
    if (name === "fmt ") format = readFormat(chunk);
  }
  return fault(octets.length, "no data in the file");
}

/** Reads a whole file. */
export function readWave(octets: Uint8Array): Result<Wave> {
  const header = readWaveHeader(octets);
  if (!header.ok) return header;
  const { coding, offset, length } = header.value;
  const data = octets.subarray(offset, offset + length);
  if (coding !== "linear") {
    const expand = coding === "a-law" ? expandALaw : expandMuLaw;
    return ok({ samples: Int16Array.from(data, expand) });
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = data.length >> 1;
  const samples = Int16Array.from({ length: count }, (_, i) => view.getInt16(i * 2, true));
  return ok({ samples });
}

/** What stands before `length` octets of samples at 8 kHz, mono. */
export function printWaveHeader(coding: WaveCoding, length: number): Uint8Array {
  const isLinear = coding === "linear";
  // Other codings than linear have a longer format and tell their number of samples.
  const header = new Uint8Array(isLinear ? 44 : 58);
  const view = new DataView(header.buffer);
  const put = (offset: number, word: string): void => {
    for (let i = 0; i < word.length; i++) header[offset + i] = word.charCodeAt(i);
  };
  const width = isLinear ? 2 : 1;
  put(0, "RIFF");
  view.setUint32(4, header.length + length - 8, true);
  put(8, "WAVEfmt ");
  view.setUint32(16, isLinear ? 16 : 18, true);
  view.setUint16(20, TAGS[coding], true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * width, true);
  view.setUint16(32, width, true);
  view.setUint16(34, width * 8, true);
  if (!isLinear) {
    put(38, "fact");
    view.setUint32(42, 4, true);
    view.setUint32(46, length, true);
  }
  put(header.length - 8, "data");
  view.setUint32(header.length - 4, length, true);
  return header;
}

/** A RIFF WAVE file of 8 kHz, mono, 16-bit linear samples. */
export function printWave({ samples }: Wave): Uint8Array {
  const file = new Uint8Array(44 + samples.length * 2);
  const view = new DataView(file.buffer);
  file.set(printWaveHeader("linear", samples.length * 2));
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

function codingOf(format: Format, offset: number): Result<WaveCoding> {
  const { tag, channels, rate, bits } = format;
  if (channels !== 1 || rate !== RATE) {
    return fault(offset, `8000 Hz and one channel are wanted, not ${rate} Hz and ${channels}`);
  }
  if (tag === TAGS.linear && bits === 16) return ok("linear");
  if (bits === 8 && tag === TAGS["a-law"]) return ok("a-law");
  if (bits === 8 && tag === TAGS["mu-law"]) return ok("mu-law");
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
/** Format tags of RIFF WAVE. */
const TAGS = { linear: 1, "a-law": 6, "mu-law": 7 } as const;
