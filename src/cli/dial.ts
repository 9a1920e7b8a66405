import { type Command, Option } from "commander";
import { type DialOptions, type DialProgress, type DialReport, dial } from "../operations/index.js";
import { number, type PacketTime, packetTime, wholeNumber } from "./options.js";
import { CommandError, EXIT, print, printJson } from "./output.js";

interface Flags extends DialOptions {
  readonly json?: boolean;
}

export function addDial(program: Command): void {
  program
    .command("dial")
    .description("a SIP test phone: calls a number, shows progress, prints a report")
    .argument("[number]", "number or SIP URI to call; none with --answer")
    .option("--to <host:port>", "where to send the call", "127.0.0.1:5060")
    .option("--from <number>", "calling number", "5550100")
    .option("--play <file>", "WAV file to play (8 kHz mono, 16-bit, A-law or mu-law)")
    .option("--record <file>", "WAV file to write what is heard to")
    .addOption(new Option("--codec <name>").choices(["pcma", "pcmu", "g729"]).default("pcma"))
    .option("--vad", "sends no pauses where the far end permits (G.729 annex B)")
    .addOption(
      new Option("--ptime <ms>", "packet time: 10, 20, 30, 40 or 60")
        .argParser(packetTime)
        .default(20),
    )
    .option("--hold <seconds>", "hangs up so long after the answer; 0 never", number(0, 86_400), 5)
    .option("--give-up <seconds>", "gives up without an answer", number(0.1, 3600), 60)
    .option("--digits <digits>", "DTMF (RFC 4733) keyed after the answer; a comma waits a second")
    .addOption(new Option("--transport <kind>").choices(["udp", "tcp"]).default("udp"))
    .addOption(
      new Option("--reliable <how>", "100rel")
        .choices(["none", "supported", "required"])
        .default("supported"),
    )
    .option("--delayed-offer", "sends the INVITE without SDP")
    .option("--answer", "waits for one call instead and answers it")
    .option("--ring <seconds>", "rings so long before it answers", number(0, 3600), 0)
    .option("--address <ip>", "own IP address; the one that leads to --to, loopback with --answer")
    .option("--port <n>", "own SIP port; 5080 with --answer", wholeNumber(0, 65_535), 0)
    .option("--json", "print the report as JSON")
    .action(async (called: string | undefined, flags: Flags & { readonly ptime: PacketTime }) => {
      if (called === undefined && flags.answer !== true) {
        throw new CommandError("a number to call is missing; or --answer", EXIT.usage);
      }
      const quiet = flags.json === true;
      const named = called === undefined ? {} : { number: called };
      const outcome = await dial({ ...flags, ptimeMs: flags.ptime, ...named }, (progress) => {
        if (!quiet) print(progressLine(progress));
      });
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
  print("");
  for (const [name, value] of rows(report)) {
    if (value !== undefined) print(`${name.padEnd(14)} ${value}`);
  }
}

function rows(report: DialReport): readonly (readonly [string, string | undefined])[] {
  const { answered, status, reason, codec, remote, endedBy, cause, digits } = report;
  const { mos, mosAtFarEnd } = report;
  const { packetsSent, packetsReceived, lost, late, jitterMs, bufferMs, roundTripMs } = report;
  const refused = `not answered ${status ?? ""} ${reason ?? ""}`.trim();
  const spoken = codec !== undefined;
  return [
    ["result", answered ? "answered" : refused],
    ["ringing after", inMs(report.ringingMs)],
    ["early media", inMs(report.earlyMediaMs)],
    ["setup time", inMs(report.setupMs)],
    ["talked", inSeconds(report.talkedMs)],
    ["codec", spoken ? `${codec}, ${packetTimes(report)}, with ${remote}` : undefined],
    ["packets", spoken ? `${packetsSent} sent, ${packetsReceived} received` : undefined],
    ["loss", spoken ? lossLine(lost, late) : undefined],
    ["jitter", spoken ? jitterLine(jitterMs, bufferMs) : undefined],
    ["round trip", roundTripMs === undefined ? undefined : `${roundTripMs.toFixed(1)} ms`],
    ["MOS estimate", mosLine(mos, mosAtFarEnd)],
    ["ended by", endedBy],
    ["cause", cause],
    ["digits heard", digits === "" ? undefined : digits],
    ["recorded", recorded(report)],
  ];
}

function lossLine(lost: number | undefined, late: number | undefined): string {
  return lost === undefined ? "no media received" : `${lost} lost, ${late ?? 0} late`;
}

function jitterLine(jitterMs: number | undefined, bufferMs: number): string | undefined {
  if (jitterMs === undefined) return undefined;
  return `${jitterMs.toFixed(1)} ms, buffer ${bufferMs.toFixed(0)} ms`;
}

function recorded({ recorded: file, recordedMs }: DialReport): string | undefined {
  return file === undefined ? undefined : `${file} (${inSeconds(recordedMs ?? 0)})`;
}

function packetTimes({ ptimeMs, receivePtimeMs }: DialReport): string {
  const out = `${ptimeMs} ms`;
  return receivePtimeMs === ptimeMs ? out : `${out} out, ${receivePtimeMs} ms asked for`;
}

function mosLine(here: number | undefined, there: number | undefined): string | undefined {
  const far = there === undefined ? undefined : `at the far end ${there.toFixed(2)}`;
  const parts = [here?.toFixed(2), far].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(", ");
}

function inMs(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${Math.round(ms)} ms`;
}

function inSeconds(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${(ms / 1000).toFixed(1)} s`;
}
