import type { Frame, InformationFrame, SupervisoryFrame } from "./frame.js";
import { modulo, type Procedures } from "./procedures.js";

/** Figures B.7 and B.8: a frame in state 7, multiple frame established, or state 8, timer recovery. */
export function establishedFrame(procedures: Procedures, frame: Frame): void {
  const recovering = procedures.state.name === "timer-recovery";
  switch (frame.kind) {
    case "I":
      information(procedures, frame);
      return;
    case "RR":
    case "RNR":
    case "REJ":
      supervisory(procedures, frame, frame.command);
      return;
    case "SABME":
      reestablished(procedures, frame.pollFinal);
      return;
    case "DISC":
      procedures.respond("UA", frame.pollFinal);
      procedures.end("dl-release-indication");
      return;
    case "UA":
      procedures.error(frame.pollFinal ? "C" : "D");
      return;
    case "DM":
      // Table 9: only an unsolicited DM with F = 1 in state 7 leaves the link as it is.
      if (frame.pollFinal && !recovering) {
        procedures.error("B");
        return;
      }
      procedures.recover(frame.pollFinal ? "B" : "E");
      return;
    case "FRMR":
      procedures.recover("K");
      return;
    default:
      return;
  }
}

/** §5.5.1.2, §5.7.1: the peer re-establishes. What was not acknowledged is lost, and layer 3 hears of it. */
function reestablished(procedures: Procedures, poll: boolean): void {
  const { state } = procedures;
  const lost = state.vs !== state.va;
  procedures.respond("UA", poll);
  procedures.error("F");
  if (lost) {
    procedures.discardQueues();
    procedures.put({ kind: "dl-establish-indication" });
  }
  procedures.begin();
}

/** §5.6.2: an I frame. */
function information(procedures: Procedures, frame: InformationFrame): void {
  const { state } = procedures;
  if (state.ownBusy) {
    // §5.6.6: the information is discarded, N(R) is not.
    if (frame.pollFinal) procedures.supervise("RNR", false, true);
  } else if (frame.ns === state.vr) {
    state.vr = modulo(state.vr + 1);
    state.rejectException = false;
    procedures.put({ kind: "dl-data-indication", octets: frame.information.slice() });
    if (frame.pollFinal) procedures.supervise("RR", false, true);
    else state.acknowledgePending = true;
  } else if (!state.rejectException) {
    // §5.8.1: N(S) sequence error
    state.rejectException = true;
    procedures.supervise("REJ", false, frame.pollFinal);
  } else if (frame.pollFinal) procedures.supervise("RR", false, true);
  acknowledged(procedures, frame.nr);
}

/** N(R) of an I frame, and of RR in state 7. */
function acknowledged(procedures: Procedures, nr: number): void {
  const { state } = procedures;
  if (!procedures.isValid(nr)) {
    procedures.recover("J");
    return;
  }
  const before = state.va;
  procedures.acknowledge(nr);
  if (state.name === "timer-recovery" || state.peerBusy) return;
  if (nr === state.vs) procedures.startT203();
  else if (nr !== before) procedures.startT200();
}

/** §5.6.3 to §5.6.5 and §5.6.7: RR, REJ and RNR. */
function supervisory(procedures: Procedures, frame: SupervisoryFrame, command: boolean): void {
  const { state } = procedures;
  const recovering = state.name === "timer-recovery";
  state.peerBusy = frame.kind === "RNR";
  if (command && frame.pollFinal) procedures.answerEnquiry();
  if (!command && frame.pollFinal && !recovering) procedures.error("A");
  if (!procedures.isValid(frame.nr)) {
    procedures.recover("J");
    return;
  }
  if (recovering) {
    recovered(procedures, frame, !command && frame.pollFinal);
    return;
  }
  if (frame.kind === "RR") {
    acknowledged(procedures, frame.nr);
    return;
  }
  procedures.acknowledge(frame.nr);
  if (frame.kind === "RNR") {
    procedures.startT200();
    return;
  }
  procedures.startT203();
  procedures.retransmit();
}

/** State 8: only the answer to the enquiry ends timer recovery. */
function recovered(procedures: Procedures, { kind, nr }: SupervisoryFrame, answer: boolean): void {
  procedures.acknowledge(nr);
  if (!answer) return;
  if (kind === "RNR") procedures.startT200();
  else procedures.startT203();
  procedures.retransmit();
  procedures.enter("multiple-frame-established");
}

/** T200 in states 7 and 8 (§5.6.7): the peer is asked how far it came. */
export function expiredT200(procedures: Procedures): void {
  const { state, parameters } = procedures;
  const recovering = state.name === "timer-recovery";
  if (recovering && state.rc >= parameters.N200) {
    procedures.recover("I");
    return;
  }
  state.rc = recovering ? state.rc + 1 : 1;
  procedures.enquire();
  procedures.enter("timer-recovery");
}

/** T203 in state 7 (§5.9.8): nothing was heard for long. */
export function expiredT203(procedures: Procedures): void {
  procedures.state.rc = 0;
  procedures.enquire();
  procedures.enter("timer-recovery");
}
