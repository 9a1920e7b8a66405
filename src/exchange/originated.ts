import {
  type Bearer,
  type CallEvent,
  type Cause,
  cause,
  causeName,
  type Law,
} from "../call/index.js";
import { type BookInput, type BookOutput, type Instant, MachineBook } from "../core/index.js";
import type { Driver, Inlet } from "../host/index.js";
import type { ChannelChoice } from "../isdn/index.js";
import type { OriginatedView, OriginateRequest } from "./control.js";
import {
  beginOriginator,
  type OriginatorInput,
  type OriginatorOutput,
  type OriginatorState,
  originatorMachine,
} from "./originator.js";
import type { Sound } from "./service.js";

/** What originated calls need of the exchange around them. */
export interface OriginatedParts {
  tell(leg: string, event: CallEvent, channel?: ChannelChoice): void;
  sound(leg: string, sound: Sound, digits: string | undefined): void;
}

/** The calls that the exchange placed, those that have ended too (the newest of them). */
export class Originated {
  readonly #parts: OriginatedParts;
  readonly #inlet: Inlet<BookInput<OriginatorState, OriginatorInput, OriginatorOutput>>;
  readonly #views = new Map<string, OriginatedView>();
  readonly #requests = new Map<string, OriginateRequest>();
  #count = 0;

  constructor(driver: Driver, parts: OriginatedParts) {
    this.#parts = parts;
    const book = new MachineBook<OriginatorState, OriginatorInput, OriginatorOutput>(
      ({ name }) => name === "ended",
    );
    this.#inlet = driver.attach("exchange callers", book, (output) => this.#perform(output));
  }

  /** An id and a place among the views, before a channel is seized. */
  reserve(request: OriginateRequest): string {
    const id = `exchange-${++this.#count}`;
    const from = request.from ?? DEFAULT_CALLING;
    this.#requests.set(id, request);
    this.#views.set(id, { id, to: request.to, from, span: request.span ?? "", state: "calling" });
    if (this.#views.size > MOST_VIEWS) this.#forgetOldest();
    return id;
  }

  begin(
    id: string,
    at: {
      readonly span: string;
      readonly timeslot: number;
      readonly law: Law;
      readonly now: Instant;
    },
  ): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#update(id, { span: at.span, timeslot: at.timeslot });
    const holdMs = request.holdMs ?? 3000;
    const giveUpMs = request.giveUpMs ?? 60_000;
    const machine = originatorMachine({ giveUpMs, ...(holdMs === 0 ? {} : { holdMs }) });
    this.#inlet({ kind: "begin", key: id, machine, state: beginOriginator(giveUpMs, at.now) });
    this.#dial(id, request, at);
  }

  fail(id: string, cause: Cause): void {
    this.#update(id, { state: "ended", cause: causeView(cause) });
    this.#requests.delete(id);
  }

  /** False where it knows no such call. One whose turn has not come is given up, one that has ended stays so. */
  hangUp(id: string): boolean {
    const view = this.#views.get(id);
    if (view === undefined) return false;
    if (!this.has(id)) return true;
    if (view.timeslot === undefined) this.fail(id, cause(16, "user", "the caller hung up"));
    else this.#inlet({ kind: "input", key: id, input: { kind: "hang-up" } });
    return true;
  }

  has(leg: string): boolean {
    return this.#requests.has(leg);
  }

  receive(leg: string, event: CallEvent, timeslot: number | undefined): void {
    if (timeslot !== undefined) this.#update(leg, { timeslot });
    this.#inlet({ kind: "input", key: leg, input: { kind: "call", event } });
  }

  /** The channel is free again: the call is over even where no release was reported. */
  released(leg: string): void {
    if (!this.#requests.delete(leg)) return;
    this.#inlet({ kind: "forget", key: leg });
    this.#update(leg, { state: "ended" });
  }

  views(): readonly OriginatedView[] {
    return [...this.#views.values()];
  }

  close(): void {
    for (const leg of this.#requests.keys())
      this.#inlet({ kind: "input", key: leg, input: { kind: "hang-up" } });
  }

  #dial(
    id: string,
    request: OriginateRequest,
    at: { readonly timeslot: number; readonly law: Law },
  ): void {
    const overlap = request.overlap === true && request.to.length > 1;
    const digits = overlap ? request.to.slice(0, 1) : request.to;
    const setup: CallEvent = {
      kind: "setup",
      called: { digits, nature: "unknown", plan: "isdn" },
      sendingComplete: !overlap,
      calling: {
        digits: request.from ?? DEFAULT_CALLING,
        nature: "national",
        plan: "isdn",
        presentation: "allowed",
        screening: "network-provided",
      },
      bearer: bearer(request, at.law),
      ...(request.name === undefined ? {} : { callingName: request.name }),
    };
    this.#parts.tell(id, setup, {
      timeslot: at.timeslot,
      exclusive: request.timeslot !== undefined,
    });
    if (!overlap) return;
    const rest = [...request.to.slice(1)];
    rest.forEach((digit, index) => {
      const sendingComplete = index === rest.length - 1;
      this.#parts.tell(id, { kind: "information", digits: digit, sendingComplete });
    });
  }

  #perform({ key: leg, state, output }: BookOutput<OriginatorState, OriginatorOutput>): void {
    this.#update(leg, {
      state: state.name,
      ...(state.alertedMs === undefined ? {} : { alertedMs: state.alertedMs }),
      ...(state.answeredMs === undefined ? {} : { answeredMs: state.answeredMs }),
      ...(state.cause === undefined ? {} : { cause: causeView(state.cause) }),
    });
    switch (output.kind) {
      case "call":
        this.#parts.tell(leg, output.event);
        return;
      case "answered": {
        const request = this.#requests.get(leg);
        this.#parts.sound(leg, request?.sound ?? "announcement", request?.digits);
        return;
      }
      case "changed":
      case "ended":
        return;
    }
  }

  #update(id: string, change: Partial<OriginatedView>): void {
    const view = this.#views.get(id);
    if (view !== undefined) this.#views.set(id, { ...view, ...change });
  }

  #forgetOldest(): void {
    for (const [id, { state }] of this.#views) {
      if (state !== "ended") continue;
      this.#views.delete(id);
      return;
    }
  }
}

function bearer(request: OriginateRequest, law: Law): Bearer {
  const kind = request.bearer ?? "audio-3k1";
  return kind === "unrestricted-64k" ? { kind } : { kind, law };
}

function causeView({ value, location }: Cause): NonNullable<OriginatedView["cause"]> {
  return { value, name: causeName(value), location };
}

const DEFAULT_CALLING = "5550199";
/** Ended calls that are still shown. A load shows all its calls while they live. */
const MOST_VIEWS = 100_000;
