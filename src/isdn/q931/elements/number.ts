import { fault, ok, type Result } from "../../../core/index.js";
import {
  DIVERSION_REASONS,
  NUMBERING_PLANS,
  PRESENTATIONS,
  SCREENINGS,
  TYPES_OF_NUMBER,
} from "./names.js";
import {
  characters,
  type ElementRow,
  type Field,
  ia5,
  named,
  reader,
  readGroup,
  UNLIMITED,
  writeGroup,
  writer,
} from "./row.js";

/** A party number as the number elements carry it (Q.931 §4.5.8, §4.5.10, Q.951 §5.4.1, Q.952). */
export interface NumberFields {
  /** Type of number, table 4-9: 0 unknown, 1 international, 2 national, 3 network, 4 subscriber, 6 abbreviated. */
  readonly typeOfNumber: number;
  /** Numbering plan, table 4-9: 0 unknown, 1 ISDN (E.164), 3 data, 4 telex, 8 national, 9 private. */
  readonly plan: number;
  /** IA5 characters, as received; may be empty. */
  readonly digits: string;
}

/** Octet 3a. Absent means that octet 3a is absent, which reads as 0 and 0 (table 4-11). */
export interface PresentationFields {
  /** 0 allowed, 1 restricted, 2 not available due to interworking. */
  readonly presentation?: number;
  /** 0 user provided, 1 verified and passed, 2 verified and failed, 3 network provided. */
  readonly screening?: number;
}

/** Q.931 §4.5.8, 0x70. */
export interface CalledPartyNumber extends NumberFields {
  readonly kind: "called-party-number";
}

/** Q.931 §4.5.10, 0x6C. */
export interface CallingPartyNumber extends NumberFields, PresentationFields {
  readonly kind: "calling-party-number";
}

/** Q.951 §5.4.1, 0x4C. */
export interface ConnectedNumber extends NumberFields, PresentationFields {
  readonly kind: "connected-number";
}

/** Octet 3b: 0 unknown, 1 busy, 2 no reply, 4 deflection, 9 out of order, 10 by called DTE, 15 unconditional. */
export interface DiversionFields extends NumberFields, PresentationFields {
  readonly reason?: number;
}

/** Q.931 §4.6.7, EN 300 207-1, 0x74: the party that redirected the call. */
export interface RedirectingNumber extends DiversionFields {
  readonly kind: "redirecting-number";
}

/** EN 300 207-1, 0x76: the party to which the call is redirected. */
export interface RedirectionNumber extends NumberFields, PresentationFields {
  readonly kind: "redirection-number";
}

/** 0x73, North American switches: the number first dialled, before any redirection. */
export interface OriginalCalledNumber extends DiversionFields {
  readonly kind: "original-called-number";
}

/*
 * Octet 3   ext | type of number (3) | numbering plan (4)
 * Octet 3a  ext | presentation (2) | 0 0 0 | screening (2)       not in a called number
 * Octet 3b  1   | 0 0 0 | reason for diversion (4)               diverted numbers only
 * Octet 4.. 0   | number digit (IA5)
 */
const HEADS = { called: 1, presented: 2, diverted: 3 } as const;
type Shape = keyof typeof HEADS;

function numberRow<Row extends AnyNumber>(
  kind: Row["kind"],
  code: number,
  name: string,
  shape: Shape,
): ElementRow<Row> {
  return {
    kind,
    code,
    name,
    format: "variable",
    maximum: UNLIMITED,
    // The fields below are those of every number; the kind says which of them may be there.
    parse: (contents) => {
      const fields = parseNumber(contents, HEADS[shape]);
      return fields.ok ? ok({ kind, ...fields.value } as Row) : fields;
    },
    print: printNumber,
    describe: describeNumber,
  };
}

function parseNumber(contents: Uint8Array, heads: number): Result<DiversionFields> {
  const octets = reader(contents);
  const head = readGroup(octets);
  if (head === undefined) return fault(0, "octet 3 missing or without end");
  if (head.length > heads) return fault(heads, "more octets 3 than the element has");
  const digits = ia5(octets.rest());
  if (digits === undefined) return fault(head.length, "digit with bit 8 set");
  const [first = 0, shown, diverted] = head;
  return ok({
    typeOfNumber: (first >> 4) & 7,
    plan: first & 0xf,
    digits,
    ...(shown === undefined ? {} : { presentation: (shown >> 5) & 3, screening: shown & 3 }),
    ...(diverted === undefined ? {} : { reason: diverted & 0xf }),
  });
}

function printNumber(element: DiversionFields): Uint8Array {
  const head = [((element.typeOfNumber & 7) << 4) | (element.plan & 0xf)];
  const shown = element.presentation ?? element.screening ?? element.reason;
  if (shown !== undefined)
    head.push((((element.presentation ?? 0) & 3) << 5) | ((element.screening ?? 0) & 3));
  if (element.reason !== undefined) head.push(element.reason & 0xf);
  const to = writer();
  writeGroup(to, head);
  return to.bytes(characters(element.digits, 0x7f)).finish();
}

function describeNumber(element: DiversionFields): readonly Field[] {
  const fields: Field[] = [
    {
      label: "Type of number",
      value: named(element.typeOfNumber, TYPES_OF_NUMBER),
      octets: [0, 1],
    },
    { label: "Numbering plan", value: named(element.plan, NUMBERING_PLANS), octets: [0, 1] },
  ];
  const { presentation, screening, reason } = element;
  if (presentation !== undefined)
    fields.push({
      label: "Presentation",
      value: named(presentation, PRESENTATIONS),
      octets: [1, 2],
    });
  if (screening !== undefined)
    fields.push({ label: "Screening", value: named(screening, SCREENINGS), octets: [1, 2] });
  if (reason !== undefined)
    fields.push({ label: "Reason", value: named(reason, DIVERSION_REASONS), octets: [2, 3] });
  const start = presentation === undefined ? 1 : reason === undefined ? 2 : 3;
  fields.push({
    label: "Digits",
    value: element.digits,
    octets: [start, start + element.digits.length],
  });
  return fields;
}

type AnyNumber =
  | CalledPartyNumber
  | CallingPartyNumber
  | ConnectedNumber
  | RedirectingNumber
  | RedirectionNumber
  | OriginalCalledNumber;

export const numberRows = [
  numberRow<CalledPartyNumber>("called-party-number", 0x70, "Called party number", "called"),
  numberRow<CallingPartyNumber>("calling-party-number", 0x6c, "Calling party number", "presented"),
  numberRow<ConnectedNumber>("connected-number", 0x4c, "Connected number", "presented"),
  numberRow<OriginalCalledNumber>(
    "original-called-number",
    0x73,
    "Original called number",
    "diverted",
  ),
  numberRow<RedirectingNumber>("redirecting-number", 0x74, "Redirecting number", "diverted"),
  numberRow<RedirectionNumber>("redirection-number", 0x76, "Redirection number", "presented"),
] as const;
