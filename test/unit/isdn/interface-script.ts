import { type CallEvent, cause } from "../../../src/call/index.js";
import { Entropy, instant } from "../../../src/core/index.js";
import {
  type ChannelChoice,
  type InterfaceInput,
  type InterfaceOptions,
  type InterfaceOutput,
  IsdnInterface,
} from "../../../src/isdn/index.js";
import { dataLink, defaultParameters, initialState } from "../../../src/isdn/q921/index.js";
import {
  callReference,
  causeElement,
  composeMessage,
  type Element,
  element,
  indicateChannel,
  type Message,
  type MessageType,
  parseMessage,
  printMessage,
} from "../../../src/isdn/q931/index.js";

/**
 * An interface whose far end is the test: a data link machine of the other side carries whatever messages the
 * test wants to send, and what the interface says is kept in short words.
 */
export class InterfaceScript {
  readonly side: IsdnInterface;
  /** Messages that the interface sent, parsed. */
  readonly sent: Message[] = [];
  readonly outputs: InterfaceOutput[] = [];
  readonly #far: ReturnType<typeof dataLink>;
  readonly #options: InterfaceOptions;
  #farState = initialState;
  #now = 0;
  #words: string[] = [];
  #seed = 1;
  /** False: the line is cut, both ways. */
  connected = true;

