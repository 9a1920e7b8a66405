import type { Law, NatureOfAddress } from "../call/index.js";
import type { MediaPolicy } from "../sdp/index.js";
import type { Flow, Reliability } from "../sip/index.js";
import type { CauseMapName } from "./cause-maps.js";

/** How numbers are written in URIs and read from them (RFC 3398 §12). */
export interface Numbering {
  /** Our country code. With it `+CC...` is national within, and national numbers go out global. */
  readonly countryCode?: string;
  /** Nature of numbers without a plus sign. */
  readonly localNature: NatureOfAddress;
}

/** How a SIP peer is treated: from the configuration, the same for all its legs. */
export interface SipProfile {
  readonly name: string;
  /** Host part of URIs that name our side: From, P-Asserted-Identity, Contact of a redirect. */
  readonly ourHost: string;
  /** Host part of URIs at the peer: Request-URI and To. */
  readonly peerHost: string;
  readonly numbering: Numbering;
  readonly causes: CauseMapName;
  /** RFC 3325 §5: identity headers are believed, and sent. */
  readonly trusted: boolean;
  /** RFC 5806 Diversion is read and written. */
  readonly diversion: boolean;
  /** RFC 7433 User-to-User is read and written. */
  readonly userToUser: boolean;
  /** Alerting with in-band information goes as 180 with SDP, or as 183 where the peer wants that. */
  readonly inBandAlerting: 180 | 183;
  /** Of our INVITEs; and `none` keeps provisional responses unreliable though the peer could. */
  readonly reliability: Reliability;
  /** Our INVITEs carry an offer, or leave it to the peer (delayed offer). */
  readonly offer: "early" | "delayed";
  /** Codecs of speech calls and the rest of the media policy. */
  readonly media: MediaPolicy;
  /** Unrestricted 64 kbit/s calls may be made (RFC 4040). */
  readonly clearmode: boolean;
  /** Bearer that a call with audio asks of the PSTN. */
  readonly audioBearer: "speech" | "audio-3k1";
  readonly law: Law;
  /** Sent with 503 for want of circuits (RFC 3398 §7.2.4.1); absent: none is. */
  readonly retryAfterS?: number;
}

/** What an outgoing leg needs beside its setup. */
export interface SipTarget {
  readonly destination: Flow;
  /** Preloaded route set (RFC 3261 §8.1.1.1). */
  readonly route?: readonly string[];
}
