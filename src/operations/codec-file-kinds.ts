import { extname } from "node:path";
import { err, ok, type Result } from "../core/index.js";

export type FileCodec = "g729" | "pcma" | "pcmu";

/** What a file holds, by its ending. */
export type FileKind = "wav" | "pcm" | "bit" | FileCodec;

export interface ConvertOptions {
  readonly way: "encode" | "decode";
  readonly from: string;
  readonly to: string;
  /** Absent: as the ending of the coded file says, else G.729. */
  readonly codec?: FileCodec;
  readonly vad: boolean;
}

/** A conversion that makes sense. */
export interface ConvertPlan {
  readonly codec: FileCodec;
  readonly fromKind: FileKind;
  readonly toKind: FileKind;
}

/** Looks at endings and codec, or says what would be right. */
export function planOf(options: ConvertOptions): Result<ConvertPlan, string> {
  const { way, from, to, vad } = options;
  const [fromKind, toKind] = [kindOf(from), kindOf(to)];
  for (const [file, kind] of [
    [from, fromKind],
    [to, toKind],
  ] as const) {
    if (kind === undefined) return err(`${file}: ${ENDINGS}`);
  }
  if (fromKind === undefined || toKind === undefined) return err(ENDINGS);
  const coded = way === "encode" ? toKind : fromKind;
  const codedFile = way === "encode" ? to : from;
  const codec = options.codec ?? codecOfKind(coded) ?? "g729";
  const linear = way === "encode" ? fromKind : toKind;
  if (linear !== "wav" && linear !== "pcm") {
    return err(`${way === "encode" ? from : to}: linear speech is .wav or .pcm`);
  }
  const fault = codedFault(codec, coded) ?? vadFault(codec, coded, vad && way === "encode");
  return fault === undefined ? ok({ codec, fromKind, toKind }) : err(`${codedFile}: ${fault}`);
}

function kindOf(file: string): FileKind | undefined {
  const ending = extname(file).slice(1).toLowerCase();
  return KINDS.find((kind) => kind === ending);
}

function codecOfKind(kind: FileKind): FileCodec | undefined {
  if (kind === "bit") return "g729";
  return kind === "wav" || kind === "pcm" ? undefined : kind;
}

function codedFault(codec: FileCodec, kind: FileKind): string | undefined {
  if (kind === "bit" && codec !== "g729") return `G.711 has no serial form; .wav or .${codec} is`;
  if (kind === "pcm") return `.pcm is linear speech, not ${codec}; ${CODED[codec]}`;
  if (kind === "wav" && codec === "g729") return `G.729 is not kept in WAV; ${CODED.g729}`;
  const named = codecOfKind(kind);
  if (named === undefined || named === codec) return undefined;
  return `.${kind} is not ${codec}; ${CODED[codec]}`;
}

function vadFault(codec: FileCodec, kind: FileKind, vad: boolean): string | undefined {
  if (!vad) return undefined;
  if (codec !== "g729") return "--vad is for G.729; G.711 has no silence frames in a file";
  if (kind === "g729") return "raw octets cannot tell silence frames from speech; .bit can";
  return undefined;
}

const KINDS: readonly FileKind[] = ["wav", "pcm", "bit", "g729", "pcma", "pcmu"];
const ENDINGS =
  "the ending says what a file holds: .wav, .pcm (16-bit little-endian), .bit (ITU serial), .g729, .pcma or .pcmu (raw octets)";
const CODED = {
  g729: "G.729 is .bit (ITU serial) or .g729 (raw octets)",
  pcma: "A-law is .wav or .pcma (raw octets)",
  pcmu: "mu-law is .wav or .pcmu (raw octets)",
} as const;
