import { err, ok, type Result } from "../core/index.js";
import { bearerTimeslotsOf, signallingTimeslotOf } from "./options.js";
import type { TrunkSpan } from "./trunk-span.js";
import type { CircuitAnswer, CircuitRequest } from "./views.js";

/** The timeslots that an operator means, or why they cannot be had. */
export function timeslotsMeant(
  { timeslots, action }: CircuitRequest,
  span: TrunkSpan,
): Result<readonly number[], string> {
  const bearers = bearerTimeslotsOf(span.options);
  if (timeslots === undefined) return ok(bearers);
  const stranger = timeslots.find((timeslot) => !bearers.includes(timeslot));
  if (stranger === undefined) return ok(timeslots);
  const where = `timeslot ${stranger} of span ${span.name}`;
  return stranger === signallingTimeslotOf(span.options)
    ? err(`${where} is its D channel: ${action} is for B channels`)
    : err(`${where} does not exist: ${span.options.kind.toUpperCase()} ends at ${bearers.at(-1)}`);
}

/** What was done, and what of it the far end is told: the profiles differ. */
export function maintenanceAnswer(
  { action }: CircuitRequest,
  span: TrunkSpan,
  timeslots: readonly number[],
  busy: number,
): CircuitAnswer {
  const told = span.hasService ? ` ${SERVICE}` : ` ${NO_SERVICE}`;
  const waits = span.dataLink ? "" : " The data link is down: the message waits for it.";
  const calls =
    busy === 0 ? "" : ` ${busy} of them ${busy === 1 ? "carries a call" : "carry calls"}`;
  const said = {
    block: `Not hunted any more; a call that asks for one gets another or cause 44.${told}${calls && `${calls}, which may end in peace.`}`,
    unblock: `Hunted again.${told}`,
    restart: `RESTART begun; in service again once it is acknowledged.${calls && `${calls}: cleared with cause 41.`}`,
  }[action];
  const sends = action === "restart" || span.hasService;
  return { action, span: span.name, timeslots, said: `${said}${sends ? waits : ""}` };
}

const SERVICE = "The far end is told by SERVICE.";
/** Q.931 and EN 300 403-1 have no such message. */
const NO_SERVICE = "EuroISDN has no message for this: the far end is not told.";
