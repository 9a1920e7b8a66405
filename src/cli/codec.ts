import type { Command } from "commander";
import { addCodecSettings } from "./codec-settings.js";

export function addCodec(program: Command): void {
  const codec = program.command("codec").description("codecs: settings of a running gateway");
  addCodecSettings(codec);
}
