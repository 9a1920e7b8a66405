import type { NumberTranslation, RouteRule } from "../routing/index.js";
import { RouteTable } from "../routing/index.js";
import type { GatewayOptions, RouteOptions } from "./options.js";

/** The configuration's routes as the routing room knows them. */
export function routeRules(
  routes: readonly RouteOptions[],
  overlap: ReadonlySet<string>,
): RouteRule[] {
  return routes.map((route) => {
    const from = [
      ...(route.from.peers ?? []).map((name) => ({ kind: "peer", name }) as const),
      ...(route.from.trunkGroups ?? []).map((name) => ({ kind: "trunk-group", name }) as const),
    ];
    return {
      name: route.name,
      ...(from.length === 0 ? {} : { from }),
      called: route.called,
      calling: route.calling,
      destinations: route.to.map(({ trunkGroup, peer, calling, ...called }) => ({
        kind: trunkGroup === undefined ? "peer" : "trunk-group",
        name: trunkGroup ?? peer ?? "",
        called: translation(called),
        ...(calling === undefined ? {} : { calling: translation(calling) }),
        rerouteCauses: route.rerouteCauses,
        overlap: trunkGroup !== undefined && overlap.has(trunkGroup),
      })),
    };
  });
}

function translation({
  strip,
  prefix,
  nature,
}: Pick<RouteOptions["to"][number], "strip" | "prefix" | "nature">): NumberTranslation {
  return { strip, prefix, ...(nature === undefined ? {} : { nature }) };
}

/** Whether a call from a peer may go to a peer. */
export function passesBetweenPeers(routes: readonly RouteOptions[]): boolean {
  return routes.some(
    ({ from, to }) =>
      (from.peers !== undefined || from.trunkGroups === undefined) &&
      to.some(({ peer }) => peer !== undefined),
  );
}

/** The routes, checked. */
export function routeTable(options: GatewayOptions): RouteTable {
  const overlap = new Set(options.trunkGroups.filter((g) => g.overlap).map(({ name }) => name));
  const table = RouteTable.from(routeRules(options.routes, overlap));
  if (!table.ok) throw new Error(`routes: ${table.error.reason}`);
  return table.value;
}
