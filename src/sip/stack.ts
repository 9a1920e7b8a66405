import { earlier, type Instant, invariant, type Stamp, uriHost } from "../core/index.js";
import { type ResolvedAddress, SessionLayer } from "./dialog/index.js";
import {
  type Framed,
  header,
  readMessage,
  type SipMessage,
  type SipRequest,
  StreamFramer,
} from "./message/index.js";
import { type Policy, resolveSettings, type Settings, type StackParameters } from "./parameters.js";
import { RequestGate } from "./request-gate.js";
import type { Flow, SessionCommand } from "./session-events.js";
import { count, type SipOutput, type StackCounters, StackStep, startCounters } from "./step.js";
import {
  type TransactionId,
  TransactionLayer,
  type TransactionOutput,
  type Transactions,
} from "./transaction/index.js";

export type StackCommand = SessionCommand | { readonly kind: "policy"; readonly policy: Policy };

/** What the world gives the stack. */
export type StackInput =
  | {
      /** A datagram, or a whole message that was cut from a stream. */
      readonly kind: "datagram" | "message";
      readonly octets: Uint8Array;
      readonly flow: Flow;
    }
  | {
      /** Octets of a stream (`flow.flow` names it) as they come; the stack cuts them into messages. */
      readonly kind: "stream";
      readonly octets: Uint8Array;
      readonly flow: Flow;
    }
  | {
      /** The stream is gone: what was held of it is forgotten. */
      readonly kind: "stream-closed";
      readonly flow: Flow;
    }
  | {
      /** A `send` came to nothing. */
      readonly kind: "transport-error";
      readonly transaction?: TransactionId;
      readonly what: string;
      /** A probe found it out: it counts only while nothing has come in answer. */
      readonly probed?: true;
    }
  | {
      /** The answer to a `resolve`, best first; none: the name has no address. */
      readonly kind: "resolved";
      readonly query: string;
      readonly addresses: readonly ResolvedAddress[];
    }
  | { readonly kind: "command"; readonly command: StackCommand };

/** A SIP element: transports at the bottom, INVITE sessions at the top, all without I/O. */
export class SipStack {
  readonly counters: StackCounters = startCounters();
  readonly #settings: Settings;
  readonly #transactions: Transactions;
  readonly #sessions: SessionLayer;
  readonly #framers = new Map<string, StreamFramer>();
  readonly #gate: RequestGate;

