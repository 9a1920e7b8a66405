import {
  extrasElements,
  extrasOf,
  informationElements,
  informationOf,
  notifyElements,
  notifyOf,
  progressOf,
  userInformationElements,
  userInformationOf,
} from "./call-elements.js";
import {
  type MessageHandler,
  type Phase,
  type RequestHandler,
  type RequestHandlers,
  report,
  send,
  stay,
} from "./call-state.js";
import type { MessageType } from "./message.js";

/** NOTIFY (§5.9), once something was answered. */
const notified: MessageHandler = (state, { message }) => stay(state, report(notifyOf(message)));

/** FACILITY (Q.932 §7.1): supplementary services such as advice of charge, handed on. */
const facility: MessageHandler = (state, { message }) =>
  stay(state, report({ kind: "facility", ...extrasOf(message) }));

/** INFORMATION outside overlap receiving: keypad digits, display, digits that crossed CALL PROCEEDING. */
const information: MessageHandler = (state, { message }) => {
  const event = informationOf(message);
  const late = state.phase === "proceeding" || state.phase === "delivered";
  const says =
    event.keypad !== undefined || event.display !== undefined || event.userUser !== undefined;
  if (!says && (late || event.digits === "")) return stay(state);
  return stay(state, report(event));
};

const progressed: MessageHandler = (state, { message }, context) =>
  stay(state, report(progressOf(message, context)));

/** USER INFORMATION (Q.957, service 3) of an active call. */
const userInformation: MessageHandler = (state, { message }) =>
  stay(state, report(userInformationOf(message)));

/** A second CONNECT ACKNOWLEDGE, or one that a network need not have (§5.1.8). */
const nothing: MessageHandler = (state) => stay(state);

/** Heard in every state but those that clear, after what the states themselves hear. */
export const commonMessages: Readonly<Partial<Record<MessageType, MessageHandler>>> = {
  facility,
  information,
  notify: notified,
};

export const activeMessages: Partial<
  Record<Phase, Readonly<Partial<Record<MessageType, MessageHandler>>>>
> = {
  proceeding: { progress: progressed },
  delivered: { progress: progressed },
  active: {
    "connect-acknowledge": nothing,
    progress: progressed,
    "user-information": userInformation,
  },
};

/** INFORMATION that is not part of an overlap number: keypad, or digits of an active call. */
const inform: RequestHandler<"information"> = (state, event, context) => {
  const late = state.phase !== "active" && event.keypad === undefined;
  const elements = late ? [] : informationElements(event, context);
  return elements.length === 0 ? stay(state) : stay(state, send("information", elements));
};

const notify: RequestHandler<"notify"> = (state, event, context) =>
  stay(state, send("notify", notifyElements(event, context)));

/** ISUP's suspend and resume are notifications here: SUSPEND is a message of basic rate (§5.6). */
const notifySuspended: RequestHandler<"suspend" | "resume"> = (state, event, context) => {
  const { kind, by: _by, ...extras } = event;
  const description = kind === "suspend" ? USER_SUSPENDED : USER_RESUMED;
  return notify(state, { ...extras, kind: "notify", description }, context);
};

const sendFacility: RequestHandler<"facility"> = (state, event, context) =>
  stay(state, send("facility", extrasElements(event, context)));

const sendUserInformation: RequestHandler<"user-information"> = (state, event) =>
  state.phase === "active"
    ? stay(state, send("user-information", userInformationElements(event)))
    : stay(state);

/** Asked for in any state after the first response and before clearing. */
export const commonRequests: RequestHandlers = {
  facility: sendFacility,
  information: inform,
  notify,
  resume: notifySuspended,
  suspend: notifySuspended,
  "user-information": sendUserInformation,
};

// Q.931 table 4-19
const USER_SUSPENDED = 0;
const USER_RESUMED = 1;
