import type { CallEvent, Cause } from "../call/index.js";
import type { CodecName, Companions, Direction, MediaAgreement } from "../sdp/index.js";
import type { SessionCommand, SessionEvent } from "../sip/index.js";

/**
 * What a SIP leg is told. The leg is one INVITE session, in either role: it turns session events
 * into call events and call events into session commands, and owns the leg's one audio stream.
 */
export type SipLegInput =
  /** From the SIP stack, for this leg's session. The first one of an incoming leg is `invite-received`. */
  | { readonly kind: "session"; readonly event: SessionEvent }
  /** From the join: what the leg is asked to do. The first one of an outgoing leg is `setup`. */
  | { readonly kind: "call"; readonly event: CallEvent }
  /** Answer to `open-media`: where the RTP port (and its RTCP port) is bound. */
  | {
      readonly kind: "media-opened";
      readonly address: string;
      readonly port: number;
      readonly rtcpPort: number;
    }
  /** Answer to `open-media`: no port is to be had. The leg ends itself with cause 47. */
  | { readonly kind: "media-failed"; readonly what: string }
  /** The profile that holds from here on wants other media than the one before: tell the far end. */
  | { readonly kind: "renegotiate" }
  /** The engine hears a fax or a modem in the call. */
  | { readonly kind: "data-heard" }
  /** The call's other leg is a SIP leg too and speaks these: what need not be transcoded comes first. */
  | { readonly kind: "prefer"; readonly codecs: readonly CodecName[] };

/** What a SIP leg wants done. */
export type SipLegOutput =
  /** For the SIP stack. */
  | { readonly kind: "session"; readonly command: SessionCommand }
  /** For the join. After `release` nothing more comes of the leg and nothing may be asked of it. */
  | { readonly kind: "call"; readonly event: CallEvent }
  /**
   * Open the leg's RTP port, once per leg; answered by `media-opened` or `media-failed`. It always
   * comes before the leg's first call event (incoming) or its INVITE (outgoing), so that a media
   * plan never meets a leg without a port. `near` is the far end's address where it is known, so
   * that the local address can be chosen by it.
   */
  | { readonly kind: "open-media"; readonly near?: string }
  /** An offer of ours is out: what it lets the far end send must be received (RFC 3264 §6). */
  | {
      readonly kind: "media-offered";
      readonly receive: MediaAgreement["receive"];
      readonly companions: Companions;
    }
  /** What an incoming INVITE will be answered with, as things stand. */
  | { readonly kind: "codec-expected"; readonly codec: CodecName }
  /** Offer and answer are complete, first or again: configure the port, let it latch anew. */
  | { readonly kind: "media-agreed"; readonly agreement: MediaAgreement }
  /** Only the direction changed (hold, retrieval): nothing is latched anew. */
  | { readonly kind: "media-direction"; readonly direction: Direction }
  /** The stream is over; the leg asks for no port again. */
  | { readonly kind: "close-media" }
  /** The peer's fault, one sentence for log and counters. */
  | { readonly kind: "anomaly"; readonly what: string; readonly cause?: Cause };
