import type { Engine } from "../../src/addon/index.js";
import { type Instant, type Stamp, uriHost } from "../../src/core/index.js";
import type { Endpoint, World } from "../../src/host/index.js";
import {
  type Flow,
  type HeaderField,
  type Reliability,
  type SessionCommand,
  type SessionEvent,
  SipStack,
  type StackInput,
} from "../../src/sip/index.js";
import type { Wish } from "./descriptions.js";
import { sdpBody } from "./descriptions.js";
import { PhoneCall } from "./phone-call.js";
import type { SipNetwork, SipStation } from "./sip-network.js";
import { RtpEnd } from "./speech.js";

export interface CallOptions {
  readonly from?: string;
  readonly headers?: readonly HeaderField[];
  readonly reliability?: Reliability;
  /** No offer in the INVITE. */
  readonly delayed?: boolean;
  readonly wish?: Partial<Wish>;
  /** The description as it goes out, instead of the wishes. */
  readonly sdp?: string;
  readonly target?: string;
  readonly transport?: "udp" | "tcp";
  readonly maxForwards?: number;
}

export interface PhoneParts {
  readonly engine: Engine;
  readonly network: SipNetwork;
  readonly world: World;
}

/** A SIP phone that does what the test says: our own stack at another address, no media engine. */
export class ScriptedPhone implements SipStation {
  readonly at: Endpoint;
  readonly stack: SipStack;
  readonly calls: PhoneCall[] = [];
  /** Calls that came in. */
  readonly incoming: PhoneCall[] = [];
  readonly anomalies: string[] = [];
  /** What it does with a call that comes in; nothing unless said. */
  onCall: (call: PhoneCall) => void = () => undefined;
  wish: Wish = { codecs: ["PCMA", "PCMU"], events: true, direction: "sendrecv", version: 1 };
  readonly #parts: PhoneParts;
  readonly #gateway: Endpoint;
  readonly #live = new Map<string, PhoneCall>();
  readonly #queue: (() => void)[] = [];
  readonly #rtp = new Map<number, RtpEnd>();
  #nextRtp: number;
  #running = false;
  #count = 0;

