import { type Command, Option } from "commander";
import { type DialProgress, type DialReport, dial } from "../operations/index.js";
import { number, wholeNumber } from "./options.js";
import { CommandError, EXIT, print, printJson } from "./output.js";

interface DialOptions {
  readonly to: string;
  readonly from: string;
  readonly play?: string;
  readonly record?: string;
  readonly codec: "pcma" | "pcmu";
  readonly ptime: string;
  readonly hold: number;
  readonly giveUp: number;
  readonly digits?: string;
  readonly transport: "udp" | "tcp";
  readonly reliable: "none" | "supported" | "required";
  readonly delayedOffer?: boolean;
  readonly answer?: boolean;
  readonly port: number;
  readonly json?: boolean;
}

export function addDial(program: Command): void {
  program
    .command("dial")
    .description("a SIP test phone: calls a number, shows progress, prints a report")
    .argument("[number]", "number to call; none with --answer")
    .option("--to <host:port>", "where to send the call", "127.0.0.1:5060")
    .option("--from <number>", "calling number", "5550100")
    .option("--play <file>", "WAV file to play (8 kHz mono, 16-bit, A-law or mu-law)")
    .option("--record <file>", "WAV file to write what is heard to")
    .addOption(new Option("--codec <name>").choices(["pcma", "pcmu"]).default("pcma"))
    .addOption(new Option("--ptime <ms>").choices(["10", "20", "30", "40", "60"]).default("20"))
    .option("--hold <seconds>", "hangs up so long after the answer; 0 never", number(0, 86_400), 5)
    .option("--give-up <seconds>", "gives up without an answer", number(0.1, 3600), 60)
    .option("--digits <digits>", "DTMF (RFC 4733) keyed after the answer")
    .addOption(new Option("--transport <kind>").choices(["udp", "tcp"]).default("udp"))
    .addOption(
      new Option("--reliable <how>", "100rel")
        .choices(["none", "supported", "required"])
        .default("supported"),
    )
    .option("--delayed-offer", "sends the INVITE without SDP")
    .option("--answer", "waits for one call instead and answers it")
    .option("--port <n>", "local SIP port; 5080 with --answer", wholeNumber(0, 65_535), 0)
    .option("--json", "print the report as JSON")
    .action(async (called: string | undefined, options: DialOptions) => {
      if (called === undefined && options.answer !== true) {
        throw new CommandError("a number to call is missing; or --answer", EXIT.usage);
      }
      const quiet = options.json === true;
      const outcome = await dial(
        {
          ...options,
          ptimeMs: Number(options.ptime),
          ...(called === undefined ? {} : { number: called }),
        },
        (progress) => {
          if (!quiet) print(progressLine(progress));
        },
      );
      if (!outcome.ok) throw new CommandError(outcome.error);
      if (quiet) printJson(outcome.value);
      else printReport(outcome.value);
      if (!outcome.value.answered) process.exitCode = EXIT.failed;
    });
}

function progressLine({ atMs, what }: DialProgress): string {
  return `${String(Math.round(atMs)).padStart(7)} ms  ${what}`;
}

function printReport(report: DialReport): void {
  const rows: [string, string | undefined][] = [
    [
      "result",
      report.answered
        ? "answered"
        : `not answered: ${report.status ?? ""} ${report.reason ?? ""}`.trim(),
    ],
    ["setup time", report.setupMs === undefined ? undefined : `${Math.round(report.setupMs)} ms`],
    [
      "talked",
      report.talkedMs === undefined ? undefined : `${(report.talkedMs / 1000).toFixed(1)} s`,
    ],
    ["codec", report.codec === undefined ? undefined : `${report.codec}, ${report.ptimeMs} ms`],
    ["packets", `${report.packetsSent} sent, ${report.packetsReceived} received`],
    ["loss", `${report.lost} lost, ${report.late} late`],
    ["jitter", `${report.jitterMs.toFixed(1)} ms, buffer ${report.bufferMs.toFixed(0)} ms`],
    ["MOS estimate", report.mos?.toFixed(2)],
    ["ended by", report.endedBy],
    ["cause", report.cause],
    ["digits heard", report.digits === "" ? undefined : report.digits],
    ["recorded", report.recorded],
  ];
  for (const [name, value] of rows) if (value !== undefined) print(`${name.padEnd(14)} ${value}`);
}
