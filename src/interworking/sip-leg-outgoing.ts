import { cause as ownCause, type Setup } from "../call/index.js";
import type { HeaderField, SessionCommand } from "../sip/index.js";
import { diversionHeaders } from "./diversion.js";
import { callingHeaders, connectedParty } from "./identity.js";
import { CALL_DIVERTING } from "./notifications.js";
import { uriText } from "./numbers.js";
import type { SipProfile } from "./profile.js";
import { clear, finish } from "./sip-leg-clearing.js";
import { confirmDialog, hasEarlyMedia, IN_BAND, makeOffer } from "./sip-leg-media.js";
import {
  change,
  command,
  type EventOf,
  openMedia,
  type Run,
  report,
  sdpBody,
} from "./sip-leg-state.js";
import { userToUserHeader, userToUserOf } from "./user-to-user.js";

/** A setup (RFC 3398 §8.2.1): the port is opened first, so that the INVITE can name it. */
export function beginOutgoing(run: Run, setup: Setup): void {
  const { bearer, hopCounter } = setup;
  if (bearer.kind === "unrestricted-64k" && !run.profile.clearmode) {
    finish(run, ownCause(65, LOCAL, "no unrestricted calls to this peer"));
    return;
  }
  if (hopCounter !== undefined && hopCounter < 1) {
    finish(run, ownCause(25, LOCAL, "no hops left"));
    return;
  }
  change(run, { setup, bearer });
  openMedia(run, run.state.target?.destination.address);
}

/** The port is open: the INVITE goes out. */
export function invite(run: Run): void {
  const { setup, target, session, own } = run.state;
  if (setup === undefined || target === undefined) return;
  change(run, { phase: "inviting" });
  const offered = run.profile.offer === "early" ? makeOffer(run, own) : undefined;
  if (offered !== undefined) change(run, { offered, own: offered.own });
  const { numbering, peerHost, reliability } = run.profile;
  const uri = uriText(setup.called, peerHost, numbering);
  const calling = callingHeaders(setup, run.profile);
  const one: SessionCommand = {
    ...{ kind: "invite", session, target: uri, destination: target.destination },
    ...(target.route === undefined ? {} : { route: target.route }),
    ...{ from: calling.from, to: `<${uri}>`, reliability },
    ...(setup.hopCounter === undefined ? {} : { maxForwards: setup.hopCounter }),
    headers: [...calling.headers, ...setupHeaders(setup, run.profile)],
    bodies: offered === undefined ? [] : [sdpBody(offered.description)],
  };
  command(run, one);
}

/** RFC 3398 §8.2.3: 180 is alerting; 181 a forwarded call; the others progress. */
export function receiveProvisional(run: Run, event: EventOf<"provisional-received">): void {
  const { told, phase, role } = run.state;
  if (role !== "outgoing" || phase !== "inviting" || event.status === 100 || event.status === 199)
    return;
  const inBand = hasEarlyMedia(run.state, event.dialog);
  const userUser = run.profile.userToUser ? userToUserOf(event.response.headers) : undefined;
  const extras = {
    ...(inBand ? { progress: [IN_BAND] } : {}),
    ...(userUser === undefined ? {} : { userUser }),
  };
  change(run, {
    told: { alerting: told.alerting || event.status === 180, inBand: told.inBand || inBand },
  });
  if (event.status === 180 && !told.alerting) {
    report(run, { kind: "alerting", ...extras });
    return;
  }
  if (event.status === 181) report(run, { kind: "notify", description: CALL_DIVERTING });
  const isNews = inBand ? !told.inBand : event.status === 182 || event.status === 183;
  if (isNews) report(run, { kind: "progress", ...extras });
}

/** RFC 3398 §8.2.4: 200 is the answer. */
export function receiveAnswer(run: Run, event: EventOf<"answered">): void {
  if (run.state.role !== "outgoing" || run.state.phase !== "inviting") return;
  const { headers } = event.response;
  confirmDialog(run, event.dialog);
  const [dialog] = run.state.dialogs;
  if (run.profile.offer === "early" && dialog?.agreement === undefined) {
    clear(run, ownCause(65, LOCAL, "the answer cannot be used"));
    return;
  }
  const userUser = run.profile.userToUser ? userToUserOf(headers) : undefined;
  report(run, {
    kind: "connect",
    ...connectedParty(headers, run.profile),
    ...(userUser === undefined ? {} : { userUser }),
  });
}

function setupHeaders(setup: Setup, profile: SipProfile): readonly HeaderField[] {
  const { redirection, userUser } = setup;
  return [
    ...(redirection !== undefined && profile.diversion
      ? diversionHeaders(redirection, profile)
      : []),
    ...(userUser !== undefined && profile.userToUser ? [userToUserHeader(userUser)] : []),
  ];
}

const LOCAL = "beyond-interworking-point";
