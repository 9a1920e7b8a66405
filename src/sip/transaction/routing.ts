import { familyOf } from "../../core/index.js";
import {
  header,
  parameter,
  type SipRequest,
  type Via,
  withoutParameter,
  withParameter,
} from "../message/index.js";
import type { Flow } from "../session-events.js";

/** The request with received and rport in its topmost Via (RFC 3261 §18.2.1, RFC 3581 §4). */
export function stampVia(request: SipRequest, via: Via, flow: Flow): SipRequest {
  const stamped = stamp(via, flow);
  if (stamped === via) return request;
  return { ...request, headers: request.headers.replaceFirst(header.via, stamped) };
}

function stamp(via: Via, flow: Flow): Via {
  const asked = parameter(via.parameters, "rport") !== undefined;
  const claimed = parameter(via.parameters, "received") !== undefined;
  const same = bareAddress(via.host) === bareAddress(flow.address);
  if (!asked && !claimed && same) return via;
  // What the peer wrote there itself is not believed.
  let parameters = withoutParameter(via.parameters, "received");
  if (asked) parameters = withParameter(parameters, "rport", String(flow.port));
  // RFC 3581 §4: with rport, received is there even if it equals sent-by.
  if (asked || !same) parameters = withParameter(parameters, "received", bareAddress(flow.address));
  return { ...via, parameters };
}

/** Where a response goes (RFC 3261 §18.2.2, RFC 3581 §4): `flow` is where the request came from. */
export function responseFlow(via: Via, flow: Flow): Flow {
  // A stream: by the connection of the request.
  if (flow.transport !== "udp") return flow;
  const port = via.port ?? DEFAULT_PORT;
  const maddr = parameter(via.parameters, "maddr");
  if (maddr !== undefined && isAddress(maddr))
    return { ...flow, address: bareAddress(maddr), port };
  if (parameter(via.parameters, "rport") !== undefined) return flow;
  return { ...flow, port };
}

/** Where a response goes when the connection of its request is gone: a new one (§18.2.2). */
export function reconnectFlow(via: Via, flow: Flow): Flow | undefined {
  if (flow.transport !== "tcp" && flow.transport !== "tls") return undefined;
  const { flow: _gone, ...rest } = flow;
  return {
    ...rest,
    port: via.port ?? (flow.transport === "tls" ? DEFAULT_TLS_PORT : DEFAULT_PORT),
  };
}

/** The request with our Via on top (RFC 3261 §8.1.1.7, §18.1.1; rport by RFC 3581 §3). */
export function withOurVia(
  request: SipRequest,
  flow: Flow,
  branch: string,
  { host, port }: { readonly host: string; readonly port?: number },
): SipRequest {
  const rport = flow.transport === "udp" ? [{ name: "rport" }] : [];
  const via: Via = {
    transport: flow.transport.toUpperCase(),
    host,
    ...(port === undefined ? undefined : { port }),
    parameters: [{ name: "branch", value: branch }, ...rport],
  };
  return { ...request, headers: request.headers.prepend(header.via, via) };
}

/** Whether a response's topmost Via names us (RFC 3261 §18.1.2). */
export function isSentBy(
  via: Via,
  ours: { readonly host: string; readonly port?: number },
  flow: Flow,
): boolean {
  const standard =
    flow.transport === "tls" || flow.transport === "wss" ? DEFAULT_TLS_PORT : DEFAULT_PORT;
  return (
    bareAddress(via.host) === bareAddress(ours.host) &&
    (via.port ?? standard) === (ours.port ?? standard)
  );
}

function bareAddress(host: string): string {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  return bare.toLowerCase();
}

/** An IPv4 address or an IPv6 one: names would have to be resolved first. */
function isAddress(host: string): boolean {
  return familyOf(bareAddress(host)) !== undefined;
}

const DEFAULT_PORT = 5060;
const DEFAULT_TLS_PORT = 5061;
