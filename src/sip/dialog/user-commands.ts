import type { SessionCommand } from "../session-events.js";
import { accept, reject } from "./callee.js";
import { orderModification } from "./modification.js";
import { provide } from "./provisional-sender.js";
import { describe, refuse } from "./requests.js";
import type { CommandOf, Session, SessionPort } from "./session.js";
import { respond, sendOther, terminate } from "./user-requests.js";

/** Does what the user asks of a session. */
export function obey(
  port: SessionPort,
  session: Session,
  command: Exclude<SessionCommand, { kind: "invite" }>,
): void {
  switch (command.kind) {
    case "provisional":
    case "accept":
    case "reject":
      obeyCallee(port, session, command);
      return;
    case "terminate":
      terminate(port, session, command);
      return;
    case "modify":
      orderModification(port, session, command);
      return;
    case "describe":
      describe(port, session, command);
      return;
    case "refuse":
      refuse(port, session, command);
      return;
    case "request":
      sendOther(port, session, command);
      return;
    case "respond":
      respond(port, session, command);
  }
}

function obeyCallee(
  port: SessionPort,
  session: Session,
  command: CommandOf<"provisional" | "accept" | "reject">,
): void {
  const { callee } = session;
  if (callee === undefined) port.anomaly("response-of-caller");
  else if (command.kind === "provisional") provide(port, session, callee, command);
  else if (command.kind === "accept") accept(port, session, callee, command);
  else reject(port, session, callee, command);
}
