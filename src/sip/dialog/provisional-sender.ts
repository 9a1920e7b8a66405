import { type Step, soonest, wake } from "../../core/index.js";
import type { Body } from "../session-events.js";
import { composeResponse } from "./composition.js";
import { failSession, reliableParams } from "./lifecycle.js";
import {
  complete,
  findDescription,
  sameDescription,
  sendOffer,
  withoutDescription,
} from "./offer-answer.js";
import {
  type ReliableInput,
  type ReliableOutput,
  type ReliableState,
  stepReliable,
} from "./reliable-sender.js";
import type { Callee, CommandOf, Session, SessionDialog, SessionPort } from "./session.js";

type Provisional = CommandOf<"provisional">;

/** A provisional response of the user (RFC 3261 §13.3.1.1), reliable where that is wanted or demanded. */
export function provide(
  port: SessionPort,
  session: Session,
  callee: Callee,
  command: Provisional,
): void {
  const open = session.phase === "inviting" && !callee.final && callee.accepting === undefined;
  if (!open || command.status < 101 || command.status > 199) {
    port.anomaly("provisional-out-of-place");
    return;
  }
  // RFC 3262 §3: Require demands it of all but 100; without Supported none is allowed.
  const reliable =
    callee.reliability === "required" ||
    (callee.reliability === "supported" && command.reliable === "if-possible");
  if (reliable) stepSender(port, session, callee, { kind: "provisional", provisional: command });
  else sendUnreliable(port, session, callee, command);
}

/** The timers of the reliable provisional response that is under way. */
export function wakeReliable(port: SessionPort, session: Session, callee: Callee): void {
  stepSender(port, session, callee, wake);
}

export function stepSender(
  port: SessionPort,
  session: Session,
  callee: Callee,
  input: ReliableInput<Provisional> | typeof wake,
): void {
  const params = reliableParams(port, callee);
  const step: Step<ReliableState<Provisional>, ReliableOutput<Provisional>> = stepReliable(
    callee.reliable,
    input,
    port.stamp.now,
    params,
  );
  callee.reliable = step.state;
  for (const output of step.outputs) performReliable(port, session, callee, output);
  port.arm(session, "reliable", soonest(callee.reliable.timers));
}

function performReliable(
  port: SessionPort,
  session: Session,
  callee: Callee,
  output: ReliableOutput<Provisional>,
): void {
  switch (output.kind) {
    case "send":
      sendReliable(port, session, callee, output.provisional, output.rseq);
      return;
    case "retransmit":
      if (callee.sent !== undefined) port.respond(callee.transaction, callee.sent.response);
      return;
    case "acknowledged":
    case "unmatched":
      return;
    case "overflow":
      port.anomaly("provisionals-exhausted");
      return;
    case "abandoned":
      failSession(port, session, 504, "a reliable provisional response was not acknowledged");
      return;
  }
}

function sendReliable(
  port: SessionPort,
  session: Session,
  callee: Callee,
  command: Provisional,
  rseq: number,
): void {
  const dialog = session.dialog;
  if (dialog === undefined) return;
  const bodies = bodiesOfProvisional(port, callee, dialog, command.bodies, true);
  const response = composeResponse(port, callee.invite, dialog, command.status, {
    reason: command.reason,
    headers: [
      { name: "Require", value: "100rel" },
      { name: "RSeq", value: String(rseq) },
      ...command.headers,
    ],
    bodies,
  });
  callee.sent = { response, described: findDescription(bodies) !== undefined };
  port.respond(callee.transaction, response);
}

function sendUnreliable(
  port: SessionPort,
  session: Session,
  callee: Callee,
  command: Provisional,
): void {
  const dialog = session.dialog;
  if (dialog === undefined) return;
  const bodies = bodiesOfProvisional(port, callee, dialog, command.bodies, false);
  const { reason, headers } = command;
  const content = { reason, headers, bodies };
  port.respond(
    callee.transaction,
    composeResponse(port, callee.invite, dialog, command.status, content),
  );
}

/** The bodies of a provisional response: its description is the answer, or the offer that is due. */
function bodiesOfProvisional(
  port: SessionPort,
  callee: Callee,
  dialog: SessionDialog,
  bodies: readonly Body[],
  reliable: boolean,
): readonly Body[] {
  const { negotiation } = dialog;
  const own = findDescription(bodies);
  const others = withoutDescription(bodies);
  if (negotiation.name === "idle" && !negotiation.established) {
    // RFC 3262 §5: an offer of ours goes in a reliable response or in the 2xx.
    if (own === undefined || !reliable) return others;
    dialog.negotiation = sendOffer(negotiation, "1xx");
    return bodies;
  }
  const due = negotiation.name === "offer-received" && negotiation.carrier === "INVITE";
  const described = sameAnswer(port, callee, due ? own : undefined);
  if (described === undefined || callee.settled) return others;
  if (due && reliable) dialog.negotiation = complete();
  return [described, ...others];
}

/** One answer in all responses to the INVITE (RFC 3261 §13.2.1, RFC 6337 §3.1.1). */
export function sameAnswer(
  port: SessionPort,
  callee: Callee,
  own: Body | undefined,
): Body | undefined {
  if (own !== undefined && callee.answer !== undefined && !sameDescription(own, callee.answer)) {
    port.anomaly("answer-changed");
  }
  callee.answer ??= own;
  return callee.answer;
}
