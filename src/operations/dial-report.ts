import type { CallEnd, CallReport, Milestone } from "../phone/index.js";

/** One line of what happens during a call. */
export interface DialProgress {
  /** Since the call began. */
  readonly atMs: number;
  readonly what: string;
}

/** What `trunkgate dial` prints at the end; the keys of its JSON. */
export interface DialReport {
  readonly answered: boolean;
  /** Of the final response, when the call was not answered. */
  readonly status?: number;
  readonly reason?: string;
  readonly ringingMs?: number;
  readonly earlyMediaMs?: number;
  readonly setupMs?: number;
  readonly talkedMs?: number;
  readonly codec?: string;
  /** What we sent with: what the far end asked for; and what we asked it for. */
  readonly ptimeMs?: number;
  readonly receivePtimeMs?: number;
  readonly remote?: string;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  /** These three and `mos` only where media were received. */
  readonly lost?: number;
  readonly late?: number;
  readonly jitterMs?: number;
  readonly bufferMs: number;
  readonly roundTripMs?: number;
  /** By the E-model: what we heard, and what the far end heard by its RTCP. */
  readonly mos?: number;
  readonly mosAtFarEnd?: number;
  readonly endedBy: string;
  /** All causes in one line. */
  readonly cause?: string;
  readonly causes: readonly DialCause[];
  readonly digits: string;
  /** The file, and how much of sound is in it. */
  readonly recorded?: string;
  readonly recordedMs?: number;
}

/** RFC 3326; `location` after RFC 8606. */
export interface DialCause {
  readonly protocol: string;
  readonly value?: number;
  readonly text?: string;
  readonly location?: string;
}

/** @param recorded the file that was recorded to */
export function dialReport(call: CallReport, recorded: string | undefined): DialReport {
  const { end, agreement, speech, digits } = call;
  const { recording, ...counters } = speech;
  const causes = end.causes.map(({ protocol, cause, text, location }) => ({
    protocol,
    ...(cause === undefined ? {} : { value: cause }),
    ...(text === undefined ? {} : { text }),
    ...(location === undefined ? {} : { location }),
  }));
  const refused = !call.answered && end.status !== undefined;
  return {
    answered: call.answered,
    ...(refused ? { status: end.status, reason: end.phrase ?? end.why ?? "" } : {}),
    ...times(call),
    ...(agreement === undefined
      ? {}
      : {
          codec: agreement.send.codec.name,
          ptimeMs: agreement.send.ptimeMs,
          receivePtimeMs: agreement.receivePtimeMs,
          remote: remoteOf(agreement),
        }),
    ...heardOf(counters),
    ...{ endedBy: enderOf(end), causes, digits },
    ...causeLine(end, causes),
    ...(recorded === undefined
      ? {}
      : { recorded, recordedMs: (recording?.samples.length ?? 0) / 8 }),
  };
}

/** A stream of which nothing came has no quality, no loss and no jitter. */
function heardOf(speech: Omit<CallReport["speech"], "recording">) {
  if (speech.packetsReceived > 0) return speech;
  const { mos: _, lost: __, late: ___, jitterMs: ____, ...rest } = speech;
  return rest;
}

/** A milestone in words; undefined for what says nothing to people. */
export function wordsOf(milestone: Milestone): string | undefined {
  switch (milestone.kind) {
    case "placed":
      return `calling ${milestone.target}`;
    case "incoming":
      return `call from ${milestone.from} to ${milestone.target}`;
    case "trying":
      return "trying";
    case "ringing":
      return "ringing";
    case "progress":
      return `progress: ${milestone.status} ${milestone.reason}`;
    case "early-dialog-ended":
      return "one of several places that were tried gave up";
    case "media": {
      const { send, direction } = milestone.agreement;
      const what = milestone.early ? "early media" : "media";
      const where = remoteOf(milestone.agreement);
      return `${what}: ${send.codec.name}, ${send.ptimeMs} ms, ${direction}, ${where}`;
    }
    case "answered":
      return "answered";
    case "held":
      return milestone.by === "us" ? "held" : "the far end holds the call";
    case "retrieved":
      return milestone.by === "us" ? "retrieved" : "the far end retrieves the call";
    case "digit-sent":
      return `keyed ${milestone.digit}`;
    case "fault":
      return `fault: ${milestone.what}`;
    case "ended":
      return `ended by ${enderOf(milestone.end)}`;
  }
}

/** Nothing ever came back from the far end: a sentence for people. */
export function unreachable(end: CallEnd, where: string, transport: string): string {
  const { status, why = "no answer" } = end;
  const silent = status === 408 ? "no SIP response came within 32 s" : why;
  // Node's words for a TCP connection that never came to be.
  const refused = /ECONNREFUSED|before the connection was established/.test(why);
  const how = refused ? "no connection could be made; nobody listens there" : silent;
  return (
    `nobody answers at ${where} (${transport.toUpperCase()}): ${how}; ` +
    "is the gateway running (trunkgate run), or is --to another address?"
  );
}

function remoteOf({ remote: { address, port } }: NonNullable<CallReport["agreement"]>): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

function times({ ringingMs, earlyMediaMs, setupMs, talkedMs }: CallReport) {
  const given = { ringingMs, earlyMediaMs, setupMs, talkedMs };
  type Given = { readonly [Name in keyof typeof given]?: number };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Given;
}

function enderOf(end: CallEnd): string {
  const detail = end.by === "far-end" ? responseOf(end) : end.why;
  const who = { us: "us", "far-end": "the far end", failure: "a failure" }[end.by];
  return detail === undefined ? who : `${who} (${detail})`;
}

function responseOf({ method, status, phrase }: CallEnd): string | undefined {
  return method ?? (status === undefined ? undefined : `${status} ${phrase ?? ""}`.trim());
}

function causeLine(end: CallEnd, causes: readonly DialCause[]): { readonly cause?: string } {
  const { by, status, phrase, warning } = end;
  const parts = [
    ...(by === "far-end" && status !== undefined ? [`SIP ${status} ${phrase ?? ""}`.trim()] : []),
    ...causes.map(causeText),
    ...(warning === undefined ? [] : [warning]),
  ];
  return parts.length === 0 ? {} : { cause: [...new Set(parts)].join("; ") };
}

/** `Q.850 17 user busy (U)` */
function causeText({ protocol, value, text, location }: DialCause): string {
  const where = location === undefined ? undefined : `(${location})`;
  return [protocol, value, text, where].filter((part) => part !== undefined).join(" ");
}
