export { capabilityFields } from "./composition.js";
export type { ReceivedRequest } from "./initiation.js";
export { SessionLayer } from "./layer.js";
export { contactOf, defaultPort, type Listener, type Listeners } from "./next-hop.js";
export type { ResolvedAddress, ResolveQuery, StepSink } from "./port.js";
export type { SessionSettings } from "./session.js";
