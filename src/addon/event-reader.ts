import { alarmName } from "./arguments.js";
import type { EngineEvent, FaxOrModemSignal } from "./events.js";
import type { RawEvent } from "./native.js";
import type { PortHandle, SpanHandle } from "./types.js";

const FAX_SIGNALS: readonly FaxOrModemSignal[] = [
  "ans",
  "ans-phase-reversed",
  "ansam",
  "ansam-phase-reversed",
  "v21-preamble",
];

type Reader = (raw: RawEvent) => EngineEvent;

/** In the order of `EventKind` in native/engine/engine.h. */
const READERS: readonly Reader[] = [
  ([, port, at, digit, durationMs, rfc4733]) => ({
    kind: "digit",
    port: port as PortHandle,
    at,
    digit: digit as string,
    durationMs: durationMs as number,
    from: rfc4733 === true ? "rfc4733" : "in-band",
  }),
  ([, port, at, frequency, present]) => ({
    kind: "tone-detected",
    port: port as PortHandle,
    at,
    frequency: frequency as number,
    present: present as boolean,
  }),
  ([, port, at, address, number]) => ({
    kind: "source-latched",
    port: port as PortHandle,
    at,
    source: { address: address as string, port: number as number },
  }),
  plain("rtp-timeout"),
  plain("rtp-resumed"),
  plain("rtp-release-due"),
  ([, port, at, ssrc]) => ({
    kind: "ssrc-changed",
    port: port as PortHandle,
    at,
    ssrc: ssrc as number,
  }),
  plain("rtcp-bye"),
  ([, port, at, signal]) => ({
    kind: "fax-or-modem",
    port: port as PortHandle,
    at,
    signal: FAX_SIGNALS[signal as number] ?? "ans",
  }),
  plain("source-finished"),
  plain("recorder-full"),
  ([, span, at, octets]) => ({
    kind: "signalling",
    span: span as SpanHandle,
    at,
    octets: octets as Uint8Array,
  }),
  ([, span, at, fcsErrors, aborts]) => ({
    kind: "signalling-errors",
    span: span as SpanHandle,
    at,
    fcsErrors: fcsErrors as number,
    aborts: aborts as number,
  }),
  ([, span, at, alarm]) => ({
    kind: "span-alarm",
    span: span as SpanHandle,
    at,
    alarm: alarmName(alarm as number),
  }),
  ([, , at, from, fromPort, to, toPort, octets]) => ({
    kind: "datagram",
    at,
    from: { address: from as string, port: fromPort as number },
    to: { address: to as string, port: toPort as number },
    octets: octets as Uint8Array,
  }),
];

function plain(
  kind:
    | "rtp-timeout"
    | "rtp-resumed"
    | "rtp-release-due"
    | "rtcp-bye"
    | "source-finished"
    | "recorder-full",
): Reader {
  return ([, port, at]) => ({ kind, port: port as PortHandle, at });
}

export function readEvents(raw: readonly RawEvent[]): EngineEvent[] {
  return raw.flatMap((event) => {
    const read = READERS[event[0]];
    return read === undefined ? [] : [read(event)];
  });
}
