import {
  header,
  parameter,
  type SipRequest,
  type SipResponse,
  type Via,
} from "../message/index.js";
import type { TransactionId } from "./types.js";

/** RFC 3261 §8.1.1.7: a branch that begins with it is unique. */
export const branchCookie = "z9hG4bK";

/** Names of the client transaction a response belongs to: branch and CSeq method (§17.1.3). */
export function clientKey(branch: string, method: string): TransactionId {
  return `client ${branch} ${method}`;
}

export function clientKeyOf(response: SipResponse): TransactionId | undefined {
  const branch = branchOf(response.headers.value(header.via));
  const cSeq = response.headers.value(header.cSeq);
  return branch === undefined || cSeq === undefined ? undefined : clientKey(branch, cSeq.method);
}

/**
 * Names of the server transaction a request belongs to: branch, sent-by and method (§17.2.3); an ACK
 * has that of its INVITE. `via` is the topmost as it came. `method` stands for another one: what a
 * CANCEL cancels.
 */
export function serverKey(request: SipRequest, via: Via, method = request.method): TransactionId {
  const of = method === "ACK" ? "INVITE" : method;
  const branch = branchOf(via);
  const sentBy = `${via.host.toLowerCase()}:${via.port ?? ""}`;
  // An empty rest after the cookie is no branch (RFC 4475 §3.2.1).
  if (branch?.startsWith(branchCookie) && branch.length > branchCookie.length)
    return `server ${branch} ${sentBy} ${of}`;
  return `server-2543 ${request.uri} ${requestKey(request)} ${header.via.print(via)} ${of}`;
}

/** Equal for copies of one request that came by different paths (RFC 3261 §8.2.2.2). */
export function mergeKey(request: SipRequest): string {
  return `${requestKey(request)} ${request.method}`;
}

/** From tag, Call-ID and CSeq number. */
function requestKey({ headers }: SipRequest): string {
  const tag = tagOf(headers.value(header.from));
  const cSeq = headers.value(header.cSeq);
  return `${tag ?? ""} ${headers.text(header.callId) ?? ""} ${cSeq?.number ?? ""}`;
}

export function tagOf(
  address: { readonly parameters: Parameters<typeof parameter>[0] } | undefined,
): string | undefined {
  return address === undefined ? undefined : parameter(address.parameters, "tag");
}

export function branchOf(via: Via | undefined): string | undefined {
  return via === undefined ? undefined : parameter(via.parameters, "branch");
}
