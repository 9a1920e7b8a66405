import type { Fault, Result } from "../../core/index.js";

/** A request (RFC 3261 §7.1). Plain data: change it with a spread and the edits of `Headers`. */
export interface SipRequest {
  readonly kind: "request";
  /** Case-sensitive (RFC 3261 §7.1). */
  readonly method: string;
  /** Request-URI as written; `parseUri` reads it. */
  readonly uri: string;
  readonly headers: Headers;
  /** Exactly Content-Length octets; printing computes Content-Length from it. */
  readonly body: Uint8Array;
}

/** A response (RFC 3261 §7.2). */
export interface SipResponse {
  readonly kind: "response";
  /** 100 to 699. */
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export type SipMessage = SipRequest | SipResponse;

/** One header line: name as written (or canonical, when we made it), value unfolded and trimmed. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/**
 * How often a header may stand in a message (RFC 3261 §7.3.1): once; on several lines, whose commas
 * mean something else (the authentication headers); or as a list, on lines or between commas.
 */
export type Multiplicity = "once" | "lines" | "list";

/** Which header it is. */
export interface HeaderIdentity {
  /** Canonical long name. */
  readonly name: string;
  /** The name in lower case. */
  readonly key: string;
  /** One lower-case letter. */
  readonly compact?: string;
  readonly multiplicity: Multiplicity;
}

/** A row of the header table: what is known of one header. Rows are in `header`. */
export interface HeaderRow<Value> extends HeaderIdentity {
  /** An empty value is well-formed and has no element: Supported, Accept, Allow, ... */
  readonly mayBeEmpty: boolean;
  /** Reads one element. Offsets of a fault count from the beginning of `text`. */
  readonly parse: (text: string) => Result<Value>;
  readonly print: (value: Value) => string;
}

/**
 * The headers of a message, in their order. Immutable: every edit gives a new list. Names are
 * compared without case and compact forms equal long ones; rows or names may be given.
 * Typed values are parsed on demand and kept.
 */
export interface Headers extends Iterable<HeaderField> {
  /** Number of header lines. */
  readonly size: number;
  has(which: HeaderName): boolean;
  /** Value of the first line of that name, unfolded and trimmed; not split at commas. */
  text(which: HeaderName): string | undefined;
  /** Values of all lines of that name. */
  texts(which: HeaderName): readonly string[];
  /** The first (topmost) element; undefined when absent or malformed. */
  value<Value>(row: HeaderRow<Value>): Value | undefined;
  /** All elements in order, over all lines and commas; none when absent or when one is malformed. */
  values<Value>(row: HeaderRow<Value>): readonly Value[];
  /** All elements or what is wrong with them; also a second one of a header that stands once. */
  read<Value>(row: HeaderRow<Value>): Result<readonly Value[]>;

