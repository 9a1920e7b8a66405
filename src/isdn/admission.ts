import type { Bearer, Law } from "../call/index.js";
import type { ChannelTable } from "./channels.js";
import { bearerOf } from "./q931/call-setup.js";
import type { CallParams, HeldChannel } from "./q931/call-state.js";
import { type NamedChannel, namedChannel } from "./q931/channel-answer.js";
import type { Message, Verdict } from "./q931/index.js";

/** What is decided of their SETUP before a call exists: a flood of them costs no state. */
export type Admission<Holder> =
  | { readonly kind: "refuse"; readonly cause: number; readonly diagnostics?: Uint8Array }
  | {
      readonly kind: "admit";
      readonly bearer: Bearer;
      /** The channel that is kept for it: the one asked for, or our choice where they leave it to us. */
      readonly channel: HeldChannel;
      /** Our own SETUP asked for it too and yields (Q.931 §5.7). */
      readonly yields?: Holder;
    };

export interface AdmissionContext<Holder> {
  readonly params: CallParams;
  readonly law: Law;
  readonly channels: ChannelTable<Holder>;
  /** Calls that there are. */
  readonly calls: number;
  /** Whether a holder's SETUP is still unanswered, so that its channel is only asked for. */
  readonly isAsking: (holder: Holder) => boolean;
}

export function admit<Holder>(
  message: Message,
  verdict: Verdict,
  context: AdmissionContext<Holder>,
): Admission<Holder> {
  const { params, law, channels, calls } = context;
  // §5.8.6.1, §5.8.6.2
  if (verdict.action === "reject") return refuse(verdict.cause ?? 100, verdict.diagnostics);
  const bearer = bearerOf(message, law);
  // Annex B.3: the user's terminal is incompatible; the network does not offer the service.
  if (bearer === undefined) return refuse(params.side === "user" ? 88 : 65, BEARER_CODE);
  if (calls >= channels.count) return refuse(34);
  const choice = choose(namedChannel(message, params.profile.interfaceIdentifier), context);
  return choice.kind === "refuse" ? choice : { ...choice, bearer };
}

type Choice<Holder> =
  | { readonly kind: "refuse"; readonly cause: number; readonly diagnostics?: Uint8Array }
  | { readonly kind: "admit"; readonly channel: HeldChannel; readonly yields?: Holder };

/** §5.1.2, §5.2.3: exclusive, preferred or any channel. */
function choose<Holder>(named: NamedChannel, context: AdmissionContext<Holder>): Choice<Holder> {
  switch (named.kind) {
    case "absent":
    case "any":
      return anyChannel(context);
    case "none":
      return refuse(34);
    case "d-channel":
    case "not-one-b-channel":
      return refuse(66);
    case "other-interface":
      return refuse(82);
    case "named":
      return chooseNamed(named, context);
  }
}

function chooseNamed<Holder>(
  { timeslot, exclusive }: HeldChannel,
  context: AdmissionContext<Holder>,
): Choice<Holder> {
  const { channels, params, isAsking } = context;
  if (!channels.has(timeslot)) return refuse(82);
  const channel = { timeslot, exclusive };
  if (channels.isAvailable(timeslot)) return { kind: "admit", channel };
  const holder = channels.holder(timeslot);
  // §5.7: the network's call has priority over the user's on the channel that both ask for.
  const glare = params.side === "user" && holder !== undefined && isAsking(holder);
  if (glare && channels.isAvailable(timeslot, holder))
    return { kind: "admit", channel, yields: holder };
  return exclusive ? refuse(44) : anyChannel(context);
}

/** The channel of the first reply: the one wished for where it may be had, else the one kept, else any. */
export function grant<Holder>(
  { call, kept, only }: Waiting<Holder>,
  wished: HeldChannel | undefined,
  context: ChannelContext<Holder>,
): HeldChannel | undefined {
  const { channels } = context;
  if (only !== undefined) return channels.isAvailable(only.timeslot, call) ? only : undefined;
  if (wished !== undefined && channels.isAvailable(wished.timeslot, call))
    return { timeslot: wished.timeslot, exclusive: true };
  const timeslot = kept?.timeslot ?? anyFree(context);
  return timeslot === undefined ? undefined : { timeslot, exclusive: true };
}

/** A call whose SETUP was not answered yet. */
interface Waiting<Holder> {
  readonly call: Holder;
  readonly kept: HeldChannel | undefined;
  /** What SETUP asked for exclusively. */
  readonly only: HeldChannel | undefined;
}

type ChannelContext<Holder> = Pick<AdmissionContext<Holder>, "channels" | "params">;

/** The two sides hunt toward each other. */
function anyFree<Holder>({ channels, params }: ChannelContext<Holder>): number | undefined {
  return channels.anyFree(params.side === "network" ? "upward" : "downward");
}

function anyChannel<Holder>(context: AdmissionContext<Holder>): Choice<Holder> {
  const timeslot = anyFree(context);
  return timeslot === undefined
    ? refuse(34)
    : { kind: "admit", channel: { timeslot, exclusive: false } };
}

function refuse(cause: number, diagnostics?: Uint8Array) {
  return diagnostics === undefined
    ? ({ kind: "refuse", cause } as const)
    : ({ kind: "refuse", cause, diagnostics } as const);
}

/** Diagnostics of cause 88: the attribute that is incompatible (Q.850 table 2). */
const BEARER_CODE = Uint8Array.of(0x04);
