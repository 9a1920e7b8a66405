import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type {
  CallEvent,
  Destination,
  ProgressIndicator,
  RouteOutcome,
} from "../../../src/call/index.js";
import { instant, type Wake, wake } from "../../../src/core/index.js";
import {
  DEFAULT_JOIN_PARAMS,
  type JoinInput,
  type JoinOutput,
  type JoinParams,
  type JoinState,
  join,
  type LegTraits,
  newJoin,
  type Side,
} from "../../../src/interworking/index.js";
import { gatewayCause, setup } from "./helpers.js";

type Signalling = LegTraits["signalling"];

const IN_BAND: ProgressIndicator = {
  description: "in-band-information",
  location: "public-network-local",
};
const inBand = { progress: [IN_BAND] };

const destination = (name: string, more: Partial<Destination> = {}): Destination => ({
  ...{ kind: "trunk-group", name, rerouteCauses: [34, 41], overlap: false },
  called: { digits: "2001", nature: "unknown", plan: "isdn" },
  ...more,
});

const routed = (
  destinations: readonly Destination[] = [destination("pri")],
  more: Partial<RouteOutcome & { kind: "routed" }> = {},
): RouteOutcome => ({
  ...{ kind: "routed", route: "r", destinations, mayGrow: false, emergency: false },
  ...more,
});

/** A call under test: what it said to the last input, in short texts. */
class Call {
  state: JoinState;
  now = 0;
  outputs: readonly JoinOutput[] = [];
  readonly all: string[] = [];
  readonly #machine;

  constructor(a: Signalling, params: Partial<JoinParams> = {}, limits: Partial<LegTraits> = {}) {
    this.#machine = join({ ...DEFAULT_JOIN_PARAMS, ...params });
    this.state = newJoin({ ...limits, signalling: a, name: "in" });
  }

  give(input: JoinInput | Wake): string[] {
    const step = this.#machine.step(this.state, input, instant(this.now));
    this.state = step.state;
    this.outputs = step.outputs;
    const said = step.outputs.map(short);
    this.all.push(...said);
    return said;
  }

  leg(side: Side, event: CallEvent): string[] {
    return this.give({ kind: "leg", side, event });
  }

  clear(side: Side, value: number, kind: "disconnect" | "release" = "release"): string[] {
    return this.leg(side, { kind, cause: gatewayCause(value) });
  }

  /** Lets time pass up to the deadline, and wakes the machine there. */
  wait(): string[] {
    const at = this.deadline;
    if (at === undefined) throw new Error("no timer is armed");
    this.now = at;
    return this.give(wake);
  }

  get deadline(): number | undefined {
    return this.#machine.deadline(this.state);
  }

  /** Both legs are there: b was seized and set up. */
  upTo(b: Signalling, outcome: RouteOutcome = routed()): this {
    this.leg("a", setup());
    this.give({ kind: "route-outcome", outcome });
    this.give({ kind: "seized", traits: { signalling: b, name: "out" } });
    return this;
  }

  answered(b: Signalling): this {
    this.upTo(b).leg("b", { kind: "connect" });
    return this;
  }

  /** The event that a leg was told last. */
  told(side: Side): CallEvent | undefined {
    const events = this.outputs.flatMap((o) =>
      o.kind === "leg" && o.side === side ? [o.event] : [],
    );
    return events[events.length - 1];
  }
}

function short(output: JoinOutput): string {
  switch (output.kind) {
    case "leg": {
      const { event } = output;
      const cause = "cause" in event && event.cause ? ` ${event.cause.value}` : "";
      const digits = event.kind === "information" ? ` ${event.digits}` : "";
      return `${output.side} ${event.kind}${cause}${digits}`;
    }
    case "seize":
      return `seize ${output.destination.name}`;
    case "media-plan": {
      const heard = [output.plan.toA, output.plan.toB].map((h) =>
        h.kind === "tone" ? h.tone : h.kind,
      );
      return `plan ${heard.join("/")}`;
    }
    case "milestone":
      return `at ${output.milestone}`;
    case "ended":
      return `ended ${output.cause.value} by ${output.by}`;
    case "abandoned":
      return `abandoned ${output.cause.value}`;
    default:
      return output.kind;
  }
}

