import type { Command } from "commander";
import { listCodecs, measureCodecs } from "../operations/index.js";
import { number, wholeNumber } from "./options.js";
import { printJson, printTable } from "./output.js";
import { progressBar } from "./progress.js";

/** `codec list` and `codec bench`: what this machine makes of the codecs, without a gateway. */
export function addCodecBench(codec: Command): void {
  codec
    .command("list")
    .description("lists the codecs, with what a channel costs on this machine")
    .option("--json", "print data as JSON")
    .action(list);
  codec
    .command("bench")
    .description("measures channels per core of each codec, scalar and vector")
    .option("--seconds <n>", "how long it takes, about", number(0.2, 600), 4)
    .option("--channels <n>", "channels in turn, in whole groups of 16", wholeNumber(16, 4096), 512)
    .option("--vad", "with silence suppression")
    .option("--json", "print data as JSON")
    .action(bench);
}

async function list({ json }: { readonly json?: boolean }): Promise<void> {
  const rows = await listCodecs();
  if (json === true) return printJson(rows);
  printTable(
    ["codec", "type", "ptimes", "frame", "kbit/s", "delay", "silence", "forms", "CPU of a channel"],
    rows.map((row) => [
      ...[row.codec, row.payloadType, row.ptimesMs.join(","), `${row.frameOctets} octets`],
      ...[row.kbitPerSecond, `${row.delayMs} ms`, row.silence, row.forms.join(",")],
      `${percent(row.cost.encodeUs + row.cost.decodeUs)} % of a core (${row.cost.form})`,
    ]),
  );
}

async function bench(options: {
  readonly seconds: number;
  readonly channels: number;
  readonly vad?: boolean;
  readonly json?: boolean;
}): Promise<void> {
  const { seconds, vad = false, json } = options;
  const channels = Math.floor(options.channels / 16) * 16;
  const progress = progressBar("measuring");
  const passMs = (seconds * 1000) / PASSES_ABOUT;
  const rows = await measureCodecs({ passMs, vad, channels }, (part) => progress.show(part));
  progress.clear();
  if (json === true) return printJson({ channels, vad, rows });
  printTable(
    ["codec", "form", "encode us", "decode us", "channels/core", "times G.711"],
    rows.map((row) => [
      ...[row.codec, row.form, row.encodeUs.toFixed(2), row.decodeUs.toFixed(2)],
      ...[row.channelsPerCore, row.timesG711.toFixed(1)],
    ]),
  );
}

/** Microseconds of a frame of 10 ms as percent of a core. */
function percent(frameUs: number): string {
  return (frameUs / 100).toPrecision(2);
}

/** Three of each form, five forms or so. */
const PASSES_ABOUT = 15;
