import { fault, ok, type Result } from "../../core/index.js";
import {
  commentEnd,
  decimal,
  isDigit,
  isToken,
  QUOTE,
  quote,
  quotedEnd,
  sameWord,
  skipBlanks,
  tokenEnd,
  trimEnd,
  UINT31,
  UINT32,
  unquote,
} from "./grammar.js";
import { parameter, parseParameters, printParameters } from "./parameters.js";
import type {
  CSeq,
  DeltaSeconds,
  Info,
  Item,
  MediaType,
  Mutable,
  Parameter,
  RAck,
  Reason,
  Via,
  Warning,
} from "./types.js";
import { parseHostPort } from "./uri.js";

/** A pair of functions for the values of one kind of header. */
export interface Codec<Value> {
  readonly parse: (text: string) => Result<Value>;
  readonly print: (value: Value) => string;
}

/** Any text: Subject, Server, Organization, and headers that are passed on. */
export const text: Codec<string> = { parse: ok, print: (value) => value };

export const token: Codec<string> = {
  parse: (value) => (isToken(value) ? ok(value) : fault(0, "not a token")),
  print: (value) => value,
};

/** `word [ "@" word ]`; only that it is one word is asked (RFC 3261 §20.8). */
export const callId: Codec<string> = {
  parse: (value) => {
    if (value.length === 0) return fault(0, "empty Call-ID");
    for (let at = 0; at < value.length; at++)
      if (value.charCodeAt(at) <= 32) return fault(at, "blank in a Call-ID");
    return ok(value);
  },
  print: (value) => value,
};

/** A number from `minimum` to `maximum`. */
export function integer(maximum: number, minimum = 0): Codec<number> {
  return {
    parse: (value) => {
      const number = decimal(value, maximum);
      return number === undefined || number < minimum
        ? fault(0, "not a number in range")
        : ok(number);
    },
    print: String,
  };
}

/** RFC 3261 §20.42: `SIP / 2.0 / transport sent-by *( ; via-params )`. */
export const via: Codec<Via> = {
  parse: (value) => {
    const name = tokenEnd(value, 0);
    const slash = skipBlanks(value, name);
    const versionStart = skipBlanks(value, slash + 1);
    const version = tokenEnd(value, versionStart);
    const secondSlash = skipBlanks(value, version);
    const start = skipBlanks(value, secondSlash + 1);
    const end = tokenEnd(value, start);
    if (
      name === 0 ||
      version === versionStart ||
      value.charCodeAt(slash) !== SLASH ||
      value.charCodeAt(secondSlash) !== SLASH
    )
      return fault(0, "malformed protocol of a Via");
    const hostStart = skipBlanks(value, end);
    if (end === start || hostStart === end) return fault(end, "malformed transport of a Via");
    const host = parseSentBy(value, hostStart);
    if (!host.ok) return host;
    const parameters = parseParameters(value, host.value.end);
    if (!parameters.ok) return parameters;
    const made: Mutable<Via> = {
      transport: value.slice(start, end),
      host: host.value.host,
      parameters: parameters.value,
    };
    if (host.value.port !== undefined) made.port = host.value.port;
    const ours = name === 3 && sameWord(value.slice(0, 3), "SIP");
    if (!ours || value.slice(versionStart, version) !== "2.0")
      made.protocol = `${value.slice(0, name)}/${value.slice(versionStart, version)}`;
    return ok(made);
  },
  print: ({ protocol = OUR_PROTOCOL, transport, host, port, parameters }) =>
    `${protocol}/${transport} ${host}${port === undefined ? "" : `:${port}`}${printParameters(parameters)}`,
};

/** sent-by allows blanks around its colon. */
function parseSentBy(value: string, from: number): ReturnType<typeof parseHostPort> {
  const host = parseHostPort(value, from);
  if (!host.ok || host.value.port !== undefined) return host;
  const colon = skipBlanks(value, host.value.end);
  if (value.charCodeAt(colon) !== COLON) return host;
  const start = skipBlanks(value, colon + 1);
  let end = start;
  while (isDigit(value.charCodeAt(end))) end++;
  const port = decimal(value.slice(start, end), 65_535);
  return port === undefined
    ? fault(start, "malformed port")
    : ok({ host: host.value.host, port, end });
}

/** RFC 3261 §8.1.1.5: the number is below 2^31. */
export const cSeq: Codec<CSeq> = {
  parse: (value) => {
    const end = tokenEnd(value, 0);
    const number = decimal(value.slice(0, end), UINT31);
    const method = value.slice(skipBlanks(value, end));
    if (number === undefined) return fault(0, "malformed CSeq number");
    return isToken(method) ? ok({ number, method }) : fault(end, "malformed CSeq method");
  },
  print: ({ number, method }) => `${number} ${method}`,
};

/** RFC 3262 §7.2. */
export const rAck: Codec<RAck> = {
  parse: (value) => {
    const first = tokenEnd(value, 0);
    const rseq = decimal(value.slice(0, first), UINT32);
    if (rseq === undefined || rseq === 0) return fault(0, "malformed response number");
    const rest = cSeq.parse(value.slice(skipBlanks(value, first)));
    return rest.ok ? ok({ rseq, cseq: rest.value.number, method: rest.value.method }) : rest;
  },
  print: ({ rseq, cseq, method }) => `${rseq} ${cseq} ${method}`,
};

