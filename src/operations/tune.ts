import { fileURLToPath } from "node:url";
import { err, ok, type Result } from "../core/index.js";
import { type CallView, type CodecOverrides, codecCost, codecRows } from "../gateway/index.js";
import {
  type CallReport,
  type Destination,
  openPhone,
  type Phone,
  readWaveFile,
  routeTo,
} from "../phone/index.js";
import { parseHostPort } from "./dial-options.js";
import type { Candidate } from "./tune-candidates.js";
import { type HeardStream, hearingOf, type TunePath, type TuneRow } from "./tune-verdict.js";
import { version } from "./version.js";

/** A sound to play; as the phone's plans take it. */
type Sound = NonNullable<Parameters<Phone["placeCall"]>[0]["play"]>;

export interface TuneOptions {
  readonly number: string;
  /** host:port of the gateway's SIP. */
  readonly gateway: string;
  readonly path: TunePath;
  /** So long each call is listened to. */
  readonly seconds: number;
  /** Calls at a time. */
  readonly parallel: number;
  readonly play?: string;
  /** Of all chance in the network: the same seed loses the same packets. */
  readonly seed: number;
}

/** The running gateway that is called. */
export interface TuneControl {
  calls(): Promise<readonly CallView[]>;
  call(id: string): Promise<CallView>;
  set(call: string, settings: CodecOverrides): Promise<void>;
}

/** Places a call for each candidate over a network that behaves as told, and rates what was heard at both ends. */
export async function tune(
  options: TuneOptions,
  candidates: readonly Candidate[],
  control: TuneControl,
  onProgress: (part: number) => void,
): Promise<Result<readonly TuneRow[], string>> {
  const at = parseHostPort(options.gateway, "--gateway");
  if (!at.ok) return at;
  const route = await routeTo(at.value.host, at.value.port);
  if (!route.ok) return route;
  const play = await readWaveFile(options.play ?? ANNOUNCEMENT);
  if (!play.ok) return play;
  await control.calls();
  const { lossPercent, jitterMs, delayMs, burst } = options.path;
  const phone = await openPhone({
    ...{ address: route.value.localAddress, product: `trunkgate-tune/${version}` },
    path: { loss: lossPercent / 100, jitterMs, delayMs, burst, seed: options.seed },
  }).catch((error: Error) => error);
  if (phone instanceof Error) return err(phone.message);
  const { address } = route.value;
  const destination = { transport: "udp", address, port: at.value.port } as const;
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  for (const signal of SIGNALS) process.once(signal, interrupt);
  stop.signal.addEventListener("abort", () => void phone.close());
  try {
    const tuning = { phone, options, control, destination, play: play.value, stop: stop.signal };
    const rows = await inTurn(tuning, candidates, onProgress);
    return stop.signal.aborted ? err("interrupted; the calls were cleared") : ok(rows);
  } catch (error) {
    return err((error as Error).message);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
    if (!stop.signal.aborted) await phone.close();
  }
}

interface Tuning {
  readonly phone: Phone;
  readonly options: TuneOptions;
  readonly control: TuneControl;
  readonly destination: Destination;
  readonly play: Sound;
  readonly stop: AbortSignal;
}

/** So many at a time; the rows in the order of the candidates. */
async function inTurn(
  tuning: Tuning,
  candidates: readonly Candidate[],
  onProgress: (part: number) => void,
): Promise<readonly TuneRow[]> {
  const rows: TuneRow[] = [];
  const waiting = [...candidates.entries()];
  const { seconds, parallel } = tuning.options;
  const expectedMs = Math.ceil(candidates.length / parallel) * (seconds * 1000 + SETUP_MS);
  const begun = performance.now();
  const ticker = setInterval(
    () => onProgress(Math.min((performance.now() - begun) / expectedMs, 0.99)),
    TICK_MS,
  );
  const line = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (tuning.stop.aborted) return;
      const [index, candidate] = next;
      rows[index] = await tryOne(tuning, candidate, index);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, line));
    return rows;
  } finally {
    clearInterval(ticker);
  }
}

