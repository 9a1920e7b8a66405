import { type Logger, pino } from "pino";

export type { Logger };

/** JSON lines on standard error, so that standard output stays a command's own. Quiet by default. */
export function createLogger(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;
