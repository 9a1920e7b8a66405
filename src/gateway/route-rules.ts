import type { RouteRule } from "../routing/index.js";
import type { RouteOptions } from "./options.js";

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
      destinations: route.to.map(({ trunkGroup, peer, strip, prefix, nature }) => ({
        kind: trunkGroup === undefined ? "peer" : "trunk-group",
        name: trunkGroup ?? peer ?? "",
        called: { strip, prefix, ...(nature === undefined ? {} : { nature }) },
        rerouteCauses: route.rerouteCauses,
        overlap: trunkGroup !== undefined && overlap.has(trunkGroup),
      })),
    };
  });
}
