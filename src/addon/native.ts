import { createRequire } from "node:module";

/**
 * The functions of the addon as they are: numbers in, numbers out. Each takes the engine's number
 * first. `Code` is 0, a code of outcomes.ts, or 1000 + errno; a handle is returned as it is, a
 * failure as its code made negative.
 */
export interface Native {
  createEngine(options: object, wake: () => void): number;
  now(engine: number): number;
  advance(engine: number, ms: number): number;
  close(engine: number): void;
  drain(engine: number): readonly RawEvent[];
  counterPage(engine: number, kind: number, index: number): Float64Array | undefined;
  layout(): CounterLayout;

  codecRows(): readonly RawCodecRow[];
  codecState(name: string, decoder: boolean, discontinuous: boolean): Uint8Array;
  codecEncode(name: string, state: Uint8Array, samples: Uint8Array, serial: boolean): RawConverted;
  codecDecode(name: string, state: Uint8Array, octets: Uint8Array, serial: boolean): RawConverted;
  codecCost(
    name: string,
    lanes: number,
    discontinuous: boolean,
    channels: number,
    rounds: number,
  ): readonly [encodeSeconds: number, decodeSeconds: number];

  openSpanPair(
    engine: number,
    t1: boolean,
    law: number,
    signallingTimeslot: number,
    hdlc: boolean,
    worker: number,
  ): readonly [code: number, a: number, b: number];
  closeSpan(engine: number, span: number): number;
  checkSpan(engine: number, span: number): number;
  sendSignalling(engine: number, span: number, octets: Uint8Array): number;
  setFault(engine: number, span: number, fault: object): number;

  openTimeslot(
    engine: number,
    span: number,
    timeslot: number,
    clearChannel: boolean | undefined,
    law: number | undefined,
  ): number;
  configureTimeslot(
    engine: number,
    port: number,
    clearChannel: boolean | undefined,
    law: number | undefined,
  ): number;
  closePort(engine: number, port: number): number;
  checkPort(engine: number, port: number): number;
  bridge(engine: number, a: number, b: number, both: boolean): number;
  unbridge(engine: number, port: number): number;
  overlayTone(engine: number, port: number, tone: object | null): number;
  sendDigit(engine: number, port: number, code: number, ms: number): number;
  setGain(
    engine: number,
    port: number,
    inward: number | undefined,
    outward: number | undefined,
  ): number;
  setDetectors(
    engine: number,
    port: number,
    dtmf: number | undefined,
    faxModem: number | undefined,
  ): number;

  openRtp(engine: number, address: string, port: number): number;
  configureRtp(engine: number, port: number, settings: object): number;
  rtpAddresses(
    engine: number,
    port: number,
  ): readonly [
    code: number,
    local: string,
    rtp: number,
    rtcp: number,
    latched: string,
    latchedPort: number,
    ssrc: number,
    remoteSsrc: number,
  ];
  sendDatagram(
    engine: number,
    from: string,
    fromPort: number,
    to: string,
    toPort: number,
    octets: Uint8Array,
  ): number;
  impairNetwork(
    engine: number,
    delayMs: number,
    jitterMs: number,
    loss: number,
    duplicate: number,
  ): number;

  openTerminal(engine: number): number;
  configureTerminal(
    engine: number,
    port: number,
    source: object | undefined,
    sink: object | undefined,
  ): number;
  loadSound(engine: number, samples: Int16Array): number;
  unloadSound(engine: number, sound: number): number;
  readRecording(engine: number, port: number): Int16Array | null;
}

export type RawCodecRow = readonly [
  name: string,
  payloadType: number,
  frameOctets: number,
  sidOctets: number,
  lookAheadSamples: number,
  lanes: readonly string[],
];

export type RawConverted = readonly [
  octets: Uint8Array,
  taken: number,
  malformed: boolean,
  speech: number,
  sid: number,
  untransmitted: number,
  erased: number,
];

/** Kind, handle, time, and what the kind brings along (event-reader.ts). */
export type RawEvent = readonly [
  kind: number,
  handle: number,
  at: number,
  ...rest: readonly unknown[],
];

export type CounterLayout = readonly [
  port: readonly string[],
  span: readonly string[],
  worker: readonly string[],
  histogramBoundsUs: readonly number[],
  slots: readonly [port: number, span: number, worker: number],
  slotsOfPage: number,
];

/** Loads the addon into this environment (main thread or worker thread). */
export function loadNative(): Native {
  // The same depth from src/addon and from dist/addon.
  return createRequire(import.meta.url)("../../build/Release/trunkgate.node") as Native;
}
