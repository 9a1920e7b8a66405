import type { Bearer, CallEvent, Cause, Setup } from "../call/index.js";
import {
  type CodecName,
  type LocalMedia,
  type MediaAgreement,
  type MediaRefusal,
  type Offered,
  type OwnSession,
  ownSession,
  printSdp,
  type SessionDescription,
} from "../sdp/index.js";
import type {
  Body,
  DialogId,
  HeaderField,
  SessionCommand,
  SessionEvent,
  SessionId,
} from "../sip/index.js";
import type { SipProfile, SipTarget } from "./profile.js";
import type { SipLegInput, SipLegOutput } from "./sip-leg.js";

/*
 * A SIP leg, both roles:
 *
 *   idle --INVITE or setup--> opening --media-opened--> inviting --2xx--> confirmed
 *                                 |________________________|________________|--> ending --> ended
 */
export type Phase = "idle" | "opening" | "inviting" | "confirmed" | "ending" | "ended";

export interface SipLegState {
  readonly role: "incoming" | "outgoing";
  readonly phase: Phase;
  readonly session: SessionId;
  readonly target?: SipTarget;
  /** Held until the media port is open: then it goes up (incoming) or out (outgoing). */
  readonly setup?: Setup;
  readonly bearer?: Bearer;
  readonly local?: Omit<LocalMedia, "direction">;
  /** `open-media` is not answered yet: the leg stays until it is, so that no port is left open. */
  readonly opening: boolean;
  /** The session is over; only the answer to `open-media` is awaited. */
  readonly over: boolean;
  /** Our side of the description before any dialog has its own; with our first offer in it. */
  readonly own: OwnSession;
  readonly offered?: Offered;
  /** Provisional responses go reliably (RFC 3262). */
  readonly isReliable: boolean;
  /** Media of the dialogs; the one that agreed last comes last. */
  readonly dialogs: readonly DialogMedia[];
  /** The dialog that the port is configured for. */
  readonly heard?: DialogId;
  /** What was told: to the call when outgoing, to the caller when incoming. */
  readonly told: { readonly alerting: boolean; readonly inBand: boolean };
  readonly held: boolean;
  /** A fax or modem was heard: G.711 until the end. */
  readonly isData: boolean;
  /** What the call's other leg speaks. */
  readonly preferred?: readonly CodecName[];
  /** A new offer is wanted as soon as it may be made. */
  readonly reoffers: boolean;
  /** Why the leg ends, once it was asked to. */
  readonly cause?: Cause;
}

/** Offer and answer of one dialog. */
export interface DialogMedia {
  readonly id: DialogId;
  readonly own: OwnSession;
  /** Their offer that awaits our answer. */
  readonly theirs?: SessionDescription;
  /** Our offer that awaits their answer, when it is not the one of the INVITE. */
  readonly offered?: Offered;
  readonly agreement?: MediaAgreement;
}

/** A leg that an `invite-received` of this session begins. `sdpId`: digits for o=, by chance. */
export function incomingSipLeg(session: SessionId, sdpId: string): SipLegState {
  return { role: "incoming", session, own: ownSession(sdpId), ...NEW };
}

/** A leg that a `setup` begins. */
export function outgoingSipLeg(session: SessionId, target: SipTarget, sdpId: string): SipLegState {
  return { role: "outgoing", session, target, own: ownSession(sdpId), ...NEW };
}

const NEW = {
  phase: "idle",
  opening: false,
  over: false,
  isReliable: false,
  dialogs: [],
  told: { alerting: false, inBand: false },
  ...{ held: false, isData: false, reoffers: false },
} as const;

/** One step under way: what the leg is so far, and what it has said. */
export interface Run {
  state: SipLegState;
  readonly profile: SipProfile;
  readonly outputs: SipLegOutput[];
}

export type EventOf<Kind extends SessionEvent["kind"]> = SessionEvent & { readonly kind: Kind };
export type InputOf<Kind extends SipLegInput["kind"]> = SipLegInput & { readonly kind: Kind };

export function change(run: Run, patch: Partial<SipLegState>): void {
  run.state = { ...run.state, ...patch };
}

/** Asks for the media port; `near`: the far end's address, where it is known. */
export function openMedia(run: Run, near: string | undefined): void {
  change(run, { phase: "opening", opening: true });
  run.outputs.push({ kind: "open-media", ...(near === undefined ? {} : { near }) });
}

/** For the join. */
export function report(run: Run, event: CallEvent): void {
  run.outputs.push({ kind: "call", event });
}

/** For the SIP stack. */
export function command(run: Run, one: SessionCommand): void {
  run.outputs.push({ kind: "session", command: one });
}

export function anomaly(run: Run, what: string, cause?: Cause): void {
  run.outputs.push({ kind: "anomaly", what, ...(cause === undefined ? {} : { cause }) });
}

export function dialogOf(state: SipLegState, id: DialogId): DialogMedia {
  return state.dialogs.find((one) => one.id === id) ?? { id, own: state.own };
}

/** Replaces or adds a dialog; one that agrees anew becomes the last. */
export function setDialog(run: Run, dialog: DialogMedia): void {
  const others = run.state.dialogs.filter(({ id }) => id !== dialog.id);
  change(run, { dialogs: [...others, dialog] });
}

export function sdpBody(description: SessionDescription): Body {
  return { type: "application/sdp", content: printSdp(description) };
}

/** RFC 3261 §20.43. */
export function mediaWarning(run: Run, { warning, reason }: MediaRefusal): HeaderField {
  return { name: "Warning", value: `${warning} ${run.profile.ourHost} "${reason}"` };
}
