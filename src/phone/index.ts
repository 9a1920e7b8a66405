export { callMachine } from "./call.js";
export type {
  AnswerPlan,
  CallEnd,
  CallInput,
  CallOutput,
  CallParameters,
  Milestone,
  Party,
  PlaceOrder,
} from "./call-events.js";
export { type CallState, newCall } from "./call-state.js";
export { type EngineVoiceOptions, engineVoice } from "./engine-voice.js";
export type { CallReport } from "./journal.js";
export { openPhone, type PhoneOptions } from "./open-phone.js";
export { Phone, type PhoneCall, type PhoneParts, type PhoneTransports } from "./phone.js";
export type { CallOrder, CallPlan, Destination, SpokenCodec } from "./plan.js";
export { type Route, routeTo } from "./route.js";
export { type CallVoice, silentVoice, type Voice, type VoiceReport } from "./voice.js";
export { createWaveFile, readWaveFile, type WaveFile } from "./wave-file.js";
