/**
 * Layer 3 timers that apply to a primary rate interface, point-to-point (Q.931 tables 9-1 and 9-2,
 * EN 300 403-1 tables 9.1 and 9.2): one row each, milliseconds, overridable by name.
 */
export interface TimerRow {
  /** Default in milliseconds, network side and user side; null: not run on that side by default. */
  readonly network: number | null;
  readonly user: number | null;
  /** States in which it runs. */
  readonly states: string;
  readonly meaning: string;
}

export type TimerName = keyof typeof TIMER_ROWS;

/** Values in milliseconds; null switches a timer off where the standard makes it optional. */
export type TimerValues = { readonly [Name in TimerName]: number | null };

/** The defaults of a side with what a configuration says otherwise. */
export function timerValues(
  side: "user" | "network",
  overrides: Partial<TimerValues> = {},
): TimerValues {
  const values: Partial<Record<TimerName, number | null>> = {};
  for (const name of TIMER_NAMES) {
    const override = overrides[name];
    values[name] = override === undefined ? TIMER_ROWS[name][side] : override;
  }
  return values as TimerValues;
}

/** How often a message is sent again when its timer expires, before the expiry counts. */
export const RETRANSMISSIONS = {
  /** SETUP (Q.931 §5.1.1, §5.2.1). */
  T303: 1,
  /** RELEASE (Q.931 §5.3.3, §5.3.4). */
  T308: 1,
  /** RESTART: two consecutive attempts in all (Q.931 §5.5.1). */
  T316: 1,
  /** STATUS ENQUIRY (Q.931 §5.8.10: the number is the implementation's). */
  T322: 1,
  /** SERVICE (NI-2). */
  T323: 1,
} as const;

// Comments say where a value departs from the tables or where the tables leave a choice.
export const TIMER_ROWS = {
  T301: {
    network: 180_000,
    user: null, // annex D, optional: the calling user hears and decides
    states: "N7, U4",
    meaning: "ALERTING received, CONNECT awaited",
  },
  T302: {
    network: 15_000,
    user: 15_000,
    states: "N2, U25",
    meaning: "SETUP ACKNOWLEDGE sent or INFORMATION received, more digits awaited",
  },
  T303: {
    network: 4_000,
    user: 4_000,
    states: "N6, U1",
    meaning: "SETUP sent, first response awaited; SETUP is sent twice",
  },
  T304: {
    network: 20_000,
    user: 30_000,
    states: "N25, U2",
    meaning: "SETUP ACKNOWLEDGE received or INFORMATION sent, CALL PROCEEDING awaited",
  },
  T305: {
    network: 30_000,
    user: 30_000,
    states: "N12, U11",
    meaning: "DISCONNECT sent without in-band tones, RELEASE awaited",
  },
  T306: {
    network: 30_000,
    user: 30_000, // ours: how long a user that hears tones after DISCONNECT holds on (U12)
    states: "N12, U12",
    meaning: "tones or announcement after DISCONNECT with progress indicator 8",
  },
  T308: {
    network: 4_000,
    user: 4_000,
    states: "N19, U19",
    meaning: "RELEASE sent, RELEASE COMPLETE awaited; RELEASE is sent twice",
  },
  T309: {
    network: 90_000, // 6 to 90 s
    user: 90_000,
    states: "N10, U10",
    meaning: "data link lost, active calls are kept",
  },
  T310: {
    network: 10_000,
    user: 60_000, // 30 to 120 s
    states: "N9, U3",
    meaning: "CALL PROCEEDING received; ALERTING, CONNECT or PROGRESS awaited",
  },
  T313: {
    network: null, // only a user awaits CONNECT ACKNOWLEDGE
    user: 4_000,
    states: "U8",
    meaning: "CONNECT sent, CONNECT ACKNOWLEDGE awaited",
  },
  T314: {
    network: 4_000,
    user: 4_000,
    states: "receiving a segmented message (annex H)",
    meaning: "a segment received, the next awaited",
  },
  T316: {
    network: 120_000,
    user: 120_000,
    states: "Rest 1",
    meaning: "RESTART sent, RESTART ACKNOWLEDGE awaited; RESTART is sent twice",
  },
  T317: {
    network: 60_000, // less than T316
    user: 60_000,
    states: "Rest 2",
    meaning: "RESTART received, calls are being cleared inside",
  },
  T322: {
    network: 4_000,
    user: 4_000,
    states: "any call state",
    meaning: "STATUS ENQUIRY sent, STATUS awaited; STATUS ENQUIRY is sent twice",
  },
  T323: {
    network: 20_000, // ours: NI-2 leaves the value to the provisioning
    user: 20_000,
    states: "SERVICE sent (NI-2)",
    meaning: "SERVICE sent, SERVICE ACKNOWLEDGE awaited; SERVICE is sent twice",
  },
} as const satisfies Record<string, TimerRow>;

const TIMER_NAMES = Object.keys(TIMER_ROWS) as TimerName[];
