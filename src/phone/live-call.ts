import type { Instant } from "../core/index.js";
import type { CallInput, CallOutput, Milestone } from "./call-events.js";
import { beginJournal, type CallReport, type Journal, note, reportOf } from "./journal.js";
import type { CallPlan } from "./plan.js";
import { type CallVoice, type Heard, noSpeech, type Voice, type VoiceReport } from "./voice.js";

/** What belongs to a call beside its machine: its voice, its journal, and who waits for its end. */
export class LiveCall {
  readonly ended: Promise<CallReport>;
  readonly #plan: CallPlan;
  readonly #voices: Voice;
  readonly #now: () => Instant;
  #finish: (report: CallReport) => void = () => undefined;
  #journal: Journal;
  #voice: CallVoice | undefined;
  #speech: VoiceReport = noSpeech;
  #digits = "";

  constructor(plan: CallPlan, voices: Voice, now: () => Instant) {
    this.#plan = plan;
    this.#voices = voices;
    this.#now = now;
    this.#journal = beginJournal(now());
    this.ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** Does what the machine asks; what it is to be told in return. */
  perform(output: Exclude<CallOutput, { kind: "session" }>, at: Instant): CallInput | undefined {
    switch (output.kind) {
      case "open-media":
        return this.#open();
      case "media-offered":
        this.#voice?.offered(output.receive, output.companions);
        return undefined;
      case "media-agreed":
        this.#voice?.agreed(output.agreement);
        return undefined;
      case "media-direction":
        this.#voice?.direct(output.direction);
        return undefined;
      case "speak":
        this.#voice?.speak();
        return undefined;
      case "send-digit":
        this.#voice?.sendDigit(output.digit);
        return undefined;
      case "close-media":
        this.#speech = this.#voice?.close() ?? noSpeech;
        this.#voice = undefined;
        return undefined;
      case "milestone":
        this.#note(output.milestone, at);
        return undefined;
    }
  }

  /** Ends a call whose machine cannot. */
  abandon(why: string): void {
    const at = this.#now();
    this.perform({ kind: "close-media" }, at);
    this.#note({ kind: "ended", end: { by: "failure", causes: [], why } }, at);
  }

  #open(): CallInput {
    const { play, loop, vad, playOut, recordMs = 0 } = this.#plan;
    const plan = {
      ...(play === undefined ? {} : { play }),
      ...(loop === undefined ? {} : { loop }),
      ...(vad === undefined ? {} : { vad }),
      ...(playOut === undefined ? {} : { playOut }),
      recordMs,
    };
    const opened = this.#voices.open(plan, (heard) => this.#hear(heard));
    if (!opened.ok) return { kind: "media-failed", what: opened.error };
    this.#voice = opened.value;
    const { address, port } = opened.value;
    return { kind: "media-opened", address, port };
  }

  #hear(heard: Heard): void {
    const at = this.#now();
    if (heard.kind === "recorder-full") {
      this.#note({ kind: "fault", what: "the recording has reached its limit" }, at);
      return;
    }
    this.#digits += heard.digit;
    this.#plan.onDigit?.(heard.digit, at - this.#journal.begunAt);
  }

  #note(milestone: Milestone, at: Instant): void {
    this.#journal = note(this.#journal, milestone, at);
    this.#plan.onMilestone?.(milestone, at - this.#journal.begunAt);
    if (milestone.kind !== "ended") return;
    this.#finish(reportOf(this.#journal, this.#digits, this.#speech));
  }
}
