import type { Endpoint } from "../../src/host/index.js";
import type { AudioMedia } from "../../src/sdp/index.js";
import type {
  Body,
  DialogId,
  HeaderField,
  SessionCommand,
  SessionEnd,
  SessionEvent,
} from "../../src/sip/index.js";
import type { SipRequest, SipResponse } from "../../src/sip/message/index.js";
import { audioOf, bodyText, description, sdpBody, type Wish } from "./descriptions.js";
import type { RtpEnd } from "./speech.js";

export interface Provisional {
  readonly status: number;
  readonly response: SipResponse;
}

/** One call of a phone, either way: what came is kept, what is to be done is said by the test. */
export class PhoneCall {
  readonly id: string;
  readonly media: RtpEnd;
  readonly events: SessionEvent[] = [];
  readonly provisionals: Provisional[] = [];
  /** Descriptions of the far end in the order they came. */
  readonly theirs: string[] = [];
  invite: SipRequest | undefined;
  answer: SipResponse | undefined;
  state: "trying" | "answered" | "ended" = "trying";
  end: SessionEnd | undefined;
  /** What is said of the next offers of the far end. */
  refuseOffers: number | undefined;
  readonly modified: { readonly ok: boolean; readonly status: number }[] = [];
  wish: Wish;
  readonly #do: (command: SessionCommand) => void;
  /** Their offer that waits for our answer. */
  #offer: AudioMedia | undefined;
  #described: string | undefined;

  constructor(id: string, media: RtpEnd, wish: Wish, perform: (command: SessionCommand) => void) {
    this.id = id;
    this.media = media;
    this.wish = wish;
    this.#do = perform;
  }

  // ---- what the test says --------------------------------------------------------------------

  /** A provisional response; with a description it is early media, or our reliable offer. */
  provide(
    status: number,
    options: {
      readonly sdp?: boolean;
      readonly reliable?: boolean;
      readonly headers?: readonly HeaderField[];
    } = {},
  ): void {
    this.#do({
      kind: "provisional",
      session: this.id,
      status,
      reliable: options.reliable === true ? "if-possible" : "never",
      headers: options.headers ?? [],
      bodies: options.sdp === true ? [this.describe()] : [],
    });
  }

  accept(headers: readonly HeaderField[] = []): void {
    this.state = "answered";
    this.#do({ kind: "accept", session: this.id, headers, bodies: [this.describe()] });
  }

  reject(status: number, headers: readonly HeaderField[] = []): void {
    this.#do({ kind: "reject", session: this.id, status, headers });
  }

  /** CANCEL or BYE, whichever is due. */
  hangUp(headers: readonly HeaderField[] = []): void {
    this.#do({ kind: "terminate", session: this.id, headers });
  }

  /** A new offer with some wishes changed; without any description where `delayed`. */
  modify(
    change: Partial<Wish>,
    method: "INVITE" | "UPDATE" | "auto" = "INVITE",
    delayed = false,
  ): void {
    this.wish = { ...this.wish, ...change, version: this.wish.version + 1 };
    this.#offer = undefined;
    this.#described = undefined;
    const bodies = delayed ? [] : [sdpBody(description(this.media.at, this.wish))];
    this.#do({ kind: "modify", session: this.id, method, headers: [], bodies });
  }

  request(method: string, body?: Body): void {
    const bodies = body === undefined ? [] : [body];
    this.#do({ kind: "request", session: this.id, method, headers: [], bodies });
  }

  /** Our description: the answer to what they offered, or an offer; the same until it changes. */
  describe(): Body {
    this.#described ??= description(this.media.at, this.wish, this.#offer);
    return sdpBody(this.#described);
  }

  // ---- what came ------------------------------------------------------------------------------

  get statuses(): readonly number[] {
    return this.provisionals.map(({ status }) => status).filter((status) => status !== 100);
  }

  /** The final status of an INVITE of ours. */
  get status(): number | undefined {
    if (this.answer !== undefined) return this.answer.status;
    if (this.end?.kind === "response") return this.end.response.status;
    if (this.end?.kind === "local") return this.end.response?.status;
    return this.end?.kind === "failure" ? this.end.status : undefined;
  }

  /** The message that ended it: a final failure, BYE or CANCEL. */
  get last(): SipResponse | SipRequest | undefined {
    const { end } = this;
    if (end === undefined || end.kind === "failure") return undefined;
    return end.kind === "request" ? end.request : end.response;
  }

  get reason(): string | undefined {
    return this.last?.headers.text("Reason");
  }

  /** The far end's stream as it was described last. */
  get stream(): AudioMedia | undefined {
    const last = this.theirs.at(-1);
    return last === undefined ? undefined : audioOf(last);
  }

  hear(event: SessionEvent): void {
    this.events.push(event);
    switch (event.kind) {
      case "invite-received":
        this.invite = event.request;
        if (event.offer !== undefined) this.#hearDescription(event.offer, true);
        return;
      case "provisional-received":
        this.provisionals.push({ status: event.status, response: event.response });
        return;
      case "answered":
        this.answer = event.response;
        this.state = "answered";
        return;
      case "description-received":
        this.#hearDescription(event.body, event.role === "offer");
        return;
      case "description-wanted":
        this.#giveDescription(event.dialog);
        return;
      case "modified":
        this.modified.push({ ok: event.ok, status: event.status });
        return;
      case "request-received":
        this.#do({
          ...{ kind: "respond", transaction: event.transaction, status: 200 },
          ...{ headers: [], bodies: [] },
        });
        return;
      case "ended":
        this.end = event.by;
        this.state = "ended";
        this.media.quiet();
        return;
      default:
        return;
    }
  }

  #hearDescription(body: Body, isOffer: boolean): void {
    const text = bodyText(body);
    this.theirs.push(text);
    const audio = audioOf(text);
    if (audio !== undefined && audio.port !== 0) this.#tune(audio);
    if (!isOffer) return;
    this.#offer = audio;
    this.#described = undefined;
  }

  #tune(audio: AudioMedia): void {
    const remote: Endpoint = { address: audio.address, port: audio.port };
    this.media.remote = remote;
    const codec = audio.formats.find(({ encoding }) =>
      this.wish.codecs.some((c) => c === encoding),
    );
    if (codec !== undefined) this.media.payloadType = codec.payloadType;
    const event = audio.formats.find(({ encoding }) => encoding === "TELEPHONE-EVENT");
    if (event !== undefined) this.media.eventPayloadType = event.payloadType;
  }

  #giveDescription(dialog: DialogId): void {
    const named = { session: this.id, dialog, headers: [] } as const;
    if (this.refuseOffers !== undefined) {
      this.#do({ kind: "refuse", ...named, status: this.refuseOffers });
      return;
    }
    this.#do({ kind: "describe", ...named, bodies: [this.describe()] });
  }
}
