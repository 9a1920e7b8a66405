import type { Command } from "commander";
import type { GatewayStatus } from "../operations/index.js";
import { type ApiOptions, client, withApi } from "./options.js";
import { duration, print, printJson, printTable } from "./output.js";

export function addStatus(program: Command): void {
  withApi(program.command("status").description("shows what the gateway does")).action(
    async (options: ApiOptions) => {
      const status = await client(options).read<GatewayStatus>("status");
      if (options.json === true) return printJson(status);
      print(`trunkgate ${status.version}, ${status.state}, up ${duration(status.uptimeMs)}`);
      print(
        `calls: ${status.calls.active} now, ${status.calls.total} in all, ${status.calls.failed} failed`,
      );
      for (const { name, uri } of status.listeners) print(`listens: ${uri} (${name})`);
      printTable(
        ["trunk group", "signalling", "circuits", "busy", "idle", "blocked", "most busy"],
        status.trunkGroups.map((g) => [
          g.name,
          g.signalling,
          g.total,
          g.busy,
          g.idle,
          g.blocked,
          g.maxBusy,
        ]),
      );
      const { mean, p99, max } = status.eventLoopDelayMs;
      print(
        `event loop delay: mean ${mean.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, most ${max.toFixed(1)} ms`,
      );
    },
  );
}
