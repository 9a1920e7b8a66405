import {
  type BookInput,
  type BookOutput,
  type Instant,
  MachineBook,
  type Stamp,
} from "../core/index.js";
import { type Collection, Driver, type Inlet, type World } from "../host/index.js";
import {
  type Flow,
  type Listeners,
  type SessionEvent,
  type SipOutput,
  SipStack,
  type StackInput,
  type TransactionTimers,
} from "../sip/index.js";
import type { SipRequest } from "../sip/message/index.js";
import { callMachine } from "./call.js";
import type { CallInput, CallOutput } from "./call-events.js";
import { type CallState, isOver, newCall } from "./call-state.js";
import type { CallReport } from "./journal.js";
import { LiveCall } from "./live-call.js";
import { type CallOrder, type CallPlan, callerOf, parametersOf, targetOf } from "./plan.js";
import type { Voice } from "./voice.js";

/** What a phone stands on. Tests bring a world and a wire of their own. */
export interface PhoneParts {
  readonly world: World;
  /** Our listeners by name; calls leave by the first one of their transport. */
  readonly listeners: Listeners;
  readonly transports: PhoneTransports;
  readonly voice: Voice;
  /** User-Agent and Server. */
  readonly product?: string;
  readonly timers?: Partial<TransactionTimers>;
  /** Addresses of a host name; the answer goes to `receive`. */
  readonly resolve?: (query: Extract<SipOutput, { readonly kind: "resolve" }>) => void;
  readonly onTrace?: (trace: Extract<SipOutput, { readonly kind: "trace" }>) => void;
}

export interface PhoneTransports {
  send(flow: Flow, octets: Uint8Array, failed: (error: Error) => void): void;
  closeStream(flow: Flow): void;
  close(): Promise<void>;
}

/** A call of the phone as its user sees it. */
export interface PhoneCall {
  readonly id: string;
  readonly direction: "outgoing" | "incoming";
  /** Resolves when the call is over. */
  readonly ended: Promise<CallReport>;
  hangUp(why?: string): void;
  hold(): void;
  retrieve(): void;
  /** Keys digits: 0-9 * # A-D, a comma for a pause. */
  key(digits: string): void;
}

type CallsInput = BookInput<CallState, CallInput, CallOutput>;
type CallsOutput = BookOutput<CallState, CallOutput> & { readonly at: Instant };
type Answering = (incoming: SipRequest) => CallPlan;

/** A SIP phone with any number of lines: one stack, one voice, a machine for each call. */
export class Phone {
  readonly #parts: PhoneParts;
  readonly #driver: Driver;
  readonly #stack: SipStack;
  readonly #toStack: Inlet<StackInput>;
  readonly #toCalls: Inlet<CallsInput>;
  readonly #calls = new Map<string, { readonly live: LiveCall; readonly call: PhoneCall }>();
  #answering: Answering = () => NOBODY;
  #onCall: (call: PhoneCall) => void = () => undefined;
  readonly #faults: string[] = [];
  #count = 0;

