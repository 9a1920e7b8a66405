import { type CallEvent, type Cause, cause } from "../call/index.js";

/** What a subscriber of the exchange lets the caller hear. JavaScript only picks it; the engine plays it. */
export type Sound =
  | "silence"
  | "ringing-tone"
  | "special-information-tone"
  | "milliwatt"
  | "announcement"
  | "not-in-service-announcement"
  | "echo"
  | "noise-and-pauses"
  | "two-wire-line";

/** One thing that happens, so many milliseconds after the step before it. */
export interface ServiceStep {
  readonly afterMs: number;
  readonly call?: CallEvent;
  readonly sound?: Sound;
}

/** What a number does, as a row: a line of steps. */
export interface Service {
  readonly what: string;
  readonly steps: readonly ServiceStep[];
  /** Collects digits until # and plays them back. */
  readonly playsDigitsBack?: true;
}

export interface ServiceTimes {
  /** How long a subscriber is alerted before it answers. */
  readonly ringMs: number;
}

/** What is said of a called number: a service, or that more digits are needed, or that it is none. */
export type Lookup =
  | { readonly kind: "service"; readonly service: Service }
  | { readonly kind: "incomplete" }
  | { readonly kind: "unallocated" };

/** Finds a number in the table of the design: a whole number, the beginning of one, or none. */
export function lookUp(digits: string, times: ServiceTimes): Lookup {
  const fixed = fixedServices(times)[digits];
  if (fixed !== undefined) return { kind: "service", service: fixed };
  const match = /^(850|851|852)(\d{3})$/.exec(digits);
  const value = Number(match?.[2]);
  if (match !== null && value >= 1 && value <= 127) {
    return { kind: "service", service: causeService(match[1] as string, value) };
  }
  return isPrefix(digits) ? { kind: "incomplete" } : { kind: "unallocated" };
}

/** The cause that a number without subscriber gets. */
export function unallocated(): Cause {
  return cause(1, "public-network-local", "the exchange has no such subscriber");
}

/** The cause that a number gets which stays too short. */
export function addressIncomplete(): Cause {
  return cause(28, "public-network-local", "the exchange waited for more digits");
}

/** Every number of the table and what it does, for the command line and the documents. */
export function serviceTable(times: ServiceTimes): readonly { number: string; what: string }[] {
  return [
    ...Object.entries(fixedServices(times)).map(([number, { what }]) => ({ number, what })),
    { number: "850nnn", what: "releases at once with Q.850 cause nnn" },
    { number: "851nnn", what: "alerts for 1 s, then releases with cause nnn" },
    { number: "852nnn", what: "answers, then releases with cause nnn after 2 s" },
  ];
}

function fixedServices({ ringMs }: ServiceTimes): Readonly<Record<string, Service>> {
  const ring: ServiceStep = { afterMs: 0, call: { kind: "alerting" }, sound: "ringing-tone" };
  const answer = (sound: Sound): readonly ServiceStep[] => [
    ring,
    { afterMs: ringMs, call: { kind: "connect" }, sound },
  ];
  return {
    "100": { what: "answers after a short ring and echoes the caller", steps: answer("echo") },
    "101": { what: "answers with the digital milliwatt", steps: answer("milliwatt") },
    "102": { what: "answers with a spoken announcement", steps: answer("announcement") },
    "103": {
      what: "answers, collects DTMF until #, plays the digits back",
      steps: answer("silence"),
      playsDigitsBack: true,
    },
    "104": {
      what: "rings and is never answered",
      // A network gives up after T301 at the latest; this one does so a little earlier than 180 s.
      steps: [ring, { afterMs: 175_000, call: disconnect(19, "nobody answered") }],
    },
    "105": {
      what: "early media for 3 s, then answers and echoes",
      steps: [
        { afterMs: 0, call: { kind: "alerting", progress: [IN_BAND] }, sound: "ringing-tone" },
        { afterMs: 3000, call: { kind: "connect" }, sound: "echo" },
      ],
    },
    "106": {
      what: "special information tone and announcement as early media, then cause 1",
      steps: [
        {
          afterMs: 0,
          call: { kind: "progress", progress: [IN_BAND] },
          sound: "special-information-tone",
        },
        { afterMs: 2000, sound: "not-in-service-announcement" },
        { afterMs: 4000, call: disconnect(1, "the number is not in service") },
      ],
    },
    "107": {
      what: "answers, then clears with cause 16 after 3 s",
      steps: [
        ...answer("silence"),
        { afterMs: 3000, call: disconnect(16, "the subscriber hung up") },
      ],
    },
    "108": { what: "answers with noise and pauses", steps: answer("noise-and-pauses") },
    "109": { what: "answers as a two-wire line with hybrid echo", steps: answer("two-wire-line") },
    "110": {
      what: "answers at once and echoes",
      steps: [{ afterMs: 0, call: { kind: "connect" }, sound: "echo" }],
    },
  };
}

function causeService(kind: string, value: number): Service {
  const why = cause(value, LOCATION, `the called number asks for cause ${value}`);
  if (kind === "850") {
    return {
      what: `releases with cause ${value}`,
      steps: [{ afterMs: 0, call: { kind: "release", cause: why } }],
    };
  }
  const clear: CallEvent = { kind: "disconnect", cause: why };
  if (kind === "851") {
    return {
      what: `alerts, then releases with cause ${value}`,
      steps: [
        { afterMs: 0, call: { kind: "alerting" }, sound: "ringing-tone" },
        { afterMs: 1000, call: clear, sound: "silence" },
      ],
    };
  }
  return {
    what: `answers, then releases with cause ${value}`,
    steps: [
      { afterMs: 0, call: { kind: "connect" }, sound: "silence" },
      { afterMs: 2000, call: clear },
    ],
  };
}

function disconnect(value: number, what: string): CallEvent {
  return { kind: "disconnect", cause: cause(value, LOCATION, what) };
}

/** Whether more digits could make a number of it. */
function isPrefix(digits: string): boolean {
  if (/^(1(0[0-9]?|1)?|8(5[012]?)?)?$/.test(digits) && digits !== "100") return true;
  const nnn = /^85[012](\d{1,2})$/.exec(digits)?.[1];
  return nnn !== undefined && Number(nnn.padEnd(3, "0")) <= 127;
}

const LOCATION = "public-network-local";
const IN_BAND = { description: "in-band-information", location: LOCATION } as const;
