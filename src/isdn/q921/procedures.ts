import { after, type Instant } from "../../core/index.js";
import { type Frame, printFrame, type SupervisoryFrame, type UnnumberedFrame } from "./frame.js";
import { emptyQueue, put, take } from "./queue.js";
import type {
  DataLinkOutput,
  DataLinkParameters,
  DataLinkState,
  ErrorCode,
  StateName,
} from "./state.js";

type Draft = { -readonly [Field in keyof DataLinkState]: DataLinkState[Field] };

/** SAPI and TEI of call control on a primary rate interface. */
export const CALL_CONTROL_SAPI = 0;
export const POINT_TO_POINT_TEI = 0;
export const BROADCAST_TEI = 127;
/** I frames that wait at most: our choice, far above what the calls of an interface can want. */
const MOST_QUEUED = 512;
const ADDRESS = { sapi: CALL_CONTROL_SAPI, tei: POINT_TO_POINT_TEI };

/**
 * One step in the making: a copy of the state that the procedures of figure B.9 change, and what they put
 * out. It lives no longer than the step.
 */
export class Procedures {
  readonly state: Draft;
  readonly outputs: DataLinkOutput[] = [];
  readonly parameters: DataLinkParameters;
  readonly #now: Instant;

  constructor(state: DataLinkState, parameters: DataLinkParameters, now: Instant) {
    this.state = { ...state };
    this.parameters = parameters;
    this.#now = now;
  }

  put(output: DataLinkOutput): void {
    this.outputs.push(output);
  }

  error(code: ErrorCode): void {
    this.outputs.push({ kind: "mdl-error-indication", code });
  }

  enter(name: StateName): void {
    this.state.name = name;
  }

  /** Figure B.9: establish data link. */
  establish(layer3Initiated: boolean): void {
    this.clearExceptions();
    this.state.rc = 0;
    this.state.layer3Initiated = layer3Initiated;
    this.command("SABME", true);
    this.startT200();
    this.enter("awaiting-establishment");
  }

  /** DL-RELEASE-REQUEST in states 7 and 8 (§5.5.3.1). */
  release(): void {
    this.discardQueues();
    this.state.rc = 0;
    this.command("DISC", true);
    this.startT200();
    this.enter("awaiting-release");
  }

  /** To state 7 with all variables 0. What was to be sent (again) is sent now. */
  begin(): void {
    this.clearExceptions();
    this.state.vs = 0;
    this.state.va = 0;
    this.state.vr = 0;
    this.startT203();
    this.enter("multiple-frame-established");
  }

  /** To state 4: nothing runs, nothing waits. */
  end(output: "dl-release-indication" | "dl-release-confirm"): void {
    this.discardQueues();
    this.state.timers = {};
    this.enter("tei-assigned");
    this.put({ kind: output });
  }

  clearExceptions(): void {
    this.state.ownBusy = false;
    this.state.peerBusy = false;
    this.state.rejectException = false;
    this.state.acknowledgePending = false;
  }

  /** A peer that takes nothing for too long: what waits is discarded, and layer 3 hears of it (§5.5.1). */
  enqueue(octets: Uint8Array): void {
    const { state } = this;
    if (state.queue.size < MOST_QUEUED) {
      state.queue = put(state.queue, octets);
      return;
    }
    this.put({ kind: "dl-data-refused", reason: "queue-full", octets });
    this.discardQueues();
    if (state.name === "awaiting-establishment") state.layer3Initiated = true;
    else this.establish(true);
  }

  discardQueues(): void {
    this.state.queue = emptyQueue;
    this.state.unacknowledged = [];
    this.state.vs = this.state.va;
  }

  /** N(R) error recovery (§5.8.5): J, then re-establishment by this side. */
  recover(code: ErrorCode): void {
    this.error(code);
    this.establish(false);
  }

  /** Figure B.9: transmit enquiry. */
  enquire(): void {
    this.supervise(this.state.ownBusy ? "RNR" : "RR", true, true);
    this.startT200();
  }

  /** Figure B.9: enquiry response. */
  answerEnquiry(): void {
    this.supervise(this.state.ownBusy ? "RNR" : "RR", false, true);
  }

  /** V(A) <= N(R) <= V(S), modulo 128. */
  isValid(nr: number): boolean {
    const { va, vs } = this.state;
    return modulo(nr - va) <= modulo(vs - va);
  }

  acknowledge(nr: number): void {
    const count = modulo(nr - this.state.va);
    if (count === 0) return;
    this.state.unacknowledged = this.state.unacknowledged.slice(count);
    this.state.va = nr;
  }

  /** Invoke retransmission (figure B.9): what is not acknowledged goes out again, in its order. */
  retransmit(): void {
    this.state.vs = this.state.va;
  }

  /** Sends what the window and the peer allow, then acknowledges what no I frame acknowledged. */
  flush(): void {
    const { state } = this;
    if (state.name === "multiple-frame-established") while (this.#sendNext());
    if (state.acknowledgePending) this.supervise(state.ownBusy ? "RNR" : "RR", false, false);
  }

  #sendNext(): boolean {
    const { state } = this;
    const outstanding = modulo(state.vs - state.va);
    if (state.peerBusy || outstanding >= this.parameters.k) return false;
    const again = state.unacknowledged[outstanding];
    const next = again === undefined ? take(state.queue) : undefined;
    const information = again ?? next?.item;
    if (information === undefined) return false;
    if (next !== undefined) {
      state.queue = next.rest;
      state.unacknowledged = [...state.unacknowledged, next.item];
    }
    const { vs: ns, vr: nr } = state;
    this.#send({ ...ADDRESS, command: true, kind: "I", ns, nr, pollFinal: false, information });
    state.vs = modulo(ns + 1);
    state.acknowledgePending = false;
    if (state.timers.T200 === undefined) this.startT200();
    return true;
  }

  supervise(kind: SupervisoryFrame["kind"], command: boolean, pollFinal: boolean): void {
    this.#send({ ...ADDRESS, command, kind, nr: this.state.vr, pollFinal });
    this.state.acknowledgePending = false;
  }

  command(kind: UnnumberedFrame["kind"], pollFinal: boolean): void {
    this.#send({ ...ADDRESS, command: true, kind, pollFinal });
  }

  respond(kind: UnnumberedFrame["kind"], pollFinal: boolean): void {
    this.#send({ ...ADDRESS, command: false, kind, pollFinal });
  }

  unitData(information: Uint8Array): void {
    this.#send({ ...ADDRESS, command: true, kind: "UI", pollFinal: false, information });
  }

  /** T200 and T203 never run together (§5.9.8). */
  startT200(): void {
    this.state.timers = { T200: after(this.#now, this.parameters.T200) };
  }

  startT203(): void {
    this.state.timers = { T203: after(this.#now, this.parameters.T203) };
  }

  #send(frame: Frame): void {
    this.put({ kind: "frame", octets: printFrame(frame, this.parameters.side) });
  }
}

export function modulo(number: number): number {
  return number & 0x7f;
}
