// A gateway in a process of its own, as `trunkgate run` starts it, that tells what it costs.
// Started by the benches: node gateway-process.mjs <configuration file>
import { monitorEventLoopDelay } from "node:perf_hooks";
import { runGateway } from "../../dist/operations/index.js";

const delay = monitorEventLoopDelay({ resolution: 1 });
const begun = await runGateway({ config: process.argv[2] });
if (!begun.ok) {
  process.stderr.write(`${begun.error.join("\n")}\n`);
  process.exit(1);
}
delay.enable();

process.on("message", (question) => {
  if (question === "begin") delay.reset();
  if (question === "collect") globalThis.gc?.();
  const ms = (nanoseconds) => nanoseconds / 1e6;
  process.send({
    cpuUs: process.cpuUsage(),
    memory: process.memoryUsage(),
    loopDelayMs: { mean: ms(delay.mean), p99: ms(delay.percentile(99)), max: ms(delay.max) },
  });
});
process.send("ready");
await begun.value.stopped;
process.disconnect();
