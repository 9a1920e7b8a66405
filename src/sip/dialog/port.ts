import type { Instant, Stamp } from "../../core/index.js";
import { TimerHeap } from "../../core/index.js";
import type { HeaderField, SipRequest, SipResponse } from "../message/index.js";
import type { Flow, SessionEvent, SessionId, TransportKind } from "../session-events.js";
import type { TransactionId, TransactionOutput, Transactions } from "../transaction/index.js";
import { dialogKey } from "./dialog.js";
import { findHop } from "./next-hop.js";
import type {
  ClientUse,
  SentAck,
  Session,
  SessionDialog,
  SessionPort,
  SessionSettings,
  SessionTimer,
} from "./session.js";

/** Where the outputs of one step of the stack go. */
export interface StepSink {
  readonly stamp: Stamp;
  /** The session this step is about, for traces. */
  session: SessionId | undefined;
  emit(event: SessionEvent): void;
  anomaly(what: string): void;
  resolve(query: ResolveQuery): void;
  /** What the transaction layer gave back: sends go out, the rest is handled after this step. */
  follow(outputs: readonly TransactionOutput[]): void;
}

/** A host name that has to become addresses; answered by `resolved` with the same `query`. */
export interface ResolveQuery {
  readonly query: string;
  readonly host: string;
  readonly port?: number;
  readonly transport: TransportKind;
}

/** An address that a host name was resolved to. */
export interface ResolvedAddress {
  readonly transport: TransportKind;
  readonly address: string;
  readonly port: number;
}

/** The tables of all sessions of a stack. */
export class SessionTables {
  readonly sessions = new Map<SessionId, Session>();
  /** Sessions whose end was not reported yet; the others only wait for their transactions. */
  live = 0;
  readonly dialogs = new Map<
    string,
    { readonly session: Session; readonly dialog: SessionDialog }
  >();
  /** Our client transactions. */
  readonly uses = new Map<TransactionId, ClientUse>();
  /** The peer's requests to sessions, until their transactions end. */
  readonly servers = new Map<TransactionId, Session>();
  readonly timers = new TimerHeap<Session, SessionTimer>();
  /** Requests that wait for the address of their next hop, by query. */
  readonly parked = new Map<string, Parked[]>();
  /** Requests that could not be sent at all; taken up at the end of the step. */
  failures: { readonly use: ClientUse; readonly what: string }[] = [];
}

export interface Parked {
  readonly listener: string;
  readonly send: (flow: Flow, port: StepPort) => void;
  readonly fail: (port: StepPort) => void;
}

/** What the procedures of sessions may ask for, during one step. */
export class StepPort implements SessionPort {
  readonly settings: SessionSettings;
  readonly #tables: SessionTables;
  readonly #transactions: Transactions;
  readonly #sink: StepSink;

  constructor(
    tables: SessionTables,
    transactions: Transactions,
    settings: SessionSettings,
    sink: StepSink,
  ) {
    this.#tables = tables;
    this.#transactions = transactions;
    this.settings = settings;
    this.#sink = sink;
  }

  get stamp(): Stamp {
    return this.#sink.stamp;
  }

  emit(event: SessionEvent): void {
    if (event.kind === "ended" && this.#tables.sessions.has(event.session)) this.#tables.live--;
    this.#sink.emit(event);
  }

  anomaly(what: string): void {
    this.#sink.anomaly(what);
  }

  arm(session: Session, timer: SessionTimer, at: Instant | undefined): void {
    if (at === undefined) this.#tables.timers.clear(session, timer);
    else this.#tables.timers.set(session, timer, at);
  }

  register(session: Session, dialog: SessionDialog): void {
    const { callId, localTag, remoteTag } = dialog.dialog;
    this.#tables.dialogs.set(dialogKey(callId, localTag, remoteTag), { session, dialog });
  }

  unregister({ dialog }: SessionDialog): void {
    this.#tables.dialogs.delete(dialogKey(dialog.callId, dialog.localTag, dialog.remoteTag));
  }

  send(use: ClientUse, request: SipRequest, nextHop: string): void {
    this.#route(use.dialog?.dialog.flow, nextHop, {
      send: (flow, port) => port.begin(use, request, flow),
      fail: (port) => port.fail(use, "no way to the next hop"),
    });
  }

  /** Begins the client transaction of a request. */
  begin(use: ClientUse, request: SipRequest, flow: Flow): SipRequest {
    const begun = this.#transactions.request(request, flow, this.stamp);
    use.transaction = begun.transaction;
    this.#tables.uses.set(begun.transaction, use);
    this.#sink.follow(begun.outputs);
    return begun.request;
  }

  fail(use: ClientUse, what: string): void {
    this.#tables.failures.push({ use, what });
  }

  acknowledge(
    _session: Session,
    dialog: SessionDialog,
    sequence: number,
    ack: SipRequest,
    nextHop: string,
  ): void {
    dialog.acks.set(sequence, { request: ack });
    this.#route(dialog.dialog.flow, nextHop, {
      send: (flow, port) => port.#sendAck(dialog, sequence, ack, flow),
      fail: (port) => port.anomaly("ack-without-way"),
    });
  }

  repeatAck(ack: SentAck): void {
    if (ack.flow !== undefined) this.#sink.follow(this.#transactions.resend(ack.request, ack.flow));
  }

  respond(transaction: TransactionId, response: SipResponse): void {
    this.#sink.follow(this.#transactions.respond(transaction, response, this.stamp));
  }

  cancel(session: Session, invite: TransactionId, headers: readonly HeaderField[]): void {
    const begun = this.#transactions.cancel(invite, this.stamp, headers);
    if (begun === undefined) return;
    const use: ClientUse = {
      purpose: "cancel",
      session,
      dialog: undefined,
      method: "CANCEL",
      sequence: 0,
      offered: false,
      transaction: begun.transaction,
      cancel: "not-yet",
      done: false,
    };
    session.outgoing.add(use);
    this.#tables.uses.set(begun.transaction, use);
    this.#sink.follow(begun.outputs);
  }

  #sendAck(dialog: SessionDialog, sequence: number, ack: SipRequest, flow: Flow): void {
    const sent = this.#transactions.acknowledge(ack, flow, this.stamp);
    dialog.acks.set(sequence, { request: sent.request, flow });
    this.#sink.follow(sent.outputs);
  }

  #route(last: Flow | undefined, nextHop: string, ways: Omit<Parked, "listener">): void {
    const hop = last === undefined ? undefined : findHop(nextHop, last, this.settings.listeners);
    if (hop === undefined) {
      ways.fail(this);
      return;
    }
    if (hop.kind === "flow") {
      ways.send(hop.flow, this);
      return;
    }
    const { host, transport, listener } = hop;
    const query = `${transport} ${host} ${hop.port ?? ""}`;
    const parked = this.#tables.parked.get(query) ?? [];
    parked.push({ listener, ...ways });
    this.#tables.parked.set(query, parked);
    if (parked.length > 1) return;
    const port = hop.port === undefined ? {} : { port: hop.port };
    this.#sink.resolve({ query, host, transport, ...port });
  }
}
