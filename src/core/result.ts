/** The peer's fault is a value: where in the input, and what was wrong. */
export interface Fault {
  /** Offset in octets (or characters of a text) from the beginning of what was parsed. */
  readonly offset: number;
  readonly reason: string;
}

export type Result<Value, Err = Fault> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Err };

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function err<Err>(error: Err): { readonly ok: false; readonly error: Err } {
  return { ok: false, error };
}

export function fault(
  offset: number,
  reason: string,
): { readonly ok: false; readonly error: Fault } {
  return { ok: false, error: { offset, reason } };
}

/** An invariant of ours, not of the peer's: breaking it ends the call, never the process. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new InvariantError(what);
}

export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** A fault of ours while one machine was at work; `about` is the id of its call or leg. */
export class FaultAbout extends Error {
  override readonly name = "FaultAbout";
  readonly about: string;

  constructor(about: string, cause: unknown) {
    super(`${about}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.about = about;
  }
}

/** Does work for one machine, so that a fault in it says whose it is. */
export function workFor<Value>(about: string | undefined, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (about === undefined || error instanceof FaultAbout) throw error;
    throw new FaultAbout(about, error);
  }
}
