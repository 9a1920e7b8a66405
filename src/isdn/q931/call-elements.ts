import {
  type Cause,
  type Connect,
  type Extras,
  type Information,
  type Notify,
  cause as ownCause,
  type Progress,
  type ProgressIndicator,
  type UserInformation,
} from "../../call/index.js";
import type { CallContext, CallParams, HeldChannel, WaitingDigits } from "./call-state.js";
import {
  type ChannelIdentification,
  indicateChannel,
  indicateChannels,
  selectChannel,
  timeslotsOf,
} from "./elements/channel.js";
import type { Element } from "./elements/element.js";
import type { CauseElement } from "./elements/progress.js";
import { element, elements, type Message, type Verdict } from "./message.js";
import {
  causeElement,
  contentsOf,
  displayElement,
  displayText,
  elementOfContents,
  neutralCause,
  neutralProgress,
  presentedFields,
  presentedNumber,
  progressElement,
  userInformation,
  userUserElement,
} from "./neutral.js";

/** Elements of messages to and from the events of the neutral call, message by message. */

/** What any message may carry beside its own matter. */
export function extrasOf(message: Message): Extras {
  const progress = elements(message, "progress-indicator").flatMap((one): ProgressIndicator[] => {
    const indicator = neutralProgress(one);
    return indicator === undefined ? [] : [indicator];
  });
  const display = element(message, "display");
  const userUser = element(message, "user-user");
  const facility = elements(message, "facility").map(contentsOf);
  return {
    ...(progress.length === 0 ? {} : { progress }),
    ...(display === undefined ? {} : { display: displayText(display) }),
    ...(userUser === undefined ? {} : { userUser: userInformation(userUser) }),
    ...(facility.length === 0 ? {} : { facility }),
  };
}

export function extrasElements(extras: Extras, { side, profile }: CallParams): readonly Element[] {
  const { progress = [], display, userUser, facility = [] } = extras;
  // Table 3-1 ff.: Display goes from network to user only.
  const shown = side === "network" && display !== undefined && display !== "";
  const user = userUser === undefined ? undefined : userUserElement(userUser);
  return [
    ...facility.flatMap((contents) => elementOfContents("facility", contents) ?? []),
    ...progress.slice(0, MOST_INDICATORS).map(progressElement),
    ...(shown ? [displayElement(display, profile.name)] : []),
    ...(user === undefined ? [] : [user]),
  ];
}

/** SETUP ACKNOWLEDGE and CALL PROCEEDING have no user-user element (§3.1.15, §3.1.2). */
export function replyElements(extras: Extras, params: CallParams): readonly Element[] {
  const { userUser: _userUser, ...rest } = extras;
  return extrasElements(rest, params);
}

/** RELEASE and RELEASE COMPLETE have no progress indicator (§3.1.8, §3.1.9). */
export function releaseElements(extras: Extras, params: CallParams): readonly Element[] {
  const { progress: _progress, ...rest } = extras;
  return extrasElements(rest, params);
}

/** The cause of a message; where it has none that can be read, `value` is taken (§5.8.6). */
export function causeOf(message: Message, { location }: CallContext, value: number): Cause {
  const found = element(message, "cause");
  return found === undefined
    ? ownCause(value, location, `${message.type} without cause`)
    : neutralCause(found);
}

/** The cause that a faulty clearing message is answered with (§5.8.6, §5.8.7). */
export function verdictCause(
  { cause, diagnostics }: Verdict,
  { location }: CallContext,
): CauseElement | undefined {
  if (cause === undefined) return undefined;
  const made = ownCause(cause, location, "elements in error");
  return causeElement(diagnostics === undefined ? made : { ...made, diagnostics });
}

export function statusElements(cause: Cause, state: number): readonly Element[] {
  return [causeElement(cause), { kind: "call-state", codingStandard: 0, value: state }];
}

export function callStateOf(message: Message): number | undefined {
  return element(message, "call-state")?.value;
}

/** Channel identification of one channel, in the profile's form (§4.5.13). */
export function channelElement(
  channel: HeldChannel | undefined,
  params: CallParams,
): ChannelIdentification {
  return channel === undefined
    ? inForm(selectChannel("any", false), params)
    : inForm(indicateChannel(channel.timeslot, channel.exclusive), params);
}

/** Several channels, for RESTART (§5.5). */
export function channelsElement(
  timeslots: readonly number[],
  params: CallParams,
): ChannelIdentification {
  return inForm(indicateChannels(timeslots, true), params);
}

function inForm(plain: ChannelIdentification, params: CallParams): ChannelIdentification {
  const { profile, line } = params;
  const named =
    profile.interfaceIdentifier === undefined
      ? plain
      : { ...plain, interfaceIdentifier: profile.interfaceIdentifier };
  if (profile.channelForm === "number" || plain.channel === undefined) return named;
  const channels = { form: "map", map: slotMap(timeslotsOf(plain), line) } as const;
  return { ...named, channel: { ...plain.channel, channels } };
}