  constructor(at: Endpoint, gateway: Endpoint, rtpFrom: number, parts: PhoneParts) {
    this.at = at;
    this.#gateway = gateway;
    this.#parts = parts;
    this.#nextRtp = rtpFrom;
    const { address, port } = at;
    this.stack = new SipStack({
      listeners: {
        udp: { transport: "udp", address, port },
        tcp: { transport: "tcp", address, port },
      },
      exhaustedInvite: "answer",
      allow: ["INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "PRACK", "UPDATE", "INFO", "NOTIFY"],
      product: "scenario",
    });
    parts.network.attach(at, this);
  }

  /** Places a call to a number behind the gateway. */
  call(number: string, options: CallOptions = {}): PhoneCall {
    const id = `${this.at.port}-${++this.#count}`;
    const call = this.#open(id, options.wish);
    const gateway = `${uriHost(this.#gateway.address)}:${this.#gateway.port}`;
    const target = options.target ?? `sip:${number}@${gateway}`;
    this.#command({
      kind: "invite",
      session: id,
      target,
      destination: this.#flow(this.#gateway, options.transport ?? "udp"),
      from: options.from ?? `<sip:5550100@${uriHost(this.at.address)}>`,
      to: `<${target}>`,
      reliability: options.reliability ?? "none",
      ...(options.maxForwards === undefined ? {} : { maxForwards: options.maxForwards }),
      headers: options.headers ?? [],
      bodies:
        options.delayed === true
          ? []
          : [options.sdp === undefined ? call.describe() : sdpBody(options.sdp)],
    });
    return call;
  }

  datagram(octets: Uint8Array, from: Endpoint): void {
    this.#receive({ kind: "datagram", octets, flow: this.#flow(from, "udp") });
  }

  stream(octets: Uint8Array, from: Endpoint): void {
    this.#receive({ kind: "stream", octets, flow: this.#flow(from, "tcp") });
  }

  /** Any octets to the gateway, as a datagram. */
  raw(octets: Uint8Array | string): void {
    const whole = typeof octets === "string" ? new TextEncoder().encode(octets) : octets;
    this.#parts.network.send("udp", this.at, this.#gateway, whole);
  }

  /** One millisecond of the phone: its timers and its speech. */
  tick(): void {
    const { now } = this.#stamp();
    const due = this.stack.deadline();
    if (due !== undefined && due <= now) this.#post(() => this.#perform(undefined));
    for (const end of this.#rtp.values()) if (end.speaking) end.tick(now);
  }

  /** The call's stream has another port from now on; the next description says so. */
  move(call: PhoneCall, port: number): void {
    this.#rtp.delete(call.media.at.port);
    call.media.at = { address: this.at.address, port };
    this.#rtp.set(port, call.media);
  }

  /** RTP or RTCP to one of its ports. */
  packet(to: Endpoint, octets: Uint8Array): boolean {
    const end = this.#rtp.get(to.port - (to.port % 2));
    if (end === undefined || to.address !== this.at.address) return false;
    if (to.port % 2 === 1) end.rtcp.push(octets.slice());
    else end.receive(octets, this.#parts.world.now());
    return true;
  }

  deadline(): Instant | undefined {
    return this.stack.deadline();
  }

  /** Calls that are over are not kept: for long loads. */
  forget(): void {
    this.calls.length = 0;
    this.incoming.length = 0;
    this.#rtp.clear();
  }

  get speaking(): boolean {
    return [...this.#rtp.values()].some((end) => end.speaking);
  }

  #open(id: string, wish: Partial<Wish> = {}): PhoneCall {
    const at = { address: this.at.address, port: this.#nextRtp };
    this.#nextRtp += 2;
    const end = new RtpEnd(this.#parts.engine, at, 0x1000_0000 + at.port);
    this.#rtp.set(at.port, end);
    const call = new PhoneCall(id, end, { ...this.wish, ...wish }, (command) =>
      this.#command(command),
    );
    this.calls.push(call);
    this.#live.set(id, call);
    return call;
  }

  #command(command: SessionCommand): void {
    this.#receive({ kind: "command", command });
  }

  #receive(input: StackInput): void {
    this.#post(() => this.#perform(input));
  }

  #post(work: () => void): void {
    this.#queue.push(work);
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
    this.#running = false;
  }

  #perform(input: StackInput | undefined): void {
    const stamp = this.#stamp();
    const outputs = input === undefined ? this.stack.wake(stamp) : this.stack.receive(input, stamp);
    for (const output of outputs) {
      if (output.kind === "send") {
        const { address, port, transport } = output.flow;
        const kind = transport === "tcp" ? "tcp" : "udp";
        this.#parts.network.send(kind, this.at, { address, port }, output.octets);
      } else if (output.kind === "session") this.#hear(output.event);
      else if (output.kind === "anomaly") this.anomalies.push(output.what);
      else if (output.kind === "fault") throw output.error;
    }
  }

  #hear(event: SessionEvent): void {
    const isNew = event.kind === "invite-received";
    const call = isNew ? this.#open(event.session) : this.#live.get(event.session);
    if (call === undefined) throw new Error(`${event.kind} of a call that is over`);
    call.hear(event);
    if (event.kind === "ended") this.#live.delete(event.session);
    if (!isNew) return;
    this.incoming.push(call);
    this.#post(() => this.onCall(call));
  }

  #stamp(): Stamp {
    return { now: this.#parts.world.now(), entropy: this.#parts.world.entropy() };
  }

  #flow({ address, port }: Endpoint, transport: "udp" | "tcp"): Flow {
    const flow = { transport, address, port, listener: transport };
    return transport === "udp" ? flow : { ...flow, flow: `stream of ${address}:${port}` };
  }
}
