import { readFileSync } from "node:fs";
import type { Engine, SoundHandle, Source } from "../media/index.js";
import { readWave } from "../media/index.js";
import type { Sound } from "./service.js";

/** The sounds of an exchange as sources of engine terminals. */
export interface SoundLibrary {
  source(sound: Sound): Source;
}

/** Loads the announcements into the engine; `country` chooses the tones. */
export function loadSounds(engine: Engine, country: string, law: "a-law" | "mu-law"): SoundLibrary {
  const announcement = load(engine, "announcement");
  const notInService = load(engine, "not-in-service");
  const sources: Readonly<Record<Sound, Source>> = {
    silence: { kind: "silence" },
    "ringing-tone": { kind: "tone", tone: { country, name: "ringing" } },
    "special-information-tone": { kind: "tone", tone: { country, name: "special-information" } },
    // 1000 Hz in A-law networks, 1004 Hz in mu-law ones (design section 5)
    milliwatt: { kind: "milliwatt", law, frequency: law === "a-law" ? 1000 : 1004 },
    announcement: { kind: "sound", sound: announcement, loop: true, gapMs: 1000 },
    "not-in-service-announcement": { kind: "sound", sound: notInService, loop: true, gapMs: 1000 },
    echo: { kind: "echo" },
    "noise-and-pauses": { kind: "noise", levelDbm0: -45, burstMs: 2000, pauseMs: 2000 },
    "two-wire-line": {
      kind: "hybrid",
      delayMs: 24,
      erlDb: 12,
      talker: { sound: announcement, gapMs: 8000 },
    },
  };
  return { source: (sound) => sources[sound] };
}

function load(engine: Engine, name: string): SoundHandle {
  // The files stand beside the source; the compiled room lies at the same depth.
  const file = new URL(`../../src/exchange/sounds/${name}.wav`, import.meta.url);
  const wave = readWave(readFileSync(file));
  if (!wave.ok) throw new Error(`${name}.wav: ${wave.error.reason}`);
  const loaded = engine.loadSound(wave.value.samples);
  if (!loaded.ok) throw new Error(`${name}.wav: ${loaded.error.message}`);
  return loaded.value;
}
