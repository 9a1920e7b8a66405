import type { Stamp } from "../../../src/core/index.js";
import {
  header,
  parameter,
  parseMessage,
  printMessage,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from "../../../src/sip/message/index.js";
import type { Station, Wire } from "../wire.js";

/**
 * A proxy that forks each INVITE to several targets (RFC 3261 §16.7) and stays out of the dialogs.
 * Only as much of a proxy as a wire without loss needs: no timers, no retransmissions of its own.
 */
export class ForkingProxy implements Station<Uint8Array> {
  readonly #wire: Wire<Uint8Array>;
  readonly #address: string;
  readonly #targets: readonly string[];
  /** Whether a 2xx makes it cancel the other branches. */
  readonly #cancels: boolean;
  readonly #forks = new Map<string, Fork>();

  constructor(
    wire: Wire<Uint8Array>,
    address: string,
    targets: readonly string[],
    cancels: boolean,
  ) {
    this.#wire = wire;
    this.#address = address;
    this.#targets = targets;
    this.#cancels = cancels;
    wire.attach(address, this);
  }

  deliver(octets: Uint8Array, from: string): void {
    const read = parseMessage(octets);
    if (!read.ok) throw new Error(read.error.reason);
    if (read.value.kind === "response") this.#response(read.value, from);
    else this.#request(read.value, from);
  }

  wake(_stamp: Stamp): void {
    throw new Error("a proxy without timers");
  }

  deadline(): undefined {
    return undefined;
  }

  #request(request: SipRequest, from: string): void {
    const branch = branchOf(request);
    const fork = this.#forks.get(branch);
    if (request.method === "INVITE" && fork === undefined) {
      this.#forks.set(branch, { invite: request, from, finals: new Map(), answered: false });
    }
    if (request.method === "INVITE") {
      for (const target of this.#targets) this.#forward(request, target);
      return;
    }
    // The ACK to the failure that went upstream ends here (§16.7 step 10 acknowledged each branch).
    if (request.method !== "CANCEL" || fork === undefined) return;
    this.#reply(request, 200, from);
    for (const target of this.#targets) this.#cancel(fork, target);
  }

  #response(response: SipResponse, from: string): void {
    const upstream = { ...response, headers: response.headers.removeFirst(header.via) };
    const fork = this.#forks.get(branchOf(upstream));
    if (fork === undefined || response.headers.value(header.cSeq)?.method !== "INVITE") return;
    if (response.status === 100) return;
    if (response.status < 300) {
      this.#send(upstream, fork.from);
      if (response.status >= 200 && !fork.answered) {
        fork.answered = true;
        for (const target of this.#targets) {
          if (target !== from && this.#cancels) this.#cancel(fork, target);
        }
      }
      return;
    }
    this.#acknowledge(fork, response, from);
    fork.finals.set(from, upstream);
    if (fork.answered || fork.finals.size < this.#targets.length) return;
    const [best] = [...fork.finals.values()].sort((a, b) => a.status - b.status);
    if (best !== undefined) this.#send(best, fork.from);
  }

  #forward(request: SipRequest, target: string): void {
    const via = `SIP/2.0/UDP ${this.#address}:5060;branch=${branchOf(request)}.${target}`;
    this.#send({ ...request, headers: request.headers.prependText("Via", via) }, target);
  }

  #cancel({ invite, finals }: Fork, target: string): void {
    if (finals.has(target)) return;
    const cseq = { number: invite.headers.value(header.cSeq)?.number ?? 0, method: "CANCEL" };
    const headers = invite.headers.set(header.cSeq, cseq).without("Content-Type");
    this.#forward({ ...invite, method: "CANCEL", headers, body: new Uint8Array(0) }, target);
  }

  #acknowledge({ invite }: Fork, response: SipResponse, target: string): void {
    const cseq = { number: invite.headers.value(header.cSeq)?.number ?? 0, method: "ACK" };
    const headers = invite.headers
      .set(header.cSeq, cseq)
      .setText("To", response.headers.text("To") ?? "")
      .without("Content-Type");
    this.#forward({ ...invite, method: "ACK", headers, body: new Uint8Array(0) }, target);
  }

  #reply(request: SipRequest, status: number, to: string): void {
    const kept = ["Via", "From", "To", "Call-ID", "CSeq"];
    let { headers } = request;
    for (const { name } of request.headers)
      if (!kept.includes(name)) headers = headers.without(name);
    const body = new Uint8Array(0);
    this.#send({ kind: "response", status, reason: "OK", headers, body }, to);
  }

  #send(message: SipMessage, to: string): void {
    this.#wire.send(this.#address, to, printMessage(message));
  }
}

interface Fork {
  readonly invite: SipRequest;
  readonly from: string;
  /** Failures by target. */
  readonly finals: Map<string, SipResponse>;
  answered: boolean;
}

function branchOf(message: SipMessage): string {
  return parameter(message.headers.value(header.via)?.parameters ?? [], "branch") ?? "";
}