/** `token *( ; param )`. */
export const item: Codec<Item> = {
  parse: (value) => {
    const end = tokenEnd(value, 0);
    if (end === 0) return fault(0, "token expected");
    const parameters = parseParameters(value, end);
    return parameters.ok
      ? ok({ value: value.slice(0, end), parameters: parameters.value })
      : parameters;
  },
  print: ({ value, parameters }) => value + printParameters(parameters),
};

/** `type / subtype *( ; param )`; ranges of Accept too, as * is a token character. */
export const mediaType: Codec<MediaType> = {
  parse: (value) => {
    const end = tokenEnd(value, 0);
    const slash = skipBlanks(value, end);
    const start = skipBlanks(value, slash + 1);
    const subEnd = tokenEnd(value, start);
    if (end === 0 || value.charCodeAt(slash) !== SLASH || subEnd === start)
      return fault(0, "malformed media type");
    const parameters = parseParameters(value, subEnd);
    if (!parameters.ok) return parameters;
    const type = `${value.slice(0, end)}/${value.slice(start, subEnd)}`.toLowerCase();
    return ok({ type, parameters: parameters.value });
  },
  print: ({ type, parameters }) => type + printParameters(parameters),
};

/** RFC 3326 §2, RFC 8606. */
export const reason: Codec<Reason> = {
  parse: (value) => {
    const read = item.parse(value);
    if (!read.ok) return read;
    const { value: protocol, parameters } = read.value;
    const causeText = parameter(parameters, "cause");
    const cause = causeText === undefined ? undefined : decimal(causeText, 999);
    if (causeText !== undefined && cause === undefined) return fault(0, "malformed cause");
    const words = parameter(parameters, "text");
    const location = parameter(parameters, "location");
    const made: Mutable<Reason> = {
      protocol,
      parameters: parameters.filter(({ name }) => !REASON_PARAMETERS.has(name.toLowerCase())),
    };
    if (cause !== undefined) made.cause = cause;
    if (words !== undefined) made.text = words;
    if (location !== undefined) made.location = location;
    return ok(made);
  },
  print: (value) => {
    const known: Parameter[] = [];
    if (value.cause !== undefined) known.push({ name: "cause", value: String(value.cause) });
    if (value.text !== undefined) known.push({ name: "text", value: quote(value.text) });
    if (value.location !== undefined) known.push({ name: "location", value: value.location });
    return value.protocol + printParameters([...known, ...value.parameters]);
  },
};

/** `delta-seconds [ comment ] *( ; param )`. */
export const deltaSeconds: Codec<DeltaSeconds> = {
  parse: (value) => {
    const end = tokenEnd(value, 0);
    const seconds = decimal(value.slice(0, end), UINT32);
    if (seconds === undefined) return fault(0, "malformed number of seconds");
    let at = skipBlanks(value, end);
    let comment: string | undefined;
    if (value.charCodeAt(at) === OPEN) {
      const close = commentEnd(value, at);
      if (close < 0) return fault(at, "unterminated comment");
      comment = value.slice(at + 1, close - 1);
      at = close;
    }
    const parameters = parseParameters(value, at);
    if (!parameters.ok) return parameters;
    return ok({
      seconds,
      ...(comment === undefined ? undefined : { comment }),
      parameters: parameters.value,
    });
  },
  print: ({ seconds, comment, parameters }) =>
    `${seconds}${comment === undefined ? "" : ` (${comment})`}${printParameters(parameters)}`,
};

/** RFC 3261 §20.43: `warn-code SP warn-agent SP quoted text`. */
export const warning: Codec<Warning> = {
  parse: (value) => {
    const code = value.charCodeAt(3) === SPACE ? decimal(value.slice(0, 3), 999) : undefined;
    if (code === undefined) return fault(0, "malformed warning code");
    const agentStart = skipBlanks(value, 3);
    const agentEnd = value.indexOf(" ", agentStart);
    const start = agentEnd < 0 ? -1 : skipBlanks(value, agentEnd);
    if (start < 0 || value.charCodeAt(start) !== QUOTE)
      return fault(agentStart, "warning text missing");
    if (quotedEnd(value, start) !== value.length) return fault(start, "malformed warning text");
    return ok({
      code,
      agent: value.slice(agentStart, agentEnd),
      text: unquote(value.slice(start)),
    });
  },
  print: (value) => `${value.code} ${value.agent} ${quote(value.text)}`,
};

/** `<absoluteURI> *( ; param )`: Alert-Info, Call-Info, Error-Info. */
export const info: Codec<Info> = {
  parse: (value) => {
    const close = value.indexOf(">");
    if (value.charCodeAt(0) !== 60 || close < 2) return fault(0, "URI in < > expected");
    const parameters = parseParameters(value, close + 1);
    return parameters.ok
      ? ok({ uri: value.slice(1, close), parameters: parameters.value })
      : parameters;
  },
  print: ({ uri, parameters }) => `<${uri}>${printParameters(parameters)}`,
};

/** Privacy (RFC 3323 §4.2): `priv-value *( ; priv-value )`. */
export const privacy: Codec<readonly string[]> = {
  parse: (value) => {
    const values = value
      .split(";")
      .map((part) => part.slice(skipBlanks(part, 0), trimEnd(part, 0, part.length)));
    return values.every(isToken) ? ok(values) : fault(0, "malformed privacy value");
  },
  print: (values) => values.join(";"),
};

const OUR_PROTOCOL = "SIP/2.0";
const SLASH = 47;
const COLON = 58;
const OPEN = 40;
const SPACE = 32;
const REASON_PARAMETERS = new Set(["cause", "text", "location"]);
