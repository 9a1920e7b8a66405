import type { Companions, Direction, MediaAgreement, MediaPolicy } from "../sdp/index.js";
import type {
  DialogId,
  Flow,
  HeaderField,
  Reliability,
  SessionCommand,
  SessionEvent,
} from "../sip/index.js";
import type { Reason } from "../sip/message/index.js";

/** What a call is willing to do, whoever begins it. */
export interface CallParameters {
  readonly policy: MediaPolicy;
  /** 100rel (RFC 3262) as caller and as callee. */
  readonly reliability: Reliability;
  /** Gives up so long after the INVITE went out without a final response; 0: never. */
  readonly giveUpMs: number;
  /** Hangs up so long after the answer; 0: never. */
  readonly talkMs: number;
  /** Keyed after the answer: 0-9 * # A-D, and a comma for a pause of a second. */
  readonly digits: string;
  /** What to do with a call that comes in. */
  readonly answer: AnswerPlan;
}

export type AnswerPlan =
  /** Rings so long (0: not at all), with our sound from the beginning or not, then answers. */
  | { readonly kind: "answer"; readonly ringMs: number; readonly earlyMedia: boolean }
  | { readonly kind: "reject"; readonly status: number; readonly headers?: readonly HeaderField[] };

/** A call to be placed. */
export interface PlaceOrder {
  /** Request-URI. */
  readonly target: string;
  readonly destination: Flow;
  readonly from: string;
  readonly to: string;
  /** The INVITE goes without SDP. */
  readonly delayedOffer: boolean;
  readonly headers: readonly HeaderField[];
}

/** What a call is told. */
export type CallInput =
  | { readonly kind: "place"; readonly order: PlaceOrder }
  /** From the SIP stack, for this call's session. The first one of a call that comes in is `invite-received`. */
  | { readonly kind: "session"; readonly event: SessionEvent }
  /** Answers to `open-media`. */
  | { readonly kind: "media-opened"; readonly address: string; readonly port: number }
  | { readonly kind: "media-failed"; readonly what: string }
  | { readonly kind: "hold" }
  | { readonly kind: "retrieve" }
  | { readonly kind: "key"; readonly digits: string }
  | { readonly kind: "hang-up"; readonly why: string; readonly headers?: readonly HeaderField[] };

/** What a call wants done. */
export type CallOutput =
  | { readonly kind: "session"; readonly command: SessionCommand }
  /** Open the RTP port of the call; asked once. */
  | { readonly kind: "open-media" }
  /** An offer of ours is out: what it lets the far end send must be received (RFC 3264 §5.1). */
  | {
      readonly kind: "media-offered";
      readonly receive: MediaAgreement["receive"];
      readonly companions: Companions;
    }
  /** Configure the port by this from now on; another agreement than the one before. */
  | { readonly kind: "media-agreed"; readonly agreement: MediaAgreement }
  /** Only the direction is another one: nothing is latched anew. */
  | { readonly kind: "media-direction"; readonly direction: Direction }
  /** The call is answered: begin to speak. */
  | { readonly kind: "speak" }
  | { readonly kind: "send-digit"; readonly digit: string }
  | { readonly kind: "close-media" }
  | { readonly kind: "milestone"; readonly milestone: Milestone };

export type Party = "us" | "far-end";

/** What happened, for people and reports; when it is said is when it happened. */
export type Milestone =
  | { readonly kind: "placed"; readonly target: string }
  | { readonly kind: "incoming"; readonly from: string; readonly target: string }
  | { readonly kind: "trying" }
  | { readonly kind: "ringing"; readonly dialog?: DialogId }
  /** 181, 182, 183, 199. */
  | { readonly kind: "progress"; readonly status: number; readonly reason: string }
  /** One of several early dialogs of a fork ended. */
  | { readonly kind: "early-dialog-ended"; readonly dialog: DialogId }
  /** What is spoken and heard by from now on; `early`: agreed before the far end answered. */
  | {
      readonly kind: "media";
      readonly dialog: DialogId;
      readonly agreement: MediaAgreement;
      readonly early: boolean;
    }
  | { readonly kind: "answered" }
  | { readonly kind: "held"; readonly by: Party }
  | { readonly kind: "retrieved"; readonly by: Party }
  | { readonly kind: "digit-sent"; readonly digit: string }
  /** Something that was wrong and did not end the call. */
  | { readonly kind: "fault"; readonly what: string }
  /** Said exactly once, last. */
  | { readonly kind: "ended"; readonly end: CallEnd };

/** How a call ended. */
export interface CallEnd {
  readonly by: Party | "failure";
  /** Of the final response to the INVITE, or that a failure stands for (RFC 3261 §8.1.3.1). */
  readonly status?: number;
  /** Reason phrase of that response. */
  readonly phrase?: string;
  /** The request that ended it, when the far end sent one. */
  readonly method?: string;
  /** RFC 3326, as the far end gave them. */
  readonly causes: readonly Reason[];
  /** RFC 3261 §20.43 */
  readonly warning?: string;
  /** In words, where there is more to say. */
  readonly why?: string;
}
