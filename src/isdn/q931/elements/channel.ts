/** Information channel selection (Q.931 table 4-13), primary rate. On basic rate 1 is B1 and 2 is B2. */
export const channelSelection = { none: 0, indicated: 1, reserved: 2, any: 3 } as const;

/** Octets 3.2 and 3.3: which channels, of which type. */
export interface ChannelList {
  readonly codingStandard: number;
  /** 3 B, 6 H0, 8 H11, 9 H12. */
  readonly channelType: number;
  readonly channels:
    | { readonly form: "list"; readonly numbers: readonly number[] }
    /** Slot map as sent: 3 octets on T1, 4 on E1 (figures 4-22 and 4-23). `timeslotsOf` reads it. */
    | { readonly form: "map"; readonly map: Uint8Array };
}

/** Q.931 §4.5.13, 0x18. */
export interface ChannelIdentification {
  readonly kind: "channel-identification";
  /** Octets 3.1, bits 7 to 1 of each: the interface named explicitly (NFAS). Absent: the one of this D channel. */
  readonly interfaceIdentifier?: readonly number[];
  readonly interfaceType: "basic" | "primary";
  readonly exclusive: boolean;
  /** The channel identified is the D channel itself. */
  readonly dChannel: boolean;
  /** A value of `channelSelection`. */
  readonly selection: number;
  /** Present on a primary rate interface with `channelSelection.indicated`. */
  readonly channel?: ChannelList;
}
