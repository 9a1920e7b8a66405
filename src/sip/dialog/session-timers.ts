import { earlier, type Instant, soonest, wake } from "../../core/index.js";
import { stepAccept } from "./accept-retransmission.js";
import { endSession, failSession, refuseInvite } from "./lifecycle.js";
import { retryModification } from "./modification.js";
import { wakeReliable } from "./provisional-sender.js";
import type { Session, SessionPort, SessionTimer } from "./session.js";

/** A timer of a session came due. */
export function expire(port: SessionPort, session: Session, timer: SessionTimer): void {
  switch (timer) {
    case "reliable":
      if (session.callee !== undefined) wakeReliable(port, session, session.callee);
      return;
    case "accept":
      expireAccepts(port, session);
      return;
    case "back-off":
      retryModification(session);
      return;
    case "linger":
      return;
    case "expires":
      expireInvite(port, session);
      return;
  }
}

/** RFC 3261 §13.3.1: 487 where no final response went out in time. */
function expireInvite(port: SessionPort, session: Session): void {
  const { callee } = session;
  if (callee === undefined || callee.final || session.phase !== "inviting") return;
  refuseInvite(port, session, callee, 487);
  endSession(port, session, { kind: "failure", status: 487, what: "the INVITE expired" });
}

function expireAccepts(port: SessionPort, session: Session): void {
  for (const pending of [...session.accepts]) {
    const step = stepAccept(pending.state, wake, port.stamp.now, port.settings.timers);
    pending.state = step.state;
    for (const output of step.outputs) {
      if (output.kind === "retransmit") {
        port.respond(pending.transaction, pending.response);
      } else {
        session.accepts.delete(pending);
        failSession(port, session, 408, "the 2xx was not acknowledged");
      }
    }
  }
}

/** When the next 2xx that waits for its ACK has something due. */
export function soonestAccept(session: Session): Instant | undefined {
  let best: Instant | undefined;
  for (const { state } of session.accepts) best = earlier(best, soonest(state.timers));
  return best;
}
