/** Names of coded values, for people: the decode tree and the ladder. */
export type Names = Readonly<Record<number, string>>;

// Q.931 table 4-9
export const TYPES_OF_NUMBER: Names = {
  0: "unknown",
  1: "international",
  2: "national",
  3: "network specific",
  4: "subscriber",
  6: "abbreviated",
  7: "reserved for extension",
};

export const NUMBERING_PLANS: Names = {
  0: "unknown",
  1: "ISDN/telephony (E.164)",
  3: "data (X.121)",
  4: "telex (F.69)",
  8: "national standard",
  9: "private",
  15: "reserved for extension",
};

// Q.931 table 4-11
export const PRESENTATIONS: Names = {
  0: "presentation allowed",
  1: "presentation restricted",
  2: "number not available due to interworking",
  3: "reserved",
};

export const SCREENINGS: Names = {
  0: "user-provided, not screened",
  1: "user-provided, verified and passed",
  2: "user-provided, verified and failed",
  3: "network provided",
};

// EN 300 207-1 §7.2.4, Q.952
export const DIVERSION_REASONS: Names = {
  0: "unknown",
  1: "call forwarding busy",
  2: "call forwarding no reply",
  4: "call deflection",
  9: "called DTE out of order",
  10: "call forwarding by the called DTE",
  15: "call forwarding unconditional",
};

export const CODING_STANDARDS: Names = {
  0: "ITU-T",
  1: "ISO/IEC",
  2: "national",
  3: "network specific",
};

// Q.931 table 4-6
export const TRANSFER_CAPABILITIES: Names = {
  0: "speech",
  8: "unrestricted digital information",
  9: "restricted digital information",
  16: "3.1 kHz audio",
  17: "unrestricted digital information with tones and announcements",
  24: "video",
};

export const TRANSFER_MODES: Names = { 0: "circuit", 2: "packet" };

export const TRANSFER_RATES: Names = {
  0: "packet mode",
  16: "64 kbit/s",
  17: "2 x 64 kbit/s",
  19: "384 kbit/s",
  21: "1536 kbit/s",
  23: "1920 kbit/s",
  24: "multirate",
};

export const LAYER_PROTOCOLS: readonly Names[] = [
  {},
  {
    1: "V.110",
    2: "G.711 mu-law",
    3: "G.711 A-law",
    4: "G.721 and I.460",
    5: "H.221 and H.242",
    6: "H.223 and H.245",
    7: "non-ITU-T rate adaption",
    8: "V.120",
    9: "X.31 HDLC flag stuffing",
  },
  { 2: "Q.921", 6: "X.25 link layer", 12: "LAN logical link control" },
  { 2: "Q.931", 6: "X.25 packet layer", 11: "ISO/IEC TR 9577" },
];

// Q.931 table 4-16
export const HIGH_LAYERS: Names = {
  1: "telephony",
  4: "facsimile group 2/3",
  33: "facsimile group 4 class I",
  36: "facsimile group 4 classes II and III",
  49: "teletex",
  50: "teletex",
  53: "telex",
  56: "message handling systems",
  65: "OSI application",
  96: "audiovisual (videotelephony)",
};

// Q.931 table 4-13 (primary rate)
export const CHANNEL_SELECTIONS: Names = {
  0: "no channel",
  1: "as indicated",
  2: "reserved",
  3: "any channel",
};

export const BASIC_SELECTIONS: Names = { 0: "no channel", 1: "B1", 2: "B2", 3: "any channel" };

export const CHANNEL_TYPES: Names = { 3: "B", 6: "H0", 8: "H11", 9: "H12" };

// Q.850 §2.2.3
export const LOCATIONS: Names = {
  0: "user",
  1: "private network serving the local user",
  2: "public network serving the local user",
  3: "transit network",
  4: "public network serving the remote user",
  5: "private network serving the remote user",
  7: "international network",
  10: "network beyond interworking point",
};

