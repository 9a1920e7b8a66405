import type { Command } from "commander";
import type { CallView, GatewayEvent, TraceView } from "../operations/index.js";
import { type ApiOptions, client, withApi } from "./options.js";
import { print } from "./output.js";

interface TraceOptions extends ApiOptions {
  readonly call?: string;
  readonly full?: boolean;
}

export function addTrace(program: Command): void {
  withApi(
    program.command("trace").description("shows SIP and Q.931 messages as they pass, a line each"),
  )
    .option("--call <id>", "only those of one call")
    .option("--full", "each message whole beneath its line")
    .action(async (options: TraceOptions) => {
      const stop = new AbortController();
      process.once("SIGINT", () => stop.abort());
      await client(options).follow((event) => show(event as GatewayEvent, options), stop.signal);
    });
}

function show(event: GatewayEvent, options: TraceOptions): void {
  if (options.json === true) {
    const call = event.kind === "trace" ? event.trace.call : undefined;
    if (options.call === undefined || call === options.call) print(JSON.stringify(event));
    return;
  }
  if (event.kind === "alarm")
    print(`${event.time} ALARM ${event.raised ? "" : "over: "}${event.what}`);
  if (event.kind === "call" && event.call.state === "ended") print(ended(event.call));
  if (event.kind !== "trace") return;
  if (options.call !== undefined && event.trace.call !== options.call) return;
  print(traceLine(event.trace));
  if (options.full === true) print(event.trace.content.replace(/^/gm, "      "));
}

/** `08:15:02.113  #17  call-3  SIP  127.0.0.1:5062 ->  INVITE 100`. */
export function traceLine(trace: TraceView): string {
  const arrow = trace.direction === "received" ? "->" : "<-";
  const party = trace.party.padEnd(21);
  const call = (trace.call ?? "-").padEnd(8);
  const protocol = trace.protocol === "sip" ? "SIP  " : "Q.931";
  return `${trace.time}  ${call} ${protocol} ${party} ${arrow} ${trace.summary}`;
}

function ended(call: CallView): string {
  const cause = call.cause === undefined ? "" : `: ${call.cause.value} ${call.cause.name}`;
  return `${" ".repeat(12)}  ${call.id.padEnd(8)} ended after ${(call.durationMs / 1000).toFixed(1)} s${cause}`;
}
