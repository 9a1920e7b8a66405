import type { Codec, MediaAgreement } from "./agreement.js";
import { type AudioMedia, type Format, isComfortNoise, isTelephoneEvent } from "./audio.js";
import { type Companion, type MediaPolicy, numberFor, type PayloadNumbers } from "./policy.js";

/** Payload numbers of what stands beside the codecs of a stream. */
export type Companions = { readonly [Kind in Companion]?: number };

/** What an offer of ours wants beside its codecs, by the usual numbers. */
export function wantedCompanions(policy: MediaPolicy): Companions {
  return {
    ...(policy.comfortNoise === true && policy.codecs.some(hasNoOwnNoise)
      ? { comfortNoise: 13 }
      : {}),
    ...(policy.telephoneEvents === undefined ? {} : { telephoneEvent: 101 }),
  };
}

/** Formats of theirs that go with the codec that was chosen, where the policy wants them too. */
export function companionsOf({ formats }: AudioMedia, codec: Codec, policy: MediaPolicy) {
  const noise = policy.comfortNoise === true && hasNoOwnNoise(codec);
  return {
    comfortNoise: noise ? formats.find(isComfortNoise) : undefined,
    telephoneEvent:
      policy.telephoneEvents === undefined ? undefined : formats.find(isTelephoneEvent),
  };
}

/** Their numbers, to be proposed for ours (RFC 3264 §6.1). */
export function proposed(theirs: ReturnType<typeof companionsOf>): Companions {
  const { comfortNoise, telephoneEvent } = theirs;
  return {
    ...(comfortNoise === undefined ? {} : { comfortNoise: comfortNoise.payloadType }),
    ...(telephoneEvent === undefined ? {} : { telephoneEvent: telephoneEvent.payloadType }),
  };
}

/** Gives each that is wanted the number it has had, the one proposed, or one that is free. */
export function numberCompanions(wanted: Companions, given: PayloadNumbers) {
  const numbers: Record<number, string> = { ...given };
  const companions: { [Kind in Companion]?: number } = {};
  for (const kind of KINDS) {
    const wish = wanted[kind];
    if (wish === undefined) continue;
    const number = numberFor(kind, wish, numbers);
    numbers[number] = kind;
    companions[kind] = number;
  }
  return { numbers, companions };
}

/** What both sides have: each side's number, and the events that the far end understands. */
export function companionsAgreed(
  theirs: ReturnType<typeof companionsOf>,
  ours: Companions,
): Pick<MediaAgreement, "telephoneEvent" | "comfortNoise"> {
  const both = (format: Format | undefined, receive: number | undefined) =>
    format === undefined || receive === undefined
      ? undefined
      : { send: format.payloadType, receive };
  const noise = both(theirs.comfortNoise, ours.comfortNoise);
  const event = both(theirs.telephoneEvent, ours.telephoneEvent);
  // RFC 4733 §2.4.1: without a list these are meant
  const events = theirs.telephoneEvent?.parameters || "0-15";
  return {
    ...(noise === undefined ? {} : { comfortNoise: noise }),
    ...(event === undefined ? {} : { telephoneEvent: { ...event, events } }),
  };
}

/** RFC 3389 §1: comfort noise is for codecs that have none of their own. */
export function hasNoOwnNoise({ name }: Codec): boolean {
  return name === "PCMA" || name === "PCMU";
}

const KINDS: readonly Companion[] = ["comfortNoise", "telephoneEvent"];
