export { type InviteClientState, inviteClient } from "./invite-client.js";
export { type InviteServerState, inviteServer } from "./invite-server.js";
export type { ClientInput, MachineOutput, MachineParams, ServerInput } from "./machine-parts.js";
export { branchCookie, mergeKey } from "./matching.js";
export { type NonInviteClientState, nonInviteClient } from "./non-invite-client.js";
export { type NonInviteServerState, nonInviteServer } from "./non-invite-server.js";
export { timerTable, transactionTimers } from "./timers.js";
export { TransactionLayer } from "./transaction-layer.js";
export type * from "./types.js";
