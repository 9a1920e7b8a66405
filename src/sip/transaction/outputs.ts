import { printMessage, type SipMessage } from "../message/index.js";
import type { Flow } from "../session-events.js";
import type { MachineOutput } from "./machine-parts.js";
import { reconnectFlow } from "./routing.js";
import type { Entry, ServerEntry } from "./transaction-entry.js";
import type { TransactionOutput } from "./types.js";

/** What a machine says, as the layer says it. */
export function lift(entry: Entry, output: MachineOutput, flow: Flow): TransactionOutput {
  const transaction = entry.id;
  switch (output.kind) {
    case "send":
      return sendOutput(entry, output.message);
    case "response":
      return { kind: "response", transaction, response: output.response, flow };
    case "ack":
      return { kind: "ack", transaction, request: output.request, flow };
    case "acknowledged":
      return { kind: "acknowledged", transaction };
    case "timeout":
      return { kind: "timeout", transaction, timer: output.timer };
    case "transport-error":
      return { kind: "transport-error", transaction, what: output.what };
  }
}

/** A message to be sent for a transaction; printed once, however often it is sent. */
function sendOutput(entry: Entry, message: SipMessage): TransactionOutput {
  const isRepeated = entry.printed?.message === message;
  const printed =
    entry.printed?.message === message ? entry.printed : { message, octets: printMessage(message) };
  entry.printed = printed;
  return {
    ...{ kind: "send", flow: entry.flow, octets: printed.octets, message, transaction: entry.id },
    ...(isRepeated && entry.side === "client" ? { repeated: true } : {}),
  };
}

/** RFC 3261 §18.2.2: the connection of the request is gone; the response goes by a new one, once. */
export function reconnect(entry: ServerEntry): readonly TransactionOutput[] | undefined {
  const flow = entry.reconnected ? undefined : reconnectFlow(entry.via, entry.flow);
  if (flow === undefined || entry.printed === undefined) return undefined;
  entry.reconnected = true;
  entry.flow = flow;
  return [sendOutput(entry, entry.printed.message)];
}
