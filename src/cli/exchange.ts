import { type Command, Option } from "commander";
import type { FaultRequest, OriginatedView, OriginateRequest } from "../operations/index.js";
import { type ApiOptions, client, number, timeslots, wholeNumber, withApi } from "./options.js";
import { CommandError, print, printJson, printTable } from "./output.js";

export function addExchange(program: Command): void {
  const exchange = program.command("exchange").description("drives the simulated PSTN");
  addNumbers(exchange);
  addCall(exchange);
  addFault(exchange);
}

function addNumbers(exchange: Command): void {
  withApi(exchange.command("numbers").description("lists the numbers that can be called")).action(
    async (options: ApiOptions) => {
      const rows =
        await client(options).read<{ number: string; what: string }[]>("exchange/numbers");
      if (options.json === true) return printJson(rows);
      printTable(
        ["number", "what happens"],
        rows.map(({ number: dialled, what }) => [dialled, what]),
      );
    },
  );
}

interface CallOptions extends ApiOptions, Omit<OriginateRequest, "holdMs" | "giveUpMs"> {
  readonly hold: number;
  readonly giveUp: number;
}

function addCall(exchange: Command): void {
  withApi(
    exchange.command("call").description("places a call from the PSTN to a number on the SIP side"),
  )
    .requiredOption("--to <number>", "called number")
    .option("--from <number>", "calling number")
    .option("--name <text>", "calling name")
    .option("--span <name>", "span to call on")
    .option("--timeslot <n>", "timeslot to call on", wholeNumber(1, 31))
    .addOption(new Option("--bearer <kind>").choices(["speech", "audio-3k1", "unrestricted-64k"]))
    .addOption(
      new Option("--sound <kind>", "what the caller lets hear").choices([
        "silence",
        "echo",
        "milliwatt",
        "announcement",
        "noise-and-pauses",
      ]),
    )
    .option("--digits <digits>", "DTMF keyed after the answer")
    .option("--overlap", "dials digit by digit")
    .option("--hold <seconds>", "hangs up so long after the answer; 0 never", number(0, 86_400), 3)
    .option("--give-up <seconds>", "gives up without an answer", number(0.1, 600), 60)
    .option("--count <n>", "a load of so many calls", wholeNumber(1, 100_000))
    .option("--per-second <n>", "calls a second of a load", number(0.01, 2000))
    .action(async ({ api, json, hold, giveUp, ...wanted }: CallOptions) => {
      const request = { ...wanted, holdMs: hold * 1000, giveUpMs: giveUp * 1000 };
      const begun = await client({ api }).send<{ calls: string[] }>(
        "POST",
        "exchange/calls",
        request,
      );
      const ended = await hangingUpAtInterrupt(api, begun.calls);
      if (json === true) printJson(ended);
      else for (const call of ended) print(sentence(call));
      if (ended.some((call) => call.answeredMs === undefined)) process.exitCode = 1;
    });
}

/** An interrupt hangs up; a second one ends the command as it would any. */
async function hangingUpAtInterrupt(
  api: string,
  ids: readonly string[],
): Promise<OriginatedView[]> {
  const hangUp = (): void => {
    forget();
    for (const id of ids)
      void client({ api })
        .send("DELETE", `exchange/calls/${id}`)
        .catch(() => 0);
  };
  const forget = (): void => {
    for (const signal of INTERRUPTS) process.off(signal, hangUp);
  };
  for (const signal of INTERRUPTS) process.on(signal, hangUp);
  return waitForEnd(api, ids).finally(forget);
}

const INTERRUPTS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Asks until all calls have ended; the exchange itself bounds how long that can take. */
async function waitForEnd(api: string, ids: readonly string[]): Promise<OriginatedView[]> {
  for (;;) {
    const calls = await client({ api }).read<OriginatedView[]>("exchange/calls");
    const ours = calls.filter(({ id }) => ids.includes(id));
    if (ours.length === 0)
      throw new CommandError("the exchange knows nothing of the calls any more");
    if (ours.every(({ state }) => state === "ended")) return ours;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function sentence(call: OriginatedView): string {
  const answer =
    call.answeredMs === undefined
      ? "not answered"
      : `answered after ${Math.round(call.answeredMs)} ms`;
  const cause =
    call.cause === undefined
      ? ""
      : `, cause ${call.cause.value} ${call.cause.name} (${call.cause.location})`;
  const circuit = call.timeslot === undefined ? "" : ` on ${call.span}/${call.timeslot}`;
  return `${call.from} to ${call.to}${circuit}: ${answer}${cause}`;
}

interface FaultOptions extends ApiOptions {
  readonly span: string;
  readonly drop?: number;
  readonly delaySignalling?: number;
  readonly delay?: number;
  readonly bitErrors?: number;
  readonly flipBit?: number;
  readonly slip?: number;
  readonly ppm?: number;
  readonly alarm?: FaultRequest["alarm"];
  readonly restart?: readonly number[] | true;
  readonly block?: readonly number[];
  readonly unblock?: readonly number[];
  readonly glare?: string;
}

function addFault(exchange: Command): void {
  withApi(exchange.command("fault").description("lets the line or the exchange misbehave"))
    .argument("<span>", "name of the span")
    .option("--drop <percent>", "drops signalling frames of the exchange", number(0, 100))
    .option(
      "--delay-signalling <ms>",
      "delays signalling frames of the exchange",
      wholeNumber(0, 60_000),
    )
    .option("--delay <ms>", "line delay both ways", wholeNumber(0, 400))
    .option("--bit-errors <rate>", "bit error rate toward the gateway", number(0, 0.1))
    .option(
      "--flip-bit <n>",
      "inverts the n-th next bit of the signalling timeslot",
      wholeNumber(0, 1e6),
    )
    .option("--slip <frames>", "drops (negative: repeats) frames once", number(-8000, 8000))
    .option("--ppm <offset>", "clock offset of the exchange", number(-1000, 1000))
    .addOption(new Option("--alarm <kind>").choices(["none", "los", "ais", "rai"]))
    .option(
      "--restart [timeslots]",
      "RESTART of timeslots such as 1,5-7, or of the interface",
      timeslots,
    )
    .option("--block <timeslots>", "takes timeslots out of service (NI-2)", timeslots)
    .option("--unblock <timeslots>", "takes timeslots into service (NI-2)", timeslots)
    .option(
      "--glare <number>",
      "meets the next SETUP with one for the same channel, to this number",
    )
    .action(async (span: string, options: FaultOptions) => {
      const request = faultRequest(span, options);
      if (Object.keys(request).length < 2) throw new CommandError("name a fault; see --help", 2);
      await client(options).send("POST", "exchange/faults", request);
      if (options.json === true) printJson({ ok: true });
      else print(`done on ${span}`);
    });
}

function faultRequest(span: string, options: FaultOptions): FaultRequest {
  const restart = options.restart === true ? [] : options.restart;
  const all = {
    span,
    dropSignalling: options.drop === undefined ? undefined : options.drop / 100,
    delaySignallingMs: options.delaySignalling,
    delayMs: options.delay,
    bitErrorRate: options.bitErrors,
    flipSignallingBit: options.flipBit,
    slip: options.slip,
    clockOffsetPpm: options.ppm,
    alarm: options.alarm,
    restart,
    block: options.block,
    unblock: options.unblock,
    glare: options.glare === undefined ? undefined : { to: options.glare },
  };
  return JSON.parse(JSON.stringify(all)) as FaultRequest;
}
