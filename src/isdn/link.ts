import { after, earlier, type Instant, isDue, type Stamp } from "../core/index.js";
import type { InterfaceOutput } from "./interface-events.js";
import type { InterfaceParams } from "./params.js";
import {
  type DataLinkInput,
  type DataLinkOutput,
  type DataLinkState,
  dataLink,
  initialState,
} from "./q921/index.js";
import type { Message, MessageType } from "./q931/index.js";
import { addSegment, type Reassembly, segmentsOf } from "./q931/segments.js";

/** What the link tells layer 3. */
export interface LinkUser {
  emit(output: InterfaceOutput): void;
  /** Octets of a whole message. */
  hear(octets: Uint8Array, stamp: Stamp): void;
  /** §5.8.8, §5.8.9; `restored` after start as well. */
  change(change: "lost" | "restored" | "reset", stamp: Stamp): void;
}

/**
 * The data link of the D channel, kept established (Q.921; Q.931 §5.8.8, §5.8.9), with segmentation
 * (Q.931 annex H) above it.
 */
export class SignallingLink {
  readonly #machine: ReturnType<typeof dataLink>;
  readonly #longest: number;
  readonly #t314: number | null;
  readonly #persistence: number;
  readonly #user: LinkUser;
  #state: DataLinkState = initialState;
  #reassembly: Reassembly | undefined;
  #started = false;
  #layer1 = true;
  /** Until when layer 1 may be down before that counts as persistent deactivation. */
  #deactivation: Instant | undefined;
  #up = false;
  /** When establishment is tried again after it failed. */
  #retryAt: Instant | undefined;

  constructor({ dataLink: parameters, call, layer1Persistence }: InterfaceParams, user: LinkUser) {
    this.#machine = dataLink(parameters);
    this.#longest = parameters.N201;
    this.#t314 = call.timers.T314;
    this.#persistence = layer1Persistence;
    this.#user = user;
  }

  get up(): boolean {
    return this.#up;
  }

  start(stamp: Stamp): void {
    this.#started = true;
    this.#establish(stamp);
  }

  /** Down, the link is mute and T200 runs on; only what lasts is persistent deactivation (annex B). */
  setLayer1(up: boolean, stamp: Stamp): void {
    if (up === this.#layer1) return;
    this.#layer1 = up;
    this.#retryAt = undefined;
    this.#deactivation = up ? undefined : after(stamp.now, this.#persistence);
    this.#establish(stamp);
  }

  /** What comes through a layer 1 that is down is noise. */
  receive(octets: Uint8Array, stamp: Stamp): void {
    if (this.#layer1) this.#step({ kind: "frame", octets }, stamp);
  }

  /** False when the message cannot go: no data link, or too long for eight segments. */
  send(octets: Uint8Array, type: MessageType, stamp: Stamp): boolean {
    const parts = this.#up ? segmentsOf(octets, type, this.#longest) : undefined;
    if (parts === undefined) return false;
    for (const part of parts) this.#step({ kind: "dl-data-request", octets: part }, stamp);
    return true;
  }

  /** A SEGMENT (annex H): the message once it is whole. */
  reassemble(segment: Message, octets: Uint8Array, stamp: Stamp) {
    if (this.#t314 === null) return this.#note("SEGMENT, but segmentation is switched off");
    const result = addSegment(segment, octets, this.#reassembly, {
      now: stamp.now,
      t314: this.#t314,
    });
    this.#reassembly = result.kind === "waiting" ? result.reassembly : undefined;
    if (result.kind === "whole") this.#user.hear(result.octets, stamp);
    if (result.kind === "discarded") this.#note(result.reason);
  }

  deadline(): Instant | undefined {
    const retry = earlier(this.#retryAt, this.#reassembly?.until);
    const own = earlier(retry, this.#deactivation);
    return earlier(this.#machine.deadline(this.#state), own);
  }

  wake(stamp: Stamp): void {
    if (isDue(this.#reassembly?.until, stamp.now)) {
      this.#reassembly = undefined;
      this.#note("T314 expired: segments are missing");
    }
    if (isDue(this.#deactivation, stamp.now)) {
      this.#deactivation = undefined;
      this.#step({ kind: "persistent-deactivation" }, stamp);
    }
    if (isDue(this.#retryAt, stamp.now)) this.#establish(stamp);
    if (isDue(this.#machine.deadline(this.#state), stamp.now)) this.#step({ kind: "wake" }, stamp);
  }

  #establish(stamp: Stamp): void {
    this.#retryAt = undefined;
    const idle = this.#state.name === "tei-assigned";
    if (this.#started && this.#layer1 && idle) this.#step({ kind: "dl-establish-request" }, stamp);
  }

  #step(input: DataLinkInput | { readonly kind: "wake" }, stamp: Stamp): void {
    const { state, outputs } = this.#machine.step(this.#state, input, stamp.now);
    this.#state = state;
    for (const output of outputs) this.#perform(output, stamp);
  }

  #perform(output: DataLinkOutput, stamp: Stamp) {
    switch (output.kind) {
      case "frame":
        return this.#layer1 ? this.#user.emit(output) : undefined;
      case "dl-establish-indication":
      case "dl-establish-confirm":
        return this.#established(stamp);
      case "dl-release-indication":
      case "dl-release-confirm":
        return this.#released(stamp);
      case "dl-data-indication":
        return this.#user.hear(output.octets, stamp);
      case "dl-unit-data-indication":
        return this.#note("unit data on a point-to-point interface");
      case "mdl-error-indication":
        return this.#note(`data link error ${output.code}`);
      case "dl-data-refused":
        return this.#note(`message not sent: ${output.reason}`);
      case "discarded":
        return this.#note(`frame discarded: ${output.reason}`);
    }
  }

  #established(stamp: Stamp) {
    this.#reassembly = undefined;
    if (this.#up) return this.#user.change("reset", stamp);
    this.#up = true;
    this.#user.emit({ kind: "data-link", up: true });
    this.#user.change("restored", stamp);
  }

  /** §5.8.9: lost, and asked for again at once; later again when that fails. */
  #released(stamp: Stamp): void {
    const first = this.#up;
    if (this.#started && this.#layer1) this.#retryAt = after(stamp.now, RETRY_MS);
    if (!first) return;
    this.#up = false;
    this.#reassembly = undefined;
    this.#user.emit({ kind: "data-link", up: false });
    this.#user.change("lost", stamp);
  }

  #note(what: string): void {
    this.#user.emit({ kind: "anomaly", what });
  }
}

/** Our choice: no standard says how soon a refused establishment is tried again. */
const RETRY_MS = 1000;
