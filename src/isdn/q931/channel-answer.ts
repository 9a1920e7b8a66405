import type { ChannelAnswer } from "./call-state.js";
import { channelSelection, timeslotsOf } from "./elements/channel.js";
import { element, type Message } from "./message.js";

/** Which B channel a message is about (Q.931 §4.5.13), before anybody asks whether it is free. */
export type NamedChannel =
  | { readonly kind: "absent" }
  | { readonly kind: "any" }
  /** "No channel", the D channel, several channels or no B channel at all. */
  | { readonly kind: "none" | "d-channel" | "not-one-b-channel" }
  /** An interface named explicitly that is not ours. */
  | { readonly kind: "other-interface" }
  | { readonly kind: "named"; readonly timeslot: number; readonly exclusive: boolean };

export function namedChannel(message: Message, ownInterface?: readonly number[]): NamedChannel {
  const found = element(message, "channel-identification");
  if (found === undefined) return { kind: "absent" };
  if (isOther(found.interfaceIdentifier, ownInterface)) return { kind: "other-interface" };
  if (found.dChannel) return { kind: "d-channel" };
  if (found.selection === channelSelection.any) return { kind: "any" };
  if (found.selection === channelSelection.none) return { kind: "none" };
  const [timeslot, ...more] = timeslotsOf(found);
  if (timeslot === undefined || more.length > 0) return { kind: "not-one-b-channel" };
  return { kind: "named", timeslot, exclusive: found.exclusive };
}

/** The channel of a reply to our SETUP. */
export function channelAnswer(
  named: NamedChannel,
  exists: (timeslot: number) => boolean,
  isAvailable: (timeslot: number) => boolean,
): ChannelAnswer {
  if (named.kind === "absent") return { kind: "absent" };
  if (named.kind !== "named" || !exists(named.timeslot)) return { kind: "unusable" };
  return { ...named, available: isAvailable(named.timeslot) };
}

/** Absent octets 3.1: the interface of this D channel. A wrong one matters only where ours has a name. */
function isOther(said: readonly number[] | undefined, own: readonly number[] | undefined): boolean {
  if (said === undefined || own === undefined) return false;
  return said.length !== own.length || said.some((octet, index) => octet !== own[index]);
}
