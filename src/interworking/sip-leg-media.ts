import { cause as ownCause, type ProgressIndicator } from "../call/index.js";
import { err, type Result } from "../core/index.js";
import {
  type Answered,
  acceptAnswer,
  createAnswer,
  createOffer,
  isReceiving,
  isSending,
  type LocalMedia,
  type MediaAgreement,
  type MediaRefusal,
  type Offered,
  parseSdp,
  REFUSALS,
  type SessionDescription,
} from "../sdp/index.js";
import type { DialogId } from "../sip/index.js";
import { REMOTE_HOLD, REMOTE_RETRIEVAL } from "./notifications.js";
import { clear } from "./sip-leg-clearing.js";
import { policyOf } from "./sip-leg-policy.js";
import {
  anomaly,
  change,
  command,
  type DialogMedia,
  dialogOf,
  type EventOf,
  mediaWarning,
  type Run,
  report,
  type SipLegState,
  sdpBody,
  setDialog,
} from "./sip-leg-state.js";

/** An offer of ours, for the INVITE or for a dialog. */
export function makeOffer(run: Run, own: SipLegState["own"]): Offered | undefined {
  const { local } = run.state;
  if (local === undefined) return undefined;
  const end: LocalMedia = { ...local, direction: "sendrecv" };
  const offered = createOffer(own, end, policyOf(run));
  const { receive, companions } = offered;
  run.outputs.push({ kind: "media-offered", receive, companions });
  return offered;
}

/** Our answer to their open offer in a dialog, or why there is none. */
export function makeAnswer(run: Run, dialog: DialogMedia): Result<Answered, MediaRefusal> {
  const { local } = run.state;
  if (dialog.theirs === undefined || local === undefined) return err(REFUSALS.mediaFormat);
  const end: LocalMedia = { ...local, direction: "sendrecv" };
  const answered = createAnswer(dialog.theirs, dialog.own, end, policyOf(run));
  if (!answered.ok) anomaly(run, `offer refused: ${answered.error.reason}`);
  return answered;
}

/** A description came: their answer settles our offer, their offer waits to be answered. */
export function receiveDescription(run: Run, event: EventOf<"description-received">): void {
  const dialog = dialogOf(run.state, event.dialog);
  const parsed = parseSdp(event.body.content);
  if (!parsed.ok) anomaly(run, `description: ${parsed.error.reason}`);
  else if (event.role === "offer") setDialog(run, { ...dialog, theirs: parsed.value });
  else settle(run, dialog, parsed.value);
  if (event.role === "answer") requireAgreement(run, event.dialog);
}

function settle(run: Run, dialog: DialogMedia, answer: SessionDescription): void {
  const offered = dialog.offered ?? run.state.offered;
  if (offered === undefined) return;
  const agreed = acceptAnswer(offered, answer, policyOf(run));
  if (!agreed.ok) {
    anomaly(run, `answer: ${agreed.error.reason}`);
    return;
  }
  const { offered: _, ...rest } = dialog;
  agree(run, { ...rest, own: offered.own }, agreed.value);
}

/**
 * An answer in ACK or PRACK that leaves no media agreed cannot be refused (RFC 3264 §7): the call
 * is ended. One to our INVITE may still be put right by another fork until the 2xx.
 */
function requireAgreement(run: Run, id: DialogId): void {
  const { role, phase } = run.state;
  const isLast = role === "incoming" || phase === "confirmed";
  if (isLast && dialogOf(run.state, id).agreement === undefined)
    clear(run, ownCause(65, "beyond-interworking-point", "the answer cannot be used"));
}

/** The stack wants a description now (re-INVITE, UPDATE, PRACK, ACK). */
export function giveDescription(run: Run, event: EventOf<"description-wanted">): void {
  const { session, dialog: id, role } = event;
  const dialog = dialogOf(run.state, id);
  const named = { session, dialog: id, headers: [] } as const;
  if (role === "offer") {
    const offered = makeOffer(run, dialog.own);
    if (offered === undefined) {
      command(run, { kind: "refuse", ...named, status: 500 });
      return;
    }
    setDialog(run, { ...dialog, offered, own: offered.own });
    command(run, { kind: "describe", ...named, bodies: [sdpBody(offered.description)] });
    return;
  }
  const answered = makeAnswer(run, dialog);
  if (!answered.ok) {
    // RFC 3264 §6, RFC 3261 §14.2: the session stays as it is
    const headers = [mediaWarning(run, answered.error)];
    command(run, { kind: "refuse", ...named, status: 488, headers });
    dropOffer(run, id);
    return;
  }
  const { description, own, agreement } = answered.value;
  command(run, { kind: "describe", ...named, bodies: [sdpBody(description)] });
  const { theirs: _, ...rest } = dialog;
  agree(run, { ...rest, own }, agreement);
  // An offer of ours is under way: what it says is older than this answer
  if (dialog.offered !== undefined) change(run, { reoffers: true });
  announceEarly(run, id);
}