  constructor(parts: PhoneParts) {
    this.#parts = parts;
    const { listeners, product, timers } = parts;
    this.#driver = new Driver(parts.world, (_name, error, input) => this.#fault(error, input));
    this.#stack = new SipStack({
      ...{ listeners, exhaustedInvite: "answer" },
      ...(product === undefined ? {} : { product }),
      ...(timers === undefined ? {} : { timers }),
    });
    this.#toStack = this.#driver.attach("sip", this.#stack, (output) => this.#onStack(output));
    this.#toCalls = this.#driver.attach("calls", timedCalls(), (output) => this.#onCallOut(output));
  }

  /** Invariants of ours that were broken; empty, or we have a defect. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** Calls that are not over. */
  get liveCalls(): number {
    return this.#calls.size;
  }

  /** What of SIP is alive, ended calls included whose transactions are not. */
  get stack(): Pick<SipStack, "alive" | "counters"> {
    return this.#stack;
  }

  get listeners(): Listeners {
    return this.#parts.listeners;
  }

  /** What came by a transport. */
  receive(input: StackInput): void {
    this.#toStack(input);
  }

  placeCall(order: CallOrder): PhoneCall {
    const { transport, address, port } = order.destination;
    const listener = this.#listenerOf(transport);
    const call = this.#begin(`call-${++this.#count}`, "outgoing", order);
    const target = targetOf(order);
    this.#tell(call.id, {
      kind: "place",
      order: {
        target,
        destination: { transport, address, port, listener },
        from: callerOf(order, this.#parts.listeners[listener]?.address ?? address),
        to: `<${target}>`,
        delayedOffer: order.delayedOffer === true,
        headers: order.headers ?? [],
      },
    });
    return call;
  }

  /** From now on calls that come in are treated by plan; before that they are refused with 480. */
  answerCalls(
    plan: CallPlan | Answering,
    onCall: (call: PhoneCall) => void = () => undefined,
  ): void {
    this.#answering = typeof plan === "function" ? plan : () => plan;
    this.#onCall = onCall;
  }

  /** Hangs up all calls, waits for their ends, and gives all sockets back. */
  async close(): Promise<void> {
    this.#answering = () => NOBODY;
    const calls = [...this.#calls.values()].map(({ call }) => call);
    for (const call of calls) call.hangUp("the phone is switched off");
    await Promise.all(calls.map(({ ended }) => ended));
    this.#driver.stop();
    this.#parts.voice.close();
    await this.#parts.transports.close();
  }

  #begin(id: string, direction: PhoneCall["direction"], plan: CallPlan): PhoneCall {
    const live = new LiveCall(plan, this.#parts.voice, () => this.#driver.now);
    const call: PhoneCall = {
      ...{ id, direction, ended: live.ended },
      hangUp: (why = "we hung up") => this.#tell(id, { kind: "hang-up", why }),
      hold: () => this.#tell(id, { kind: "hold" }),
      retrieve: () => this.#tell(id, { kind: "retrieve" }),
      key: (digits) => this.#tell(id, { kind: "key", digits }),
    };
    this.#calls.set(id, { live, call });
    const machine = callMachine(parametersOf(plan));
    this.#toCalls({ kind: "begin", key: id, machine, state: newCall(id) });
    return call;
  }

  #tell(id: string, input: CallInput): void {
    this.#toCalls({ kind: "input", key: id, input });
  }

  #onStack(output: SipOutput): void {
    switch (output.kind) {
      case "send": {
        const { flow, octets, transaction } = output;
        const named = transaction === undefined ? {} : { transaction };
        this.#parts.transports.send(flow, octets, ({ message }) =>
          this.#toStack({ kind: "transport-error", what: message, ...named }),
        );
        return;
      }
      case "close-stream":
        this.#parts.transports.closeStream(output.flow);
        return;
      case "session":
        this.#onSession(output.event);
        return;
      case "resolve":
        if (this.#parts.resolve !== undefined) this.#parts.resolve(output);
        else this.#toStack({ kind: "resolved", query: output.query, addresses: [] });
        return;
      case "trace":
        this.#parts.onTrace?.(output);
        return;
      case "anomaly":
        return;
      case "fault":
        throw output.error;
    }
  }

  #onSession(event: SessionEvent): void {
    const { session } = event;
    if (event.kind === "invite-received") {
      const call = this.#begin(session, "incoming", this.#answering(event.request));
      this.#onCall(call);
    }
    this.#tell(session, { kind: "session", event });
  }

  #onCallOut({ key: id, output, at }: CallsOutput): void {
    if (output.kind === "session") {
      this.#toStack({ kind: "command", command: output.command });
      return;
    }
    const answer = this.#calls.get(id)?.live.perform(output, at);
    if (answer !== undefined) this.#tell(id, answer);
    if (output.kind === "milestone" && output.milestone.kind === "ended") this.#calls.delete(id);
  }

  #listenerOf(transport: "udp" | "tcp"): string {
    const found = Object.entries(this.#parts.listeners).find(
      ([, listener]) => listener.transport === transport,
    );
    if (found === undefined) throw new RangeError(`this phone has no ${transport} listener`);
    return found[0];
  }

  /** An invariant of ours is broken: it ends the call that it is of. */
  #fault(error: unknown, input: unknown): void {
    const { message } = error as Error;
    const id = callOf(input);
    const broken = id === undefined ? undefined : this.#calls.get(id);
    this.#faults.push(`${message} (${id ?? "no call"})`);
    if (id === undefined || broken === undefined) return;
    this.#calls.delete(id);
    this.#toCalls({ kind: "forget", key: id });
    broken.live.abandon(`internal error: ${message}`);
  }
}

/** The call that an input of the stack or of the calls is about. */
function callOf(input: unknown): string | undefined {
  const { key, command } = input as {
    readonly key?: string;
    readonly command?: { readonly session?: string };
  };
  return key ?? command?.session;
}

/** The machines of all calls, each output with the time of its step. */
function timedCalls(): Collection<CallsInput, CallsOutput> {
  const book = new MachineBook<CallState, CallInput, CallOutput>(isOver);
  const timed = (outputs: readonly BookOutput<CallState, CallOutput>[], { now }: Stamp) =>
    outputs.map((output) => ({ ...output, at: now }));
  return {
    receive: (input, stamp) => timed(book.receive(input, stamp), stamp),
    wake: (stamp) => timed(book.wake(stamp), stamp),
    deadline: () => book.deadline(),
  };
}

const NOBODY: CallPlan = { answer: { kind: "reject", status: 480 } };
