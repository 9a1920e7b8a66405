import type { Gateway } from "../gateway/index.js";
import type { Logger } from "./log.js";

type Signal = "SIGTERM" | "SIGINT";

/** Where signals come from: the process, or a test. */
export interface Signals {
  on(signal: Signal, listener: (signal: Signal) => void): unknown;
  off(signal: Signal, listener: (signal: Signal) => void): unknown;
}

/**
 * Resolves when the gateway has stopped. SIGTERM waits for the calls to end by themselves; SIGINT, the
 * end of that time and a second signal end them (BYE, DISCONNECT); a signal during that closes at once.
 */
export function untilStopped(
  gateway: Pick<Gateway, "drain" | "idle" | "endCalls" | "stop">,
  api: { close(): Promise<void> },
  log: Pick<Logger, "info">,
  drainMs: number,
  signals: Signals = process,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let phase: "running" | "draining" | "ending" | "closing" = "running";
    const close = async (): Promise<void> => {
      if (phase === "closing") return;
      phase = "closing";
      signals.off("SIGTERM", onSignal);
      signals.off("SIGINT", onSignal);
      await api.close();
      await gateway.stop();
    };
    const closeNow = (): void => void close().then(resolve, reject);
    const end = (): void => {
      if (phase === "ending" || phase === "closing") return;
      phase = "ending";
      void gateway.endCalls(CLEARED_WITHIN_MS).then(closeNow);
    };
    const onSignal = (signal: Signal): void => {
      if (phase === "ending") closeNow();
      else if (phase === "draining" || signal === "SIGINT") end();
      else {
        phase = "draining";
        log.info({ drainMs }, "draining");
        gateway.drain();
        void gateway.idle(drainMs).then(end);
      }
    };
    signals.on("SIGTERM", onSignal);
    signals.on("SIGINT", onSignal);
  });
}

/** Time for a BYE to be repeated once or twice, and for RELEASE and RELEASE COMPLETE. */
const CLEARED_WITHIN_MS = 2000;
