import type { Bearer, ProgressIndicator } from "./bearer.js";
import type { Cause } from "./cause.js";
import type { PartyNumber, PresentedNumber, Redirection } from "./number.js";

/**
 * The neutral call: one vocabulary after the ITU's own that every side speaks. The same events go
 * both ways: what a leg reports (indication, confirm) and what it is asked to do (request,
 * response). Which way is said by the port they pass through, not by the event.
 */
export type CallEvent =
  | Setup
  | SetupAcknowledge
  | Information
  | Proceeding
  | Alerting
  | Progress
  | Connect
  | Disconnect
  | Release
  | Suspend
  | Resume
  | Notify
  | Facility
  | UserInformation;

/** What only some messages carry and every side hands on where its protocol can. */
export interface Extras {
  readonly progress?: readonly ProgressIndicator[];
  /** Name or text for the user (Q.931 §4.5.16 Display; NI-2 calling name facility; SIP display name). */
  readonly display?: string;
  /** User-user information: protocol discriminator octet first (Q.931 §4.5.30, Q.957). */
  readonly userUser?: Uint8Array;
  /** Facility contents (ROSE components) handed on, such as advice of charge (Q.932, EN 300 182-1). */
  readonly facility?: readonly Uint8Array[];
}

/** A call begins. With `sendingComplete` false more digits may come (overlap). */
export interface Setup extends Extras {
  readonly kind: "setup";
  readonly called: PartyNumber;
  /** Called party subaddress contents. */
  readonly calledSubaddress?: Uint8Array;
  readonly sendingComplete: boolean;
  readonly calling?: PresentedNumber;
  /** A second calling number (user provided, not the network's: EN 300 092 two-number option). */
  readonly callingAdditional?: PresentedNumber;
  readonly callingName?: string;
  readonly redirection?: Redirection;
  readonly bearer: Bearer;
  /** High layer compatibility and low layer compatibility contents, handed on unread. */
  readonly highLayer?: Uint8Array;
  readonly lowLayer?: Uint8Array;
  /** Transit network selection digits. */
  readonly transitNetwork?: string;
  /** Hops left (SIP Max-Forwards, ISUP hop counter). */
  readonly hopCounter?: number;
  readonly priority?: "emergency";
  /** ISUP: a continuity check will come first; the call may not be completed before its success. */
  readonly continuityCheck?: boolean;
  /** ISUP: the whole message as received, for SIP-I. */
  readonly isup?: Uint8Array;
}

/** The far end asks for more digits (Q.931 SETUP ACKNOWLEDGE). */
export interface SetupAcknowledge extends Extras {
  readonly kind: "setup-acknowledge";
}

/** More digits of an overlap number; `sendingComplete` when no more will come. */
export interface Information extends Extras {
  readonly kind: "information";
  readonly digits: string;
  readonly sendingComplete: boolean;
  /** Digits that a user keyed to the network once the call is up (keypad facility). */
  readonly keypad?: string;
}

export interface Proceeding extends Extras {
  readonly kind: "proceeding";
}

/** The called user is alerted. In-band information is a flag in `progress`, never another state. */
export interface Alerting extends Extras {
  readonly kind: "alerting";
}

/** Something happened on the way: in-band information, interworking, a cause. */
export interface Progress extends Extras {
  readonly kind: "progress";
  readonly cause?: Cause;
}

export interface Connect extends Extras {
  readonly kind: "connect";
  readonly connected?: PresentedNumber;
  readonly connectedName?: string;
}

/** A side wants to end the call; tones may still be heard when `progress` says in-band. */
export interface Disconnect extends Extras {
  readonly kind: "disconnect";
  readonly cause: Cause;
}

/** The leg is gone: nothing more comes from it and nothing more may be asked of it. */
export interface Release extends Extras {
  readonly kind: "release";
  readonly cause: Cause;
}

export interface Suspend extends Extras {
  readonly kind: "suspend";
  readonly by: "user" | "network";
}

export interface Resume extends Extras {
  readonly kind: "resume";
  readonly by: "user" | "network";
}

/** Notification indicator (Q.931 §4.5.22): call diversion, hold, retrieval and so on. */
export interface Notify extends Extras {
  readonly kind: "notify";
  /** Notification description, 0 to 127 (Q.931 table 4-19, Q.952, Q.953). */
  readonly description: number;
}

export interface Facility extends Extras {
  readonly kind: "facility";
}

export interface UserInformation extends Extras {
  readonly kind: "user-information";
  readonly userUser: Uint8Array;
}
