import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fromHex, hex } from "../../../../src/core/index.js";
import { describeFrame, summariseFrame, type TreeNode } from "../../../../src/isdn/decode/index.js";
import { parseFrame, printFrame, type Side } from "../../../../src/isdn/q921/index.js";
import { parseMessage, printMessage } from "../../../../src/isdn/q931/index.js";

/** A whole call of libpri, both sides. */
const FRAMES = readFileSync(
  new URL("../../../vectors/q931/libpri-call.txt", import.meta.url),
  "utf8",
)
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(" ") as [Side, string]);

describe("a call between libpri's two sides [vector]", () => {
  test.each(FRAMES)("%s %s reads without a fault and prints back octet for octet", (side, text) => {
    const octets = fromHex(text) ?? new Uint8Array(0);
    const parsed = parseFrame(octets, side);
    if (parsed.kind !== "frame") throw new Error(parsed.kind);
    expect(hex(printFrame(parsed.frame, side))).toBe(text);
    if (parsed.frame.kind !== "I") return;
    const direction = side === "user" ? "user-to-network" : "network-to-user";
    const q931 = parseMessage(parsed.frame.information, { profile: "etsi", direction });
    if (q931.kind !== "message") throw new Error(q931.kind);
    expect(q931.faults).toEqual([]);
    expect(hex(printMessage(q931.message))).toBe(hex(parsed.frame.information));
    // Every octet of the frame is in the tree, in order, without a gap.
    const tree = describeFrame(octets, side);
    expect(tree.octets).toEqual([0, octets.length]);
    const message = tree.children.at(-1) as TreeNode;
    let at = 4;
    for (const child of message.children) {
      expect(child.octets[0]).toBe(at);
      at = child.octets[1];
    }
    expect(at).toBe(octets.length);
  });

  test("reads as a ladder [SETUP] [CALL PROCEEDING] [ALERTING] [CONNECT] [CONNECT ACKNOWLEDGE] [DISCONNECT] [RELEASE] [RELEASE COMPLETE]", () => {
    const lines = FRAMES.map(([side, text]) =>
      summariseFrame(fromHex(text) ?? new Uint8Array(0), side),
    );
    expect(lines).toEqual([
      "SABME P",
      "UA F",
      "SABME P",
      "UA F",
      "I 0,0 SETUP 1> 3.1 kHz audio, channel 31 exclusive, calling 5550000, called 5551234, sending complete",
      "RR 1",
      "I 0,1 CALL PROCEEDING 1< channel 31 exclusive",
      "RR 1",
      "I 1,1 ALERTING 1<",
      "RR 2",
      "I 2,1 CONNECT 1< channel 31 exclusive",
      "I 1,3 CONNECT ACKNOWLEDGE 1>",
      "RR 2",
      "I 2,3 DISCONNECT 1> cause 16 normal call clearing",
      "RR 3",
      "I 3,3 RELEASE 1< cause 16 normal call clearing",
      "RR 4",
      "I 3,4 RELEASE COMPLETE 1> cause 16 normal call clearing",
      "RR 4",
    ]);
  });
});