// Q.850 §2.2.2
export const RECOMMENDATIONS: Names = { 0: "Q.931", 3: "X.21", 4: "X.25", 5: "Q.1031/Q.1051" };

// Q.931 table 4-8
export const CALL_STATES: Names = {
  0: "null",
  1: "call initiated",
  2: "overlap sending",
  3: "outgoing call proceeding",
  4: "call delivered",
  6: "call present",
  7: "call received",
  8: "connect request",
  9: "incoming call proceeding",
  10: "active",
  11: "disconnect request",
  12: "disconnect indication",
  15: "suspend request",
  17: "resume request",
  19: "release request",
  22: "call abort",
  25: "overlap receiving",
  61: "restart request",
  62: "restart",
};

// Q.931 table 4-20
export const PROGRESS_DESCRIPTIONS: Names = {
  1: "call is not end-to-end ISDN; further progress may be in-band",
  2: "destination address is non-ISDN",
  3: "origination address is non-ISDN",
  4: "call has returned to the ISDN",
  5: "interworking has changed the telecommunication service",
  8: "in-band information or an appropriate pattern is now available",
};

// Q.931 table 4-19, EN 300 207-1, EN 300 141-1, EN 300 185-1
export const NOTIFICATIONS: Names = {
  0: "user suspended",
  1: "user resumed",
  2: "bearer service change",
  4: "discriminator for extension to ASN.1",
  64: "call completion delay",
  66: "conference established",
  67: "conference disconnected",
  68: "other party added",
  69: "isolated",
  70: "reattached",
  71: "other party isolated",
  72: "other party reattached",
  73: "other party split",
  74: "other party disconnected",
  75: "conference floating",
  96: "call is a waiting call",
  104: "diversion activated",
  105: "call transferred, alerting",
  106: "call transferred, answered",
  110: "reverse charging (whole call)",
  120: "service profile update",
  121: "remote hold",
  122: "remote retrieval",
  123: "call is diverting",
};

// Q.931 table 4-24
export const SIGNALS: Names = {
  0: "dial tone on",
  1: "ring back tone on",
  2: "intercept tone on",
  3: "network congestion tone on",
  4: "busy tone on",
  5: "confirm tone on",
  6: "answer tone on",
  7: "call waiting tone",
  8: "off-hook warning tone",
  9: "pre-emption tone on",
  63: "tones off",
  79: "alerting off",
};

export const RESTART_CLASSES: Names = {
  0: "indicated channels",
  6: "single interface",
  7: "all interfaces",
};

export const CHANGE_STATUSES: Names = {
  0: "in service",
  1: "maintenance",
  2: "out of service",
  3: "request in service",
  4: "in service, request denied",
};

export const SUBADDRESS_TYPES: Names = { 0: "NSAP", 2: "user specified" };

export const NETWORK_TYPES: Names = { 0: "user specified", 2: "national", 3: "international" };

export const NETWORK_PLANS: Names = {
  0: "unknown",
  1: "carrier identification code",
  3: "data network identification code",
};

export const USER_PROTOCOLS: Names = {
  0: "user-specific",
  1: "OSI high layer",
  2: "X.244",
  4: "IA5 characters",
  5: "X.208 and X.209",
  7: "V.120 rate adaption",
  8: "Q.931 call control",
};

export const FACILITY_PROFILES: Names = {
  17: "remote operations",
  18: "CMIP",
  19: "ACSE",
  31: "networking extensions",
};

export const CONGESTION_LEVELS: Names = { 0: "receiver ready", 15: "receiver not ready" };

export const REPEAT_INDICATIONS: Names = {
  2: "prioritised list for selecting one possibility",
};

export const SWITCHHOOKS: Names = { 0: "on hook", 1: "off hook" };

export const DIGIT_ENCODINGS: Names = { 0: "BCD, even", 1: "BCD, odd", 2: "IA5", 3: "binary" };

export const DISPLAY_CHARSETS: Names = { 49: "name", 30: "IA5, calling party name" };
