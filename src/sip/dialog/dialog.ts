import {
  type HeaderField,
  type Headers,
  header,
  headersOf,
  type NameAddr,
  parameter,
  parseUri,
  printUri,
  type SipRequest,
  type SipResponse,
  withoutParameter,
  withParameter,
} from "../message/index.js";
import type { Flow } from "../session-events.js";

/** The state of one dialog (RFC 3261 §12). A value: every procedure gives a new one. */
export interface Dialog {
  readonly callId: string;
  readonly localTag: string;
  /** Empty when the peer sent none (RFC 3261 §12.1.1, a peer of RFC 2543). */
  readonly remoteTag: string;
  /** With their tags: what From and To of our requests will be. */
  readonly local: NameAddr;
  readonly remote: NameAddr;
  readonly localSequence: number;
  /** Absent until the peer sent a request. */
  readonly remoteSequence?: number;
  readonly routeSet: readonly NameAddr[];
  readonly remoteTarget: string;
  readonly confirmed: boolean;
  /** Where the peer was heard last; the next hop of streams. */
  readonly flow: Flow;
  /** Methods of the peer's last Allow; absent when it never sent one. */
  readonly allow?: readonly string[];
}

/** The dialog of the side that sent the INVITE, from a 1xx with a tag or a 2xx (RFC 3261 §12.1.2). */
export function createCallerDialog(
  invite: SipRequest,
  response: SipResponse,
  flow: Flow,
): Dialog | undefined {
  const local = invite.headers.value(header.from);
  const remote = response.headers.value(header.to);
  const sequence = invite.headers.value(header.cSeq);
  if (local === undefined || remote === undefined || sequence === undefined) return undefined;
  const dialog: Dialog = {
    callId: invite.headers.text(header.callId) ?? "",
    localTag: parameter(local.parameters, "tag") ?? "",
    remoteTag: parameter(remote.parameters, "tag") ?? "",
    local,
    remote,
    localSequence: sequence.number,
    routeSet: response.headers.values(header.recordRoute).toReversed(),
    // Some send no Contact in an 18x; the Request-URI is where the INVITE went.
    remoteTarget: contactOf(response) ?? invite.uri,
    confirmed: response.status >= 200,
    flow,
  };
  return notePeer(dialog, response, flow);
}

/** The dialog of the side that got the INVITE (RFC 3261 §12.1.1). */
export function createCalleeDialog(
  invite: SipRequest,
  localTag: string,
  flow: Flow,
  localSequence: number,
): Dialog | undefined {
  const remote = invite.headers.value(header.from);
  const to = invite.headers.value(header.to);
  const sequence = invite.headers.value(header.cSeq);
  if (remote === undefined || to === undefined || sequence === undefined) return undefined;
  // A peer of RFC 2543 (no tag) may leave Contact out: its From is where it is.
  const remoteTag = parameter(remote.parameters, "tag");
  const remoteTarget =
    contactOf(invite) ?? (remoteTag === undefined ? printUri(remote.uri) : undefined);
  if (remoteTarget === undefined) return undefined;
  const dialog: Dialog = {
    callId: invite.headers.text(header.callId) ?? "",
    localTag,
    remoteTag: remoteTag ?? "",
    local: { ...to, parameters: withParameter(to.parameters, "tag", localTag) },
    remote,
    localSequence,
    remoteSequence: sequence.number,
    routeSet: invite.headers.values(header.recordRoute),
    remoteTarget,
    confirmed: false,
    flow,
  };
  return notePeer(dialog, invite, flow);
}

/** A 2xx confirms the dialog; its route set is computed anew (RFC 3261 §13.2.2.4). */
export function confirmCallerDialog(dialog: Dialog, response: SipResponse, flow: Flow): Dialog {
  return notePeer(
    {
      ...dialog,
      confirmed: true,
      routeSet: response.headers.values(header.recordRoute).toReversed(),
      remoteTarget: contactOf(response) ?? dialog.remoteTarget,
    },
    response,
    flow,
  );
}

/** Remembers the flow and the Allow of a message of the peer. */
export function notePeer(dialog: Dialog, message: SipRequest | SipResponse, flow: Flow): Dialog {
  if (!message.headers.has(header.allow)) return { ...dialog, flow };
  return { ...dialog, flow, allow: message.headers.values(header.allow) };
}

