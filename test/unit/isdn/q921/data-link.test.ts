import { describe, expect, test } from "vitest";
import { fromHex, hex, instant, wake } from "../../../../src/core/index.js";
import {
  type DataLinkInput,
  type DataLinkOutput,
  type DataLinkState,
  dataLink,
  defaultParameters,
  initialState,
  parseFrame,
} from "../../../../src/isdn/q921/index.js";

/** One data link, user side, driven by hand: each method returns what came out, in short form. */
class Hand {
  state: DataLinkState = initialState;
  now = 0;
  readonly #machine = dataLink({ ...defaultParameters, side: "user" });

  give(input: DataLinkInput): string[] {
    return this.#step(input);
  }

  /** A frame from the network side, in hex. */
  frame(text: string): string[] {
    return this.#step({ kind: "frame", octets: fromHex(text) ?? new Uint8Array(0) });
  }

  data(text: string): string[] {
    return this.#step({ kind: "dl-data-request", octets: new TextEncoder().encode(text) });
  }

  /** Lets time pass until the next timer. */
  expire(): string[] {
    const deadline = this.#machine.deadline(this.state);
    if (deadline === undefined) return ["no timer"];
    this.now = deadline;
    const step = this.#machine.step(this.state, wake, deadline);
    this.state = step.state;
    return step.outputs.map(short);
  }

  establish(): this {
    this.give({ kind: "dl-establish-request" });
    this.frame("000173");
    return this;
  }

  #step(input: DataLinkInput): string[] {
    const step = this.#machine.step(this.state, input, instant(this.now));
    this.state = step.state;
    return step.outputs.map(short);
  }
}

function short(output: DataLinkOutput): string {
  if (output.kind === "mdl-error-indication") return `error ${output.code}`;
  if (output.kind === "discarded") return `discarded ${output.reason}`;
  if (output.kind === "dl-data-refused") return `refused ${output.reason}`;
  if (output.kind === "dl-data-indication" || output.kind === "dl-unit-data-indication")
    return `${output.kind} ${new TextDecoder().decode(output.octets)}`;
  if (output.kind !== "frame") return output.kind;
  const parsed = parseFrame(output.octets, "user");
  if (parsed.kind !== "frame") return `bad frame ${hex(output.octets)}`;
  const { frame } = parsed;
  const way = frame.command ? "" : "'";
  const flag = frame.pollFinal ? "+" : "";
  if (frame.kind === "I")
    return `I${frame.ns},${frame.nr}${flag} ${new TextDecoder().decode(frame.information)}`;
  return "nr" in frame ? `${frame.kind}${way}${frame.nr}${flag}` : `${frame.kind}${way}${flag}`;
}

