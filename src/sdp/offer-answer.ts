import { err, familyOf, fault, ok, type Result } from "../core/index.js";
import type { Codec, MediaAgreement } from "./agreement.js";
import { type AudioMedia, codecOf, type Format, readAudio } from "./audio.js";
import {
  type Companions,
  companionsAgreed,
  companionsOf,
  hasNoOwnNoise,
  numberCompanions,
  proposed,
  wantedCompanions,
} from "./companions.js";
import type { MediaDescription, SessionDescription } from "./description.js";
import { type MediaRefusal, REFUSALS, readUsable } from "./media-refusal.js";
import {
  answerDirection,
  type LocalMedia,
  type MediaPolicy,
  meaningOf,
  numberFor,
  type PayloadNumbers,
  sendPtime,
  usualNumber,
} from "./policy.js";
import { type AudioLine, audioStream, describe, type OwnSession, ownSession } from "./writing.js";

/** What an offer of ours lets the far end send. */
export interface Offered {
  readonly description: SessionDescription;
  readonly own: OwnSession;
  readonly receive: MediaAgreement["receive"];
  readonly companions: Companions;
}

/** Our answer, and what is agreed with it. */
export interface Answered {
  readonly description: SessionDescription;
  readonly own: OwnSession;
  readonly agreement: MediaAgreement;
}

/**
 * An offer with one audio stream. In a session that has descriptions the m= lines stay in number
 * and order (RFC 3264 §8): those that were refused stay refused.
 */
export function createOffer(own: OwnSession, local: LocalMedia, policy: MediaPolicy): Offered {
  const { numbers: codecNumbers, receive } = numberAll(policy.codecs, own.numbers);
  const { numbers, companions } = numberCompanions(wantedCompanions(policy), codecNumbers);
  const line: AudioLine = {
    ...{ local, direction: local.direction, ptimeMs: policy.receivePtimeMs, formats: receive },
    ...{ maxPtimeMs: policy.maxPtimeMs, companions, events: events(policy) },
  };
  const past = own.last?.media ?? [];
  const at = own.stream ?? past.length;
  const media = past.map((stream, index) => (index === at ? audioStream(line) : refuse(stream)));
  if (at >= media.length) media.push(audioStream(line));
  const next = { ...own, numbers, stream: at };
  return { ...describe(next, local.address, media), receive, companions };
}

/**
 * The answer to an offer: the first audio stream that we can serve is taken, all others are refused
 * with port 0 (RFC 3264 §6). A refusal when none can be: then 488 is due, with its Warning.
 */
export function createAnswer(
  offer: SessionDescription,
  own: OwnSession,
  local: LocalMedia,
  policy: MediaPolicy,
): Result<Answered, MediaRefusal> {
  const taken = choose(offer, own, { ...policy, ...familyOfEnd(local) });
  if (!taken.ok) return taken;
  const { stream, audio, codec, format } = taken.value;
  const direction = answerDirection(audio.direction, local.direction);
  // RFC 3264 §6.1: the offer's number is used both ways, unless it has meant something else here
  const number = numberFor(meaningOf(codec), format.payloadType, own.numbers);
  const known = { ...own.numbers, [number]: meaningOf(codec) };
  const theirs = companionsOf(audio, codec, policy);
  const { numbers, companions } = numberCompanions(proposed(theirs), known);
  const both = companionsAgreed(theirs, companions);
  const send = sending(audio, taken.value, policy, both);
  const isSilent = send.silenceSuppression === true && policy.vad === true;
  const line: AudioLine = {
    ...{ local, direction, ptimeMs: policy.receivePtimeMs, maxPtimeMs: policy.maxPtimeMs },
    ...{ formats: [{ payloadType: number, codec }], companions, events: events(policy) },
    ...(audio.silenceSuppression === undefined ? {} : { silenceSuppression: isSilent }),
  };
  const media = offer.media.map((one, at) => (at === stream ? audioStream(line) : refuse(one)));
  const agreement: MediaAgreement = {
    ...common(audio, policy),
    ...{ send, receive: [{ payloadType: number, codec }], direction, ...both },
  };
  return ok({ ...describe({ ...own, numbers, stream }, local.address, media), agreement });
}

