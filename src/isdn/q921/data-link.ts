import {
  type Instant,
  isDue,
  type Machine,
  type Step,
  soonest,
  type Wake,
} from "../../core/index.js";
import { type Frame, parseFrame } from "./frame.js";
import { establishedFrame, expiredT200, expiredT203 } from "./multiple-frame.js";
import { BROADCAST_TEI, CALL_CONTROL_SAPI, POINT_TO_POINT_TEI, Procedures } from "./procedures.js";
import type {
  DataLinkInput,
  DataLinkOutput,
  DataLinkParameters,
  DataLinkState,
  StateName,
} from "./state.js";

/** The point-to-point data link of one D channel as a machine (Q.921 §5.5 to §5.8, annex B). */
export function dataLink(
  parameters: DataLinkParameters,
): Machine<DataLinkState, DataLinkInput, DataLinkOutput> {
  return {
    step: (state, input, now) => step(parameters, state, input, now),
    deadline: ({ timers }) => soonest(timers),
  };
}

function step(
  parameters: DataLinkParameters,
  state: DataLinkState,
  input: DataLinkInput | Wake,
  now: Instant,
): Step<DataLinkState, DataLinkOutput> {
  if (input.kind === "wake" && !isDue(soonest(state.timers), now)) return { state, outputs: [] };
  const procedures = new Procedures(state, parameters, now);
  if (input.kind === "wake") expire(procedures, now);
  else if (input.kind === "frame") receive(procedures, input.octets);
  else request(procedures, input);
  serveSaved(procedures);
  procedures.flush();
  return { state: procedures.state, outputs: procedures.outputs };
}

type Request = Exclude<DataLinkInput, { kind: "frame" }>;

function request(procedures: Procedures, input: Request): void {
  switch (input.kind) {
    case "dl-establish-request":
      establishRequest(procedures);
      return;
    case "dl-release-request":
      releaseRequest(procedures);
      return;
    case "dl-data-request":
      dataRequest(procedures, input.octets);
      return;
    case "dl-unit-data-request":
      if (isTooLong(procedures, input.octets)) return;
      procedures.unitData(input.octets);
      return;
    case "own-receiver-busy":
      ownReceiverBusy(procedures, input.busy);
      return;
    case "persistent-deactivation":
      deactivate(procedures);
      return;
  }
}

function establishRequest(procedures: Procedures): void {
  const { state } = procedures;
  if (state.name === "awaiting-release") {
    state.saved = "dl-establish-request";
  } else if (state.name === "awaiting-establishment") {
    // Figure B.5: what layer 3 begins anew does not carry on with the old queue.
    procedures.discardQueues();
    state.layer3Initiated = true;
    delete state.saved;
  } else {
    procedures.discardQueues();
    procedures.establish(true);
  }
}

function releaseRequest(procedures: Procedures): void {
  const { state } = procedures;
  if (state.name === "tei-assigned") procedures.put({ kind: "dl-release-confirm" });
  else if (state.name === "awaiting-establishment") state.saved = "dl-release-request";
  else if (state.name === "awaiting-release") delete state.saved;
  else procedures.release();
}

/** A saved primitive is served in the first state that takes it. */
function serveSaved(procedures: Procedures): void {
  const { state } = procedures;
  const { saved } = state;
  if (saved === undefined) return;
  if (saved === "dl-release-request" && state.name !== "awaiting-establishment") {
    delete state.saved;
    releaseRequest(procedures);
  } else if (saved === "dl-establish-request" && state.name !== "awaiting-release") {
    delete state.saved;
    establishRequest(procedures);
  }
}

function dataRequest(procedures: Procedures, octets: Uint8Array): void {
  if (isTooLong(procedures, octets)) return;
  const { state } = procedures;
  const taken =
    state.name === "multiple-frame-established" ||
    state.name === "timer-recovery" ||
    // Figure B.5: kept while this side re-establishes by itself (§5.7.2).
    (state.name === "awaiting-establishment" && !state.layer3Initiated);
  if (taken) procedures.enqueue(octets);
  else procedures.put({ kind: "dl-data-refused", reason: "no-data-link", octets });
}

function isTooLong(procedures: Procedures, octets: Uint8Array): boolean {
  if (octets.length <= procedures.parameters.N201) return false;
  procedures.put({ kind: "dl-data-refused", reason: "too-long", octets });
  return true;
}

/** §5.6.6: own receiver busy and its end. */
function ownReceiverBusy(procedures: Procedures, busy: boolean): void {
  const { state } = procedures;
  if (!isEstablished(state.name) || state.ownBusy === busy) return;
  state.ownBusy = busy;
  procedures.supervise(busy ? "RNR" : "RR", false, false);
}

/** Annex B: persistent deactivation. */
function deactivate(procedures: Procedures): void {
  const { name } = procedures.state;
  if (name === "tei-assigned") return;
  procedures.end(name === "awaiting-release" ? "dl-release-confirm" : "dl-release-indication");
}

