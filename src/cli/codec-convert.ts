import { type Command, Option } from "commander";
import { type ConvertOptions, type ConvertReport, convertFile } from "../operations/index.js";
import { CommandError, print, printJson } from "./output.js";
import { progressBar } from "./progress.js";

interface Flags {
  readonly codec?: NonNullable<ConvertOptions["codec"]>;
  readonly vad?: boolean;
  readonly json?: boolean;
}

/** `codec encode` and `codec decode`: files, without a gateway. */
export function addCodecConvert(codec: Command): void {
  withCodec(codec.command("encode").description("encodes a file of linear speech"))
    .argument("<in>", ".wav (8 kHz mono: 16-bit linear, A-law, mu-law) or .pcm (16-bit)")
    .argument("<out>", ".bit (ITU serial), .g729, .pcma, .pcmu (raw octets) or .wav (G.711)")
    .option("--vad", "G.729 Annex B: silence frames in pauses; needs .bit")
    .action((from: string, to: string, flags: Flags) => convert("encode", from, to, flags));
  withCodec(codec.command("decode").description("decodes a file to linear speech"))
    .argument("<in>", ".bit (ITU serial), .g729, .pcma, .pcmu (raw octets) or .wav (G.711)")
    .argument("<out>", ".wav or .pcm (16-bit little-endian)")
    .action((from: string, to: string, flags: Flags) => convert("decode", from, to, flags));
}

function withCodec(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--codec <name>",
        "without it: by the ending, or the WAV header of what is decoded, else g729",
      ).choices([...["g729", "pcma", "pcmu"]]),
    )
    .option("--json", "print the summary as JSON");
}

async function convert(
  way: ConvertOptions["way"],
  from: string,
  to: string,
  { json, vad = false, codec }: Flags,
): Promise<void> {
  const named = codec === undefined ? {} : { codec };
  const progress = progressBar(way === "encode" ? "encoding" : "decoding");
  const done = await convertFile({ way, from, to, vad, ...named }, (part) => progress.show(part));
  progress.clear();
  if (!done.ok) throw new CommandError(done.error);
  if (json === true) printJson(done.value);
  else printSummary(done.value);
}

function printSummary(report: ConvertReport): void {
  const { codec, from, to, frames, seconds, timesRealTime, leftOverOctets } = report;
  const { speech, sid, untransmitted, erased } = frames;
  const count = speech + sid + untransmitted + erased;
  print(`${from} to ${to}, ${codec}`);
  print(`frames    ${count} of 10 ms: ${seconds.toFixed(2)} s`);
  print(`          ${speech} speech, ${sid} SID, ${untransmitted} untransmitted, ${erased} erased`);
  print(`speed     ${timesRealTime.toFixed(0)} times real time`);
  if (leftOverOctets > 0) print(`left over ${leftOverOctets} octets at the end, less than a frame`);
}