describe("establishment (§5.5.1)", () => {
  test("SABME and UA establish the link [T200 start] [T200 stop] [T203 start]", () => {
    const hand = new Hand();
    expect(hand.give({ kind: "dl-establish-request" })).toEqual(["SABME+"]);
    expect(hand.frame("000173")).toEqual(["dl-establish-confirm"]);
    expect(hand.state.name).toBe("multiple-frame-established");
    expect(hand.state.timers).toEqual({ T203: 10000 });
  });

  test("SABME without answer is sent N200 times more, then the link is released with G [T200 expiry]", () => {
    const hand = new Hand();
    hand.give({ kind: "dl-establish-request" });
    expect([hand.expire(), hand.expire(), hand.expire()]).toEqual([
      ["SABME+"],
      ["SABME+"],
      ["SABME+"],
    ]);
    expect(hand.expire()).toEqual(["error G", "dl-release-indication"]);
    expect(hand.now).toBe(4000);
    expect(hand.expire()).toEqual(["no timer"]);
  });

  test("DM with F = 1 refuses; DM with F = 0 does not", () => {
    const hand = new Hand();
    hand.give({ kind: "dl-establish-request" });
    expect(hand.frame("00010f")).toEqual([]);
    expect(hand.frame("00011f")).toEqual(["dl-release-indication"]);
    expect(hand.state.name).toBe("tei-assigned");
  });

  test("the peer's SABME is accepted", () => {
    const hand = new Hand();
    expect(hand.frame("02017f")).toEqual(["UA'+", "dl-establish-indication"]);
    expect(hand.state.name).toBe("multiple-frame-established");
  });

  test("colliding SABME are both answered (§5.5.5.1)", () => {
    const hand = new Hand();
    hand.give({ kind: "dl-establish-request" });
    expect(hand.frame("02017f")).toEqual(["UA'+"]);
    expect(hand.frame("000173")).toEqual(["dl-establish-confirm"]);
  });

  test("SABME collides with DISC: DM both ways (§5.5.5.2)", () => {
    const hand = new Hand();
    hand.give({ kind: "dl-establish-request" });
    expect(hand.frame("020153")).toEqual(["DM'+"]);
    expect(hand.frame("00011f")).toEqual(["dl-release-indication"]);
  });

  test("an unsolicited DM with F = 0 asks to establish (table 9)", () => {
    const hand = new Hand();
    expect(hand.frame("00010f")).toEqual(["SABME+"]);
    expect(hand.frame("00011f")).toEqual(["dl-release-indication"]);
  });

  test("UA nobody asked for is an error in state 4", () => {
    const hand = new Hand();
    expect(hand.frame("000173")).toEqual(["error C"]);
    expect(hand.frame("000163")).toEqual(["error D"]);
    expect(hand.state.name).toBe("tei-assigned");
  });

  test("UA with F = 0 does not establish", () => {
    const hand = new Hand();
    hand.give({ kind: "dl-establish-request" });
    expect(hand.frame("000163")).toEqual(["error D"]);
    expect(hand.state.name).toBe("awaiting-establishment");
  });

  test("a release asked for while establishing is served afterwards", () => {
    const hand = new Hand();
    hand.give({ kind: "dl-establish-request" });
    expect(hand.give({ kind: "dl-release-request" })).toEqual([]);
    expect(hand.frame("000173")).toEqual(["dl-establish-confirm", "DISC+"]);
    expect(hand.state.name).toBe("awaiting-release");
  });

  test("a second request while establishing takes the saved release back", () => {
    const hand = new Hand();
    hand.give({ kind: "dl-establish-request" });
    hand.give({ kind: "dl-release-request" });
    expect(hand.give({ kind: "dl-establish-request" })).toEqual([]);
    expect(hand.frame("000173")).toEqual(["dl-establish-confirm"]);
  });
});

describe("release (§5.5.3)", () => {
  test("DISC and UA release; DM does as well", () => {
    for (const answer of ["000173", "00011f"]) {
      const hand = new Hand().establish();
      expect(hand.give({ kind: "dl-release-request" })).toEqual(["DISC+"]);
      expect(hand.frame(answer)).toEqual(["dl-release-confirm"]);
      expect(hand.state.name).toBe("tei-assigned");
    }
  });

  test("without an answer DISC is repeated, then H [T200 expiry]", () => {
    const hand = new Hand().establish();
    hand.give({ kind: "dl-release-request" });
    for (let i = 0; i < 3; i++) expect(hand.expire()).toEqual(["DISC+"]);
    expect(hand.expire()).toEqual(["error H", "dl-release-confirm"]);
  });

  test("the peer's DISC is answered with UA, and with DM when there is no link", () => {
    const hand = new Hand().establish();
    expect(hand.frame("020153")).toEqual(["UA'+", "dl-release-indication"]);
    expect(hand.frame("020153")).toEqual(["DM'+"]);
  });

  test("colliding DISC are both answered; SABME gets DM while releasing", () => {
    const hand = new Hand().establish();
    hand.give({ kind: "dl-release-request" });
    expect(hand.frame("020153")).toEqual(["UA'+"]);
    expect(hand.frame("02017f")).toEqual(["DM'+"]);
    expect(hand.frame("000163")).toEqual(["error D"]);
    expect(hand.frame("00010f")).toEqual([]);
    expect(hand.frame("000173")).toEqual(["dl-release-confirm"]);
  });

  test("release without a link is confirmed at once", () => {
    expect(new Hand().give({ kind: "dl-release-request" })).toEqual(["dl-release-confirm"]);
  });

  test("an establishment asked for while releasing is served afterwards, or taken back", () => {
    const hand = new Hand().establish();
    hand.give({ kind: "dl-release-request" });
    expect(hand.give({ kind: "dl-establish-request" })).toEqual([]);
    expect(hand.frame("000173")).toEqual(["dl-release-confirm", "SABME+"]);
    const other = new Hand().establish();
    other.give({ kind: "dl-release-request" });
    other.give({ kind: "dl-establish-request" });
    other.give({ kind: "dl-release-request" });
    expect(other.frame("000173")).toEqual(["dl-release-confirm"]);
  });
});

