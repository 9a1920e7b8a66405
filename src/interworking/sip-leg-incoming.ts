import {
  type Alerting,
  type Connect,
  isInBand,
  type Notify,
  cause as ownCause,
  type Proceeding,
  type Progress,
  type Setup,
} from "../call/index.js";
import { firstChoice, parseSdp, type SessionDescription } from "../sdp/index.js";
import type { Body, HeaderField, Reliability } from "../sip/index.js";
import { header, parseUri, type SipRequest } from "../sip/message/index.js";
import { redirectionOf } from "./diversion.js";
import { callingParty, hasUnmetPrivacy, identityHeaders } from "./identity.js";
import { CALL_DIVERTING } from "./notifications.js";
import { numberOfUri } from "./numbers.js";
import type { SipProfile } from "./profile.js";
import { reasonHeader } from "./reason.js";
import { clear, refuse } from "./sip-leg-clearing.js";
import { agree, confirmDialog, makeAnswer, makeOffer } from "./sip-leg-media.js";
import { bearerOfOffer, policyOf } from "./sip-leg-policy.js";
import {
  change,
  command,
  dialogOf,
  type EventOf,
  mediaWarning,
  openMedia,
  type Run,
  report,
  sdpBody,
  setDialog,
} from "./sip-leg-state.js";
import { userToUserHeader, userToUserOf } from "./user-to-user.js";

/** INVITE (RFC 3398 §7.2.1): its description is checked first, then its numbers. */
export function receiveInvite(run: Run, event: EventOf<"invite-received">): void {
  const { request, offer: body, dialog, reliability, source } = event;
  const offer = body && parseSdp(body.content);
  if (offer?.ok === false) {
    const cause = ownCause(100, LOCAL, `description: ${offer.error.reason}`);
    refuse(run, 400, cause);
    return;
  }
  const wanted = bearerOfOffer(offer?.value, run.profile);
  if (!wanted.ok) {
    const cause = ownCause(65, LOCAL, `offer: ${wanted.error.reason}`);
    refuse(run, 488, cause, [mediaWarning(run, wanted.error)]);
    return;
  }
  const { bearer, near } = wanted.value;
  if (hasUnmetPrivacy(request.headers)) {
    const cause = ownCause(69, LOCAL, "privacy that is critical cannot be given");
    refuse(run, 500, cause);
    return; // RFC 3323 §5
  }
  const setup = setupOf(request, run.profile);
  if (setup === undefined) {
    refuse(run, 404, ownCause(1, LOCAL, "no number is called"));
    return;
  }
  const hops = setup.hopCounter ?? 0;
  if (hops < 0) {
    refuse(run, 483, ownCause(25, LOCAL, "no hops left"));
    return;
  }
  change(run, {
    bearer,
    setup: { ...setup, bearer },
    isReliable: isReliable(reliability, run.profile),
  });
  setDialog(run, { id: dialog, own: run.state.own, ...theirs(offer?.value) });
  const choice = offer && firstChoice(offer.value, policyOf(run));
  if (choice?.ok) run.outputs.push({ kind: "codec-expected", codec: choice.value.codec.name });
  openMedia(run, near ?? source.address);
}

/** The port is open: the call begins. */
export function beginIncoming(run: Run): void {
  const { setup } = run.state;
  change(run, { phase: "inviting" });
  if (setup !== undefined) report(run, setup);
}

/** RFC 3398 §7.2.6: alerting is 180; with in-band information it carries the description. */
export function alert(run: Run, event: Alerting): void {
  const inBand = isInBand(event.progress);
  const { alerting } = run.state.told;
  // An alerting that says nothing new is not said twice
  if (alerting && !inBand) return;
  change(run, { told: { alerting: true, inBand: run.state.told.inBand || inBand } });
  const status = inBand ? run.profile.inBandAlerting : 180;
  provide(run, status, extraHeaders(run, event), inBand);
}

/** RFC 3398 §7.2.6, §7.2.9: progress is 183, with the description when there is something to hear. */
export function progress(run: Run, event: Progress | Proceeding): void {
  const inBand = isInBand(event.progress);
  if (event.kind === "proceeding" && !inBand) return; // 100 went out already
  if (inBand) change(run, { told: { ...run.state.told, inBand: true } });
  const stated = event.kind === "progress" && event.cause ? [reasonHeader(event.cause)] : [];
  provide(run, 183, [...stated, ...extraHeaders(run, event)], inBand);
}

