import type { SipResponse } from "../message/index.js";
import type { Flow } from "../session-events.js";
import { failInvite, receiveInviteResponse } from "./caller.js";
import { notePeer } from "./dialog.js";
import { finishBye, report } from "./lifecycle.js";
import {
  failModification,
  loseDialog,
  receivePrackResponse,
  receiveReinviteResponse,
  receiveUpdateResponse,
} from "./modification-responses.js";
import type { ClientUse, SessionPort } from "./session.js";

/** A response to a request of ours, by what the request was for. */
export function takeResponse(
  port: SessionPort,
  use: ClientUse,
  response: SipResponse,
  flow: Flow,
): void {
  const { session, purpose } = use;
  if (purpose === "invite" && session.caller !== undefined) {
    receiveInviteResponse(port, session, session.caller, response, flow);
    return;
  }
  if (purpose === "re-invite") {
    receiveReinviteResponse(port, use, response, flow);
    return;
  }
  if (response.status < 200 || use.done) return;
  use.done = true;
  if (use.dialog !== undefined) {
    use.dialog.dialog = notePeer(use.dialog.dialog, response, flow);
  }
  if (purpose === "update") receiveUpdateResponse(port, use, response);
  else if (purpose === "prack") receivePrackResponse(port, use, response, response.status);
  else if (purpose === "bye") finishBye(port, use);
  else if (purpose === "other") finishOther(port, use, response.status, response);
}

/** A request of ours got no answer (408) or found no way (503). */
export function failUse(port: SessionPort, use: ClientUse, status: 408 | 503, what: string): void {
  const { session, purpose } = use;
  if (purpose === "invite") {
    if (session.caller !== undefined) failInvite(port, session, session.caller, status, what);
    return;
  }
  if (use.done) return;
  use.done = true;
  if (purpose === "re-invite" || purpose === "update") failModification(port, use, status);
  else if (purpose === "prack") receivePrackResponse(port, use, undefined, status);
  else if (purpose === "bye") finishBye(port, use);
  else if (purpose === "other") finishOther(port, use, status);
}

function finishOther(
  port: SessionPort,
  use: ClientUse,
  status: number,
  response?: SipResponse,
): void {
  const { session, dialog, method } = use;
  const given = response === undefined ? {} : { response };
  report(port, session, {
    kind: "request-answered",
    session: session.id,
    method,
    status,
    ...given,
  });
  // RFC 3261 §12.2.1.2: the dialog is over.
  if ((status !== 481 && status !== 408) || dialog === undefined) return;
  loseDialog(port, session, dialog, status, `${method} in the dialog answered ${status}`);
}
