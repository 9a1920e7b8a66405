#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { version } from "../operations/index.js";
import { addCalls } from "./calls.js";
import { addCircuits } from "./circuits.js";
import { addCodec } from "./codec.js";
import { addConfig } from "./config.js";
import { addDecode } from "./decode.js";
import { addDial } from "./dial.js";
import { addExchange } from "./exchange.js";
import { CommandError, EXIT } from "./output.js";
import { addRun } from "./run.js";
import { addSpans } from "./spans.js";
import { addStatus } from "./status.js";
import { addTrace } from "./trace.js";

const program = new Command("trunkgate")
  .description("SIP-to-PSTN media gateway with a simulated telephone network")
  .version(version)
  .showHelpAfterError("(add --help for what is possible)")
  .addHelpText(
    "after",
    "\nExit codes: 0 done, 1 failed, 2 wrong command line, 3 no gateway answers.",
  )
  .exitOverride();

for (const add of [
  addRun,
  addDial,
  addStatus,
  addCalls,
  addSpans,
  addCircuits,
  addExchange,
  addTrace,
  addConfig,
  addDecode,
  addCodec,
]) {
  add(program);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    const known = error instanceof CommandError;
    process.stderr.write(`trunkgate: ${known ? error.message : (error as Error).stack}\n`);
    process.exitCode = known ? error.exitCode : EXIT.failed;
  }
}
// A pipe closed by its reader (`| head`) is no error.
process.stdout.on("error", () => process.exit());
