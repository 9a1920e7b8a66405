import type { Cause, CauseLocation, MappingStep } from "../call/index.js";
import type { SessionEnd } from "../sip/index.js";
import { type Headers, header, type SipResponse } from "../sip/message/index.js";
import { CAUSE_MAPS, type CauseMap, type CauseMapName } from "./cause-maps.js";
import { newNumber } from "./new-number.js";
import { statedReason } from "./reason.js";

/** A cause as a final status, with the cause as it stands after this step. */
export interface MappedStatus {
  readonly status: number;
  readonly cause: Cause;
  /** The number to call instead, for a 301. */
  readonly newNumber?: string;
}

/** The final status for a cause that ends a call before its answer. There always is one. */
export function statusOf(cause: Cause, mapName: CauseMapName): MappedStatus {
  const { origin } = cause;
  // A call between two SIP peers keeps the status that its far end gave
  if (origin.kind === "sip" && origin.status !== undefined && isPassedOn(origin.status)) {
    return mapped(cause, origin.status, `SIP ${origin.status} passed on`);
  }
  const map = CAUSE_MAPS[mapName];
  const row = map.toStatus.find((one) => one.cause === cause.value);
  const rule = ruleOf(map, map.toStatusClause, `${cause.value}`);
  if (row === undefined) return mapped(cause, map.defaultStatus, `${rule} default`);
  if (row.ifUser !== undefined && cause.location === "user")
    return mapped(cause, row.ifUser, `${rule} location user`);
  const number = row.ifNewNumber === undefined ? undefined : newNumber(cause.diagnostics);
  if (row.ifNewNumber !== undefined && number !== undefined)
    return { ...mapped(cause, row.ifNewNumber, `${rule} new number`), newNumber: number };
  return mapped(cause, row.status, rule);
}

/** Why a SIP session ended that its far end, or nobody, ended. */
export function causeOfEnd(by: Exclude<SessionEnd, { kind: "local" }>, map: CauseMapName): Cause {
  switch (by.kind) {
    case "request":
      return causeOfRequest(by.request, map);
    case "response":
      return causeOfResponse(by.response, map);
    case "failure":
      return causeOfFailure(by.status, by.what, map);
  }
}

/** RFC 3398 §8.2.6.1: the Reason of RFC 6432 first, then the row of the status. */
function causeOfResponse(response: SipResponse, map: CauseMapName): Cause {
  const { status, headers } = response;
  const location: CauseLocation = status >= 600 ? "user" : NETWORK;
  const from = `SIP ${status}`;
  const stated = statedReason(headers);
  const origin = { kind: "sip", status, ...text(stated?.text) } as const;
  if (stated?.q850 !== undefined) {
    const { value } = stated.q850;
    const step = { from, to: `${value}`, rule: "RFC 6432 Reason Q.850" };
    return { value, location: stated.q850.location ?? location, origin, steps: [step] };
  }
  const { value, rule } = valueOfStatus(status, headers, map);
  return { value, location, origin, steps: [{ from, to: `${value}`, rule }] };
}

/** BYE and CANCEL: 16 unless a Reason says otherwise (RFC 3398 §7.2.3, §5.8). */
function causeOfRequest(
  { method, headers }: { readonly method: string; readonly headers: Headers },
  map: CauseMapName,
): Cause {
  const stated = statedReason(headers);
  const origin = { kind: "sip", method, ...text(stated?.text) } as const;
  const make = (value: number, location: CauseLocation, rule: string): Cause => {
    return { value, location, origin, steps: [{ from: method, to: `${value}`, rule }] };
  };
  if (stated?.q850 !== undefined)
    return make(stated.q850.value, stated.q850.location ?? "user", "RFC 3326 Reason Q.850");
  if (stated?.sip !== undefined && stated.sip >= 400) {
    const { value, rule } = valueOfStatus(stated.sip, headers, map);
    return make(value, stated.sip >= 600 ? "user" : NETWORK, `Reason SIP, ${rule}`);
  }
  return make(16, "user", `${map} ${method}`);
}

/** Nobody answered: the status that the client transaction core makes of it (RFC 3261 §8.1.3.1). */
function causeOfFailure(status: number, what: string, map: CauseMapName): Cause {
  const { value, rule } = valueOfStatus(status, undefined, map);
  const step = { from: what, to: `${value}`, rule };
  return { value, location: NETWORK, origin: { kind: "sip", status, reason: what }, steps: [step] };
}

function valueOfStatus(
  status: number,
  headers: Headers | undefined,
  mapName: CauseMapName,
): { readonly value: number; readonly rule: string } {
  const map = CAUSE_MAPS[mapName];
  const rule = ruleOf(map, map.toCauseClause, `${status}`);
  const redirected = causeOfRedirection(status);
  if (redirected !== undefined) return { value: redirected, rule: `${rule} not followed` };
  const row = map.toCause.find((one) => one.status === status);
  if (row === undefined) return { value: map.defaultCause, rule: `${rule} default` };
  if (row.cause !== "by-warning") return { value: row.cause, rule };
  const warnings = headers?.values(header.warning) ?? [];
  const bearer = warnings.some(({ code }) => BEARER_WARNINGS.has(code));
  return bearer
    ? { value: 65, rule: `${rule} warning` }
    : { value: map.defaultCause, rule: `${rule} no warning of the bearer` };
}

/**
 * RFC 3398 §8.2.6.1 wants a redirection followed and has no row for one that is not: the causes that
 * Q.850 has for it, 22 as §7.2.4.1 maps the other way.
 */
function causeOfRedirection(status: number): number | undefined {
  if (status < 300 || status > 399) return undefined;
  return status === 301 ? 22 : 23;
}

function mapped(cause: Cause, status: number, rule: string): MappedStatus {
  const step: MappingStep = { from: `${cause.value}`, to: `SIP ${status}`, rule };
  return { status, cause: { ...cause, steps: [...cause.steps, step] } };
}

function ruleOf({ name }: CauseMap, clause: string, row: string): string {
  return `${name} ${clause} ${row}`;
}

function text(reason: string | undefined): { readonly reason?: string } {
  return reason === undefined ? {} : { reason };
}

/** Statuses that only mean something on the leg where they came, or need headers of it. */
function isPassedOn(status: number): boolean {
  return status >= 400 && status <= 699 && !HOP_BY_HOP.has(status);
}

const HOP_BY_HOP = new Set([
  ...[401, 405, 407, 412, 413, 414, 415, 416, 417, 420, 421, 422, 423, 428, 429, 436, 437, 438],
  ...[439, 440, 469, 470, 481, 482, 483, 487, 489, 491, 493, 494, 505, 513],
]);
/** RFC 3261 §20.43: media type not available, media format incompatible, bandwidth insufficient. */
const BEARER_WARNINGS = new Set([304, 305, 370]);
const NETWORK: CauseLocation = "beyond-interworking-point";
