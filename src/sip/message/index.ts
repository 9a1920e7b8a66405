import type { Result } from "../../core/index.js";
import type * as T from "./types.js";

export type * from "./types.js";

/**
 * Reads a message from one datagram, or from what the framer cut from a stream: start line, header
 * index, body. Headers themselves are read on demand. Octets past Content-Length are dropped.
 */
export declare function parseMessage(octets: Uint8Array): Result<T.SipMessage, T.MessageFault>;
/** What every element demands of a message before it acts on it (RFC 3261 §8.1.1, §8.2, §16.3). */
export declare function checkMessage(message: T.SipMessage): Result<T.SipMessage, T.MessageFault>;
/** `parseMessage`, then `checkMessage`: what the transports call. */
export declare function readMessage(octets: Uint8Array): Result<T.SipMessage, T.MessageFault>;
export declare function printMessage(message: T.SipMessage): Uint8Array;
/** A response with Via, From, To (tag added if it has none), Call-ID, CSeq (RFC 3261 §8.2.6.2). */
export declare function createResponse(
  request: T.SipRequest,
  status: number,
  options?: {
    readonly reason?: string;
    readonly toTag?: string;
    readonly headers?: Iterable<T.HeaderField>;
    readonly body?: Uint8Array;
  },
): T.SipResponse;
export declare function createRequest(
  method: string,
  uri: string,
  headers: Iterable<T.HeaderField>,
  body?: Uint8Array,
): T.SipRequest;
export declare function headersOf(fields: Iterable<T.HeaderField>): T.Headers;
/** The default phrase of a status (RFC 3261 §21 and later registrations). */
export declare function reasonPhrase(status: number): string;

/** The rows by camel-case name: header.via, header.callId, header.rAck, ... */
export declare const header: {
  readonly via: T.HeaderRow<T.Via>;
  readonly from: T.HeaderRow<T.NameAddr>;
  readonly to: T.HeaderRow<T.NameAddr>;
  readonly contact: T.HeaderRow<T.NameAddr | "*">;
  readonly route: T.HeaderRow<T.NameAddr>;
  readonly recordRoute: T.HeaderRow<T.NameAddr>;
  readonly callId: T.HeaderRow<string>;
  readonly cSeq: T.HeaderRow<T.CSeq>;
  readonly maxForwards: T.HeaderRow<number>;
  readonly contentType: T.HeaderRow<T.MediaType>;
  readonly contentLength: T.HeaderRow<number>;
  readonly contentDisposition: T.HeaderRow<T.Item>;
  readonly supported: T.HeaderRow<string>;
  readonly require: T.HeaderRow<string>;
  readonly unsupported: T.HeaderRow<string>;
  readonly allow: T.HeaderRow<string>;
  readonly rSeq: T.HeaderRow<number>;
  readonly rAck: T.HeaderRow<T.RAck>;
  readonly retryAfter: T.HeaderRow<T.DeltaSeconds>;
  readonly sessionExpires: T.HeaderRow<T.DeltaSeconds>;
  readonly minSe: T.HeaderRow<T.DeltaSeconds>;
  readonly reason: T.HeaderRow<T.Reason>;
  readonly warning: T.HeaderRow<T.Warning>;
  readonly timestamp: T.HeaderRow<T.Timestamp>;
  readonly event: T.HeaderRow<T.Item>;
  readonly expires: T.HeaderRow<number>;
  readonly pAssertedIdentity: T.HeaderRow<T.NameAddr>;
};

export declare function parseUri(text: string): Result<T.Uri>;
export declare function printUri(uri: T.Uri): string;
/** RFC 3261 §19.1.4, RFC 3966 §4. */
export declare function equalUris(a: T.Uri, b: T.Uri): boolean;
/** %XX undone, UTF-8. */
export declare function unescapeUri(text: string): string;
export declare function escapeUser(text: string): string;
export declare function telDigits(uri: T.TelUri): string;
export declare function parseNameAddr(text: string): Result<T.NameAddr>;
export declare function printNameAddr(value: T.NameAddr): string;
/** Value of a parameter, unquoted; "" for one without a value; undefined when absent. */
export declare function parameter(parameters: T.Parameters, name: string): string | undefined;
/** With the parameter set (replaced in place or added at the end); no value: a flag. */
export declare function withParameter(
  parameters: T.Parameters,
  name: string,
  value?: string,
): T.Parameters;
export declare function withoutParameter(parameters: T.Parameters, name: string): T.Parameters;

/** The bodies of a message: none, one, or the parts of a multipart (nested ones flattened). */
export declare function readBodies(message: T.SipMessage): Result<readonly T.BodyPart[]>;
/** Content headers and octets for bodies; `boundary` is used when there are several. */
export declare function writeBodies(
  bodies: readonly T.BodyPart[],
  boundary: string,
): { readonly headers: readonly T.HeaderField[]; readonly body: Uint8Array };
