import type { PartyNumber } from "../call/index.js";
import {
  escapeUser,
  parameter,
  printUri,
  type SipUri,
  telDigits,
  type Uri,
  unescapeUri,
} from "../sip/message/index.js";
import type { Numbering } from "./profile.js";

/** The number that a SIP or tel URI names (RFC 3398 §12); undefined when it names none. */
export function numberOfUri(uri: Uri, numbering: Numbering): PartyNumber | undefined {
  const text = subscriberOf(uri);
  const match = /^(\+?)([0-9*#A-D]{1,32})$/i.exec(text ?? "");
  const [, plus, digits = ""] = match ?? [];
  if (match === null) return undefined;
  if (plus !== "+") {
    return { digits: digits.toUpperCase(), nature: numbering.localNature, plan: "isdn" };
  }
  const { countryCode } = numbering;
  if (countryCode !== undefined && digits.startsWith(countryCode)) {
    return { digits: digits.slice(countryCode.length), nature: "national", plan: "isdn" };
  }
  return { digits, nature: "international", plan: "isdn" };
}

/** The number as the user of a URI: global with a plus sign where that can be known. */
export function subscriberText(number: PartyNumber, { countryCode }: Numbering): string {
  if (number.nature === "international") return `+${number.digits}`;
  if (number.nature === "national" && countryCode !== undefined)
    return `+${countryCode}${number.digits}`;
  return number.digits;
}

/** A SIP URI of a number; global numbers say that they are one (RFC 3261 §19.1.6). */
export function uriOfNumber(number: PartyNumber, host: string, numbering: Numbering): SipUri {
  return uriOfUser(subscriberText(number, numbering), host);
}

export function uriOfUser(user: string, host: string): SipUri {
  const parameters = user.startsWith("+") ? [{ name: "user", value: "phone" }] : [];
  return {
    ...{ kind: "sip", secure: false, user: escapeUser(user), host, parameters, headers: [] },
  };
}

export function uriText(number: PartyNumber, host: string, numbering: Numbering): string {
  return printUri(uriOfNumber(number, host, numbering));
}

/** User of a SIP URI or number of a tel URI, without parameters and visual separators. */
function subscriberOf(uri: Uri): string | undefined {
  if (uri.kind === "tel") return telDigits(uri);
  if (uri.kind !== "sip" || uri.user === undefined) return undefined;
  const [subscriber = ""] = unescapeUri(uri.user).split(";");
  // RFC 3966 §3: separators only where the user is a telephone number
  const isPhone = parameter(uri.parameters, "user") === "phone" || subscriber.startsWith("+");
  return isPhone ? subscriber.replace(/[-.()]/g, "") : subscriber;
}
