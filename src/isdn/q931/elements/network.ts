/** Octet group 3 of the elements that name a network (Q.931 §4.5.21, §4.5.29). */
export interface NetworkFields {
  /** 0 user specified, 2 national, 3 international. */
  readonly networkType: number;
  /** 0 unknown, 1 carrier identification code, 3 data network identification code. */
  readonly plan: number;
  readonly network: string;
}

/** Q.931 §4.5.29, 0x78. */
export interface TransitNetworkSelection extends NetworkFields {
  readonly kind: "transit-network-selection";
}

/** Q.931 §4.5.21, 0x20. */
export interface NetworkSpecificFacilities extends Partial<NetworkFields> {
  readonly kind: "network-specific-facilities";
  /** The network-specific facility specification: for NI-2 one octet with parameterised/binary and a code. */
  readonly specification: Uint8Array;
}

/** X.31 and Q.931 §4.6.2, 0x42, in milliseconds. */
export interface EndToEndTransitDelay {
  readonly kind: "end-to-end-transit-delay";
  readonly cumulative: number;
  readonly requested?: number;
  readonly maximum?: number;
}

/** Q.931 §4.6.9, 0x43, in milliseconds. */
export interface TransitDelaySelection {
  readonly kind: "transit-delay-selection";
  readonly delay: number;
}

/** Q.931 §4.5.26, 0x00. */
export interface SegmentedMessage {
  readonly kind: "segmented-message";
  readonly first: boolean;
  /** How many segments follow this one. */
  readonly remaining: number;
  /** The message type that was segmented. */
  readonly messageType: number;
}
