import { type CallEvent, type Cause, cause } from "../call/index.js";
import { uriHost } from "../core/index.js";
import type { OpenCarrier } from "../host/index.js";
import type { SipProfile, SipTarget } from "../interworking/index.js";
import type { CodecName } from "../sdp/index.js";
import type { SessionCommand, SessionEvent } from "../sip/index.js";
import type { Leg, LiveCall } from "./calls.js";
import type { Hosts } from "./leg-book.js";
import { lawOf, type PeerOptions, type TrunkGroupOptions } from "./options.js";
import { PeerBook } from "./peers.js";
import { joinParams, profileOf } from "./profile.js";
import { passesBetweenPeers } from "./route-rules.js";
import type { Shared } from "./shared.js";
import { SipLegs } from "./sip-legs.js";
import { SipSide } from "./sip-side.js";

/** The legs toward peers: who calls, who is called, and the SIP stack that carries them. */
export class PeerCalls {
  readonly #shared: Shared;
  readonly #peers: PeerBook;
  readonly #sip: SipSide;
  readonly #legs: SipLegs;
  #resolving: NodeJS.Timeout | undefined;
  #draining = false;

  constructor(shared: Shared, openTransports: OpenCarrier) {
    this.#shared = shared;
    const { options, driver, log, legs, traces } = shared;
    this.#peers = new PeerBook(options.peers);
    const sip = {
      ...{ listeners: options.listen.sip, version: options.version, openTransports },
      takesFrom: (address: string) => this.#peers.bySource({ address }) !== undefined,
    };
    this.#sip = new SipSide(sip, driver, {
      session: (event) => this.#onSession(event),
      trace: (direction, { address, port }, octets, session) => {
        traces.sip(direction, `${address}:${port}`, octets, () => legs.callOf(session));
      },
      anomaly: (what, session) => log.info({ session, what }, "SIP"),
    });
    this.#legs = new SipLegs(driver, shared.media, {
      command: (command) => this.#command(command),
      said: (leg, event) => this.#onSaid(leg, event),
      speaks: (leg, codec) => this.#onSpeaks(leg, codec),
      anomaly: (what, leg) => log.info({ leg, what }, "SIP leg"),
    });
  }

  async open(): Promise<void> {
    await this.#peers.resolve();
    this.#resolving = setInterval(() => void this.#peers.resolve(), RESOLVE_AGAIN_MS).unref();
    await this.#sip.open();
  }

  close(): Promise<void> {
    clearInterval(this.#resolving);
    return this.#sip.close();
  }

  /** New calls are refused with 503. */
  drain(): void {
    this.#draining = true;
    this.#sip.policy({ kind: "refuse", status: 503, retryAfter: 30 });
  }

  /** Without a circuit OPTIONS say so, unless there are calls that need none. */
  setRoom(hasRoom: boolean): void {
    if (this.#draining || passesBetweenPeers(this.#shared.options.routes)) return;
    this.#sip.policy({ kind: hasRoom ? "admit" : "busy" });
  }

  uris(): ReturnType<SipSide["uris"]> {
    return this.#sip.uris();
  }

  counters(): Readonly<Record<string, number>> {
    return { ...this.#sip.counters(), sipLegs: this.#legs.size };
  }

  tell(leg: string, event: CallEvent): void {
    this.#legs.tell(leg, event);
  }

  /** The leg was never set up. */
  forget(leg: string): void {
    this.#legs.forget(leg);
  }

  /** Makes a leg toward a peer; a cause where it cannot be called. */
  seize(call: LiveCall, id: string, name: string): Leg | Cause {
    const target = this.#target(name);
    if ("origin" in target) return target;
    const { peer, destination, host } = target;
    const hosts = { ours: this.#sip.hostOf(destination.listener), theirs: uriHost(host) };
    const group = call.a.kind === "isdn" ? call.a.group : undefined;
    const named = group === undefined ? {} : { group: group.name };
    this.#shared.legs.add(id, { call: call.id, peer, hosts, ...named });
    this.#legs.begin(id, this.#profile(id, peer, hosts, group), { destination });
    const { codec } = this.#shared.legs.find(call.a.id) ?? {};
    if (codec !== undefined) this.#legs.prefer(id, codec);
    return { kind: "sip", id, peer };
  }

  /** Cause map, codecs, in-band alerting and tones of a SIP caller's call are those of the group it goes to. */
  adoptGroup(call: LiveCall, group: TrunkGroupOptions): void {
    const { options, legs, calls, media } = this.#shared;
    const known = legs.find(call.a.id);
    const { peer, hosts } = known ?? {};
    if (known === undefined || peer === undefined || hosts === undefined) return;
    known.group = group.name;
    this.#legs.adopt(call.a.id, this.#profile(call.a.id, peer, hosts, group));
    media.tune(call.a.id);
    calls.adopt(call, joinParams(options, call, group));
  }

  /** The leg's codec settings ask for other media than were agreed: the peer is offered them. */
  renegotiate(leg: string): void {
    const { options, legs } = this.#shared;
    const { peer, hosts, group } = legs.find(leg) ?? {};
    if (peer === undefined || hosts === undefined) return;
    const other = options.trunkGroups.find(({ name }) => name === group);
    this.#legs.renegotiate(leg, this.#profile(leg, peer, hosts, other));
  }

  /** A fax or a modem is heard in the call: its legs toward peers keep to G.711. */
  hearData({ a, b }: LiveCall): void {
    for (const leg of [a, b]) if (leg?.kind === "sip") this.#legs.hearData(leg.id);
  }

  #command(command: SessionCommand): void {
    const leg = command.kind === "invite" ? this.#shared.legs.find(command.session) : undefined;
    if (leg !== undefined) leg.invited = true;
    this.#sip.command(command);
  }

  #onSession(event: SessionEvent): void {
    if (event.kind === "invite-received" && !this.#onInvite(event)) return;
    this.#legs.session(event);
    if (event.kind === "ended") this.#shared.legs.forget(event.session);
  }

  /** False when it is refused here. */
  #onInvite({ session, source }: SessionEvent & { readonly kind: "invite-received" }): boolean {
    const { legs, calls, traces, log } = this.#shared;
    const peer = this.#peers.bySource(source);
    if (peer === undefined) {
      log.warn({ source: source.address }, "INVITE from an address that is no peer's");
      const headers = [{ name: "Reason", value: 'Q.850;cause=21;text="not a peer"' }];
      this.#sip.command({ kind: "reject", session, status: 403, headers });
      return false;
    }
    const hosts = { ours: this.#sip.hostOf(source.listener), theirs: uriHost(source.address) };
    legs.add(session, { call: calls.nextId(), peer, hosts });
    traces.settle();
    this.#legs.begin(session, this.#profile(session, peer, hosts, undefined));
    return true;
  }

  #onSaid(leg: string, event: CallEvent): void {
    const { legs, calls } = this.#shared;
    const known = legs.find(leg);
    const live = calls.callOf(leg);
    if (live === undefined && event.kind === "setup") {
      if (known?.peer === undefined) return;
      calls.begin(known.call, { kind: "sip", id: leg, peer: known.peer }, event);
      return;
    }
    calls.said(leg, event);
    // A leg that never sent its INVITE has no session that would end.
    const isNeverInvited = live?.b?.id === leg && known?.invited === undefined;
    if (event.kind === "release" && isNeverInvited) legs.forget(leg);
  }

  /** Between two peers, what one speaks had better be what the other does: then nothing is transcoded. */
  #onSpeaks(leg: string, codec: CodecName): void {
    const { legs, calls } = this.#shared;
    const known = legs.find(leg);
    if (known !== undefined) known.codec = codec;
    const { a, b } = calls.callOf(leg) ?? {};
    const other = a?.id === leg ? b : a;
    if (other?.kind === "sip") this.#legs.prefer(other.id, codec);
  }

  #target(
    name: string,
  ): { peer: PeerOptions; destination: SipTarget["destination"]; host: string } | Cause {
    const found = this.#peers.contact(name);
    if (found === undefined) {
      return cause(38, "private-network-local", `the contact of peer ${name} has no address`);
    }
    const listener = this.#sip.listenerFor(found.transport, found.address);
    if (listener === undefined) {
      const what = `there is no listener for ${found.transport} to ${found.address}`;
      return cause(38, "private-network-local", what);
    }
    const { peer, transport, address, port, host } = found;
    return { peer, host, destination: { transport, address, port, listener } };
  }

  #profile(
    leg: string,
    peer: PeerOptions,
    hosts: Hosts,
    group: TrunkGroupOptions | undefined,
  ): SipProfile {
    const { options, codecs } = this.#shared;
    const [span] = options.spans;
    const law = span === undefined ? "a-law" : lawOf(span);
    const { settings } = codecs.ofLeg(leg);
    return profileOf(options, peer, settings, hosts, group ?? options.trunkGroups[0], law);
  }
}

/** Names among the peers' contacts are looked up again after so long. */
const RESOLVE_AGAIN_MS = 60_000;
