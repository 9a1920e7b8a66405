import {
  type Bearer,
  type Cause,
  type CauseLocation,
  type Law,
  type NatureOfAddress,
  type NumberingPlan,
  type PartyNumber,
  type Presentation,
  type PresentedNumber,
  type ProgressDescription,
  type ProgressIndicator,
  type Redirection,
  type RedirectionReason,
  receivedCause,
  type Screening,
} from "../../call/index.js";
import { divertingLeg, divertingLegFacility } from "./diversion.js";
import type { BearerCapability } from "./elements/compatibility.js";
import type { Element, ElementKind, ElementOf } from "./elements/element.js";
import type { DiversionFields, NumberFields, PresentationFields } from "./elements/number.js";
import type { CauseElement, ProgressElement } from "./elements/progress.js";
import { rowOfKind } from "./elements/rows.js";
import type { Display, UserUser } from "./elements/text.js";
import { elements, type Message, type Profile } from "./message.js";

/** Number of an element in the neutral call's words; characters that are no digits are left out. */
export function partyNumber({ digits, typeOfNumber, plan }: NumberFields): PartyNumber {
  return {
    digits: digits.toUpperCase().replace(/[^0-9*#A-D]/g, ""),
    nature: keyOf(NATURES, typeOfNumber) ?? "unknown",
    plan: keyOf(PLANS, plan) ?? "unknown",
  };
}

/** Fields of a number element. */
export function numberFields({ digits, nature, plan }: PartyNumber): NumberFields {
  return { typeOfNumber: NATURES[nature], plan: PLANS[plan], digits };
}

/** A number with octet 3a. Without it, presentation is allowed and nothing was screened (§4.5.10). */
export function presentedNumber(
  element: NumberFields & PresentationFields,
  subaddress?: Uint8Array,
): PresentedNumber {
  const { presentation = 0, screening = 0 } = element;
  return {
    ...partyNumber(element),
    // The reserved value shows nothing: a number once shown cannot be taken back.
    presentation: keyOf(PRESENTATIONS, presentation) ?? "restricted",
    screening: keyOf(SCREENINGS, screening) ?? "user-provided-not-screened",
    ...(subaddress === undefined ? {} : { subaddress }),
  };
}

export function presentedFields(number: PresentedNumber): NumberFields & PresentationFields {
  const presentation = PRESENTATIONS[number.presentation];
  return { ...numberFields(number), presentation, screening: SCREENINGS[number.screening] };
}

/**
 * Who redirected the call. Of two redirecting numbers the first is the original called one, as
 * NI-2 sends them (T1.607); EuroISDN tells it, and how often, in Facility (EN 300 207-1).
 */
export function redirection(setup: Message): Redirection | undefined {
  const redirecting = elements(setup, "redirecting-number");
  const last = redirecting.at(-1);
  const original =
    elements(setup, "original-called-number")[0] ??
    (redirecting.length > 1 ? redirecting[0] : undefined);
  const told = elements(setup, "facility")
    .map(divertingLeg)
    .find((one) => one !== undefined);
  if (last === undefined) return told;
  return {
    ...told,
    redirecting: presentedNumber(last),
    reason: told === undefined || told.reason === "unknown" ? reasonOf(last) : told.reason,
    ...(original === undefined
      ? {}
      : { originalCalled: presentedNumber(original), originalReason: reasonOf(original) }),
  };
}

export function redirectionElements(of: Redirection, profile: Profile): readonly Element[] {
  const last = diverted(of.redirecting, of.reason);
  const shown = of.redirecting.presentation === "unavailable" ? [] : [last];
  if (profile === "etsi") return [divertingLegFacility(of, DIVERSION_INVOCATION), ...shown];
  if (of.originalCalled === undefined) return [last];
  return [diverted(of.originalCalled, of.originalReason ?? "unknown"), last];
}

function diverted(number: PresentedNumber, reason: RedirectionReason): Element {
  return { kind: "redirecting-number", ...presentedFields(number), reason: REASONS[reason] };
}

function reasonOf({ reason = 0 }: DiversionFields): RedirectionReason {
  // Value 4 is deflection of either kind; REASONS names the immediate one first.
  return keyOf(REASONS, reason) ?? "unknown";
}

/** A received cause with its origin. */
export function neutralCause({ value, location, diagnostics }: CauseElement): Cause {
  return receivedCause(value, neutralLocation(location), diagnostics);
}

export function causeElement({ value, location, diagnostics }: Cause): CauseElement {
  return {
    kind: "cause",
    codingStandard: 0,
    location: LOCATIONS[location],
    value,
    ...(diagnostics === undefined || diagnostics.length === 0
      ? {}
      : { diagnostics: diagnostics.slice(0, LONGEST_DIAGNOSTICS) }),
  };
}

/** Progress in the neutral call's words; undefined for descriptions that it has none for. */
export function neutralProgress(element: ProgressElement): ProgressIndicator | undefined {
  const description = keyOf(PROGRESS, element.description);
  if (description === undefined || element.codingStandard !== 0) return undefined;
  return { description, location: neutralLocation(element.location) };
}

export function progressElement({ description, location }: ProgressIndicator): ProgressElement {
  return {
    kind: "progress-indicator",
    codingStandard: 0,
    location: LOCATIONS[location],
    description: PROGRESS[description],
  };
}

/**
 * The bearer of a SETUP; undefined when we cannot carry it (cause 65). `law` holds where octet 5
 * does not say.
 */
export function neutralBearer(element: BearerCapability, law: Law): Bearer | undefined {
  const { codingStandard, transferMode, transferRate, transferCapability, layer1 } = element;
  if (codingStandard !== 0 || transferMode !== 0 || transferRate !== RATE_64K) return undefined;
  if (transferCapability === UNRESTRICTED) return { kind: "unrestricted-64k" };
  const kind = AUDIO[transferCapability];
  if (kind === undefined) return undefined;
  if (layer1 === undefined) return { kind, law };
  const said = keyOf(LAWS, layer1.protocol);
  return said === undefined ? undefined : { kind, law: said };
}

export function bearerElement(bearer: Bearer): BearerCapability {
  const common = {
    kind: "bearer-capability",
    codingStandard: 0,
    transferMode: 0,
    transferRate: RATE_64K,
  } as const;
  if (bearer.kind === "unrestricted-64k") return { ...common, transferCapability: UNRESTRICTED };
  const transferCapability = bearer.kind === "speech" ? 0 : 16;
  return { ...common, transferCapability, layer1: { protocol: LAWS[bearer.law] } };
}

/** A name or text for the user; NI-2 marks what it is in octet 3. */
export function displayElement(text: string, profile: Profile): Display {
  const short = text.slice(0, profile === "ni2" ? LONGEST_DISPLAY - 1 : LONGEST_DISPLAY);
  return profile === "ni2"
    ? { kind: "display", charset: DISPLAY_NAME, text: short }
    : { kind: "display", text: short };
}

/** Text of a Display, without control characters. */
export function displayText({ text }: Display): string {
  return [...text].filter((one) => one >= " " && !(one >= "\x7f" && one < "\xa0")).join("");
}

/** User-user information as the neutral call holds it: protocol discriminator first. */
export function userInformation({ protocol, information }: UserUser): Uint8Array {
  return Uint8Array.of(protocol, ...information);
}

/** Undefined when there is nothing to send; what is longer than the element is cut. */
export function userUserElement(octets: Uint8Array): UserUser | undefined {
  const protocol = octets[0];
  if (protocol === undefined) return undefined;
  return {
    kind: "user-user",
    protocol,
    information: octets.slice(1, rowOfKind("user-user").maximum),
  };
}

/** Contents of an element as octets: subaddresses, compatibilities and facilities are handed on so. */
export function contentsOf(element: ElementOf<ElementKind>): Uint8Array {
  return rowOfKind(element.kind).print(element);
}

/** The element that contents are of, or undefined when they cannot be one. */
export function elementOfContents<Kind extends ElementKind>(
  kind: Kind,
  contents: Uint8Array,
): ElementOf<Kind> | undefined {
  const row = rowOfKind(kind);
  if (contents.length === 0 || contents.length > row.maximum) return undefined;
  const parsed = row.parse(contents);
  return parsed.ok ? (parsed.value as ElementOf<Kind>) : undefined;
}

function neutralLocation(location: number): CauseLocation {
  // Reserved values: some network, and the nearest one told us.
  return keyOf(LOCATIONS, location) ?? "public-network-local";
}

/** The first key that has a value. */
function keyOf<Key extends string>(
  table: Readonly<Record<Key, number>>,
  value: number,
): Key | undefined {
  for (const key in table) if (table[key] === value) return key;
  return undefined;
}

// Q.931 table 4-9
const NATURES: Readonly<Record<NatureOfAddress, number>> = {
  unknown: 0,
  international: 1,
  national: 2,
  "network-specific": 3,
  subscriber: 4,
  abbreviated: 6,
};

const PLANS: Readonly<Record<NumberingPlan, number>> = {
  unknown: 0,
  isdn: 1,
  data: 3,
  telex: 4,
  national: 8,
  private: 9,
};

// Q.931 table 4-11
const PRESENTATIONS: Readonly<Record<Presentation, number>> = {
  allowed: 0,
  restricted: 1,
  unavailable: 2,
};

const SCREENINGS: Readonly<Record<Screening, number>> = {
  "user-provided-not-screened": 0,
  "user-provided-verified-and-passed": 1,
  "user-provided-verified-and-failed": 2,
  "network-provided": 3,
};

// EN 300 207-1 §7.2.4
const REASONS: Readonly<Record<RedirectionReason, number>> = {
  unknown: 0,
  busy: 1,
  "no-reply": 2,
  "deflection-immediate": 4,
  "deflection-during-alerting": 4,
  "mobile-not-reachable": 9,
  unconditional: 15,
};

// Q.850 §2.2.3
const LOCATIONS: Readonly<Record<CauseLocation, number>> = {
  user: 0,
  "private-network-local": 1,
  "public-network-local": 2,
  transit: 3,
  "public-network-remote": 4,
  "private-network-remote": 5,
  international: 7,
  "beyond-interworking-point": 10,
};

// Q.931 table 4-20
const PROGRESS: Readonly<Record<ProgressDescription, number>> = {
  "not-end-to-end-isdn": 1,
  "destination-not-isdn": 2,
  "origination-not-isdn": 3,
  "returned-to-isdn": 4,
  "interworking-change-of-service": 5,
  "in-band-information": 8,
};

// Q.931 table 4-6
const LAWS: Readonly<Record<Law, number>> = { "mu-law": 2, "a-law": 3 };
const AUDIO: Readonly<Record<number, "speech" | "audio-3k1">> = { 0: "speech", 16: "audio-3k1" };
const UNRESTRICTED = 8;
const RATE_64K = 16;

/** One invocation in a SETUP; it has no answer. */
const DIVERSION_INVOCATION = 2;
const LONGEST_DISPLAY = 80;
const DISPLAY_NAME = 0x31;
const LONGEST_DIAGNOSTICS = 28;
