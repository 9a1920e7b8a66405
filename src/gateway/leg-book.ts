import type { CodecName } from "../sdp/index.js";
import type { PeerOptions } from "./options.js";

/** Host parts of URIs: of our side and of the peer's. */
export interface Hosts {
  readonly ours: string;
  readonly theirs: string;
}

/** What is remembered of a leg from its first message to its last, beside its machine's state. */
export interface KnownLeg {
  readonly call: string;
  /** Of SIP legs. */
  readonly peer?: PeerOptions;
  readonly hosts?: Hosts;
  /** The trunk group at the call's other side, once it is known. */
  group?: string;
  /** What it speaks, or is going to. */
  codec?: CodecName;
  /** Its INVITE is out: its session says itself when it is over. */
  invited?: true;
  /** The alarm that is up while its RTP is silent. */
  silence?: string;
}

/** The legs that messages can still come for. Bounded by the legs that live. */
export class LegBook {
  readonly #legs = new Map<string, KnownLeg>();

  get size(): number {
    return this.#legs.size;
  }

  add(id: string, leg: KnownLeg): void {
    this.#legs.set(id, leg);
  }

  find(id: string | undefined): KnownLeg | undefined {
    return id === undefined ? undefined : this.#legs.get(id);
  }

  callOf(id: string | undefined): string | undefined {
    return this.find(id)?.call;
  }

  forget(id: string): void {
    this.#legs.delete(id);
  }
}
