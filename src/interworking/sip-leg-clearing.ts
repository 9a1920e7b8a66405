import { type Cause, cause as ownCause } from "../call/index.js";
import type { HeaderField } from "../sip/index.js";
import { printUri } from "../sip/message/index.js";
import { causeOfEnd, type MappedStatus, statusOf } from "./causes.js";
import { uriOfUser } from "./numbers.js";
import type { SipProfile } from "./profile.js";
import { reasonHeader } from "./reason.js";
import { change, command, type EventOf, type Run, report } from "./sip-leg-state.js";
import { userToUserHeader } from "./user-to-user.js";

/** The call is to end: final failure, CANCEL or BYE, with the cause in a Reason (RFC 6432, RFC 3326). */
export function clear(run: Run, cause: Cause, userUser?: Uint8Array): void {
  const { phase, role } = run.state;
  if (phase === "ending" || phase === "ended") return;
  const content = { userUser: run.profile.userToUser ? userUser : undefined };
  // The session does not exist yet: nothing is on the wire
  const isUnsaid = role === "outgoing" && (phase === "idle" || phase === "opening");
  if (isUnsaid || phase === "idle") finish(run, cause);
  else if (role === "incoming" && phase !== "confirmed") reject(run, cause, content.userUser);
  else terminate(run, cause, content.userUser);
}

/** Refuses an INVITE with a status of our own choice, for what no cause of the call says. */
export function refuse(
  run: Run,
  status: number,
  cause: Cause,
  headers: readonly HeaderField[] = [],
): void {
  const { session } = run.state;
  change(run, { phase: "ending", cause });
  command(run, { kind: "reject", session, status, headers: [...headers, reasonHeader(cause)] });
}

/** The session is over: what we asked for, or what the far end or nobody did. */
export function endOfSession(run: Run, { by }: EventOf<"ended">): void {
  const { phase, cause } = run.state;
  if (phase === "ended") return;
  if (cause !== undefined) finish(run, cause);
  else if (by.kind === "local") finish(run, ownCause(31, "private-network-local", "session ended"));
  else finish(run, causeOfEnd(by, run.profile.causes));
}

/** The last words of a leg. */
export function finish(run: Run, cause: Cause): void {
  const { local, opening } = run.state;
  if (opening) {
    change(run, { phase: "ending", over: true, cause });
    return;
  }
  change(run, { phase: "ended", cause, dialogs: [] });
  if (local !== undefined) run.outputs.push({ kind: "close-media" });
  report(run, { kind: "release", cause });
}

function reject(run: Run, cause: Cause, userUser: Uint8Array | undefined): void {
  const { session } = run.state;
  const mapped = statusOf(cause, run.profile.causes);
  change(run, { phase: "ending", cause: mapped.cause });
  const headers = [
    reasonHeader(cause),
    ...retryAfter(mapped, run.profile),
    ...redirect(mapped, run.profile),
    ...userToUser(userUser),
  ];
  command(run, { kind: "reject", session, status: mapped.status, headers });
}

function terminate(run: Run, cause: Cause, userUser: Uint8Array | undefined): void {
  const { session } = run.state;
  change(run, { phase: "ending", cause });
  const headers = [reasonHeader(cause), ...userToUser(userUser)];
  command(run, { kind: "terminate", session, headers });
}

/** RFC 3398 §7.2.4.1: for want of resources (34 to 47) the caller may be told when to come again. */
function retryAfter({ status, cause }: MappedStatus, profile: SipProfile): readonly HeaderField[] {
  const { retryAfterS } = profile;
  const isWant = cause.value >= 34 && cause.value <= 47;
  if (status !== 503 || !isWant || retryAfterS === undefined) return [];
  return [{ name: "Retry-After", value: `${retryAfterS}` }];
}

function redirect({ newNumber }: MappedStatus, profile: SipProfile): readonly HeaderField[] {
  if (newNumber === undefined) return [];
  return [{ name: "Contact", value: `<${printUri(uriOfUser(newNumber, profile.ourHost))}>` }];
}

function userToUser(octets: Uint8Array | undefined): readonly HeaderField[] {
  return octets === undefined ? [] : [userToUserHeader(octets)];
}
