import {
  createRequest,
  type HeaderField,
  header,
  type SipRequest,
  type SipResponse,
} from "../message/index.js";

/** The ACK to a non-2xx final response: part of the INVITE transaction (RFC 3261 §17.1.1.3). */
export function acknowledgementOf(invite: SipRequest, response: SipResponse): SipRequest {
  const to = response.headers.text(header.to) ?? invite.headers.text(header.to) ?? "";
  return createRequest("ACK", invite.uri, [
    ...sameTransaction(invite, "ACK"),
    { name: header.to.name, value: to },
  ]);
}

/** The CANCEL of a request: the same transaction's branch, no tag of its own (RFC 3261 §9.1). */
export function cancellationOf(
  invite: SipRequest,
  headers: readonly HeaderField[] = [],
): SipRequest {
  return createRequest("CANCEL", invite.uri, [
    ...sameTransaction(invite, "CANCEL"),
    { name: header.to.name, value: invite.headers.text(header.to) ?? "" },
    ...headers,
  ]);
}

/** The topmost Via alone, Route, From, Call-ID, the CSeq number, and Max-Forwards anew. */
function sameTransaction(invite: SipRequest, method: string): HeaderField[] {
  const { headers } = invite;
  const via = headers.value(header.via);
  const cSeq = headers.value(header.cSeq);
  const fields: HeaderField[] = [];
  if (via !== undefined) fields.push({ name: header.via.name, value: header.via.print(via) });
  for (const value of headers.texts(header.route)) fields.push({ name: header.route.name, value });
  fields.push(
    { name: header.maxForwards.name, value: "70" },
    { name: header.from.name, value: headers.text(header.from) ?? "" },
    { name: header.callId.name, value: headers.text(header.callId) ?? "" },
    { name: header.cSeq.name, value: `${cSeq?.number ?? 0} ${method}` },
  );
  return fields;
}
