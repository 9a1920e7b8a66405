import type { PresentedNumber, Redirection, RedirectionReason } from "../call/index.js";
import {
  type HeaderField,
  type Headers,
  header,
  type NameAddr,
  parameter,
  printNameAddr,
} from "../sip/message/index.js";
import { ANONYMOUS_URI } from "./identity.js";
import { numberOfUri, uriOfNumber } from "./numbers.js";
import type { SipProfile } from "./profile.js";

/**
 * Redirection from Diversion headers: newest on top, the original called number at the bottom.
 * Those of a peer that is not trusted are worth nothing (RFC 5806 §6, RFC 3325 §5).
 */
export function redirectionOf(headers: Headers, profile: SipProfile): Redirection | undefined {
  if (!profile.trusted) return undefined;
  const entries = headers.values(header.diversion);
  const [top] = entries;
  const bottom = entries[entries.length - 1];
  const redirecting = top && presentedOf(top, profile);
  if (top === undefined || bottom === undefined || redirecting === undefined) return undefined;
  const original = entries.length > 1 ? presentedOf(bottom, profile) : undefined;
  const count = entries.reduce((sum, entry) => sum + counterOf(entry), 0);
  return {
    redirecting,
    reason: reasonOf(top),
    ...(original === undefined
      ? {}
      : { originalCalled: original, originalReason: reasonOf(bottom) }),
    count: Math.min(count, MOST_REDIRECTIONS),
  };
}

/** RFC 5806 §4: one value for the last redirection, and one below for the original called number. */
export function diversionHeaders(
  redirection: Redirection,
  profile: SipProfile,
): readonly HeaderField[] {
  const {
    redirecting,
    originalCalled,
    reason,
    originalReason = "unknown",
    count = 1,
  } = redirection;
  const rest = originalCalled === undefined ? 0 : 1;
  const top = entryOf(redirecting, reason, Math.max(1, count - rest), profile);
  if (originalCalled === undefined) return [top];
  return [top, entryOf(originalCalled, originalReason, 1, profile)];
}

function presentedOf(entry: NameAddr, profile: SipProfile): PresentedNumber | undefined {
  const number = numberOfUri(entry.uri, profile.numbering);
  if (number === undefined) return undefined;
  const privacy = parameter(entry.parameters, "privacy")?.toLowerCase() ?? "off";
  const screened = parameter(entry.parameters, "screen")?.toLowerCase() === "yes";
  return {
    ...number,
    presentation: privacy === "off" ? "allowed" : "restricted",
    screening: screened ? "user-provided-verified-and-passed" : "user-provided-not-screened",
  };
}

function entryOf(
  number: PresentedNumber,
  reason: RedirectionReason,
  counter: number,
  profile: SipProfile,
): HeaderField {
  const screened = number.screening !== "user-provided-not-screened";
  // RFC 3325 §5: what is restricted stays among trusted peers
  const isRestricted = number.presentation === "restricted";
  const isHidden = number.digits === "" || (isRestricted && !profile.trusted);
  const value = printNameAddr({
    uri: isHidden ? ANONYMOUS_URI : uriOfNumber(number, profile.ourHost, profile.numbering),
    parameters: [
      { name: "reason", value: WRITTEN_REASONS[reason] },
      { name: "counter", value: `${counter}` },
      { name: "privacy", value: isRestricted ? "full" : "off" },
      { name: "screen", value: screened ? "yes" : "no" },
    ],
  });
  return { name: "Diversion", value };
}

function counterOf({ parameters }: NameAddr): number {
  const counter = Number(parameter(parameters, "counter") ?? "1");
  return Number.isInteger(counter) && counter > 0 ? Math.min(counter, MOST_REDIRECTIONS) : 1;
}

function reasonOf({ parameters }: NameAddr): RedirectionReason {
  return READ_REASONS.get((parameter(parameters, "reason") ?? "").toLowerCase()) ?? "unknown";
}

/** Q.763 §3.44: the redirection counter goes to 5. */
const MOST_REDIRECTIONS = 5;

// RFC 5806 §4
const READ_REASONS: ReadonlyMap<string, RedirectionReason> = new Map([
  ["user-busy", "busy"],
  ["no-answer", "no-reply"],
  ["unconditional", "unconditional"],
  ["deflection", "deflection-immediate"],
  ["unavailable", "mobile-not-reachable"],
]);
const WRITTEN_REASONS: Readonly<Record<RedirectionReason, string>> = {
  unknown: "unknown",
  busy: "user-busy",
  "no-reply": "no-answer",
  unconditional: "unconditional",
  "deflection-during-alerting": "deflection",
  "deflection-immediate": "deflection",
  "mobile-not-reachable": "unavailable",
};
