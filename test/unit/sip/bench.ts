import { after, type Instant, instant, type Stamp, utf8 } from "../../../src/core/index.js";
import { tagOf } from "../../../src/sip/dialog/dialog.js";
import {
  type Body,
  type Flow,
  type SessionCommand,
  type SessionEvent,
  type SipOutput,
  SipStack,
  type StackParameters,
} from "../../../src/sip/index.js";
import { header, parseMessage, type SipMessage } from "../../../src/sip/message/index.js";
import { seededEntropy } from "../../world/wire.js";

export const peer: Flow = { transport: "udp", address: "192.0.2.9", port: 5060, listener: "udp" };

export const quiet = { sessions: 0, dialogs: 0, transactions: 0, timers: 0 };

/** One stack under test: it is given messages and instants, and what it does is collected. */
export class Bench {
  readonly stack: SipStack;
  now: Instant = instant(0);
  readonly events: SessionEvent[] = [];
  readonly anomalies: string[] = [];
  readonly outputs: SipOutput[] = [];
  #sent: { readonly at: Instant; readonly message: SipMessage; readonly flow: Flow }[] = [];
  #seed = 1;

  constructor(more: Partial<StackParameters> = {}) {
    this.stack = new SipStack({
      listeners: {
        udp: { transport: "udp", address: "192.0.2.1", port: 5060 },
        tcp: { transport: "tcp", address: "192.0.2.1", port: 5060 },
      },
      allow: ["INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "PRACK", "UPDATE", "INFO", "MESSAGE"],
      ...more,
    });
  }

  stamp(): Stamp {
    return { now: this.now, entropy: seededEntropy(this.#seed++) };
  }

  receive(message: string | Uint8Array, flow = peer): this {
    const octets = typeof message === "string" ? utf8(message) : message;
    return this.#take(this.stack.receive({ kind: "datagram", octets, flow }, this.stamp()));
  }

  command(command: SessionCommand): this {
    return this.#take(this.stack.command(command, this.stamp()));
  }

  give(input: Parameters<SipStack["receive"]>[0]): this {
    return this.#take(this.stack.receive(input, this.stamp()));
  }

  /** Lets the time pass, waking the stack at each of its deadlines. */
  pass(ms: number): this {
    const end = after(this.now, ms);
    for (
      let at = this.stack.deadline();
      at !== undefined && at <= end;
      at = this.stack.deadline()
    ) {
      this.now = at;
      this.#take(this.stack.wake(this.stamp()));
    }
    this.now = end;
    return this;
  }

  /** What was sent since it was last asked. */
  sent(): readonly SipMessage[] {
    return this.timed().map(({ message }) => message);
  }

  timed(): readonly { readonly at: Instant; readonly message: SipMessage; readonly flow: Flow }[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  /** `INVITE`, `200 INVITE`, ... of what was sent since it was last asked. */
  lines(): readonly string[] {
    return this.sent().map(line);
  }

  /** The only message sent since it was last asked. */
  one(): SipMessage {
    const [message, ...more] = this.sent();
    if (message === undefined || more.length > 0) {
      throw new Error(`not one message but ${[message, ...more].map((m) => m && line(m))}`);
    }
    return message;
  }

  /** Kinds of the events since it was last asked. */
  heard(): readonly string[] {
    return this.take().map(({ kind }) => kind);
  }

  take(): readonly SessionEvent[] {
    return this.events.splice(0);
  }

  #take(outputs: readonly SipOutput[]): this {
    this.outputs.push(...outputs);
    for (const output of outputs) {
      if (output.kind === "fault") throw output.error;
      if (output.kind === "session") this.events.push(output.event);
      if (output.kind === "anomaly") this.anomalies.push(output.what);
      if (output.kind !== "send") continue;
      const message = parseMessage(output.octets);
      if (!message.ok) throw new Error(`we sent what cannot be read: ${message.error.reason}`);
      this.#sent.push({ at: this.now, message: message.value, flow: output.flow });
    }
    return this;
  }
}

export function line(message: SipMessage): string {
  const method = message.headers.value(header.cSeq)?.method;
  return message.kind === "request" ? message.method : `${message.status} ${method}`;
}

export function sdp(text: string): Body {
  return { type: "application/sdp", content: utf8(text) };
}

export function bodyText(message: { readonly body: Uint8Array }): string {
  return new TextDecoder().decode(message.body);
}

export interface PeerRequest {
  readonly method?: string;
  readonly uri?: string;
  readonly branch?: string;
  readonly cseq?: number;
  readonly callId?: string;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly more?: readonly string[];
  readonly body?: string;
  readonly contact?: string;
}

/** A request of the peer; all that is not said has a default. */
export function request(what: PeerRequest = {}): string {
  const method = what.method ?? "INVITE";
  const branch = what.branch ?? `${method}${what.cseq ?? 1}`;
  return text(
    [
      `${method} ${what.uri ?? "sip:200@192.0.2.1"} SIP/2.0`,
      `Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK${branch}`,
      ...(what.more?.some((field) => field.startsWith("Max-Forwards")) ? [] : ["Max-Forwards: 70"]),
      `From: <sip:100@192.0.2.9>;tag=${what.fromTag ?? "peer"}`,
      `To: <sip:200@192.0.2.1>${what.toTag === undefined ? "" : `;tag=${what.toTag}`}`,
      `Call-ID: ${what.callId ?? "call-1"}`,
      `CSeq: ${what.cseq ?? 1} ${method}`,
      `Contact: <${what.contact ?? "sip:100@192.0.2.9"}>`,
      ...(what.more ?? []),
    ],
    what.body,
  );
}

/** A response of the peer to a request of ours. */
export function answer(
  to: SipMessage,
  status: number,
  what: {
    readonly tag?: string;
    readonly more?: readonly string[];
    readonly body?: string;
    readonly contact?: string | undefined;
  } = {},
): string {
  const { headers } = to;
  const tagged = tagOf(headers, header.to) !== "" || status === 100;
  const contact = "contact" in what ? what.contact : "sip:200@192.0.2.9";
  return text(
    [
      `SIP/2.0 ${status} Whatever`,
      ...headers.texts("Via").map((via) => `Via: ${via}`),
      `From: ${headers.text("From")}`,
      `To: ${headers.text("To")}${tagged ? "" : `;tag=${what.tag ?? "fork-1"}`}`,
      `Call-ID: ${headers.text("Call-ID")}`,
      `CSeq: ${headers.text("CSeq")}`,
      ...(contact === undefined ? [] : [`Contact: <${contact}>`]),
      ...(what.more ?? []),
    ],
    what.body,
  );
}

/** To tag of a message of ours. */
export function toTag(message: SipMessage): string {
  return tagOf(message.headers, header.to);
}

function text(lines: readonly string[], body = ""): string {
  const content = body === "" ? [] : ["Content-Type: application/sdp"];
  return [...lines, ...content, `Content-Length: ${utf8(body).length}`, "", body].join("\r\n");
}
