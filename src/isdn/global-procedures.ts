import { cause as ownCause } from "../call/index.js";
import { earlier, type Instant, isDue, type Stamp, type Wake, wake } from "../core/index.js";
import type { ChannelTable } from "./channels.js";
import type { InterfaceOutput } from "./interface-events.js";
import type { InterfaceParams } from "./params.js";
import { channelsElement, statusElements } from "./q931/call-elements.js";
import { namedChannel } from "./q931/channel-answer.js";
import {
  composeMessage,
  type Element,
  element,
  globalCallReference,
  type Message,
  timeslotsOf,
  type Verdict,
} from "./q931/index.js";
import {
  noRestart,
  type RestartInput,
  type RestartOutput,
  type RestartScope,
  type RestartState,
  restartMachine,
} from "./q931/restart.js";
import {
  noService,
  type ServiceInput,
  type ServiceOutput,
  type ServiceState,
  type ServiceStatus,
  serviceMachine,
} from "./q931/service.js";

/** Types of messages with the global call reference. */
export type GlobalMessageType =
  | "restart"
  | "restart-acknowledge"
  | "service"
  | "service-acknowledge"
  | "status";

/** What the procedures need from the interface. */
export interface GlobalUser {
  emit(output: InterfaceOutput): void;
  send(message: Message, stamp: Stamp): void;
  /** Calls on these channels, or all calls, are cleared inside. */
  clear(timeslots: readonly number[] | "all", stamp: Stamp): void;
}

/** What of the channels these procedures change. */
type ChannelStatus = Pick<
  ChannelTable<unknown>,
  "has" | "timeslots" | "setRestarting" | "setMaintenance" | "setService"
>;

/** Procedures with the global call reference: RESTART (Q.931 §5.5) and SERVICE (NI-2). */
export class GlobalProcedures {
  readonly #params: InterfaceParams;
  readonly #channels: ChannelStatus;
  readonly #user: GlobalUser;
  readonly #restart: ReturnType<typeof restartMachine>;
  readonly #service: ReturnType<typeof serviceMachine>;
  #restartState: RestartState = noRestart;
  /** Channels whose restart failed: tried again when the data link is established anew. */
  readonly #failed = new Set<number>();
  #serviceState: ServiceState = noService;
  /** The class of their last RESTART of everything: its acknowledgement has the same one (§5.5.2). */
  #classOfTheirs = SINGLE_INTERFACE;
  /** That of their last SERVICE: AT&T's switches say another one than NI-2, and hear no other. */
  #discriminatorOfTheirs: number | undefined;

  constructor(params: InterfaceParams, channels: ChannelStatus, user: GlobalUser) {
    this.#params = params;
    this.#channels = channels;
    this.#user = user;
    this.#restart = restartMachine(params.call.timers);
    this.#service = serviceMachine(params.call.timers);
  }

