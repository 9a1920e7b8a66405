import { resolve } from "node:path";
import { err, ok, type Result } from "../core/index.js";
import { type Gateway, ListenError, startGateway } from "../gateway/index.js";
import { serveApi } from "./api/index.js";
import {
  type Configuration,
  loadConfiguration,
  parseConfiguration,
} from "./configuration/index.js";
import { createLogger } from "./log.js";
import { untilStopped } from "./stopping.js";
import { version } from "./version.js";

export interface RunOptions {
  readonly config?: string;
  readonly log?: string;
}

export interface RunningGateway {
  /** A few lines that say where it listens and what to try first. */
  readonly greeting: readonly string[];
  /** Resolves when the gateway has stopped after SIGTERM or SIGINT. */
  readonly stopped: Promise<void>;
}

/** Loads the configuration, starts gateway and control API, and stops them on a signal. */
export async function runGateway(
  options: RunOptions,
): Promise<Result<RunningGateway, readonly string[]>> {
  const file = options.config === undefined ? undefined : resolve(options.config);
  const loaded =
    options.config === undefined
      ? parseConfiguration("", "defaults")
      : loadConfiguration(options.config);
  if (!loaded.ok) return loaded;
  const { configuration } = loaded.value;
  const log = createLogger(options.log ?? configuration.log.level);
  let gateway: Gateway | undefined;
  try {
    gateway = await startGateway({ ...configuration, version }, log);
    const api = await listenApi(gateway, configuration, file);
    return ok({
      greeting: greeting(gateway, api.url),
      stopped: untilStopped(gateway, api, log, configuration.drainSeconds * 1000),
    });
  } catch (error) {
    await gateway?.stop();
    if (error instanceof ListenError) return err([error.message]);
    throw error;
  }
}

async function listenApi(
  gateway: Gateway,
  { listen }: Configuration,
  configFile: string | undefined,
): ReturnType<typeof serveApi> {
  try {
    return await serveApi(gateway, listen.api, configFile);
  } catch (error) {
    throw new ListenError(
      "the control API cannot listen",
      listen.api,
      error as NodeJS.ErrnoException,
    );
  }
}

function greeting(gateway: Gateway, api: string): string[] {
  const { listeners, trunkGroups } = gateway.status();
  const groups = trunkGroups.map(({ name, total }) => `${name} (${total} circuits)`).join(", ");
  return [
    `trunkgate ${version} is running`,
    `  SIP       ${listeners.map(({ uri }) => uri).join(", ")}`,
    `  control   ${api}/api/v1`,
    `  trunks    ${groups}`,
    ...(gateway.exchange === undefined
      ? []
      : [`  exchange  simulated; try in another terminal: npx trunkgate dial 100`]),
  ];
}
