// Calls per second: SIP in, ISDN over HDLC octets to the exchange, answer, and all of it taken down.
// The gateway with the simulated exchange is one process, the callers another (signalling alone).
import { monitorEventLoopDelay } from "node:perf_hooks";
import { openPhone, silentVoice } from "../../dist/phone/index.js";
import { startGateway, until } from "./gateway.mjs";
import { argumentsOf, line, machine, mib, quantile } from "./numbers.mjs";

const { spans, rate, seconds, warmup, hold, number, core, node } = argumentsOf({
  spans: 16,
  rate: 200,
  seconds: 20,
  warmup: 5,
  hold: 500,
  number: "110",
  core: "0",
  node: "",
});
const nodeOptions = node === "" ? [] : node.split(" ");
const gateway = await startGateway({ spans, core: core === "any" ? undefined : core, nodeOptions });
const phone = await openPhone({ voice: silentVoice("127.0.0.1"), port: 15_070 });
const destination = { transport: "udp", address: "127.0.0.1", port: gateway.sip };
const expected = /^85[012]\d{3}$/.test(number) ? number.slice(3).replace(/^0+/, "") : undefined;

await load(warmup);
await settled();
const before = await gateway.ask("collect");
const workersBefore = (await gateway.get("status")).workers;
const start = await gateway.ask("begin");
const own = monitorEventLoopDelay({ resolution: 1 });
own.enable();
const begun = performance.now();
const { reports, most } = await load(seconds);
const tookMs = performance.now() - begun;
const end = await gateway.ask("end");
const workersAfter = (await gateway.get("status")).workers;
const failed = reports.filter((report) => !isGood(report));
const after = await gateway.ask("collect");
await settled();
const { eventLoopDelayMs: _, ...status } = await gateway.get("status");
tell();
await phone.close();
await gateway.stop();
process.exitCode = failed.length === 0 && phone.faults.length === 0 ? 0 : 1;

/** Places calls at the rate, in even steps, whatever becomes of those before. */
async function load(forSeconds) {
  const total = Math.round(rate * forSeconds);
  const ended = [];
  const origin = performance.now();
  let most = 0;
  for (let placed = 0; placed < total; ) {
    const due = Math.min(total, Math.ceil(((performance.now() - origin) * rate) / 1000));
    for (; placed < due; placed++) ended.push(one().ended);
    most = Math.max(most, phone.liveCalls);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { reports: await Promise.all(ended), most };
}

function one() {
  return phone.placeCall({
    destination,
    to: number,
    from: "5550123",
    talkMs: hold,
  });
}

/** Every call is over at the gateway and the exchange, and its circuit is free. */
function settled() {
  return until(async () => {
    const { calls, trunkGroups, counters } = await gateway.get("status");
    const kept = [counters.sipLegs, counters.isdnLegs, counters.mediaPorts, counters.exchangeCalls];
    return [calls.active, ...trunkGroups.map(({ busy }) => busy), ...kept].every((n) => n === 0);
  }, 20_000);
}

function isGood({ answered, end }) {
  if (expected === undefined) return answered && end.by === "us";
  return end.by === "far-end" && end.causes.some(({ cause }) => String(cause) === expected);
}

function tell() {
  const cpuMs = (end.cpuUs.user + end.cpuUs.system - start.cpuUs.user - start.cpuUs.system) / 1000;
  const setupMs = reports.map(({ setupMs }) => setupMs).filter((ms) => ms !== undefined);
  const { mean, p99, max } = end.loopDelayMs;
  line("machine", machine());
  line("load", `${rate} calls/s for ${seconds} s to ${number}, ${spans} E1, hold ${hold} ms`);
  line("calls, failed", `${reports.length}, ${failed.length}`);
  line("calls/s begun and ended", (reports.length / (tookMs / 1000 - hold / 1000)).toFixed(1));
  line("most at once", String(most));
  if (setupMs.length > 0) {
    const p = [0.5, 0.99, 1].map((q) => quantile(setupMs, q).toFixed(1));
    line("setup ms, p50 p99 max", p.join("  "));
  }
  const workers = workersAfter[0].cpuUs - workersBefore[0].cpuUs;
  const [all, engine] = [cpuMs, workers / 1000].map((ms) => (ms / reports.length).toFixed(2));
  line("gateway and exchange CPU", `${all} ms a call, of it ${engine} the media engine`);
  line("CPU while loaded", `${((cpuMs / tookMs) * 100).toFixed(0)} % of a core`);
  const delays = [mean, p99, max].map((ms) => ms.toFixed(1));
  line("event-loop delay ms, mean p99 max", `${delays.join("  ")} (timer of 1 ms included)`);
  const ours = [own.mean, own.percentile(99), own.max].map((ns) => (ns / 1e6).toFixed(1));
  line("the same of the callers", ours.join("  "));
  const memory = ({ memory: { rss, heapUsed } }) => `${mib(rss)} (heap ${mib(heapUsed)})`;
  line("memory before", memory(before));
  line("memory just after, collected", memory(after));
  line("left in the gateway", JSON.stringify(status.counters));
  for (const report of failed.slice(0, 5)) line("failed", JSON.stringify(report.end));
  for (const fault of phone.faults.slice(0, 5)) line("fault of the caller", fault);
}
