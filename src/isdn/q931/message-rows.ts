import type { ElementKind } from "./elements/element.js";
import type { Direction, MessageType, Profile } from "./message.js";

/** Where an element may be in a message: a line of the tables of Q.931 §3.1. */
export interface Place {
  readonly directions: Direction | "both";
  /** The directions in which it is mandatory whatever the state (M without a note). */
  readonly mandatory?: Direction | "both";
  /** How often at most (§5.8.5.2). */
  readonly times: number;
  /** Only in this profile. */
  readonly profile?: Profile;
}

export interface MessageRow {
  readonly type: MessageType;
  readonly code: number;
  readonly name: string;
  readonly discriminator: number;
  /** Clause that defines the message. */
  readonly clause: string;
  readonly places: Readonly<Partial<Record<ElementKind, Place>>>;
}

/** Q.931 §4.2: call control. */
export const CALL_CONTROL = 0x08;
/** Maintenance: NI-2's, and AT&T's with the codes of its two types the other way round. */
export const NATIONAL_MAINTENANCE = 0x43;
export const ATT_MAINTENANCE = 0x03;

const N: Direction = "network-to-user";
const U: Direction = "user-to-network";

function optional(directions: Direction | "both" = "both", times = 1): Place {
  return { directions, times };
}

function mandatory(times = 1): Place {
  return { directions: "both", mandatory: "both", times };
}

function ni2(directions: Direction | "both" = "both", times = 1): Place {
  return { directions, times, profile: "ni2" };
}

/** Display repeats in NI-2; EN 300 196-1 lets Facility be there as often as needed. */
const display = { display: optional(N, 4) } as const;
const facility = { facility: optional("both", Number.POSITIVE_INFINITY) } as const;
const signal = { signal: optional(N) } as const;
const progress = { "progress-indicator": optional("both", 3) } as const;
const userUser = { "user-user": optional() } as const;
const notification = { "notification-indicator": optional("both", 3) } as const;

/** Answers to SETUP. That the first of them needs a channel depends on the state: call control asks. */
const reply = {
  "bearer-capability": optional(),
  "channel-identification": optional(),
  ...progress,
  ...display,
  ...signal,
  ...facility,
  ...notification,
} as const;

const clearing = {
  cause: optional("both", 2),
  ...display,
  ...signal,
  ...facility,
  ...userUser,
} as const;

const rejection = { cause: mandatory(), ...display } as const;

const service = {
  "change-status": mandatory(),
  "channel-identification": mandatory(),
  ...display,
} as const;

const restart = {
  "channel-identification": optional(),
  ...display,
  "restart-indicator": mandatory(),
} as const;

const setup = {
  "sending-complete": optional(),
  "repeat-indicator": optional("both", 3),
  "bearer-capability": mandatory(2),
  "channel-identification": { directions: "both", mandatory: N, times: 1 },
  ...progress,
  ...facility,
  ...notification,
  "network-specific-facilities": optional("both", 4),
  ...display,
  "date-time": optional(N),
  "keypad-facility": optional(U),
  ...signal,
  switchhook: ni2(),
  "generic-digits": ni2("both", 4),
  "end-to-end-transit-delay": optional(),
  "transit-delay-selection": optional(),
  // EN 300 092-1: the number the user gives and the network's own.
  "calling-party-number": optional("both", 2),
  "calling-party-subaddress": optional("both", 2),
  "called-party-number": optional(),
  "called-party-subaddress": optional(),
  "original-called-number": optional(),
  "redirecting-number": optional("both", 2),
  "transit-network-selection": optional(U, 4),
  "low-layer-compatibility": optional("both", 4),
  "high-layer-compatibility": optional("both", 2),
  ...userUser,
} as const;

function row(
  type: MessageType,
  code: number,
  clause: string,
  places: MessageRow["places"],
  discriminator = CALL_CONTROL,
): MessageRow {
  const name = type.replaceAll("-", " ").toUpperCase();
  return { type, code, name, discriminator, clause, places };
}

