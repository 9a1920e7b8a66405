import type { Instant, Step, Wake } from "../../core/index.js";
import { header, type SipMessage, type SipRequest, type Via } from "../message/index.js";
import type { Flow } from "../session-events.js";
import { type InviteClientInput, type InviteClientState, inviteClient } from "./invite-client.js";
import { type InviteServerState, inviteServer } from "./invite-server.js";
import type { ClientInput, MachineOutput, MachineParams, ServerInput } from "./machine-parts.js";
import { mergeKey } from "./matching.js";
import { type NonInviteClientState, nonInviteClient } from "./non-invite-client.js";
import { type NonInviteServerState, nonInviteServer } from "./non-invite-server.js";
import { responseFlow } from "./routing.js";
import type { TransactionId } from "./types.js";

/** One transaction: its machine, the state of it, and where its messages go. */
export type Entry = ClientEntry | ServerEntry;

interface Common {
  readonly id: TransactionId;
  /** Where what it sends goes. */
  flow: Flow;
  /** What was printed last: a retransmission is not printed again. */
  printed?: { readonly message: SipMessage; readonly octets: Uint8Array } | undefined;
  deadline: Instant | undefined;
}

export type ClientEntry = Common & {
  readonly side: "client";
  /** As sent, with our Via. */
  request: SipRequest;
  /** UDP, when a large request was moved to a stream (RFC 3261 §18.1.1). */
  fallback?: Flow;
} & (
    | {
        readonly kind: "invite";
        machine: ReturnType<typeof inviteClient>;
        state: InviteClientState;
      }
    | {
        readonly kind: "non-invite";
        machine: ReturnType<typeof nonInviteClient>;
        state: NonInviteClientState;
      }
  );

export type ServerEntry = Common & {
  readonly side: "server";
  /** The topmost Via with received and rport. */
  readonly via: Via;
  readonly mergeKey: string;
  /** To tag of the last response, for the ACK of RFC 2543 peers (§17.2.3). */
  toTag?: string;
  /** A new connection was asked for already (§18.2.2). */
  reconnected: boolean;
} & (
    | {
        readonly kind: "invite";
        readonly machine: ReturnType<typeof inviteServer>;
        state: InviteServerState;
      }
    | {
        readonly kind: "non-invite";
        readonly machine: ReturnType<typeof nonInviteServer>;
        state: NonInviteServerState;
      }
  );

/** A client transaction that begins, and what it does first. */
export function clientEntry(
  id: TransactionId,
  request: SipRequest,
  flow: Flow,
  params: MachineParams,
  now: Instant,
  fallback?: Flow,
): { readonly entry: ClientEntry; readonly outputs: readonly MachineOutput[] } {
  const common = {
    side: "client" as const,
    id,
    request,
    flow,
    deadline: undefined,
    ...(fallback === undefined ? undefined : { fallback }),
  };
  if (request.method === "INVITE") {
    const machine = inviteClient(params);
    const { state, outputs } = machine.start(request, now);
    return { entry: { ...common, kind: "invite", machine, state }, outputs };
  }
  const machine = nonInviteClient(params);
  const { state, outputs } = machine.start(request, now);
  return { entry: { ...common, kind: "non-invite", machine, state }, outputs };
}

/** A server transaction for a request whose topmost Via has received and rport. */
export function serverEntry(
  id: TransactionId,
  request: SipRequest,
  flow: Flow,
  params: MachineParams,
  now: Instant,
): ServerEntry {
  const via = request.headers.value(header.via) as Via;
  const common = {
    side: "server" as const,
    id,
    via,
    mergeKey: mergeKey(request),
    flow: responseFlow(via, flow),
    deadline: undefined,
    reconnected: false,
  };
  if (request.method === "INVITE") {
    const machine = inviteServer(params);
    return { ...common, kind: "invite", machine, state: machine.start(request, now).state };
  }
  const machine = nonInviteServer(params);
  return { ...common, kind: "non-invite", machine, state: machine.start(request, now).state };
}

/** An INVITE without a final response: it may be cancelled. */
export function isPending(entry: ClientEntry): boolean {
  const { name } = entry.state;
  return entry.kind === "invite" && (name === "calling" || name === "proceeding");
}

/** A request that not even a provisional response came to. */
export function isUnanswered({ side, state }: Entry): boolean {
  return side === "client" && (state.name === "calling" || state.name === "trying");
}

/** When the entry's machine wants to be woken. */
export function deadlineOf(entry: Entry): Instant | undefined {
  if (entry.side === "client")
    return entry.kind === "invite"
      ? entry.machine.deadline(entry.state)
      : entry.machine.deadline(entry.state);
  return entry.kind === "invite"
    ? entry.machine.deadline(entry.state)
    : entry.machine.deadline(entry.state);
}

/** Steps a client's machine; a non-INVITE one cannot be cancelled. */
export function stepClient(
  entry: ClientEntry,
  input: InviteClientInput | Wake,
  now: Instant,
): readonly MachineOutput[] {
  if (entry.kind === "invite") return took(entry, entry.machine.step(entry.state, input, now));
  if (input.kind === "cancelled") return [];
  const narrowed: ClientInput | Wake = input;
  return took(entry, entry.machine.step(entry.state, narrowed, now));
}

export function stepServer(
  entry: ServerEntry,
  input: ServerInput | Wake,
  now: Instant,
): readonly MachineOutput[] {
  return entry.kind === "invite"
    ? took(entry, entry.machine.step(entry.state, input, now))
    : took(entry, entry.machine.step(entry.state, input, now));
}

function took<State>(
  entry: { state: State },
  step: Step<State, MachineOutput>,
): readonly MachineOutput[] {
  entry.state = step.state;
  return step.outputs;
}
