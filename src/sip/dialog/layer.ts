import { after, type Instant } from "../../core/index.js";
import { header, type SipRequest, type SipResponse } from "../message/index.js";
import type { Flow, SessionCommand } from "../session-events.js";
import type { TransactionId, Transactions } from "../transaction/index.js";
import { receiveAck, releaseAccept } from "./callee.js";
import { failUse, takeResponse } from "./client-uses.js";
import { capabilityFields, composeResponse, retrySoon } from "./composition.js";
import { notePeer, requestDialogKey, takeSequence } from "./dialog.js";
import { beginCall, type ReceivedRequest, takeInvite } from "./initiation.js";
import { endSession, refuseInvite, releaseFarewell } from "./lifecycle.js";
import { releaseModification } from "./modification.js";
import { type ResolvedAddress, SessionTables, StepPort, type StepSink } from "./port.js";
import { cancelReinvite, receiveRequest } from "./requests.js";
import type { Incoming, Session, SessionSettings, SessionTimer } from "./session.js";
import { expire, soonestAccept } from "./session-timers.js";
import { obey } from "./user-commands.js";

/** All INVITE sessions of a stack with their dialogs: routes what comes to the right procedure. */
export class SessionLayer {
  readonly #tables = new SessionTables();
  readonly #transactions: Transactions;
  readonly #settings: SessionSettings;

  constructor(transactions: Transactions, settings: SessionSettings) {
    this.#transactions = transactions;
    this.#settings = settings;
  }

  get sessions(): number {
    return this.#tables.sessions.size;
  }

  /** Sessions whose end was not reported yet. */
  get live(): number {
    return this.#tables.live;
  }

  get dialogs(): number {
    return this.#tables.dialogs.size;
  }

  get timers(): number {
    return this.#tables.timers.size;
  }

  deadline(): Instant | undefined {
    return this.#tables.timers.next();
  }

