import type { Circuit } from "../call/index.js";
import { bearerTimeslotsOf, type SpanOptions, type TrunkGroupOptions } from "./options.js";

/**
 * The circuits of a trunk group in the order in which they are hunted. Cyclic and longest idle go
 * from span to span, so that calls that follow each other do not share one D channel: 64 kbit/s
 * carry some 60 calls a second.
 */
export function groupCircuits(
  { name, hunt }: TrunkGroupOptions,
  spans: readonly SpanOptions[],
): readonly Circuit[] {
  const bySpan = spans.map((span) =>
    bearerTimeslotsOf(span).map(
      (timeslot): Circuit => ({ trunkGroup: name, span: span.name, timeslot }),
    ),
  );
  if (hunt !== "cyclic" && hunt !== "longest-idle") return bySpan.flat();
  const most = Math.max(...bySpan.map(({ length }) => length));
  return Array.from({ length: most }, (_, turn) => turn).flatMap((turn) =>
    bySpan.flatMap((circuits) => circuits.slice(turn, turn + 1)),
  );
}
