import type { Engine, PortHandle, Source, SpanEvent, SpanHandle } from "../../src/addon/index.js";
import { type CallEvent, type Cause, cause, type Setup } from "../../src/call/index.js";
import type { Instant } from "../../src/core/index.js";
import type { World } from "../../src/host/index.js";
import {
  type ChannelChoice,
  type InterfaceInput,
  type InterfaceOutput,
  IsdnInterface,
} from "../../src/isdn/index.js";
import type { Configuration } from "../../src/operations/configuration/index.js";

/** One call at the scripted far end. */
export class SwitchCall {
  readonly id: string;
  readonly events: CallEvent[] = [];
  channel: ChannelChoice | undefined;
  over = false;
  readonly #tell: (event: CallEvent, channel?: ChannelChoice) => void;

  constructor(id: string, tell: (event: CallEvent, channel?: ChannelChoice) => void) {
    this.id = id;
    this.#tell = tell;
  }

  tell(event: CallEvent, channel?: ChannelChoice): void {
    this.#tell(event, channel);
  }

  clear(value: number, what = "the scenario says so"): void {
    this.#tell({ kind: "disconnect", cause: cause(value, "public-network-local", what) });
  }

  first<Kind extends CallEvent["kind"]>(
    kind: Kind,
  ): Extract<CallEvent, { readonly kind: Kind }> | undefined {
    return this.events.find(
      (event): event is Extract<CallEvent, { readonly kind: Kind }> => event.kind === kind,
    );
  }

  get kinds(): readonly string[] {
    return this.events.map(({ kind }) => kind);
  }

  get setup(): Setup | undefined {
    return this.first("setup");
  }

  /** Why the gateway ended it. */
  get cause(): Cause | undefined {
    return (this.first("disconnect") ?? this.first("release"))?.cause;
  }
}

/** The other side of an ISDN interface, doing what the test says: our own ISDN room, no exchange. */
export class IsdnSwitch {
  readonly span: SpanHandle;
  readonly calls: SwitchCall[] = [];
  readonly anomalies: string[] = [];
  /** What it does with a call that comes in. */
  onCall: (call: SwitchCall) => void = (call) => call.tell({ kind: "proceeding" });
  /** Answers DISCONNECT by RELEASE by itself. */
  releases = true;
  dataLink = false;
  readonly #side: IsdnInterface;
  readonly #engine: Engine;
  readonly #world: World;
  readonly #live = new Map<string, SwitchCall>();
  readonly #sound = new Map<string, readonly [terminal: PortHandle, timeslot: PortHandle]>();
  #count = 0;

  constructor(
    span: Configuration["spans"][number],
    group: Configuration["trunkGroups"][number],
    parts: { readonly engine: Engine; readonly world: World; readonly span: SpanHandle },
  ) {
    this.span = parts.span;
    this.#engine = parts.engine;
    this.#world = parts.world;
    const last = span.kind === "e1" ? 31 : 24;
    const signalling = span.signallingTimeslot ?? (span.kind === "e1" ? 16 : 24);
    this.#side = new IsdnInterface({
      side: group.signalling === "isdn-user" ? "network" : "user",
      profile: group.profile,
      line: span.kind,
      law: span.law ?? (span.kind === "e1" ? "a-law" : "mu-law"),
      timeslots: Array.from({ length: last }, (_, i) => i + 1).filter((t) => t !== signalling),
    });
    this.#give({ kind: "layer-1", up: true });
    this.#give({ kind: "start" });
  }

  /** A call toward the gateway. */
  place(setup: Partial<Setup> = {}, channel?: ChannelChoice): SwitchCall {
    const call = this.#open(`switch-${++this.#count}`);
    const { id } = call;
    const event: Setup = {
      kind: "setup",
      called: { digits: "200", nature: "unknown", plan: "isdn" },
      sendingComplete: true,
      calling: {
        ...{ digits: "5550199", nature: "national", plan: "isdn" },
        ...{ presentation: "allowed", screening: "network-provided" },
      },
      bearer: { kind: "audio-3k1", law: "a-law" },
      ...setup,
    };
    if (channel !== undefined) call.channel = channel;
    this.#give({ kind: "call", leg: id, event, ...(channel === undefined ? {} : { channel }) });
    return call;
  }

  /** Says something on the call's timeslot, and listens there: what was heard, 8 kHz linear. */
  attend(call: SwitchCall, source: Source = { kind: "silence" }): () => Int16Array {
    const at = call.channel?.timeslot;
    if (at === undefined) throw new Error("the call has no channel");
    const timeslot = this.#engine.openTimeslot(this.span, at);
    const terminal = this.#engine.openTerminal({ source, sink: { recordMs: 20_000 } });
    if (!timeslot.ok || !terminal.ok) throw new Error("no port for the switch");
    this.#engine.bridge(timeslot.value, terminal.value);
    this.#sound.set(call.id, [terminal.value, timeslot.value]);
    return () => {
      const recorded = this.#engine.readRecording(terminal.value);
      return recorded.ok ? recorded.value : new Int16Array(0);
    };
  }

  restart(timeslots?: readonly number[]): void {
    this.#give(timeslots === undefined ? { kind: "restart" } : { kind: "restart", timeslots });
  }

  service(timeslot: number, status: "in-service" | "out-of-service"): void {
    this.#give({ kind: "service", timeslot, status });
  }

  hear(event: SpanEvent): void {
    if (event.kind === "signalling") this.#give({ kind: "frame", octets: event.octets });
    if (event.kind === "span-alarm") {
      this.#give({ kind: "layer-1", up: event.alarm === "none" || event.alarm === "rai" });
    }
  }

  tick(): void {
    const due = this.#side.deadline();
    if (due === undefined || due > this.#world.now()) return;
    for (const output of this.#side.wake(this.#stamp())) this.#perform(output);
  }

  deadline(): Instant | undefined {
    return this.#side.deadline();
  }

  get live(): number {
    return this.#live.size;
  }

  #give(input: InterfaceInput): void {
    for (const output of this.#side.receive(input, this.#stamp())) this.#perform(output);
  }

  #perform(output: InterfaceOutput): void {
    switch (output.kind) {
      case "frame":
        this.#engine.sendSignalling(this.span, output.octets);
        return;
      case "call":
        this.#hear(output);
        return;
      case "channel-released":
        this.#end(output.leg);
        return;
      case "data-link":
        this.dataLink = output.up;
        return;
      case "anomaly":
        this.anomalies.push(output.what);
        return;
      default:
        return;
    }
  }

  #hear({ leg, event, channel }: Extract<InterfaceOutput, { kind: "call" }>): void {
    const call = this.#live.get(leg) ?? this.#open(leg);
    call.events.push(event);
    if (channel !== undefined) call.channel = channel;
    if (event.kind === "setup") this.onCall(call);
    if (event.kind === "disconnect" && this.releases) {
      call.tell({ kind: "release", cause: event.cause });
    }
  }

  #open(id: string): SwitchCall {
    const call = new SwitchCall(id, (event, channel) =>
      this.#give({ kind: "call", leg: id, event, ...(channel === undefined ? {} : { channel }) }),
    );
    this.calls.push(call);
    this.#live.set(id, call);
    return call;
  }

  #end(leg: string): void {
    const call = this.#live.get(leg);
    if (call !== undefined) call.over = true;
    this.#live.delete(leg);
    for (const port of this.#sound.get(leg) ?? []) this.#engine.closePort(port);
    this.#sound.delete(leg);
  }

  #stamp() {
    return { now: this.#world.now(), entropy: this.#world.entropy() };
  }
}