  /** What the user asks for. */
  command(command: SessionCommand, sink: StepSink): void {
    const port = this.#port(sink);
    if (command.kind === "invite") {
      beginCall(port, this.#tables, command);
      const begun = this.#tables.sessions.get(command.session);
      this.#conclude(port, begun);
      return;
    }
    const session =
      command.kind === "respond"
        ? this.#tables.servers.get(command.transaction)
        : this.#tables.sessions.get(command.session);
    if (session === undefined) {
      port.anomaly("command-without-session");
      return;
    }
    sink.session = session.id;
    obey(port, session, command);
    this.#conclude(port, session);
  }

  /** A new INVITE that passed all checks; false: no dialog can be made of it (400). */
  invite(received: ReceivedRequest, sink: StepSink): boolean {
    const port = this.#port(sink);
    const session = takeInvite(port, this.#tables, received);
    if (session === undefined) return false;
    const expires = received.request.headers.value(header.expires);
    // RFC 3261 §13.3.1
    if (expires !== undefined) {
      port.arm(session, "expires", after(port.stamp.now, expires * 1000));
    }
    this.#conclude(port, session);
    return true;
  }

  /** A request with a To tag; false: there is no such dialog (481). */
  request(received: ReceivedRequest, sink: StepSink): boolean {
    const found = this.#tables.dialogs.get(requestDialogKey(received.request));
    if (found === undefined) return false;
    const { session, dialog } = found;
    const { transaction, request, flow } = received;
    const port = this.#port(sink);
    sink.session = session.id;
    const incoming: Incoming = { transaction, request, dialog };
    const taken = takeSequence(dialog.dialog, request);
    if (taken === undefined) {
      port.anomaly("cseq-out-of-order");
      const content = { headers: [retrySoon(port)], bodies: [] };
      port.respond(transaction, composeResponse(port, request, dialog, 500, content));
      return true;
    }
    dialog.dialog = notePeer(taken, request, flow);
    if (request.method === "OPTIONS") {
      const content = { headers: capabilityFields(this.#settings), bodies: [] };
      port.respond(transaction, composeResponse(port, request, dialog, 200, content));
      return true;
    }
    this.#tables.servers.set(transaction, session);
    receiveRequest(port, session, incoming);
    this.#conclude(port, session);
    return true;
  }

  /** A CANCEL that matches one of our INVITE server transactions (RFC 3261 §9.2); false: none of a session. */
  cancel(received: ReceivedRequest, invite: TransactionId, sink: StepSink): boolean {
    const session = this.#tables.servers.get(invite);
    if (session === undefined) return false;
    const { callee } = session;
    const dialog = session.dialog ?? session.incoming.get(invite)?.dialog;
    if (dialog === undefined) return false;
    const port = this.#port(sink);
    sink.session = session.id;
    port.respond(received.transaction, composeResponse(port, received.request, dialog, 200));
    const reinvite = session.incoming.get(invite);
    if (callee?.transaction === invite && !callee.final) {
      refuseInvite(port, session, callee, 487);
      endSession(port, session, { kind: "request", request: received.request });
    } else if (reinvite !== undefined) {
      cancelReinvite(port, session, reinvite);
    }
    this.#conclude(port, session);
    return true;
  }

  /** An ACK to a 2xx; false: it belongs to nothing. */
  acknowledge(request: SipRequest, flow: Flow, sink: StepSink): boolean {
    const found = this.#tables.dialogs.get(requestDialogKey(request));
    if (found === undefined) return false;
    const { session, dialog } = found;
    const port = this.#port(sink);
    sink.session = session.id;
    dialog.dialog = notePeer(dialog.dialog, request, flow);
    receiveAck(port, session, dialog, request);
    this.#conclude(port, session);
    return true;
  }

  /** A response to a request of ours; false: it belongs to nothing. */
  response(transaction: TransactionId, response: SipResponse, flow: Flow, sink: StepSink): boolean {
    const use = this.#tables.uses.get(transaction);
    if (use === undefined) return false;
    const port = this.#port(sink);
    sink.session = use.session.id;
    takeResponse(port, use, response, flow);
    this.#conclude(port, use.session);
    return true;
  }

  /** A client transaction came to nothing: 408 for no answer, 503 for no way (RFC 3261 §8.1.3.1). */
  failed(transaction: TransactionId, status: 408 | 503, what: string, sink: StepSink): void {
    const use = this.#tables.uses.get(transaction);
    if (use === undefined) return;
    const port = this.#port(sink);
    sink.session = use.session.id;
    failUse(port, use, status, what);
    this.#conclude(port, use.session);
  }

  /** A transaction is gone. */
  terminated(transaction: TransactionId, sink: StepSink): void {
    this.#tables.servers.delete(transaction);
    const use = this.#tables.uses.get(transaction);
    if (use === undefined) return;
    this.#tables.uses.delete(transaction);
    const { session } = use;
    sink.session = session.id;
    session.outgoing.delete(use);
    // Repetitions of its 2xx come no more (RFC 6026 §7.2, Timer M).
    if (use.method === "INVITE") {
      for (const dialog of session.dialogs.values()) dialog.acks.delete(use.sequence);
    }
    const port = this.#port(sink);
    // A transaction that is gone brings no final response any more.
    if (use.purpose === "invite") failUse(port, use, 408, "no usable final response");
    this.#conclude(port, session);
  }

  /** The addresses of a host name; none: it has none. */
  resolved(query: string, addresses: readonly ResolvedAddress[], sink: StepSink): void {
    const parked = this.#tables.parked.get(query);
    if (parked === undefined) return;
    this.#tables.parked.delete(query);
    const port = this.#port(sink);
    const first = addresses[0];
    for (const waiting of parked) {
      if (first === undefined) waiting.fail(port);
      else waiting.send({ ...first, listener: waiting.listener }, port);
    }
    this.#conclude(port, undefined);
  }

  /** The next timer that is due. */
  popDue(now: Instant): { readonly owner: Session; readonly name: SessionTimer } | undefined {
    return this.#tables.timers.popDue(now);
  }

  expire(session: Session, timer: SessionTimer, sink: StepSink): void {
    const port = this.#port(sink);
    sink.session = session.id;
    expire(port, session, timer);
    this.#conclude(port, session);
  }

  /** A new INVITE got its final response though a fault of ours came in between: no call comes of it. */
  abandon(transaction: TransactionId, sink: StepSink): void {
    const session = this.#tables.servers.get(transaction);
    if (session?.callee?.transaction !== transaction || session.callee.final) return;
    session.callee.final = true;
    const port = this.#port(sink);
    endSession(port, session, { kind: "failure", status: 500, what: "an internal fault" });
    this.#conclude(port, session);
  }

  #port(sink: StepSink): StepPort {
    return new StepPort(this.#tables, this.#transactions, this.#settings, sink);
  }

  /** What a step makes possible, then what is over is taken away. */
  #conclude(port: StepPort, session: Session | undefined): void {
    if (session !== undefined) this.#advance(port, session);
    for (let next = this.#tables.failures.shift(); next; next = this.#tables.failures.shift()) {
      next.use.session.outgoing.delete(next.use);
      failUse(port, next.use, 503, next.what);
      this.#advance(port, next.use.session);
    }
  }

  #advance(port: StepPort, session: Session): void {
    releaseAccept(port, session);
    releaseFarewell(port, session);
    releaseModification(port, session);
    const next = soonestAccept(session);
    if (this.#tables.timers.at(session, "accept") !== next) port.arm(session, "accept", next);
    const lingers = this.#tables.timers.at(session, "linger") !== undefined;
    if (session.phase !== "over" || session.outgoing.size > 0 || lingers) return;
    this.#tables.timers.clearAll(session);
    this.#tables.sessions.delete(session.id);
    for (const dialog of session.dialogs.values()) port.unregister(dialog);
  }
}
