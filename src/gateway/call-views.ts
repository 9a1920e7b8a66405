import { type Cause, causeName } from "../call/index.js";
import type { Instant } from "../core/index.js";
import type { Leg, LiveCall } from "./calls.js";
import type { LegMedia } from "./leg-media.js";
import type { PeerOptions } from "./options.js";
import type { CallView, CauseView, GatewayStatus, LegView, MediaView } from "./views.js";

/** A call as the control API shows it. */
export function callView(call: LiveCall, media: LegMedia, now: Instant): CallView {
  const answered = call.milestones.get("answered");
  const end = call.endedAt ?? now;
  const legs = [
    legView("a", call.a, media),
    ...(call.b === undefined ? [] : [legView("b", call.b, media)]),
  ];
  return {
    id: call.id,
    state: stateOf(call),
    calling: call.setup.calling?.digits ?? "",
    called: call.setup.called.digits,
    begun: call.begunAt.toISOString(),
    ...(answered === undefined ? {} : { setupMs: answered - call.begun }),
    durationMs: end - call.begun,
    ...(call.route === undefined ? {} : { route: call.route }),
    legs,
    ...(call.cause === undefined ? {} : { cause: causeView(call.cause, call.endedBy) }),
  };
}

/** How many calls each peer has. */
export function peerViews(
  peers: readonly PeerOptions[],
  calls: readonly LiveCall[],
): GatewayStatus["peers"] {
  const isOf = (name: string) => (leg?: Leg) => leg?.kind === "sip" && leg.peer.name === name;
  return peers.map(({ name }) => ({
    name,
    calls: calls.filter(({ a, b }) => [a, b].some(isOf(name))).length,
  }));
}

export function causeView(cause: Cause, by?: string): CauseView {
  return {
    value: cause.value,
    name: causeName(cause.value),
    location: cause.location,
    ...(by === undefined ? {} : { by }),
    origin: originText(cause),
    steps: cause.steps.map(({ from, to, rule }) => `${from} -> ${to} (${rule})`),
  };
}

function stateOf(call: LiveCall): CallView["state"] {
  if (call.endedAt !== undefined) return "ended";
  for (const [milestone, state] of [
    ["clearing", "clearing"],
    ["answered", "answered"],
    ["alerting", "alerting"],
  ] as const) {
    if (call.milestones.has(milestone)) return state;
  }
  return "setup";
}

function legView(side: "a" | "b", leg: Leg, media: LegMedia): LegView {
  if (leg.kind === "isdn") {
    const where = `${leg.at.span.name}/${leg.at.timeslot}`;
    return { side, kind: "isdn", name: leg.group.name, where };
  }
  const view = mediaView(leg.id, media);
  const where = leg.id;
  return {
    side,
    kind: "sip",
    name: leg.peer.name,
    where,
    ...(view === undefined ? {} : { media: view }),
  };
}

function mediaView(leg: string, media: LegMedia): MediaView | undefined {
  const found = media.rtpOf(leg);
  const counters = media.counters(leg);
  if (found === undefined || counters === undefined) return undefined;
  const { rtp, agreement } = found;
  const mos = media.mos(leg);
  return {
    local: `${rtp.address}:${rtp.port}`,
    ...(agreement === undefined
      ? {}
      : {
          codec: agreement.send.codec.name,
          ptimeMs: agreement.send.ptimeMs,
          remote: `${agreement.remote.address}:${agreement.remote.port}`,
        }),
    packetsSent: counters.packetsSent,
    packetsReceived: counters.packetsReceived,
    lost: counters.lost,
    late: counters.late,
    rejectedSource: counters.rejectedSource,
    jitterMs: counters.jitterMs,
    bufferMs: counters.bufferDepthMs,
    ...(mos === undefined ? {} : { mos }),
  };
}

function originText({ origin }: Cause): string {
  switch (origin.kind) {
    case "q850":
      return `Q.850 cause ${origin.value} at ${origin.location}`;
    case "sip":
      return `SIP ${origin.status ?? origin.method ?? ""}${origin.reason === undefined ? "" : ` (${origin.reason})`}`;
    case "timer":
      return `timer ${origin.name}`;
    case "gateway":
      return origin.what;
  }
}
