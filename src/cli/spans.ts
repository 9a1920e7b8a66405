import type { Command } from "commander";
import type { ChannelView, SpanView } from "../operations/index.js";
import { type ApiOptions, client, withApi } from "./options.js";
import { print, printJson } from "./output.js";

export function addSpans(program: Command): void {
  withApi(
    program.command("spans").description("shows the spans, their timeslots and their health"),
  ).action(async (options: ApiOptions) => {
    const spans = await client(options).read<SpanView[]>("spans");
    if (options.json === true) return printJson(spans);
    for (const span of spans) {
      const group =
        span.trunkGroup === undefined ? "no trunk group" : `trunk group ${span.trunkGroup}`;
      print(`${span.name}: ${span.kind.toUpperCase()} ${span.driver}, ${group}`);
      print(`  ${health(span)}`);
      print(`  timeslots ${span.channels.map(symbol).join("")}`);
      const counters = Object.entries(span.counters).filter(([, value]) => value !== 0);
      print(`  ${counters.map(([name, value]) => `${name} ${value}`).join(", ")}`);
    }
    print(
      "timeslots: . idle, o outgoing, i incoming, S signalling, r resetting, X out of service, b blocked",
    );
  });
}

function health(span: SpanView): string {
  const alarms: Readonly<Record<string, string>> = {
    none: "no alarm",
    los: "ALARM: no signal (LOS): is the far end on, the cable plugged in?",
    ais: "ALARM: all ones (AIS): the far end has lost its own signal",
    rai: "ALARM: the far end does not hear us (RAI)",
  };
  const errors = span.counters.fcsErrors ?? 0;
  const noise = errors > 0 ? `; ${errors} frames with a bad FCS: bit errors on the line` : "";
  return `${alarms[span.alarm] ?? span.alarm}, data link ${span.dataLink}${noise}`;
}

function symbol({ state, blocking }: ChannelView): string {
  if (state === "idle" && blocking !== undefined) {
    if (blocking.local !== "none" || blocking.remote !== "none") return "b";
  }
  return {
    idle: ".",
    outgoing: "o",
    incoming: "i",
    resetting: "r",
    "out-of-service": "X",
    signalling: "S",
  }[state];
}
