import { type Entropy, instant } from "../../../src/core/index.js";
import type { SessionEvent } from "../../../src/sip/index.js";
import { type Conditions, seededEntropy, Wire } from "../wire.js";
import { type Call, Party } from "./party.js";

export const callerAddress = "192.0.2.1";
export const calleeAddress = "192.0.2.2";

/** A call drawn by lot: what each side does, and when. */
export interface Scenario {
  readonly wire: Wire<Uint8Array>;
  readonly a: Party;
  readonly b: Party;
}

/** All that was drawn happens before this; what is tried again for 491 ends before `settledAt`. */
const ACTIVE_MS = 8000;
export const settledAt = instant(100_000);

export function drawScenario(
  seed: number,
  conditions: Conditions,
  transport: "udp" | "tcp" = "udp",
): Scenario {
  const wire = new Wire<Uint8Array>(seed, conditions);
  const lot = seededEntropy(seed ^ 0x5f5f_5f5f);
  const a = new Party(wire, callerAddress, transport);
  const b = new Party(wire, calleeAddress, transport);
  for (const party of [a, b])
    party.behaviour = (event, call) => react(event, call, party, wire, lot);
  const reliability = pick(lot, ["none", "supported", "required"] as const);
  a.invite("call", calleeAddress, reliability, chance(lot, 0.4));
  if (chance(lot, 0.2)) {
    wire.in(lot.between(0, ACTIVE_MS), () => hangUp(a));
  }
  for (const party of [a, b]) {
    for (let count = lot.between(0, 2); count > 0; count--) {
      wire.in(lot.between(100, ACTIVE_MS), () => modify(party, lot));
    }
    if (chance(lot, 0.3)) wire.in(lot.between(100, ACTIVE_MS), () => sendInfo(party));
  }
  return { wire, a, b };
}

export function hangUp(party: Party): void {
  for (const call of party.calls.values()) {
    if (call.state !== "ended") party.do({ kind: "terminate", session: call.id, headers: [] });
  }
}

function react(
  event: SessionEvent,
  call: Call,
  party: Party,
  wire: Wire<Uint8Array>,
  lot: Entropy,
): void {
  if (call.state === "ended") return;
  if (event.kind === "invite-received")
    planAnswer(event.offer === undefined, call, party, wire, lot);
  if (event.kind === "description-wanted") {
    const { session, dialog, role, method } = event;
    const refusable = method === "UPDATE" || method === "INVITE";
    if (refusable && chance(lot, 0.15)) {
      call.theirs = undefined;
      party.do({ kind: "refuse", session, dialog, status: 488, headers: [] });
      return;
    }
    wire.in(lot.between(0, 300), () => {
      if (call.state === "ended" || isWithdrawn(call, event)) return;
      const bodies = [party.description(role)];
      party.do({ kind: "describe", session, dialog, headers: [], bodies });
    });
  }
  if (event.kind === "request-received") {
    const { transaction } = event;
    party.do({ kind: "respond", transaction, status: 200, headers: [], bodies: [] });
  }
}

function isWithdrawn(call: Call, wanted: SessionEvent): boolean {
  const since = call.events.slice(call.events.indexOf(wanted));
  return since.some(({ kind }) => kind === "offer-withdrawn");
}

/** Some provisional responses, then 200, a failure, or nothing until the caller gives up. */
function planAnswer(
  delayed: boolean,
  call: Call,
  party: Party,
  wire: Wire<Uint8Array>,
  lot: Entropy,
): void {
  const session = call.id;
  let described = false;
  let at = lot.between(0, 400);
  for (let count = lot.between(0, 3); count > 0; count--) {
    const describe = !described && chance(lot, 0.5);
    const reliable = chance(lot, 0.7) ? "if-possible" : "never";
    const status = pick(lot, [180, 181, 183] as const);
    wire.in(at, () => {
      const reliably = reliable === "if-possible" && canBeReliable(call);
      // An offer goes in reliable responses only.
      const bodies =
        describe && (!delayed || reliably) && !described ? [descriptionOf(party, call)] : [];
      if (call.state !== "trying") return;
      described ||= bodies.length > 0;
      party.do({ kind: "provisional", session, status, reliable, headers: [], bodies });
    });
    at += lot.between(0, 1500);
  }
  const fate = lot.between(0, 9);
  wire.in(at + lot.between(0, 2000), () => {
    if (call.state !== "trying") return;
    if (fate === 0) {
      party.do({ kind: "reject", session, status: 486, headers: [] });
    } else if (fate < 9) {
      const bodies = described ? [] : [descriptionOf(party, call)];
      party.do({ kind: "accept", session, headers: [], bodies });
    }
  });
}

function canBeReliable(call: Call): boolean {
  const [first] = call.events;
  return first?.kind === "invite-received" && first.reliability !== "none";
}

function descriptionOf(party: Party, call: Call) {
  return party.description(call.theirs === undefined ? "offer" : "answer");
}

function modify(party: Party, lot: Entropy): void {
  for (const call of party.calls.values()) {
    if (call.state === "ended" || call.offers.some((offer) => offer.modify)) continue;
    const method = pick(lot, ["auto", "INVITE", "UPDATE", "PRACK"] as const);
    const bodies = chance(lot, 0.8) ? [party.description("offer")] : [];
    party.do({ kind: "modify", session: call.id, method, headers: [], bodies });
  }
}

function sendInfo(party: Party): void {
  for (const call of party.calls.values()) {
    if (call.state !== "answered") continue;
    const session = call.id;
    party.do({ kind: "request", session, method: "INFO", headers: [], bodies: [] });
  }
}

export function chance(lot: Entropy, probability: number): boolean {
  return lot.uint32() / 0x1_0000_0000 < probability;
}

export function pick<Value>(lot: Entropy, values: readonly Value[]): Value {
  return values[lot.between(0, values.length - 1)] as Value;
}
