import { cause, type Destination, type RouteOutcome } from "../call/index.js";
import { fault, ok, type Result } from "../core/index.js";
import {
  type CompiledPattern,
  compilePattern,
  digitBit,
  matchesFront,
  translate,
} from "./digits.js";
import type { RouteDestination, RouteQuery, RouteRule } from "./route.js";

/** The routes of a configuration, found by a walk over the digits of the called number. */
export class RouteTable {
  readonly #root: Node = { edges: [], rules: [] };

  private constructor(rules: readonly CompiledRule[]) {
    for (const rule of rules) insert(this.#root, rule);
  }

  /** The table, or the first rule that is none: `offset` is its place in the list. */
  static from(rules: readonly RouteRule[]): Result<RouteTable> {
    const compiled: CompiledRule[] = [];
    for (const [order, rule] of rules.entries()) {
      const called = compilePattern(rule.called ?? "");
      const calling = compilePattern(rule.calling ?? "");
      if (called === undefined) return fault(order, `route ${rule.name}: "called" is no pattern`);
      if (calling === undefined) return fault(order, `route ${rule.name}: "calling" is no pattern`);
      if (rule.destinations.length === 0)
        return fault(order, `route ${rule.name} has no destination`);
      compiled.push({ rule, called, calling, order });
    }
    return ok(new RouteTable(compiled));
  }

  find(query: RouteQuery): RouteOutcome {
    const { matches, canGrow } = this.#walk(query);
    const length = query.called.digits.length;
    const whole = matches.filter(({ rule }) => isLongEnough(rule, query));
    const best = whole.sort(compare)[0];
    const isIncomplete = canGrow || whole.length < matches.length;
    if (best === undefined) {
      if (isIncomplete && !query.sendingComplete) return { kind: "more-digits" };
      return { kind: "no-route", cause: isIncomplete ? INCOMPLETE : NO_ROUTE };
    }
    const isFull = best.rule.digits?.max === length;
    return {
      kind: "routed",
      route: best.rule.name,
      destinations: best.rule.destinations.map((one) => destination(one, query)),
      mayGrow: !query.sendingComplete && (isIncomplete || !isFull),
      emergency: best.rule.emergency === true || query.priority === "emergency",
    };
  }

  /** All rules whose conditions hold, and whether more digits could meet others. */
  #walk(query: RouteQuery): { matches: CompiledRule[]; canGrow: boolean } {
    const matches: CompiledRule[] = [];
    let nodes: readonly Node[] = [this.#root];
    const { digits } = query.called;
    for (let at = 0; ; at++) {
      for (const node of nodes) matches.push(...node.rules.filter((rule) => holds(rule, query)));
      if (at === digits.length || nodes.length === 0) break;
      const bit = digitBit(digits[at]);
      nodes = nodes.flatMap(({ edges }) =>
        edges.filter(({ place }) => (place & bit) !== 0).map(({ node }) => node),
      );
    }
    return { matches, canGrow: nodes.some((node) => hasRuleBelow(node, query)) };
  }
}

/** After these causes another destination is worth trying (RFC 3398 §7.2.4.1 and Q.850 class 2). */
export const DEFAULT_REROUTE_CAUSES: readonly number[] = [27, 34, 38, 41, 42, 44, 47];

interface CompiledRule {
  readonly rule: RouteRule;
  readonly called: CompiledPattern;
  readonly calling: CompiledPattern;
  readonly order: number;
}

interface Node {
  readonly edges: { readonly place: number; readonly node: Node }[];
  readonly rules: CompiledRule[];
}

function insert(root: Node, rule: CompiledRule): void {
  let node = root;
  for (const place of rule.called) {
    let edge = node.edges.find((one) => one.place === place);
    if (edge === undefined) {
      edge = { place, node: { edges: [], rules: [] } };
      node.edges.push(edge);
    }
    node = edge.node;
  }
  node.rules.push(rule);
}

function holds({ rule, calling }: CompiledRule, query: RouteQuery): boolean {
  const max = rule.digits?.max;
  if (max !== undefined && query.called.digits.length > max) return false;
  if (rule.from !== undefined && !rule.from.some((one) => isSame(one, query.origin))) return false;
  if (rule.calledNature !== undefined && !rule.calledNature.includes(query.called.nature))
    return false;
  if (rule.bearers !== undefined && !rule.bearers.includes(query.bearer.kind)) return false;
  return matchesFront(calling, query.calling?.digits ?? "");
}

function hasRuleBelow(node: Node, query: RouteQuery): boolean {
  return node.edges.some(
    ({ node: child }) =>
      child.rules.some((rule) => holds(rule, query)) || hasRuleBelow(child, query),
  );
}

/** An overlap call without any digit is never routed: the number has not begun. */
function isLongEnough(rule: RouteRule, { called, sendingComplete }: RouteQuery): boolean {
  return called.digits.length >= Math.max(rule.digits?.min ?? 0, sendingComplete ? 0 : 1);
}

function isSame(a: RouteQuery["origin"], b: RouteQuery["origin"]): boolean {
  return a.kind === b.kind && a.name === b.name;
}

/** Emergency first, then the longest prefix, the lower priority number, the order of the table. */
function compare(a: CompiledRule, b: CompiledRule): number {
  return (
    Number(b.rule.emergency ?? false) - Number(a.rule.emergency ?? false) ||
    b.called.length - a.called.length ||
    (a.rule.priority ?? 0) - (b.rule.priority ?? 0) ||
    a.order - b.order
  );
}

function destination(to: RouteDestination, query: RouteQuery): Destination {
  return {
    kind: to.kind,
    name: to.name,
    called: translate(query.called, to.called),
    ...(query.calling === undefined ? {} : { calling: translate(query.calling, to.calling) }),
    rerouteCauses: to.rerouteCauses ?? DEFAULT_REROUTE_CAUSES,
    overlap: to.overlap ?? false,
  };
}

const NO_ROUTE = cause(3, "private-network-local", "no route to this number");
const INCOMPLETE = cause(28, "private-network-local", "number incomplete");
