import type { Listeners, SessionSettings } from "./dialog/index.js";
import { type TransactionTimers, transactionTimers } from "./transaction/index.js";

/** What a stack is told when it is made. All but the listeners have defaults. */
export interface StackParameters {
  /** Our listeners by the name that flows carry. */
  readonly listeners: Listeners;
  readonly timers?: Partial<TransactionTimers>;
  /** Methods answered; INFO, NOTIFY, MESSAGE and REFER among them go to the user. */
  readonly allow?: readonly string[];
  /** Option tags understood (RFC 3261 §8.2.2.3). */
  readonly supported?: readonly string[];
  /** Media types of bodies understood (RFC 3261 §8.2.3). */
  readonly accept?: readonly string[];
  readonly acceptEncoding?: readonly string[];
  readonly acceptLanguage?: readonly string[];
  /** User-Agent and Server; absent: neither is sent. */
  readonly product?: string;
  /**
   * An INVITE with Max-Forwards 0 gets 483 (RFC 3261 §16.3), as a gateway passes calls on; `answer`
   * where the stack is an end point (§8.2 asks nothing of a UAS).
   */
  readonly exhaustedInvite?: "refuse" | "answer";
  /** Whether the user takes calls from there: OPTIONS from elsewhere get 403 too. Default: from anywhere. */
  readonly takesFrom?: (address: string) => boolean;
  /** Seconds in the Retry-After of a 503 for want of room. */
  readonly retryAfter?: number;
  /** Default 16,384. */
  readonly maximumSessions?: number;
  readonly maximumEarlyDialogs?: number;
  /** Default 262,144: a call leaves some four behind for 32 s, so that this is some 2,000 calls/s. */
  readonly maximumTransactions?: number;
  /** Reliable provisional responses of one session that may wait for the PRACK of the one before. */
  readonly maximumQueuedProvisionals?: number;
}

/**
 * What the user says of new calls; OPTIONS are answered by it as an INVITE would be (RFC 3261
 * §11.2): 486 when all is busy, 503 with Retry-After while draining.
 */
export type Policy =
  | { readonly kind: "admit" }
  /** The user would refuse an INVITE, in its own words: OPTIONS get 503. */
  | { readonly kind: "busy" }
  | {
      readonly kind: "refuse";
      /** 400 to 699. */
      readonly status: number;
      readonly reason?: string;
      /** Seconds. */
      readonly retryAfter?: number;
    };

/** Parameters with their defaults in place. */
export interface Settings extends SessionSettings {
  readonly exhaustedInvite: "refuse" | "answer";
  readonly takesFrom: (address: string) => boolean;
  readonly retryAfter: number;
  readonly maximumTransactions: number;
}

export function resolveSettings(parameters: StackParameters): Settings {
  return {
    listeners: parameters.listeners,
    timers: { ...transactionTimers, ...parameters.timers },
    allow: parameters.allow ?? DEFAULT_ALLOW,
    supported: parameters.supported ?? ["100rel"],
    accept: parameters.accept ?? ["application/sdp", "multipart/mixed", "multipart/alternative"],
    acceptEncoding: parameters.acceptEncoding ?? ["identity"],
    acceptLanguage: parameters.acceptLanguage ?? ["en"],
    product: parameters.product,
    exhaustedInvite: parameters.exhaustedInvite ?? "refuse",
    takesFrom: parameters.takesFrom ?? (() => true),
    retryAfter: parameters.retryAfter ?? 5,
    maximumSessions: parameters.maximumSessions ?? 16_384,
    maximumEarlyDialogs: parameters.maximumEarlyDialogs ?? 16,
    maximumTransactions: parameters.maximumTransactions ?? 262_144,
    maximumQueuedProvisionals: parameters.maximumQueuedProvisionals ?? 8,
  };
}

const DEFAULT_ALLOW = [
  "INVITE",
  "ACK",
  "CANCEL",
  "BYE",
  "OPTIONS",
  "PRACK",
  "UPDATE",
  "INFO",
] as const;