describe("a call that succeeds", () => {
  test("is routed, seized, set up, alerted, answered and cleared [join timer clearing-guard stop]", () => {
    const call = new Call("sip");
    expect(call.leg("a", setup())).toEqual(["route"]);
    expect(call.give({ kind: "route-outcome", outcome: routed() })).toEqual([
      ...["a proceeding", "at routed", "seize pri"],
    ]);
    const traits = { signalling: "isdn-user", name: "out" } as const;
    expect(call.give({ kind: "seized", traits })).toEqual(["b setup"]);
    expect(call.leg("b", { kind: "proceeding" })).toEqual([]);
    expect(call.leg("b", { kind: "alerting" })).toEqual(["at alerting", "a alerting"]);
    expect(call.leg("b", { kind: "connect" })).toEqual([
      ...["at answered", "a connect", "plan speech/speech"],
    ]);
    expect(call.deadline).toBeUndefined();
    expect(call.clear("a", 16)).toEqual([
      ...["at clearing", "plan nothing/nothing", "b disconnect 16"],
    ]);
    expect(call.clear("b", 16)).toEqual(["ended 16 by a"]);
    expect(call.clear("b", 16)).toEqual([]);
    expect(call.deadline).toBeUndefined();
  });

  test("the numbers of the destination go into the setup of leg b, all else as it came", () => {
    const call = new Call("sip");
    call.leg("a", setup({ callingName: "Al", hopCounter: 5 }));
    const called = { digits: "4930", nature: "international", plan: "isdn" } as const;
    call.give({ kind: "route-outcome", outcome: routed([destination("pri", { called })]) });
    call.give({ kind: "seized", traits: { signalling: "isdn-user", name: "out" } });
    expect(call.told("b")).toEqual({
      ...setup({ callingName: "Al", hopCounter: 5, called }),
      progress: [{ description: "origination-not-isdn", location: "private-network-local" }],
    });
  });

  test("an unrestricted call from SIP is not marked as one of another network", () => {
    const call = new Call("sip");
    call.leg("a", setup({ bearer: { kind: "unrestricted-64k" } }));
    call.give({ kind: "route-outcome", outcome: routed() });
    call.give({ kind: "seized", traits: { signalling: "isdn-user", name: "out" } });
    expect(call.told("b")).not.toHaveProperty("progress");
  });

  test("[emergency] an emergency route marks the call", () => {
    const call = new Call("isdn-user").upTo("sip", routed(undefined, { emergency: true }));
    expect(call.told("b")).toMatchObject({ priority: "emergency" });
  });
});

describe("[early media] [ringback] before the answer", () => {
  test("[ALERTING] toward SIP nothing is played: the caller's phone rings", () => {
    const call = new Call("sip").upTo("isdn-user");
    expect(call.leg("b", { kind: "alerting" })).toEqual(["at alerting", "a alerting"]);
    expect(call.told("a")).not.toHaveProperty("progress");
  });

  test("alerting with in-band information is heard, with the indicator handed on", () => {
    const call = new Call("sip").upTo("isdn-user");
    expect(call.leg("b", { kind: "alerting", ...inBand })).toEqual([
      ...["at alerting", "at in-band", "a alerting", "plan speech/speech"],
    ]);
    expect(call.told("a")).toMatchObject(inBand);
  });

  test("[PROGRESS] progress with in-band information is heard", () => {
    const call = new Call("sip").upTo("isdn-user");
    expect(call.leg("b", { kind: "progress", ...inBand })).toEqual([
      ...["at in-band", "a progress", "plan speech/speech"],
    ]);
    expect(call.leg("b", { kind: "alerting" })).toEqual(["at alerting", "a alerting"]);
  });

  test("in-band information in CALL PROCEEDING is told as progress", () => {
    const call = new Call("sip").upTo("isdn-user");
    expect(call.leg("b", { kind: "proceeding", ...inBand })).toContain("a progress");
  });

  test("[180] from SIP without early media: the exchange that we are a user of plays the tone", () => {
    const call = new Call("isdn-user").upTo("sip");
    expect(call.leg("b", { kind: "alerting" })).toEqual(["at alerting", "a alerting"]);
    expect(call.told("a")).not.toHaveProperty("progress");
  });

  test.each(["isdn-network", "isup"] as const)("toward %s it is ours to play", (signalling) => {
    const call = new Call(signalling).upTo("sip");
    expect(call.leg("b", { kind: "alerting" })).toEqual([
      ...["at alerting", "at in-band", "a alerting", "plan ringback/nothing"],
    ]);
    expect(call.told("a")).toMatchObject({ progress: [{ description: "in-band-information" }] });
    expect(call.give({ kind: "media-heard", side: "b" })).toEqual([]);
    expect(call.leg("b", { kind: "connect" })).toContain("plan speech/speech");
  });

  test("once early media are open and nobody sends any, the engine gives ringing tone", () => {
    for (const a of ["sip", "isdn-user", "isdn-network"] as const) {
      const call = new Call(a).upTo("sip");
      expect(call.leg("b", { kind: "alerting", ...inBand })).toContain("plan ringback/speech");
      expect(call.give({ kind: "media-heard", side: "b" })).toEqual(["plan speech/speech"]);
    }
  });

  test("[183] early media before alerting are heard as they come, silence is not filled", () => {
    const call = new Call("isdn-network").upTo("sip");
    expect(call.leg("b", { kind: "progress", ...inBand })).toContain("plan speech/speech");
    call.give({ kind: "media-heard", side: "b" });
    expect(call.leg("b", { kind: "alerting" })).toEqual(["at alerting", "a alerting"]);
  });

  test("ringing that follows silent early media is played by the engine", () => {
    const call = new Call("sip").upTo("sip");
    call.leg("b", { kind: "progress", ...inBand });
    expect(call.leg("b", { kind: "alerting" })).toContain("plan ringback/speech");
  });
});

