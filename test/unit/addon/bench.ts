import {
  createEngine,
  type Engine,
  type EngineEvent,
  type EngineOptions,
  type EngineResult,
} from "../../../src/addon/index.js";

/** A stepped engine and all that it said. */
export function steppedEngine(options: Partial<EngineOptions> = {}): {
  readonly engine: Engine;
  readonly events: EngineEvent[];
} {
  const events: EngineEvent[] = [];
  const engine = createEngine({
    mode: "stepped",
    onEvents: (some) => events.push(...some),
    ...options,
  });
  return { engine, events };
}

/** The value of a result that must be there. */
export function good<Value>(result: EngineResult<Value>): Value {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** The code of a result that must be a failure. */
export function codeOf(result: EngineResult<unknown>): string {
  return result.ok ? "ok" : result.error.code;
}