async function tryOne(tuning: Tuning, candidate: Candidate, index: number): Promise<TuneRow> {
  const { phone, options, control, destination, play } = tuning;
  const { codec, ptimeMs, vad, concealment, jitterMinMs, jitterMaxMs } = candidate;
  const playOut = { jitterMinMs, jitterMaxMs, concealment };
  const from = `${CALLING}${String(index).padStart(2, "0")}`;
  let answered: (isUp: true) => void = () => undefined;
  const up = new Promise<true>((resolve) => {
    answered = resolve;
  });
  const call = phone.placeCall({
    ...{ to: options.number, from, destination, play, loop: true, giveUpMs: GIVE_UP_MS },
    ...{ codecs: [NAMES[codec]], ptimeMs, vad, playOut },
    onMilestone: ({ kind }) => (kind === "answered" ? answered(true) : undefined),
  });
  if ((await Promise.race([up, call.ended])) !== true) {
    return { candidate, failed: failure((await call.ended).end) };
  }
  const live = (await control.calls()).find((one) => one.calling === from);
  if (live === undefined) {
    call.hangUp("the gateway does not know the call");
    return { candidate, failed: "the gateway that --api names has no such call" };
  }
  // The packet time goes to the phone by re-INVITE, the rest is the gateway's own.
  await control.set(live.id, { ptimeMs, vad, concealment, jitterMinMs, jitterMaxMs });
  await Promise.race([pause(options.seconds * 1000), call.ended]);
  const view = await control.call(live.id);
  call.hangUp("the test is over");
  return rowOf(candidate, options, view, await call.ended);
}

function rowOf(
  candidate: Candidate,
  options: TuneOptions,
  view: CallView,
  report: CallReport,
): TuneRow {
  const media = view.legs.find((leg) => leg.media !== undefined)?.media;
  if (media === undefined) return { candidate, failed: "the call ended before it was listened to" };
  const { packetsReceived, lost, late, bufferMs, packetsSent } = report.speech;
  const phone: HeardStream = { received: packetsReceived, lost, late, bufferMs };
  const gateway: HeardStream = {
    ...{ received: media.packetsReceived, lost: media.lost, late: media.late },
    bufferMs: media.bufferMs,
  };
  const atPhone = hearingOf(phone, candidate, options.path);
  const atGateway = hearingOf(gateway, candidate, options.path);
  const worse = atPhone.mos < atGateway.mos ? atPhone : atGateway;
  const { delayMs, lossPercent, mos } = worse;
  const talkedSeconds = Math.max((report.talkedMs ?? 0) / 1000, 0.001);
  const { ptimeMs = candidate.ptimeMs } = report.agreement?.send ?? {};
  const octets = HEADERS + ptimeMs * OCTETS_OF_MS[candidate.codec];
  return {
    ...{ candidate, atGateway, atPhone, delayMs, lossPercent, mos },
    kbitPerSecond: (packetsSent * octets * 8) / talkedSeconds / 1000,
    cpuPercent: cpuPercent(candidate),
  };
}

/** What the far end said, or what happened where it said nothing. */
export function failure({ status, phrase = "", why = "" }: CallReport["end"]): string {
  const said = `${status ?? ""} ${phrase}`.trim();
  return (phrase === "" ? why || said : said) || "no answer";
}

function cpuPercent({ codec, vad }: Candidate): number {
  const name = NAMES[codec];
  // The first form is the widest that this processor runs; calls share it.
  const inLanes = codecRows().some((row) => row.name === name && row.lanes.length > 0);
  const form = inLanes ? { lanes: 0 } : {};
  const { encodeUs, decodeUs } = codecCost(name, { ...form, vad, channels: 16, rounds: 50 });
  return (encodeUs + decodeUs) / 100;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const NAMES = { pcma: "PCMA", pcmu: "PCMU", g729: "G729" } as const;
const OCTETS_OF_MS = { pcma: 8, pcmu: 8, g729: 1 } as const;
/** RTP, UDP, IPv4. */
const HEADERS = 40;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;
/** Calling numbers by which the gateway's calls are known. */
const CALLING = "55579";
const GIVE_UP_MS = 20_000;
/** What a call takes beside being listened to, about. */
const SETUP_MS = 2000;
const TICK_MS = 200;
const ANNOUNCEMENT = fileURLToPath(
  new URL("../../src/exchange/sounds/announcement.wav", import.meta.url),
);
