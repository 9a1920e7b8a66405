import { expect, test } from "vitest";
import { CodecBook } from "../../../src/gateway/codec-book.js";
import {
  beyondDefaults,
  CODEC_LAYERS,
  DEFAULT_CODECS,
  resolveCodecs,
} from "../../../src/gateway/codec-settings.js";
import { LegBook } from "../../../src/gateway/leg-book.js";
import { parseConfiguration } from "../../../src/operations/configuration/index.js";

test("without layers all is the default, and said to be", () => {
  const { settings, from } = resolveCodecs({});
  expect(settings).toEqual(DEFAULT_CODECS);
  expect(new Set(Object.values(from))).toEqual(new Set(["default"]));
});

test("the strongest layer that says a thing decides, whatever the others say", () => {
  const layers = Object.fromEntries(CODEC_LAYERS.map((layer, i) => [layer, { sendGainDb: i }]));
  CODEC_LAYERS.forEach((strongest, i) => {
    const weaker = Object.fromEntries(Object.entries(layers).slice(0, i + 1));
    const { settings, from } = resolveCodecs(weaker);
    expect([settings.sendGainDb, from.sendGainDb]).toEqual([i, strongest]);
  });
  const { settings, from } = resolveCodecs({ group: { ptimeMs: 40 }, peer: { vad: true } });
  expect(settings).toMatchObject({ ptimeMs: 40, vad: true, order: ["pcma", "pcmu", "g729"] });
  expect(from).toMatchObject({ ptimeMs: "group", vad: "peer", order: "default" });
});

test("a value that is present but undefined says nothing", () => {
  const { settings, from } = resolveCodecs({
    codecs: { ptimeMs: 30 },
    peer: { ptimeMs: undefined },
  });
  expect([settings.ptimeMs, from.ptimeMs]).toEqual([30, "codecs"]);
});

test("a stronger layer's minimum lifts a weaker one's maximum", () => {
  const { settings } = resolveCodecs({ codecs: { jitterMaxMs: 60 }, peer: { jitterMinMs: 80 } });
  expect(settings).toMatchObject({ jitterMinMs: 80, jitterMaxMs: 80 });
});

test("a whole value is only what differs from the defaults", () => {
  expect(beyondDefaults(DEFAULT_CODECS)).toEqual({});
  const changed = { ...DEFAULT_CODECS, order: ["pcmu", "pcma"], ptimeMs: 30 } as const;
  expect(beyondDefaults(changed)).toEqual({ order: ["pcmu", "pcma"], ptimeMs: 30 });
});

const YAML = `
codecs: { ptimeMs: 30 }
peers:
  - { name: pbx, addresses: [127.0.0.1], codecs: { order: [pcmu] } }
  - { name: other, addresses: [127.0.0.2] }
trunkGroups:
  - { name: isdn, spans: [e1-1], codecs: { order: [pcma], jitterMinMs: 60 } }
routes: []
`;

function book() {
  const parsed = parseConfiguration(YAML, "book");
  if (!parsed.ok) throw new Error(parsed.error.join("\n"));
  const { configuration } = parsed.value;
  const legs = new LegBook();
  const [peer, other] = configuration.peers;
  if (peer === undefined || other === undefined) throw new Error("two peers");
  legs.add("leg-1", { call: "call-1", peer, group: "isdn" });
  legs.add("leg-2", { call: "call-2", peer: other });
  return new CodecBook(configuration, legs);
}

test("a leg's settings come from its call, its peer, its group and all", () => {
  const codecs = book();
  const { settings, from } = codecs.ofLeg("leg-1");
  expect(settings).toMatchObject({ order: ["pcmu"], ptimeMs: 30, jitterMinMs: 60 });
  expect(from).toMatchObject({ order: "peer", ptimeMs: "codecs", jitterMinMs: "group" });
  expect(codecs.ofLeg("leg-2").settings).toMatchObject({
    order: ["pcma", "pcmu", "g729"],
    jitterMinMs: 20,
  });
});

test("settings of a call hold for it alone, and are forgotten with it", () => {
  const codecs = book();
  codecs.set({ kind: "call", name: "call-1" }, { receiveGainDb: -6 }, false);
  expect(codecs.ofLeg("leg-1").settings.receiveGainDb).toBe(-6);
  expect(codecs.ofLeg("leg-2").settings.receiveGainDb).toBe(0);
  codecs.forgetCall("call-1");
  expect(codecs.ofLeg("leg-1").settings.receiveGainDb).toBe(0);
});

test("what is set stays beside what was set before, or takes its place", () => {
  const codecs = book();
  const peer = { kind: "peer", name: "pbx" } as const;
  codecs.set(peer, { vad: true }, false);
  expect(codecs.ofLeg("leg-1").settings).toMatchObject({ order: ["pcmu"], vad: true });
  codecs.set(peer, { ptimeMs: 10 }, true);
  expect(codecs.ofLeg("leg-1").settings).toMatchObject({
    order: ["pcma"],
    vad: false,
    ptimeMs: 10,
  });
  codecs.set({ kind: "all" }, {}, true);
  expect(codecs.of({}).settings).toEqual(DEFAULT_CODECS);
});
