export {
  type Bearer,
  isInBand,
  type Law,
  type ProgressDescription,
  type ProgressIndicator,
} from "./bearer.js";
export {
  type Cause,
  type CauseLocation,
  type CauseOrigin,
  cause,
  causeName,
  type MappingStep,
  receivedCause,
  timerCause,
} from "./cause.js";
export type {
  Blocking,
  Circuit,
  CircuitState,
  HuntOrder,
  SignallingKind,
  TrunkGroup,
} from "./circuit.js";
export type * from "./event.js";
export type {
  NatureOfAddress,
  NumberingPlan,
  PartyNumber,
  Presentation,
  PresentedNumber,
  Redirection,
  RedirectionReason,
  Screening,
} from "./number.js";
export type { Destination, RouteOutcome } from "./route.js";