  constructor(parameters: StackParameters) {
    const settings = resolveSettings(parameters);
    this.#settings = settings;
    this.#transactions = new TransactionLayer({
      timers: settings.timers,
      sentBy: (flow) => sentBy(settings, flow),
      largeRequestFlow: (flow) => streamFlow(settings, flow),
      maxTransactions: settings.maximumTransactions,
      retryAfter: settings.retryAfter,
    });
    this.#sessions = new SessionLayer(this.#transactions, settings);
    this.#gate = new RequestGate(settings, this.#transactions, this.#sessions, this.counters);
  }

  /** Sessions that have not ended: what is bounded by `maximumSessions`. */
  get live(): number {
    return this.#sessions.live;
  }

  /** What is kept now: all zero when every call has ended and every timer has run out. */
  get alive(): {
    readonly sessions: number;
    readonly dialogs: number;
    readonly transactions: number;
    readonly timers: number;
  } {
    const { sessions, dialogs, timers } = this.#sessions;
    return { sessions, dialogs, transactions: this.#transactions.size, timers };
  }

  deadline(): Instant | undefined {
    return earlier(this.#transactions.deadline(), this.#sessions.deadline());
  }

  receive(input: StackInput, stamp: Stamp): readonly SipOutput[] {
    switch (input.kind) {
      case "datagram":
      case "message":
        return this.#message(input.octets, input.flow, stamp);
      case "stream":
        return this.#stream(input.octets, input.flow, stamp);
      case "stream-closed":
        this.#framers.delete(input.flow.flow ?? "");
        return [];
      case "command":
        return this.command(input.command, stamp);
      case "transport-error":
        return this.#run(stamp, (step) => {
          const { transaction, what, probed } = input;
          if (transaction === undefined) step.anomaly("send-failed");
          else step.follow(this.#transactions.transportFailed(transaction, what, stamp, probed));
        });
      case "resolved":
        return this.#run(stamp, (step) => {
          this.#sessions.resolved(input.query, input.addresses, step);
        });
    }
  }

  command(command: StackCommand, stamp: Stamp): readonly SipOutput[] {
    return this.#run(stamp, (step) => {
      if (command.kind === "policy") {
        this.#gate.policy = command.policy;
        return;
      }
      if ("session" in command) step.session = command.session;
      this.#sessions.command(command, step);
    });
  }

  wake(stamp: Stamp): readonly SipOutput[] {
    const step = new StackStep(stamp, this.counters);
    step.contain(() => step.follow(this.#transactions.wake(stamp)));
    this.#settle(step);
    for (let due = this.#sessions.popDue(stamp.now); due; due = this.#sessions.popDue(stamp.now)) {
      const { owner, name } = due;
      step.contain(() => this.#sessions.expire(owner, name, step));
    }
    this.#settle(step);
    return step.finish();
  }

  #run(stamp: Stamp, work: (step: StackStep) => void): readonly SipOutput[] {
    return this.#carry(new StackStep(stamp, this.counters), work);
  }

  /** A step to its end. */
  #carry(step: StackStep, work: (step: StackStep) => void): readonly SipOutput[] {
    step.contain(() => work(step));
    this.#settle(step);
    return step.finish();
  }

  /** RFC 3261 §18.3: messages by Content-Length; RFC 5626 §3.5.1: keep-alives are answered. */
  #stream(octets: Uint8Array, flow: Flow, stamp: Stamp): readonly SipOutput[] {
    const name = flow.flow ?? "";
    const framer = this.#framers.get(name) ?? new StreamFramer();
    this.#framers.set(name, framer);
    return framer.push(octets).flatMap((framed) => this.#framed(framed, flow, stamp));
  }

  #framed(framed: Framed, flow: Flow, stamp: Stamp): readonly SipOutput[] {
    switch (framed.kind) {
      case "message":
        return this.#message(framed.octets, flow, stamp);
      case "ping":
        return [{ kind: "send", flow, octets: CRLF }];
      case "pong":
        return [];
      case "fault": {
        const { request, status, reason } = framed.fault;
        const refused = this.#run(stamp, (step) => {
          this.counters.malformed++;
          step.anomaly("unframed stream", reason);
          if (request !== undefined) this.#refuseUnread(request, flow, status, step);
        });
        return [...refused, { kind: "close-stream", flow }];
      }
    }
  }

  #message(octets: Uint8Array, flow: Flow, stamp: Stamp): readonly SipOutput[] {
    // RFC 3261 §7.5: empty lines before a message, and keep-alives that are nothing else.
    if (octets.every((octet) => octet === 0x0d || octet === 0x0a || octet === 0)) return [];
    const step = new StackStep(stamp, this.counters, { flow, octets });
    this.counters.messagesIn++;
    return this.#carry(step, () => {
      const read = readMessage(octets);
      if (read.ok && isAstray(read.value)) {
        this.counters.strayResponses++;
        return;
      }
      if (read.ok) {
        step.follow(this.#transactions.receive(read.value, flow, stamp));
        return;
      }
      this.counters.malformed++;
      step.anomaly("malformed", read.error.reason);
      const { request, status } = read.error;
      if (request !== undefined) this.#refuseUnread(request, flow, status, step);
    });
  }

  /** A request that cannot be taken but can be answered: without a transaction. */
  #refuseUnread(request: SipRequest, flow: Flow, status: number, step: StackStep): void {
    count(this.counters.refused, status);
    const allow = { name: "Allow", value: this.#settings.allow.join(", ") };
    const headers = status === 405 || status === 501 ? [allow] : [];
    step.follow(this.#transactions.reject(request, flow, status, step.stamp, headers));
  }

  #settle(step: StackStep): void {
    for (let output = step.pending.shift(); output; output = step.pending.shift()) {
      const one = output;
      step.contain(() => this.#take(one, step));
    }
  }

  #take(output: TransactionOutput, step: StackStep): void {
    switch (output.kind) {
      case "request":
        this.#gate.take(output, step);
        return;
      case "ack":
        if (!this.#sessions.acknowledge(output.request, output.flow, step)) {
          this.counters.strayAcks++;
        }
        return;
      case "response": {
        const { transaction, response, flow } = output;
        const known =
          transaction !== undefined && this.#sessions.response(transaction, response, flow, step);
        if (!known) this.counters.strayResponses++;
        return;
      }
      case "timeout":
        if (output.timer === "H") step.anomaly("timer-h");
        else this.#sessions.failed(output.transaction, 408, "no answer", step);
        return;
      case "transport-error":
        this.#sessions.failed(output.transaction, 503, output.what, step);
        return;
      case "terminated":
        this.#sessions.terminated(output.transaction, step);
        return;
      case "acknowledged":
      case "send":
        return;
    }
  }
}

/** RFC 3261 §8.1.3.3: a response that has not come to the end of its way. */
function isAstray({ kind, headers }: SipMessage): boolean {
  return kind === "response" && headers.values(header.via).length > 1;
}

function sentBy(settings: Settings, flow: Flow): { readonly host: string; readonly port: number } {
  const listener = settings.listeners[flow.listener];
  invariant(listener, `no listener ${flow.listener}`);
  const { address, port } = listener;
  return { host: uriHost(address), port };
}

/** The stream listener at the same address, for a request too large for UDP (RFC 3261 §18.1.1). */
function streamFlow(settings: Settings, flow: Flow): Flow | undefined {
  const ours = settings.listeners[flow.listener];
  const named = Object.entries(settings.listeners).find(
    ([, { transport, address }]) => transport === "tcp" && address === ours?.address,
  );
  if (named === undefined) return undefined;
  return { transport: "tcp", address: flow.address, port: flow.port, listener: named[0] };
}

const CRLF = Uint8Array.of(0x0d, 0x0a);
