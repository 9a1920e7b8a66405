import {
  createResponse,
  type HeaderField,
  readBodies,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  writeBodies,
} from "../message/index.js";
import type { Body, Flow } from "../session-events.js";
import { composeRequest } from "./dialog.js";
import { contactOf } from "./next-hop.js";
import { findDescription } from "./offer-answer.js";
import type { ClientUse, Session, SessionDialog, SessionPort, SessionSettings } from "./session.js";

/** What a response says beyond its status. */
export interface ResponseContent {
  readonly reason?: string | undefined;
  readonly headers: readonly HeaderField[];
  readonly bodies: readonly Body[];
}

export const nothing: ResponseContent = { headers: [], bodies: [] };

/** A response of ours within a session. */
export function composeResponse(
  port: SessionPort,
  request: SipRequest,
  dialog: SessionDialog,
  status: number,
  content: ResponseContent = nothing,
): SipResponse {
  const written = writeBodies(content.bodies, boundaryFor(port, content.bodies));
  return createResponse(request, status, {
    ...(content.reason === undefined ? {} : { reason: content.reason }),
    toTag: dialog.dialog.localTag,
    headers: [
      ...dialogFields(port, request, dialog, status),
      ...productField(port.settings, "Server"),
      ...content.headers,
      ...written.headers,
    ],
    body: written.body,
  });
}

/** Retry-After of 0 to 10 s (RFC 3261 §14.2, RFC 3311 §5.2). */
export function retrySoon(port: SessionPort): HeaderField {
  return { name: "Retry-After", value: String(port.stamp.entropy.between(0, 10)) };
}

/** What a request within a dialog says beyond its method. */
export interface UseContent {
  readonly purpose: ClientUse["purpose"];
  readonly method: string;
  readonly headers: readonly HeaderField[];
  readonly bodies: readonly Body[];
}

/** Composes a request within the dialog, takes its CSeq, and sends it by a client transaction. */
export function sendRequest(
  port: SessionPort,
  session: Session,
  dialog: SessionDialog,
  content: UseContent,
): ClientUse {
  const written = writeBodies(content.bodies, boundaryFor(port, content.bodies));
  const composed = composeRequest(dialog.dialog, {
    method: content.method,
    fields: [
      ...requestFields(port.settings, content.method, dialog.dialog.flow),
      ...content.headers,
      ...written.headers,
    ],
    body: written.body,
  });
  dialog.dialog = composed.dialog;
  const use: ClientUse = {
    purpose: content.purpose,
    session,
    dialog,
    method: content.method,
    sequence: composed.dialog.localSequence,
    offered: findDescription(content.bodies) !== undefined,
    transaction: undefined,
    cancel: "not-yet",
    done: false,
  };
  session.outgoing.add(use);
  port.send(use, composed.request, composed.nextHop);
  return use;
}

/** The ACK to a 2xx: a request of its own, with the CSeq number of its INVITE (RFC 3261 §13.2.2.4). */
export function sendAck(
  port: SessionPort,
  session: Session,
  dialog: SessionDialog,
  sequence: number,
  content: { readonly headers: readonly HeaderField[]; readonly bodies: readonly Body[] } = nothing,
): void {
  const written = writeBodies(content.bodies, boundaryFor(port, content.bodies));
  const composed = composeRequest(dialog.dialog, {
    method: "ACK",
    sequence,
    fields: [...content.headers, ...written.headers],
    body: written.body,
  });
  port.acknowledge(session, dialog, sequence, composed.request, composed.nextHop);
}

/** The fields of ours in an INVITE or a request within a dialog. */
export function requestFields(
  settings: SessionSettings,
  method: string,
  flow: Flow,
): readonly HeaderField[] {
  const capable = method === "INVITE" || method === "UPDATE";
  return [
    ...(TARGETING.has(method) ? contactField(settings, flow) : []),
    ...(capable ? [{ name: "Allow", value: settings.allow.join(", ") }] : []),
    ...productField(settings, "User-Agent"),
  ];
}

export function contactField(settings: SessionSettings, flow: Flow): readonly HeaderField[] {
  const listener = settings.listeners[flow.listener];
  return listener === undefined ? [] : [{ name: "Contact", value: contactOf(listener) }];
}

export function productField(
  settings: SessionSettings,
  name: "User-Agent" | "Server",
): readonly HeaderField[] {
  return settings.product === undefined ? [] : [{ name, value: settings.product }];
}

/** What we can: the fields of the answer to OPTIONS (RFC 3261 §11.2). */
export function capabilityFields(settings: SessionSettings): readonly HeaderField[] {
  const fields: readonly (readonly [string, readonly string[]])[] = [
    ["Allow", settings.allow],
    ["Accept", settings.accept],
    ["Accept-Encoding", settings.acceptEncoding],
    ["Accept-Language", settings.acceptLanguage],
    ["Supported", settings.supported],
  ];
  return fields
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => ({ name, value: values.join(", ") }));
}

/** The session description of a message of the peer; what cannot be read counts as none. */
export function descriptionIn(port: SessionPort, message: SipMessage): Body | undefined {
  const bodies = readBodies(message);
  if (bodies.ok) return findDescription(bodies.value);
  port.anomaly("body-malformed");
  return undefined;
}

function boundaryFor(port: SessionPort, bodies: readonly Body[]): string {
  return bodies.length > 1 ? port.stamp.entropy.token(16) : "";
}

function dialogFields(
  port: SessionPort,
  request: SipRequest,
  dialog: SessionDialog,
  status: number,
): readonly HeaderField[] {
  const capable = request.method === "INVITE" || request.method === "UPDATE";
  if (!capable || status >= 300 || status === 100) return [];
  // RFC 3261 §12.1.1: Record-Route is copied, all of it, in order.
  const routes = request.headers
    .texts("Record-Route")
    .map((value) => ({ name: "Record-Route", value }));
  return [
    ...routes,
    ...contactField(port.settings, dialog.dialog.flow),
    { name: "Allow", value: port.settings.allow.join(", ") },
    ...(status >= 200 && port.settings.supported.length > 0
      ? [{ name: "Supported", value: port.settings.supported.join(", ") }]
      : []),
  ];
}

/** Target refresh requests and those that begin a subscription say where we are (RFC 3261 §20.10). */
const TARGETING: ReadonlySet<string> = new Set([
  "INVITE",
  "UPDATE",
  "REFER",
  "SUBSCRIBE",
  "NOTIFY",
]);
