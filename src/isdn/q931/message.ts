import type { Element, ElementKind, ElementOf } from "./elements/element.js";

/**
 * Q.931 §4.3. On a primary rate interface two octets are sent; one is understood. The dummy
 * reference has length 0, the global one has value 0.
 */
export interface CallReference {
  /** Octets of the value: 0 is the dummy call reference. */
  readonly length: 0 | 1 | 2;
  /** 0 to 127 with one octet, 0 to 32767 with two. */
  readonly value: number;
  /** Call reference flag: true in messages TO the side that assigned the value (§4.3). */
  readonly flag: boolean;
}

/** Messages of table 3-1 for circuit-mode calls, and the maintenance messages. */
export type MessageType =
  | "alerting"
  | "call-proceeding"
  | "congestion-control"
  | "connect"
  | "connect-acknowledge"
  | "disconnect"
  | "facility"
  | "information"
  | "notify"
  | "progress"
  | "release"
  | "release-complete"
  | "restart"
  | "restart-acknowledge"
  | "resume"
  | "resume-acknowledge"
  | "resume-reject"
  | "segment"
  | "service"
  | "service-acknowledge"
  | "setup"
  | "setup-acknowledge"
  | "status"
  | "status-enquiry"
  | "suspend"
  | "suspend-acknowledge"
  | "suspend-reject"
  | "user-information";

/** A message: `elements` in the order of the wire, those that were not understood included. */
export interface Message {
  readonly type: MessageType;
  readonly callReference: CallReference;
  readonly elements: readonly Element[];
  /** Where it is not the usual one of the type: SERVICE with the discriminator of AT&T. */
  readonly discriminator?: number;
}

/** What the receiver knows of its place: rows of the tables of §3.1 hold per profile and direction. */
export interface Receiving {
  readonly profile: Profile;
  readonly direction: Direction;
  /**
   * §5.8.5.1: "strict" ignores elements out of sequence (they become raw); "any" reads them, as the
   * clause allows. Default "any".
   */
  readonly sequence?: "strict" | "any";
}

/** EN 300 403-1 or NI-2 (SR-4994, T1.607). */
export type Profile = "etsi" | "ni2";
export type Direction = "user-to-network" | "network-to-user";

/**
 * What §5.8.5 to §5.8.7 find wrong with elements, in the order of the wire. `missing`: a mandatory
 * one is not there (§5.8.6.1). `content`: contents or length in error (§5.8.6.2, §5.8.7.2).
 * `sequence`: §5.8.5.1. `duplicate`: beyond the repetitions allowed (§5.8.5.2). `unrecognised`:
 * §5.8.7.1. `unexpected`: known but not defined for this message, direction or profile (§5.8.7.3). What must not
 * be acted upon is raw in `elements`, so that `element()` never finds it; an unexpected element is
 * read all the same, because many users and networks send more than their tables allow.
 */
export interface ElementFault {
  readonly fault: "missing" | "content" | "sequence" | "duplicate" | "unrecognised" | "unexpected";
  readonly codeset: number;
  readonly code: number;
  readonly mandatory: boolean;
  /** Unrecognised with bits 8 to 5 of the identifier 0000 (§5.8.7.1, table 4-3): treated as `missing`. */
  readonly comprehensionRequired: boolean;
  /** Of an access information element too long (§5.8.7.2): cause 43 instead of 100. */
  readonly accessInformation: boolean;
}

/** What became of octets that layer 2 delivered. Discarding is the standard's own procedure here. */
export type Parsed =
  | {
      readonly kind: "message";
      readonly message: Message;
      readonly faults: readonly ElementFault[];
    }
  /** §5.8.4: a sound call reference, but a type that has no row: cause 97 (or 98). */
  | {
      readonly kind: "unknown-type";
      readonly discriminator: number;
      readonly callReference: CallReference;
      readonly code: number;
    }
  /** §5.8.1 discriminator, §5.8.2 too short, §5.8.3.1 call reference format: the message is ignored. */
  | {
      readonly kind: "ignored";
      readonly reason: "discriminator" | "too-short" | "call-reference";
    };

/**
 * What §5.8.6 and §5.8.7 make of the faults. `reject`: the message is not acted upon, and the
 * cause (96 or 100) goes into STATUS, RELEASE or RELEASE COMPLETE as the clause says for the message. `accept`
 * with a cause (99, 100 or 43): it is acted upon and the cause is reported.
 */
export interface Verdict {
  readonly action: "accept" | "reject";
  readonly cause?: number;
  /** Identifiers of the elements concerned (Q.850 §2.2.5); a shift octet goes before other codesets. */
  readonly diagnostics?: Uint8Array;
}

/** The first element of a kind, which is the one that counts (§5.8.5.2). */
export function element<Kind extends ElementKind>(
  message: Message,
  kind: Kind,
): ElementOf<Kind> | undefined {
  return message.elements.find((one) => one.kind === kind) as ElementOf<Kind> | undefined;
}

/** All elements of a kind, for those that may repeat. */
export function elements<Kind extends ElementKind>(
  message: Message,
  kind: Kind,
): readonly ElementOf<Kind>[] {
  return message.elements.filter((one) => one.kind === kind) as unknown as ElementOf<Kind>[];
}

/** A reference of two octets as primary rate interfaces use it. */
export function callReference(value: number, flag: boolean): CallReference {
  return { length: 2, value, flag };
}

/** The dummy call reference (§4.3). */
export const dummyCallReference: CallReference = { length: 0, value: 0, flag: false };

/** The global call reference (§4.3): RESTART, SERVICE, STATUS about them. */
export function globalCallReference(flag: boolean): CallReference {
  return callReference(0, flag);
}
