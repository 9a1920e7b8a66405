import { capabilityFields } from "./dialog/index.js";
import {
  type HeaderField,
  header,
  isRegisteredMethod,
  readBodies,
  type SipRequest,
} from "./message/index.js";
import type { Policy, Settings } from "./parameters.js";
import type { Body, Flow } from "./session-events.js";

/** Why a request is not taken: the response that says so. */
export interface Refusal {
  readonly status: number;
  readonly reason?: string;
  readonly headers: readonly HeaderField[];
}

/**
 * The checks of RFC 3261 §8.2 in their order, for every request but ACK and CANCEL. What a message
 * must be to be read at all (400, 416, 505) was checked before.
 */
export function checkRequest(
  request: SipRequest,
  { merged, flow }: { readonly merged: boolean; readonly flow: Flow },
  settings: Settings,
): Refusal | undefined {
  return (
    checkMethod(request, settings) ??
    checkScheme(request, flow) ??
    (merged ? { status: 482, reason: "Merged Request", headers: [] } : undefined) ??
    checkForwards(request, settings) ??
    checkExtensions(request, settings) ??
    checkContent(request, settings) ??
    checkAccept(request)
  );
}

/** What OPTIONS get instead of 200: what an INVITE would get (RFC 3261 §11.2). */
export function checkOptions(
  policy: Policy,
  source: string,
  sessions: number,
  settings: Settings,
): Refusal | undefined {
  if (!settings.takesFrom(source)) return { status: 403, headers: [] };
  if (policy.kind === "busy") return { status: 503, headers: [retryIn(settings.retryAfter)] };
  return checkPolicy(policy, sessions, settings);
}

/** What refuses a new INVITE now. */
export function checkPolicy(
  policy: Policy,
  sessions: number,
  settings: Settings,
): Refusal | undefined {
  if (policy.kind === "refuse") {
    const { status, reason, retryAfter } = policy;
    const headers = retryAfter === undefined ? [] : [retryIn(retryAfter)];
    return reason === undefined ? { status, headers } : { status, reason, headers };
  }
  if (sessions < settings.maximumSessions) return undefined;
  return { status: 503, headers: [retryIn(settings.retryAfter)] };
}

/** A request outside any dialog that is neither INVITE nor OPTIONS. */
export function refuseOutside(request: SipRequest, settings: Settings): Refusal {
  if (OF_A_DIALOG.has(request.method)) return { status: 481, headers: [] };
  const allow = settings.allow.filter((method) => method !== request.method);
  return { status: 405, headers: [{ name: "Allow", value: allow.join(", ") }] };
}

/** RFC 3261 §8.2.1, §21.5.2. */
function checkMethod({ method }: SipRequest, settings: Settings): Refusal | undefined {
  if (settings.allow.includes(method)) return undefined;
  const allow = [{ name: "Allow", value: settings.allow.join(", ") }];
  return { status: isRegisteredMethod(method) ? 405 : 501, headers: allow };
}

/** RFC 3261 §8.2.2.1, §26.2.2: `sips` means TLS on every hop, and this one was none. */
function checkScheme({ uri }: SipRequest, { transport }: Flow): Refusal | undefined {
  const isSecure = transport === "tls" || transport === "wss";
  return /^sips:/i.test(uri) && !isSecure ? { status: 416, headers: [] } : undefined;
}

function checkForwards(request: SipRequest, settings: Settings): Refusal | undefined {
  const exhausted = request.headers.value(header.maxForwards) === 0;
  const relayed = request.method === "INVITE" && settings.exhaustedInvite === "refuse";
  return exhausted && relayed ? { status: 483, headers: [] } : undefined;
}

/** RFC 3261 §8.2.2.3. */
function checkExtensions(request: SipRequest, settings: Settings): Refusal | undefined {
  const known = settings.supported.map((tag) => tag.toLowerCase());
  const unsupported = request.headers
    .values(header.require)
    .filter((tag) => !known.includes(tag.toLowerCase()));
  if (unsupported.length === 0) return undefined;
  return { status: 420, headers: [{ name: "Unsupported", value: unsupported.join(", ") }] };
}

/** RFC 3261 §8.2.3. */
function checkContent(request: SipRequest, settings: Settings): Refusal | undefined {
  if (request.body.length === 0) return undefined;
  const encodings = ["identity", ...settings.acceptEncoding].map((name) => name.toLowerCase());
  const encoded = request.headers
    .values(header.contentEncoding)
    .some((name) => !encodings.includes(name.toLowerCase()));
  if (encoded) return unsupportedContent(settings);
  const bodies = readBodies(request);
  if (!bodies.ok) return { status: 400, reason: "Malformed Body", headers: [] };
  const alternative = request.headers.value(header.contentType)?.type === "multipart/alternative";
  const taken = (body: Body) => isOptional(body) || settings.accept.includes(body.type);
  const fits = alternative ? bodies.value.some(taken) : bodies.value.every(taken);
  return fits ? undefined : unsupportedContent(settings);
}

/** An INVITE whose answer could not be described (RFC 3261 §21.4.7): without Accept, SDP is taken. */
function checkAccept(request: SipRequest): Refusal | undefined {
  if (request.method !== "INVITE" || !request.headers.has(header.accept)) return undefined;
  const ranges = request.headers.values(header.accept).map(({ type }) => type);
  const fits = ranges.some((range) => SDP_RANGES.has(range));
  return fits ? undefined : { status: 406, headers: [] };
}

function unsupportedContent(settings: Settings): Refusal {
  const headers = capabilityFields(settings).filter(({ name }) => name.startsWith("Accept"));
  return { status: 415, headers };
}

/** RFC 3261 §20.11: without the parameter, handling is required. */
function isOptional(body: Body): boolean {
  return /;\s*handling\s*=\s*"?optional"?/i.test(body.disposition ?? "");
}

function retryIn(seconds: number): HeaderField {
  return { name: "Retry-After", value: String(seconds) };
}

const OF_A_DIALOG: ReadonlySet<string> = new Set(["BYE", "PRACK", "UPDATE", "INFO", "NOTIFY"]);

const SDP_RANGES: ReadonlySet<string> = new Set(["application/sdp", "application/*", "*/*"]);
