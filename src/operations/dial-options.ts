import { err, ok, type Result } from "../core/index.js";
import {
  type CallPlan,
  createWaveFile,
  type Destination,
  readWaveFile,
  routeTo,
  type WaveFile,
} from "../phone/index.js";

/** The options of `trunkgate dial`; times in seconds where they do not say otherwise. */
export interface DialOptions {
  /** Absent when a call is waited for. */
  readonly number?: string;
  /** host:port. */
  readonly to: string;
  /** Calling number. */
  readonly from: string;
  /** IP address of our own; default: the one that leads to `to`, or loopback with `answer`. */
  readonly address?: string;
  /** Local SIP port; 0: any, with `answer` 5080. */
  readonly port: number;
  readonly play?: string;
  readonly record?: string;
  readonly codec: "pcma" | "pcmu" | "g729";
  /** Pauses are not sent where the far end permits. */
  readonly vad?: boolean;
  readonly ptimeMs: 10 | 20 | 30 | 40 | 60;
  /** 0: until the far end hangs up. */
  readonly hold: number;
  readonly giveUp: number;
  readonly digits?: string;
  readonly transport: "udp" | "tcp";
  readonly reliable: "none" | "supported" | "required";
  readonly delayedOffer?: boolean;
  readonly answer?: boolean;
  /** How long it rings before it is answered. */
  readonly ring?: number;
}

/** What the options come to, once files and names were looked at. */
export interface Prepared {
  readonly plan: CallPlan;
  readonly destination: Destination;
  /** Our own. */
  readonly address: string;
  readonly port: number;
  readonly recording?: WaveFile;
}

/** Looks at all that can be wrong before a call is begun. */
export async function prepare(options: DialOptions): Promise<Result<Prepared, string>> {
  const digits = options.digits ?? "";
  if (!/^[0-9*#A-D,]*$/i.test(digits)) {
    return err(`digits are 0-9 * # A-D, and a comma for a pause of a second, not "${digits}"`);
  }
  const nobody = nameless(options);
  if (nobody !== undefined) return err(nobody);
  const place = await placeOf(options);
  if (!place.ok) return place;
  const play = options.play === undefined ? ok(undefined) : await readWaveFile(options.play);
  if (!play.ok) return play;
  const recording =
    options.record === undefined ? ok(undefined) : await createWaveFile(options.record);
  if (!recording.ok) return recording;
  return ok({
    ...place.value,
    plan: {
      ...planOf(options, digits.toUpperCase()),
      ...(play.value === undefined ? {} : { play: play.value }),
    },
    port: options.port === 0 && options.answer === true ? ANSWER_PORT : options.port,
    ...(recording.value === undefined ? {} : { recording: recording.value }),
  });
}

/** `host`, `host:port`, `[IPv6]`, `[IPv6]:port`; port 5060 when none is said. */
export function parseHostPort(
  text: string,
  option = "--to",
): Result<{ readonly host: string; readonly port: number }, string> {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:@[\]]+))(?::(\d{1,5}))?$/i.exec(text.trim());
  const [, v6, name, port = "5060"] = match ?? [];
  const host = v6 ?? name;
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
    return err(`${option} is host:port, such as 127.0.0.1:5060 or [::1]:5060, not "${text}"`);
  }
  return ok({ host, port: Number(port) });
}

/** Says that there is nothing to call, or to call from. */
function nameless({ number = "", from, answer }: DialOptions): string | undefined {
  if (answer !== true && number.replace(/^sips?:/i, "").trim() === "") {
    return `a number or a SIP URI such as sip:100@127.0.0.1 is called, not "${number}"`;
  }
  return from.trim() === "" ? "--from is a number, not empty" : undefined;
}

/** Where to call, and our own address on the way to it. */
async function placeOf(
  options: DialOptions,
): Promise<Result<Pick<Prepared, "destination" | "address">, string>> {
  const { transport, address = LOOPBACK } = options;
  if (options.answer === true) {
    return ok({ destination: { transport, address: LOOPBACK, port: 5060 }, address });
  }
  const to = parseHostPort(options.to);
  if (!to.ok) return to;
  const route = await routeTo(to.value.host, to.value.port);
  if (!route.ok) return route;
  const host = to.value.host.includes(":") ? `[${to.value.host}]` : to.value.host;
  const destination = { transport, address: route.value.address, port: to.value.port, host };
  return ok({ destination, address: options.address ?? route.value.localAddress });
}

function planOf(options: DialOptions, digits: string): CallPlan {
  const { codec, ptimeMs, hold, giveUp, record, reliable, ring = 0, vad = false } = options;
  const wanted = CODECS[codec];
  const others = Object.values(CODECS).filter((name) => name !== wanted);
  // A caller insists on the codec it was given; who is called takes the others too.
  const codecs = options.answer === true ? [wanted, ...others] : [wanted];
  const talkMs = hold * 1000;
  const heardMs = (talkMs === 0 ? LONGEST_RECORDING_MS : talkMs) + giveUp * 1000;
  return {
    ...{ codecs, vad, ptimeMs, digits, talkMs, reliability: reliable, giveUpMs: giveUp * 1000 },
    answer: { kind: "answer", ringMs: ring * 1000, earlyMedia: false },
    recordMs: record === undefined ? 0 : Math.min(heardMs, LONGEST_RECORDING_MS),
  };
}

const CODECS = { pcma: "PCMA", pcmu: "PCMU", g729: "G729" } as const;
const LOOPBACK = "127.0.0.1";
const ANSWER_PORT = 5080;
const LONGEST_RECORDING_MS = 3_600_000;
