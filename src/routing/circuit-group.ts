import {
  type Blocking,
  type CauseLocation,
  type Circuit,
  type CircuitState,
  cause,
  type SignallingKind,
  type TrunkGroup,
} from "../call/index.js";
import { invariant } from "../core/index.js";
import type { CircuitInput, CircuitName, CircuitOutput, CircuitStatistics } from "./circuits.js";
import { BitSet, Hunt } from "./hunt.js";
import {
  BLOCK_BITS,
  type BusyState,
  callOf,
  changed,
  IDLE,
  isBusy,
  isContended,
  isIdle,
  isLocallyBlocked,
  nameOf,
  type Slot,
  viewOf,
} from "./slot.js";

type In<Kind extends CircuitInput["kind"]> = CircuitInput & { readonly kind: Kind };
type Outputs = readonly CircuitOutput[];

/**
 * The circuits of one trunk group: who holds which, which may be hunted. A circuit is never held by
 * two calls, a call never holds two circuits, and inputs about circuits that are not of this group
 * are answered or ignored, never thrown at.
 */
export class CircuitGroup {
  readonly #group: TrunkGroup;
  readonly #slots: Slot[];
  readonly #byName = new Map<string, Slot>();
  readonly #byCall = new Map<string, Slot>();
  readonly #spans = new Map<string, BitSet>();
  readonly #hunt: Hunt;
  #maxBusy = 0;
  #seizures = 0;
  #incoming = 0;
  #overflows = 0;
  #collisions = 0;

