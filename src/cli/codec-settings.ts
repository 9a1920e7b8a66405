import { type Command, InvalidArgumentError, Option } from "commander";
import type {
  CallView,
  CodecChanged,
  CodecEffect,
  CodecOverrides,
  CodecSettingsView,
} from "../operations/index.js";
import type { ApiClient } from "./client.js";
import { type ApiOptions, client, number, packetTime, wholeNumber, withApi } from "./options.js";
import { CommandError, EXIT, print, printJson, printTable } from "./output.js";

interface Scope {
  readonly peer?: string;
  readonly group?: string;
  readonly call?: string;
}

interface Flags extends ApiOptions, Scope {
  readonly order?: readonly string[];
  readonly ptime?: number;
  readonly annexB?: boolean;
  readonly vad?: boolean;
  readonly comfortNoise?: boolean;
  readonly concealment?: boolean;
  readonly jitterMin?: number;
  readonly jitterMax?: number;
  readonly receiveGain?: number;
  readonly sendGain?: number;
  readonly reset?: boolean;
  readonly save?: boolean;
}

/** `codec show` and `codec set`. */
export function addCodecSettings(codec: Command): void {
  withScope(
    withApi(
      codec.command("show").description("shows the settings that hold, and where each is from"),
    ),
  ).action(showSettings);
  withScope(withApi(codec.command("set").description("changes settings while calls are up")))
    .option("--order <codecs>", "codecs by preference, such as g729,pcma", list)
    .option("--ptime <ms>", "packet time: 10, 20, 30, 40 or 60", packetTime)
    .option("--annex-b <on|off>", "G.729 Annex B may be used", onOff)
    .option("--vad <on|off>", "pauses are not sent", onOff)
    .option("--comfort-noise <on|off>", "comfort noise (RFC 3389) with G.711", onOff)
    .option("--concealment <on|off>", "conceals lost packets", onOff)
    .option("--jitter-min <ms>", "least delay of the jitter buffer", wholeNumber(20, 200))
    .option("--jitter-max <ms>", "greatest delay of the jitter buffer", wholeNumber(20, 200))
    .option("--receive-gain <dB>", "gain of what the peer sends", number(-40, 20))
    .option("--send-gain <dB>", "gain of what is sent to the peer", number(-40, 20))
    .option("--reset", "forgets first what was set here")
    .option("--save", "keeps it in the configuration file")
    .action(changeSettings);
}

function withScope(command: Command): Command {
  return command
    .addOption(new Option("--peer <name>", "of one peer").conflicts(["group", "call"]))
    .addOption(new Option("--group <name>", "of one trunk group").conflicts(["peer", "call"]))
    .addOption(new Option("--call <id>", "of one live call").conflicts(["peer", "group"]));
}

async function showSettings({ api, json, ...scope }: Flags): Promise<void> {
  const views = await client({ api }).read<CodecSettingsView[]>(`codecs${query(scope)}`);
  if (json === true) printJson(views);
  else printViews(views);
}

async function changeSettings({ api, json, ...flags }: Flags): Promise<void> {
  const { peer, group, call, reset = false, save = false } = flags;
  const settings = settingsOf(flags);
  if (!reset && Object.values(settings).every((value) => value === undefined)) {
    throw new CommandError("name a setting to change; see --help", EXIT.usage);
  }
  if (save && call !== undefined) {
    const why = "settings of a call end with it: save those of its peer or trunk group";
    throw new CommandError(why, EXIT.usage);
  }
  const body = { peer, group, call, settings, reset, save };
  const changed = await client({ api }).send<CodecChanged & { saved?: string }>(
    "PATCH",
    "codecs",
    body,
  );
  if (json === true) return printJson(changed);
  printViews(changed.views);
  print("");
  for (const effect of changed.effects) print(effectLine(effect));
  const offered = changed.effects.filter(({ told }) => told === "re-invite");
  for (const { call: id, peer: name } of offered)
    print(await outcomeLine(client({ api }), id, name));
  if (changed.effects.length === 0) print("no live call is concerned");
  if (changed.saved !== undefined) print(`saved in ${changed.saved}`);
}

function settingsOf(flags: Omit<Flags, "api">): {
  readonly [Key in keyof CodecOverrides]: unknown;
} {
  return {
    ...{ order: flags.order, ptimeMs: flags.ptime, annexB: flags.annexB, vad: flags.vad },
    ...{ comfortNoise: flags.comfortNoise, concealment: flags.concealment },
    ...{ jitterMinMs: flags.jitterMin, jitterMaxMs: flags.jitterMax },
    ...{ receiveGainDb: flags.receiveGain, sendGainDb: flags.sendGain },
  };
}

/** A table with a column for each scope; the layer that a value is from stands behind it. */
function printViews(views: readonly CodecSettingsView[]): void {
  const [first] = views;
  if (first === undefined) {
    print("the call has no leg toward a peer");
    return;
  }
  const keys = Object.keys(first.settings) as (keyof CodecSettingsView["settings"])[];
  printTable(
    ["setting", ...views.map(nameOf)],
    keys.map((key) => [key, ...views.map(({ settings }) => cell(settings[key]))]),
  );
}

function nameOf({ scope, peer }: CodecSettingsView): string {
  if (scope.kind === "all") return "all calls";
  return `${scope.kind} ${scope.name}${peer === undefined ? "" : ` to ${peer}`}`;
}

function cell({ value, from }: { readonly value: unknown; readonly from: string }): string {
  return `${Array.isArray(value) ? value.join(",") : value} (${from})`;
}

export function effectLine({ call, peer, engine, negotiated, told }: CodecEffect): string {
  const how = {
    "re-invite": "offered to the peer by re-INVITE",
    "not-answered": "not offered, the call is not answered yet",
    "next-call": "from the next call on (this one: --call)",
    "nothing-to-tell": "",
  }[told];
  const parts = [
    ...(engine.length === 0 ? [] : [`${engine.join(", ")} at once in the engine`]),
    ...(negotiated.length === 0 ? [] : [`${negotiated.join(", ")} ${how}`]),
  ];
  return `${call} with ${peer}: ${parts.join("; ")}`;
}

/** What the call speaks once the peer has had its say; a peer that refuses keeps what was agreed. */
async function outcomeLine(gateway: ApiClient, call: string, peer: string): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  const { legs } = await gateway.read<CallView>(`calls/${encodeURIComponent(call)}`);
  const media = legs.find(({ kind, name }) => kind === "sip" && name === peer)?.media;
  return `${call} with ${peer} now uses ${media?.codec ?? "no codec"}, ${media?.ptimeMs ?? "-"} ms`;
}

function query(scope: Scope): string {
  const named = Object.entries(scope).filter(([, name]) => name !== undefined);
  return named.length === 0 ? "" : `?${new URLSearchParams(Object.fromEntries(named))}`;
}

function list(text: string): readonly string[] {
  return text.split(",").map((name) => name.trim().toLowerCase());
}

function onOff(text: string): boolean {
  if (text === "on" || text === "off") return text === "on";
  throw new InvalidArgumentError("on or off is wanted.");
}

/** A peer answers a re-INVITE in less, as a rule. */
const ANSWER_MS = 500;
