import type { Wave } from "../media/index.js";
import type { MediaPolicy, PacketTime } from "../sdp/index.js";
import type { HeaderField, Reliability } from "../sip/index.js";
import { escapeUser } from "../sip/message/index.js";
import type { AnswerPlan, CallParameters, Milestone } from "./call-events.js";
import type { PlayOut } from "./voice.js";

/** Codecs that a phone can be told to speak. */
export type SpokenCodec = "PCMA" | "PCMU" | "G729";

/** What the user of a phone wants of a call; everything has a default. */
export interface CallPlan {
  /** In order of preference. Default A-law, then mu-law. */
  readonly codecs?: readonly SpokenCodec[];
  /** G.729: annex B is agreed to. Default true. */
  readonly annexB?: boolean;
  /** Pauses are not sent where the far end permits. Default false. */
  readonly vad?: boolean;
  /** How what comes is played: limits of the jitter buffer, and whether losses are concealed. */
  readonly playOut?: PlayOut;
  /** What we send, where the far end asks for nothing else, and what we ask for. Default 20. */
  readonly ptimeMs?: PacketTime;
  /** Default `supported`. */
  readonly reliability?: Reliability;
  /** Default 60,000; 0: never. */
  readonly giveUpMs?: number;
  /** Default 0: the far end hangs up. */
  readonly talkMs?: number;
  readonly digits?: string;
  /** Of calls that come in. Default: answers at once. */
  readonly answer?: AnswerPlan;
  readonly play?: Wave;
  readonly loop?: boolean;
  /** Default 0: nothing is recorded. */
  readonly recordMs?: number;
  /** `atMs`: since the call began. */
  readonly onMilestone?: (milestone: Milestone, atMs: number) => void;
  readonly onDigit?: (digit: string, atMs: number) => void;
}

/** A call to be placed. */
export interface CallOrder extends CallPlan {
  /** A number, or a whole SIP, SIPS or tel URI. */
  readonly to: string;
  /** Calling number. */
  readonly from: string;
  readonly destination: Destination;
  readonly delayedOffer?: boolean;
  readonly headers?: readonly HeaderField[];
}

export interface Destination {
  readonly transport: "udp" | "tcp";
  /** IP address. */
  readonly address: string;
  readonly port: number;
  /** What stands in the Request-URI for it; default: the address. */
  readonly host?: string;
}

export function parametersOf(plan: CallPlan): CallParameters {
  return {
    policy: policyOf(plan),
    reliability: plan.reliability ?? "supported",
    giveUpMs: plan.giveUpMs ?? 60_000,
    talkMs: plan.talkMs ?? 0,
    digits: plan.digits ?? "",
    answer: plan.answer ?? { kind: "answer", ringMs: 0, earlyMedia: false },
  };
}

/** Request-URI of a call. */
export function targetOf({ to, destination }: CallOrder): string {
  if (/^(sips?|tel):/i.test(to)) return to;
  const { transport, address, port, host } = destination;
  const parameter = transport === "udp" ? "" : `;transport=${transport}`;
  return `sip:${escapeUser(to)}@${host ?? bracketed(address)}:${port}${parameter}`;
}

export function callerOf({ from }: CallOrder, address: string): string {
  return `<sip:${escapeUser(from)}@${bracketed(address)}>`;
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

function policyOf(plan: CallPlan): MediaPolicy {
  const { codecs = ["PCMA", "PCMU"], ptimeMs = 20, annexB = true, vad = false } = plan;
  return {
    codecs: codecs.map((name) =>
      name === "G729" ? { name, clockRate: 8000, annexB } : { name, clockRate: 8000 },
    ),
    vad,
    preference: "ours",
    telephoneEvents: "0-15",
    ...{ receivePtimeMs: ptimeMs, sendPtimeMs: ptimeMs, maxPtimeMs: 60 },
  };
}
