import { err, ok, type Result } from "../core/index.js";

/** One way to set a call up, to be tried. */
export interface Candidate {
  readonly codec: "pcma" | "pcmu" | "g729";
  readonly ptimeMs: 10 | 20 | 30 | 40 | 60;
  readonly vad: boolean;
  readonly concealment: boolean;
  readonly jitterMinMs: number;
  readonly jitterMaxMs: number;
}

/**
 * Every combination of what is to be tried: `codec=g729,pcma`, `ptime=20,30`, `vad=on,off`,
 * `concealment=on,off`, `jitter=20-60,40-200`. What is not named is tried as usual.
 */
export function candidates(narrowing: readonly string[]): Result<readonly Candidate[], string> {
  const tried = new Map<string, readonly string[]>(Object.entries(USUAL));
  for (const part of narrowing) {
    const [key = "", values = ""] = part.split("=");
    const list = [...new Set(values.split(","))].filter((value) => value !== "");
    if (!(key in USUAL) || list.length === 0) return err(`"${part}": ${WANTED}`);
    tried.set(key, list);
  }
  const all = product([...tried].map(([key, values]) => values.map((value) => [key, value])));
  const made: Candidate[] = [];
  for (const combination of all) {
    const one = candidateOf(Object.fromEntries(combination));
    if (typeof one === "string") return err(`"${one}": ${WANTED}`);
    // Concealment is a part of the G.729 decoder: it cannot be left out.
    if (one.codec !== "g729" || one.concealment) made.push(one);
  }
  if (made.length === 0) return err("nothing is left to be tried: G.729 always conceals");
  if (made.length > MOST) return err(`${made.length} candidates are too many, at most ${MOST}`);
  return ok(made);
}

export function nameOf({ codec, ptimeMs, vad, concealment, ...jitter }: Candidate): string {
  const buffer = `buffer ${jitter.jitterMinMs}-${jitter.jitterMaxMs} ms`;
  const rest = [vad ? "VAD" : "", concealment ? "" : "no concealment"].filter((one) => one !== "");
  return [`${codec} ${ptimeMs} ms`, buffer, ...rest].join(", ");
}

/** The candidate, or the value that is none. */
function candidateOf(values: Readonly<Record<string, string>>): Candidate | string {
  const { codec = "", ptime = "", vad = "", concealment = "", jitter = "" } = values;
  const named = CODECS.find((one) => one === codec);
  if (named === undefined) return `codec=${codec}`;
  const ptimeMs = PACKET_TIMES.find((one) => String(one) === ptime);
  if (ptimeMs === undefined) return `ptime=${ptime}`;
  for (const [key, value] of Object.entries({ vad, concealment })) {
    if (value !== "on" && value !== "off") return `${key}=${value}`;
  }
  const [, low, high] = /^(\d{2,3})-(\d{2,3})$/.exec(jitter) ?? [];
  const [jitterMinMs, jitterMaxMs] = [Number(low), Number(high)];
  if (!(jitterMinMs >= 20 && jitterMaxMs <= 200 && jitterMinMs <= jitterMaxMs)) {
    return `jitter=${jitter}`;
  }
  const concealed = concealment === "on";
  return {
    codec: named,
    ptimeMs,
    vad: vad === "on",
    concealment: concealed,
    jitterMinMs,
    jitterMaxMs,
  };
}

function product<Value>(lists: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  return lists.reduce<readonly (readonly Value[])[]>(
    (all, list) => all.flatMap((head) => list.map((value) => [...head, value])),
    [[]],
  );
}

const USUAL = {
  codec: ["pcma", "g729"],
  ptime: ["20", "40"],
  vad: ["off", "on"],
  concealment: ["on"],
  jitter: ["20-60", "20-200"],
} as const;
const CODECS = ["pcma", "pcmu", "g729"] as const;
const PACKET_TIMES = [10, 20, 30, 40, 60] as const;
const MOST = 64;
const WANTED =
  "candidates are codec=pcma,pcmu,g729 ptime=10,20,30,40,60 vad=on,off concealment=on,off jitter=20-60,40-200";
