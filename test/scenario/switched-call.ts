import type { Source } from "../../src/addon/index.js";
import { CodecEnd, TONE } from "./codec-end.js";
import type { CallOptions } from "./phone.js";
import type { ScenarioWorld } from "./world.js";

/** A scripted switch at the far end. */
export const SWITCH = "exchange: { enabled: false }\n";

/** A call to the scripted switch that is answered, with the phone's speech by the engine. */
export function answered(world: ScenarioWorld, options: CallOptions = {}, source: Source = TONE) {
  world.switch.onCall = (one) => one.tell({ kind: "connect" });
  const call = world.phone.call("4711", options);
  const end = new CodecEnd(world, call, source);
  world.until(() => call.state === "answered", "the answer");
  const far = world.switch.calls.at(-1);
  if (far === undefined) throw new Error("no call at the switch");
  return { call, end, far };
}

/** The media of a leg of the first call, as the gateway shows it. */
export function gatewayCounters(world: ScenarioWorld, leg = 0) {
  const media = world.gateway.calls()[0]?.legs[leg]?.media;
  if (media === undefined) throw new Error("no media");
  return media;
}
