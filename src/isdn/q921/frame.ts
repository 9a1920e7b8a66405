import { ByteWriter } from "../../core/index.js";

/** The two sides of a data link; they differ only in the C/R bit (Q.921 §3.3.2). */
export type Side = "user" | "network";

/** A frame from the address octet on, without flags and FCS; modulo 128 (Q.921 §3). */
export type Frame = Address & (InformationFrame | SupervisoryFrame | UnnumberedFrame);

export interface Address {
  /** Service access point: 0 call control, 63 management. */
  readonly sapi: number;
  /** Terminal endpoint: 0 on a primary rate interface, 127 broadcast. */
  readonly tei: number;
  /** Command or response, whichever way the C/R bit says it. */
  readonly command: boolean;
}

export interface InformationFrame {
  readonly kind: "I";
  readonly ns: number;
  readonly nr: number;
  readonly pollFinal: boolean;
  readonly information: Uint8Array;
}

export interface SupervisoryFrame {
  readonly kind: "RR" | "RNR" | "REJ";
  readonly nr: number;
  readonly pollFinal: boolean;
}

export interface UnnumberedFrame {
  readonly kind: "SABME" | "DM" | "UI" | "DISC" | "UA" | "FRMR" | "XID";
  readonly pollFinal: boolean;
  /** UI, XID and FRMR only. */
  readonly information?: Uint8Array;
}

export type FrameKind = Frame["kind"];

export type ParsedFrame =
  | { readonly kind: "frame"; readonly frame: Frame }
  /** §2.9: discarded without a word. */
  | { readonly kind: "invalid"; readonly reason: string }
  /** §3.6.11: a frame rejection condition, with the code of MDL-ERROR-INDICATION (table II.1). */
  | { readonly kind: "rejection"; readonly address: Address; readonly code: "L" | "M" | "N" };

/*
 * Octet 1   SAPI (6) | C/R | 0
 * Octet 2   TEI (7) | 1
 * Octet 3   N(S) (7) | 0           0 0 0 0 | S S | 0 1        M M M | P/F | M M | 1 1
 * Octet 4   N(R) (7) | P           N(R) (7) | P/F             (information)
 */
export function parseFrame(octets: Uint8Array, sender: Side): ParsedFrame {
  // By index: a pattern would go through the iterator.
  const first = octets[0];
  const second = octets[1];
  const control = octets[2];
  const fourth = octets[3];
  if (first === undefined || second === undefined || control === undefined)
    return { kind: "invalid", reason: "too short" };
  // §3.2: the address field is two octets.
  if ((first & 1) !== 0 || (second & 1) === 0) return { kind: "invalid", reason: "address field" };
  const address = {
    sapi: first >> 2,
    tei: second >> 1,
    command: ((first & 2) !== 0) === (sender === "network"),
  };
  if ((control & 3) === 3) return parseUnnumbered(address, control, octets.subarray(3));
  // §2.9 c: fewer than four octets in a frame that has sequence numbers.
  if (fourth === undefined) return { kind: "invalid", reason: "too short" };
  const numbers = { nr: fourth >> 1, pollFinal: (fourth & 1) !== 0 };
  if ((control & 1) === 0) {
    if (!address.command) return { kind: "rejection", address, code: "L" };
    const information = octets.subarray(4);
    return {
      kind: "frame",
      frame: { ...address, kind: "I", ns: control >> 1, ...numbers, information },
    };
  }
  const kind = SUPERVISORY[control];
  if (kind === undefined) return { kind: "rejection", address, code: "L" };
  if (octets.length > 4) return { kind: "rejection", address, code: "N" };
  return { kind: "frame", frame: { ...address, kind, ...numbers } };
}

function parseUnnumbered(address: Address, control: number, information: Uint8Array): ParsedFrame {
  const row = UNNUMBERED.find(({ code }) => code === (control & ~POLL_FINAL));
  // Table 5: a command sent as a response (or the reverse) is as undefined as an unknown control field.
  if (row === undefined || (row.as !== "both" && (row.as === "command") !== address.command))
    return { kind: "rejection", address, code: "L" };
  const { kind } = row;
  const pollFinal = (control & POLL_FINAL) !== 0;
  if (row.information)
    return { kind: "frame", frame: { ...address, kind, pollFinal, information } };
  if (information.length > 0) return { kind: "rejection", address, code: "M" };
  return { kind: "frame", frame: { ...address, kind, pollFinal } };
}

export function printFrame(frame: Frame, sender: Side): Uint8Array {
  const bit = frame.command === (sender === "network") ? 2 : 0;
  const length = "information" in frame ? (frame.information?.length ?? 0) : 0;
  const to = new ByteWriter(4 + length).uint8((frame.sapi << 2) | bit).uint8((frame.tei << 1) | 1);
  if (frame.kind === "I") {
    to.uint8(frame.ns << 1).uint8((frame.nr << 1) | (frame.pollFinal ? 1 : 0));
    return to.bytes(frame.information).finish();
  }
  if ("nr" in frame) {
    const control = frame.kind === "RR" ? 0x01 : frame.kind === "RNR" ? 0x05 : 0x09;
    return to
      .uint8(control)
      .uint8((frame.nr << 1) | (frame.pollFinal ? 1 : 0))
      .finish();
  }
  const row = UNNUMBERED.find(({ kind }) => kind === frame.kind);
  to.uint8((row?.code ?? 0) | (frame.pollFinal ? POLL_FINAL : 0));
  return to.bytes(frame.information ?? []).finish();
}

const POLL_FINAL = 0x10;

const SUPERVISORY: Readonly<Record<number, SupervisoryFrame["kind"]>> = {
  1: "RR",
  5: "RNR",
  9: "REJ",
};

interface UnnumberedRow {
  readonly kind: UnnumberedFrame["kind"];
  readonly code: number;
  readonly as: "command" | "response" | "both";
  readonly information: boolean;
}

// Q.921 table 5
const UNNUMBERED: readonly UnnumberedRow[] = [
  { kind: "SABME", code: 0x6f, as: "command", information: false },
  { kind: "DM", code: 0x0f, as: "response", information: false },
  { kind: "UI", code: 0x03, as: "command", information: true },
  { kind: "DISC", code: 0x43, as: "command", information: false },
  { kind: "UA", code: 0x63, as: "response", information: false },
  { kind: "FRMR", code: 0x87, as: "response", information: true },
  { kind: "XID", code: 0xaf, as: "both", information: true },
];