describe("transfer (§5.6)", () => {
  test("k = 7 frames go out, the eighth when the first is acknowledged [T200 start] [T200 stop] [T203 start] [T203 stop]", () => {
    const hand = new Hand().establish();
    const sent = [..."abcdefgh"].flatMap((letter) => hand.data(letter));
    expect(sent).toEqual(["I0,0 a", "I1,0 b", "I2,0 c", "I3,0 d", "I4,0 e", "I5,0 f", "I6,0 g"]);
    expect(hand.frame("00010102")).toEqual(["I7,0 h"]);
    expect(hand.state.timers).toEqual({ T200: 1000 });
    expect(hand.frame("00010110")).toEqual([]);
    expect(hand.state.timers).toEqual({ T203: 10000 });
  });

  test("numbers go round after 127", () => {
    const hand = new Hand().establish();
    for (let number = 0; number < 300; number++) {
      expect(hand.data("x")).toEqual([`I${number % 128},0 x`]);
      const nr = (((number + 1) % 128) << 1).toString(16).padStart(2, "0");
      expect(hand.frame(`000101${nr}`)).toEqual([]);
    }
  });

  test("a received I frame is delivered and acknowledged by RR", () => {
    const hand = new Hand().establish();
    expect(hand.frame("0201000041")).toEqual(["dl-data-indication A", "RR'1"]);
    expect(hand.frame("0201020142")).toEqual(["dl-data-indication B", "RR'2+"]);
  });

  test("an I frame that waited acknowledges instead of RR", () => {
    const hand = new Hand().establish();
    for (const letter of "abcdefgh") hand.data(letter);
    expect(hand.frame("0201000241")).toEqual(["dl-data-indication A", "I7,1 h"]);
  });

  test("a gap is rejected once, and the next frame in sequence clears the exception (§5.8.1)", () => {
    const hand = new Hand().establish();
    expect(hand.frame("0201020042")).toEqual(["REJ'0"]);
    expect(hand.frame("0201040043")).toEqual([]);
    expect(hand.frame("0201060144")).toEqual(["RR'0+"]);
    expect(hand.frame("0201000041")).toEqual(["dl-data-indication A", "RR'1"]);
    expect(hand.frame("0201060044")).toEqual(["REJ'1"]);
  });

  test("REJ repeats from N(R) on in the old order, before what is new (§5.6.4)", () => {
    const hand = new Hand().establish();
    for (const letter of "abcdefgh") hand.data(letter);
    expect(hand.frame("00010904")).toEqual([
      "I2,0 c",
      "I3,0 d",
      "I4,0 e",
      "I5,0 f",
      "I6,0 g",
      "I7,0 h",
    ]);
  });

  test("RNR holds the I frames back until RR (§5.6.5)", () => {
    const hand = new Hand().establish();
    hand.data("a");
    expect(hand.frame("00010502")).toEqual([]);
    expect(hand.data("b")).toEqual([]);
    expect(hand.expire()).toEqual(["RR0+"]);
    expect(hand.frame("00010503")).toEqual([]);
    expect(hand.state.name).toBe("multiple-frame-established");
    expect(hand.frame("00010102")).toEqual(["I1,0 b"]);
  });

  test("a peer that stays busy and answers is asked again and again", () => {
    const hand = new Hand().establish();
    hand.frame("00010500");
    for (let i = 0; i < 10; i++) {
      expect(hand.expire()).toEqual(["RR0+"]);
      expect(hand.frame("00010501")).toEqual([]);
    }
    expect(hand.state.name).toBe("multiple-frame-established");
  });

  test("own receiver busy: RNR, information discarded, RR at its end (§5.6.6)", () => {
    const hand = new Hand().establish();
    hand.data("a");
    expect(hand.give({ kind: "own-receiver-busy", busy: true })).toEqual(["RNR'0"]);
    expect(hand.give({ kind: "own-receiver-busy", busy: true })).toEqual([]);
    expect(hand.frame("0201000341")).toEqual(["RNR'0+"]);
    expect(hand.state.va).toBe(1);
    expect(hand.frame("0201000241")).toEqual([]);
    expect(hand.frame("02010103")).toEqual(["RNR'0+"]);
    hand.now = 2000;
    expect(hand.give({ kind: "own-receiver-busy", busy: false })).toEqual(["RR'0"]);
    expect(hand.frame("0201000241")).toEqual(["dl-data-indication A", "RR'1"]);
    expect(new Hand().give({ kind: "own-receiver-busy", busy: true })).toEqual([]);
  });

  test("an enquiry while busy is an RNR command", () => {
    const hand = new Hand().establish();
    hand.give({ kind: "own-receiver-busy", busy: true });
    expect(hand.expire()).toEqual(["RNR0+"]);
  });

  test("UI passes in any state, point to point and broadcast", () => {
    const hand = new Hand();
    const octets = new TextEncoder().encode("u");
    expect(hand.give({ kind: "dl-unit-data-request", octets })).toEqual(["UI"]);
    expect(hand.frame("02010341")).toEqual(["dl-unit-data-indication A"]);
    expect(hand.frame("02ff0342")).toEqual(["dl-unit-data-indication B"]);
  });

  test("data without a link, or longer than N201, is refused", () => {
    const hand = new Hand();
    expect(hand.data("x")).toEqual(["refused no-data-link"]);
    hand.give({ kind: "dl-establish-request" });
    expect(hand.data("x")).toEqual(["refused no-data-link"]);
    hand.frame("000173");
    expect(hand.data("x".repeat(260))).toHaveLength(1);
    expect(hand.data("x".repeat(261))).toEqual(["refused too-long"]);
    const octets = new Uint8Array(261);
    expect(hand.give({ kind: "dl-unit-data-request", octets })).toEqual(["refused too-long"]);
  });
});

