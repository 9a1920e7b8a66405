/** Octet groups 5, 6 and 7: a protocol, then what extends it (7 bits an entry, without extension bits). */
export interface LayerInformation {
  /** Bits 5 to 1 of the group's first octet. Layer 1: 2 is mu-law, 3 A-law, 1 V.110. */
  readonly protocol: number;
  /** Octets 5a, 5b ... (6a, 7a ...), bits 7 to 1 of each. */
  readonly details?: readonly number[];
}

/** What bearer capability and low layer compatibility have in common (Q.931 §4.5.5, §4.5.19). */
export interface BearerFields {
  /** 0 ITU-T, 1 ISO/IEC, 2 national, 3 network specific. */
  readonly codingStandard: number;
  /** 0 speech, 8 unrestricted, 9 restricted, 16 3.1 kHz audio, 17 unrestricted with tones, 24 video. */
  readonly transferCapability: number;
  /** 0 circuit, 2 packet. */
  readonly transferMode: number;
  /** 16 is 64 kbit/s, 24 multirate (then `multiplier` says how many times). */
  readonly transferRate: number;
  /** Octet 4.1, with rate 24. */
  readonly multiplier?: number;
  readonly layer1?: LayerInformation;
  readonly layer2?: LayerInformation;
  readonly layer3?: LayerInformation;
}

/** Q.931 §4.5.5, 0x04. */
export interface BearerCapability extends BearerFields {
  readonly kind: "bearer-capability";
}

/** Q.931 §4.5.19, 0x7C. */
export interface LowLayerCompatibility extends BearerFields {
  readonly kind: "low-layer-compatibility";
  /** Octet 3a, bits 7 to 1: out-of-band negotiation is bit 7 of it. */
  readonly negotiation?: number;
}

/** Q.931 §4.5.17, 0x7D. */
export interface HighLayerCompatibility {
  readonly kind: "high-layer-compatibility";
  readonly codingStandard: number;
  /** 4: the first (primary or only) characteristics identification. */
  readonly interpretation: number;
  /** 1: high layer protocol profile. */
  readonly presentationMethod: number;
  /** 1 telephony, 4 facsimile group 2/3 ... (table 4-16). */
  readonly characteristics: number;
  /** Octet 4a. */
  readonly extended?: number;
}
