import type { Message, MessageType } from "./message.js";

/**
 * What a message earns whose call reference belongs to no call (Q.931 §5.8.3.2): nothing, or one message
 * that leaves us in the null state.
 */
export type UnknownReferenceAnswer =
  | { readonly kind: "ignore" }
  | { readonly kind: "release-complete"; readonly cause: number }
  | { readonly kind: "status"; readonly cause: number };

export function answerUnknownReference(
  type: MessageType | "unknown",
  callState: number | undefined,
): UnknownReferenceAnswer {
  switch (type) {
    // c) RELEASE COMPLETE; d) a SETUP comes here only with a wrong flag
    case "release-complete":
    case "setup":
      return { kind: "ignore" };
    // §5.8.11: they have a call where we have none; null on both sides is as it should be
    case "status":
      return callState === 0 || callState === undefined
        ? { kind: "ignore" }
        : { kind: "release-complete", cause: 101 };
    // §5.8.10
    case "status-enquiry":
      return { kind: "status", cause: 30 };
    // a), b)
    default:
      return { kind: "release-complete", cause: 81 };
  }
}

/** f) With the global call reference only these are understood. */
export function isGlobal({ type }: Pick<Message, "type">): boolean {
  return (
    type === "restart" ||
    type === "restart-acknowledge" ||
    type === "status" ||
    type === "service" ||
    type === "service-acknowledge"
  );
}
