import type { Command } from "commander";
import { stringify } from "yaml";
import { loadConfiguration, parseConfiguration } from "../operations/index.js";
import { CommandError, print, printJson } from "./output.js";

export function addConfig(program: Command): void {
  const config = program.command("config").description("works on configuration files");
  config
    .command("check")
    .description("checks a file and says what is wrong, with line and key")
    .argument("<file>")
    .option("--json", "print the result as JSON")
    .action((file: string, options: { json?: boolean }) => {
      const loaded = loadConfiguration(file);
      if (options.json === true) {
        printJson(loaded.ok ? { ok: true } : { ok: false, errors: loaded.error });
        if (!loaded.ok) process.exitCode = 1;
        return;
      }
      if (!loaded.ok) throw new CommandError(loaded.error.join("\n"));
      print(`${file}: ok`);
    });
  config
    .command("show")
    .description("prints the whole configuration, defaults filled in")
    .argument("[file]", "without one: the defaults alone")
    .option("--json", "print it as JSON")
    .action((file: string | undefined, options: { json?: boolean }) => {
      const loaded =
        file === undefined ? parseConfiguration("", "defaults") : loadConfiguration(file);
      if (!loaded.ok) throw new CommandError(loaded.error.join("\n"));
      if (options.json === true) printJson(loaded.value.configuration);
      else print(stringify(loaded.value.configuration).trimEnd());
    });
}
