import { familyOf, uriHost } from "../../core/index.js";
import { parameter, parseUri, type SipUri } from "../message/index.js";
import type { Flow, TransportKind } from "../session-events.js";

/** Our side of a transport: its name and how others reach it. */
export interface Listener {
  readonly transport: TransportKind;
  /** The advertised address: of our Via and Contact. IPv6 without brackets. */
  readonly address: string;
  readonly port: number;
}

export type Listeners = Readonly<Record<string, Listener>>;

/** Where a request goes: known at once, or after its host name is resolved. */
export type Hop =
  | { readonly kind: "flow"; readonly flow: Flow }
  | {
      readonly kind: "name";
      readonly host: string;
      readonly port?: number;
      readonly transport: TransportKind;
      readonly listener: string;
    };

/**
 * The next hop of a URI (RFC 3263 §4, RFC 3261 §18.1.1) for a peer last heard on `last`. A stream
 * connection that carries the dialog goes on carrying it. Undefined: there is no way to it.
 */
export function findHop(uri: string, last: Flow, listeners: Listeners): Hop | undefined {
  const parsed = parseUri(uri);
  if (!parsed.ok || parsed.value.kind !== "sip") return undefined;
  const transport = transportOf(parsed.value, last);
  const host = parameter(parsed.value.parameters, "maddr") ?? parsed.value.host;
  const port = parsed.value.port;
  const kept = last.flow !== undefined && last.transport === transport ? last.flow : undefined;
  const address = literalAddress(host);
  const listener = listenerTo(listeners, transport, last, address);
  if (listener === undefined) return undefined;
  if (address !== undefined) {
    const flow = { transport, address, port: port ?? defaultPort(transport), listener };
    return { kind: "flow", flow: kept === undefined ? flow : { ...flow, flow: kept } };
  }
  if (kept !== undefined) return { kind: "flow", flow: last };
  const hop = { kind: "name", host, transport, listener } as const;
  return port === undefined ? hop : { ...hop, port };
}

export function defaultPort(transport: TransportKind): number {
  return DEFAULT_PORTS[transport];
}

/** `<sip:host:port;transport=...>` of a listener, for Contact. */
export function contactOf(listener: Listener): string {
  return `<sip:${uriHost(listener.address)}:${listener.port}${CONTACT_PARAMETERS[listener.transport]}>`;
}

function transportOf(uri: SipUri, last: Flow): TransportKind {
  const named = parameter(uri.parameters, "transport")?.toLowerCase();
  if (named === "ws") return uri.secure || last.transport === "wss" ? "wss" : "ws";
  if (uri.secure || named === "tls") return "tls";
  return named === "tcp" ? "tcp" : "udp";
}

/** The listener of the dialog, when it can send there; else one of the transport and the family. */
function listenerTo(
  listeners: Listeners,
  transport: TransportKind,
  last: Flow,
  address: string | undefined,
): string | undefined {
  const family = familyOf(address ?? last.address);
  const ours = listeners[last.listener];
  const isSame = familyOf(last.address) === family;
  if (last.transport === transport && ours !== undefined && isSame) return last.listener;
  const names = Object.keys(listeners).filter((name) => listeners[name]?.transport === transport);
  const near = names.find((name) => familyOf(listeners[name]?.address ?? "") === family);
  // An advertised address says nothing of the socket: it may do for either family
  return near ?? (last.transport === transport ? last.listener : names[0]);
}

function literalAddress(host: string): string | undefined {
  const bare = host.startsWith("[") ? host.slice(1, -1) : host;
  return familyOf(bare) === undefined ? undefined : bare;
}

/** RFC 3261 §19.1.1; RFC 7118 §5.2: wss is ws too. */
const CONTACT_PARAMETERS: Readonly<Record<TransportKind, string>> = {
  udp: "",
  tcp: ";transport=tcp",
  tls: ";transport=tls",
  ws: ";transport=ws",
  wss: ";transport=ws",
};

const DEFAULT_PORTS: Readonly<Record<TransportKind, number>> = {
  udp: 5060,
  tcp: 5060,
  tls: 5061,
  ws: 80,
  wss: 443,
};
