import type { Engine } from "../addon/index.js";
import { signallingTimeslotOf } from "./options.js";
import type { TrunkSpan } from "./trunk-span.js";
import type { Trunks } from "./trunks.js";
import type { ChannelView, CircuitView, SpanView, TrunkGroupView, WorkerView } from "./views.js";

export function spanViews(trunks: Trunks, engine: Engine): SpanView[] {
  const circuits = circuitViews(trunks);
  return trunks.groups().flatMap((group) =>
    [...group.spans.values()].map((span): SpanView => {
      const counters = engine.spanCounters(span.span);
      return {
        name: span.name,
        kind: span.options.kind,
        driver: span.options.driver,
        trunkGroup: group.options.name,
        alarm: span.alarm,
        dataLink: span.dataLink ? "up" : "down",
        channels: channels(circuits, span),
        counters: counters.ok ? counters.value : {},
      };
    }),
  );
}

export function circuitViews(trunks: Trunks): CircuitView[] {
  return trunks.groups().flatMap(({ circuits }) =>
    [...circuits].map(({ circuit, state, blocking }): CircuitView => {
      const { trunkGroup, span, timeslot } = circuit;
      const call = "call" in state ? { call: state.call } : {};
      return { trunkGroup, span, timeslot, state: state.name, blocking, ...call };
    }),
  );
}

export function groupViews(trunks: Trunks): TrunkGroupView[] {
  return trunks.groups().map(({ options, circuits }) => {
    const { total, busy, idle, blocked, maxBusy } = circuits.statistics();
    return {
      name: options.name,
      signalling: options.signalling,
      total,
      busy,
      idle,
      blocked,
      maxBusy,
    };
  });
}

export function workerViews(engine: Engine): WorkerView[] {
  return Array.from({ length: engine.workers }, (_, worker) => worker).flatMap((worker) => {
    const counters = engine.workerCounters(worker);
    if (!counters.ok) return [];
    const { ticks, lateTicks, cpuUs, ports, packetsSent, packetsReceived } = counters.value;
    const tickLatenessP99Us = counters.value.tickLateness.quantile(0.99);
    const departureLatenessP99Us = counters.value.departureLateness.quantile(0.99);
    const own = { ticks, lateTicks, cpuUs, ports, packetsSent, packetsReceived };
    return [{ ...own, tickLatenessP99Us, departureLatenessP99Us }];
  });
}

function channels(views: readonly CircuitView[], span: TrunkSpan): ChannelView[] {
  const last = span.options.kind === "e1" ? 31 : 24;
  const signalling = signallingTimeslotOf(span.options);
  return Array.from({ length: last }, (_, index): ChannelView => {
    const timeslot = index + 1;
    if (timeslot === signalling) return { timeslot, state: "signalling" };
    const found = views.find((one) => one.span === span.name && one.timeslot === timeslot);
    if (found === undefined) return { timeslot, state: "out-of-service" };
    const { trunkGroup: _group, span: _span, ...view } = found;
    return view;
  });
}