describe("[overlap] [Q.931 §5.1.3] digits one by one", () => {
  const begin = (a: Signalling, digits: string) => {
    const call = new Call(a);
    const called = { digits, nature: "unknown", plan: "isdn" } as const;
    call.leg("a", setup({ called, sendingComplete: false }));
    return call;
  };
  const more = (call: Call, digits: string, sendingComplete = false) =>
    call.leg("a", { kind: "information", digits, sendingComplete });
  const outcome = (call: Call, one: RouteOutcome) =>
    call.give({ kind: "route-outcome", outcome: one });

  test("are gathered until they are routed, then sent en bloc [RFC 3578 §2]", () => {
    const call = begin("isdn-user", "2");
    expect(outcome(call, { kind: "more-digits" })).toEqual(["a setup-acknowledge"]);
    expect(more(call, "00")).toEqual(["route"]);
    expect(call.outputs[0]).toMatchObject({ setup: { called: { digits: "200" } } });
    expect(outcome(call, { kind: "more-digits" })).toEqual([]);
    expect(more(call, "1")).toEqual(["route"]);
    expect(outcome(call, routed())).toContain("seize pri");
    call.give({ kind: "seized", traits: { signalling: "sip", name: "out" } });
    expect(call.told("b")).toMatchObject({ sendingComplete: true, called: { digits: "2001" } });
    expect(more(call, "9")).toEqual([]);
  });

  test("dial tone is ours where we are the exchange, until the first digit", () => {
    const call = begin("isdn-network", "");
    expect(outcome(call, { kind: "more-digits" })).toEqual([
      ...["plan dial/nothing", "a setup-acknowledge"],
    ]);
    expect(call.told("a")).toMatchObject({ progress: [{ description: "in-band-information" }] });
    more(call, "2");
    expect(outcome(call, { kind: "more-digits" })).toEqual(["plan nothing/nothing"]);
  });

  test("a number that may grow waits; [T302] its end asks again with what there is", () => {
    const call = begin("isdn-user", "2001");
    expect(outcome(call, routed(undefined, { mayGrow: true }))).toEqual(["a setup-acknowledge"]);
    expect(more(call, "", true)).toEqual(["route"]);
    expect(call.outputs[0]).toMatchObject({ setup: { sendingComplete: true } });
    expect(outcome(call, routed())).toContain("seize pri");
  });

  test("[cause 28] an incomplete number ends the call", () => {
    const call = begin("isdn-user", "2");
    outcome(call, { kind: "more-digits" });
    more(call, "", true);
    expect(outcome(call, { kind: "no-route", cause: gatewayCause(28) })).toContain(
      "a disconnect 28",
    );
  });

  test("digits that come while the route is sought make it be sought again", () => {
    const call = begin("isdn-user", "2");
    expect(more(call, "0")).toEqual([]);
    expect(outcome(call, { kind: "more-digits" })).toEqual(["route"]);
    expect(call.outputs[0]).toMatchObject({ setup: { called: { digits: "20" } } });
  });

  test("are sent on as they come where the trunk group works overlap", () => {
    const call = begin("isdn-user", "20");
    const overlap = destination("pri", {
      ...{ overlap: true, called: { digits: "0", nature: "unknown", plan: "isdn" } },
    });
    expect(outcome(call, routed([overlap], { mayGrow: true }))).toEqual([
      ...["a setup-acknowledge", "at routed", "seize pri"],
    ]);
    expect(more(call, "1")).toEqual([]);
    call.give({ kind: "seized", traits: { signalling: "isdn-user", name: "out" } });
    expect(call.told("b")).toMatchObject({ sendingComplete: false, called: { digits: "01" } });
    expect(more(call, "5")).toEqual([]);
    expect(call.leg("b", { kind: "setup-acknowledge" })).toEqual(["b information 5"]);
    expect(more(call, "6")).toEqual(["b information 6"]);
    expect(more(call, "", true)).toEqual(["b information "]);
    expect(call.leg("b", { kind: "proceeding" })).toEqual(["a proceeding"]);
    expect(more(call, "7")).toEqual([]);
  });

  test("all digits reach the second destination when the first fails", () => {
    const call = begin("isdn-user", "20");
    const both = ["one", "two"].map((name) =>
      destination(name, {
        overlap: true,
        called: { digits: "20", nature: "unknown", plan: "isdn" },
      }),
    );
    outcome(call, routed(both, { mayGrow: true }));
    call.give({ kind: "seized", traits: { signalling: "isdn-user", name: "one" } });
    call.leg("b", { kind: "setup-acknowledge" });
    more(call, "13");
    call.clear("b", 34);
    call.give({ kind: "seized", traits: { signalling: "isdn-user", name: "two" } });
    expect(call.told("b")).toMatchObject({ called: { digits: "2013" } });
  });
});

