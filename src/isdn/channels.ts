import type { ServiceStatus } from "./q931/service.js";

/**
 * The B channels of an interface and who has them. What a call holds follows from its state: the
 * interface tells the table after every step.
 */
export class ChannelTable<Holder> {
  readonly #channels: ReadonlyMap<number, Channel<Holder>>;

  constructor(timeslots: readonly number[]) {
    this.#channels = new Map(timeslots.map((timeslot) => [timeslot, newChannel<Holder>()]));
  }

  get count(): number {
    return this.#channels.size;
  }

  get timeslots(): readonly number[] {
    return [...this.#channels.keys()];
  }

  has(timeslot: number): boolean {
    return this.#channels.has(timeslot);
  }

  holder(timeslot: number): Holder | undefined {
    return this.#channels.get(timeslot)?.holder;
  }

  /** Free for a call, or this holder's own already. */
  isAvailable(timeslot: number, holder?: Holder): boolean {
    const channel = this.#channels.get(timeslot);
    if (channel === undefined || !isInService(channel)) return false;
    return channel.holder === undefined || channel.holder === holder;
  }

  /** The first free one: the network hunts upward and the user downward, so that they seldom meet. */
  anyFree(order: "upward" | "downward"): number | undefined {
    const timeslots = order === "upward" ? this.timeslots : this.timeslots.toReversed();
    return timeslots.find((timeslot) => this.isAvailable(timeslot));
  }

  snapshot(legOf: (holder: Holder) => string): readonly ChannelSnapshot[] {
    return [...this.#channels].map(([timeslot, channel]) => ({
      timeslot,
      state: stateOf(channel),
      ...(channel.holder === undefined ? {} : { leg: legOf(channel.holder) }),
    }));
  }

  hold(timeslot: number, holder: Holder): void {
    const channel = this.#channels.get(timeslot);
    if (channel !== undefined) channel.holder = holder;
  }

  /** Only by who holds it: after glare the channel is another call's already. */
  letGo(timeslot: number, holder: Holder): void {
    const channel = this.#channels.get(timeslot);
    if (channel?.holder === holder) channel.holder = undefined;
  }

  setRestarting(timeslot: number, restarting: boolean): void {
    const channel = this.#channels.get(timeslot);
    if (channel !== undefined) channel.restarting = restarting;
  }

  /** After T308 or T316, until a restart succeeds (Q.931 §5.3.3, §5.5.1). */
  setMaintenance(timeslot: number, maintenance: boolean): void {
    const channel = this.#channels.get(timeslot);
    if (channel !== undefined) channel.maintenance = maintenance;
  }

  /** NI-2: each side has its say, the channel is usable when both say so. */
  setService(timeslot: number, by: "us" | "them", status: ServiceStatus): void {
    const channel = this.#channels.get(timeslot);
    if (channel !== undefined) channel.service[by] = status;
  }
}

export interface ChannelSnapshot {
  readonly timeslot: number;
  readonly state: "idle" | "busy" | "restarting" | "maintenance" | "out-of-service";
  /** The leg that has it. */
  readonly leg?: string;
}

function stateOf({ holder, restarting, maintenance, service }: Channel<unknown>) {
  if (restarting) return "restarting";
  if (maintenance || service.us === "maintenance" || service.them === "maintenance")
    return "maintenance";
  if (service.us !== "in-service" || service.them !== "in-service") return "out-of-service";
  return holder === undefined ? "idle" : "busy";
}

interface Channel<Holder> {
  holder: Holder | undefined;
  restarting: boolean;
  maintenance: boolean;
  readonly service: { us: ServiceStatus; them: ServiceStatus };
}

function newChannel<Holder>(): Channel<Holder> {
  return {
    holder: undefined,
    restarting: false,
    maintenance: false,
    service: { us: "in-service", them: "in-service" },
  };
}

function isInService({ restarting, maintenance, service }: Channel<unknown>): boolean {
  const offered = service.us === "in-service" && service.them === "in-service";
  return offered && !restarting && !maintenance;
}
