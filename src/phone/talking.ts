import { after, type Instant } from "../core/index.js";
import type { DialogId, SessionEvent } from "../sip/index.js";
import { clear } from "./call-clearing.js";
import { fault, giveDescription, milestone, receiveDescription } from "./call-descriptions.js";
import type { CallOutput, CallParameters } from "./call-events.js";
import { offer, withDirection } from "./call-media.js";
import { type CallStep, go, type StateOf, type WithMedia } from "./call-state.js";

/** The call is answered: speaks, keys digits, and hangs up in time. */
export function connect(
  { session, media }: WithMedia,
  dialog: DialogId,
  { digits, talkMs }: CallParameters,
  now: Instant,
): CallStep {
  return go(
    {
      ...{ name: "connected", session, dialog, media, digits },
      timers: {
        ...(talkMs > 0 ? { talk: after(now, talkMs) } : {}),
        ...(digits === "" ? {} : { digit: after(now, FIRST_DIGIT_MS) }),
      },
    },
    milestone({ kind: "answered" }),
    { kind: "speak" },
  );
}

/** Events of the session while it is up. */
export function receiveConnected(state: StateOf<"connected">, event: SessionEvent): CallStep {
  switch (event.kind) {
    case "description-received":
      return receiveDescription(state, event);
    case "description-wanted":
      return giveDescription(state, event);
    case "modified":
      return event.ok ? go(state) : keepDirection(state, event.status);
    default:
      return go(state);
  }
}

export function endTalking(
  state: StateOf<"connected">,
  { talkMs }: CallParameters,
  now: Instant,
): CallStep {
  return clear(state, `${talkMs / 1000} s of talk are over`, now);
}

/** Offers another direction: `sendonly` holds, `sendrecv` retrieves (RFC 3264 §8.4). */
export function modify(state: StateOf<"connected">, direction: "sendonly" | "sendrecv"): CallStep {
  if (state.media.local.direction === direction) return go(state);
  const { session, dialog } = state;
  const { media, body } = offer(withDirection(state.media, direction), dialog);
  return go(
    { ...state, media },
    {
      kind: "session",
      command: { kind: "modify", session, method: "auto", headers: [], bodies: [body] },
    },
  );
}

/** More digits to key, behind those that wait. */
export function key(state: StateOf<"connected">, digits: string, now: Instant): CallStep {
  const timers = { digit: now, ...state.timers };
  return go({ ...state, digits: state.digits + digits, timers });
}

export function keyNext(state: StateOf<"connected">, now: Instant): CallStep {
  const { digit: _due, ...others } = state.timers;
  const digit = state.digits.slice(0, 1);
  if (digit === "") return go({ ...state, timers: others });
  const wait = digit === "," ? PAUSE_MS : DIGIT_MS;
  const next = {
    ...{ ...state, digits: state.digits.slice(1) },
    timers: { ...others, digit: after(now, wait) },
  };
  if (digit === ",") return go(next);
  const outputs: readonly CallOutput[] = [
    { kind: "send-digit", digit },
    milestone({ kind: "digit-sent", digit }),
  ];
  return go(next, ...outputs);
}

/** The far end did not agree: the session is as it was (RFC 3261 §14.1). */
function keepDirection(state: StateOf<"connected">, status: number): CallStep {
  const { local, settled } = state.media;
  const what = local.direction === "sendonly" ? "hold" : "retrieval";
  const media = withDirection(state.media, settled);
  return go({ ...state, media }, fault(`the far end refused the ${what} (${status})`));
}

/** The far end's media are to be ready for it. */
const FIRST_DIGIT_MS = 500;
/** A digit of 100 ms and a pause of 100 ms. */
const DIGIT_MS = 200;
const PAUSE_MS = 1000;
