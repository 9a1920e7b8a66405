import { type Command, InvalidArgumentError } from "commander";
import { type ApiClient, apiClient } from "./client.js";

export interface ApiOptions {
  readonly api: string;
  readonly json?: boolean;
}

/** Adds what every command has that asks a running gateway. */
export function withApi(command: Command): Command {
  return command
    .option("--api <url>", "control API of the gateway", "http://127.0.0.1:8060")
    .option("--json", "print data as JSON");
}

export function client(options: ApiOptions): ApiClient {
  return apiClient(options.api);
}

/** A whole number within bounds, for commander. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`a whole number from ${low} to ${high} is wanted.`);
  };
}

export function number(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`a number from ${low} to ${high} is wanted.`);
  };
}

const PACKET_TIMES = [10, 20, 30, 40, 60] as const;
export type PacketTime = (typeof PACKET_TIMES)[number];

export function packetTime(text: string): PacketTime {
  const found = PACKET_TIMES.find((time) => String(time) === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError("10, 20, 30, 40 or 60 is wanted.");
}

/** `1,5,7-9` as timeslots. */
export function timeslots(text: string): number[] {
  const list = text.split(",").flatMap((part) => {
    const match = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(part.trim());
    const [from, to] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
    if (match === null || from < 1 || to > 31 || to < from) {
      throw new InvalidArgumentError("timeslots such as 1,5,7-9 are wanted.");
    }
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return [...new Set(list)];
}