describe("[re-route] another destination", () => {
  const both = routed([destination("one"), destination("two")]);

  test("is tried after a cause of the list, by release or by disconnect", () => {
    const call = new Call("sip").upTo("isdn-user", both);
    expect(call.clear("b", 34)).toEqual(["abandoned 34", "seize two"]);
    const other = new Call("sip").upTo("isdn-user", both);
    expect(other.clear("b", 41, "disconnect")).toEqual([
      ...["b release 41", "abandoned 41", "seize two"],
    ]);
    other.give({ kind: "seized", traits: { signalling: "isdn-user", name: "two" } });
    expect(other.told("b")).toMatchObject({ kind: "setup" });
  });

  test("is tried when no circuit can be seized", () => {
    const call = new Call("sip");
    call.leg("a", setup());
    call.give({ kind: "route-outcome", outcome: both });
    expect(call.give({ kind: "refused", cause: gatewayCause(34) })).toEqual(["seize two"]);
    expect(call.give({ kind: "refused", cause: gatewayCause(34) })).toEqual([
      ...["at clearing", "a disconnect 34"],
    ]);
    expect(call.clear("a", 34)).toEqual(["ended 34 by gateway"]);
  });

  test("is not tried after another cause, nor once the caller heard something", () => {
    expect(new Call("sip").upTo("isdn-user", both).clear("b", 17)).toContain("a disconnect 17");
    const alerted = new Call("sip").upTo("isdn-user", both);
    alerted.leg("b", { kind: "alerting" });
    expect(alerted.clear("b", 34)).toContain("a disconnect 34");
    const heard = new Call("sip").upTo("isdn-user", both);
    heard.leg("b", { kind: "progress", ...inBand });
    expect(heard.clear("b", 34)).toContain("a disconnect 34");
  });

  test("[Q.931 §5.7] [cause 44] a collision is tried again on the same trunk group, twice", () => {
    const call = new Call("sip").upTo("isdn-user");
    for (const _ of [1, 2]) {
      expect(call.clear("b", 44)).toEqual(["abandoned 44", "seize pri"]);
      call.give({ kind: "seized", traits: { signalling: "isdn-user", name: "out" } });
    }
    expect(call.clear("b", 44)).toContain("a disconnect 44");
  });
});

