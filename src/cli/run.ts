import { type Command, Option } from "commander";
import { LOG_LEVELS, runGateway } from "../operations/index.js";
import { CommandError, print } from "./output.js";

export function addRun(program: Command): void {
  program
    .command("run")
    .description("runs the gateway until it is told to stop")
    .option("-c, --config <file>", "configuration; without one the defaults")
    .addOption(new Option("--log <level>", "how much is logged").choices(LOG_LEVELS))
    .action(async (options: { config?: string; log?: string }) => {
      const begun = await runGateway(options);
      if (!begun.ok) throw new CommandError(begun.error.join("\n"));
      for (const line of begun.value.greeting) print(line);
      await begun.value.stopped;
    });
}
