import { isIPv6 } from "node:net";
import type { Engine } from "../addon/index.js";
import { type AddressFamily, familyOf } from "../core/index.js";
import { RtpPortRange } from "../media/index.js";
import type { RtpOptions } from "./options.js";

/** RTP ports at an address of ours, and how that address is shown to others. */
export interface RtpRange {
  readonly family: AddressFamily;
  readonly shown?: string | undefined;
  readonly ports: RtpPortRange;
}

/** Address families that RTP can be received on, in the order of the configuration. */
export function rtpFamilies(rtp: RtpOptions): readonly AddressFamily[] {
  return ends(rtp).map(({ address }) => (isIPv6(address) ? "IP6" : "IP4"));
}

export function rtpRanges(engine: Engine, rtp: RtpOptions): readonly RtpRange[] {
  const bounds = { first: rtp.portMin, last: rtp.portMax };
  return ends(rtp).map(({ address, shown }) => ({
    family: isIPv6(address) ? "IP6" : "IP4",
    shown,
    ports: new RtpPortRange(engine, address, bounds),
  }));
}

/** The range of the family of the far end's address; where there is none (or no address), the first. */
export function rangeNear(ranges: readonly RtpRange[], near: string | undefined): RtpRange {
  const family = near === undefined ? undefined : familyOf(near);
  const range = ranges.find((one) => one.family === family) ?? ranges[0];
  if (range === undefined) throw new Error("there is no address for RTP");
  return range;
}

function ends({ address, advertised, address6, advertised6 }: RtpOptions) {
  const first = { address, shown: advertised };
  return address6 === undefined ? [first] : [first, { address: address6, shown: advertised6 }];
}