describe("supervision", () => {
  test("[join timer T310 start] [join timer T310 expiry] [cause 102] a SIP peer that neither alerts nor answers ends it with 102", () => {
    const call = new Call("sip").upTo("sip");
    expect(call.wait()).toEqual(["at clearing", "b disconnect 102", "a disconnect 102"]);
    expect(call.now).toBe(DEFAULT_JOIN_PARAMS.T310);
  });

  test("[join timer T310 stop] [join timer T301 start] [join timer T301 expiry] [cause 19] a SIP peer that alerts and never answers ends it with 19", () => {
    const call = new Call("sip").upTo("sip");
    call.now = 1000;
    call.leg("b", { kind: "alerting" });
    expect(call.wait()).toEqual(["at clearing", "b disconnect 19", "a disconnect 19"]);
    expect(call.now).toBe(1000 + DEFAULT_JOIN_PARAMS.T301);
  });

  test("an answer ends it [join timer T301 stop]", () => {
    const call = new Call("sip").upTo("sip");
    call.leg("b", { kind: "alerting" });
    expect(call.deadline).toBe(DEFAULT_JOIN_PARAMS.T301);
    call.leg("b", { kind: "connect" });
    expect(call.deadline).toBeUndefined();
  });

  test("ISDN legs have timers of their own", () => {
    const call = new Call("sip").upTo("isdn-user");
    call.leg("b", { kind: "alerting" });
    expect(call.deadline).toBeUndefined();
  });

  test("[RFC 3398 §8.2.8] an exchange that waits is told of progress before its T310 expires [join timer early-progress start] [join timer early-progress stop] [join timer early-progress expiry]", () => {
    const call = new Call("isdn-user").upTo("sip");
    expect(call.wait()).toEqual(["a progress"]);
    expect(call.now).toBe(DEFAULT_JOIN_PARAMS.earlyProgressMs);
    expect(call.told("a")).toMatchObject({ progress: [{ description: "destination-not-isdn" }] });
    const alerted = new Call("isdn-user").upTo("sip");
    alerted.leg("b", { kind: "alerting" });
    expect(alerted.deadline).toBe(DEFAULT_JOIN_PARAMS.T301);
  });

  test("its wait goes on while another destination is tried", () => {
    const call = new Call("isdn-user").upTo("sip", routed([destination("x"), destination("y")]));
    call.now = 5000;
    call.clear("b", 41);
    call.give({ kind: "seized", traits: { signalling: "sip", name: "y" } });
    expect(call.deadline).toBe(DEFAULT_JOIN_PARAMS.earlyProgressMs);
  });

  test("of two legs the stricter limit of a call's length counts [join timer call-length start]", () => {
    const call = new Call("sip", {}, { longestCallMs: 60_000 });
    call.leg("a", setup());
    call.give({ kind: "route-outcome", outcome: routed() });
    const traits = { signalling: "isdn-user", name: "out", longestCallMs: 20_000 } as const;
    call.give({ kind: "seized", traits });
    call.leg("b", { kind: "connect" });
    expect(call.deadline).toBe(call.now + 20_000);
  });

  test("the longest call ends with both legs cleared [join timer call-length start] [join timer call-length expiry] [cause 31]", () => {
    const call = new Call("sip", {}, { longestCallMs: 60_000 }).answered("isdn-user");
    expect(call.wait()).toEqual([
      ...["at clearing", "plan nothing/nothing", "b disconnect 31", "a disconnect 31"],
    ]);
    expect(call.state.cause?.origin).toEqual({ kind: "timer", name: "longest call" });
  });

  test("a call that is cleared before has no limit any more [join timer call-length stop]", () => {
    const call = new Call("sip", {}, { longestCallMs: 60_000 }).answered("isdn-user");
    expect(call.deadline).toBe(60_000);
    call.clear("a", 16);
    expect(call.deadline).toBe(DEFAULT_JOIN_PARAMS.clearingGuardMs);
    expect(call.clear("b", 16)).toEqual(["ended 16 by a"]);
    expect(call.deadline).toBeUndefined();
  });

  test("silence of RTP is no reason to end a call unless so configured", () => {
    const call = new Call("sip").answered("isdn-user");
    expect(call.give({ kind: "media-silent", side: "a" })).toEqual([]);
    expect(call.deadline).toBeUndefined();
  });

  test("where it is, the call ends when silence lasts, and not when packets come again [join timer silence start] [join timer silence stop] [join timer silence expiry] [cause 41]", () => {
    const call = new Call("sip", {}, { silenceReleaseMs: 5000 }).answered("isdn-user");
    call.give({ kind: "media-silent", side: "b" });
    expect(call.deadline).toBeUndefined();
    call.give({ kind: "media-silent", side: "a" });
    call.give({ kind: "media-heard", side: "a" });
    expect(call.deadline).toBeUndefined();
    call.give({ kind: "media-silent", side: "a" });
    expect(call.wait()).toContain("b disconnect 41");
  });

  test("[hold] never on hold [join timer silence stop]", () => {
    const call = new Call("sip", {}, { silenceReleaseMs: 5000 }).answered("isdn-user");
    call.give({ kind: "media-silent", side: "a" });
    expect(call.leg("a", { kind: "notify", description: 121 })).toEqual(["at held", "b notify"]);
    expect(call.deadline).toBeUndefined();
    call.give({ kind: "media-silent", side: "a" });
    expect(call.deadline).toBeUndefined();
    expect(call.leg("a", { kind: "notify", description: 122 })).toEqual([
      "at retrieved",
      "b notify",
    ]);
    call.give({ kind: "media-silent", side: "a" });
    expect(call.deadline).toBe(5000);
  });
});

