import {
  after,
  Entropy,
  type Instant,
  instant,
  type Machine,
  type Stamp,
  type Step,
  type Wake,
  wake,
} from "../../../../src/core/index.js";
import {
  createRequest,
  createResponse,
  type HeaderField,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from "../../../../src/sip/message/index.js";
import type { Flow } from "../../../../src/sip/session-events.js";
import {
  type MachineOutput,
  type MachineParams,
  transactionTimers,
} from "../../../../src/sip/transaction/index.js";

export const udp: Flow = { transport: "udp", address: "192.0.2.9", port: 5070, listener: "u" };
export const tcp: Flow = {
  transport: "tcp",
  address: "192.0.2.9",
  port: 40_000,
  listener: "t",
  flow: "c1",
};
export const unreliable: MachineParams = { timers: transactionTimers, reliable: false };
export const reliable: MachineParams = { timers: transactionTimers, reliable: true };

export interface RequestShape {
  readonly branch?: string;
  readonly via?: string;
  readonly toTag?: string;
  readonly cSeq?: number;
  readonly headers?: readonly HeaderField[];
  readonly body?: Uint8Array;
}

export function request(method: string, shape: RequestShape = {}): SipRequest {
  const { branch = "z9hG4bKfirst", toTag, cSeq = 7 } = shape;
  const via = shape.via ?? `SIP/2.0/UDP 192.0.2.9:5070;branch=${branch}`;
  return createRequest(
    method,
    "sip:100@gw.example.com",
    [
      ...(via === "" ? [] : [{ name: "Via", value: via }]),
      { name: "Max-Forwards", value: "70" },
      { name: "From", value: "<sip:alice@example.com>;tag=alice" },
      {
        name: "To",
        value: `<sip:100@gw.example.com>${toTag === undefined ? "" : `;tag=${toTag}`}`,
      },
      { name: "Call-ID", value: "call-1" },
      { name: "CSeq", value: `${cSeq} ${method}` },
      ...(shape.headers ?? []),
    ],
    shape.body,
  );
}

export function response(to: SipRequest, status: number, toTag = "bob"): SipResponse {
  return createResponse(to, status, { toTag });
}

let seed = 1;
export function stampAt(ms: number): Stamp {
  const octets = new Uint8Array(16);
  new DataView(octets.buffer).setUint32(0, seed++);
  return { now: instant(ms), entropy: new Entropy(octets) };
}

/** A machine with a clock: what it said, each with its time in ms. */
export class Bench<State, Input> {
  readonly log: string[] = [];
  state: State;
  now = 0;

  constructor(
    readonly machine: Machine<State, Input, MachineOutput>,
    started: Step<State, MachineOutput>,
  ) {
    this.state = started.state;
    this.note(started.outputs);
  }

  input(input: Input | Wake): this {
    const step = this.machine.step(this.state, input, this.instant());
    this.state = step.state;
    this.note(step.outputs);
    return this;
  }

  /** Lets every timer run that is due up to `ms`. */
  until(ms: number): this {
    for (;;) {
      const next = this.machine.deadline(this.state);
      if (next === undefined || next > ms) break;
      this.now = next;
      this.input(wake);
    }
    this.now = ms;
    return this;
  }

  /** What was said since this was asked last. */
  said(): string[] {
    return this.log.splice(0);
  }

  instant(): Instant {
    return after(instant(0), this.now);
  }

  private note(outputs: readonly MachineOutput[]): void {
    for (const output of outputs) this.log.push(`${this.now} ${describeOutput(output)}`);
  }
}

export function describeMessage(message: SipMessage): string {
  return message.kind === "request" ? message.method : String(message.status);
}

function describeOutput(output: MachineOutput): string {
  switch (output.kind) {
    case "send":
      return `send ${describeMessage(output.message)}`;
    case "response":
      return `response ${output.response.status}`;
    case "timeout":
      return `timeout ${output.timer}`;
    default:
      return output.kind;
  }
}
