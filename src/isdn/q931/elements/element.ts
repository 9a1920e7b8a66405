import type { ChannelIdentification } from "./channel.js";
import type {
  BearerCapability,
  HighLayerCompatibility,
  LowLayerCompatibility,
} from "./compatibility.js";
import type {
  EndToEndTransitDelay,
  NetworkSpecificFacilities,
  SegmentedMessage,
  TransitDelaySelection,
  TransitNetworkSelection,
} from "./network.js";
import type {
  CalledPartyNumber,
  CallingPartyNumber,
  ConnectedNumber,
  OriginalCalledNumber,
  RedirectingNumber,
  RedirectionNumber,
} from "./number.js";
import type {
  CallState,
  CauseElement,
  ChangeStatus,
  NotificationIndicator,
  ProgressElement,
  RestartIndicator,
  Signal,
  Switchhook,
} from "./progress.js";
import type {
  CongestionLevel,
  MoreData,
  RepeatIndicator,
  SendingComplete,
  Shift,
} from "./single-octet.js";
import type {
  CalledPartySubaddress,
  CallingPartySubaddress,
  ConnectedSubaddress,
} from "./subaddress.js";
import type {
  CallIdentity,
  DateTime,
  Display,
  FacilityElement,
  GenericDigits,
  KeypadFacility,
  UserUser,
} from "./text.js";

/**
 * An element that was not read: unknown here, of an unknown codeset, or with contents that are in
 * error (then a fault says so). Kept in its place and printed back as it came.
 */
export interface RawElement {
  readonly kind: "raw";
  readonly codeset: number;
  /** The identifier octet: bit 8 set for single octet elements. */
  readonly code: number;
  /** Contents after the length octet; empty for single octet elements. */
  readonly contents: Uint8Array;
  /** The message ends before the element does: `contents` is all after the identifier, length octet included. */
  readonly cut?: true;
}

/** In SEGMENT, all after the segmented message element: a part of another message (Q.931 annex H). */
export interface MessageSegment {
  readonly kind: "message-segment";
  readonly octets: Uint8Array;
}

/** An element that has a row: its contents are read into fields. All of them are of codeset 0. */
export type KnownElement =
  | BearerCapability
  | CalledPartyNumber
  | CalledPartySubaddress
  | CallIdentity
  | CallingPartyNumber
  | CallingPartySubaddress
  | CallState
  | CauseElement
  | ChangeStatus
  | ChannelIdentification
  | CongestionLevel
  | ConnectedNumber
  | ConnectedSubaddress
  | DateTime
  | Display
  | EndToEndTransitDelay
  | FacilityElement
  | GenericDigits
  | HighLayerCompatibility
  | KeypadFacility
  | LowLayerCompatibility
  | MoreData
  | NetworkSpecificFacilities
  | NotificationIndicator
  | OriginalCalledNumber
  | ProgressElement
  | RedirectingNumber
  | RedirectionNumber
  | RepeatIndicator
  | RestartIndicator
  | SegmentedMessage
  | SendingComplete
  | Signal
  | Switchhook
  | TransitDelaySelection
  | TransitNetworkSelection
  | UserUser;

export type Element = KnownElement | RawElement | MessageSegment | Shift;
export type ElementKind = KnownElement["kind"];
/** The element of a kind: `ElementOf<"cause">` is `CauseElement`. */
export type ElementOf<Kind extends ElementKind> = Extract<KnownElement, { readonly kind: Kind }>;
