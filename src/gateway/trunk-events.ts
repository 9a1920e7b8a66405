import type { CallEvent, Cause } from "../call/index.js";
import type { TrunkGroupOptions } from "./options.js";
import type { TrunkSpan } from "./trunk-span.js";

/** What the trunks report to the calls. */
export interface TrunkEvents {
  /** A call came in; its circuit is granted. */
  arrived(leg: TrunkLeg, event: CallEvent & { kind: "setup" }): void;
  /** Something on a leg that exists. */
  said(leg: string, event: CallEvent): void;
  /** The leg's circuit is another one now. */
  moved(leg: TrunkLeg): void;
  /** The leg is gone and its circuit free. */
  released(leg: string): void;
  /** The leg lost its circuit to a call of the far end: its media must not be there any more. */
  displaced(leg: string): void;
  /** The leg's span failed: its call is to be cleared with this cause. */
  failed(leg: string, cause: Cause): void;
  /** Whether there is any circuit that a call could seize, each time that this changes. */
  room(hasRoom: boolean): void;
  trace(span: TrunkSpan, direction: "sent" | "received", octets: Uint8Array, leg?: string): void;
  alarm(what: string, raised: boolean): void;
  anomaly(what: string, leg?: string): void;
}

/** One ISDN leg: on which group, span and timeslot. */
export interface TrunkLeg {
  readonly id: string;
  readonly group: TrunkGroupOptions;
  readonly span: TrunkSpan;
  readonly timeslot: number;
}
