import { composeResponse, sendRequest } from "./composition.js";
import { endSession, local, refuseInvite, report } from "./lifecycle.js";
import type { CommandOf, Session, SessionPort } from "./session.js";

/** Ends the session whatever its state. */
export function terminate(
  port: SessionPort,
  session: Session,
  command: CommandOf<"terminate">,
): void {
  if (session.phase === "over" || session.phase === "terminating") return;
  const { callee } = session;
  if (callee !== undefined && !callee.final) {
    // RFC 3261 §15: no BYE of the callee in an early dialog.
    refuseInvite(port, session, callee, 480, command.headers);
    endSession(port, session, local);
    return;
  }
  session.phase = "terminating";
  session.farewell = command.headers;
}

/** A request of the user within the dialog. */
export function sendOther(
  port: SessionPort,
  session: Session,
  command: CommandOf<"request">,
): void {
  const { method, headers, bodies } = command;
  const early = [...session.dialogs.values()].findLast((dialog) => !dialog.over);
  const named = command.dialog === undefined ? undefined : session.dialogs.get(command.dialog);
  const dialog = session.dialog ?? named ?? early;
  if (dialog === undefined || STACKS_OWN.has(method)) {
    report(port, session, { kind: "request-answered", session: session.id, method, status: 481 });
    return;
  }
  if (session.phase === "over" || session.phase === "terminating") return;
  sendRequest(port, session, dialog, { purpose: "other", method, headers, bodies });
}

/** The user's response to a `request-received`. */
export function respond(port: SessionPort, session: Session, command: CommandOf<"respond">): void {
  const incoming = session.incoming.get(command.transaction);
  const waits = incoming !== undefined && !STACKS_OWN.has(incoming.request.method);
  if (!waits || command.status < 200 || command.status > 699) {
    port.anomaly("respond-out-of-place");
    return;
  }
  session.incoming.delete(command.transaction);
  const { request, dialog } = incoming;
  port.respond(
    command.transaction,
    composeResponse(port, request, dialog, command.status, command),
  );
}

/** Methods that have commands of their own. */
const STACKS_OWN: ReadonlySet<string> = new Set([
  "INVITE",
  "ACK",
  "CANCEL",
  "BYE",
  "PRACK",
  "UPDATE",
]);
