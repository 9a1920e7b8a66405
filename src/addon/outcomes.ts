import { constants } from "node:os";
import { err, ok } from "../core/index.js";
import type { EngineDone, EngineErrorCode, EngineResult } from "./types.js";

/** In the order of `Code` in native/engine/engine.h. */
const CODES: readonly (readonly [EngineErrorCode, string])[] = [
  ["invalid", "succeeded"],
  ["stale-handle", "the handle was closed, or never was one of this kind"],
  ["closed", "the engine is closed"],
  ["not-supported", "not possible in this mode or for this kind of port"],
  ["timeslot-unavailable", "the timeslot is open already, carries signalling, or does not exist"],
  ["ring-full", "too many commands or frames wait; try again a tick later"],
  ["invalid", "the value cannot be used"],
  ["limit", "there are no more handles"],
];

const SYSTEM_CODE = 1000;
const ERRNO: readonly (readonly [number, EngineErrorCode, string])[] = [
  [constants.errno.EADDRINUSE, "EADDRINUSE", "the port is in use"],
  [constants.errno.EADDRNOTAVAIL, "EADDRNOTAVAIL", "no interface has the address"],
  [constants.errno.EACCES, "EACCES", "not permitted"],
  [constants.errno.EMFILE, "EMFILE", "the process has too many open files"],
  [constants.errno.ENFILE, "ENFILE", "the system has too many open files"],
  [constants.errno.EAFNOSUPPORT, "EAFNOSUPPORT", "the address family is not there"],
];

/** The result of a method without a value. */
export function done(what: string, code: number): EngineDone {
  return code === 0 ? ok(undefined) : failure(what, code);
}

/** The result of a method that gives a handle, or a code made negative. */
export function handed<Handle extends number>(what: string, value: number): EngineResult<Handle> {
  return value > 0 ? ok(value as Handle) : failure(what, -value);
}

export function failure(
  what: string,
  code: number,
): Exclude<EngineResult<never>, { readonly ok: true }> {
  if (code >= SYSTEM_CODE) {
    const row = ERRNO.find(([errno]) => errno === code - SYSTEM_CODE);
    const [name, words] = row === undefined ? (["EIO", "failed"] as const) : [row[1], row[2]];
    const number = row === undefined ? ` (errno ${code - SYSTEM_CODE})` : "";
    return err({ code: name, message: `${what}: ${words}${number}` });
  }
  const [name, words] = CODES[code] ?? ["invalid", `code ${code}`];
  return err({ code: name, message: `${what}: ${words}` });
}
