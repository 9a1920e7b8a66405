import {
  checkOptions,
  checkPolicy,
  checkRequest,
  type Refusal,
  refuseOutside,
} from "./admission.js";
import { capabilityFields, type SessionLayer } from "./dialog/index.js";
import {
  createResponse,
  type HeaderField,
  header,
  parameter,
  type SipRequest,
} from "./message/index.js";
import type { Policy, Settings } from "./parameters.js";
import { count, type StackCounters, type StackStep } from "./step.js";
import type { TransactionOutput, Transactions } from "./transaction/index.js";

type Received = Extract<TransactionOutput, { readonly kind: "request" }>;

/** Where new requests are checked, answered, or given to the session they are for (RFC 3261 §8.2). */
export class RequestGate {
  policy: Policy = { kind: "admit" };
  readonly #settings: Settings;
  readonly #transactions: Transactions;
  readonly #sessions: SessionLayer;
  readonly #counters: StackCounters;

  constructor(
    settings: Settings,
    transactions: Transactions,
    sessions: SessionLayer,
    counters: StackCounters,
  ) {
    this.#settings = settings;
    this.#transactions = transactions;
    this.#sessions = sessions;
    this.#counters = counters;
  }

  /** A request is answered though a fault of ours came in between: its transaction must end. */
  take(received: Received, step: StackStep): void {
    try {
      this.#take(received, step);
    } catch (error) {
      this.#respond(received, { status: 500, headers: [] }, step);
      this.#sessions.abandon(received.transaction, step);
      throw error;
    }
  }

  /** RFC 3261 §8.2. */
  #take(received: Received, step: StackStep): void {
    const { request } = received;
    if (request.method === "CANCEL") {
      this.#cancel(received, step);
      return;
    }
    const refusal = checkRequest(request, received, this.#settings);
    if (refusal !== undefined) this.#refuse(received, refusal, step);
    else if (isTagged(request)) {
      if (!this.#sessions.request(received, step)) this.#refuse(received, unknownDialog, step);
    } else if (request.method === "INVITE") {
      this.#invite(received, step);
    } else if (request.method === "OPTIONS") {
      this.#options(received, step);
    } else {
      this.#refuse(received, refuseOutside(request, this.#settings), step);
    }
  }

  #invite(received: Received, step: StackStep): void {
    const refusal = checkPolicy(this.policy, this.#sessions.live, this.#settings);
    if (refusal !== undefined) this.#refuse(received, refusal, step);
    else if (!this.#sessions.invite(received, step)) {
      // RFC 3261 §8.1.1.8: an INVITE without one Contact makes no dialog.
      this.#refuse(received, { status: 400, reason: "Contact Missing", headers: [] }, step);
    }
  }

  /** RFC 3261 §11.2: what an INVITE would get. */
  #options(received: Received, step: StackStep): void {
    const { address } = received.flow;
    const refusal = checkOptions(this.policy, address, this.#sessions.live, this.#settings);
    const answer = refusal ?? { status: 200, headers: [] };
    const headers = [...capabilityFields(this.#settings), ...answer.headers];
    this.#respond(received, { ...answer, headers }, step);
  }

  /** RFC 3261 §9.2. */
  #cancel(received: Received, step: StackStep): void {
    const { cancels } = received;
    if (cancels === undefined) this.#refuse(received, unknownDialog, step);
    else if (!this.#sessions.cancel(received, cancels, step)) {
      // Its INVITE has its final response already.
      this.#respond(received, { status: 200, headers: [] }, step);
    }
  }

  #refuse(received: Received, refusal: Refusal, step: StackStep): void {
    count(this.#counters.refused, refusal.status);
    this.#respond(received, refusal, step);
  }

  #respond({ transaction, request }: Received, answer: Refusal, step: StackStep): void {
    const { status, reason } = answer;
    const { product } = this.#settings;
    const server: readonly HeaderField[] =
      product === undefined ? [] : [{ name: "Server", value: product }];
    const response = createResponse(request, status, {
      ...(reason === undefined ? {} : { reason }),
      toTag: step.stamp.entropy.token(12),
      headers: [...server, ...answer.headers],
    });
    step.follow(this.#transactions.respond(transaction, response, step.stamp));
  }
}

function isTagged(request: SipRequest): boolean {
  const to = request.headers.value(header.to);
  return to !== undefined && parameter(to.parameters, "tag") !== undefined;
}

const unknownDialog: Refusal = { status: 481, headers: [] };
