import { makeOffer } from "./sip-leg-media.js";
import { isG711, policyOf } from "./sip-leg-policy.js";
import {
  anomaly,
  change,
  command,
  dialogOf,
  type EventOf,
  type InputOf,
  type Run,
  sdpBody,
  setDialog,
} from "./sip-leg-state.js";

/**
 * What may be agreed is other than before: a new offer says so (RFC 3264 §8). Until it is answered,
 * and when it is refused, all stays as it was. While the call is not answered, or another offer is
 * open, it waits; where nothing was described yet, what comes first will do. Data calls have nothing
 * to choose.
 */
export function renegotiate(run: Run): void {
  const { phase, session, heard, bearer } = run.state;
  if (bearer?.kind === "unrestricted-64k") return;
  const dialog = heard === undefined ? undefined : dialogOf(run.state, heard);
  const isOpen = dialog?.offered !== undefined || dialog?.theirs !== undefined;
  if (phase !== "confirmed" || dialog === undefined || isOpen) {
    change(run, { reoffers: phase !== "ending" && isDescribed(run) });
    return;
  }
  change(run, { reoffers: false });
  const offered = makeOffer(run, dialog.own);
  if (offered === undefined) return;
  setDialog(run, { ...dialog, offered, own: offered.own });
  const bodies = [sdpBody(offered.description)];
  command(run, { kind: "modify", session, method: "auto", headers: [], bodies });
}

/** Our offer was taken or refused. */
export function endModification(run: Run, { ok, status }: EventOf<"modified">): void {
  const { heard } = run.state;
  if (heard === undefined) return;
  const { offered: _, ...rest } = dialogOf(run.state, heard);
  setDialog(run, rest);
  if (!ok) anomaly(run, `our offer was refused with ${status}`);
  resume(run);
}

/** An offer that had to wait may go now. */
export function resume(run: Run): void {
  if (run.state.reoffers && run.state.phase === "confirmed") renegotiate(run);
}

/** A fax or modem speaks: G.711 from here on, whatever was agreed before (design section 4). */
export function hearData(run: Run): void {
  const { isData, heard } = run.state;
  if (isData) return;
  change(run, { isData: true });
  const agreed = heard === undefined ? undefined : dialogOf(run.state, heard).agreement;
  if (agreed === undefined || isG711(agreed.send.codec)) return;
  if (policyOf(run).codecs.some(isG711)) renegotiate(run);
  else anomaly(run, `fax or modem over ${agreed.send.codec.name}: G.711 is not configured`);
}

function isDescribed({ state }: Run): boolean {
  return state.offered !== undefined || state.dialogs.some(({ own }) => own.last !== undefined);
}

/** What is agreed from here on had better be what the call's other leg speaks. */
export function prefer(run: Run, { codecs }: InputOf<"prefer">): void {
  change(run, { preferred: codecs });
}
