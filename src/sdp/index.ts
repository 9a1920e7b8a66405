export type { Codec, CodecName, Direction, MediaAgreement } from "./agreement.js";
