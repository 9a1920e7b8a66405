import type { SipRequest } from "../message/index.js";
import type * as T from "./types.js";

export type * from "./types.js";
export declare const transactionTimers: T.TransactionTimers;
export declare const TransactionLayer: new (params: T.TransactionParams) => T.Transactions;
/** Equal for copies of one request that came by different paths (RFC 3261 §8.2.2.2). */
export declare function mergeKey(request: SipRequest): string;
