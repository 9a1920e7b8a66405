import type { Cause, Setup } from "../../../src/call/index.js";
import { fromUtf8, instant, utf8, type Wake } from "../../../src/core/index.js";
import {
  incomingSipLeg,
  outgoingSipLeg,
  type SipLegInput,
  type SipLegOutput,
  type SipLegState,
  type SipProfile,
  sipLeg,
} from "../../../src/interworking/index.js";
import type { Body, Reliability, SessionCommand, SessionEvent } from "../../../src/sip/index.js";
import {
  createRequest,
  createResponse,
  type HeaderField,
  type SipRequest,
} from "../../../src/sip/message/index.js";

export const field = (name: string, value: string): HeaderField => ({ name, value });

export const profile = (more: Partial<SipProfile> = {}): SipProfile => ({
  ...{ name: "pbx", ourHost: "gw.example.com", peerHost: "pbx.example.com" },
  ...{ numbering: { localNature: "unknown" }, causes: "rfc3398", trusted: true, diversion: true },
  ...{ userToUser: true, inBandAlerting: 180, reliability: "supported", offer: "early" },
  media: {
    codecs: [
      { name: "PCMA", clockRate: 8000 },
      { name: "PCMU", clockRate: 8000 },
    ],
    ...{ preference: "theirs", telephoneEvents: "0-15" },
    ...{ receivePtimeMs: 20, sendPtimeMs: 20, maxPtimeMs: 60 },
  },
  ...{ clearmode: true, audioBearer: "audio-3k1", law: "a-law" },
  ...more,
});

/** A request as it comes from a peer, with the given lines. */
export function request(
  method: string,
  headers: readonly HeaderField[] = [],
  uri = "sip:100@gw.example.com",
): SipRequest {
  const all = [
    ...[field("Via", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1"), field("Call-ID", "c1")],
    ...(headers.some(({ name }) => name === "From")
      ? []
      : [field("From", "<sip:2001@pbx.example.com>;tag=f")]),
    ...[field("To", "<sip:100@gw.example.com>"), field("CSeq", `1 ${method}`)],
    ...headers,
  ];
  return createRequest(method, uri, all);
}

export function response(status: number, headers: readonly HeaderField[] = []) {
  return createResponse(request("INVITE"), status, { headers });
}

export function sdp(...below: string[]): Body {
  const head = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"];
  return { type: "application/sdp", content: utf8([...head, ...below, ""].join("\r\n")) };
}

export const AUDIO = sdp("m=audio 5000 RTP/AVP 8 101", "a=rtpmap:101 telephone-event/8000");
const FLOW = { transport: "udp", address: "192.0.2.1", port: 5060, listener: "l" } as const;

export const setup = (more: Partial<Setup> = {}): Setup => ({
  kind: "setup",
  called: { digits: "2001", nature: "unknown", plan: "isdn" },
  sendingComplete: true,
  bearer: { kind: "audio-3k1", law: "a-law" },
  ...more,
});

export const gatewayCause = (value: number, more: Partial<Cause> = {}): Cause => ({
  ...{ value, location: "public-network-local", steps: [] },
  origin: { kind: "q850", value, location: "public-network-local" },
  ...more,
});

/** A leg under test: its state, and what it said to the last input. */
export class Leg {
  state: SipLegState;
  said: readonly SipLegOutput[] = [];
  readonly all: SipLegOutput[] = [];
  readonly #machine;

  constructor(role: "incoming" | "outgoing", more: Partial<SipProfile> = {}) {
    this.#machine = sipLeg(profile(more));
    this.state =
      role === "incoming"
        ? incomingSipLeg("s", "7")
        : outgoingSipLeg("s", { destination: FLOW }, "7");
  }

  give(input: SipLegInput | Wake): readonly SipLegOutput[] {
    const step = this.#machine.step(this.state, input, instant(0));
    this.state = step.state;
    this.said = step.outputs;
    this.all.push(...step.outputs);
    return step.outputs;
  }

  session(event: SessionEvent): readonly SipLegOutput[] {
    return this.give({ kind: "session", event });
  }

  call(event: (SipLegInput & { kind: "call" })["event"]): readonly SipLegOutput[] {
    return this.give({ kind: "call", event });
  }

  opened(): readonly SipLegOutput[] {
    return this.give({
      ...{ kind: "media-opened", address: "198.51.100.1", port: 16384, rtcpPort: 16385 },
    });
  }

  /** An INVITE came and its port is open. */
  invited(
    headers: readonly HeaderField[] = [],
    offer: Body | undefined = AUDIO,
    reliability: Reliability = "supported",
    uri?: string,
  ): this {
    this.invite(headers, offer, reliability, uri);
    this.opened();
    return this;
  }

  invite(
    headers: readonly HeaderField[] = [],
    offer: Body | undefined = AUDIO,
    reliability: Reliability = "supported",
    uri?: string,
  ): readonly SipLegOutput[] {
    return this.session({
      ...{ kind: "invite-received", session: "s", dialog: "d", source: FLOW, reliability },
      request: request("INVITE", headers, uri),
      ...(offer === undefined || offer.content.length === 0 ? {} : { offer }),
    });
  }

  /** A setup was given and the INVITE is out. */
  called(more: Partial<Setup> = {}): this {
    this.call(setup(more));
    this.opened();
    return this;
  }

  provisional(status: number, dialog?: string, headers: readonly HeaderField[] = []) {
    return this.session({
      ...{ kind: "provisional-received", session: "s", status },
      ...(dialog === undefined ? {} : { dialog }),
      response: response(status, headers),
    });
  }

  described(role: "offer" | "answer", body: Body = AUDIO, dialog = "d") {
    const carrier = response(200);
    return this.session({
      ...{ kind: "description-received", session: "s", dialog, role, body, carrier },
    });
  }

  wanted(role: "offer" | "answer", method: "PRACK" | "UPDATE" | "INVITE" | "ACK", dialog = "d") {
    return this.session({ kind: "description-wanted", session: "s", dialog, role, method });
  }

  answered(dialog = "d", headers: readonly HeaderField[] = []) {
    return this.session({
      ...{ kind: "answered", session: "s", dialog, response: response(200, headers) },
    });
  }

  /** Commands to the stack in the last step. */
  get commands(): readonly SessionCommand[] {
    return this.said.flatMap((one) => (one.kind === "session" ? [one.command] : []));
  }

  get command(): SessionCommand & { readonly headers: readonly HeaderField[] } {
    const [one] = this.commands;
    if (one === undefined) throw new Error("no command");
    return one;
  }

  get calls() {
    return this.said.flatMap((one) => (one.kind === "call" ? [one.event] : []));
  }
}

/** An empty body stands for an INVITE without an offer. */
export const NO_OFFER: Body = { type: "application/sdp", content: new Uint8Array() };

export function textOf(headers: readonly HeaderField[], name: string): string | undefined {
  return headers.find((one) => one.name === name)?.value;
}

/** The description in a command, as lines. */
export function linesOf(command: SessionCommand): readonly string[] {
  const [body] = "bodies" in command ? command.bodies : [];
  return body === undefined ? [] : fromUtf8(body.content).trimEnd().split("\r\n");
}
