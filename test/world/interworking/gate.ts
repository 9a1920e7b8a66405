import type { CallEvent } from "../../../src/call/index.js";
import { fromUtf8, type Instant, type Stamp } from "../../../src/core/index.js";
import {
  incomingSipLeg,
  outgoingSipLeg,
  type SipLegInput,
  type SipLegOutput,
  type SipLegState,
  type SipProfile,
  sipLeg,
} from "../../../src/interworking/index.js";
import type { MediaAgreement } from "../../../src/sdp/index.js";
import { type Flow, type SessionEvent, SipStack, type StackInput } from "../../../src/sip/index.js";
import type { Station, Wire } from "../wire.js";

/** Half a gateway: a SIP stack and the legs on it. The other half, the call, is the test's. */
export class Gate implements Station<Uint8Array> {
  readonly stack: SipStack;
  /** What the legs said to the call, in order. */
  readonly said: CallEvent[] = [];
  readonly agreements: MediaAgreement[] = [];
  readonly anomalies: string[] = [];
  readonly legs = new Map<string, SipLegState>();
  ports = 0;
  /** What the test does when a leg says something. */
  rule: (event: CallEvent, leg: string) => void = () => undefined;
  readonly #wire: Wire<Uint8Array>;
  readonly #machine;
  readonly #queue: (() => void)[] = [];
  #running = false;

  constructor(
    wire: Wire<Uint8Array>,
    readonly address: string,
    profile: SipProfile,
  ) {
    this.#wire = wire;
    this.#machine = sipLeg(profile);
    this.stack = new SipStack({
      listeners: { main: { transport: "udp", address, port: 5060 } },
    });
    wire.attach(address, this);
  }

  /** Begins an outgoing leg; or says something to a leg. */
  tell(leg: string, event: CallEvent, to?: string): void {
    if (to !== undefined)
      this.legs.set(leg, outgoingSipLeg(leg, { destination: flowTo(to) }, "4711"));
    this.#give(leg, { kind: "call", event });
  }

  deliver(octets: Uint8Array, from: string, stamp: Stamp): void {
    this.#stack({ kind: "datagram", octets, flow: flowTo(from) }, stamp);
  }

  wake(stamp: Stamp): void {
    this.#stack("wake", stamp);
  }

  deadline(): Instant | undefined {
    return this.stack.deadline();
  }

  #stack(input: StackInput | "wake", stamp: Stamp): void {
    this.#later(() => {
      const outputs = input === "wake" ? this.stack.wake(stamp) : this.stack.receive(input, stamp);
      for (const output of outputs) {
        if (output.kind === "send") {
          this.#wire.send(this.address, output.flow.address, output.octets);
        } else if (output.kind === "session") {
          this.#session(output.event);
        } else if (output.kind === "anomaly") {
          this.anomalies.push(`${output.what} ${output.detail ?? ""}`);
        } else if (output.kind === "fault") {
          throw output.error;
        }
      }
    });
  }

  #session(event: SessionEvent): void {
    if (event.kind === "invite-received")
      this.legs.set(event.session, incomingSipLeg(event.session, "815"));
    this.#give(event.session, { kind: "session", event });
  }

  #give(leg: string, input: SipLegInput): void {
    this.#later(() => {
      const state = this.legs.get(leg);
      if (state === undefined) return;
      const step = this.#machine.step(state, input, this.#wire.now);
      this.legs.set(leg, step.state);
      for (const output of step.outputs) this.#perform(leg, output);
    });
  }

  #perform(leg: string, output: SipLegOutput): void {
    switch (output.kind) {
      case "session":
        this.#stack({ kind: "command", command: output.command }, this.#wire.stamp());
        break;
      case "call":
        this.said.push(output.event);
        if (output.event.kind === "release") this.legs.delete(leg);
        this.rule(output.event, leg);
        break;
      case "open-media":
        this.ports++;
        this.#give(leg, {
          ...{ kind: "media-opened", address: this.address, port: 20_000, rtcpPort: 20_001 },
        });
        break;
      case "close-media":
        this.ports--;
        break;
      case "media-agreed":
        this.agreements.push(output.agreement);
        break;
      case "anomaly":
        this.anomalies.push(output.what);
        break;
      default:
        break;
    }
  }

  /** Runs one thing to its end before the next. */
  #later(run: () => void): void {
    this.#queue.push(run);
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
    this.#running = false;
  }
}

/** First lines of what went over the wire. */
export function ladder(wire: Wire<Uint8Array>): string[] {
  return wire.sent.map(({ packet }) => fromUtf8(packet).split("\r\n")[0] ?? "");
}

function flowTo(address: string): Flow {
  return { transport: "udp", address, port: 5060, listener: "main" };
}
