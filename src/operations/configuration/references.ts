import { TRUNK_TIMERS } from "../../gateway/index.js";
import { collisions } from "./collisions.js";
import type { Configuration } from "./schema.js";

/** One thing that is wrong: where (path of keys) and what would be right. */
export interface ConfigurationFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a schema cannot see: unique names, references, ports, laws and timeslots that fit. */
export function checkReferences(config: Configuration): ConfigurationFault[] {
  return [
    ...uniqueNames(config),
    ...routeReferences(config),
    ...spanReferences(config),
    ...spanFaults(config),
    ...timerFaults(config),
    ...rangeFaults(config),
    ...collisions(config),
    ...codecFaults(config),
  ];
}

function uniqueNames(config: Configuration): ConfigurationFault[] {
  const lists = {
    "listen.sip": config.listen.sip,
    peers: config.peers,
    trunkGroups: config.trunkGroups,
    spans: config.spans,
    routes: config.routes,
  };
  return Object.entries(lists).flatMap(([key, list]) =>
    list.flatMap(({ name }, index) =>
      list.findIndex((other) => other.name === name) === index
        ? []
        : [
            {
              path: [...key.split("."), index, "name"],
              message: `the name ${quote(name)} is taken by an earlier entry; names in a list are unique`,
            },
          ],
    ),
  );
}

function routeReferences(config: Configuration): ConfigurationFault[] {
  const peers = config.peers.map(({ name }) => name);
  const groups = config.trunkGroups.map(({ name }) => name);
  return config.routes.flatMap((route, index) => {
    const from = ["routes", index, "from"];
    return [
      ...(route.from.peers ?? []).flatMap((name, i) =>
        known(peers, name, "peer", [...from, "peers", i]),
      ),
      ...(route.from.trunkGroups ?? []).flatMap((name, i) =>
        known(groups, name, "trunk group", [...from, "trunkGroups", i]),
      ),
      ...route.to.flatMap((to, i) => {
        const path = ["routes", index, "to", i];
        if (to.trunkGroup !== undefined) {
          return known(groups, to.trunkGroup, "trunk group", [...path, "trunkGroup"]);
        }
        if (to.peer === undefined) return [];
        const peer = config.peers.find(({ name }) => name === to.peer);
        if (peer !== undefined && peer.contact === undefined) {
          return [
            {
              path: [...path, "peer"],
              message: `the peer ${quote(peer.name)} has no contact, so no call can go to it; give it one`,
            },
          ];
        }
        return known(peers, to.peer, "peer", [...path, "peer"]);
      }),
    ];
  });
}

function spanReferences(config: Configuration): ConfigurationFault[] {
  const spans = config.spans.map(({ name }) => name);
  const users = new Map<string, string>();
  return config.trunkGroups.flatMap((group, index) =>
    group.spans.flatMap((name, i) => {
      const path = ["trunkGroups", index, "spans", i];
      const user = users.get(name);
      users.set(name, group.name);
      if (user === undefined) return known(spans, name, "span", path);
      return [
        {
          path,
          message: `the span ${quote(name)} belongs to the trunk group ${quote(user)} already`,
        },
      ];
    }),
  );
}

function spanFaults(config: Configuration): ConfigurationFault[] {
  return config.spans.flatMap((span, index) => {
    const last = span.kind === "e1" ? 31 : 24;
    if (span.signallingTimeslot === undefined || span.signallingTimeslot <= last) return [];
    return [
      {
        path: ["spans", index, "signallingTimeslot"],
        message: `a ${span.kind.toUpperCase()} has timeslots 1 to ${last}`,
      },
    ];
  });
}

function timerFaults(config: Configuration): ConfigurationFault[] {
  return config.trunkGroups.flatMap(({ timers }, index) =>
    Object.keys(timers)
      .filter((name) => !TRUNK_TIMERS.includes(name))
      .map((name) => ({
        path: ["trunkGroups", index, "timers", name],
        message: `there is no timer ${quote(name)} here; there are ${TRUNK_TIMERS.join(", ")}`,
      })),
  );
}

function rangeFaults(config: Configuration): ConfigurationFault[] {
  const faults: ConfigurationFault[] = [];
  const { rtp } = config.listen;
  if (rtp.portMax <= rtp.portMin) {
    faults.push({
      path: ["listen", "rtp", "portMax"],
      message: `greater than portMin (${rtp.portMin})`,
    });
  }
  config.listen.sip.forEach((listener, index) => {
    const wild = ["0.0.0.0", "::"].includes(listener.address);
    if (wild && listener.advertised === undefined) {
      faults.push({
        path: ["listen", "sip", index, "advertised"],
        message: `what to show peers instead of ${listener.address}: an address or name`,
      });
    }
  });
  if (["0.0.0.0", "::"].includes(rtp.address) && rtp.advertised === undefined) {
    faults.push({
      path: ["listen", "rtp", "advertised"],
      message: `the address to show in SDP instead of ${rtp.address}`,
    });
  }
  const api = config.listen.api;
  if (!api.address.startsWith("127.") && api.address !== "::1") {
    faults.push({
      path: ["listen", "api", "address"],
      message: `a loopback address (127.0.0.1 or ::1): the control API has no secret`,
    });
  }
  return faults;
}

function codecFaults(config: Configuration): ConfigurationFault[] {
  const layers = [
    { path: ["codecs"], codecs: config.codecs },
    ...config.peers.map(({ codecs }, i) => ({ path: ["peers", i, "codecs"], codecs })),
    ...config.trunkGroups.map(({ codecs }, i) => ({ path: ["trunkGroups", i, "codecs"], codecs })),
  ];
  return layers.flatMap(({ path, codecs }) => {
    const { jitterMinMs = 0, jitterMaxMs = Number.POSITIVE_INFINITY } = codecs ?? {};
    if (jitterMaxMs >= jitterMinMs) return [];
    return [{ path: [...path, "jitterMaxMs"], message: `at least jitterMinMs (${jitterMinMs})` }];
  });
}

function known(
  names: readonly string[],
  name: string,
  what: string,
  path: readonly (string | number)[],
): ConfigurationFault[] {
  if (names.includes(name)) return [];
  const choice = names.length === 0 ? "there is none" : `there are ${names.map(quote).join(", ")}`;
  return [{ path, message: `there is no ${what} ${quote(name)}; ${choice}` }];
}

function quote(text: string): string {
  return `"${text}"`;
}
