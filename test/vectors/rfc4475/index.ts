import { messages } from "./messages.js";

/** What the message parser must do with a message on its own. */
export type ParserTreatment =
  | { readonly kind: "accepted" }
  /** Answered with this status. */
  | { readonly kind: "refused"; readonly status: number }
  /** A response that is not acted upon. */
  | { readonly kind: "dropped" };

/** What an element with a stack but no registrar sends in the end. */
export interface StackTreatment {
  /** Final statuses that the RFC allows; none: nothing is sent. */
  readonly statuses: readonly number[];
  /** A header that the response must have, with its value where the RFC says it. */
  readonly header?: { readonly name: string; readonly value?: string };
  readonly note: string;
}

export interface TortureMessage {
  readonly name: string;
  readonly section: string;
  readonly title: string;
  readonly octets: Uint8Array;
  readonly parser: ParserTreatment;
  readonly stack: StackTreatment;
}

/** RFC 4475 section 3 in its order, with the treatment that it asks for (our choice where it leaves one). */
export const torture: readonly TortureMessage[] = [
  accepted("wsinv", "3.1.1.1", "A Short Tortuous INVITE", [481], "To has a tag of no dialog"),
  accepted("intmeth", "3.1.1.2", "Wide Range of Valid Characters", [501], "unknown method"),
  accepted("esc01", "3.1.1.3", "Valid Use of the % Escaping Mechanism", "route", "a call"),
  accepted("escnull", "3.1.1.4", "Escaped Nulls in URIs", [405, 404], "REGISTER without registrar"),
  accepted("esc02", "3.1.1.5", "Use of % When It Is Not an Escape", [501], "not REGISTER"),
  accepted("lwsdisp", "3.1.1.6", "Message with No LWS between Display Name and <", "options", ""),
  accepted("longreq", "3.1.1.7", "Long Values in Header Fields", "route", "a call"),
  accepted("dblreq", "3.1.1.8", "Extra Trailing Octets in a UDP Datagram", [405, 404], "one answer"),
  accepted("semiuri", "3.1.1.9", "Semicolon-Separated Parameters in URI User Part", "options", ""),
  accepted("transports", "3.1.1.10", "Varied and Unknown Transport Types", "options", ""),
  accepted("mpart01", "3.1.1.11", "Multipart MIME Message", [200, 404, 405, 415], "MESSAGE"),
  accepted("unreason", "3.1.1.12", "Unusual Reason Phrase", [], "a response of no transaction"),
  accepted("noreason", "3.1.1.13", "Empty Reason Phrase", [], "a response of no transaction"),
  refused("badinv01", "3.1.2.1", "Extraneous Header Field Separators", 400),
  refused("clerr", "3.1.2.2", "Content Length Larger Than Message", 400),
  refused("ncl", "3.1.2.3", "Negative Content-Length", 400),
  refused("scalar02", "3.1.2.4", "Request Scalar Fields with Overlarge Values", 400),
  dropped("scalarlg", "3.1.2.5", "Response Scalar Fields with Overlarge Values"),
  refused("quotbal", "3.1.2.6", "Unterminated Quoted String in Display Name", 400),
  refused("ltgtruri", "3.1.2.7", "<> Enclosing Request-URI", 400),
  refused("lwsruri", "3.1.2.8", "Malformed SIP Request-URI (embedded LWS)", 400),
  refused("lwsstart", "3.1.2.9", "Multiple SP Separating Request-Line Elements", 400),
  refused("trws", "3.1.2.10", "SP Characters at End of Request-Line", 400),
  refused("escruri", "3.1.2.11", "Escaped Headers in SIP Request-URI", 400),
  accepted("baddate", "3.1.2.12", "Invalid Time Zone in Date Header Field", "route", "Date unused"),
  refused("regbadct", "3.1.2.13", "Failure to Enclose name-addr URI in <>", 400),
  refused("badaspec", "3.1.2.14", "Spaces within addr-spec", 400),
  refused("baddn", "3.1.2.15", "Non-token Characters in Display Name", 400),
  refused("badvers", "3.1.2.16", "Unknown Protocol Version", 505),
  refused("mismatch01", "3.1.2.17", "Start Line and CSeq Method Mismatch", 400),
  refused("mismatch02", "3.1.2.18", "Unknown Method with CSeq Method Mismatch", 501),
  dropped("bigcode", "3.1.2.19", "Overlarge Response Code"),
  accepted("badbranch", "3.2.1", "Missing Transaction Identifier", "options", "as of RFC 2543"),
  refused("insuf", "3.3.1", "Missing Required Header Fields", 400),
  refused("unkscm", "3.3.2", "Request-URI with Unknown Scheme", 416),
  refused("novelsc", "3.3.3", "Request-URI with Known but Atypical Scheme", 416),
  accepted("unksm2", "3.3.4", "Unknown URI Schemes in Header Fields", [405, 404, 400], "REGISTER"),
  {
    ...accepted("bext01", "3.3.5", "Proxy-Require and Require", [420], ""),
    stack: {
      statuses: [420],
      header: { name: "Unsupported", value: "nothingSupportsThis, nothingSupportsThisEither" },
      note: "Proxy-Require is none of an endpoint's business",
    },
  },
  {
    ...accepted("invut", "3.3.6", "Unknown Content-Type", [415], ""),
    stack: { statuses: [415], header: { name: "Accept" }, note: "Accept says what would do" },
  },
  accepted("regaut01", "3.3.7", "Unknown Authorization Scheme", [401, 405, 404], "REGISTER"),
  refused("multi01", "3.3.8", "Multiple Values in Single Value Required Fields", 400),
  refused("mcl01", "3.3.9", "Multiple Content-Length Values", 400),
  accepted("bcast", "3.3.10", "200 OK Response with Broadcast Via Header Field Value", [], "not ours"),
  accepted("zeromf", "3.3.11", "Max-Forwards of Zero", "options", "483 is for what is forwarded"),
  accepted("cparam01", "3.3.12", "REGISTER with a Contact Header Parameter", [405, 404], ""),
  accepted("cparam02", "3.3.13", "REGISTER with a url-parameter", [405, 404], ""),
  accepted("regescrt", "3.3.14", "REGISTER with a URL Escaped Header", [405, 404], ""),
  accepted("sdp01", "3.3.15", "Unacceptable Accept Offering", [406], "no SDP may come back"),
  accepted("inv2543", "3.4.1", "INVITE with RFC 2543 Syntax", "route", "a call"),
];

function accepted(
  name: string,
  section: string,
  title: string,
  statuses: readonly number[] | "route" | "options",
  note: string,
): TortureMessage {
  const allowed =
    statuses === "route"
      ? // A call is tried: what comes depends on where it is routed.
        [200, 403, 404, 480, 484, 488, 503]
      : statuses === "options"
        ? [200, 404, 480, 486, 503]
        : statuses;
  return row(name, section, title, { kind: "accepted" }, { statuses: allowed, note });
}

function refused(name: string, section: string, title: string, status: number): TortureMessage {
  const stack = { statuses: [status], note: "refused by the parser" };
  return row(name, section, title, { kind: "refused", status }, stack);
}

function dropped(name: string, section: string, title: string): TortureMessage {
  return row(name, section, title, { kind: "dropped" }, { statuses: [], note: "a bad response" });
}

function row(
  name: string,
  section: string,
  title: string,
  parser: ParserTreatment,
  stack: StackTreatment,
): TortureMessage {
  const octets = messages[name];
  if (octets === undefined) throw new Error(`no message ${name}`);
  return { name, section, title, octets, parser, stack };
}
