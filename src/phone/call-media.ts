import { err, ok, type Result } from "../core/index.js";
import {
  acceptAnswer,
  createAnswer,
  createOffer,
  type Direction,
  isReceiving,
  isSending,
  type LocalMedia,
  type MediaAgreement,
  type MediaPolicy,
  type Offered,
  type OwnSession,
  ownSession,
  parseSdp,
  printSdp,
  type SessionDescription,
} from "../sdp/index.js";
import type { Body, DialogId } from "../sip/index.js";

/**
 * Offers and answers of one call. Every dialog of a fork has a session of its own (RFC 3264 §4,
 * RFC 3261 §13.1); one RTP port serves them all, and the dialog that is heard is the active one.
 */
export interface CallMedia {
  readonly policy: MediaPolicy;
  /** Our end, with the direction that we want. */
  readonly local: LocalMedia;
  /** The direction that the far end has agreed to last: what a refused offer falls back to. */
  readonly settled: Direction;
  /** What every new dialog begins with: the offer in the INVITE is the same for all. */
  readonly first: DialogMedia;
  readonly dialogs: Readonly<Record<DialogId, DialogMedia>>;
  readonly active?: Active;
}

export interface DialogMedia {
  readonly own: OwnSession;
  /** Our last offer, answered or not. */
  readonly offered?: Offered;
  /** An offer of the far end that waits for our answer. */
  readonly offer?: SessionDescription;
  readonly agreement?: MediaAgreement;
}

export interface Active {
  readonly dialog: DialogId;
  readonly agreement: MediaAgreement;
}

/** A description of ours, and the books after it. */
export interface Described {
  readonly media: CallMedia;
  readonly body: Body;
}

export function startMedia(
  at: { readonly address: string; readonly port: number },
  policy: MediaPolicy,
  sessionId: string,
): CallMedia {
  const { address, port } = at;
  return {
    policy,
    local: { address, port, rtcpPort: port + 1, direction: "sendrecv" },
    settled: "sendrecv",
    first: { own: ownSession(sessionId) },
    dialogs: {},
  };
}

/** An offer: the first of the call (no dialog yet), or within a dialog. */
export function offer(
  media: CallMedia,
  dialog: DialogId | undefined,
): Described & { readonly offered: Offered } {
  const { own } = dialogMedia(media, dialog);
  const offered = createOffer(own, media.local, media.policy);
  const changed = { own: offered.own, offered };
  const next =
    dialog === undefined ? { ...media, first: changed } : withDialog(media, dialog, changed);
  return { media: next, body: bodyOf(offered.description), offered };
}

/** Keeps the far end's offer until its answer is wanted. */
export function receiveOffer(media: CallMedia, dialog: DialogId, body: Body): Result<CallMedia> {
  const read = parseSdp(body.content);
  return read.ok ? ok(withDialog(media, dialog, { offer: read.value })) : read;
}

/** Our answer to the offer that waits. */
export function answer(media: CallMedia, dialog: DialogId): Result<Described, string> {
  const { offer: theirs, ...kept } = dialogMedia(media, dialog);
  if (theirs === undefined) return err("there is no readable offer to answer");
  const answered = createAnswer(theirs, kept.own, media.local, media.policy);
  if (!answered.ok) return err(answered.error.reason);
  const { agreement, description } = answered.value;
  const changed: DialogMedia = { ...kept, own: answered.value.own, agreement };
  const dialogs = { ...media.dialogs, [dialog]: changed };
  return ok({
    media: { ...media, settled: media.local.direction, dialogs },
    body: bodyOf(description),
  });
}

/** The far end's answer to our offer. */
export function receiveAnswer(
  media: CallMedia,
  dialog: DialogId,
  body: Body,
): Result<CallMedia, string> {
  const { offered } = dialogMedia(media, dialog);
  if (offered === undefined) return err("an answer to no offer");
  const read = parseSdp(body.content);
  if (!read.ok) return err(read.error.reason);
  const agreed = acceptAnswer(offered, read.value, media.policy);
  if (!agreed.ok) return err(agreed.error.reason);
  const settled = { ...media, settled: media.local.direction };
  return ok(withDialog(settled, dialog, { agreement: agreed.value }));
}

/** Makes a dialog the one that is heard, when there is something agreed in it. */
export function activate(media: CallMedia, dialog: DialogId): CallMedia {
  const agreement = media.dialogs[dialog]?.agreement;
  if (agreement === undefined) return media;
  return { ...media, active: { dialog, agreement } };
}

/** An early dialog is gone; if it was heard, the one that was made last before it is. */
export function dropDialog(media: CallMedia, dialog: DialogId): CallMedia {
  const { [dialog]: _gone, ...dialogs } = media.dialogs;
  const left = { ...media, dialogs };
  if (media.active?.dialog !== dialog) return left;
  const heir = Object.keys(dialogs).findLast((id) => dialogs[id]?.agreement !== undefined);
  if (heir !== undefined) return activate(left, heir);
  const { active: _silent, ...silent } = left;
  return silent;
}

export function withDirection(media: CallMedia, direction: Direction): CallMedia {
  return { ...media, local: { ...media.local, direction } };
}

/** Who holds the call: whose wish it is that speech does not flow toward them (RFC 3264 §8.4). */
export function holders(media: CallMedia): { readonly us: boolean; readonly farEnd: boolean } {
  const { settled, active } = media;
  const direction = active?.agreement.direction ?? settled;
  return {
    us: !isReceiving(settled) && !isReceiving(direction),
    farEnd: isSending(settled) && !isSending(direction),
  };
}

export function dialogMedia(media: CallMedia, dialog: DialogId | undefined): DialogMedia {
  return (dialog === undefined ? undefined : media.dialogs[dialog]) ?? media.first;
}

function withDialog(media: CallMedia, dialog: DialogId, change: Partial<DialogMedia>): CallMedia {
  const changed = { ...dialogMedia(media, dialog), ...change };
  return { ...media, dialogs: { ...media.dialogs, [dialog]: changed } };
}

function bodyOf(description: SessionDescription): Body {
  return { type: "application/sdp", content: printSdp(description) };
}