describe("timer recovery (§5.6.7)", () => {
  test("T200 asks; the answer tells what to repeat [T200 expiry]", () => {
    const hand = new Hand().establish();
    hand.data("a");
    hand.data("b");
    expect(hand.expire()).toEqual(["RR0+"]);
    expect(hand.state.name).toBe("timer-recovery");
    expect(hand.data("c")).toEqual([]);
    // An RR that is no answer acknowledges but does not end the recovery.
    expect(hand.frame("00010102")).toEqual([]);
    expect(hand.state.name).toBe("timer-recovery");
    expect(hand.frame("00010103")).toEqual(["I1,0 b", "I2,0 c"]);
    expect(hand.state.name).toBe("multiple-frame-established");
  });

  test("I frames are still received meanwhile", () => {
    const hand = new Hand().establish();
    hand.data("a");
    hand.expire();
    expect(hand.frame("0201000041")).toEqual(["dl-data-indication A", "RR'1"]);
    expect(hand.state.name).toBe("timer-recovery");
  });

  test("without an answer N200 times the link is re-established with I [T200 expiry]", () => {
    const hand = new Hand().establish();
    hand.data("a");
    for (let i = 0; i < 3; i++) expect(hand.expire()).toEqual(["RR0+"]);
    expect(hand.expire()).toEqual(["error I", "SABME+"]);
    expect(hand.state.name).toBe("awaiting-establishment");
  });

  test("T203 asks when nothing was heard; the answer starts it anew [T203 start] [T203 expiry]", () => {
    const hand = new Hand().establish();
    expect(hand.expire()).toEqual(["RR0+"]);
    expect(hand.now).toBe(10000);
    expect(hand.frame("00010101")).toEqual([]);
    expect(hand.state.timers).toEqual({ T203: 20000 });
  });

  test("a busy answer goes back to state 7 with T200 running", () => {
    const hand = new Hand().establish();
    hand.data("a");
    hand.expire();
    expect(hand.frame("00010501")).toEqual([]);
    expect(hand.state).toMatchObject({ name: "multiple-frame-established", peerBusy: true });
    expect(hand.frame("00010100")).toEqual(["I0,0 a"]);
  });

  test("DM with F = 1 is an answer that there is no link: B and re-establishment", () => {
    const hand = new Hand().establish();
    expect(hand.frame("00011f")).toEqual(["error B"]);
    hand.expire();
    expect(hand.frame("00011f")).toEqual(["error B", "SABME+"]);
  });

  test("the peer's SABME and DISC are obeyed in it", () => {
    const hand = new Hand().establish();
    hand.expire();
    expect(hand.frame("02017f")).toEqual(["UA'+", "error F"]);
    expect(hand.state.name).toBe("multiple-frame-established");
    hand.expire();
    expect(hand.frame("020153")).toEqual(["UA'+", "dl-release-indication"]);
  });
});

