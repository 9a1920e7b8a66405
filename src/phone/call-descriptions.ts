import type { Step } from "../core/index.js";
import type { Offered } from "../sdp/index.js";
import type { Body, DialogId, SessionEvent } from "../sip/index.js";
import type { CallOutput, Milestone, Party } from "./call-events.js";
import {
  activate,
  answer,
  type CallMedia,
  holders,
  offer,
  receiveAnswer,
  receiveOffer,
} from "./call-media.js";
import { type CallStep, go, type WithMedia } from "./call-state.js";

type EventOf<Kind extends SessionEvent["kind"]> = Extract<SessionEvent, { readonly kind: Kind }>;

/** An offer or an answer of the far end came, wherever it travelled. */
export function receiveDescription(
  state: WithMedia,
  { dialog, role, body, carrier }: EventOf<"description-received">,
): CallStep {
  if (role === "offer") {
    const kept = receiveOffer(state.media, dialog, body);
    return kept.ok
      ? go({ ...state, media: kept.value })
      : go(state, fault(`malformed SDP in an offer: ${kept.error.reason}`));
  }
  const agreed = receiveAnswer(state.media, dialog, body);
  if (!agreed.ok) return go(state, fault(`unusable SDP answer: ${agreed.error}`));
  const final = carrier.kind === "response" && carrier.status >= 200;
  return hear(state, agreed.value, dialog, state.name === "calling" && !final);
}

/** The stack wants the answer to the offer that came, or an offer for a re-INVITE without one. */
export function giveDescription(
  state: WithMedia,
  { session, dialog, role, method }: EventOf<"description-wanted">,
): CallStep {
  const described = (body: Body): CallOutput => ({
    kind: "session",
    command: { kind: "describe", session, dialog, headers: [], bodies: [body] },
  });
  if (role === "offer") {
    const { media, body, offered } = offer(state.media, dialog);
    return go({ ...state, media }, mediaOffered(offered), described(body));
  }
  const answered = answer(state.media, dialog);
  if (!answered.ok) {
    const headers = [incompatible(answered.error)];
    return go(state, fault(`an offer was refused: ${answered.error}`), {
      kind: "session",
      command: { kind: "refuse", session, dialog, status: 488, headers },
    });
  }
  const early = state.name === "calling" && method !== "ACK";
  const step = hear(state, answered.value.media, dialog, early);
  return { ...step, outputs: [...step.outputs, described(answered.value.body)] };
}

/** Makes a dialog the one that is spoken and heard by; says what changed by that. */
export function hear<State extends WithMedia>(
  state: State,
  changed: CallMedia,
  dialog: DialogId,
  early = false,
): Step<State, CallOutput> {
  const media = activate(changed, dialog);
  return { state: { ...state, media }, outputs: differences(state, media, early) };
}

/** What the RTP port and the reader must be told when the media go from the state's to these. */
export function differences(
  state: WithMedia,
  media: CallMedia,
  early: boolean,
): readonly CallOutput[] {
  const [before, now] = [state.media.active, media.active];
  if (now === undefined || same(before, now)) return [];
  const holding = state.name === "connected" ? holdings(state.media, media) : [];
  const { agreement, dialog } = now;
  const unlike = { ...agreement, direction: before?.agreement.direction };
  if (same(before?.agreement, unlike) && before?.dialog === dialog) {
    return [{ kind: "media-direction", direction: agreement.direction }, ...holding];
  }
  return [
    { kind: "media-agreed", agreement },
    milestone({ kind: "media", dialog, agreement, early }),
    ...holding,
  ];
}

export function mediaOffered({ receive, companions }: Offered): CallOutput {
  return { kind: "media-offered", receive, companions };
}

/** RFC 3261 §20.43: 305, incompatible media format. */
export function incompatible(what: string) {
  return { name: "Warning", value: `305 trunkgate "${what.replace(/["\\]/g, "'")}"` };
}

export function fault(what: string): CallOutput {
  return milestone({ kind: "fault", what });
}

export function milestone(one: Milestone): CallOutput {
  return { kind: "milestone", milestone: one };
}

function holdings(before: CallMedia, after: CallMedia): readonly CallOutput[] {
  const [was, is] = [holders(before), holders(after)];
  const change = (by: Party, held: boolean, holds: boolean): readonly CallOutput[] =>
    held === holds ? [] : [milestone({ kind: holds ? "held" : "retrieved", by })];
  return [...change("far-end", was.farEnd, is.farEnd), ...change("us", was.us, is.us)];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
