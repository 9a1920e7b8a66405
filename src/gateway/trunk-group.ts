import type { SpanHandle } from "../addon/index.js";
import { CircuitGroup } from "../routing/index.js";
import { groupCircuits } from "./group-circuits.js";
import type { SpanOptions, TrunkGroupOptions } from "./options.js";
import { TrunkSpan, type TrunkSpanEvents, type TrunkSpanParts } from "./trunk-span.js";

/** A trunk group that is there: its circuits and its spans by name. */
export interface OpenGroup {
  readonly options: TrunkGroupOptions;
  readonly circuits: CircuitGroup;
  readonly spans: ReadonlyMap<string, TrunkSpan>;
}

/** Our end of a span. */
export interface SpanEnd {
  readonly options: SpanOptions;
  readonly span: SpanHandle;
}

export function openGroups(
  groups: readonly TrunkGroupOptions[],
  ends: ReadonlyMap<string, SpanEnd>,
  parts: TrunkSpanParts,
  events: (groupName: string) => TrunkSpanEvents,
): ReadonlyMap<string, OpenGroup> {
  return new Map(
    groups.map((options) => {
      const { name, signalling, hunt } = options;
      const spans = options.spans.flatMap((span) => {
        const end = ends.get(span);
        if (end === undefined) return [];
        return [new TrunkSpan(options, end.options, end.span, parts, events(name))];
      });
      const circuits = groupCircuits(
        options,
        spans.map((span) => span.options),
      );
      const group = {
        options,
        circuits: new CircuitGroup({ name, signalling, hunt, circuits }),
        spans: new Map(spans.map((span) => [span.name, span])),
      };
      return [name, group];
    }),
  );
}
