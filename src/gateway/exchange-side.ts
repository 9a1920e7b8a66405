import type { Engine, SpanHandle } from "../addon/index.js";
import { Exchange, type ExchangeSpanOptions } from "../exchange/index.js";
import { type Driver, delayOn, type World } from "../host/index.js";
import type { EventRouter } from "../media/index.js";
import { type GatewayOptions, lawOf, type SpanOptions, signallingTimeslotOf } from "./options.js";

/** One simulated span: our end of the pair and the far one. */
export interface OpenSpan {
  readonly options: SpanOptions;
  readonly span: SpanHandle;
  readonly far: SpanHandle;
}

/** Opens the configured spans in the engine. */
export function openSpans(engine: Engine, spans: readonly SpanOptions[]): Map<string, OpenSpan> {
  return new Map(
    spans.map((options) => {
      const pair = engine.openSpanPair({
        kind: options.kind,
        law: lawOf(options),
        signallingTimeslot: signallingTimeslotOf(options),
        signalling: options.signallingUdp === undefined ? "hdlc" : "none",
      });
      if (!pair.ok) throw new Error(`span ${options.name}: ${pair.error.message}`);
      return [options.name, { options, span: pair.value.a, far: pair.value.b }];
    }),
  );
}

/** The simulated PSTN at the far ends, on the other side of each interface than ours. */
export function buildExchange(
  options: GatewayOptions,
  spans: ReadonlyMap<string, OpenSpan>,
  {
    world,
    ...parts
  }: {
    readonly engine: Engine;
    readonly router: EventRouter;
    readonly driver: Driver;
    readonly world: World;
  },
): Exchange | undefined {
  if (!options.exchange.enabled) return undefined;
  const far = [...spans.values()].flatMap(({ options: span, far: end }): ExchangeSpanOptions[] => {
    const group = options.trunkGroups.find((one) => one.spans.includes(span.name));
    // A D channel over UDP leads to somebody else's stack: the exchange is not at its far end.
    if (group === undefined || span.signallingUdp !== undefined) return [];
    return [
      {
        name: span.name,
        span: end,
        kind: span.kind,
        law: lawOf(span),
        side: group.signalling === "isdn-user" ? "network" : "user",
        profile: group.profile,
        signallingTimeslot: signallingTimeslotOf(span),
      },
    ];
  });
  const { ringMs, overlap } = options.exchange;
  return new Exchange(
    { spans: far, ringMs, overlap, country: options.media.country },
    {
      ...parts,
      random: () => world.entropy().uint32() / 2 ** 32,
      delay: delayOn(parts.driver, "exchange delays"),
    },
  );
}
