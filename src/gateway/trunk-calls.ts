import { type CallEvent, type Cause, cause, type Setup } from "../call/index.js";
import type { Leg, LiveCall } from "./calls.js";
import type { OpenSpan } from "./exchange-side.js";
import type { Shared } from "./shared.js";
import type { TrunkEvents, TrunkLeg } from "./trunk-events.js";
import type { TrunkSpanParts } from "./trunk-span.js";
import { Trunks } from "./trunks.js";

/** The legs on trunks: calls that arrive there, circuits that are seized, and their timeslots. */
export class TrunkCalls {
  readonly trunks: Trunks;
  readonly #shared: Shared;
  #draining = false;

  constructor(
    shared: Shared,
    spans: ReadonlyMap<string, OpenSpan>,
    parts: TrunkSpanParts,
    { alarm, room }: Pick<TrunkEvents, "alarm" | "room">,
  ) {
    this.#shared = shared;
    const { options, calls, legs, media, traces, log } = shared;
    this.trunks = new Trunks(options.trunkGroups, spans, parts, {
      arrived: (leg, setup) => this.#onArrived(leg, setup),
      said: (leg, event) => calls.said(leg, event),
      moved: (leg) => this.#onMoved(leg),
      released: (leg) => {
        media.close(leg);
        legs.forget(leg);
      },
      displaced: (leg) => media.close(leg),
      failed: (leg, why) => {
        const call = calls.callOf(leg);
        if (call !== undefined) calls.hangUp(call, why);
      },
      trace: (span, direction, octets, leg) => {
        traces.isdn(direction, span.name, octets, () => legs.callOf(leg));
      },
      alarm,
      room,
      anomaly: (what, leg) => log.info({ leg, what }, "ISDN"),
    });
  }

  /** New calls are refused with cause 42. */
  drain(): void {
    this.#draining = true;
  }

  tell(leg: string, event: CallEvent): void {
    this.trunks.tell(leg, event);
  }

  /** Seizes a circuit of a trunk group; a cause where none can be had. */
  seize(call: LiveCall, id: string, name: string): (Leg & { kind: "isdn" }) | Cause {
    const leg = this.trunks.seize(name, id, call.tried);
    if ("origin" in leg) return leg;
    if (this.#openTimeslot(leg, call.setup)) {
      this.#shared.legs.add(id, { call: call.id });
      return { kind: "isdn", id, group: leg.group, at: leg };
    }
    this.trunks.abandon(id);
    return NO_TIMESLOT;
  }

  #onArrived(leg: TrunkLeg, setup: Setup): void {
    const { calls, legs, traces } = this.#shared;
    const id = calls.nextId();
    legs.add(leg.id, { call: id });
    traces.settle();
    const refusal = !this.#openTimeslot(leg, setup)
      ? NO_TIMESLOT
      : this.#draining
        ? cause(42, "private-network-local", "the gateway is draining")
        : undefined;
    if (refusal === undefined) {
      calls.begin(id, { kind: "isdn", id: leg.id, group: leg.group, at: leg }, setup);
    } else {
      this.trunks.tell(leg.id, { kind: "release", cause: refusal });
    }
  }

  #onMoved(leg: TrunkLeg): void {
    const { calls } = this.#shared;
    const call = calls.callOf(leg.id);
    calls.moved(leg.id, leg);
    if (call === undefined) return;
    if (this.#openTimeslot(leg, call.setup)) calls.replan(leg.id);
    else calls.hangUp(call, NO_TIMESLOT);
  }

  #openTimeslot(leg: TrunkLeg, setup: Setup): boolean {
    const { options, media, log } = this.#shared;
    const country = leg.group.country ?? options.media.country;
    const at = { span: leg.span.span, timeslot: leg.timeslot, country };
    const opened = media.openTimeslot(leg.id, at, setup.bearer.kind === "unrestricted-64k");
    if (!opened.ok) log.warn({ leg: leg.id, what: opened.error }, "timeslot");
    return opened.ok;
  }
}

const NO_TIMESLOT = cause(47, "private-network-local", "the timeslot could not be opened");
