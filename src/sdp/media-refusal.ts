import { castOf, err, type Fault, familyOf, ok, type Result } from "../core/index.js";
import { type AudioMedia, isHoldAddress, readAudio } from "./audio.js";
import type { MediaDescription, SessionDescription } from "./description.js";
import type { MediaPolicy } from "./policy.js";

/** Why a description cannot be served: the warn-code and text of RFC 3261 §20.43. */
export interface MediaRefusal extends Fault {
  readonly warning: number;
}

/** An audio stream that packets can be exchanged with. */
export function readUsable(
  description: SessionDescription,
  stream: MediaDescription,
  policy: MediaPolicy,
): Result<AudioMedia, MediaRefusal> {
  if (stream.protocol !== "RTP/AVP") return err(REFUSALS.transport);
  const audio = readAudio(description, stream);
  if (audio === undefined) return err(REFUSALS.networkProtocol);
  const refusal = addressRefusal(audio, policy);
  return refusal === undefined ? ok(audio) : err(refusal);
}

/** Why nothing can be sent to the address of a stream; undefined: it can, or it is on hold. */
function addressRefusal(audio: AudioMedia, policy: MediaPolicy): MediaRefusal | undefined {
  const { address, family } = audio;
  if (isHoldAddress(address)) return undefined;
  // RFC 8866 §5.7 allows a name; none is resolved here
  if (familyOf(address) !== family) return REFUSALS.addressFormat;
  if (policy.families?.includes(family) === false) return REFUSALS.addressFormat;
  const cast = castOf(address);
  if (cast === "multicast") return REFUSALS.multicast;
  return cast === "unicast" ? undefined : REFUSALS.unusable;
}

const refusal = (warning: number, reason: string): MediaRefusal => ({ offset: 0, reason, warning });

/** RFC 3261 §20.43; the texts are the RFC's where it has one. */
export const REFUSALS = {
  networkProtocol: refusal(300, "Incompatible network protocol"),
  addressFormat: refusal(301, "Incompatible network address formats"),
  transport: refusal(302, "Incompatible transport protocol"),
  mediaType: refusal(304, "Media type not available"),
  mediaFormat: refusal(305, "Incompatible media format"),
  multicast: refusal(330, "Multicast not available"),
  unusable: refusal(399, "Broadcast or reserved address"),
  fewerStreams: refusal(399, "Fewer media streams than before"),
} as const;
