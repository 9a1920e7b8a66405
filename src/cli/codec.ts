import type { Command } from "commander";
import { addCodecBench } from "./codec-bench.js";
import { addCodecConvert } from "./codec-convert.js";
import { addCodecSettings } from "./codec-settings.js";
import { addCodecTune } from "./codec-tune.js";

export function addCodec(program: Command): void {
  const codec = program
    .command("codec")
    .description("codecs: files, costs, settings of a running gateway");
  for (const add of [addCodecConvert, addCodecBench, addCodecSettings, addCodecTune]) add(codec);
}
