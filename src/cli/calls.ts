import type { Command } from "commander";
import type { CallView, TraceView } from "../operations/index.js";
import { type ApiOptions, client, withApi } from "./options.js";
import { duration, print, printJson, printTable } from "./output.js";
import { traceLine } from "./trace.js";

export function addCalls(program: Command): void {
  const calls = program
    .command("calls")
    .description("shows the calls, or one in full; ends a call");
  withApi(calls.command("show", { isDefault: true }).description("the calls, or one in full"))
    .argument("[id]", "one call, with its messages and the way of its cause")
    .action((id: string | undefined, options: ApiOptions) =>
      id === undefined ? listCalls(options) : showCall(id, options),
    );
  withApi(calls.command("hangup").description("ends a call with cause 16"))
    .argument("<id>")
    .action(async (id: string, options: ApiOptions) => {
      await client(options).send("DELETE", `calls/${encodeURIComponent(id)}`);
      if (options.json === true) printJson({ ok: true });
      else print(`call ${id} is being cleared`);
    });
}

async function listCalls(options: ApiOptions): Promise<void> {
  const calls = await client(options).read<CallView[]>("calls");
  if (options.json === true) return printJson(calls);
  if (calls.length === 0) return print("no calls");
  printTable(
    ["call", "state", "calling", "called", "for", "from", "to", "codec", "lost", "MOS"],
    calls.map((call) => {
      const media = call.legs.find((leg) => leg.media !== undefined)?.media;
      return [
        call.id,
        call.state,
        call.calling,
        call.called,
        duration(call.durationMs),
        place(call, "a"),
        place(call, "b"),
        media?.codec,
        media === undefined ? undefined : media.lost + media.late,
        media?.mos?.toFixed(2),
      ];
    }),
  );
}

async function showCall(id: string, options: ApiOptions): Promise<void> {
  const path = `calls/${encodeURIComponent(id)}`;
  const call = await client(options).read<CallView & { ladder: TraceView[] }>(path);
  if (options.json === true) return printJson(call);
  print(
    `call ${call.id}: ${call.calling} to ${call.called}, ${call.state}, ${duration(call.durationMs)}`,
  );
  for (const leg of call.legs) print(`  leg ${leg.side}: ${leg.kind} ${leg.name}, ${leg.where}`);
  if (call.cause !== undefined) {
    const { value, name, location, origin, steps } = call.cause;
    print(`  ended: ${value} ${name}, location ${location}, from ${origin}`);
    for (const step of steps) print(`    ${step}`);
  }
  for (const trace of call.ladder) print(traceLine(trace));
}

function place(call: CallView, side: "a" | "b"): string {
  const leg = call.legs.find((one) => one.side === side);
  return leg === undefined ? "" : `${leg.name} ${leg.kind === "isdn" ? leg.where : ""}`.trim();
}