describe("[DISCONNECT] [Q.931 §5.3.4.1] tones after DISCONNECT", () => {
  const tones = (call: Call, value = 1, side: Side = "b") =>
    call.leg(side, { kind: "disconnect", cause: gatewayCause(value), ...inBand });

  test("[RFC 3666 §2.5] a SIP caller hears them as early media, for 20 s at most [join timer tones start] [join timer tones expiry]", () => {
    const call = new Call("sip").upTo("isdn-user");
    expect(tones(call)).toEqual(["at clearing", "a progress 1", "plan speech/nothing"]);
    expect(call.told("a")).toMatchObject(inBand);
    expect(call.wait()).toEqual(["plan nothing/nothing", "b release 1", "a disconnect 1"]);
    expect(call.now).toBe(20_000);
    call.clear("b", 1);
    expect(call.clear("a", 1)).toEqual(["ended 1 by b"]);
  });

  test("a caller that hangs up meanwhile ends them [join timer tones stop]", () => {
    const call = new Call("sip").upTo("isdn-user");
    tones(call);
    expect(call.clear("a", 16)).toEqual(["plan nothing/nothing", "b release 1"]);
    expect(call.clear("b", 1)).toEqual(["ended 1 by b"]);
  });

  test("an exchange that ends them ends the call [join timer tones stop]", () => {
    const call = new Call("sip").upTo("isdn-user");
    tones(call);
    expect(call.clear("b", 1)).toEqual(["plan nothing/nothing", "a disconnect 1"]);
  });

  test("a subscriber of ours is disconnected with the tone in his ear", () => {
    const call = new Call("isdn-network").upTo("isdn-user");
    expect(tones(call)).toEqual(["at clearing", "a disconnect 1", "plan speech/nothing"]);
    expect(call.told("a")).toMatchObject(inBand);
    expect(call.clear("a", 16, "disconnect")).toEqual([
      ...["a release 16", "plan nothing/nothing", "b release 1"],
    ]);
  });

  test("are not kept up for a call that was answered and ended normally", () => {
    const call = new Call("sip").answered("isdn-user");
    expect(tones(call, 16)).toEqual([
      ...["b release 16", "at clearing", "plan nothing/nothing", "a disconnect 16"],
    ]);
  });

  test("of a call that was answered and failed are heard", () => {
    const call = new Call("sip").answered("isdn-user");
    expect(tones(call, 38)).toEqual(["at clearing", "plan speech/nothing"]);
    const other = new Call("isdn-user").answered("sip");
    expect(tones(other, 38, "a")).toEqual(["at clearing", "plan nothing/speech"]);
  });

  test("can be turned off", () => {
    const call = new Call("sip", { tonesMs: 0 }).upTo("isdn-user");
    expect(tones(call)).toContain("a disconnect 1");
  });

  test("of a caller who gives up before the answer concern nobody", () => {
    const call = new Call("isdn-user").upTo("sip");
    expect(tones(call, 16, "a")).toEqual(["a release 16", "at clearing", "b disconnect 16"]);
  });
});

describe("[RFC 3666 §3.6] a call that fails", () => {
  test.each([
    [17, "busy"],
    [1, "special-information"],
    [34, "congestion"],
  ])("[cause %i] is told to a subscriber of ours with a tone: %s", (value, tone) => {
    const call = new Call("isdn-network").upTo("sip");
    expect(call.clear("b", value)).toEqual([
      ...["at clearing", `a disconnect ${value}`, `plan ${tone}/nothing`],
    ]);
    expect(call.told("a")).toMatchObject({ progress: [{ description: "in-band-information" }] });
    expect(call.wait()).toEqual(["plan nothing/nothing", `a release ${value}`]);
    expect(call.clear("a", value)).toEqual([`ended ${value} by b`]);
  });

  test("the tone goes on while the called leg still clears", () => {
    const call = new Call("isdn-network").upTo("isdn-user");
    expect(call.clear("b", 17, "disconnect")).toEqual([
      ...["b release 17", "at clearing", "a disconnect 17", "plan busy/nothing"],
    ]);
    expect(call.clear("b", 17)).toEqual([]);
    expect(call.clear("a", 16)).toEqual(["plan nothing/nothing", "ended 17 by b"]);
  });

  test("no tone where the exchange plays it, nor where it is not wanted", () => {
    const user = new Call("isdn-user").upTo("sip");
    expect(user.clear("b", 17)).toEqual(["at clearing", "a disconnect 17"]);
    const silent = new Call("isdn-network", { failureTones: false }).upTo("sip");
    expect(silent.clear("b", 17)).toEqual(["at clearing", "a disconnect 17"]);
  });

  test("the final status that the caller's leg made of the cause belongs to the story", () => {
    const call = new Call("sip").upTo("isdn-user");
    call.clear("b", 17);
    const step = { from: "17", to: "SIP 486", rule: "rfc3398 §7.2.4.1 17" };
    call.leg("a", { kind: "release", cause: { ...gatewayCause(17), steps: [step] } });
    expect(call.outputs).toMatchObject([{ kind: "ended", cause: { value: 17, steps: [step] } }]);
  });
});

