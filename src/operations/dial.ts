import { err, ok, type Result } from "../core/index.js";
import { type CallReport, openPhone, type Phone, type PhoneCall } from "../phone/index.js";
import { type DialOptions, type Prepared, prepare } from "./dial-options.js";
import {
  type DialProgress,
  type DialReport,
  dialReport,
  unreachable,
  wordsOf,
} from "./dial-report.js";
import { version } from "./version.js";

/** Places one call, or waits for one, and reports on it. An interrupt (SIGINT, SIGTERM, SIGHUP) hangs up. */
export async function dial(
  options: DialOptions,
  onProgress: (progress: DialProgress) => void,
): Promise<Result<DialReport, string>> {
  const prepared = await prepare(options);
  if (!prepared.ok) return prepared;
  const { address, port, recording } = prepared.value;
  const phone = await openPhone({
    ...{ address, port, transports: [options.transport], product: `trunkgate-dial/${version}` },
  }).catch((error: Error) => error);
  if (phone instanceof Error) return err(phone.message);
  try {
    const call = await beginCall(phone, options, prepared.value, onProgress);
    const report = call === undefined ? undefined : await untilEnded(call);
    await recording?.write(report?.speech.recording ?? SILENCE);
    if (report === undefined) return err("interrupted before a call came");
    return conclude(report, options);
  } finally {
    await phone.close();
  }
}

/** Places the call, or waits for it; undefined when an interrupt came before it. */
async function beginCall(
  phone: Phone,
  options: DialOptions,
  { plan, destination }: Prepared,
  onProgress: (progress: DialProgress) => void,
): Promise<PhoneCall | undefined> {
  const watched = {
    ...plan,
    onMilestone(milestone: Parameters<typeof wordsOf>[0], atMs: number) {
      const what = wordsOf(milestone);
      if (what !== undefined) onProgress({ atMs, what });
    },
    onDigit: (digit: string, atMs: number) => onProgress({ atMs, what: `heard ${digit}` }),
  };
  if (options.answer !== true) {
    const { number = "", from, delayedOffer = false } = options;
    return phone.placeCall({ ...watched, to: number, from, destination, delayedOffer });
  }
  const at = phone.listeners[options.transport];
  onProgress({
    atMs: 0,
    what: `waiting for a call to sip:${at?.address}:${at?.port};transport=${options.transport}`,
  });
  let taken = false;
  return untilInterrupted<PhoneCall>((came) => {
    // One call is enough; another one finds it busy.
    phone.answerCalls(
      () => {
        if (taken) return BUSY;
        taken = true;
        return watched;
      },
      (call) => came(call),
    );
  });
}

function conclude(report: CallReport, { to, transport, record }: DialOptions) {
  const { end, reached } = report;
  if (!reached && end.by === "failure") {
    return end.status === undefined
      ? err(end.why ?? "the call could not be placed")
      : err(unreachable(end, to, transport));
  }
  return ok(dialReport(report, record));
}

async function untilEnded(call: PhoneCall): Promise<CallReport> {
  const forget = onInterrupt(() => call.hangUp("interrupted"));
  const report = await call.ended;
  forget();
  return report;
}

async function untilInterrupted<Value>(
  begin: (came: (value: Value) => void) => void,
): Promise<Value | undefined> {
  let forget: () => void = () => undefined;
  const value = await new Promise<Value | undefined>((resolve) => {
    forget = onInterrupt(() => resolve(undefined));
    begin(resolve);
  });
  forget();
  return value;
}

/** Does something at the first interrupt; a second one ends the process as it would any. */
function onInterrupt(work: () => void): () => void {
  const forget = (): void => {
    for (const signal of INTERRUPTS) process.off(signal, interrupted);
  };
  const interrupted = (): void => {
    forget();
    work();
  };
  for (const signal of INTERRUPTS) process.on(signal, interrupted);
  return forget;
}

const INTERRUPTS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const SILENCE = { samples: new Int16Array(0) };
const BUSY = { answer: { kind: "reject", status: 486 } } as const;