/** Figures 4-22 and 4-23: the last bit is timeslot 0 of an E1, timeslot 1 of a T1. */
function slotMap(timeslots: readonly number[], line: "e1" | "t1"): Uint8Array {
  const map = new Uint8Array(line === "e1" ? 4 : 3);
  for (const timeslot of timeslots) {
    const bit = line === "e1" ? timeslot : timeslot - 1;
    const at = map.length - 1 - (bit >> 3);
    map[at] = (map[at] ?? 0) | (1 << (bit & 7));
  }
  return map;
}

export function connectOf(message: Message): Connect {
  const number = element(message, "connected-number");
  const subaddress = element(message, "connected-subaddress");
  const { display, ...extras } = extrasOf(message);
  return {
    kind: "connect",
    ...extras,
    ...(display === undefined ? {} : { display, connectedName: display }),
    ...(number === undefined
      ? {}
      : {
          connected: presentedNumber(
            number,
            subaddress === undefined ? undefined : contentsOf(subaddress),
          ),
        }),
  };
}

export function connectElements(event: Connect, params: CallParams): readonly Element[] {
  const { connected, connectedName } = event;
  const display = connectedName ?? event.display;
  const named = display === undefined ? event : { ...event, display };
  const subaddress =
    connected?.subaddress === undefined
      ? undefined
      : elementOfContents("connected-subaddress", connected.subaddress);
  return [
    ...extrasElements(named, params),
    ...(connected === undefined
      ? []
      : [{ kind: "connected-number", ...presentedFields(connected) } as const]),
    ...(subaddress === undefined ? [] : [subaddress]),
  ];
}

export function informationOf(message: Message): Information {
  const digits = element(message, "called-party-number")?.digits ?? "";
  const keypad = element(message, "keypad-facility")?.digits;
  return {
    kind: "information",
    ...extrasOf(message),
    digits: digits.toUpperCase().replace(/[^0-9*#A-D]/g, ""),
    sendingComplete: element(message, "sending-complete") !== undefined,
    ...(keypad === undefined ? {} : { keypad }),
  };
}

export function informationElements(event: Information, params: CallParams): readonly Element[] {
  const { keypad } = event;
  const { progress: _progress, userUser: _userUser, ...extras } = event;
  return [
    ...digitElements(event, params),
    ...extrasElements(extras, params),
    // Table 3-7: Keypad facility goes from user to network only.
    ...(keypad === undefined || params.side === "network"
      ? []
      : [{ kind: "keypad-facility", digits: keypad } as const]),
  ];
}

/** Digits of an overlap number: type and plan were said in SETUP. */
export function digitElements(
  { digits, sendingComplete }: WaitingDigits,
  { profile }: CallParams,
): readonly Element[] {
  return [
    ...(sendingComplete && profile.sendingComplete ? [{ kind: "sending-complete" } as const] : []),
    ...(digits === ""
      ? []
      : [{ kind: "called-party-number", typeOfNumber: 0, plan: 1, digits } as const]),
  ];
}

export function progressOf(message: Message, context: CallContext): Progress {
  const said = element(message, "cause") !== undefined;
  const extras = extrasOf(message);
  return { kind: "progress", ...extras, ...(said ? { cause: causeOf(message, context, 31) } : {}) };
}

/** PROGRESS must have an indicator (§3.1.10); where none was given the ISDN just goes on. */
export function progressElements(event: Progress, params: CallParams): readonly Element[] {
  const { cause } = event;
  const progress = event.progress?.length
    ? event.progress
    : [{ description: "interworking-change-of-service", location: params.location } as const];
  return [
    ...(cause === undefined ? [] : [causeElement(cause)]),
    ...extrasElements({ ...event, progress }, params),
  ];
}

export function userInformationElements({ userUser }: UserInformation): readonly Element[] {
  const made = userUserElement(userUser);
  return made === undefined ? [] : [made];
}

export function notifyOf(message: Message): Notify {
  const description = element(message, "notification-indicator")?.description ?? 0;
  return { kind: "notify", ...extrasOf(message), description };
}

export function notifyElements(event: Notify, params: CallParams): readonly Element[] {
  const { progress: _progress, userUser: _userUser, ...extras } = event;
  const { description } = event;
  return [{ kind: "notification-indicator", description }, ...extrasElements(extras, params)];
}

export function userInformationOf(message: Message): UserInformation {
  const found = element(message, "user-user");
  const userUser = found === undefined ? new Uint8Array(0) : userInformation(found);
  return { kind: "user-information", userUser };
}

/** How often a message may have the element (the tables of §3.1, and one of the network's own). */
const MOST_INDICATORS = 3;
