import type { ElementFault, Verdict } from "./message.js";

/**
 * What the faults of a message come to, in the order in which §5.8.6 and §5.8.7 are applied. The
 * message itself says what is done with the cause: call control knows (STATUS, RELEASE, RELEASE COMPLETE).
 */
export function judgeFaults(faults: readonly ElementFault[]): Verdict {
  for (const rule of RULES) {
    const found = faults.filter(rule.applies);
    if (found.length > 0)
      return { action: rule.action, cause: rule.cause, diagnostics: identifiers(found) };
  }
  return { action: "accept" };
}

interface Rule {
  readonly action: Verdict["action"];
  readonly cause: number;
  applies(fault: ElementFault): boolean;
}

const RULES: readonly Rule[] = [
  // §5.8.6.1 mandatory element missing; §5.8.7.1 comprehension required
  {
    action: "reject",
    cause: 96,
    applies: ({ fault, comprehensionRequired }) => fault === "missing" || comprehensionRequired,
  },
  // §5.8.6.2 mandatory element content error
  {
    action: "reject",
    cause: 100,
    applies: ({ fault, mandatory }) => fault === "content" && mandatory,
  },
  // §5.8.7.1 unrecognised element, §5.8.7.3 unexpected recognised element
  {
    action: "accept",
    cause: 99,
    applies: ({ fault }) => fault === "unrecognised" || fault === "unexpected",
  },
  // §5.8.7.2 access information element too long: discarded
  { action: "accept", cause: 43, applies: ({ accessInformation }) => accessInformation },
  // §5.8.7.2 non-mandatory element content error
  { action: "accept", cause: 100, applies: ({ fault }) => fault === "content" },
];

/** Q.850 §2.2.5 table 2: identifiers; one of another codeset goes behind its non-locking shift. */
function identifiers(faults: readonly ElementFault[]): Uint8Array {
  const octets = faults.flatMap(({ codeset, code }) =>
    codeset === 0 ? [code] : [0x98 | codeset, code],
  );
  return Uint8Array.from(octets.slice(0, LONGEST_DIAGNOSTICS));
}

/** A Cause has at most 30 octets of contents (§4.5.12), two of which are not diagnostics. */
const LONGEST_DIAGNOSTICS = 28;
