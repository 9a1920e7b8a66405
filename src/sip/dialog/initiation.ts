import {
  type HeaderField,
  header,
  headersOf,
  type NameAddr,
  parseNameAddr,
  type SipRequest,
  withParameter,
  writeBodies,
} from "../message/index.js";
import type { Flow, Reliability, SessionEnd } from "../session-events.js";
import type { TransactionId } from "../transaction/index.js";
import { descriptionIn, requestFields } from "./composition.js";
import { createCalleeDialog, routeRequest } from "./dialog.js";
import { addDialog, createSession } from "./lifecycle.js";
import { findDescription, noNegotiation, receiveOffer } from "./offer-answer.js";
import type { SessionTables, StepPort } from "./port.js";
import { startReliable } from "./reliable-sender.js";
import type { Callee, Caller, ClientUse, CommandOf, Session, SessionSettings } from "./session.js";

/** A request as the transaction layer gave it. */
export interface ReceivedRequest {
  readonly transaction: TransactionId;
  readonly request: SipRequest;
  readonly flow: Flow;
}

/** Sends the INVITE of a new session (RFC 3261 §13.2.1). */
export function beginCall(
  port: StepPort,
  tables: SessionTables,
  command: CommandOf<"invite">,
): void {
  const { session: id } = command;
  if (tables.sessions.has(id)) {
    port.anomaly("session-twice");
    return;
  }
  const invite = composeInvite(port, command);
  const full = tables.live >= port.settings.maximumSessions;
  if (invite === undefined || full) {
    const by: SessionEnd = full
      ? { kind: "failure", status: 503, what: "no room for another session" }
      : { kind: "failure", status: 400, what: "From, To or a Route cannot be read" };
    port.emit({ kind: "ended", session: id, by });
    return;
  }
  const use = { purpose: "invite", dialog: undefined, method: "INVITE", sequence: 1 } as const;
  const offered = findDescription(command.bodies) !== undefined;
  const pending: Omit<ClientUse, "session"> = {
    ...use,
    offered,
    transaction: undefined,
    cancel: "not-yet",
    done: false,
  };
  startCall(port, tables, command, invite, pending);
}

/** The session of a new INVITE; undefined when its Contact, From or CSeq cannot make a dialog. */
export function takeInvite(
  port: StepPort,
  tables: SessionTables,
  received: ReceivedRequest,
): Session | undefined {
  const { request, transaction, flow } = received;
  const { entropy } = port.stamp;
  const dialog = createCalleeDialog(request, entropy.token(TAG_LENGTH), flow, 0);
  if (dialog === undefined) return undefined;
  const offer = descriptionIn(port, request);
  const reliability = reliabilityOf(request, port.settings);
  const callee: Callee = {
    invite: request,
    transaction,
    sequence: dialog.remoteSequence ?? 0,
    flow,
    reliability,
    // RFC 3262 §3: random, 1 to 2^31 - 1.
    reliable: startReliable(entropy.between(1, 0x7fff_ffff)),
    sent: undefined,
    accepting: undefined,
    final: false,
    answer: undefined,
    settled: false,
  };
  const session = createSession(`in-${entropy.token(TAG_LENGTH)}`, { callee });
  const offered = offer === undefined ? undefined : receiveOffer(noNegotiation, "INVITE");
  const books = offered !== undefined && "state" in offered ? offered.state : noNegotiation;
  session.dialog = addDialog(port, session, dialog, books);
  tables.sessions.set(session.id, session);
  tables.live++;
  tables.servers.set(transaction, session);
  port.emit({
    kind: "invite-received",
    session: session.id,
    dialog: session.dialog.id,
    request,
    source: flow,
    ...(offer === undefined ? {} : { offer }),
    reliability,
  });
  return session;
}

function startCall(
  port: StepPort,
  tables: SessionTables,
  command: CommandOf<"invite">,
  invite: SipRequest,
  pending: Omit<ClientUse, "session">,
): void {
  const caller: Caller = {
    invite,
    transaction: "",
    offered: pending.offered,
    proceeding: false,
    final: false,
    cancelled: false,
  };
  const session = createSession(command.session, { caller });
  const use: ClientUse = { ...pending, session };
  session.outgoing.add(use);
  tables.sessions.set(session.id, session);
  tables.live++;
  port.begin(use, invite, command.destination);
  caller.transaction = use.transaction ?? "";
}

function composeInvite(port: StepPort, command: CommandOf<"invite">): SipRequest | undefined {
  const { entropy } = port.stamp;
  const from = parseNameAddr(command.from);
  const to = parseNameAddr(command.to);
  const routes: NameAddr[] = [];
  for (const text of command.route ?? []) {
    const route = parseNameAddr(text);
    if (!route.ok) return undefined;
    routes.push(route.value);
  }
  if (!from.ok || !to.ok) return undefined;
  const routed = routeRequest(command.target, routes);
  const boundary = command.bodies.length > 1 ? entropy.token(16) : "";
  const written = writeBodies(command.bodies, boundary);
  const tag = entropy.token(TAG_LENGTH);
  const own = { ...from.value, parameters: withParameter(from.value.parameters, "tag", tag) };
  let headers = headersOf([{ name: "Max-Forwards", value: String(command.maxForwards ?? 70) }]);
  for (const route of routed.routes) headers = headers.append(header.route, route);
  headers = headers
    .append(header.from, own)
    .append(header.to, to.value)
    .appendText(header.callId, entropy.token(CALL_ID_LENGTH))
    .append(header.cSeq, { number: 1, method: "INVITE" })
    .concat(requestFields(port.settings, "INVITE", command.destination))
    .concat(extensionFields(port.settings, command.reliability))
    .concat(command.headers)
    .concat(written.headers);
  const uri = routed.requestUri;
  return { kind: "request", method: "INVITE", uri, headers, body: written.body };
}

/** RFC 3262 §4: none, Supported or Require. */
function extensionFields(
  settings: SessionSettings,
  reliability: Reliability,
): readonly HeaderField[] {
  const others = settings.supported.filter((tag) => tag !== "100rel");
  const tags = reliability === "supported" ? [...others, "100rel"] : others;
  const supported = tags.length > 0 ? [{ name: "Supported", value: tags.join(", ") }] : [];
  return reliability === "required"
    ? [...supported, { name: "Require", value: "100rel" }]
    : supported;
}

/** What the caller said of 100rel (RFC 3262 §3). */
function reliabilityOf(invite: SipRequest, settings: SessionSettings): Reliability {
  const names = (row: typeof header.require) =>
    invite.headers.values(row).some((tag) => tag.toLowerCase() === "100rel");
  if (!settings.supported.includes("100rel")) return "none";
  if (names(header.require)) return "required";
  return names(header.supported) ? "supported" : "none";
}

/** 5 bits of chance a character; RFC 3261 §19.3 wants at least 32 bits. */
const TAG_LENGTH = 12;
const CALL_ID_LENGTH = 24;
