import type { Bearer } from "../call/index.js";
import { ok, type Result } from "../core/index.js";
import {
  type Codec,
  type CodecName,
  firstChoice,
  isHoldAddress,
  type MediaPolicy,
  type MediaRefusal,
  type SessionDescription,
} from "../sdp/index.js";
import type { SipProfile } from "./profile.js";
import type { Run } from "./sip-leg-state.js";

const CLEARMODE: Codec = { name: "CLEARMODE", clockRate: 8000 };

/**
 * What may be agreed now. Data is CLEARMODE and nothing else (RFC 4040), audio never is. A fax or modem
 * call keeps to G.711. Codecs that the call's other leg speaks come before those that it does not.
 */
export function policyOf({ profile, state }: Run): MediaPolicy {
  const { bearer, preferred = [], isData } = state;
  const { telephoneEvents: _, ...rest } = profile.media;
  if (bearer?.kind === "unrestricted-64k") return { ...rest, codecs: [CLEARMODE] };
  const { codecs } = profile.media;
  const isWanted = ({ name }: Codec) => preferred.includes(name);
  const ordered = [...codecs.filter(isWanted), ...codecs.filter((one) => !isWanted(one))];
  if (!isData || !codecs.some(isG711)) return { ...profile.media, codecs: ordered };
  return { ...profile.media, codecs: ordered.filter(isG711), comfortNoise: false, vad: false };
}

/**
 * The bearer that an offer asks for, and where its speech would go: the local address is chosen by
 * it. A refusal when nothing in it can be served.
 */
export function bearerOfOffer(
  offer: SessionDescription | undefined,
  profile: SipProfile,
): Result<{ readonly bearer: Bearer; readonly near?: string }, MediaRefusal> {
  const audio: Bearer = { kind: profile.audioBearer, law: profile.law };
  if (offer === undefined) return ok({ bearer: audio });
  const { codecs } = profile.media;
  const all = profile.clearmode ? [...codecs, CLEARMODE] : codecs;
  const policy = { ...profile.media, codecs: all, preference: "theirs" } as const;
  const choice = firstChoice(offer, policy);
  if (!choice.ok) return choice;
  const { codec, address } = choice.value;
  const bearer: Bearer = codec.name === "CLEARMODE" ? { kind: "unrestricted-64k" } : audio;
  return ok(isHoldAddress(address) ? { bearer } : { bearer, near: address });
}

export function isG711({ name }: { readonly name: CodecName }): boolean {
  return name === "PCMA" || name === "PCMU";
}
