import { expect, test } from "vitest";
import type { Entropy } from "../../src/core/index.js";
import { seededEntropy } from "./clock.js";
import type { PhoneCall } from "./phone-call.js";
import { babble } from "./speech.js";
import { openWorld, type ScenarioWorld } from "./world.js";

const CONFIGURATION = [
  "spans: [{ name: a }, { name: b }]",
  "trunkGroups:",
  "  - { name: first, spans: [a], hunt: cyclic }",
  "  - { name: second, spans: [b], signalling: isdn-network, hunt: longest-idle }",
  "routes:",
  "  - { name: out, from: { peers: [loopback] }, to: [{ trunkGroup: first }, { trunkGroup: second }] }",
  "  - { name: in, from: { trunkGroups: [first, second] }, to: [{ peer: loopback }] }",
].join("\n");

const NUMBERS = [
  ...["100", "101", "103", "104", "105", "106", "107", "110", "999", "85"],
  ...["850017", "850034", "850044", "851031", "851027", "852016", "852041"],
];

/** One call of the phone, with a patience of its own and things done to it on the way. */
function live(world: ScenarioWorld, chance: Entropy): (ms: number) => boolean {
  const pick = <T>(all: readonly T[]): T => all[chance.between(0, all.length - 1)] as T;
  const call = world.phone.call(pick(NUMBERS), {
    reliability: pick(["none", "supported", "required"] as const),
    delayed: chance.between(0, 4) === 0,
    wish: { codecs: pick([["PCMA"], ["PCMU"], ["PCMU", "PCMA"], ["CLEARMODE"]] as const) },
  });
  const patience = chance.between(0, 9000);
  const meddling = chance.between(200, 6000);
  return (ms) => {
    if (ms === patience && call.state !== "ended") call.hangUp();
    if (ms === meddling && call.state === "answered") meddle(call, chance);
    return call.state === "ended" && ms > patience;
  };
}

function meddle(call: PhoneCall, chance: Entropy): void {
  const all = [
    () => call.modify({ direction: "sendonly" }),
    () => call.modify({ direction: "inactive" }, "UPDATE"),
    () => call.modify({ oldHold: true }),
    () => call.modify({}, "INVITE", true),
    () => call.modify({ codecs: ["CLEARMODE"] }),
    () => call.media.key("12#"),
    () => call.media.raw(babble(chance.between(1, 99))(0, chance.between(0, 200))),
    () => call.request("INFO"),
  ];
  all[chance.between(0, all.length - 1)]?.();
}

/** What the phone does with a call of the PSTN. */
function behave(call: PhoneCall, chance: Entropy): void {
  const roll = chance.between(0, 7);
  if (roll === 0) call.reject(chance.between(400, 606));
  if (roll < 2) return;
  if (roll < 4) call.provide(roll === 2 ? 180 : 183, { sdp: true, reliable: roll === 2 });
  else if (roll < 6) call.provide(180);
  if (roll % 2 === 0) call.accept();
}

/** Something goes wrong on a line, for a while. */
function trouble(world: ScenarioWorld, chance: Entropy): void {
  const span = chance.between(0, 1) === 0 ? "a" : "b";
  const far = world.farEnd(span);
  const all = [
    () => world.exchange.setFault({ span, restart: [chance.between(1, 15)] }),
    () => world.exchange.setFault({ span, restart: [] }),
    () => world.engine.setFault(far, { alarm: "los" }),
    () => world.engine.setFault(far, { alarm: "none" }),
    () => world.engine.setFault(world.nearEnd(span), { flipSignallingBit: chance.between(0, 99) }),
    () => world.engine.setFault(far, { slip: chance.between(-3, 3) }),
    () => world.exchange.setFault({ span, glare: { to: "200" } }),
    () =>
      world.engine.sendSignalling(far, babble(chance.between(1, 99))(0, 3 + chance.between(0, 99))),
    () => world.phone.raw(babble(chance.between(1, 99))(0, chance.between(0, 300))),
    () =>
      world.exchange.originate({ to: "2001", overlap: chance.between(0, 1) === 0, holdMs: 900 }),
  ];
  all[chance.between(0, all.length - 1)]?.();
}

/** Lines are whole again, the phone lives, what is up is ended. */
function calm(world: ScenarioWorld): void {
  world.network.loss = 0;
  world.phone.onCall = (call) => call.reject(486);
  world.frameRule = ({ octets }) => octets;
  for (const span of ["a", "b"]) world.engine.setFault(world.farEnd(span), { alarm: "none" });
  for (const call of world.phone.calls) if (call.state !== "ended") call.hangUp();
}

for (let seed = 1; seed <= 8; seed++) {
  test(`whatever happens, nothing is left and all works again, seed ${seed}`, async () => {
    const world = await openWorld({ configuration: CONFIGURATION, seed });
    const chance = seededEntropy(seed * 1009);
    const draw = (share: number) => chance.between(0, 999) < share;
    world.network.loss = 0.05;
    world.frameRule = ({ octets }) => (draw(20) ? undefined : octets);
    world.phone.onCall = (call) => behave(call, chance);
    const calls: { readonly age: (ms: number) => boolean; ms: number; over: boolean }[] = [];
    for (let ms = 0; ms < 12_000; ms++) {
      if (draw(8)) calls.push({ age: live(world, chance), ms: 0, over: false });
      if (draw(2)) trouble(world, chance);
      world.run(1);
      for (const call of calls) if (!call.over) call.over = call.age(call.ms++);
    }
    calm(world);
    world.rest(200_000);
    expect(world.leftovers()).toEqual({});
    world.until(
      () => world.gateway.spans().every(({ dataLink }) => dataLink === "up"),
      "both links",
      60_000,
    );
    const circuits = world.gateway.spans().flatMap(({ channels }) => channels);
    expect(circuits.filter(({ state }) => state !== "idle" && state !== "signalling")).toEqual([]);
    const last = world.phone.call("110");
    world.until(() => last.state === "answered", "a call as ever");
    last.hangUp();
    expect(world.leftovers()).toEqual({});
    await world.close();
  }, 60_000);
}