  /** Replaces all lines of that name by one (in the place of the first, else at the end). */
  set<Value>(row: HeaderRow<Value>, value: Value): Headers;
  setText(which: HeaderName, value: string): Headers;
  /** Adds a line at the end. */
  append<Value>(row: HeaderRow<Value>, value: Value): Headers;
  appendText(which: HeaderName, value: string): Headers;
  /** Adds a line before all others: Via, Record-Route, Diversion. */
  prepend<Value>(row: HeaderRow<Value>, value: Value): Headers;
  prependText(which: HeaderName, value: string): Headers;
  /** Replaces the first element, and leaves those after it: the topmost Via. */
  replaceFirst<Value>(row: HeaderRow<Value>, value: Value): Headers;
  /** Takes away the first element, and leaves those after it: a Via or a Route that was used. */
  removeFirst<Value>(row: HeaderRow<Value>): Headers;
  /** Takes away all lines of that name. */
  without(which: HeaderName): Headers;
  /** Adds lines at the end, as given. */
  concat(fields: Iterable<HeaderField>): Headers;
}

/** A header by its row, or by a name in any form. */
export type HeaderName = string | HeaderIdentity;

/** `;name` or `;name=value`. The value is as written: quotes and escapes are still in it. */
export interface Parameter {
  readonly name: string;
  readonly value?: string;
}

export type Parameters = readonly Parameter[];

/**
 * SIP and SIPS URI (RFC 3261 §19.1). All texts are as written, escapes included: `unescapeUri` reads
 * and `escapeUser` writes them.
 */
export interface SipUri {
  readonly kind: "sip";
  /** sips: */
  readonly secure: boolean;
  readonly user?: string;
  readonly password?: string;
  /** Name, IPv4 address, or IPv6 reference with its brackets. */
  readonly host: string;
  readonly port?: number;
  readonly parameters: Parameters;
  /** `?name=value&...`: headers of a request to be built. */
  readonly headers: readonly HeaderField[];
}

/** tel URI (RFC 3966). */
export interface TelUri {
  readonly kind: "tel";
  /** With a leading + when global; visual separators are kept (`telDigits` drops them). */
  readonly number: string;
  readonly parameters: Parameters;
}

/** A URI of any other scheme, kept as written (RFC 3261 §8.2.2.1: a Request-URI of it gets 416). */
export interface OtherUri {
  readonly kind: "other";
  /** Lower case. */
  readonly scheme: string;
  readonly text: string;
}

export type Uri = SipUri | TelUri | OtherUri;

/** name-addr or addr-spec with header parameters: From, To, Contact, Route, Diversion, ... */
export interface NameAddr {
  /** Without quotes and escapes; Unicode. */
  readonly display?: string;
  readonly uri: Uri;
  /** Of the header, not of the URI: tag, expires, q, ... */
  readonly parameters: Parameters;
}

/** One Via (RFC 3261 §20.42). `parameter(via.parameters, "branch")` and so on. */
export interface Via {
  /** Name and version of the protocol, where they are not SIP/2.0. */
  readonly protocol?: string;
  /** UDP, TCP, TLS, WS, WSS, upper case as printed by us. */
  readonly transport: string;
  /** sent-by; an IPv6 address stands in brackets. */
  readonly host: string;
  readonly port?: number;
  readonly parameters: Parameters;
}

export interface CSeq {
  readonly number: number;
  readonly method: string;
}

/** RFC 3262 §7.2. */
export interface RAck {
  readonly rseq: number;
  readonly cseq: number;
  readonly method: string;
}

/** A token with parameters: Event, Content-Disposition, Accept-Encoding, Reason's protocol, ... */
export interface Item {
  readonly value: string;
  readonly parameters: Parameters;
}

/** Content-Type and Accept: lower case, `application/sdp`. */
export interface MediaType {
  readonly type: string;
  readonly parameters: Parameters;
}

/** RFC 3326, with the location of RFC 8606. */
export interface Reason {
  /** `SIP`, `Q.850`, ... as written; compared without case. */
  readonly protocol: string;
  readonly cause?: number;
  /** Without quotes. */
  readonly text?: string;
  /** RFC 8606: `U`, `LPN`, `LN`, `TN`, `RLN`, `RPN`, `LOC-6`, `INTL`, `BI`, ... as written. */
  readonly location?: string;
  /** All others. */
  readonly parameters: Parameters;
}

/** A number of seconds with parameters: Retry-After (comment too), Session-Expires, Min-SE. */
export interface DeltaSeconds {
  readonly seconds: number;
  readonly comment?: string;
  readonly parameters: Parameters;
}

/** RFC 3261 §20.43. */
export interface Warning {
  readonly code: number;
  readonly agent: string;
  /** Without quotes. */
  readonly text: string;
}

/** RFC 3261 §20.38. */
export interface Timestamp {
  readonly value: string;
  readonly delay?: string;
}

/** RFC 3261 §20.17: always GMT. */
export interface SipDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Challenge or credentials: scheme and auth-params, values as written. */
export interface Authentication {
  readonly scheme: string;
  readonly parameters: Parameters;
}

/** `<uri>` with parameters: Alert-Info, Call-Info, Error-Info. */
export interface Info {
  readonly uri: string;
  readonly parameters: Parameters;
}

/** One body or one part of a multipart body; the shape of `Body` in session-events.ts. */
export interface BodyPart {
  /** Media type without parameters, lower case. */
  readonly type: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Content-Disposition as written. */
  readonly disposition?: string;
  readonly content: Uint8Array;
}

/**
 * Why a message was refused. `status` is what to answer (400, 416, 501, 505, 513); `request` is there
 * when the message was a request other than ACK whose topmost Via was read, so that it can be answered
 * with what else it has of From, To, Call-ID and CSeq. Without it the message is counted and dropped.
 */
export interface MessageFault extends Fault {
  readonly status: number;
  readonly request?: SipRequest;
}

/** For a value while it is being made: optional parts are put in one by one. */
export type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };
