export { CircuitGroup } from "./circuit-group.js";
export type {
  CircuitInput,
  CircuitName,
  CircuitOutput,
  CircuitStatistics,
} from "./circuits.js";
export { compilePattern, translate } from "./digits.js";
export type {
  DigitPattern,
  NumberTranslation,
  Origin,
  RouteDestination,
  RouteQuery,
  RouteRule,
} from "./route.js";
export { DEFAULT_REROUTE_CAUSES, RouteTable } from "./route-table.js";
export {
  type SpanAlarmInput,
  type SpanAlarmOutput,
  type SpanAlarmState,
  spanAlarm,
  spanGood,
} from "./span-alarm.js";
