import { within } from "./arguments.js";
import { NativeEngine } from "./engine.js";
import { loadNative, type Native } from "./native.js";
import type { Engine, EngineOptions } from "./types.js";

let native: Native | undefined;

/** The addon, loaded once. Throws when it is not built. */
export function theAddon(): Native {
  native ??= loadNative();
  return native;
}

/** Opens an engine. Throws when the addon is not built or an option is wrong. */
export function createEngine(options: EngineOptions): Engine {
  within("workers", options.workers ?? 1, 1, 256);
  return new NativeEngine(theAddon(), options);
}
