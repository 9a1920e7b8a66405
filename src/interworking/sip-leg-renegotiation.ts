import { makeOffer } from "./sip-leg-media.js";
import { command, dialogOf, type Run, sdpBody, setDialog } from "./sip-leg-state.js";

/**
 * The profile's media policy changed while the leg speaks: a new offer says so (RFC 3264 §8). Until it
 * is answered, and when it is refused, all stays as it was. Before the answer to the INVITE nothing
 * is to be done: what comes next is of the new policy anyway. Data calls have nothing to choose.
 */
export function renegotiate(run: Run): void {
  const { phase, session, heard, bearer } = run.state;
  if (phase !== "confirmed" || heard === undefined || bearer?.kind === "unrestricted-64k") return;
  const dialog = dialogOf(run.state, heard);
  const offered = makeOffer(run, dialog.own);
  if (offered === undefined) return;
  setDialog(run, { ...dialog, offered, own: offered.own });
  const bodies = [sdpBody(offered.description)];
  command(run, { kind: "modify", session, dialog: heard, method: "auto", headers: [], bodies });
}
