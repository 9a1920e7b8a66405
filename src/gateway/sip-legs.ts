import type { CallEvent } from "../call/index.js";
import { type BookInput, type BookOutput, MachineBook } from "../core/index.js";
import type { Driver, Inlet } from "../host/index.js";
import {
  incomingSipLeg,
  outgoingSipLeg,
  type SipLegInput,
  type SipLegOutput,
  type SipLegState,
  type SipProfile,
  type SipTarget,
  sipLeg,
} from "../interworking/index.js";
import type { CodecName } from "../sdp/index.js";
import type { SessionCommand, SessionEvent } from "../sip/index.js";
import type { LegMedia } from "./leg-media.js";

export interface SipLegEvents {
  command(command: SessionCommand): void;
  said(leg: string, event: CallEvent): void;
  /** What the leg is going to speak, or speaks from now on. */
  speaks(leg: string, codec: CodecName): void;
  anomaly(what: string, leg: string): void;
}

/** The SIP legs of all calls, by session: brings their outputs to the stack, the calls and the media. */
export class SipLegs {
  readonly #inlet: Inlet<BookInput<SipLegState, SipLegInput, SipLegOutput>>;
  readonly #book = new MachineBook<SipLegState, SipLegInput, SipLegOutput>(
    ({ phase }) => phase === "ended",
  );
  readonly #media: LegMedia;
  readonly #events: SipLegEvents;
  #sdpId = 0;

  constructor(driver: Driver, media: LegMedia, events: SipLegEvents) {
    this.#media = media;
    this.#events = events;
    // A session id of SDP is a number that no other of this host has had (RFC 8866 §5.2).
    this.#sdpId = Math.floor(Date.now() / 1000) * 1000;
    this.#inlet = driver.attach("sip legs", this.#book, (output) => this.#perform(output));
  }

  get size(): number {
    return this.#book.size;
  }

  begin(session: string, profile: SipProfile, target?: SipTarget): void {
    const id = String(++this.#sdpId);
    const state =
      target === undefined ? incomingSipLeg(session, id) : outgoingSipLeg(session, target, id);
    this.#inlet({ kind: "begin", key: session, machine: sipLeg(profile), state });
  }

  /** From here on the leg is treated so. */
  adopt(session: string, profile: SipProfile): void {
    this.#inlet({ kind: "adopt", key: session, machine: sipLeg(profile) });
  }

  /** Treated so from here on; what is agreed already is offered anew. */
  renegotiate(session: string, profile: SipProfile): void {
    this.adopt(session, profile);
    this.#inlet({ kind: "input", key: session, input: { kind: "renegotiate" } });
  }

  /** A fax or a modem is heard in the leg's call. */
  hearData(leg: string): void {
    this.#inlet({ kind: "input", key: leg, input: { kind: "data-heard" } });
  }

  /** The call's other leg speaks this. */
  prefer(leg: string, codec: CodecName): void {
    this.#inlet({ kind: "input", key: leg, input: { kind: "prefer", codecs: [codec] } });
  }

  session(event: SessionEvent): void {
    if (!("session" in event)) return;
    this.#inlet({ kind: "input", key: event.session, input: { kind: "session", event } });
  }

  tell(leg: string, event: CallEvent): void {
    this.#inlet({ kind: "input", key: leg, input: { kind: "call", event } });
  }

  /** A leg that sent nothing yet is not wanted any more. */
  forget(leg: string): void {
    this.#inlet({ kind: "forget", key: leg });
  }

  #perform({ key: leg, output }: BookOutput<SipLegState, SipLegOutput>): void {
    switch (output.kind) {
      case "session":
        this.#events.command(output.command);
        return;
      case "call":
        this.#events.said(leg, output.event);
        return;
      case "open-media":
        this.#openMedia(leg, output.near);
        return;
      case "media-offered":
        this.#media.offered(leg, output.receive, output.companions);
        return;
      case "codec-expected":
        this.#events.speaks(leg, output.codec);
        return;
      case "media-agreed":
        this.#media.agreed(leg, output.agreement);
        this.#events.speaks(leg, output.agreement.send.codec.name);
        return;
      case "media-direction":
        this.#media.direction(leg, output.direction);
        return;
      case "close-media":
        this.#media.close(leg);
        return;
      case "anomaly":
        this.#events.anomaly(output.what, leg);
        return;
    }
  }

  #openMedia(leg: string, near: string | undefined): void {
    const opened = this.#media.openRtp(leg, near);
    const input: SipLegInput = opened.ok
      ? { kind: "media-opened", ...opened.value }
      : { kind: "media-failed", what: opened.error };
    this.#inlet({ kind: "input", key: leg, input });
  }
}
