/** What the simulated PSTN can be told to do, as plain values for the control API. */
export interface OriginateRequest {
  readonly to: string;
  readonly from?: string;
  /** Span to call on; any with a free channel when absent. */
  readonly span?: string;
  readonly timeslot?: number;
  readonly name?: string;
  readonly bearer?: "speech" | "audio-3k1" | "unrestricted-64k";
  /** Hangs up so long after the answer; default 3000. 0: never. */
  readonly holdMs?: number;
  /** Gives up without an answer; default 60,000. */
  readonly giveUpMs?: number;
  readonly sound?: "silence" | "echo" | "milliwatt" | "announcement" | "noise-and-pauses";
  /** Digits keyed as DTMF once answered. */
  readonly digits?: string;
  /** Sends the number digit by digit (overlap). */
  readonly overlap?: boolean;
  /** A load: so many calls, so many a second. */
  readonly count?: number;
  readonly perSecond?: number;
}

export interface OriginatedView {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly span: string;
  readonly timeslot?: number;
  readonly state: "calling" | "talking" | "clearing" | "ended";
  readonly alertedMs?: number;
  readonly answeredMs?: number;
  readonly cause?: { readonly value: number; readonly name: string; readonly location: string };
}

/** Misbehaviour of the exchange or of the line, on one span. */
export interface FaultRequest {
  readonly span: string;
  /** Share of signalling frames that the exchange drops, 0 to 1; stays until set again. */
  readonly dropSignalling?: number;
  /** Milliseconds by which the exchange's signalling frames are delayed. */
  readonly delaySignallingMs?: number;
  /** Line delay both ways, ms. */
  readonly delayMs?: number;
  readonly bitErrorRate?: number;
  /** Inverts the n-th bit from now on the signalling timeslot toward the gateway. */
  readonly flipSignallingBit?: number;
  /** Frames dropped (negative: repeated) toward the gateway. */
  readonly slip?: number;
  readonly clockOffsetPpm?: number;
  readonly alarm?: "none" | "los" | "ais" | "rai";
  /** RESTART of these timeslots, or of the whole interface when empty. */
  readonly restart?: readonly number[];
  /** NI-2 SERVICE: these timeslots go out of or into service. */
  readonly block?: readonly number[];
  readonly unblock?: readonly number[];
  /** The next incoming SETUP is met by one of the exchange's own for the same channel. */
  readonly glare?: { readonly to: string };
}
