import { within } from "./arguments.js";
import { NativeEngine } from "./engine.js";
import { loadNative, type Native } from "./native.js";
import type { Engine, EngineOptions } from "./types.js";

let native: Native | undefined;

/** Opens an engine. Throws when the addon is not built or an option is wrong. */
export function createEngine(options: EngineOptions): Engine {
  within("workers", options.workers ?? 1, 1, 256);
  native ??= loadNative();
  return new NativeEngine(native, options);
}
