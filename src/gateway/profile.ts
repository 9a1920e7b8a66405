import type { Law } from "../call/index.js";
import {
  DEFAULT_JOIN_PARAMS,
  type JoinParams,
  type LegTraits,
  type SipProfile,
} from "../interworking/index.js";
import type { Leg, LiveCall } from "./calls.js";
import type { CodecOption, CodecSettings } from "./codec-settings.js";
import type { GatewayOptions, PeerOptions, TrunkGroupOptions } from "./options.js";
import { rtpFamilies } from "./rtp-ranges.js";

/** How a peer is treated, from the configuration; `other` is the trunk group its calls go to or come from. */
export function profileOf(
  options: GatewayOptions,
  peer: PeerOptions,
  { order, ptimeMs, annexB, comfortNoise, vad }: CodecSettings,
  hosts: { readonly ours: string; readonly theirs: string },
  other: TrunkGroupOptions | undefined,
  law: Law,
): SipProfile {
  const { countryCode, localNature } = options.numbering;
  return {
    name: peer.name,
    ourHost: hosts.ours,
    peerHost: hosts.theirs,
    numbering: { localNature, ...(countryCode === undefined ? {} : { countryCode }) },
    causes: other?.causeMap ?? "rfc3398",
    trusted: peer.trusted,
    diversion: true,
    userToUser: true,
    inBandAlerting: other?.alertingInBand ?? 180,
    reliability: peer.reliableProvisional,
    offer: "early",
    media: {
      codecs: order.map((name) => codecOf(name, annexB)),
      preference: "ours",
      ...{ telephoneEvents: "0-15", comfortNoise, vad },
      receivePtimeMs: ptimeMs,
      sendPtimeMs: ptimeMs,
      maxPtimeMs: 60,
      families: rtpFamilies(options.listen.rtp),
    },
    clearmode: true,
    audioBearer: options.codecs.bearer,
    law,
    retryAfterS: 5,
  };
}

/** Timers and tones of a call: of the trunk group it goes to, or of the leg that began it. */
export function joinParams(
  options: GatewayOptions,
  { a }: LiveCall,
  group?: TrunkGroupOptions,
): JoinParams {
  const tones = group?.disconnectToneMs ?? tonesMs(options, a);
  return { ...DEFAULT_JOIN_PARAMS, tonesMs: tones };
}

/** What the join must know of a leg: its protocol and the limits that are configured for it. */
export function traitsOf(options: GatewayOptions, leg: Leg): LegTraits {
  const owner = leg.kind === "sip" ? leg.peer : leg.group;
  const { name, maxCallSeconds, rtpSilenceReleaseSeconds } = owner;
  const silenceMs = rtpSilenceReleaseSeconds * 1000 - options.media.rtpTimeoutMs;
  return {
    signalling: leg.kind === "sip" ? "sip" : leg.group.signalling,
    name,
    ...(maxCallSeconds === 0 ? {} : { longestCallMs: maxCallSeconds * 1000 }),
    ...(rtpSilenceReleaseSeconds === 0 ? {} : { silenceReleaseMs: Math.max(0, silenceMs) }),
  };
}

function tonesMs(options: GatewayOptions, a: Leg): number {
  const group = a.kind === "isdn" ? a.group : options.trunkGroups[0];
  return group?.disconnectToneMs ?? DEFAULT_JOIN_PARAMS.tonesMs;
}

function codecOf(name: CodecOption, annexB: boolean): SipProfile["media"]["codecs"][number] {
  const clockRate = 8000;
  if (name === "g729") return { name: "G729", clockRate, annexB };
  return { name: name === "pcma" ? "PCMA" : "PCMU", clockRate };
}