/** RFC 3398 §7.2.9: a call that is forwarded is 181. */
export function notify(run: Run, { description }: Notify): void {
  if (run.state.phase === "inviting" && description === CALL_DIVERTING)
    provide(run, 181, [], false);
}

/** RFC 3398 §7.2.7: the answer, with the connected number. */
export function accept(run: Run, event: Connect): void {
  const { session, dialogs } = run.state;
  const [dialog] = dialogs;
  if (dialog === undefined) return;
  const bodies = describeCall(run, true);
  if (bodies.length === 0) {
    clear(run, ownCause(65, LOCAL, "no description can be given"));
    return;
  }
  const { connected, connectedName } = event;
  const identity = identityHeaders(connected, connectedName, run.profile);
  const headers = [...identity, ...extraHeaders(run, event)];
  command(run, { kind: "accept", session, headers, bodies });
  confirmDialog(run, dialog.id);
}

/** A provisional response; once early media are open every one has the description (RFC 3261 §13.2.1). */
function provide(run: Run, status: number, headers: readonly HeaderField[], inBand: boolean): void {
  const { session, told, isReliable } = run.state;
  const bodies = inBand || told.inBand ? describeCall(run, isReliable) : [];
  const reliable = isReliable ? "if-possible" : "never";
  command(run, { kind: "provisional", session, status, reliable, headers, bodies });
}

/**
 * The answer to the INVITE's offer, always the same; for an INVITE without one our offer, which
 * only a reliable response may carry (RFC 3262 §5).
 */
function describeCall(run: Run, mayOffer: boolean): readonly Body[] {
  const [dialog] = run.state.dialogs;
  if (dialog === undefined) return [];
  if (dialog.theirs !== undefined) {
    const answered = makeAnswer(run, dialog);
    if (!answered.ok) return [];
    const { theirs: _, ...rest } = dialog;
    agree(run, { ...rest, own: answered.value.own }, answered.value.agreement);
  } else if (dialog.own.last === undefined) {
    const offered = mayOffer ? makeOffer(run, dialog.own) : undefined;
    if (offered === undefined) return [];
    setDialog(run, { ...dialog, offered, own: offered.own });
  }
  const { last } = dialogOf(run.state, dialog.id).own;
  return last === undefined ? [] : [sdpBody(last)];
}

/** What an INVITE says of the call; undefined when it calls no number. */
function setupOf(request: SipRequest, profile: SipProfile): Omit<Setup, "bearer"> | undefined {
  const { headers } = request;
  const target = parseUri(request.uri);
  const called = target.ok ? numberOfUri(target.value, profile.numbering) : undefined;
  if (called === undefined) return undefined;
  const redirection = profile.diversion ? redirectionOf(headers, profile) : undefined;
  const userUser = profile.userToUser ? userToUserOf(headers) : undefined;
  return {
    kind: "setup",
    called,
    sendingComplete: true,
    ...callingParty(headers, profile),
    ...(redirection === undefined ? {} : { redirection }),
    ...(userUser === undefined ? {} : { userUser }),
    hopCounter: (headers.value(header.maxForwards) ?? DEFAULT_MAX_FORWARDS) - 1,
  };
}

/** RFC 3262 §3: what the caller requires is done, what it supports where we want it. */
function isReliable(theirs: Reliability, { reliability }: SipProfile): boolean {
  return theirs === "required" || (theirs === "supported" && reliability !== "none");
}

function theirs(offer: SessionDescription | undefined): { readonly theirs?: SessionDescription } {
  return offer === undefined ? {} : { theirs: offer };
}

function extraHeaders(run: Run, { userUser }: { readonly userUser?: Uint8Array }) {
  return run.profile.userToUser && userUser !== undefined ? [userToUserHeader(userUser)] : [];
}

const LOCAL = "beyond-interworking-point";
const DEFAULT_MAX_FORWARDS = 70; // RFC 3261 §8.1.1.6