/** What an answer to a first offer would take: the codec, and where its packets would go. */
export function firstChoice(
  offer: SessionDescription,
  policy: MediaPolicy,
): Result<{ readonly codec: Codec; readonly address: string }, MediaRefusal> {
  const taken = choose(offer, ownSession("0"), policy);
  if (!taken.ok) return taken;
  const { codec, audio } = taken.value;
  return ok({ codec, address: audio.address });
}

/** What is agreed once the far end answered our offer. A fault when the answer is none. */
export function acceptAnswer(
  offered: Offered,
  answer: SessionDescription,
  policy: MediaPolicy,
): Result<MediaAgreement> {
  const { description, own } = offered;
  // RFC 3264 §6: the answer has the m= lines of the offer
  if (answer.media.length !== description.media.length)
    return fault(0, "the answer has another number of m= lines than the offer");
  const at = own.stream ?? 0;
  const stream = answer.media[at];
  const ours = description.media[at];
  if (stream === undefined || ours === undefined || stream.media !== ours.media)
    return fault(0, "the answer has other media than the offer");
  if (stream.port === 0) return fault(0, "the answer refuses the audio stream");
  // RFC 6157 §4.1: the answer is of the family that was offered
  const then = { ...policy, ...wished(offered), ...familyOfAnswer(offered) };
  const read = readUsable(answer, stream, then);
  if (!read.ok) return fault(0, `the answer cannot be served: ${read.error.reason}`);
  const audio = read.value;
  const formats = usable(audio, then);
  const [first] = formats;
  if (first === undefined) return fault(0, "the answer has none of the codecs that were offered");
  const both = companionsAgreed(companionsOf(audio, first.codec, then), offered.companions);
  return ok({
    ...common(audio, policy),
    send: sending(audio, first, policy, both),
    receive: offered.receive.flatMap(({ payloadType, codec }) =>
      formats
        .filter((one) => meaningOf(one.codec) === meaningOf(codec))
        .slice(0, 1)
        .map((one) => ({ payloadType, codec: one.codec })),
    ),
    direction: answerDirection(audio.direction, offeredDirection(offered)),
    ...both,
  });
}

/** Whether an offer has an audio stream at all that is not refused. */
export function offersAudio(offer: SessionDescription): boolean {
  return offer.media.some(({ media, port }) => media === "audio" && port !== 0);
}

/** A format of theirs, and what it is to us. */
interface Usable {
  readonly codec: Codec;
  readonly format: Format;
}

interface Choice extends Usable {
  readonly stream: number;
  readonly audio: AudioMedia;
}

/** A stream that was taken before stays the one; a first one is the first that can be served. */
function choose(
  offer: SessionDescription,
  own: OwnSession,
  policy: MediaPolicy,
): Result<Choice, MediaRefusal> {
  // RFC 3264 §8
  if (own.last !== undefined && offer.media.length < own.last.media.length)
    return err(REFUSALS.fewerStreams);
  const order = offer.media.map((_, at) => at);
  if (own.stream !== undefined) order.sort((a, b) => rank(a, own) - rank(b, own));
  let refusal: MediaRefusal = REFUSALS.mediaType;
  for (const stream of order) {
    const media = offer.media[stream];
    if (media?.media !== "audio" || media.port === 0) continue;
    const audio = readUsable(offer, media, policy);
    const chosen = audio.ok ? negotiate(audio.value, policy) : undefined;
    if (audio.ok && chosen !== undefined) return ok({ stream, audio: audio.value, ...chosen });
    refusal = audio.ok ? REFUSALS.mediaFormat : audio.error;
  }
  return err(refusal);
}

function rank(at: number, own: OwnSession): number {
  return at === own.stream ? -1 : at;
}

