import { fault, hex, ok } from "../../../core/index.js";
import { DIGIT_ENCODINGS, DISPLAY_CHARSETS, FACILITY_PROFILES, USER_PROTOCOLS } from "./names.js";
import { characters, type ElementRow, ia5, latin1, named, UNLIMITED, writer } from "./row.js";

/** Q.931 §4.5.16, 0x28. */
export interface Display {
  readonly kind: "display";
  /** NI-2 and T1.607: octet 3 with bit 8 set, bits 7 to 1 (0x31 for a name). ETSI has none. */
  readonly charset?: number;
  /** One character an octet (ISO 8859-1), so that nothing is lost. */
  readonly text: string;
}

/** Q.931 §4.5.18, 0x2C. */
export interface KeypadFacility {
  readonly kind: "keypad-facility";
  readonly digits: string;
}

/** Q.931 §4.5.15, 0x29. Wall time of the network. */
export interface DateTime {
  readonly kind: "date-time";
  /** 0 to 99 as sent. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
}

/** Q.931 §4.5.30, 0x7E. */
export interface UserUser {
  readonly kind: "user-user";
  /** Protocol discriminator, octet 3: 0 user specific, 4 IA5. */
  readonly protocol: number;
  readonly information: Uint8Array;
}

/** Q.932 §8.2.3, 0x1C. */
export interface FacilityElement {
  readonly kind: "facility";
  /** 17 (0x91 on the wire) remote operations, 31 networking extensions. */
  readonly profile: number;
  /** The components as sent: BER (ROSE). `describeComponents` reads them for people. */
  readonly components: Uint8Array;
}

/** Q.931 §4.5.6, 0x10. */
export interface CallIdentity {
  readonly kind: "call-identity";
  readonly identity: Uint8Array;
}

/** T1.607, 0x37. */
export interface GenericDigits {
  readonly kind: "generic-digits";
  /** 0 BCD even, 1 BCD odd, 2 IA5, 3 binary. */
  readonly encoding: number;
  /** 0 account code, 1 authorization code, 2 customer identification, 4 universal access ... */
  readonly type: number;
  readonly digits: Uint8Array;
}

/* Octet 3.. display information; in NI-2 octet 3 is 1 | display type (7) */
const display: ElementRow<Display> = {
  kind: "display",
  code: 0x28,
  name: "Display",
  format: "variable",
  maximum: 80,
  parse: (contents) => {
    const first = contents[0];
    if (first === undefined) return fault(0, "no display information");
    // A C1 control never begins a text, so bit 8 with one of the types marks NI-2's form.
    if ((first & 0x80) === 0 || first >= FIRST_LATIN_LETTER)
      return ok({ kind: "display", text: latin1(contents) });
    return ok({ kind: "display", charset: first & 0x7f, text: latin1(contents.subarray(1)) });
  },
  print: ({ charset, text }) =>
    writer()
      .bytes(charset === undefined ? [] : [0x80 | charset])
      .bytes(characters(text, 0xff))
      .finish(),
  describe: ({ charset, text }) => [
    ...(charset === undefined
      ? []
      : [
          {
            label: "Display type",
            value: named(charset, DISPLAY_CHARSETS),
            octets: [0, 1] as const,
          },
        ]),
    { label: "Text", value: text },
  ],
};

const FIRST_LATIN_LETTER = 0xc0;

/* Octet 3.. keypad facility information (IA5) */
const keypadFacility: ElementRow<KeypadFacility> = {
  kind: "keypad-facility",
  code: 0x2c,
  name: "Keypad facility",
  format: "variable",
  maximum: 32,
  parse: (contents) => {
    const digits = ia5(contents);
    return digits === undefined
      ? fault(0, "character with bit 8 set")
      : ok({ kind: "keypad-facility", digits });
  },
  print: ({ digits }) => characters(digits, 0x7f),
  describe: ({ digits }) => [{ label: "Keys", value: digits }],
};

/* Octets 3 to 8   year, month, day, hour, minute, second: binary */
const dateTime: ElementRow<DateTime> = {
  kind: "date-time",
  code: 0x29,
  name: "Date/time",
  format: "variable",
  maximum: 6,
  parse: ([year, month, day, hour, minute, second]) => {
    if (year === undefined || month === undefined || day === undefined)
      return fault(0, "year, month or day missing");
    return ok({
      kind: "date-time",
      year,
      month,
      day,
      ...(hour === undefined ? {} : { hour }),
      ...(minute === undefined ? {} : { minute }),
      ...(second === undefined ? {} : { second }),
    });
  },
  print: ({ year, month, day, hour, minute, second }) => {
    const time = [hour, minute, second];
    const end = time.indexOf(undefined);
    const said = (end < 0 ? time : time.slice(0, end)) as number[];
    return Uint8Array.of(year, month, day, ...said);
  },
  describe: ({ year, month, day, hour, minute, second }) => {
    const two = (value: number) => String(value).padStart(2, "0");
    const time = [hour, minute, second].filter((part) => part !== undefined);
    return [
      { label: "Date", value: [year, month, day].map(two).join("-"), octets: [0, 3] },
      ...(time.length === 0 ? [] : [{ label: "Time", value: time.map(two).join(":") }]),
    ];
  },
};

/* Octet 3   protocol discriminator (8), octet 4.. user information */
const userUser: ElementRow<UserUser> = {
  kind: "user-user",
  code: 0x7e,
  name: "User-user",
  format: "variable",
  maximum: 129,
  accessInformation: true,
  parse: (contents) => {
    const protocol = contents[0];
    return protocol === undefined
      ? fault(0, "octet 3 missing")
      : ok({ kind: "user-user", protocol, information: contents.slice(1) });
  },
  print: ({ protocol, information }) => writer().uint8(protocol).bytes(information).finish(),
  describe: ({ protocol, information }) => [
    { label: "Protocol discriminator", value: named(protocol, USER_PROTOCOLS), octets: [0, 1] },
    {
      label: "User information",
      value: protocol === IA5_PROTOCOL ? latin1(information) : hex(information),
      octets: [1, 1 + information.length],
    },
  ],
};

const IA5_PROTOCOL = 4;

/* Octet 3   1 | 0 0 | protocol profile (5), octet 4.. components */
const facility: ElementRow<FacilityElement> = {
  kind: "facility",
  code: 0x1c,
  name: "Facility",
  format: "variable",
  maximum: UNLIMITED,
  parse: (contents) => {
    const first = contents[0];
    if (first === undefined || (first & 0x80) === 0) return fault(0, "octet 3 missing or extended");
    return ok({ kind: "facility", profile: first & 0x1f, components: contents.slice(1) });
  },
  print: ({ profile, components }) =>
    writer()
      .uint8(0x80 | (profile & 0x1f))
      .bytes(components)
      .finish(),
  describe: ({ profile, components }) => [
    { label: "Protocol profile", value: named(profile, FACILITY_PROFILES), octets: [0, 1] },
    { label: "Components", value: hex(components), octets: [1, 1 + components.length] },
  ],
};

/* Octet 3.. call identity (any bit pattern) */
const callIdentity: ElementRow<CallIdentity> = {
  kind: "call-identity",
  code: 0x10,
  name: "Call identity",
  format: "variable",
  maximum: 8,
  parse: (contents) => ok({ kind: "call-identity", identity: contents.slice() }),
  print: ({ identity }) => identity.slice(),
  describe: ({ identity }) => [{ label: "Identity", value: hex(identity) }],
};

/* Octet 3   encoding scheme (3) | type of digits (5), octet 4.. digits */
const genericDigits: ElementRow<GenericDigits> = {
  kind: "generic-digits",
  code: 0x37,
  name: "Generic digits",
  format: "variable",
  maximum: UNLIMITED,
  parse: (contents) => {
    const first = contents[0];
    if (first === undefined) return fault(0, "octet 3 missing");
    const digits = contents.slice(1);
    return ok({ kind: "generic-digits", encoding: first >> 5, type: first & 0x1f, digits });
  },
  print: ({ encoding, type, digits }) =>
    writer()
      .uint8((encoding << 5) | (type & 0x1f))
      .bytes(digits)
      .finish(),
  describe: ({ encoding, type, digits }) => [
    { label: "Encoding", value: named(encoding, DIGIT_ENCODINGS), octets: [0, 1] },
    { label: "Type of digits", value: String(type), octets: [0, 1] },
    { label: "Digits", value: encoding === 2 ? latin1(digits) : hex(digits) },
  ],
};

export const textRows = [
  callIdentity,
  facility,
  display,
  dateTime,
  keypadFacility,
  genericDigits,
  userUser,
] as const;
