import { createEngine, type Engine, type EngineEvent } from "../addon/index.js";
import { type OpenCarrier, realWorld, Transports, type World } from "../host/index.js";

/** What a gateway stands in: clock, chance, network and a media engine. Tests bring stepped ones. */
export interface GatewayWorld {
  readonly world: World;
  /** Sockets when absent. */
  readonly openTransports?: OpenCarrier;
  readonly openEngine: (
    workers: number,
    onEvents: (events: readonly EngineEvent[]) => void,
  ) => Engine;
}

export const SOCKETS: OpenCarrier = (options, events) => new Transports(options, events);

export const REAL: GatewayWorld = {
  world: realWorld(),
  openEngine: (workers, onEvents) => createEngine({ mode: "threaded", workers, onEvents }),
};
