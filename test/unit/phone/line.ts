import { Entropy, type Instant, instant, wake } from "../../../src/core/index.js";
import {
  type CallInput,
  type CallOutput,
  type CallParameters,
  type CallState,
  callMachine,
  type Milestone,
  newCall,
  type PlaceOrder,
} from "../../../src/phone/index.js";
import type { Body, SessionCommand, SessionEvent } from "../../../src/sip/index.js";
import {
  createRequest,
  createResponse,
  type HeaderField,
  type SipRequest,
  type SipResponse,
} from "../../../src/sip/message/index.js";

export const parameters: CallParameters = {
  policy: {
    codecs: [
      { name: "PCMA", clockRate: 8000 },
      { name: "PCMU", clockRate: 8000 },
    ],
    preference: "ours",
    telephoneEvents: "0-15",
    ...{ receivePtimeMs: 20, sendPtimeMs: 20, maxPtimeMs: 60 },
  },
  reliability: "supported",
  giveUpMs: 60_000,
  talkMs: 0,
  digits: "",
  answer: { kind: "answer", ringMs: 0, earlyMedia: false },
};

export const order: PlaceOrder = {
  target: "sip:200@192.0.2.2",
  destination: { transport: "udp", address: "192.0.2.2", port: 5060, listener: "udp" },
  from: "<sip:100@192.0.2.1>",
  to: "<sip:200@192.0.2.2>",
  delayedOffer: false,
  headers: [],
};

/** One call's machine with its inputs and times; keeps what comes out. */
export class Line {
  state: CallState = newCall("s");
  readonly outputs: CallOutput[] = [];
  readonly #machine;
  #now: Instant = instant(0);
  #dialogs = 0;

  constructor(change: Partial<CallParameters> = {}) {
    this.#machine = callMachine({ ...parameters, ...change });
  }

  get deadline(): Instant | undefined {
    return this.#machine.deadline(this.state);
  }

  /** Gives an input; what came out of it. */
  give(input: CallInput): readonly CallOutput[] {
    return this.#step(input);
  }

  /** Lets time pass, waking the machine at each of its deadlines. */
  until(ms: number): readonly CallOutput[] {
    const outputs: CallOutput[] = [];
    for (let at = this.deadline; at !== undefined && at <= ms; at = this.deadline) {
      this.#now = at;
      outputs.push(...this.#step(wake));
    }
    this.#now = instant(ms);
    return outputs;
  }

  event(event: SessionEvent): readonly CallOutput[] {
    return this.give({ kind: "session", event });
  }

  /** A call that is out: its INVITE was sent from 192.0.2.1:4000. */
  place(change: Partial<PlaceOrder> = {}): readonly CallOutput[] {
    this.give({ kind: "place", order: { ...order, ...change } });
    return this.give({ kind: "media-opened", address: "192.0.2.1", port: 4000 });
  }

  /** A provisional response in a dialog of its own, with an answer or not. */
  provisional(status: number, dialog: string, answer?: Body): readonly CallOutput[] {
    const response = responseOf(status);
    const described =
      answer === undefined ? [] : this.event(descriptionEvent(dialog, "answer", answer, response));
    const session = "s";
    return [
      ...described,
      ...this.event({ kind: "provisional-received", session, dialog, status, response }),
    ];
  }

  /** 200 in a dialog. */
  answered(dialog = "d", answer?: Body): readonly CallOutput[] {
    const response = responseOf(200);
    const described =
      answer === undefined ? [] : this.event(descriptionEvent(dialog, "answer", answer, response));
    return [...described, ...this.event({ kind: "answered", session: "s", dialog, response })];
  }

  /** An INVITE that came in. */
  invited(offer?: Body): readonly CallOutput[] {
    return this.event({
      ...{ kind: "invite-received", session: "s", dialog: `d${this.#dialogs++}` },
      request: requestOf("INVITE"),
      source: order.destination,
      reliability: "supported",
      ...(offer === undefined ? {} : { offer }),
    });
  }

  /** A re-INVITE or UPDATE of the far end with an offer. */
  offered(
    offer: Body,
    dialog = "d",
    method: "INVITE" | "UPDATE" = "INVITE",
  ): readonly CallOutput[] {
    const carrier = requestOf(method);
    return [
      ...this.event(descriptionEvent(dialog, "offer", offer, carrier)),
      ...this.event({ kind: "description-wanted", session: "s", dialog, role: "answer", method }),
    ];
  }

  get milestones(): readonly Milestone[] {
    return milestonesOf(this.outputs);
  }

  #step(input: CallInput | typeof wake): readonly CallOutput[] {
    const entropy = new Entropy(new Uint8Array(16).fill(7));
    const { state, outputs } = this.#machine.step(this.state, input, this.#now, entropy);
    this.state = state;
    this.outputs.push(...outputs);
    return outputs;
  }
}

export function milestonesOf(outputs: readonly CallOutput[]): readonly Milestone[] {
  return outputs.flatMap((output) => (output.kind === "milestone" ? [output.milestone] : []));
}

export function commandsOf(outputs: readonly CallOutput[]): readonly SessionCommand[] {
  return outputs.flatMap((output) => (output.kind === "session" ? [output.command] : []));
}

export function kindsOf(outputs: readonly CallOutput[]): readonly string[] {
  return outputs.map((output) =>
    output.kind === "session"
      ? output.command.kind
      : output.kind === "milestone"
        ? output.milestone.kind
        : output.kind,
  );
}

/** The text of the description in a command. */
export function sdpIn(command: SessionCommand | undefined): string {
  const bodies = command !== undefined && "bodies" in command ? command.bodies : [];
  return new TextDecoder().decode(bodies[0]?.content);
}

export interface SdpWish {
  readonly address?: string;
  readonly port?: number;
  readonly formats?: string;
  readonly direction?: string;
  readonly version?: number;
}

/** A description of the far end. */
export function sdp(wish: SdpWish = {}): Body {
  const { address = "192.0.2.2", port = 6000, formats = "8 101", direction, version = 1 } = wish;
  const lines = [
    "v=0",
    `o=- 7 ${version} IN IP4 ${address}`,
    "s=-",
    `c=IN IP4 ${address}`,
    "t=0 0",
    `m=audio ${port} RTP/AVP ${formats}`,
    "a=rtpmap:101 telephone-event/8000",
    ...(direction === undefined ? [] : [`a=${direction}`]),
  ];
  return {
    type: "application/sdp",
    content: new TextEncoder().encode(`${lines.join("\r\n")}\r\n`),
  };
}

export function requestOf(method: string, headers: readonly HeaderField[] = []): SipRequest {
  return createRequest(method, "sip:200@192.0.2.2", [
    { name: "From", value: "<sip:100@192.0.2.1>;tag=a" },
    { name: "To", value: "<sip:200@192.0.2.2>" },
    { name: "Call-ID", value: "c" },
    { name: "CSeq", value: `1 ${method}` },
    ...headers,
  ]);
}

export function responseOf(status: number, headers: readonly HeaderField[] = []): SipResponse {
  return createResponse(requestOf("INVITE"), status, { toTag: "b", headers });
}

function descriptionEvent(
  dialog: string,
  role: "offer" | "answer",
  body: Body,
  carrier: SipRequest | SipResponse,
): SessionEvent {
  return { kind: "description-received", session: "s", dialog, role, body, carrier };
}