/** Q.931 table 3-1 for circuit-mode connections, FACILITY (EN 300 196-1), and SERVICE of NI-2. */
export const messageRows: readonly MessageRow[] = [
  row("alerting", 0x01, "§3.1.1", {
    ...reply,
    "redirection-number": optional(),
    "high-layer-compatibility": optional(),
    ...userUser,
  }),
  row("call-proceeding", 0x02, "§3.1.2", { ...reply, "high-layer-compatibility": optional() }),
  row("progress", 0x03, "§3.1.8", {
    "bearer-capability": optional(),
    cause: optional(),
    "progress-indicator": mandatory(3),
    ...display,
    ...signal,
    ...facility,
    ...notification,
    "redirection-number": optional(),
    "high-layer-compatibility": optional(),
    ...userUser,
  }),
  row("setup", 0x05, "§3.1.14", setup),
  row("connect", 0x07, "§3.1.3", {
    ...reply,
    "date-time": optional(N),
    "connected-number": optional(),
    "connected-subaddress": optional(),
    "redirection-number": optional(),
    "low-layer-compatibility": optional(),
    "high-layer-compatibility": optional(),
    ...userUser,
  }),
  row("setup-acknowledge", 0x0d, "§3.1.15", reply),
  row("connect-acknowledge", 0x0f, "§3.1.4", {
    "channel-identification": ni2(),
    ...display,
    ...signal,
    ...facility,
  }),
  row("user-information", 0x20, "§3.3.13", { "more-data": optional(), "user-user": mandatory() }),
  row("suspend-reject", 0x21, "§3.1.20", rejection),
  row("resume-reject", 0x22, "§3.1.13", rejection),
  row("suspend", 0x25, "§3.1.18", { "call-identity": optional(U) }),
  row("resume", 0x26, "§3.1.11", { "call-identity": optional(U) }),
  row("suspend-acknowledge", 0x2d, "§3.1.19", display),
  row("resume-acknowledge", 0x2e, "§3.1.12", { "channel-identification": mandatory(), ...display }),
  row("disconnect", 0x45, "§3.1.5", {
    ...clearing,
    cause: mandatory(2),
    ...progress,
    ...notification,
  }),
  row("restart", 0x46, "§3.4.1", restart),
  row("release", 0x4d, "§3.1.9", clearing),
  row("restart-acknowledge", 0x4e, "§3.4.2", restart),
  row("release-complete", 0x5a, "§3.1.10", clearing),
  row("segment", 0x60, "annex H", { "segmented-message": mandatory() }),
  row("facility", 0x62, "EN 300 196-1 §11.1", {
    facility: mandatory(Number.POSITIVE_INFINITY),
    ...display,
  }),
  row("notify", 0x6e, "§3.1.7", {
    "bearer-capability": optional(),
    "notification-indicator": mandatory(3),
    ...display,
    ...facility,
    "connected-number": optional(),
    "redirection-number": optional(),
    "redirecting-number": optional(),
  }),
  row("status-enquiry", 0x75, "§3.1.17", display),
  row("congestion-control", 0x79, "§3.3.3", {
    "congestion-level": mandatory(),
    cause: mandatory(),
    ...display,
  }),
  row("information", 0x7b, "§3.1.6", {
    "sending-complete": optional(),
    ...display,
    "keypad-facility": optional(U),
    ...signal,
    ...facility,
    switchhook: ni2(),
    "generic-digits": ni2("both", 4),
    "called-party-number": optional(),
  }),
  row("status", 0x7d, "§3.1.16", {
    cause: mandatory(),
    "call-state": mandatory(),
    ...display,
  }),
  row("service-acknowledge", 0x0f, "T1.607", service, NATIONAL_MAINTENANCE),
  row("service", 0x07, "T1.607", service, NATIONAL_MAINTENANCE),
  row("service-acknowledge", 0x07, "TR 41459", service, ATT_MAINTENANCE),
  row("service", 0x0f, "TR 41459", service, ATT_MAINTENANCE),
];

/** The row of a type; SERVICE has one for each discriminator, the first being that of NI-2. */
export function messageRow(type: MessageType, discriminator?: number): MessageRow {
  const usual = BY_TYPE[type];
  if (discriminator === undefined || usual.discriminator === discriminator) return usual;
  return BY_CODE[discriminator]?.find((one) => one?.type === type) ?? usual;
}

export function isMaintenance(
  discriminator: number | undefined,
): discriminator is typeof NATIONAL_MAINTENANCE | typeof ATT_MAINTENANCE {
  return discriminator === NATIONAL_MAINTENANCE || discriminator === ATT_MAINTENANCE;
}

export function messageRowOf(discriminator: number, code: number): MessageRow | undefined {
  return BY_CODE[discriminator]?.[code];
}

const BY_TYPE = Object.fromEntries(
  messageRows.toReversed().map((one) => [one.type, one]),
) as Readonly<Record<MessageType, MessageRow>>;

const BY_CODE: Readonly<Record<number, readonly (MessageRow | undefined)[]>> = Object.fromEntries(
  [CALL_CONTROL, NATIONAL_MAINTENANCE, ATT_MAINTENANCE].map((discriminator) => [
    discriminator,
    Array.from({ length: 128 }, (_, code) =>
      messageRows.find((one) => one.discriminator === discriminator && one.code === code),
    ),
  ]),
);
