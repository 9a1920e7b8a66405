export type {
  CircuitInput,
  CircuitName,
  CircuitOutput,
  CircuitStatistics,
} from "./circuits.js";
export type {
  DigitPattern,
  FindRoute,
  NumberTranslation,
  Origin,
  RouteDestination,
  RouteQuery,
  RouteRule,
} from "./route.js";
