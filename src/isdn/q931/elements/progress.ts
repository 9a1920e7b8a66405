import { causeName } from "../../../call/index.js";
import { fault, hex, ok } from "../../../core/index.js";
import {
  CALL_STATES,
  CHANGE_STATUSES,
  CODING_STANDARDS,
  LOCATIONS,
  NOTIFICATIONS,
  PROGRESS_DESCRIPTIONS,
  RECOMMENDATIONS,
  RESTART_CLASSES,
  SIGNALS,
  SWITCHHOOKS,
} from "./names.js";
import { type ElementRow, named, reader, readGroup, UNLIMITED, writeGroup, writer } from "./row.js";

/** Q.931 §4.5.12, 0x08; values and locations of Q.850. */
export interface CauseElement {
  readonly kind: "cause";
  /** 0 ITU-T. */
  readonly codingStandard: number;
  /** 0 user, 1 LPN, 2 LN, 3 TN, 4 RLN, 5 RPN, 7 international, 10 beyond interworking point. */
  readonly location: number;
  /** Octet 3a: 0 Q.931, 3 X.21, 4 X.25, 5 Q.1031. Absent means Q.931. */
  readonly recommendation?: number;
  /** 0 to 127. */
  readonly value: number;
  readonly diagnostics?: Uint8Array;
}

/** Q.931 §4.5.7, 0x14. */
export interface CallState {
  readonly kind: "call-state";
  readonly codingStandard: number;
  /** 0 to 63: the number of the state (N6 is 6, U25 is 25); with the global reference Rest 0, 1, 2. */
  readonly value: number;
}

/** Q.931 §4.5.23, 0x1E. */
export interface ProgressElement {
  readonly kind: "progress-indicator";
  readonly codingStandard: number;
  readonly location: number;
  /** 1 not end-to-end ISDN, 2 destination, 3 origination, 4 returned, 5 interworking, 8 in-band (table 4-20). */
  readonly description: number;
}

/** Q.931 §4.5.22, 0x27. */
export interface NotificationIndicator {
  readonly kind: "notification-indicator";
  /** 0 user suspended, 1 user resumed, 2 bearer service change, more in Q.952 and Q.953. */
  readonly description: number;
  /** Octets after 3 (Q.932: ASN.1 data when the description is an extension). */
  readonly data?: Uint8Array;
}

/** Q.931 §4.5.28, 0x34. */
export interface Signal {
  readonly kind: "signal";
  readonly value: number;
}

/** Q.931 §4.5.25, 0x79. */
export interface RestartIndicator {
  readonly kind: "restart-indicator";
  /** 0 indicated channels, 6 single interface, 7 all interfaces. */
  readonly class: number;
}

/** NI-2 and T1.607 SERVICE, 0x01. */
export interface ChangeStatus {
  readonly kind: "change-status";
  /** 1: the status is of a channel; 0 of the interface. */
  readonly preference: number;
  /** 0 in service, 1 maintenance, 2 out of service, 3 request in service. */
  readonly status: number;
}

/** 0x36, functional and stimulus terminals of North America: 0 on hook, 1 off hook. */
export interface Switchhook {
  readonly kind: "switchhook";
  readonly value: number;
}

/*
 * Octet 3   ext | coding standard (2) | 0 | location (4)
 * Octet 3a  1   | recommendation (7)
 * Octet 4   1   | cause value (7)
 * Octet 5.. diagnostics
 */
const causeRow: ElementRow<CauseElement> = {
  kind: "cause",
  code: 0x08,
  name: "Cause",
  format: "variable",
  maximum: 30,
  parse: (contents) => {
    const octets = reader(contents);
    const [first, recommendation, ...excess] = readGroup(octets) ?? [];
    if (first === undefined || excess.length > 0) return fault(0, "octet 3 missing or too long");
    const value = octets.uint8();
    if (value === undefined) return fault(octets.offset, "octet 4 missing");
    if ((value & 0x80) === 0) return fault(octets.offset - 1, "octet 4 extended");
    const diagnostics = octets.rest().slice();
    return ok({
      kind: "cause",
      codingStandard: (first >> 5) & 3,
      location: first & 0xf,
      ...(recommendation === undefined ? {} : { recommendation }),
      value: value & 0x7f,
      ...(diagnostics.length === 0 ? {} : { diagnostics }),
    });
  },
  print: ({ codingStandard, location, recommendation, value, diagnostics }) => {
    const to = writer();
    const first = ((codingStandard & 3) << 5) | (location & 0xf);
    writeGroup(to, recommendation === undefined ? [first] : [first, recommendation]);
    return to
      .uint8(0x80 | value)
      .bytes(diagnostics ?? [])
      .finish();
  },
  describe: ({ codingStandard, location, recommendation, value, diagnostics }) => {
    const at = recommendation === undefined ? 1 : 2;
    return [
      { label: "Coding standard", value: named(codingStandard, CODING_STANDARDS), octets: [0, 1] },
      { label: "Location", value: named(location, LOCATIONS), octets: [0, 1] },
      ...(recommendation === undefined
        ? []
        : [{ label: "Recommendation", value: named(recommendation, RECOMMENDATIONS) }]),
      { label: "Value", value: `${value} (${causeName(value)})`, octets: [at, at + 1] },
      ...(diagnostics === undefined
        ? []
        : [
            {
              label: "Diagnostics",
              value: hex(diagnostics),
              octets: [at + 1, at + 1 + diagnostics.length] as const,
            },
          ]),
    ];
  },
};