describe("clearing", () => {
  test("[CANCEL] a caller who gives up while a circuit is sought gets it given back", () => {
    const call = new Call("sip");
    call.leg("a", setup());
    call.give({ kind: "route-outcome", outcome: routed() });
    expect(call.clear("a", 16)).toEqual(["at clearing"]);
    expect(call.give({ kind: "seized", traits: { signalling: "isdn-user", name: "x" } })).toEqual([
      ...["unseize", "ended 16 by a"],
    ]);
  });

  test("or hears of no circuit too late to matter", () => {
    const call = new Call("sip");
    call.leg("a", setup());
    call.give({ kind: "route-outcome", outcome: routed() });
    call.clear("a", 16);
    expect(call.give({ kind: "refused", cause: gatewayCause(34) })).toEqual(["ended 16 by a"]);
  });

  test("a caller who gives up while the route is sought ends it", () => {
    const call = new Call("sip");
    call.leg("a", setup());
    expect(call.clear("a", 16)).toEqual(["at clearing", "ended 16 by a"]);
    expect(call.give({ kind: "route-outcome", outcome: routed() })).toEqual([]);
  });

  test("both legs that disconnect at once are released once each", () => {
    const call = new Call("isdn-user").answered("isdn-user");
    expect(call.clear("a", 16, "disconnect")).toContain("b disconnect 16");
    expect(call.clear("b", 16, "disconnect")).toEqual([]);
    call.clear("b", 16);
    expect(call.clear("a", 16)).toEqual(["ended 16 by a"]);
  });

  test("an operator's hang-up clears both, at any time", () => {
    const call = new Call("sip").answered("isdn-user");
    expect(call.give({ kind: "hang-up", cause: gatewayCause(31) })).toEqual([
      ...["at clearing", "plan nothing/nothing", "b disconnect 31", "a disconnect 31"],
    ]);
    const early = new Call("sip");
    early.leg("a", setup());
    expect(early.give({ kind: "hang-up", cause: gatewayCause(31) })).toEqual([
      ...["at clearing", "a disconnect 31"],
    ]);
  });

  test("a leg that never says that it is gone is given up [join timer clearing-guard start] [join timer clearing-guard expiry]", () => {
    const call = new Call("sip").answered("isdn-user");
    call.clear("a", 16);
    expect(call.wait()).toEqual(["ended 16 by a"]);
    expect(call.now).toBe(DEFAULT_JOIN_PARAMS.clearingGuardMs);
  });

  test("the first cause is the call's", () => {
    const call = new Call("sip").answered("isdn-user");
    call.clear("b", 38);
    call.give({ kind: "hang-up", cause: gatewayCause(31) });
    expect(call.clear("a", 16)).toEqual(["ended 38 by b"]);
  });
});

describe("[advice of charge] what ends a call brings more than its cause", () => {
  const facility = [Uint8Array.of(1, 2)];
  const userUser = Uint8Array.of(4);
  const extras = { facility, userUser, display: "charge 1.20" };
  const cause = gatewayCause(16);

  test.each(["disconnect", "release"] as const)("%s hands it to the other leg only", (kind) => {
    const call = new Call("isdn-user").answered("isdn-user");
    call.leg("b", { kind, cause, ...extras });
    expect(call.told("a")).toEqual({ kind: "disconnect", cause, ...extras });
    if (kind === "disconnect") expect(call.told("b")).toEqual({ kind: "release", cause });
  });

  test("with tones too", () => {
    const call = new Call("isdn-network").upTo("isdn-user");
    const busy = gatewayCause(17);
    call.leg("b", { kind: "disconnect", cause: busy, ...inBand, ...extras });
    expect(call.told("a")).toEqual({ kind: "disconnect", cause: busy, ...inBand, ...extras });
    const other = new Call("isdn-network").upTo("isdn-user");
    other.leg("b", { kind: "release", cause: busy, userUser });
    expect(other.told("a")).toMatchObject({ kind: "disconnect", progress: [{}], userUser });
  });
});

