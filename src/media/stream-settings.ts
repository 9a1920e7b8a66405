import type { RtpSettings } from "../addon/index.js";
import { castOf } from "../core/index.js";

type Send = NonNullable<RtpSettings["send"]>;

/** A codec that a stream may have, by its registered name. */
export interface StreamCodec {
  readonly name: Send["codec"];
  readonly annexB?: boolean;
}

interface StreamFormat {
  readonly payloadType: number;
  readonly codec: StreamCodec;
}

/** What offer and answer came to for one RTP stream. */
export interface AgreedStream {
  readonly remote: {
    readonly address: string;
    readonly port: number;
    readonly rtcpAddress: string;
    readonly rtcpPort: number;
  };
  readonly send: StreamFormat & {
    readonly ptimeMs: Send["ptimeMs"];
    readonly silenceSuppression?: true;
  };
  readonly receive: readonly StreamFormat[];
  readonly comfortNoise?: { readonly send: number; readonly receive: number };
  readonly telephoneEvent?: { readonly send: number; readonly receive: number };
  readonly direction: NonNullable<RtpSettings["direction"]>;
  readonly rtcp: boolean;
}

/** What an offer lets the far end send before it is answered (RFC 3264 §5.1). */
export function offeredSettings(
  receive: readonly StreamFormat[],
  companions: { readonly telephoneEvent?: number; readonly comfortNoise?: number },
): RtpSettings {
  const { telephoneEvent: event, comfortNoise: noise } = companions;
  return {
    receive: [...receive.map(engineFormat), ...noiseFormat(noise)],
    ...(event === undefined ? {} : { telephoneEvent: { receivePayloadType: event } }),
  };
}

/**
 * The port's settings for an agreement. Its source is let in anew only when the far end moved. What was
 * agreed before is still taken: it is under way, and a number never changes its meaning (RFC 3264 §8.3.2).
 */
export function agreedSettings(
  stream: AgreedStream,
  before: Pick<AgreedStream, "remote" | "receive"> | undefined,
  vad: boolean,
): RtpSettings {
  const { remote, receive, telephoneEvent: event, direction, rtcp } = stream;
  const former = before?.receive ?? [];
  const isOver = (one: StreamFormat) =>
    receive.every(({ payloadType }) => payloadType !== one.payloadType);
  const nowhere = remote.port === 0 || castOf(remote.address) !== "unicast";
  return {
    remote: nowhere ? null : { address: remote.address, port: remote.port },
    remoteRtcp: nowhere ? null : { address: remote.rtcpAddress, port: remote.rtcpPort },
    ...{ direction, rtcp },
    send: sendSettings(stream, vad),
    receive: [
      ...[...receive, ...former.filter(isOver)].map(engineFormat),
      ...noiseFormat(stream.comfortNoise?.receive),
    ],
    telephoneEvent:
      event === undefined
        ? null
        : { sendPayloadType: event.send, receivePayloadType: event.receive },
    relatch: before?.remote.address !== remote.address || before.remote.port !== remote.port,
  };
}

/** What is sent; pauses are left out with `vad`, where both sides have a way to say so. */
export function sendSettings(
  { send, comfortNoise: noise }: Pick<AgreedStream, "send" | "comfortNoise">,
  vad: boolean,
): Send {
  const { ptimeMs, silenceSuppression = false } = send;
  return {
    ...engineFormat(send),
    ...{ ptimeMs, vad: vad && silenceSuppression, sid: silenceSuppression },
    ...(noise === undefined ? {} : { comfortNoisePayloadType: noise.send }),
  };
}

function noiseFormat(payloadType: number | undefined) {
  return payloadType === undefined ? [] : [{ payloadType, codec: "CN" } as const];
}

function engineFormat({ payloadType, codec }: StreamFormat) {
  return { payloadType, codec: codec.name };
}

/** RFC 3264 §8.4: addresses that mean hold. */
