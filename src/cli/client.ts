import { WebSocket } from "ws";
import { CommandError, EXIT } from "./output.js";

/** Speaks to a running gateway's control API. */
export interface ApiClient {
  read<Value>(path: string): Promise<Value>;
  send<Value>(method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<Value>;
  /** Hands on each event until the signal aborts or the gateway stops. */
  follow(onEvent: (event: unknown) => void, signal: AbortSignal): Promise<void>;
}

export function apiClient(base: string): ApiClient {
  const url = apiUrl(base);
  const request = async <Value>(method: string, path: string, body?: unknown): Promise<Value> => {
    let response: Response;
    try {
      response = await fetch(new URL(path, url), {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      });
    } catch {
      throw unreachable(url);
    }
    const value = (await response.json().catch(() => ({}))) as { error?: string };
    if (!response.ok) throw new CommandError(value.error ?? `the gateway said ${response.status}`);
    return value as Value;
  };
  return {
    read: (path) => request("GET", path),
    send: (method, path, body) => request(method, path, body),
    follow: (onEvent, signal) => follow(url, onEvent, signal),
  };
}

function apiUrl(base: string): URL {
  if (!/^https?:\/\//i.test(base) || !URL.canParse("/api/v1/", base)) {
    const example = "http://127.0.0.1:8060";
    throw new CommandError(`--api is a URL such as ${example}, not "${base}"`, EXIT.usage);
  }
  return new URL("/api/v1/", base);
}

function follow(url: URL, onEvent: (event: unknown) => void, signal: AbortSignal): Promise<void> {
  const address = new URL("events", url);
  address.protocol = "ws:";
  const socket = new WebSocket(address);
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => socket.close());
    socket.on("message", (data) => onEvent(JSON.parse(String(data))));
    socket.on("close", () => resolve());
    socket.on("error", () => reject(unreachable(url)));
  });
}

function unreachable(url: URL): CommandError {
  return new CommandError(
    `no gateway answers on ${url.host}; start one with "trunkgate run", or name another with --api`,
    EXIT.unreachable,
  );
}