/** The Contact of a target refresh request or of its 2xx is the new target (RFC 3261 §12.2.1.2, §12.2.2). */
export function refreshTarget(dialog: Dialog, message: SipRequest | SipResponse): Dialog {
  return { ...dialog, remoteTarget: contactOf(message) ?? dialog.remoteTarget };
}

/** Takes over the CSeq of a request of the peer; undefined when it is out of order (RFC 3261 §12.2.2: 500). */
export function takeSequence(dialog: Dialog, request: SipRequest): Dialog | undefined {
  const sequence = request.headers.value(header.cSeq)?.number;
  if (sequence === undefined) return undefined;
  if (dialog.remoteSequence !== undefined && sequence < dialog.remoteSequence) return undefined;
  return { ...dialog, remoteSequence: sequence };
}

/** Whether the peer takes that method: it said so, or never said anything. */
export function allows(dialog: Dialog, method: string): boolean {
  return dialog.allow === undefined || dialog.allow.includes(method);
}

/** What a request within a dialog says beyond what the dialog knows. */
export interface RequestContent {
  readonly method: string;
  readonly fields: readonly HeaderField[];
  readonly body: Uint8Array;
  /** CSeq number of the INVITE that an ACK belongs to; absent: the next one (RFC 3261 §13.2.2.4). */
  readonly sequence?: number;
}

/** A request within the dialog, without Via, and the dialog with its CSeq used (RFC 3261 §12.2.1.1). */
export function composeRequest(
  dialog: Dialog,
  content: RequestContent,
): { readonly dialog: Dialog; readonly request: SipRequest; readonly nextHop: string } {
  const sequence = content.sequence ?? dialog.localSequence + 1;
  const routed = routeRequest(dialog.remoteTarget, dialog.routeSet);
  let headers = headersOf([{ name: "Max-Forwards", value: "70" }]);
  for (const route of routed.routes) headers = headers.append(header.route, route);
  headers = headers
    .append(header.from, dialog.local)
    .append(header.to, dialog.remote)
    .appendText(header.callId, dialog.callId)
    .append(header.cSeq, { number: sequence, method: content.method })
    .concat(content.fields);
  return {
    dialog: { ...dialog, localSequence: Math.max(dialog.localSequence, sequence) },
    request: {
      kind: "request",
      method: content.method,
      uri: routed.requestUri,
      headers,
      body: content.body,
    },
    nextHop: routed.nextHop,
  };
}

/** Where a request goes and what it says of it: loose routing, or the rewrite for a strict router. */
export interface RoutedRequest {
  readonly requestUri: string;
  readonly routes: readonly NameAddr[];
  readonly nextHop: string;
}

/** RFC 3261 §12.2.1.1; for a preloaded route set also §8.1.1.1. */
export function routeRequest(target: string, routeSet: readonly NameAddr[]): RoutedRequest {
  const first = routeSet[0];
  if (first === undefined) return { requestUri: target, routes: [], nextHop: target };
  const uri = first.uri;
  const nextHop = printUri(uri);
  if (uri.kind !== "sip" || parameter(uri.parameters, "lr") !== undefined) {
    return { requestUri: target, routes: routeSet, nextHop };
  }
  // RFC 3261 §12.2.1.1: what may not stand in a Request-URI (§19.1.1, table 1) is taken away.
  const parameters = withoutParameter(uri.parameters, "method");
  const parsed = parseUri(target);
  const last: readonly NameAddr[] = parsed.ok ? [{ uri: parsed.value, parameters: [] }] : [];
  return {
    requestUri: printUri({ ...uri, parameters, headers: [] }),
    routes: [...routeSet.slice(1), ...last],
    nextHop,
  };
}

/** Key of a dialog among all of a stack (RFC 3261 §12). */
export function dialogKey(callId: string, localTag: string, remoteTag: string): string {
  return `${callId}\n${localTag}\n${remoteTag}`;
}

/** Key of the dialog a request of the peer belongs to. */
export function requestDialogKey(request: SipRequest): string {
  return dialogKey(
    request.headers.text(header.callId) ?? "",
    tagOf(request.headers, header.to),
    tagOf(request.headers, header.from),
  );
}

export function tagOf(headers: Headers, row: typeof header.to): string {
  return parameter(headers.value(row)?.parameters ?? [], "tag") ?? "";
}

function contactOf(message: SipRequest | SipResponse): string | undefined {
  const contact = message.headers.value(header.contact);
  return contact === undefined || contact === "*" ? undefined : printUri(contact.uri);
}