  /** §5.5.1; one RESTART a channel, which every switch understands, or one for the interface. */
  restart(timeslots: readonly number[] | undefined, stamp: Stamp) {
    if (timeslots === undefined)
      return this.#stepRestart({ kind: "request", scope: "interface" }, stamp);
    for (const timeslot of timeslots.filter((one) => this.#channels.has(one)))
      this.#stepRestart({ kind: "request", scope: [timeslot] }, stamp);
  }

  service(timeslot: number, status: ServiceStatus, stamp: Stamp) {
    if (!this.#params.call.profile.service || !this.#channels.has(timeslot))
      return this.#note(`no SERVICE for channel ${timeslot}`);
    this.#channels.setService(timeslot, "us", status);
    this.#stepService({ kind: "request", timeslot, status }, stamp);
  }

  setLink(up: boolean, stamp: Stamp): void {
    this.#stepRestart({ kind: "data-link", up }, stamp);
    this.#stepService({ kind: "data-link", up }, stamp);
    if (up) this.restart([...this.#failed], stamp);
  }

  deadline(): Instant | undefined {
    return earlier(
      this.#restart.deadline(this.#restartState),
      this.#service.deadline(this.#serviceState),
    );
  }

  wake(stamp: Stamp): void {
    if (isDue(this.#restart.deadline(this.#restartState), stamp.now))
      this.#stepRestart(wake, stamp);
    if (isDue(this.#service.deadline(this.#serviceState), stamp.now))
      this.#stepService(wake, stamp);
  }

  /** A message with the global call reference that has a place here (§5.8.3.2 f). */
  hear(message: Message, verdict: Verdict, stamp: Stamp) {
    if (message.type === "status") return this.#note(describeStatus(message));
    // §5.8.6: not acted upon
    if (verdict.action === "reject")
      return this.refuse(verdict.cause ?? 100, stamp, verdict.diagnostics);
    if (message.type === "restart" || message.type === "restart-acknowledge")
      this.#hearRestart(message, message.type, stamp);
    else if (message.type === "service" || message.type === "service-acknowledge")
      this.#hearService(message, message.type, stamp);
  }

  /** STATUS with the global call reference and the state of restart (§5.8.3.2 f, §5.8.6). */
  refuse(value: number, stamp: Stamp, diagnostics?: Uint8Array): void {
    const made = ownCause(value, this.#params.call.location, "global call reference");
    const cause = diagnostics === undefined ? made : { ...made, diagnostics };
    this.#user.emit({ kind: "anomaly", what: `cause ${value} for the global reference`, cause });
    this.#send("status", true, statusElements(cause, this.#restartNumber()), stamp);
  }

  #hearRestart(message: Message, type: "restart" | "restart-acknowledge", stamp: Stamp) {
    const channel = element(message, "channel-identification");
    const timeslots = channel === undefined ? [] : timeslotsOf(channel);
    if (type === "restart-acknowledge")
      return this.#stepRestart({ kind: type, timeslots: this.#known(timeslots) }, stamp);
    const indicated = element(message, "restart-indicator")?.class;
    const all = indicated !== INDICATED_CHANNELS;
    this.#classOfTheirs = indicated === ALL_INTERFACES ? ALL_INTERFACES : SINGLE_INTERFACE;
    // §5.5: the indicated channels must be indicated
    if (!all && channel === undefined) return this.refuse(96, stamp, CHANNEL_CODE);
    if (!all && this.#known(timeslots).length < Math.max(1, timeslots.length))
      return this.refuse(82, stamp, CHANNEL_CODE);
    this.#stepRestart({ kind: "restart", scope: all ? "interface" : timeslots }, stamp);
  }

  #hearService(message: Message, type: "service" | "service-acknowledge", stamp: Stamp) {
    const said = element(message, "change-status")?.status ?? 0;
    const status = STATUSES[said];
    const named = namedChannel(message, this.#params.call.profile.interfaceIdentifier);
    if (status === undefined || named.kind !== "named" || !this.#channels.has(named.timeslot))
      return this.#note("SERVICE for a channel or status that there is not");
    if (type === "service") this.#discriminatorOfTheirs = message.discriminator;
    this.#stepService({ kind: type, timeslot: named.timeslot, status }, stamp);
  }

  #known(timeslots: readonly number[]): readonly number[] {
    return timeslots.filter((timeslot) => this.#channels.has(timeslot));
  }

  #stepRestart(input: RestartInput | Wake, stamp: Stamp): void {
    const { state, outputs } = this.#restart.step(this.#restartState, input, stamp.now);
    this.#restartState = state;
    for (const output of outputs) this.#performRestart(output, stamp);
  }

  #performRestart(output: RestartOutput, stamp: Stamp) {
    switch (output.kind) {
      case "send":
        return this.#send(
          output.type,
          output.type === "restart-acknowledge",
          this.#restartElements(output.scope, output.type),
          stamp,
        );
      case "clear":
        for (const timeslot of this.#timeslots(output.scope))
          this.#channels.setRestarting(timeslot, true);
        this.#user.clear(output.scope === "interface" ? "all" : output.scope, stamp);
        // Calls are cleared in this very step: Rest 2 is over.
        if (output.by === "them") this.#stepRestart({ kind: "cleared" }, stamp);
        return;
      case "restarted":
      case "restart-failed":
        return this.#settleRestart(output);
      case "anomaly":
        return this.#note(output.what);
    }
  }

  #settleRestart(output: Extract<RestartOutput, { kind: "restarted" | "restart-failed" }>): void {
    const timeslots = this.#timeslots(output.scope);
    for (const timeslot of timeslots) {
      this.#channels.setRestarting(timeslot, this.#isBeingRestarted(timeslot));
      this.#channels.setMaintenance(timeslot, output.kind === "restart-failed");
      if (output.kind === "restart-failed") this.#failed.add(timeslot);
      else this.#failed.delete(timeslot);
    }
    this.#user.emit(
      output.kind === "restarted"
        ? { kind: "restarted", timeslots, by: output.by }
        : { kind: "restart-failed", timeslots },
    );
  }

  /** Theirs may be done while ours of the same channel is still under way. */
  #isBeingRestarted(timeslot: number): boolean {
    const { sent, waiting } = this.#restartState;
    const scopes = sent === undefined ? waiting : [...waiting, sent.scope];
    return scopes.some((scope) => scope === "interface" || scope.includes(timeslot));
  }

  #restartElements(
    scope: RestartScope,
    type: "restart" | "restart-acknowledge",
  ): readonly Element[] {
    const indicator = { kind: "restart-indicator" } as const;
    const whole = type === "restart" ? SINGLE_INTERFACE : this.#classOfTheirs;
    if (scope === "interface") return [{ ...indicator, class: whole }];
    return [channelsElement(scope, this.#params.call), { ...indicator, class: INDICATED_CHANNELS }];
  }

  #stepService(input: ServiceInput | Wake, stamp: Stamp): void {
    const { state, outputs } = this.#service.step(this.#serviceState, input, stamp.now);
    this.#serviceState = state;
    for (const output of outputs) this.#performService(output, stamp);
  }

  #performService(output: ServiceOutput, stamp: Stamp) {
    if (output.kind === "anomaly") return this.#note(output.what);
    const { timeslot, status } = output;
    if (output.kind === "service") {
      this.#channels.setService(timeslot, output.by, status);
      return this.#user.emit({ kind: "service", timeslot, status, by: output.by });
    }
    const elements = [
      { kind: "change-status", preference: CHANNEL, status: STATUSES.indexOf(status) } as const,
      channelsElement([timeslot], this.#params.call),
    ];
    const answers = output.type === "service-acknowledge";
    const discriminator = answers ? this.#discriminatorOfTheirs : undefined;
    this.#send(output.type, answers, elements, stamp, discriminator);
  }

  /** `answers`: the flag says that the other side chose the reference (§4.3). */
  #send(
    type: GlobalMessageType,
    answers: boolean,
    elements: readonly Element[],
    stamp: Stamp,
    discriminator?: number,
  ): void {
    const reference = globalCallReference(answers);
    this.#user.send(composeMessage(type, reference, elements, discriminator), stamp);
  }

  #timeslots(scope: RestartScope): readonly number[] {
    return scope === "interface" ? this.#channels.timeslots : scope;
  }

  /** Rest 0, 1 or 2 (§4.5.7). */
  #restartNumber(): number {
    const { sent, received } = this.#restartState;
    if (received !== undefined) return REST_2;
    return sent === undefined ? 0 : REST_1;
  }

  #note(what: string): void {
    this.#user.emit({ kind: "anomaly", what });
  }
}

function describeStatus(message: Message): string {
  const state = element(message, "call-state")?.value;
  return `STATUS for the global reference: state ${state}, cause ${element(message, "cause")?.value}`;
}

// §4.5.25
const INDICATED_CHANNELS = 0;
const SINGLE_INTERFACE = 6;
const ALL_INTERFACES = 7;
const CHANNEL_CODE = Uint8Array.of(0x18);
// §4.5.7: REST 1 and REST 2
const REST_1 = 0x3d;
const REST_2 = 0x3e;
/** Change status: the preference is for a channel, not for the interface. */
const CHANNEL = 1;
const STATUSES: readonly ServiceStatus[] = ["in-service", "maintenance", "out-of-service"];
