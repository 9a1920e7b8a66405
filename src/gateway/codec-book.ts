import {
  beyondDefaults,
  type CodecOverrides,
  overlaid,
  type ResolvedCodecs,
  resolveCodecs,
} from "./codec-settings.js";
import type { LegBook } from "./leg-book.js";
import type { GatewayOptions } from "./options.js";

/** Whose codec settings: of all, of one peer or trunk group, or of one live call. */
export type CodecScope =
  | { readonly kind: "all" }
  | { readonly kind: "peer" | "group" | "call"; readonly name: string };

type NamedKind = Exclude<CodecScope["kind"], "all">;

/** The layers of codec settings; they change while the gateway runs. */
export class CodecBook {
  readonly #legs: LegBook;
  readonly #named: Readonly<Record<NamedKind, Map<string, CodecOverrides>>>;
  #all: CodecOverrides;

  constructor(options: Pick<GatewayOptions, "codecs" | "peers" | "trunkGroups">, legs: LegBook) {
    this.#legs = legs;
    this.#all = beyondDefaults(options.codecs);
    this.#named = {
      peer: byName(options.peers),
      group: byName(options.trunkGroups),
      call: new Map(),
    };
  }

  /** What holds for a leg toward a peer. */
  ofLeg(leg: string): ResolvedCodecs {
    const { peer, group, call } = this.#legs.find(leg) ?? {};
    return this.of({ peer: peer?.name, group, call });
  }

  of(names: { readonly [Kind in NamedKind]?: string | undefined }): ResolvedCodecs {
    const said = (kind: NamedKind) => this.#named[kind].get(names[kind] ?? "");
    return resolveCodecs({
      ...{ codecs: this.#all, group: said("group"), peer: said("peer"), call: said("call") },
    });
  }

  /** Lays settings over those that the scope has of its own; with `anew`, in their place. */
  set(scope: CodecScope, settings: CodecOverrides, anew: boolean): void {
    if (scope.kind === "all") {
      this.#all = anew ? settings : overlaid(this.#all, settings);
      return;
    }
    const own = this.#named[scope.kind];
    own.set(scope.name, anew ? settings : overlaid(own.get(scope.name) ?? {}, settings));
  }

  forgetCall(call: string): void {
    this.#named.call.delete(call);
  }
}

function byName(
  list: readonly { readonly name: string; readonly codecs?: CodecOverrides | undefined }[],
): Map<string, CodecOverrides> {
  return new Map(list.map(({ name, codecs }) => [name, codecs ?? {}]));
}