describe("re-establishment (§5.7) and errors (§5.8)", () => {
  test.each([
    ["00010104", ["error J", "SABME+"], "N(R) beyond V(S)"],
    ["00010904", ["error J", "SABME+"], "N(R) of REJ beyond V(S)"],
    ["0201000441", ["dl-data-indication A", "error J", "SABME+"], "N(R) of an I frame"],
    ["0001870000000000", ["error K", "SABME+"], "FRMR"],
    ["0201ef", ["error L", "SABME+"], "an undefined frame"],
    ["02017f01", ["error M", "SABME+"], "information where none may be"],
    ["0201010000", ["error N", "SABME+"], "a supervisory frame too long"],
    [`02010000${"00".repeat(261)}`, ["error O", "SABME+"], "information beyond N201"],
    ["00010f", ["error E", "SABME+"], "DM with F = 0"],
  ] as readonly (readonly [string, readonly string[], string])[])("%s %s: %s", (text, outputs) => {
    const hand = new Hand().establish();
    hand.data("x");
    expect(hand.frame(text)).toEqual(outputs);
    expect(hand.state.name).toBe("awaiting-establishment");
  });

  test("unsolicited UA and F = 1 are errors that leave the link as it is", () => {
    const hand = new Hand().establish();
    expect(hand.frame("000173")).toEqual(["error C"]);
    expect(hand.frame("000163")).toEqual(["error D"]);
    expect(hand.frame("00010101")).toEqual(["error A"]);
    expect(hand.state.name).toBe("multiple-frame-established");
  });

  test("rejection conditions without a link are reported only", () => {
    const hand = new Hand();
    expect(hand.frame("0201ef")).toEqual(["error L"]);
    hand.give({ kind: "dl-establish-request" });
    expect(hand.frame("0201010000")).toEqual(["error N"]);
    expect(hand.state.name).toBe("awaiting-establishment");
  });

  test("after own re-establishment with frames outstanding layer 3 hears of the loss", () => {
    const hand = new Hand().establish();
    hand.data("lost");
    hand.frame("0001870000000000");
    expect(hand.frame("000173")).toEqual(["dl-establish-indication"]);
    expect(hand.expire()).toEqual(["RR0+"]);
  });

  test("without any outstanding the queue is kept and sent, silently", () => {
    const hand = new Hand().establish();
    hand.frame("0001870000000000");
    expect(hand.data("kept")).toEqual([]);
    expect(hand.frame("000173")).toEqual(["I0,0 kept"]);
  });

  test("what a busy peer turned down is kept through a re-establishment", () => {
    const hand = new Hand().establish();
    hand.data("a");
    hand.expire();
    hand.frame("00010501");
    hand.data("b");
    expect(hand.frame("02017f")).toEqual(["UA'+", "error F", "I0,0 a", "I1,0 b"]);
  });

  test("the peer's re-establishment: F, and layer 3 hears of it only when frames were outstanding", () => {
    const hand = new Hand().establish();
    expect(hand.frame("02017f")).toEqual(["UA'+", "error F"]);
    hand.data("a");
    expect(hand.frame("02017f")).toEqual(["UA'+", "error F", "dl-establish-indication"]);
    expect(hand.data("b")).toEqual(["I0,0 b"]);
  });

  test("layer 3 can begin anew: the queue is discarded", () => {
    const hand = new Hand().establish();
    for (const letter of "abcdefghi") hand.data(letter);
    expect(hand.give({ kind: "dl-establish-request" })).toEqual(["SABME+"]);
    expect(hand.frame("000173")).toEqual(["dl-establish-confirm"]);
    expect(hand.data("z")).toEqual(["I0,0 z"]);
  });

  test("layer 3 can take over an own re-establishment", () => {
    const hand = new Hand().establish();
    hand.data("a");
    hand.frame("0001870000000000");
    hand.data("b");
    expect(hand.give({ kind: "dl-establish-request" })).toEqual([]);
    expect(hand.frame("000173")).toEqual(["dl-establish-confirm"]);
    expect(hand.data("c")).toEqual(["I0,0 c"]);
  });
});

