import { type Instant, type Stamp, wake } from "../../core/index.js";
import {
  createResponse,
  type HeaderField,
  header,
  printMessage,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from "../message/index.js";
import type { Flow } from "../session-events.js";
import { cancellationOf } from "./acknowledgement.js";
import type { MachineOutput, MachineParams } from "./machine-parts.js";
import { branchCookie, branchOf, clientKey, clientKeyOf, serverKey, tagOf } from "./matching.js";
import { lift, reconnect } from "./outputs.js";
import { isSentBy, responseFlow, stampVia, withOurVia } from "./routing.js";
import { statelessTag } from "./stateless-tag.js";
import { resolveTimers } from "./timers.js";
import {
  type ClientEntry,
  clientEntry,
  type Entry,
  isPending,
  isUnanswered,
  type ServerEntry,
  serverEntry,
  stepClient,
  stepServer,
} from "./transaction-entry.js";
import { TransactionTable } from "./transaction-table.js";
import type {
  RequestBegun,
  TransactionId,
  TransactionOutput,
  TransactionParams,
  Transactions,
  TransactionTimers,
} from "./types.js";

/** All transactions of one stack: matching, routing of responses, timers, bounds (RFC 3261 §17, §18). */
export class TransactionLayer implements Transactions {
  readonly #params: TransactionParams;
  readonly #timers: TransactionTimers;
  readonly #table = new TransactionTable();

  constructor(params: TransactionParams) {
    this.#params = params;
    this.#timers = resolveTimers(params.timers);
  }

  get size(): number {
    return this.#table.size;
  }

  receive(message: SipMessage, flow: Flow, stamp: Stamp): readonly TransactionOutput[] {
    return message.kind === "request"
      ? this.#receiveRequest(message, flow, stamp)
      : this.#receiveResponse(message, flow, stamp);
  }

  request(request: SipRequest, flow: Flow, stamp: Stamp): RequestBegun {
    const branch = newBranch(stamp);
    const direct = this.#withVia(request, flow, branch);
    const stream = this.#isLarge(direct, flow) ? this.#params.largeRequestFlow?.(flow) : undefined;
    if (stream === undefined) return this.#begin(direct, flow, stamp.now);
    return this.#begin(this.#withVia(request, stream, branch), stream, stamp.now, flow);
  }

  cancel(
    invite: TransactionId,
    stamp: Stamp,
    headers: readonly HeaderField[] = [],
  ): RequestBegun | undefined {
    const entry = this.#table.findClient(invite);
    if (entry === undefined || !isPending(entry)) return undefined;
    this.#outputs(entry, stepClient(entry, { kind: "cancelled" }, stamp.now));
    return this.#begin(cancellationOf(entry.request, headers), entry.flow, stamp.now);
  }

  respond(
    transaction: TransactionId,
    response: SipResponse,
    stamp: Stamp,
  ): readonly TransactionOutput[] {
    const entry = this.#table.findServer(transaction);
    if (entry === undefined) return [];
    const toTag = tagOf(response.headers.value(header.to));
    if (toTag !== undefined) entry.toTag = toTag;
    return this.#outputs(entry, stepServer(entry, { kind: "respond", response }, stamp.now));
  }

  acknowledge(
    ack: SipRequest,
    flow: Flow,
    stamp: Stamp,
  ): { readonly request: SipRequest; readonly outputs: readonly TransactionOutput[] } {
    const request = this.#withVia(ack, flow, newBranch(stamp));
    return { request, outputs: this.resend(request, flow) };
  }

  resend(message: SipMessage, flow: Flow): readonly TransactionOutput[] {
    return [{ kind: "send", flow, octets: printMessage(message), message }];
  }

  reject(
    request: SipRequest,
    flow: Flow,
    status: number,
    _stamp: Stamp,
    headers: readonly HeaderField[] = [],
  ): readonly TransactionOutput[] {
    const via = request.headers.value(header.via);
    if (via === undefined || request.method === "ACK") return [];
    const stamped = stampVia(request, via, flow);
    const top = stamped.headers.value(header.via) ?? via;
    const response = createResponse(stamped, status, { toTag: statelessTag(request), headers });
    return this.resend(response, responseFlow(top, flow));
  }

  transportFailed(
    transaction: TransactionId,
    what: string,
    stamp: Stamp,
    probed = false,
  ): readonly TransactionOutput[] {
    const entry = this.#table.find(transaction);
    if (entry === undefined || (probed && !isUnanswered(entry))) return [];
    const again = entry.side === "client" ? this.#fallBack(entry, stamp) : reconnect(entry);
    if (again !== undefined) return again;
    return this.#step(entry, { kind: "transport-error", what }, stamp.now);
  }

  wake({ now }: Stamp): readonly TransactionOutput[] {
    const outputs: TransactionOutput[] = [];
    for (let entry = this.#table.popDue(now); entry; entry = this.#table.popDue(now))
      outputs.push(...this.#step(entry, wake, now));
    return outputs;
  }

  deadline(): Instant | undefined {
    return this.#table.deadline();
  }

  /** RFC 3261 §17.2.3, §18.2.1. */
  #receiveRequest(request: SipRequest, flow: Flow, stamp: Stamp): readonly TransactionOutput[] {
    const via = request.headers.value(header.via);
    if (via === undefined) return [];
    const id = serverKey(request, via);
    const known = this.#table.findServer(id);
    if (request.method === "ACK") return this.#receiveAck(request, known, flow, stamp.now);
    if (known !== undefined)
      return this.#outputs(known, stepServer(known, { kind: "request" }, stamp.now));
    if (this.#isFull()) return this.#overloaded(request, flow, stamp);
    const cancelled = serverKey(request, via, "INVITE");
    const cancels = request.method === "CANCEL" && this.#table.findServer(cancelled) !== undefined;
    const stamped = stampVia(request, via, flow);
    return this.#open(id, stamped, flow, stamp.now, cancels ? cancelled : undefined);
  }

  #receiveAck(
    ack: SipRequest,
    known: ServerEntry | undefined,
    flow: Flow,
    now: Instant,
  ): readonly TransactionOutput[] {
    // RFC 3261 §17.2.3: without a unique branch the To tag must be that of our response.
    const matches =
      known !== undefined &&
      (!known.id.startsWith("server-2543 ") || tagOf(ack.headers.value(header.to)) === known.toTag);
    if (!matches) return [{ kind: "ack", request: ack, flow }];
    return this.#outputs(known, stepServer(known, { kind: "ack", request: ack }, now));
  }

  #open(
    id: TransactionId,
    request: SipRequest,
    flow: Flow,
    now: Instant,
    cancels: TransactionId | undefined,
  ): readonly TransactionOutput[] {
    const entry = serverEntry(id, request, flow, this.#machineParams(flow), now);
    // RFC 3261 §8.2.2.2 speaks of requests without a To tag.
    const tagged = tagOf(request.headers.value(header.to)) !== undefined;
    const merged = !tagged && this.#table.isMerged(entry.mergeKey);
    this.#table.add(entry);
    return [
      {
        kind: "request",
        transaction: id,
        request,
        flow,
        merged,
        ...(cancels === undefined ? undefined : { cancels }),
      },
    ];
  }

  /** RFC 3261 §17.1.3, §18.1.2; RFC 6026 §7.2. */
  #receiveResponse(response: SipResponse, flow: Flow, stamp: Stamp): readonly TransactionOutput[] {
    const id = clientKeyOf(response);
    const entry = id === undefined ? undefined : this.#table.findClient(id);
    if (entry !== undefined) {
      const outputs = stepClient(entry, { kind: "response", response }, stamp.now);
      return this.#outputs(entry, outputs, flow);
    }
    const via = response.headers.value(header.via);
    const ours = via !== undefined && isSentBy(via, this.#params.sentBy(flow), flow);
    return ours ? [{ kind: "response", response, flow }] : [];
  }

  #begin(request: SipRequest, flow: Flow, now: Instant, fallback?: Flow): RequestBegun {
    const branch = branchOf(request.headers.value(header.via)) ?? "";
    const transaction = clientKey(branch, request.method);
    if (this.#isFull())
      return {
        transaction,
        request,
        outputs: [
          { kind: "transport-error", transaction, what: "too many transactions" },
          { kind: "terminated", transaction },
        ],
      };
    const params = this.#machineParams(flow);
    const { entry, outputs } = clientEntry(transaction, request, flow, params, now, fallback);
    this.#table.add(entry);
    return { transaction, request, outputs: this.#outputs(entry, outputs) };
  }

  /** RFC 3261 §18.1.1: the stream was refused, so the large request goes by UDP after all. */
  #fallBack(entry: ClientEntry, stamp: Stamp): readonly TransactionOutput[] | undefined {
    const { fallback } = entry;
    if (fallback === undefined || !isUnanswered(entry)) return undefined;
    this.#table.remove(entry);
    const branch = branchOf(entry.request.headers.value(header.via)) ?? newBranch(stamp);
    const bare = { ...entry.request, headers: entry.request.headers.removeFirst(header.via) };
    return this.#begin(this.#withVia(bare, fallback, branch), fallback, stamp.now).outputs;
  }

  #overloaded(request: SipRequest, flow: Flow, stamp: Stamp): readonly TransactionOutput[] {
    const retryAfter = String(this.#params.retryAfter ?? DEFAULT_RETRY_AFTER);
    const headers = [{ name: header.retryAfter.name, value: retryAfter }];
    return this.reject(request, flow, 503, stamp, headers);
  }

  #step(
    entry: Entry,
    input: { readonly kind: "transport-error"; readonly what: string } | typeof wake,
    now: Instant,
  ): readonly TransactionOutput[] {
    const outputs =
      entry.side === "client" ? stepClient(entry, input, now) : stepServer(entry, input, now);
    return this.#outputs(entry, outputs);
  }

  /** Lifts a machine's outputs, and keeps the table true to its state. */
  #outputs(
    entry: Entry,
    outputs: readonly MachineOutput[],
    flow: Flow = entry.flow,
  ): readonly TransactionOutput[] {
    const lifted = outputs.map((output) => lift(entry, output, flow));
    if (entry.state.name !== "terminated") {
      // RFC 6026 §7.1: the user repeats the 2xx, not the transaction; a stream may have to reconnect.
      if (entry.state.name === "accepted" && entry.flow.transport === "udp")
        entry.printed = undefined;
      this.#table.arm(entry);
      return lifted;
    }
    this.#table.remove(entry);
    return [...lifted, { kind: "terminated", transaction: entry.id }];
  }

  #withVia(request: SipRequest, flow: Flow, branch: string): SipRequest {
    return withOurVia(request, flow, branch, this.#params.sentBy(flow));
  }

  #isLarge(request: SipRequest, flow: Flow): boolean {
    if (flow.transport !== "udp") return false;
    const bound = this.#params.largeRequest ?? DEFAULT_LARGE_REQUEST;
    return printMessage(request).length > bound;
  }

  #isFull(): boolean {
    return this.#table.size >= (this.#params.maxTransactions ?? DEFAULT_MAX_TRANSACTIONS);
  }

  #machineParams(flow: Flow): MachineParams {
    return { timers: this.#timers, reliable: flow.transport !== "udp" };
  }
}

function newBranch({ entropy }: Stamp): string {
  return branchCookie + entropy.token(BRANCH_LENGTH);
}

const BRANCH_LENGTH = 20;
const DEFAULT_LARGE_REQUEST = 1300;
const DEFAULT_MAX_TRANSACTIONS = 65_536;
const DEFAULT_RETRY_AFTER = 5;