  constructor(group: TrunkGroup) {
    this.#group = group;
    this.#hunt = new Hunt(
      group.hunt,
      group.circuits.map(({ cic, timeslot }) => cic ?? timeslot),
    );
    this.#slots = group.circuits.map((circuit, index) => ({
      ...{ circuit, index, state: IDLE, blocks: 0, confirmed: false },
    }));
    for (const slot of this.#slots) {
      const { span } = slot.circuit;
      invariant(!this.#byName.has(nameOf(slot.circuit)), `circuit ${nameOf(slot.circuit)} twice`);
      this.#byName.set(nameOf(slot.circuit), slot);
      const mask = this.#spans.get(span) ?? new BitSet(group.circuits.length);
      this.#spans.set(span, mask);
      mask.add(slot.index);
      this.#hunt.add(slot.index);
    }
  }

  step(input: CircuitInput): readonly CircuitOutput[] {
    switch (input.kind) {
      case "seize":
        return this.#seize(input);
      case "incoming":
        return this.#arrive(input);
      case "assigned":
        return this.#assign(input);
      case "release":
        return this.#release(input.call);
      case "block":
      case "unblock":
        return this.#change(input.circuits, (slot) => {
          const bit = BLOCK_BITS[input.side][input.by];
          slot.blocks = input.kind === "block" ? slot.blocks | bit : slot.blocks & ~bit;
        });
      case "reset":
        return this.#reset(input);
      case "reset-done":
        return this.#change(input.circuits, (slot) => {
          if (!isBusy(slot)) slot.state = IDLE;
        });
      case "reset-failed":
        return this.#change(input.circuits, (slot) => {
          if (!isBusy(slot)) slot.state = { name: "out-of-service" };
        });
    }
  }

  /** Whether there is a circuit that a call could seize. */
  get hasFree(): boolean {
    return !this.#hunt.isEmpty;
  }

  /** The circuit that a call holds. */
  circuitOf(call: string): Circuit | undefined {
    return this.#byCall.get(call)?.circuit;
  }

  /** All circuits with their states, for boards. */
  *[Symbol.iterator](): Iterator<{
    readonly circuit: Circuit;
    readonly state: CircuitState;
    readonly blocking: Blocking;
  }> {
    for (const slot of this.#slots) yield viewOf(slot);
  }

  statistics(): CircuitStatistics {
    const count = (test: (slot: Slot) => boolean) => this.#slots.filter(test).length;
    return {
      total: this.#slots.length,
      busy: this.#byCall.size,
      idle: count((slot) => slot.state.name === "idle"),
      blocked: count((slot) => slot.blocks !== 0),
      resetting: count((slot) => slot.state.name === "resetting"),
      outOfService: count((slot) => slot.state.name === "out-of-service"),
      maxBusy: this.#maxBusy,
      seizures: this.#seizures,
      incoming: this.#incoming,
      overflows: this.#overflows,
      collisions: this.#collisions,
    };
  }

  #seize({ call, span, except = [] }: In<"seize">): Outputs {
    const slot = this.#byCall.has(call) ? undefined : this.#pickBut(except, span);
    if (slot === undefined) return this.#refuse(call, NO_CIRCUIT, "no idle circuit");
    this.#seizures++;
    this.#take(slot, { name: "outgoing", call });
    return [{ kind: "seized", call, circuit: slot.circuit }, changed(slot)];
  }

  #arrive(input: In<"incoming">): Outputs {
    const { call } = input;
    if (this.#byCall.has(call))
      return this.#refuse(call, NOT_AVAILABLE, "the call has a circuit already");
    const wanted = input.circuit && this.#byName.get(nameOf(input.circuit));
    if (input.circuit !== undefined && wanted === undefined && input.exclusive)
      return this.#refuse(call, NO_CHANNEL, "no such circuit in the group");
    const displaced = this.#collide(wanted);
    const slot = this.#grantable(input, wanted);
    if (slot === undefined) {
      // Q.931 §5.2.3.1: 44 for a channel that was asked for, 34 when any would have done
      const value = input.circuit === undefined ? NO_CIRCUIT : NOT_AVAILABLE;
      return [...displaced, ...this.#refuse(call, value, "no circuit to grant")];
    }
    this.#incoming++;
    this.#take(slot, { name: "incoming", call });
    return [...displaced, { kind: "granted", call, circuit: slot.circuit }, changed(slot)];
  }

  #grantable(input: In<"incoming">, wanted: Slot | undefined): Slot | undefined {
    if (wanted !== undefined && isIdle(wanted) && !isLocallyBlocked(wanted)) return wanted;
    return input.circuit !== undefined && input.exclusive ? undefined : this.#pick(input.span);
  }

  /** Q.931 §5.7: the network's call has priority over the user's on the same channel. */
  #collide(slot: Slot | undefined): Outputs {
    const call = slot && callOf(slot);
    if (slot === undefined || call === undefined || !isContended(slot)) return [];
    this.#collisions++;
    if (COLLISION[this.#group.signalling] === "keep") return [];
    this.#free(slot);
    return [{ kind: "displaced", call, circuit: slot.circuit }, changed(slot)];
  }

  #assign({ call, circuit }: In<"assigned">): Outputs {
    const held = this.#byCall.get(call);
    const slot = this.#byName.get(nameOf(circuit));
    if (slot !== undefined && slot === held) {
      slot.confirmed = true;
      return [];
    }
    const displaced = this.#collide(slot);
    // Q.931 §5.1.2: a channel that cannot be used is answered with cause 6
    if (slot === undefined || !isIdle(slot) || isLocallyBlocked(slot)) {
      return [...displaced, ...this.#refuse(call, UNACCEPTABLE, "circuit assigned is not usable")];
    }
    const left = this.#release(call);
    this.#take(slot, { name: "outgoing", call });
    slot.confirmed = true;
    const moved = { kind: "moved", call, circuit: slot.circuit } as const;
    return [...displaced, ...left, moved, changed(slot)];
  }

  #release(call: string): Outputs {
    const slot = this.#byCall.get(call);
    if (slot === undefined) return [];
    this.#free(slot);
    return [changed(slot)];
  }

  #reset(input: In<"reset">): Outputs {
    const cleared: CircuitOutput[] = [];
    const changes = this.#change(input.circuits, (slot) => {
      const call = callOf(slot);
      if (call !== undefined) {
        this.#free(slot);
        const why = cause(TEMPORARY_FAILURE, this.#location, `reset by ${input.by}`);
        cleared.push({ kind: "clear", call, cause: why });
      }
      slot.state = input.by === "us" ? { name: "resetting" } : IDLE;
    });
    return [...cleared, ...changes];
  }

  /** Runs `change` on the circuits that are of this group and reports those that it changed. */
  #change(names: readonly CircuitName[], change: (slot: Slot) => void): Outputs {
    return names.flatMap((name) => {
      const slot = this.#byName.get(nameOf(name));
      if (slot === undefined) return [];
      const { state, blocks } = slot;
      change(slot);
      this.#update(slot);
      return slot.state !== state || slot.blocks !== blocks ? [changed(slot)] : [];
    });
  }

  /** As `#pick`, with some circuits out of the hunt for this once. */
  #pickBut(except: readonly CircuitName[], span: string | undefined): Slot | undefined {
    const out = except.flatMap((name) => this.#byName.get(nameOf(name)) ?? []);
    for (const slot of out) this.#hunt.delete(slot.index);
    const picked = this.#pick(span);
    for (const slot of out) this.#update(slot);
    return picked;
  }

  #pick(span: string | undefined): Slot | undefined {
    const mask = span === undefined ? undefined : this.#spans.get(span);
    if (span !== undefined && mask === undefined) return undefined;
    const index = this.#hunt.pick(mask);
    return index === undefined ? undefined : this.#slots[index];
  }

  /** Q.850 §2.2.3: toward a network we stand where a PBX does. */
  get #location(): CauseLocation {
    return this.#group.signalling === "isdn-user"
      ? "private-network-local"
      : "public-network-local";
  }

  #take(slot: Slot, state: BusyState): void {
    invariant(isIdle(slot) && !this.#byCall.has(state.call), "a circuit is taken once");
    slot.state = state;
    slot.confirmed = false;
    this.#byCall.set(state.call, slot);
    this.#maxBusy = Math.max(this.#maxBusy, this.#byCall.size);
    this.#update(slot);
  }

  #free(slot: Slot): void {
    const call = callOf(slot);
    if (call !== undefined) this.#byCall.delete(call);
    slot.state = IDLE;
    this.#update(slot);
  }

  #update(slot: Slot): void {
    if (isIdle(slot) && slot.blocks === 0) this.#hunt.add(slot.index);
    else this.#hunt.delete(slot.index);
  }

  #refuse(call: string, value: number, what: string): Outputs {
    this.#overflows++;
    return [{ kind: "refused", call, cause: cause(value, this.#location, what) }];
  }
}

const UNACCEPTABLE = 6;
const NO_CIRCUIT = 34;
const TEMPORARY_FAILURE = 41;
const NOT_AVAILABLE = 44;
const NO_CHANNEL = 82;
/** Who keeps a circuit that both sides seized: `yield` gives ours up. */
const COLLISION: Readonly<Record<SignallingKind, "yield" | "keep">> = {
  "isdn-user": "yield", // Q.931 §5.7
  "isdn-network": "keep", // Q.931 §5.7
  isup: "keep",
};
