/** Where a circuit lies. `cic` only on ISUP trunks. */
export interface Circuit {
  readonly trunkGroup: string;
  readonly span: string;
  /** 1 to 31 on E1 (16 is usually signalling), 1 to 24 on T1. */
  readonly timeslot: number;
  readonly cic?: number;
}

export type CircuitState =
  | { readonly name: "idle" }
  | { readonly name: "outgoing"; readonly call: string }
  | { readonly name: "incoming"; readonly call: string }
  | { readonly name: "resetting" }
  | { readonly name: "out-of-service" };

/** Blocking is beside the state: a busy circuit may be blocked for its next call. */
export interface Blocking {
  readonly local: "none" | "maintenance" | "hardware";
  readonly remote: "none" | "maintenance" | "hardware";
}

export type HuntOrder =
  | "lowest"
  | "highest"
  | "cyclic"
  | "longest-idle"
  | "odd-first"
  | "even-first";

export type SignallingKind = "isdn-user" | "isdn-network" | "isup";

export interface TrunkGroup {
  readonly name: string;
  readonly signalling: SignallingKind;
  readonly hunt: HuntOrder;
  readonly circuits: readonly Circuit[];
}
