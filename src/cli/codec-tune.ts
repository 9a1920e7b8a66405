import type { Command } from "commander";
import {
  type CallView,
  candidates,
  choose,
  type TuneControl,
  type TuneRow,
  tune,
} from "../operations/index.js";
import { client, number, wholeNumber, withApi } from "./options.js";
import { CommandError, EXIT, print, printJson, printTable } from "./output.js";
import { progressBar } from "./progress.js";

interface Flags {
  readonly api: string;
  readonly json?: boolean;
  readonly to: string;
  readonly gateway: string;
  readonly loss: number;
  readonly jitter: number;
  readonly delay: number;
  readonly burst: number;
  readonly seconds: number;
  readonly parallel: number;
  readonly seed: number;
  readonly play?: string;
  readonly candidates?: readonly string[];
}

/** `codec tune`: which settings suit a network. */
export function addCodecTune(codec: Command): void {
  withApi(
    codec
      .command("tune")
      .description("places test calls over a bad network, one for each setting, and rates them"),
  )
    .requiredOption("--to <number>", "number behind the gateway, such as 100 (echo)")
    .option("--gateway <host:port>", "where its SIP is", "127.0.0.1:5060")
    .option("--loss <percent>", "packets lost on the way, each way", number(0, 50), 0)
    .option("--burst <n>", "lost in a row, on the average", number(1, 50), 1)
    .option("--jitter <ms>", "variation of delay, each way", wholeNumber(0, 500), 0)
    .option("--delay <ms>", "delay, each way", wholeNumber(0, 1000), 0)
    .option("--candidates <lists...>", "codec=… ptime=… vad=… concealment=… jitter=…; see docs")
    .option("--seconds <n>", "so long each call is listened to", number(1, 3600), 10)
    .option("--parallel <n>", "calls at a time", wholeNumber(1, 32), 8)
    .option("--play <file>", "WAV file that the phone plays; an announcement without it")
    .option("--seed <n>", "of the network's chances", wholeNumber(0, 2 ** 32), 1)
    .action(run);
}

async function run({ api, json, to, loss, jitter, delay, burst, ...flags }: Flags): Promise<void> {
  const list = candidates(flags.candidates ?? []);
  if (!list.ok) throw new CommandError(list.error, EXIT.usage);
  const path = { lossPercent: loss, jitterMs: jitter, delayMs: delay, burst };
  const { gateway, seconds, parallel, seed, play } = flags;
  const named = play === undefined ? {} : { play };
  const options = { number: to, gateway, path, seconds, parallel, seed, ...named };
  const progress = progressBar(`${list.value.length} calls`);
  const tried = await tune(options, list.value, controlOf(api), (part) => progress.show(part));
  progress.clear();
  if (!tried.ok) throw new CommandError(tried.error);
  const verdict = choose(tried.value);
  if (verdict === undefined) process.exitCode = EXIT.failed;
  if (json === true) {
    return printJson({ path, rows: tried.value, chosen: verdict?.chosen, why: verdict?.why });
  }
  printRows(tried.value);
  print("");
  print(verdict === undefined ? "no call could be rated" : `choice: ${verdict.why}`);
}

function controlOf(api: string): TuneControl {
  const gateway = client({ api });
  return {
    calls: () => gateway.read<CallView[]>("calls"),
    call: (id) => gateway.read<CallView>(`calls/${encodeURIComponent(id)}`),
    set: async (call, settings) => void (await gateway.send("PATCH", "codecs", { call, settings })),
  };
}

function printRows(rows: readonly TuneRow[]): void {
  const heads = ["codec", "ptime", "VAD", "conceal", "buffer", "delay", "loss %", "MOS"];
  const someFailed = rows.some(({ failed }) => failed !== undefined);
  printTable(
    [...heads, "kbit/s", "CPU %", ...(someFailed ? ["failed"] : [])],
    rows.map(({ candidate, failed, ...row }) => [
      ...[candidate.codec, candidate.ptimeMs, onOff(candidate.vad), onOff(candidate.concealment)],
      `${candidate.jitterMinMs}-${candidate.jitterMaxMs}`,
      ...(failed === undefined
        ? [
            ...[row.delayMs?.toFixed(0), row.lossPercent?.toFixed(1), row.mos?.toFixed(2)],
            ...[row.kbitPerSecond?.toFixed(0), row.cpuPercent?.toPrecision(2)],
          ]
        : [...Array<undefined>(5), failed]),
    ]),
  );
}

function onOff(value: boolean): string {
  return value ? "on" : "off";
}
