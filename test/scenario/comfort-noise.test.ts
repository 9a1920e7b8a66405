import { expect } from "vitest";
import type { Source } from "../../src/addon/index.js";
import { CodecEnd } from "./codec-end.js";
import { loudness } from "./sound.js";
import { type ScenarioWorld, scenario } from "./world.js";

const NOISY = "exchange: { enabled: false }\ncodecs: { comfortNoise: true, vad: true }\n";
/** Background noise without end. */
const NOISE: Source = { kind: "noise", levelDbm0: -50, burstMs: 600_000, pauseMs: 1 };

/** A G.711 call to the switch whose phone has comfort noise, or none. */
function answered(world: ScenarioWorld, comfortNoise: boolean) {
  world.switch.onCall = (one) => one.tell({ kind: "connect" });
  const call = world.phone.call("4711", {
    wish: { codecs: ["PCMA"], events: false, comfortNoise },
  });
  world.until(() => call.state === "answered", "the answer");
  const far = world.switch.calls.at(-1);
  if (far === undefined) throw new Error("no call at the switch");
  return { call, far };
}

scenario(
  "silence of the PSTN goes to a peer with comfort noise as packets of RFC 3389 and pauses [RFC 3389 §4]",
  (world) => {
    const { call, far } = answered(world, true);
    expect(call.stream?.formats.map(({ encoding }) => encoding)).toEqual(["PCMA", "CN"]);
    world.switch.attend(far, NOISE);
    world.run(3000);
    const before = call.media.heard.length;
    world.run(3000);
    const later = call.media.heard.slice(before);
    expect(later.length).toBeLessThan(60);
    expect(later.some(({ payloadType }) => payloadType === 13)).toBe(true);
    const noise = call.media.heard.findLast(({ payloadType }) => payloadType === 13);
    // RFC 3389 §3.1: the level in -dBov, then reflection coefficients.
    expect(noise?.payload[0]).toBeGreaterThan(35);
    expect(noise?.payload[0]).toBeLessThan(75);
    call.hangUp();
  },
  { configuration: NOISY },
);

scenario(
  "a peer without comfort noise is sent all of the silence",
  (world) => {
    const { call, far } = answered(world, false);
    world.switch.attend(far, NOISE);
    world.run(4000);
    const packets = call.media.heard;
    expect(new Set(packets.map(({ payloadType }) => payloadType))).toEqual(new Set([8]));
    expect(packets.length).toBeGreaterThan(195);
    call.hangUp();
  },
  { configuration: NOISY },
);

scenario(
  "comfort noise of a peer is noise of that level on the timeslot, and no loss [RFC 3389 §5]",
  (world) => {
    world.switch.onCall = (one) => one.tell({ kind: "connect" });
    const call = world.phone.call("4711", {
      wish: { codecs: ["PCMA"], events: false, comfortNoise: true },
    });
    const end = new CodecEnd(world, call);
    world.until(() => call.state === "answered", "the answer");
    const far = world.switch.calls.at(-1);
    if (far === undefined) throw new Error("no call at the switch");
    const heard = world.switch.attend(far);
    end.talk("PCMA", { vad: true });
    world.run(500);
    end.say(NOISE);
    world.run(6000);
    const media = world.gateway.calls()[0]?.legs[0]?.media;
    expect(media?.packetsReceived).toBeLessThan(200);
    expect(media).toMatchObject({ lost: 0, late: 0 });
    // -50 dBm0 is 73 of 22,827 (16-bit peak of 0 dBm0) by root mean square, 51 in all
    expect(loudness(heard(), 2000)).toBeGreaterThan(20);
    expect(loudness(heard(), 2000)).toBeLessThan(130);
    call.hangUp();
    end.close();
  },
  { configuration: NOISY },
);
