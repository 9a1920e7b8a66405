import type { TransactionTimers } from "./types.js";

/** RFC 3261 table 4 and §17.2.1, RFC 6026 §7: what a timer is, in milliseconds or by T1 and T4. */
export const timerTable = [
  { name: "T1", default: 500, sentence: "estimate of the round-trip time" },
  { name: "T2", default: 4000, sentence: "longest interval between retransmissions" },
  { name: "T4", default: 5000, sentence: "longest time a message stays in the network" },
  { name: "A", default: "T1, doubled", sentence: "INVITE request retransmission, UDP only" },
  { name: "B", default: "64*T1", sentence: "INVITE client transaction gives up" },
  { name: "D", default: 32_000, sentence: "wait for repeated final responses, UDP only" },
  { name: "E", default: "T1 to T2", sentence: "non-INVITE request retransmission, UDP only" },
  { name: "F", default: "64*T1", sentence: "non-INVITE client transaction gives up" },
  { name: "G", default: "T1 to T2", sentence: "INVITE final response retransmission, UDP only" },
  { name: "H", default: "64*T1", sentence: "wait for the ACK" },
  { name: "I", default: "T4", sentence: "wait for repeated ACKs, UDP only" },
  { name: "J", default: "64*T1", sentence: "wait for repeated non-INVITE requests, UDP only" },
  { name: "K", default: "T4", sentence: "wait for repeated non-INVITE responses, UDP only" },
  { name: "L", default: "64*T1", sentence: "wait for repeated INVITEs after a 2xx (RFC 6026)" },
  { name: "M", default: "64*T1", sentence: "wait for further 2xx of an INVITE (RFC 6026)" },
  { name: "trying", default: 200, sentence: "silence of the user after which INVITE gets 100" },
] as const;

/** The timers with what the configuration changes; those made of T1 follow it. */
export function resolveTimers(changed: Partial<TransactionTimers> = {}): TransactionTimers {
  const T1 = changed.T1 ?? 500;
  const long = 64 * T1;
  return {
    T1,
    T2: 4000,
    T4: 5000,
    B: long,
    // At least 32 s on UDP (RFC 3261 §17.1.1.2).
    D: Math.max(32_000, long),
    F: long,
    H: long,
    J: long,
    L: long,
    M: long,
    trying: 200,
    ...changed,
  };
}

export const transactionTimers: TransactionTimers = resolveTimers();
