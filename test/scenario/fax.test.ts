import { expect } from "vitest";
import type { Source } from "../../src/addon/index.js";
import { TONE } from "./codec-end.js";
import { share } from "./sound.js";
import { answered, gatewayCounters, SWITCH } from "./switched-call.js";
import { type ScenarioWorld, scenario } from "./world.js";

/** One second of HDLC flags at 300 bit/s, channel 2 (V.21 §3, T.30 §5.3.1): 1650 Hz is 1, 1850 Hz is 0. */
function v21Preamble(): Int16Array {
  const bits = [0, 1, 1, 1, 1, 1, 1, 0];
  let phase = 0;
  return Int16Array.from({ length: 8000 }, (_, i) => {
    const bit = bits[Math.floor((i * 300) / 8000) % 8];
    phase += (2 * Math.PI * (bit === 1 ? 1650 : 1850)) / 8000;
    return Math.round(4000 * Math.sin(phase));
  });
}

const CED = { levelDbm0: -12, segments: [{ frequencies: [2100], ms: 0 }] };

function soundOf(world: ScenarioWorld, samples: Int16Array): Source {
  const sound = world.engine.loadSound(samples);
  if (!sound.ok) throw new Error(sound.error.message);
  return { kind: "sound", sound: sound.value, loop: true };
}

for (const [signal, from] of [
  ["CED", "PSTN"],
  ["the V.21 preamble", "PSTN"],
  ["CED", "peer"],
] as const) {
  scenario(
    `${signal} from the ${from} on a G.729 call: the peer is offered G.711, and the call keeps to it [re-INVITE] [RFC 3264 §8]`,
    (world) => {
      const said: Source =
        signal === "CED" ? { kind: "tone", tone: CED } : soundOf(world, v21Preamble());
      const { call, end, far } = answered(
        world,
        { wish: { codecs: ["G729", "PCMA"], events: false } },
        from === "peer" ? said : TONE,
      );
      expect(call.stream?.formats[0]?.encoding).toBe("G729");
      end.talk("G729");
      const pstn = world.switch.attend(far, from === "PSTN" ? said : TONE);
      world.until(() => call.theirs.length === 2, "the new offer", 3000);
      expect(call.stream?.formats.map(({ encoding }) => encoding)).toEqual([
        ...["PCMA", "PCMU", "TELEPHONE-EVENT"],
      ]);
      world.run(200);
      expect(gatewayCounters(world).codec).toBe("PCMA");
      end.talk("PCMA");
      world.run(2000);
      if (signal === "CED") {
        const heard = from === "PSTN" ? end.heard() : pstn();
        expect(share(heard, 2100, 1000)).toBeGreaterThan(0.98);
      }
      call.modify({ codecs: ["G729"] });
      world.until(() => call.modified.length === 1, "the refusal");
      expect(call.modified).toEqual([{ ok: false, status: 488 }]);
      expect(gatewayCounters(world)).toMatchObject({ codec: "PCMA" });
      call.hangUp();
      end.close();
    },
    { configuration: `${SWITCH}codecs: { order: [g729, pcma, pcmu] }\n` },
  );
}

scenario(
  "the new offer for a fax meets one of the peer: both are refused with 491 and made again [491] [re-INVITE] [RFC 3261 §14.1]",
  (world) => {
    const { call, end, far } = answered(world, {
      wish: { codecs: ["G729", "PCMA"], events: false },
    });
    end.talk("G729");
    world.switch.attend(far, { kind: "tone", tone: CED });
    const isHeard = () => world.log.some(([, message]) => message.startsWith("fax or modem"));
    world.until(isHeard, "the answer tone", 3000);
    call.modify({ direction: "sendonly" });
    world.until(() => call.modified.length === 1, "the hold", 20_000);
    world.run(3000);
    expect(call.modified).toEqual([{ ok: true, status: 200 }]);
    expect(call.stream).toMatchObject({ direction: "recvonly" });
    expect(call.stream?.formats[0]?.encoding).toBe("PCMA");
    expect(gatewayCounters(world).codec).toBe("PCMA");
    const refusals = world.network.passed.filter(({ text }) => text.startsWith("SIP/2.0 491"));
    expect(new Set(refusals.map(({ from }) => from)).size).toBe(2);
    const versions = call.theirs.map((text) => Number(/^o=\S+ \S+ (\d+)/m.exec(text)?.[1]));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    call.hangUp();
    end.close();
  },
  { configuration: `${SWITCH}codecs: { order: [g729, pcma, pcmu] }\n` },
);