function expire(procedures: Procedures, now: Instant): void {
  const { timers, name, rc } = procedures.state;
  if (!isDue(timers.T200, now)) {
    expiredT203(procedures);
    return;
  }
  if (isEstablished(name)) {
    expiredT200(procedures);
    return;
  }
  const establishing = name === "awaiting-establishment";
  if (rc >= procedures.parameters.N200) {
    procedures.error(establishing ? "G" : "H");
    procedures.end(establishing ? "dl-release-indication" : "dl-release-confirm");
    return;
  }
  procedures.state.rc = rc + 1;
  procedures.command(establishing ? "SABME" : "DISC", true);
  procedures.startT200();
}

function receive(procedures: Procedures, octets: Uint8Array): void {
  const sender = procedures.parameters.side === "user" ? "network" : "user";
  const parsed = parseFrame(octets, sender);
  if (parsed.kind === "invalid") {
    discard(procedures, parsed.reason);
    return;
  }
  const { sapi, tei } = parsed.kind === "frame" ? parsed.frame : parsed.address;
  // Broadcast carries unacknowledged information only; TEI management (SAPI 63) has no use here.
  const unit = parsed.kind === "frame" && parsed.frame.kind === "UI";
  const ours = tei === POINT_TO_POINT_TEI || (tei === BROADCAST_TEI && unit);
  if (sapi !== CALL_CONTROL_SAPI || !ours) {
    discard(procedures, `SAPI ${sapi} TEI ${tei}`);
    return;
  }
  if (parsed.kind === "rejection") {
    reject(procedures, parsed.code);
    return;
  }
  const { frame } = parsed;
  if ((frame.kind === "I" || frame.kind === "UI") && isOverlong(procedures, frame.information))
    reject(procedures, "O");
  else if (frame.kind === "UI")
    procedures.put({
      kind: "dl-unit-data-indication",
      octets: frame.information?.slice() ?? new Uint8Array(0),
    });
  else STATES[procedures.state.name](procedures, frame);
}

function isOverlong(procedures: Procedures, information: Uint8Array | undefined): boolean {
  return (information?.length ?? 0) > procedures.parameters.N201;
}

function discard(procedures: Procedures, reason: string): void {
  procedures.put({ kind: "discarded", reason });
}

/** §5.8.5: a frame rejection condition leads to re-establishment where there is a link to save. */
function reject(procedures: Procedures, code: "L" | "M" | "N" | "O"): void {
  if (isEstablished(procedures.state.name)) procedures.recover(code);
  else procedures.error(code);
}

/** State 4, TEI assigned (§5.5.4). */
function assigned(procedures: Procedures, frame: Frame): void {
  switch (frame.kind) {
    case "SABME":
      procedures.respond("UA", frame.pollFinal);
      procedures.begin();
      procedures.put({ kind: "dl-establish-indication" });
      return;
    case "DISC":
      procedures.respond("DM", frame.pollFinal);
      return;
    case "UA":
      procedures.error(frame.pollFinal ? "C" : "D");
      return;
    case "DM":
      // Table 9: the peer asks to be established.
      if (!frame.pollFinal) procedures.establish(true);
      return;
    default:
      return;
  }
}

/** Figure B.5: state 5, awaiting establishment. */
function awaitingEstablishment(procedures: Procedures, frame: Frame): void {
  switch (frame.kind) {
    // §5.5.5.1 (collision): answered, and the own SABME's answer is still awaited.
    case "SABME":
      procedures.respond("UA", frame.pollFinal);
      return;
    case "DISC":
      procedures.respond("DM", frame.pollFinal);
      return;
    case "UA":
      if (frame.pollFinal) established(procedures);
      else procedures.error("D");
      return;
    case "DM":
      if (frame.pollFinal) procedures.end("dl-release-indication");
      return;
    default:
      return;
  }
}

/** §5.7.2: after re-establishment layer 3 hears of it only if it may have lost something. */
function established(procedures: Procedures): void {
  const { state } = procedures;
  const lost = state.vs !== state.va;
  if (state.layer3Initiated) procedures.put({ kind: "dl-establish-confirm" });
  else if (lost) {
    procedures.discardQueues();
    procedures.put({ kind: "dl-establish-indication" });
  }
  procedures.begin();
}

/** Figure B.6: state 6, awaiting release. */
function awaitingRelease(procedures: Procedures, frame: Frame): void {
  switch (frame.kind) {
    // §5.5.5.2 (collision of unlike commands)
    case "SABME":
      procedures.respond("DM", frame.pollFinal);
      return;
    case "DISC":
      procedures.respond("UA", frame.pollFinal);
      return;
    case "UA":
      if (frame.pollFinal) procedures.end("dl-release-confirm");
      else procedures.error("D");
      return;
    case "DM":
      if (frame.pollFinal) procedures.end("dl-release-confirm");
      return;
    default:
      return;
  }
}

function isEstablished(name: StateName): boolean {
  return name === "multiple-frame-established" || name === "timer-recovery";
}

const STATES: Readonly<Record<StateName, (procedures: Procedures, frame: Frame) => void>> = {
  "tei-assigned": assigned,
  "awaiting-establishment": awaitingEstablishment,
  "awaiting-release": awaitingRelease,
  "multiple-frame-established": establishedFrame,
  "timer-recovery": establishedFrame,
};
