import type { PresentedNumber, Screening } from "../call/index.js";
import {
  type HeaderField,
  type Headers,
  header,
  type NameAddr,
  printNameAddr,
  type SipUri,
  unescapeUri,
} from "../sip/message/index.js";
import { numberOfUri, uriOfNumber } from "./numbers.js";
import type { SipProfile } from "./profile.js";

/** Who calls, as a setup says it. */
export interface CallingParty {
  readonly calling?: PresentedNumber;
  readonly callingAdditional?: PresentedNumber;
  readonly callingName?: string;
}

/** Privacy values of RFC 3323 §4.2 that hide the identity, and `id` of RFC 3325 §9.3. */
const HIDING = new Set(["id", "header", "user"]);
/** What this gateway does for privacy: as a back-to-back user agent it hides the other side anyway. */
const HONOURED = new Set(["none", "critical", "session", ...HIDING]);

/** RFC 3323 §5: `critical` and something that we cannot do; the call must then be refused. */
export function hasUnmetPrivacy(headers: Headers): boolean {
  const values = privacyOf(headers);
  return values.includes("critical") && values.some((value) => !HONOURED.has(value));
}

/**
 * Calling party of an INVITE: P-Asserted-Identity of a trusted peer (RFC 3325 §5), else From. When
 * both name a number and differ, From is the additional one that the user gave.
 */
export function callingParty(headers: Headers, profile: SipProfile): CallingParty {
  const from = headers.value(header.from);
  const asserted = profile.trusted ? assertedIdentity(headers, profile) : undefined;
  const anonymous = from !== undefined && isAnonymous(from);
  const restricted = isRestricted(headers) || (anonymous && asserted === undefined);
  const own = from && !anonymous ? presented(from, restricted, NOT_SCREENED, profile) : undefined;
  const number = asserted
    ? presented(asserted, restricted, "user-provided-verified-and-passed", profile)
    : own;
  const name = restricted ? undefined : (asserted?.display ?? from?.display);
  return {
    ...(number !== undefined ? { calling: number } : restricted ? { calling: WITHHELD } : {}),
    ...(asserted && own && number && own.digits !== number.digits
      ? { callingAdditional: own }
      : {}),
    ...(name === undefined ? {} : { callingName: name }),
  };
}

/** Connected party of a 2xx, from P-Asserted-Identity of a trusted peer. */
export function connectedParty(
  headers: Headers,
  profile: SipProfile,
): { readonly connected?: PresentedNumber; readonly connectedName?: string } {
  const asserted = profile.trusted ? assertedIdentity(headers, profile) : undefined;
  if (asserted === undefined) return {};
  const restricted = isRestricted(headers);
  const screening = "user-provided-verified-and-passed";
  const connected = presented(asserted, restricted, screening, profile);
  const name = restricted ? undefined : asserted.display;
  return {
    ...(connected === undefined ? {} : { connected }),
    ...(name === undefined ? {} : { connectedName: name }),
  };
}

/** From and the identity headers of an INVITE for a calling party. */
export function callingHeaders(
  party: CallingParty,
  profile: SipProfile,
): { readonly from: string; readonly headers: readonly HeaderField[] } {
  const { calling, callingAdditional, callingName } = party;
  const headers = identityHeaders(calling, callingName, profile);
  if (calling !== undefined && calling.presentation === "restricted")
    return { from: ANONYMOUS, headers };
  const shown = callingAdditional ?? calling;
  if (shown === undefined || shown.digits === "" || shown.presentation !== "allowed")
    return { from: UNAVAILABLE, headers };
  const uri = uriOfNumber(shown, profile.ourHost, profile.numbering);
  return { from: printNameAddr({ ...display(callingName), uri, parameters: [] }), headers };
}

/**
 * P-Asserted-Identity, to trusted peers only, and Privacy where the identity is restricted. What the
 * PSTN has not screened nobody asserts (RFC 3325 §4, Q.951.3): it goes to From alone.
 */
export function identityHeaders(
  number: PresentedNumber | undefined,
  name: string | undefined,
  profile: SipProfile,
): readonly HeaderField[] {
  if (number === undefined) return [];
  const restricted = number.presentation === "restricted";
  const fields: HeaderField[] = [];
  const isKnown = number.digits !== "" && number.presentation !== "unavailable";
  if (profile.trusted && isKnown && ASSERTED.has(number.screening)) {
    const uri = uriOfNumber(number, profile.ourHost, profile.numbering);
    const value = printNameAddr({ ...display(name), uri, parameters: [] });
    fields.push({ name: "P-Asserted-Identity", value });
  }
  if (restricted) fields.push({ name: "Privacy", value: "id" });
  return fields;
}

/** The first asserted value that names a number (RFC 3325 §9.1: one sip(s) and one tel at most). */
function assertedIdentity(headers: Headers, profile: SipProfile): NameAddr | undefined {
  const values = headers.values(header.pAssertedIdentity);
  return values.find(({ uri }) => numberOfUri(uri, profile.numbering) !== undefined);
}

function presented(
  { uri }: NameAddr,
  restricted: boolean,
  screening: Screening,
  profile: SipProfile,
): PresentedNumber | undefined {
  const number = numberOfUri(uri, profile.numbering);
  if (number === undefined) return undefined;
  return { ...number, presentation: restricted ? "restricted" : "allowed", screening };
}

function isRestricted(headers: Headers): boolean {
  return privacyOf(headers).some((value) => HIDING.has(value));
}

function privacyOf(headers: Headers): readonly string[] {
  return (headers.value(header.privacy) ?? []).map((value) => value.toLowerCase());
}

/** RFC 3323 §4.1.1.3. */
function isAnonymous({ uri }: NameAddr): boolean {
  if (uri.kind !== "sip") return false;
  const isUser = unescapeUri(uri.user ?? "").toLowerCase() === "anonymous";
  return isUser || /^anonymous\.invalid$/i.test(uri.host);
}

function display(name: string | undefined): { readonly display?: string } {
  return name === undefined || name === "" ? {} : { display: name };
}

const ASSERTED: ReadonlySet<Screening> = new Set([
  "network-provided",
  "user-provided-verified-and-passed",
]);
const NOT_SCREENED: Screening = "user-provided-not-screened";
const WITHHELD: PresentedNumber = {
  ...{ digits: "", nature: "unknown", plan: "unknown" },
  ...{ presentation: "restricted", screening: "network-provided" },
};
const specialUri = (user: string, host: string): SipUri => ({
  ...{ kind: "sip", secure: false, user, host, parameters: [], headers: [] },
});
const special = (display: string, uri: SipUri) => printNameAddr({ display, uri, parameters: [] });
/** RFC 3323 §4.1.1.3. */
export const ANONYMOUS_URI = specialUri("anonymous", "anonymous.invalid");
const ANONYMOUS = special("Anonymous", ANONYMOUS_URI);
const UNAVAILABLE = special("Unavailable", specialUri("unavailable", "unknown.invalid"));
