import { castOf, familyOf } from "../../core/index.js";
import type { ConfigurationFault } from "./references.js";
import type { Configuration } from "./schema.js";

type Path = readonly (string | number)[];

/** Something that only one can have: who has it first, and under which key. */
interface Claim {
  readonly what: string;
  readonly by: string;
  readonly path: Path;
}

/** Addresses, ports and sources that are given twice. */
export function collisions(config: Configuration): ConfigurationFault[] {
  return [...doubled(sockets(config)), ...doubled(sources(config)), ...rtpFaults(config)];
}

function doubled(claims: readonly Claim[]): ConfigurationFault[] {
  return claims.flatMap(({ what, path }, index) => {
    const first = claims.slice(0, index).find((claim) => claim.what === what);
    if (first === undefined) return [];
    return [{ path, message: `${what} is taken by ${first.by}; another one, or none here` }];
  });
}

/** Sockets of our own; port 0 is any that is free. */
function sockets({ listen, spans }: Configuration): Claim[] {
  const sip = listen.sip.map(({ name, transport, address, port }, index) => ({
    ...{ transport, address, port, by: `the listener "${name}"` },
    path: ["listen", "sip", index, "port"] as Path,
  }));
  const { address, port } = listen.api;
  const path: Path = ["listen", "api", "port"];
  const api = { transport: "tcp", address, port, by: "the control API", path } as const;
  const channels = spans.flatMap(({ name, signallingUdp: at }, index) =>
    at === undefined
      ? []
      : [
          {
            ...{ transport: "udp", address: at.address, port: at.port, by: `the span "${name}"` },
            path: ["spans", index, "signallingUdp", "port"] as Path,
          } as const,
        ],
  );
  return [...sip, api, ...channels]
    .filter((one) => one.port !== 0)
    .map((one) => ({
      what: `${one.transport.toUpperCase()} port ${one.port} on ${one.address}`,
      ...{ by: one.by, path: one.path },
    }));
}

/** A request is one peer's by its source address: two peers cannot share one. */
function sources({ peers }: Configuration): Claim[] {
  return peers.flatMap((peer, index) =>
    peer.addresses.map((address, i) => ({
      ...{ what: `the address ${address}`, by: `the peer "${peer.name}"` },
      path: ["peers", index, "addresses", i],
    })),
  );
}

function rtpFaults({ listen }: Configuration): ConfigurationFault[] {
  const { address, address6 } = listen.rtp;
  const faults: ConfigurationFault[] = [];
  const path = ["listen", "rtp"];
  if (address6 !== undefined && familyOf(address) === "IP6") {
    const message = "left out where address is an IPv6 address already";
    faults.push({ path: [...path, "address6"], message });
  }
  for (const [key, value] of Object.entries({ address, address6 })) {
    if (value === undefined || castOf(value) === "unicast" || castOf(value) === "unspecified")
      continue;
    faults.push({ path: [...path, key], message: `a unicast address, not ${value}` });
  }
  if (address6 === "::" && listen.rtp.advertised6 === undefined) {
    const message = "the address to show in SDP instead of ::";
    faults.push({ path: [...path, "advertised6"], message });
  }
  return faults;
}
