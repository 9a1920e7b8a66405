/** Notification descriptions that the gateway makes or reads itself; all others pass (Q.931 table 4-19). */

/** The other side holds, or has retrieved, the call (EN 300 141-1 §9.2). */
export const REMOTE_HOLD = 121;
export const REMOTE_RETRIEVAL = 122;
/** The call is diverting (Q.952). */
export const CALL_DIVERTING = 123;