/** A port that is open has one family; an advertised name says nothing of it. */
function familyOfEnd({ address }: { readonly address: string }): Pick<MediaPolicy, "families"> {
  const family = familyOf(address);
  return family === undefined ? {} : { families: [family] };
}

function familyOfAnswer({ description, own }: Offered): Pick<MediaPolicy, "families"> {
  const stream = description.media[own.stream ?? 0];
  const audio = stream && readAudio(description, stream);
  return audio === undefined ? {} : familyOfEnd(audio);
}

function negotiate(audio: AudioMedia, policy: MediaPolicy): Usable | undefined {
  const common = usable(audio, policy);
  if (policy.preference === "theirs") return common[0];
  for (const { name } of policy.codecs) {
    const found = common.find(({ codec }) => codec.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Their formats that are codecs of ours, in their order. */
function usable(audio: AudioMedia, { codecs }: MediaPolicy): readonly Usable[] {
  return audio.formats.flatMap((format) => {
    const codec = pick(format, codecs, audio.silenceSuppression);
    return codec === undefined ? [] : [{ format, codec }];
  });
}

/** The codec that a format means, when it is one of those given; annex B only when both want it. */
function pick(
  format: Format,
  codecs: readonly Codec[],
  silenceSuppression: boolean | undefined,
): Codec | undefined {
  const theirs = codecOf(format);
  const ours = codecs.find(({ name }) => name === theirs?.name);
  if (theirs === undefined || ours === undefined) return undefined;
  if (theirs.annexB === undefined) return ours;
  // RFC 7261 §3: no on either side is no
  const both = theirs.annexB && ours.annexB !== false && silenceSuppression !== false;
  return { ...ours, annexB: both };
}

/** What we send with; pauses may be left out only where the far end can tell them from loss. */
function sending(
  audio: AudioMedia,
  { codec, format }: Usable,
  policy: MediaPolicy,
  { comfortNoise }: Pick<MediaAgreement, "comfortNoise">,
): MediaAgreement["send"] {
  const canPause = hasNoOwnNoise(codec) ? comfortNoise !== undefined : codec.annexB === true;
  const ptimeMs = sendPtime(policy, audio.ptimeMs, audio.maxPtimeMs);
  return {
    ...{ codec, payloadType: format.payloadType, ptimeMs },
    ...(canPause && audio.silenceSuppression !== false ? { silenceSuppression: true } : {}),
  };
}

function common(audio: AudioMedia, policy: MediaPolicy) {
  const { address, port, rtcpAddress, rtcpPort, rtcp } = audio;
  return {
    remote: { address, port, rtcpAddress, rtcpPort },
    receivePtimeMs: policy.receivePtimeMs,
    rtcp,
  };
}

function events(policy: MediaPolicy): string {
  return policy.telephoneEvents ?? "";
}

/** RFC 3264 §6: as offered, but port 0. */
function refuse(stream: MediaDescription): MediaDescription {
  const { media, protocol, formats } = stream;
  return { media, port: 0, protocol, formats, lines: [] };
}

function numberAll(codecs: readonly Codec[], given: PayloadNumbers) {
  const numbers: Record<number, string> = { ...given };
  const receive = codecs.map((codec) => {
    const payloadType = numberFor(meaningOf(codec), usualNumber(codec), numbers);
    numbers[payloadType] = meaningOf(codec);
    return { payloadType, codec };
  });
  return { numbers, receive };
}

/** What our offer said counts, whatever the policy has become since. */
function wished({ receive, companions }: Offered): Pick<MediaPolicy, "codecs" | "comfortNoise"> {
  return {
    codecs: receive.map(({ codec }) => codec),
    comfortNoise: companions.comfortNoise !== undefined,
  };
}

function offeredDirection({ description, own }: Offered) {
  const stream = description.media[own.stream ?? 0];
  const audio = stream && readAudio(description, stream);
  return audio?.direction ?? "inactive";
}
