/** Direction of a stream as seen by who says it (RFC 3264 §5.1). */
export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** What a payload type means (RFC 8866 §6.6): encoding name as registered, in upper case. */
export interface Codec {
  readonly name: CodecName;
  readonly clockRate: number;
  /** Of G.729: annex B may be used (RFC 7261 §3). */
  readonly annexB?: boolean;
}

/** Packet times that the engine sends, in ms. */
export type PacketTime = 10 | 20 | 30 | 40 | 60;

export type CodecName = "PCMA" | "PCMU" | "CLEARMODE" | "G729";

/** What both sides agreed on for one audio stream: all that an RTP port must be told. */
export interface MediaAgreement {
  /** Where our packets go. `port` 0 never occurs here: a refused stream is no agreement. */
  readonly remote: {
    /** Empty of meaning when on hold in the old form (0.0.0.0): then `direction` does not send. */
    readonly address: string;
    readonly port: number;
    readonly rtcpAddress: string;
    readonly rtcpPort: number;
  };
  /** What we send with; the payload type is the one that the far end chose for it. */
  readonly send: {
    readonly codec: Codec;
    readonly payloadType: number;
    readonly ptimeMs: PacketTime;
    /** Pauses need not be sent: both sides have annex B of G.729, or comfort noise with G.711. */
    readonly silenceSuppression?: true;
  };
  /** What may come in, by our own payload types. */
  readonly receive: readonly { readonly payloadType: number; readonly codec: Codec }[];
  /** The packet time that the far end was asked for. */
  readonly receivePtimeMs: PacketTime;
  /** RFC 3389 payload types, with G.711 only; absent where not agreed. */
  readonly comfortNoise?: { readonly send: number; readonly receive: number };
  /** RFC 4733 payload types, absent where not agreed. */
  readonly telephoneEvent?: {
    readonly send: number;
    readonly receive: number;
    /** Events that the far end understands, such as `0-15`. */
    readonly events: string;
  };
  /** What we do: `recvonly` means that we only listen. */
  readonly direction: Direction;
  /** RTCP is sent and expected (RFC 3556: not when both bandwidths are 0). */
  readonly rtcp: boolean;
}
