export type { Codec, CodecName, Direction, MediaAgreement, PacketTime } from "./agreement.js";
export { type AudioMedia, type Format, isHoldAddress, readAudio } from "./audio.js";
export type { Companions } from "./companions.js";
export {
  type MediaDescription,
  parseSdp,
  printSdp,
  type SdpLine,
  type SessionDescription,
} from "./description.js";
export { type MediaRefusal, REFUSALS } from "./media-refusal.js";
export {
  type Answered,
  acceptAnswer,
  createAnswer,
  createOffer,
  firstChoice,
  type Offered,
  offersAudio,
} from "./offer-answer.js";
export {
  answerDirection,
  isReceiving,
  isSending,
  type LocalMedia,
  type MediaPolicy,
} from "./policy.js";
export { type OwnSession, ownSession } from "./writing.js";
