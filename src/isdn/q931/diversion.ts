import type { PresentedNumber, Redirection, RedirectionReason } from "../../call/index.js";
import { type BerValue, ber, berInteger } from "./ber.js";
import { argumentOf, INTEGER, invocation, SEQUENCE } from "./components.js";
import { latin1 } from "./elements/row.js";
import type { FacilityElement } from "./elements/text.js";

/*
 * divertingLegInformation2 (EN 300 207-1 §7.1), in the SETUP of a call that was diverted:
 *   SEQUENCE { counter INTEGER, reason ENUMERATED, [1] diverting number, [2] original called number }
 * A number is [0] allowed or [3] restricted with the number, [1] restricted, [2] not available.
 */

/** What a Facility element says of diversion; undefined where it says nothing of it. */
export function divertingLeg(element: FacilityElement): Redirection | undefined {
  const argument = argumentOf(element, DIVERTING_LEG_2);
  if (argument?.tag !== SEQUENCE) return undefined;
  const [counter, reason, ...numbers] = argument.inside;
  if (counter?.tag !== INTEGER || reason?.tag !== ENUMERATED) return undefined;
  const count = berInteger(counter);
  const found = (tag: number) => numbers.find((one) => one.class === "context" && one.tag === tag);
  const [diverting, original] = [found(1)?.inside[0], found(2)?.inside[0]];
  const originalCalled = original === undefined ? undefined : presented(original);
  return {
    redirecting: (diverting && presented(diverting)) ?? NOT_AVAILABLE,
    reason: REASONS[berInteger(reason) ?? 0] ?? "unknown",
    ...(count !== undefined && count >= 1 && count <= MOST ? { count } : {}),
    ...(originalCalled === undefined ? {} : { originalCalled }),
  };
}

/** The Facility element of a SETUP that was diverted. */
export function divertingLegFacility(of: Redirection, invokeId: number): FacilityElement {
  const { redirecting, originalCalled, reason, count = originalCalled === undefined ? 1 : 2 } = of;
  const code = REASONS.indexOf(reason);
  return invocation(
    invokeId,
    DIVERTING_LEG_2,
    ber(
      0x30,
      ber(INTEGER, [Math.max(1, Math.min(count, MOST))]),
      ber(ENUMERATED, [Math.max(0, code)]),
      ber(0xa1, printPresented(redirecting)),
      ...(originalCalled === undefined ? [] : [ber(0xa2, printPresented(originalCalled))]),
    ),
  );
}

/** PresentedNumberUnscreened. */
function presented(value: BerValue): PresentedNumber | undefined {
  if (value.class !== "context") return undefined;
  if (value.tag === 1) return { ...NOT_AVAILABLE, presentation: "restricted" };
  if (value.tag === 2) return NOT_AVAILABLE;
  const number = value.inside[0];
  if ((value.tag !== 0 && value.tag !== 3) || number?.class !== "context") return undefined;
  const plan = PLANS[number.tag];
  if (plan === undefined) return undefined;
  const [type, text] = number.constructed ? number.inside : [undefined, number];
  const digits = latin1(text?.octets ?? new Uint8Array(0))
    .slice(0, LONGEST_NUMBER)
    .replace(/[^0-9*#]/g, "");
  const nature = NATURES[(type && berInteger(type)) ?? 0] ?? "unknown";
  const presentation = value.tag === 0 ? "allowed" : "restricted";
  return { digits, nature, plan, presentation, screening: "user-provided-not-screened" };
}

function printPresented({ digits, nature, plan, presentation }: PresentedNumber): number[] {
  if (digits === "") return ber(presentation === "restricted" ? 0x81 : 0x82);
  const text = [...digits.slice(0, LONGEST_NUMBER)].map((digit) => digit.charCodeAt(0));
  const tag = Math.max(0, PLANS.indexOf(plan));
  const typed = plan === "isdn" || plan === "private";
  const type = ber(ENUMERATED, [Math.max(0, NATURES.indexOf(nature))]);
  const number = typed ? ber(0xa0 | tag, type, ber(NUMERIC_STRING, text)) : ber(0x80 | tag, text);
  return ber(presentation === "allowed" ? 0xa0 : 0xa3, number);
}

const DIVERTING_LEG_2 = 15;
const ENUMERATED = 10;
const NUMERIC_STRING = 18;
/** DiversionCounter and NumberDigits are bounded so. */
const MOST = 5;
const LONGEST_NUMBER = 20;

const NOT_AVAILABLE: PresentedNumber = {
  ...{ digits: "", nature: "unknown", plan: "unknown" },
  ...{ presentation: "unavailable", screening: "user-provided-not-screened" },
};

/** DiversionReason: its values are not those of the Redirecting number element. */
const REASONS: readonly RedirectionReason[] = [
  "unknown",
  "unconditional",
  "busy",
  "no-reply",
  "deflection-during-alerting",
  "deflection-immediate",
];

/** PartyNumber: the tag is the numbering plan (EN 300 196-1 annex D). */
const PLANS: readonly (PresentedNumber["plan"] | undefined)[] = [
  "unknown",
  "isdn",
  undefined,
  "data",
  "telex",
  "private",
  undefined,
  undefined,
  "national",
];

/** PublicTypeOfNumber, and what PrivateTypeOfNumber has in common with it. */
const NATURES: readonly (PresentedNumber["nature"] | undefined)[] = [
  "unknown",
  "international",
  "national",
  "network-specific",
  "subscriber",
  undefined,
  "abbreviated",
];
