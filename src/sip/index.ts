export { contactOf, defaultPort, type Listener, type Listeners } from "./dialog/index.js";
export type { Policy, StackParameters } from "./parameters.js";
export type * from "./session-events.js";
export { SipStack, type StackCommand, type StackInput } from "./stack.js";
export type { SipOutput, StackCounters } from "./step.js";
export type { TransactionTimers } from "./transaction/index.js";
