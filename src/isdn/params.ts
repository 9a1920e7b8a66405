import type { CauseLocation, Law } from "../call/index.js";
import { type DataLinkParameters, defaultParameters } from "./q921/index.js";
import { type CallProfile, callProfile } from "./q931/call-profile.js";
import type { CallParams, Side } from "./q931/call-state.js";
import type { Profile } from "./q931/index.js";
import { type TimerValues, timerValues } from "./q931/timers.js";

/** What an interface is told once. */
export interface InterfaceOptions {
  readonly side: Side;
  readonly profile: Profile;
  /** The law of the span: of bearers that do not say theirs. */
  readonly law: Law;
  /** B channels: 1 to 31 without 16 on E1, 1 to 23 on T1. */
  readonly timeslots: readonly number[];
  /** Q.931 and Q.921 timers by name, in milliseconds; null switches one off. */
  readonly timers?: Readonly<Record<string, number | null>>;
  /** Habits of a switch that the profile does not have. */
  readonly habits?: Partial<CallProfile>;
  /** Default: E1 for EuroISDN, T1 for NI-2. */
  readonly line?: "e1" | "t1";
  /** Location in causes that we make; default: private network serving the local user as a user, public as a network. */
  readonly location?: CauseLocation;
  /** Milliseconds that layer 1 is down before that is persistent deactivation; default 2500. */
  readonly layer1Persistence?: number;
  /** Q.921 counters and window. */
  readonly dataLink?: Partial<Omit<DataLinkParameters, "side">>;
}

export interface InterfaceParams {
  readonly call: CallParams;
  readonly law: Law;
  readonly dataLink: DataLinkParameters;
  readonly layer1Persistence: number;
}

export function interfaceParams(options: InterfaceOptions): InterfaceParams {
  const { side, profile, law, timers = {}, habits = {} } = options;
  const { T200, T203 } = timers;
  return {
    law,
    layer1Persistence: options.layer1Persistence ?? LAYER_1_PERSISTENCE_MS,
    call: {
      side,
      profile: callProfile(profile, habits),
      timers: timerValues(side, timers as Partial<TimerValues>),
      line: options.line ?? (profile === "ni2" ? "t1" : "e1"),
      // Q.850 §2.2.3: a gateway stands where a PBX does; the user is who speaks through it.
      location:
        options.location ?? (side === "user" ? "private-network-local" : "public-network-local"),
    },
    dataLink: {
      ...defaultParameters,
      ...(typeof T200 === "number" ? { T200 } : {}),
      ...(typeof T203 === "number" ? { T203 } : {}),
      ...options.dataLink,
      side,
    },
  };
}

/** As long as an alarm must last before it counts (G.775 and T1.231 leave 2 to 3 s). */
const LAYER_1_PERSISTENCE_MS = 2500;