describe("what is not for this link", () => {
  test.each([
    ["fcff030f00000402", "SAPI 63 TEI 127"], // TEI management
    ["02037f", "SAPI 0 TEI 1"],
    ["0aff0300", "SAPI 2 TEI 127"],
    ["02ff7f", "SAPI 0 TEI 127"], // acknowledged operation on the broadcast link
    ["0202", "too short"],
    ["02027f", "address field"],
  ])("%s is discarded: %s", (text, reason) => {
    const hand = new Hand().establish();
    const before = hand.state;
    expect(hand.frame(text)).toEqual([`discarded ${reason}`]);
    expect(hand.state).toEqual(before);
  });
});

describe("a peer that stays busy", () => {
  test("when 512 frames wait the link is re-established and layer 3 is told", () => {
    const hand = new Hand().establish();
    hand.frame("00010501");
    for (let frame = 0; frame < 512; frame++) expect(hand.data("x")).toEqual([]);
    expect(hand.state.queue.size).toBe(512);
    const said = hand.data("x");
    expect(said[0]).toBe("refused queue-full");
    expect(said).toHaveLength(2);
    expect(hand.state.name).toBe("awaiting-establishment");
    expect(hand.state.queue.size).toBe(0);
    expect(hand.frame("000173")).toEqual(["dl-establish-confirm"]);
    expect(hand.state.name).toBe("multiple-frame-established");
  });

  test("and when they wait while this side re-establishes by itself", () => {
    const hand = new Hand().establish();
    hand.frame("000187000000");
    expect(hand.state.name).toBe("awaiting-establishment");
    for (let frame = 0; frame < 512; frame++) hand.data("x");
    expect(hand.data("x")).toEqual(["refused queue-full"]);
    expect(hand.frame("000173")).toEqual(["dl-establish-confirm"]);
  });
});

describe("persistent deactivation (annex B)", () => {
  test("releases the link from any state", () => {
    const hand = new Hand();
    expect(hand.give({ kind: "persistent-deactivation" })).toEqual([]);
    hand.give({ kind: "dl-establish-request" });
    expect(hand.give({ kind: "persistent-deactivation" })).toEqual(["dl-release-indication"]);
    hand.establish();
    expect(hand.give({ kind: "persistent-deactivation" })).toEqual(["dl-release-indication"]);
    hand.establish().give({ kind: "dl-release-request" });
    expect(hand.give({ kind: "persistent-deactivation" })).toEqual(["dl-release-confirm"]);
    expect(hand.expire()).toEqual(["no timer"]);
  });
});
