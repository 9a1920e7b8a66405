import { Entropy, type Instant, type Stamp, utf8 } from "../../../src/core/index.js";
import {
  type Body,
  type Flow,
  type Role,
  type SessionCommand,
  type SessionEvent,
  type SessionId,
  type SipOutput,
  SipStack,
  type StackInput,
  type StackParameters,
} from "../../../src/sip/index.js";
import type { Station, Wire } from "../wire.js";

/** What a party knows of one of its sessions. */
export interface Call {
  readonly id: SessionId;
  readonly events: SessionEvent[];
  state: "trying" | "answered" | "ended";
  /** The last completed exchange: our description and theirs. */
  agreed: { readonly ours: string; readonly theirs: string } | undefined;
  /** The same by dialog: the forks of an INVITE each answer its one offer. */
  readonly agreedBy: Map<string, { readonly ours: string; readonly theirs: string }>;
  /** The offer in the INVITE. */
  initial: string | undefined;
  /** Our offers that wait for their answers, in the order in which they will be answered. */
  readonly offers: { readonly text: string; readonly modify: boolean }[];
  /** Whether each modify that has not come to its end has an offer. */
  readonly modifies: boolean[];
  /** Their offer that waits for our answer. */
  theirs: string | undefined;
}

export type Behaviour = (event: SessionEvent, call: Call, party: Party) => void;

/** A SIP stack on a simulated wire with a user who acts by rule. */
export class Party implements Station<Uint8Array> {
  readonly calls = new Map<SessionId, Call>();
  readonly address: string;
  readonly stack: SipStack;
  /** All inputs with their stamps, for a replay. */
  readonly log: { readonly input: StackInput | "wake"; readonly stamp: LoggedStamp }[] = [];
  readonly outputs: SipOutput[] = [];
  /** After each wake: when it was, and what comes next. */
  readonly wakes: { readonly now: Instant; readonly deadline: Instant | undefined }[] = [];
  readonly anomalies: string[] = [];
  behaviour: Behaviour = () => undefined;
  readonly #wire: Wire<Uint8Array>;
  #bodies = 0;

  readonly #transport: "udp" | "tcp";

  constructor(wire: Wire<Uint8Array>, address: string, transport: "udp" | "tcp" = "udp") {
    this.#wire = wire;
    this.address = address;
    this.#transport = transport;
    this.stack = new SipStack(partyParameters(address));
    wire.attach(address, this);
  }

  deliver(octets: Uint8Array, from: string, stamp: Stamp): void {
    const flow = flowTo(from, this.#transport);
    if (this.#transport === "udp") {
      this.#perform({ kind: "datagram", octets, flow }, stamp);
      return;
    }
    // A stream comes in pieces.
    const cut = stamp.entropy.between(0, octets.length);
    this.#perform({ kind: "stream", octets: octets.subarray(0, cut), flow }, stamp);
    this.#perform({ kind: "stream", octets: octets.subarray(cut), flow }, stamp);
  }

  wake(stamp: Stamp): void {
    this.#perform("wake", stamp);
    this.wakes.push({ now: stamp.now, deadline: this.stack.deadline() });
  }

  deadline(): Instant | undefined {
    return this.stack.deadline();
  }

  do(command: SessionCommand): void {
    if (command.kind === "invite") this.#open(command.session);
    this.#book(command);
    this.#perform({ kind: "command", command }, this.#wire.stamp());
  }

  /** A description no other is equal to. */
  description(role: Role | "preview"): Body {
    const content = utf8(`${role} ${++this.#bodies} of ${this.address}`);
    return { type: "application/sdp", content };
  }

  invite(
    session: SessionId,
    to: string,
    reliability: "none" | "supported" | "required",
    delayed: boolean,
  ): void {
    this.do({
      kind: "invite",
      session,
      target: `sip:200@${to}`,
      destination: flowTo(to, this.#transport),
      from: `<sip:100@${this.address}>`,
      to: `<sip:200@${to}>`,
      reliability,
      headers: [],
      bodies: delayed ? [] : [this.description("offer")],
    });
  }

  #perform(input: StackInput | "wake", stamp: Stamp): void {
    const logged = { now: stamp.now, entropy: copyOf(stamp) };
    this.log.push({ input, stamp: logged });
    const given = replayStamp(logged);
    const outputs = input === "wake" ? this.stack.wake(given) : this.stack.receive(input, given);
    this.outputs.push(...outputs);
    for (const output of outputs) {
      if (output.kind === "send") {
        const reliable = output.flow.transport === "tcp";
        this.#wire.send(this.address, output.flow.address, output.octets, reliable);
      } else if (output.kind === "anomaly") {
        this.anomalies.push(output.what);
      } else if (output.kind === "resolve") {
        // There are no names in this world.
        const answer: StackInput = { kind: "resolved", query: output.query, addresses: [] };
        this.#wire.in(10, () => this.#perform(answer, this.#wire.stamp()));
      } else if (output.kind === "session") {
        this.#hear(output.event);
      } else if (output.kind === "fault") {
        throw output.error;
      }
    }
  }

  #open(id: SessionId): Call {
    const call: Call = {
      id,
      events: [],
      state: "trying",
      agreed: undefined,
      agreedBy: new Map(),
      initial: undefined,
      offers: [],
      modifies: [],
      theirs: undefined,
    };
    this.calls.set(id, call);
    return call;
  }

