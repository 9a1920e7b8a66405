import { err, ok, type Result } from "../core/index.js";
import type { LiveCall } from "./calls.js";
import type { CodecScope } from "./codec-book.js";
import {
  CODEC_KEYS,
  type CodecKey,
  type CodecLayer,
  type CodecOverrides,
  type ResolvedCodecs,
} from "./codec-settings.js";
import type { PeerCalls } from "./peer-calls.js";
import type { Shared } from "./shared.js";

/** Codec settings that hold somewhere, and the layer that each comes from. */
export interface CodecSettingsView {
  readonly scope: CodecScope;
  /** Of a live call: the leg, and the peer it leads to. */
  readonly leg?: string;
  readonly peer?: string;
  readonly settings: {
    readonly [Key in CodecKey]: {
      readonly value: ResolvedCodecs["settings"][Key];
      readonly from: CodecLayer;
    };
  };
}

export interface CodecChange {
  readonly scope: CodecScope;
  readonly settings: CodecOverrides;
  /** In place of what the scope had of its own. */
  readonly reset: boolean;
}

/** What became of a change in one leg of a live call. */
export interface CodecEffect {
  readonly call: string;
  readonly leg: string;
  readonly peer: string;
  /** Settings that the engine took at once. */
  readonly engine: readonly CodecKey[];
  /** Settings that the peer has a say in... */
  readonly negotiated: readonly CodecKey[];
  /** ...and whether it was told: by a new offer, or not within this call (as it is not answered yet). */
  readonly told: "re-invite" | "not-answered" | "next-call" | "nothing-to-tell";
}

export interface CodecChanged {
  readonly views: readonly CodecSettingsView[];
  readonly effects: readonly CodecEffect[];
}

/** Shows and changes codec settings while calls are up. */
export class CodecControl {
  readonly #shared: Shared;
  readonly #peers: PeerCalls;

  constructor(shared: Shared, peers: PeerCalls) {
    this.#shared = shared;
    this.#peers = peers;
  }

  /** What holds in a scope; of a call, for each of its legs toward a peer. Without one: for all that have a name. */
  views(scope?: CodecScope): Result<readonly CodecSettingsView[], string> {
    if (scope === undefined) return ok(this.#scopes().map((one) => this.#view(one)));
    const fault = this.#unknown(scope);
    if (fault !== undefined) return err(fault);
    if (scope.kind !== "call") return ok([this.#view(scope)]);
    return ok(
      this.#legsOf(scope.name).map(({ leg, peer }) => ({
        ...{ scope, leg, peer, settings: viewOf(this.#shared.codecs.ofLeg(leg)) },
      })),
    );
  }

  /** Changes a scope; live calls follow at once in all that the engine alone decides. */
  change({ scope, settings, reset }: CodecChange): Result<CodecChanged, string> {
    const fault = this.#unknown(scope);
    if (fault !== undefined) return err(fault);
    const { codecs, calls } = this.#shared;
    const legs = calls.live().flatMap(({ id }) => this.#legsOf(id));
    const before = legs.map(({ leg }) => codecs.ofLeg(leg));
    codecs.set(scope, settings, reset);
    const effects = legs.flatMap((one, index) => this.#follow(one, scope, before[index]));
    const views = this.views(scope);
    return views.ok ? ok({ views: views.value, effects }) : views;
  }

  #follow(
    { call, leg, peer }: SpeakingLeg,
    scope: CodecScope,
    before: ResolvedCodecs | undefined,
  ): CodecEffect[] {
    const now = this.#shared.codecs.ofLeg(leg).settings;
    const isChanged = (key: CodecKey) => String(before?.settings[key]) !== String(now[key]);
    const changed = CODEC_KEYS.filter(isChanged);
    if (changed.length === 0) return [];
    const negotiated = changed.filter((key) => NEGOTIATED.includes(key));
    const engine = changed.filter((key) => !NEGOTIATED.includes(key));
    this.#shared.media.tune(leg);
    const isOwn = scope.kind === "call";
    if (isOwn && negotiated.length > 0) this.#peers.renegotiate(leg);
    const told =
      negotiated.length === 0 ? "nothing-to-tell" : isOwn ? this.#tellable(call) : "next-call";
    return [{ call: call.id, leg, peer, engine, negotiated, told }];
  }

  #tellable(call: LiveCall): CodecEffect["told"] {
    return call.milestones.has("answered") ? "re-invite" : "not-answered";
  }

  #scopes(): readonly CodecScope[] {
    const { peers, trunkGroups } = this.#shared.options;
    return [
      { kind: "all" },
      ...trunkGroups.map(({ name }) => ({ kind: "group", name }) as const),
      ...peers.map(({ name }) => ({ kind: "peer", name }) as const),
    ];
  }

  #view(scope: CodecScope): CodecSettingsView {
    const names = scope.kind === "all" ? {} : { [scope.kind]: scope.name };
    return { scope, settings: viewOf(this.#shared.codecs.of(names)) };
  }

  #legsOf(id: string): readonly SpeakingLeg[] {
    const call = this.#shared.calls.find(id);
    if (call === undefined) return [];
    return [call.a, call.b].flatMap((leg) =>
      leg?.kind === "sip" ? [{ call, leg: leg.id, peer: leg.peer.name }] : [],
    );
  }

  #unknown(scope: CodecScope): string | undefined {
    if (scope.kind === "all") return undefined;
    const { options, calls } = this.#shared;
    const names = {
      peer: options.peers.map(({ name }) => name),
      group: options.trunkGroups.map(({ name }) => name),
      call: calls.live().map(({ id }) => id),
    }[scope.kind];
    if (names.includes(scope.name)) return undefined;
    const what = { peer: "peer", group: "trunk group", call: "live call" }[scope.kind];
    const few = names.slice(0, MOST_NAMED).join(", ");
    const choice = names.length === 0 ? "there is none" : `there are ${few}`;
    return `there is no ${what} ${scope.name}; ${choice}`;
  }
}

interface SpeakingLeg {
  readonly call: LiveCall;
  readonly leg: string;
  readonly peer: string;
}

function viewOf({ settings, from }: ResolvedCodecs): CodecSettingsView["settings"] {
  const rows = CODEC_KEYS.map((key) => [key, { value: settings[key], from: from[key] }]);
  return Object.fromEntries(rows) as CodecSettingsView["settings"];
}

/** What offer and answer decide; the engine decides the rest. */
const NEGOTIATED: readonly CodecKey[] = ["order", "ptimeMs", "annexB", "comfortNoise"];
const MOST_NAMED = 8;
