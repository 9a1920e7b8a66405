import type { Blocking, Circuit, CircuitState } from "../call/index.js";
import type { CircuitName, CircuitOutput } from "./circuits.js";

/** One circuit of a group and who holds it. */
export interface Slot {
  readonly circuit: Circuit;
  readonly index: number;
  state: CircuitState;
  /** The bits of `BLOCK_BITS`. */
  blocks: number;
  /** The far end confirmed the circuit of an outgoing call: no collision can take it. */
  confirmed: boolean;
}

export type BusyState = CircuitState & { readonly name: "outgoing" | "incoming" };

export function nameOf({ span, timeslot }: CircuitName): string {
  return `${span}/${timeslot}`;
}

export function isBusy(slot: Slot): boolean {
  return callOf(slot) !== undefined;
}

export function isIdle(slot: Slot): boolean {
  return slot.state.name === "idle";
}

export function isContended(slot: Slot): boolean {
  return slot.state.name === "outgoing" && !slot.confirmed;
}

export function isLocallyBlocked(slot: Slot): boolean {
  return (slot.blocks & (BLOCK_BITS.local.maintenance | BLOCK_BITS.local.hardware)) !== 0;
}

export function callOf({ state }: Slot): string | undefined {
  return state.name === "outgoing" || state.name === "incoming" ? state.call : undefined;
}

/** State and blocking as others see them: hardware blocking covers maintenance blocking. */
export function viewOf({ circuit, state, blocks }: Slot) {
  const side = (of: "local" | "remote") => {
    if ((blocks & BLOCK_BITS[of].hardware) !== 0) return "hardware";
    return (blocks & BLOCK_BITS[of].maintenance) !== 0 ? "maintenance" : "none";
  };
  const blocking: Blocking = { local: side("local"), remote: side("remote") };
  return { circuit, state, blocking };
}

export function changed(slot: Slot): CircuitOutput {
  return { kind: "changed", ...viewOf(slot) };
}

export const IDLE: CircuitState = { name: "idle" };

/** A circuit can be blocked by several at once; it is free when none is left. */
export const BLOCK_BITS = {
  local: { maintenance: 1, hardware: 2 },
  remote: { maintenance: 4, hardware: 8 },
} as const;