  #hear(event: SessionEvent): void {
    const call = this.calls.get(event.session) ?? this.#open(event.session);
    if (call.state === "ended") throw new Error(`${event.kind} after the end of ${call.id}`);
    call.events.push(event);
    if (event.kind === "ended") call.state = "ended";
    if (event.kind === "answered") {
      call.state = "answered";
      call.agreed = call.agreedBy.get(event.dialog) ?? call.agreed;
    }
    if (event.kind === "invite-received" && event.offer) call.theirs = text(event.offer);
    if (event.kind === "description-received") {
      if (event.role === "offer") call.theirs = text(event.body);
      else {
        const ours = call.offers.shift()?.text ?? call.initial ?? "none";
        call.agreed = { ours, theirs: text(event.body) };
        call.agreedBy.set(event.dialog, call.agreed);
      }
    }
    if (event.kind === "modified" && call.modifies.shift() === true && !event.ok) {
      const failed = call.offers.findIndex(({ modify }) => modify);
      if (failed >= 0) call.offers.splice(failed, 1);
    }
    // The user acts after all that this step said was heard.
    this.#wire.in(0, () => this.behaviour(event, call, this));
  }

  /** What our description in a command makes of the exchange. */
  #book(command: SessionCommand): void {
    if (!("session" in command) || !("bodies" in command)) return;
    const call = this.calls.get(command.session);
    const body = command.bodies[0];
    if (call === undefined) return;
    if (command.kind === "accept") call.state = "answered";
    if (command.kind === "modify") call.modifies.push(body !== undefined);
    if (body === undefined || body.type !== "application/sdp") return;
    const modify = command.kind === "modify";
    if (command.kind === "invite") call.initial = text(body);
    if (call.theirs !== undefined && !modify) {
      call.agreed = { ours: text(body), theirs: call.theirs };
      if (command.kind === "describe") call.agreedBy.set(command.dialog, call.agreed);
      call.theirs = undefined;
      return;
    }
    const place = modify ? call.offers.length : call.offers.findIndex((offer) => offer.modify);
    call.offers.splice(place < 0 ? call.offers.length : place, 0, { text: text(body), modify });
  }
}

/** A stamp as a log keeps it. */
export interface LoggedStamp {
  readonly now: Instant;
  readonly entropy: Uint8Array;
}

export function replayStamp(logged: LoggedStamp): Stamp {
  return { now: logged.now, entropy: new Entropy(logged.entropy) };
}

export function partyParameters(address: string): StackParameters {
  return {
    listeners: {
      udp: { transport: "udp", address, port: 5060 },
      tcp: { transport: "tcp", address, port: 5060 },
    },
    allow: ["INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "PRACK", "UPDATE", "INFO", "MESSAGE"],
    product: "world",
  };
}

export function flowTo(address: string, transport: "udp" | "tcp" = "udp"): Flow {
  const flow = { transport, address, port: 5060, listener: transport };
  return transport === "udp" ? flow : { ...flow, flow: `connection with ${address}` };
}

export function text(body: Body): string {
  return new TextDecoder().decode(body.content);
}

function copyOf(stamp: Stamp): Uint8Array {
  const octets = new Uint8Array(16);
  const view = new DataView(octets.buffer);
  for (let i = 0; i < 4; i++) view.setUint32(i * 4, stamp.entropy.uint32());
  return octets;
}
