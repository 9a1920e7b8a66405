import type { Profile } from "./message.js";

/**
 * What differs between EuroISDN (EN 300 403-1) and NI-2 (SR-4994, T1.607) in call control, as data. A
 * configuration may change single answers for a switch that has habits of its own.
 */
export interface CallProfile {
  readonly name: Profile;
  /** Numbers may be sent in parts after SETUP ACKNOWLEDGE (Q.931 §5.1.3). */
  readonly overlapSending: boolean;
  /** Numbers may come in parts: SETUP ACKNOWLEDGE is sent when they do (Q.931 §5.1.3, §5.2.4). */
  readonly overlapReceiving: boolean;
  /** A number that is whole is marked with Sending complete (Q.931 §5.1.1). */
  readonly sendingComplete: boolean;
  /** The user confirms CONNECT with CONNECT ACKNOWLEDGE, as it may (Q.931 §5.1.8). */
  readonly connectAcknowledge: boolean;
  /** How a channel is named: by number or by slot map (Q.931 §4.5.13). */
  readonly channelForm: "number" | "map";
  /** Interface named in channel identification (octet 3.1); absent: implicitly that of the D channel. */
  readonly interfaceIdentifier?: readonly number[];
  /** Where names travel: Display, or the calling name Facility of NI-2. */
  readonly names: "display" | "facility";
  /** SERVICE and SERVICE ACKNOWLEDGE take channels in and out of service. */
  readonly service: boolean;
  /** STATUS is sent for elements that were not understood (it may be: Q.931 §5.8.7). */
  readonly reportsElements: boolean;
  /** STATUS ENQUIRY is sent for every active call when the data link is back (Q.931 §5.8.9). */
  readonly enquiresAfterLoss: boolean;
  /** A channel whose RELEASE was never answered is restarted at once (Q.931 §5.3.3). */
  readonly restartsAfterT308: boolean;
}

export function callProfile(name: Profile, overrides: Partial<CallProfile> = {}): CallProfile {
  return { ...CALL_PROFILES[name], ...overrides };
}

const CALL_PROFILES: Readonly<Record<Profile, CallProfile>> = {
  etsi: {
    name: "etsi",
    overlapSending: true,
    overlapReceiving: true,
    sendingComplete: true,
    connectAcknowledge: true,
    channelForm: "number",
    names: "display",
    service: false,
    reportsElements: true,
    enquiresAfterLoss: true,
    restartsAfterT308: true,
  },
  ni2: {
    name: "ni2",
    // SR-4994: numbers are sent en bloc on a primary rate interface.
    overlapSending: false,
    overlapReceiving: false,
    sendingComplete: false,
    connectAcknowledge: true,
    channelForm: "number",
    names: "facility",
    service: true,
    reportsElements: true,
    enquiresAfterLoss: true,
    restartsAfterT308: true,
  },
};