/* Octet 3   coding standard (2) | call state value (6) */
const callState: ElementRow<CallState> = {
  kind: "call-state",
  code: 0x14,
  name: "Call state",
  format: "variable",
  maximum: 1,
  parse: ([octet]) =>
    octet === undefined
      ? fault(0, "octet 3 missing")
      : ok({ kind: "call-state", codingStandard: octet >> 6, value: octet & 0x3f }),
  print: ({ codingStandard, value }) => Uint8Array.of((codingStandard << 6) | (value & 0x3f)),
  describe: ({ value }) => [{ label: "State", value: named(value, CALL_STATES) }],
};

/*
 * Octet 3   1 | coding standard (2) | 0 | location (4)
 * Octet 4   1 | progress description (7)
 */
const progressIndicator: ElementRow<ProgressElement> = {
  kind: "progress-indicator",
  code: 0x1e,
  name: "Progress indicator",
  format: "variable",
  maximum: 2,
  parse: ([first, second]) => {
    if (first === undefined || second === undefined) return fault(0, "octet 3 or 4 missing");
    if ((first & second & 0x80) === 0) return fault(0, "octet 3 or 4 extended");
    return ok({
      kind: "progress-indicator",
      codingStandard: (first >> 5) & 3,
      location: first & 0xf,
      description: second & 0x7f,
    });
  },
  print: ({ codingStandard, location, description }) =>
    Uint8Array.of(
      0x80 | ((codingStandard & 3) << 5) | (location & 0xf),
      0x80 | (description & 0x7f),
    ),
  describe: ({ location, description }) => [
    { label: "Location", value: named(location, LOCATIONS), octets: [0, 1] },
    { label: "Description", value: named(description, PROGRESS_DESCRIPTIONS), octets: [1, 2] },
  ],
};

/* Octet 3   ext | notification description (7), then what the extension brings (EN 300 196-1) */
const notificationIndicator: ElementRow<NotificationIndicator> = {
  kind: "notification-indicator",
  code: 0x27,
  name: "Notification indicator",
  format: "variable",
  maximum: UNLIMITED,
  parse: (contents) => {
    const first = contents[0];
    if (first === undefined) return fault(0, "octet 3 missing");
    const extended = (first & 0x80) === 0;
    if (extended !== contents.length > 1) return fault(0, "extension bit does not fit the length");
    return ok({
      kind: "notification-indicator",
      description: first & 0x7f,
      ...(extended ? { data: contents.slice(1) } : {}),
    });
  },
  print: ({ description, data }) =>
    writer()
      .uint8((description & 0x7f) | (data === undefined ? 0x80 : 0))
      .bytes(data ?? [])
      .finish(),
  describe: ({ description, data }) => [
    { label: "Description", value: named(description, NOTIFICATIONS), octets: [0, 1] },
    ...(data === undefined ? [] : [{ label: "Data", value: hex(data) }]),
  ],
};

/* Octet 3   signal value (8) */
const signal: ElementRow<Signal> = {
  kind: "signal",
  code: 0x34,
  name: "Signal",
  format: "variable",
  maximum: 1,
  parse: ([value]) =>
    value === undefined ? fault(0, "octet 3 missing") : ok({ kind: "signal", value }),
  print: ({ value }) => Uint8Array.of(value),
  describe: ({ value }) => [{ label: "Signal", value: named(value, SIGNALS) }],
};

/* Octet 3   1 | 0 0 0 0 | class (3) */
const restartIndicator: ElementRow<RestartIndicator> = {
  kind: "restart-indicator",
  code: 0x79,
  name: "Restart indicator",
  format: "variable",
  maximum: 1,
  parse: ([octet]) => {
    if (octet === undefined || (octet & 0x80) === 0) return fault(0, "octet 3 missing or extended");
    return ok({ kind: "restart-indicator", class: octet & 7 });
  },
  print: (element) => Uint8Array.of(0x80 | (element.class & 7)),
  describe: (element) => [{ label: "Class", value: named(element.class, RESTART_CLASSES) }],
};

/* Octet 3   1 | preference | 0 0 0 | new status (3) */
const changeStatus: ElementRow<ChangeStatus> = {
  kind: "change-status",
  code: 0x01,
  name: "Change status",
  format: "variable",
  maximum: 1,
  parse: ([octet]) => {
    if (octet === undefined || (octet & 0x80) === 0) return fault(0, "octet 3 missing or extended");
    return ok({ kind: "change-status", preference: (octet >> 6) & 1, status: octet & 7 });
  },
  print: ({ preference, status }) => Uint8Array.of(0x80 | ((preference & 1) << 6) | (status & 7)),
  describe: ({ preference, status }) => [
    { label: "Preference", value: preference === 1 ? "channel" : "interface" },
    { label: "New status", value: named(status, CHANGE_STATUSES) },
  ],
};

/* Octet 3   switchhook value (8) */
const switchhook: ElementRow<Switchhook> = {
  kind: "switchhook",
  code: 0x36,
  name: "Switchhook",
  format: "variable",
  maximum: 1,
  parse: ([value]) =>
    value === undefined ? fault(0, "octet 3 missing") : ok({ kind: "switchhook", value }),
  print: ({ value }) => Uint8Array.of(value),
  describe: ({ value }) => [{ label: "Value", value: named(value, SWITCHHOOKS) }],
};

export const progressRows = [
  changeStatus,
  causeRow,
  callState,
  progressIndicator,
  notificationIndicator,
  signal,
  switchhook,
  restartIndicator,
] as const;
