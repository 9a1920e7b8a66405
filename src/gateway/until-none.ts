import type { Delay } from "../host/index.js";

/** Resolves when nothing is left, or after so many milliseconds of the delay's clock. */
export function untilNone(delay: Delay, left: () => number, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (leftMs: number): void => {
      if (left() === 0 || leftMs <= 0) resolve();
      else delay(LOOK_AGAIN_MS, () => look(leftMs - LOOK_AGAIN_MS));
    };
    look(withinMs);
  });
}

const LOOK_AGAIN_MS = 20;