test("what legs say to each other in the call passes both ways", () => {
  const call = new Call("isdn-user").answered("isdn-user");
  const events: CallEvent[] = [
    { kind: "facility", facility: [Uint8Array.of(1)] },
    { kind: "user-information", userUser: Uint8Array.of(0) },
    { kind: "notify", description: 0 },
    { kind: "suspend", by: "user" },
    { kind: "resume", by: "user" },
    { kind: "information", digits: "", sendingComplete: false, keypad: "5" },
  ];
  for (const event of events) {
    call.leg("a", event);
    expect(call.told("b")).toEqual(event);
    call.leg("b", event);
    expect(call.told("a")).toEqual(event);
  }
});

test("[laws] whatever comes in whatever order, nothing throws, wakes obey, and the end comes once", () => {
  const signalling = fc.constantFrom<Signalling>("sip", "isdn-user", "isdn-network", "isup");
  const side = fc.constantFrom<Side>("a", "b");
  const value = fc.integer({ min: 1, max: 127 });
  const tones = fc.constantFrom({}, inBand);
  const event: fc.Arbitrary<CallEvent> = fc.oneof(
    fc.constantFrom<CallEvent>(
      ...[{ kind: "setup-acknowledge" } as const, { kind: "connect" } as const, setup()],
      ...[{ kind: "notify", description: 121 } as const, { kind: "facility" } as const],
    ),
    fc
      .tuple(fc.constantFrom("proceeding", "alerting", "progress"), tones)
      .map(([kind, more]) => ({ kind, ...more }) as CallEvent),
    fc
      .tuple(fc.constantFrom("disconnect", "release"), value, tones)
      .map(([kind, v, more]) => ({ kind, cause: gatewayCause(v), ...more }) as CallEvent),
    fc.tuple(fc.constantFrom("", "1", "23"), fc.boolean()).map(([digits, sendingComplete]) => ({
      ...{ kind: "information" as const, digits, sendingComplete },
    })),
  );
  const several = [destination("x", { overlap: true }), destination("y"), destination("z")];
  const outcome = fc.constantFrom<RouteOutcome>(
    ...[routed(several), routed(several, { mayGrow: true }), { kind: "more-digits" } as const],
    { kind: "no-route", cause: gatewayCause(3) },
  );
  const input: fc.Arbitrary<JoinInput | Wake> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("leg" as const), side, event }) },
    fc.record({ kind: fc.constant("route-outcome" as const), outcome }),
    fc.record({
      kind: fc.constant("seized" as const),
      traits: signalling.map((s) => ({ signalling: s, name: "out" })),
    }),
    fc.record({
      kind: fc.constantFrom("refused" as const, "hang-up" as const),
      cause: fc.constantFrom(34, 17).map((v) => gatewayCause(v)),
    }),
    fc.record({ kind: fc.constantFrom("media-heard" as const, "media-silent" as const), side }),
    fc.constant(wake),
  );
  const limits = { silenceReleaseMs: 5000, longestCallMs: 100_000 };
  fc.assert(
    fc.property(
      signalling,
      fc.array(fc.tuple(input, fc.nat(30_000)), { maxLength: 30 }),
      (a, list) => {
        const call = new Call(a, {}, limits);
        call.leg("a", setup({ sendingComplete: false }));
        for (const [one, ms] of list) {
          const before = call.state;
          if (call.deadline === undefined || call.now < call.deadline) {
            call.give(wake);
            expect(call.state).toEqual(before);
            expect(call.outputs).toEqual([]);
          }
          call.now += ms;
          call.give(wake);
          expect(call.deadline ?? Number.POSITIVE_INFINITY).toBeGreaterThan(call.now);
          call.give(one);
        }
        call.give({ kind: "hang-up", cause: gatewayCause(31) });
        call.clear("a", 31);
        call.clear("b", 31);
        if (call.state.seizing) call.give({ kind: "refused", cause: gatewayCause(34) });
        call.give({ kind: "hang-up", cause: gatewayCause(31) });
        expect(call.all.filter((text) => text.startsWith("ended"))).toHaveLength(1);
        expect(call.all[call.all.length - 1]).toMatch(/^ended/);
        expect(call.deadline).toBeUndefined();
      },
    ),
    { numRuns: 500 },
  );
});
