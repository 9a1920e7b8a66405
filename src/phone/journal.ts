import type { Instant } from "../core/index.js";
import type { MediaAgreement } from "../sdp/index.js";
import type { CallEnd, Milestone } from "./call-events.js";
import type { VoiceReport } from "./voice.js";

/** When a call came how far. */
export interface Journal {
  readonly begunAt: Instant;
  /** The far end was heard of by any message. */
  readonly reached: boolean;
  readonly ringingAt?: Instant;
  readonly earlyMediaAt?: Instant;
  readonly answeredAt?: Instant;
  readonly agreement?: MediaAgreement;
  readonly end?: { readonly at: Instant; readonly how: CallEnd };
}

/** A call from its beginning to its end. Times in ms. */
export interface CallReport {
  readonly answered: boolean;
  readonly reached: boolean;
  /** From the INVITE to 180, to the first media, to the answer. */
  readonly ringingMs?: number;
  readonly earlyMediaMs?: number;
  readonly setupMs?: number;
  readonly talkedMs?: number;
  /** The last that was agreed. */
  readonly agreement?: MediaAgreement;
  readonly end: CallEnd;
  /** DTMF that the far end keyed. */
  readonly digits: string;
  readonly speech: VoiceReport;
}

export function beginJournal(begunAt: Instant): Journal {
  return { begunAt, reached: false };
}

export function note(journal: Journal, milestone: Milestone, at: Instant): Journal {
  const reached = { ...journal, reached: true };
  switch (milestone.kind) {
    case "placed":
    case "fault":
    case "digit-sent":
      return journal;
    case "ringing":
      return { ...reached, ringingAt: journal.ringingAt ?? at };
    case "media": {
      const { agreement, early } = milestone;
      const first = early && journal.earlyMediaAt === undefined;
      return { ...reached, agreement, ...(first ? { earlyMediaAt: at } : {}) };
    }
    case "answered":
      return { ...reached, answeredAt: at };
    case "ended": {
      const { end } = milestone;
      const heard = end.by === "far-end" || (end.by === "us" && end.status !== undefined);
      return { ...(heard ? reached : journal), end: { at, how: end } };
    }
    default:
      return reached;
  }
}

export function reportOf(journal: Journal, digits: string, speech: VoiceReport): CallReport {
  const { begunAt, ringingAt, earlyMediaAt, answeredAt, agreement, end, reached } = journal;
  return {
    ...{ answered: answeredAt !== undefined, reached, digits, speech },
    ...since("ringingMs", begunAt, ringingAt),
    ...since("earlyMediaMs", begunAt, earlyMediaAt),
    ...since("setupMs", begunAt, answeredAt),
    ...(answeredAt === undefined ? {} : since("talkedMs", answeredAt, end?.at)),
    ...(agreement === undefined ? {} : { agreement }),
    end: end?.how ?? { by: "failure", causes: [], why: "the call is not over" },
  };
}

function since<Name extends string>(
  name: Name,
  from: Instant,
  to: Instant | undefined,
): { readonly [N in Name]?: number } {
  return to === undefined ? {} : ({ [name]: to - from } as { readonly [N in Name]?: number });
}