/**
 * Early media by an offer of the far end are agreed only now, after its provisional response was
 * told: what can be heard is told by itself.
 */
function announceEarly(run: Run, id: DialogId): void {
  const { role, phase, told } = run.state;
  if (role === "incoming" || phase !== "inviting" || told.inBand) return;
  if (!hasEarlyMedia(run.state, id)) return;
  change(run, { told: { ...told, inBand: true } });
  report(run, { kind: "progress", progress: [IN_BAND] });
}

/** An offer came to nothing: what was agreed before stays. */
export function dropOffer(run: Run, id: DialogId): void {
  const { theirs: _, offered: __, ...rest } = dialogOf(run.state, id);
  setDialog(run, rest);
}

/**
 * Offer and answer of a dialog are complete. Of several early dialogs the latest that sends media
 * is heard; once one is confirmed it is the only one.
 */
export function agree(run: Run, dialog: DialogMedia, agreement: MediaAgreement): void {
  const before = dialog.agreement;
  setDialog(run, { ...dialog, agreement });
  const { heard, phase } = run.state;
  if (heard === dialog.id && before !== undefined) {
    renew(run, before, agreement);
  } else if (heard === undefined || phase === "confirmed" || isReceiving(agreement.direction)) {
    hear(run, dialog.id);
  }
}

/** Configures the port for a dialog that has an agreement. */
export function hear(run: Run, id: DialogId): void {
  const { agreement } = dialogOf(run.state, id);
  if (agreement === undefined) return;
  change(run, { heard: id });
  run.outputs.push({ kind: "media-agreed", agreement });
  noteHold(run, agreement);
}

/** An early dialog ended: the one that agreed last before it is heard again. */
export function forgetDialog(run: Run, id: DialogId): void {
  const dialogs = run.state.dialogs.filter((one) => one.id !== id);
  const wasHeard = run.state.heard === id;
  change(run, { dialogs });
  if (!wasHeard) return;
  const { heard: _, ...rest } = run.state;
  run.state = rest;
  const next = dialogs.findLast(({ agreement }) => agreement !== undefined);
  if (next !== undefined) hear(run, next.id);
}

/** Only one dialog is left once a 2xx came: its media are the leg's. */
export function confirmDialog(run: Run, id: DialogId): void {
  const dialog = dialogOf(run.state, id);
  change(run, { phase: "confirmed", dialogs: [dialog] });
  if (run.state.heard !== id) hear(run, id);
  else if (dialog.agreement !== undefined) noteHold(run, dialog.agreement);
}

/** Whether the far end of a dialog may be sending early media. */
export function hasEarlyMedia(state: SipLegState, id: DialogId | undefined): boolean {
  const agreement = id === undefined ? undefined : dialogOf(state, id).agreement;
  return agreement !== undefined && isReceiving(agreement.direction);
}

function renew(run: Run, before: MediaAgreement, now: MediaAgreement): void {
  const { direction: _, ...rest } = now;
  const { direction: __, ...old } = before;
  if (JSON.stringify(rest) !== JSON.stringify(old)) {
    run.outputs.push({ kind: "media-agreed", agreement: now });
  } else if (before.direction !== now.direction) {
    run.outputs.push({ kind: "media-direction", direction: now.direction });
  }
  noteHold(run, now);
}

/** The peer that takes no media of ours has put us on hold (RFC 3264 §8.4). */
function noteHold(run: Run, { direction }: MediaAgreement): void {
  const held = !isSending(direction);
  if (run.state.phase !== "confirmed" || held === run.state.held) return;
  change(run, { held });
  report(run, { kind: "notify", description: held ? REMOTE_HOLD : REMOTE_RETRIEVAL });
}

/** What is heard comes from beyond the gateway (Q.931 table 4-20). */
export const IN_BAND: ProgressIndicator = {
  description: "in-band-information",
  location: "beyond-interworking-point",
};