  constructor(options: Partial<InterfaceOptions> & { readonly side: "user" | "network" }) {
    const timeslots = [1, 2, 3, 4];
    this.#options = { profile: "etsi", law: "a-law", timeslots, ...options };
    this.side = new IsdnInterface(this.#options);
    const far = options.side === "user" ? "network" : "user";
    this.#far = dataLink({ ...defaultParameters, side: far });
  }

  get now(): number {
    return this.#now;
  }

  /** With the data link up. */
  start(): this {
    this.tell({ kind: "start" });
    return this;
  }

  tell(input: InterfaceInput): readonly string[] {
    return this.#collect(() => this.#take(this.side.receive(input, this.#stamp())));
  }

  call(leg: string, event: CallEvent, channel?: ChannelChoice): readonly string[] {
    return this.tell({ kind: "call", leg, event, ...(channel === undefined ? {} : { channel }) });
  }

  /** A message of the far end with a call reference of theirs (flag false) or ours (flag true). */
  hear(
    type: MessageType,
    reference: { readonly value: number; readonly flag: boolean },
    elements: readonly Element[] = [],
  ): readonly string[] {
    const whole = composeMessage(type, callReference(reference.value, reference.flag), elements);
    return this.hearOctets(printMessage(whole));
  }

  hearOctets(octets: Uint8Array): readonly string[] {
    return this.#collect(() => this.#farInput({ kind: "dl-data-request", octets }));
  }

  /** Moves the clock, with every deadline on the way. */
  run(ms: number): readonly string[] {
    const until = this.#now + ms;
    return this.#collect(() => {
      for (;;) {
        const ours = this.side.deadline() ?? Number.POSITIVE_INFINITY;
        const theirs = this.#far.deadline(this.#farState) ?? Number.POSITIVE_INFINITY;
        const next = Math.min(ours, theirs);
        if (next > until) break;
        this.#now = Math.max(this.#now, next);
        if (ours <= theirs) this.#take(this.side.wake(this.#stamp()));
        else this.#farInput({ kind: "wake" });
      }
      this.#now = until;
    });
  }

  /** The leg of the newest incoming setup. */
  get newest(): string {
    const setups = this.outputs.filter((one) => one.kind === "call" && one.event.kind === "setup");
    const last = setups.at(-1);
    if (last?.kind !== "call") throw new Error("no setup came up");
    return last.leg;
  }

  #collect(work: () => void): readonly string[] {
    this.#words = [];
    work();
    return this.#words;
  }

  #take(outputs: readonly InterfaceOutput[]): void {
    for (const output of outputs) {
      this.outputs.push(output);
      if (output.kind === "trace" && output.direction === "sent") this.#note(output.octets);
      const said = words(output);
      if (said !== undefined) this.#words.push(said);
    }
    for (const output of outputs)
      if (output.kind === "frame") this.#farInput({ kind: "frame", octets: output.octets });
  }

  #farInput(input: Parameters<ReturnType<typeof dataLink>["step"]>[1]): void {
    if (input.kind === "frame" && !this.connected) return;
    const { state, outputs } = this.#far.step(this.#farState, input, instant(this.#now));
    this.#farState = state;
    for (const output of outputs)
      if (output.kind === "frame" && this.connected)
        this.#take(this.side.receive({ kind: "frame", octets: output.octets }, this.#stamp()));
  }

  #note(octets: Uint8Array): void {
    const direction = this.#options.side === "user" ? "user-to-network" : "network-to-user";
    const parsed = parseMessage(octets, { profile: this.#options.profile, direction });
    if (parsed.kind !== "message") throw new Error(`sent what cannot be read: ${parsed.kind}`);
    if (parsed.faults.length > 0)
      throw new Error(`${parsed.message.type} with faults: ${JSON.stringify(parsed.faults)}`);
    this.sent.push(parsed.message);
    const { callReference: at, type } = parsed.message;
    const why = element(parsed.message, "cause")?.value;
    const state = element(parsed.message, "call-state")?.value;
    const said = [type.replaceAll("-", " ").toUpperCase(), `${at.value}${at.flag ? "<" : ">"}`];
    if (why !== undefined) said.push(`cause ${why}`);
    if (state !== undefined) said.push(`state ${state}`);
    this.#words.push(said.join(" "));
  }

  #stamp() {
    const seed = new Uint8Array(16);
    new DataView(seed.buffer).setUint32(0, this.#seed++);
    return { now: instant(this.#now), entropy: new Entropy(seed) };
  }
}

function words(output: InterfaceOutput): string | undefined {
  switch (output.kind) {
    case "call": {
      const { event, channel } = output;
      const why = "cause" in event && event.cause !== undefined ? ` ${event.cause.value}` : "";
      const on =
        channel === undefined ? "" : ` on ${channel.timeslot}${channel.exclusive ? "!" : ""}`;
      return `${event.kind}${why}${on}`;
    }
    case "channel-released":
      return `free ${output.timeslot}`;
    case "restarted":
      return `restarted ${output.timeslots} by ${output.by}`;
    case "restart-failed":
      return `restart failed ${output.timeslots}`;
    case "channel-maintenance":
      return `maintenance ${output.timeslot}`;
    case "service":
      return `${output.timeslot} ${output.status} by ${output.by}`;
    case "data-link":
      return output.up ? "link up" : "link down";
    case "anomaly":
      return `!${output.what}`;
    case "frame":
    case "trace":
      return undefined;
  }
}

/** Elements of a SETUP of theirs. */
export function setupElements(
  channel: { readonly timeslot: number; readonly exclusive: boolean } | undefined = {
    timeslot: 1,
    exclusive: false,
  },
  more: readonly Element[] = [],
): readonly Element[] {
  return [
    { kind: "sending-complete" },
    {
      kind: "bearer-capability",
      codingStandard: 0,
      transferCapability: 0,
      transferMode: 0,
      transferRate: 16,
      layer1: { protocol: 3 },
    },
    ...(channel === undefined ? [] : [indicateChannel(channel.timeslot, channel.exclusive)]),
    { kind: "called-party-number", typeOfNumber: 0, plan: 1, digits: "5551234" },
    ...more,
  ];
}

/** Our user's setup. */
export function ourSetup(digits = "5551234") {
  return {
    kind: "setup",
    called: { digits, nature: "unknown", plan: "isdn" },
    sendingComplete: true,
    bearer: { kind: "speech", law: "a-law" },
  } as const;
}

export function causeOf(value: number): Element {
  return causeElement(cause(value, "user", "test"));
}

export const theirs = (value: number) => ({ value, flag: false });
export const ours = (value: number) => ({ value, flag: true });

export function hangUp(value = 16): CallEvent {
  return { kind: "disconnect", cause: cause(value, "user", "test") };
}
