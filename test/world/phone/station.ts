import type { Entropy, Instant, Stamp } from "../../../src/core/index.js";
import {
  type CallPlan,
  type Milestone,
  Phone,
  type PhoneCall,
  silentVoice,
  type Voice,
} from "../../../src/phone/index.js";
import type { Station, Wire } from "../wire.js";

/** A whole phone on a simulated wire: its sockets and its clock are the wire's. */
export class PhoneStation implements Station<Uint8Array> {
  readonly phone: Phone;
  readonly address: string;
  readonly calls: PhoneCall[] = [];
  #alarm: { readonly at: Instant; readonly ring: () => void } | undefined;

  constructor(wire: Wire<Uint8Array>, address: string, voice: Voice = silentVoice(address)) {
    this.address = address;
    const chance: Entropy = wire.chance.fork();
    this.phone = new Phone({
      world: {
        now: () => wire.now,
        entropy: () => chance.fork(),
        alarm: (at, ring) => {
          this.#alarm = at === undefined ? undefined : { at, ring };
        },
      },
      listeners: { udp: { transport: "udp", address, port: 5060 } },
      transports: {
        send: (flow, octets) => wire.send(address, flow.address, octets),
        closeStream: () => undefined,
        close: () => Promise.resolve(),
      },
      voice,
      product: "phone",
    });
    wire.attach(address, this);
  }

  call(to: PhoneStation, plan: CallPlan & { readonly delayedOffer?: boolean } = {}): Told {
    const told = new Told();
    const call = this.phone.placeCall({
      ...{ ...plan, to: "200", from: "100" },
      destination: { transport: "udp", address: to.address, port: 5060 },
      onMilestone: (milestone, atMs) => told.hear(milestone, atMs),
    });
    told.call = call;
    return told;
  }

  /** Answers one call after the other by this plan; what is told of the first. */
  answer(plan: CallPlan = {}): Told {
    const told = new Told();
    this.phone.answerCalls(
      { ...plan, onMilestone: (milestone, atMs) => told.hear(milestone, atMs) },
      (call) => {
        told.call ??= call;
        this.calls.push(call);
      },
    );
    return told;
  }

  deliver(octets: Uint8Array, from: string, _stamp: Stamp): void {
    const flow = { transport: "udp", address: from, port: 5060, listener: "udp" } as const;
    this.phone.receive({ kind: "datagram", octets, flow });
  }

  wake(): void {
    const alarm = this.#alarm;
    this.#alarm = undefined;
    alarm?.ring();
  }

  deadline(): Instant | undefined {
    return this.#alarm?.at;
  }
}

/** What a phone told of a call, in order. */
export class Told {
  call: PhoneCall | undefined;
  readonly milestones: Milestone[] = [];
  readonly times: number[] = [];

  hear(milestone: Milestone, atMs: number): void {
    this.milestones.push(milestone);
    this.times.push(atMs);
  }

  get kinds(): string[] {
    return this.milestones.map(({ kind }) => kind);
  }

  first<Kind extends Milestone["kind"]>(
    kind: Kind,
  ): Extract<Milestone, { readonly kind: Kind }> | undefined {
    return this.milestones.find(
      (one): one is Extract<Milestone, { readonly kind: Kind }> => one.kind === kind,
    );
  }

  atOf(kind: Milestone["kind"]): number | undefined {
    return this.times[this.kinds.indexOf(kind)];
  }
}
