// CPU and punctuality of simultaneous calls: the engine on one core, the load on the other.
// Beside it, in the same run, a bare loop that receives and sends the same packets and does nothing; beside G.729 the
// same calls with G.711.
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { HISTOGRAM_BOUNDS_US } from "../../dist/addon/index.js";
import { pinned } from "./gateway.mjs";
import { argumentsOf, line, machine, quantile } from "./numbers.mjs";

const { calls, codec, vad, seconds, settle, sound, far, baseline, core, load } = argumentsOf({
  calls: 960,
  /** PCMA, PCMU or G729. */
  codec: "PCMA",
  /** Silence suppression of the end under test and of the load. */
  vad: "no",
  seconds: 20,
  settle: 5,
  /** speech: talkspurts and pauses; prbs: noise all the time. */
  sound: "speech",
  /** gateway: on to a simulated E1 and the echo at its far end; echo: no span. */
  far: "gateway",
  baseline: "yes",
  core: 0,
  load: 1,
});
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

line("machine", machine());
line(
  "calls",
  `${calls} of ${codec}, 20 ms, ${sound}, both ways for ${seconds} s; under test: ${far}`,
);
const ours = await measure(codec, () => side(far, core));
const pair = tell("engine", ours);
tellQuality(ours);
if (codec === "G729") {
  tellCodec(ours);
  const plain = tell("with G.711", await measure("PCMA", () => side(far, core)));
  line("G.729 to G.711, each call", (pair / plain).toFixed(2));
} else if (baseline === "yes") {
  const made = spawnSync("make", ["-s", "-C", here("native"), "bare-loop"], { stdio: "inherit" });
  if (made.status !== 0) process.exit(1);
  const bare = tell("bare loop", await measure(codec, () => bareLoop()));
  line("engine to bare loop", (pair / bare).toFixed(2));
}

/** Runs one end under test against the load and gives what was counted in the time between. */
async function measure(spoken, open) {
  const sender = await side("load", load);
  const tested = await open();
  const format = { codec: spoken, vad: vad === "yes" };
  await tested.ask({ kind: "connect", remotes: sender.ports, ...format });
  await sender.ask({ kind: "connect", remotes: tested.ports, ...format });
  await sleep(settle * 1000);
  const before = [await tested.ask({ kind: "count" }), await sender.ask({ kind: "count" })];
  const begun = performance.now();
  await sleep(seconds * 1000);
  const after = [await tested.ask({ kind: "count" }), await sender.ask({ kind: "count" })];
  const tookMs = performance.now() - begun;
  await tested.close();
  await sender.close();
  return {
    tookMs,
    tested: { before: before[0], after: after[0] },
    sender: { before: before[1], after: after[1] },
  };
}

async function side(role, cpu) {
  const [command, ...args] = [
    ...pinned(cpu),
    process.execPath,
    here("media-side.mjs"),
    role,
    String(calls),
    String(cpu),
    sound,
  ];
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const heard = () =>
    new Promise((resolve, reject) => {
      child.once("message", resolve);
      ended.then((code) => reject(new Error(`${role} ended (${code})`)));
    });
  const ask = (question) => {
    const answer = heard();
    child.send(question);
    return answer;
  };
  const ports = await heard();
  return { ports, ask, close: () => ask({ kind: "close" }).then(() => ended) };
}

/** The C program: as many sockets, drained every millisecond, each packet sent back. */
async function bareLoop() {
  const [command, ...args] = [
    ...pinned(core),
    here("../../build/bench/bin/bare-loop"),
    String(calls),
  ];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const ask = async ({ kind }) => {
    if (kind !== "count") return undefined;
    const answer = new Promise((resolve) => child.stdout.once("data", resolve));
    child.stdin.write("\n");
    const [processUs, packetsReceived, packetsSent] = String(await answer)
      .trim()
      .split(" ")
      .map(Number);
    return { processUs, worker: { cpuUs: processUs, packetsReceived, packetsSent } };
  };
  let ports = "";
  while (!ports.endsWith("\n")) {
    ports += await new Promise((resolve) => child.stdout.once("data", resolve));
  }
  const close = () => {
    child.stdin.end();
    return ended;
  };
  return { ports: ports.trim().split(" ").map(Number), ask, close };
}

/** CPU of a packet in and a packet out together, by what the kernel charged to the process. */
function tell(name, { tookMs, tested: { before, after } }) {
  const difference = (key) => after.worker[key] - before.worker[key];
  const pairs = (difference("packetsReceived") + difference("packetsSent")) / 2;
  const cpuUs = after.processUs - before.processUs;
  const each = cpuUs / pairs;
  line(
    `${name}: packets in, out`,
    `${difference("packetsReceived")}, ${difference("packetsSent")}`,
  );
  line(
    `${name}: CPU, packet in + out`,
    `${each.toFixed(2)} us (worker ${(difference("cpuUs") / pairs).toFixed(2)} us)`,
  );
  line(
    `${name}: CPU, core`,
    `${(cpuUs / tookMs / 10).toFixed(1)} %, ${(cpuUs / tookMs / calls).toFixed(3)} ms a call and second`,
  );
  return each;
}

/** What the batches of the lanes took, of the worker's own time. */
function tellCodec({ tookMs, tested: { before, after } }) {
  const difference = (key) => after.worker[key] - before.worker[key];
  const codecUs = difference("codecUs");
  const frames = [difference("framesEncoded"), difference("framesDecoded")];
  line("frames encoded, decoded", frames.join(", "));
  line("codec: CPU, encode + decode", `${((codecUs / (frames[0] + frames[1])) * 2).toFixed(2)} us`);
  line("codec: CPU, core", `${(codecUs / tookMs / 10).toFixed(1)} %`);
  line("passed frames, SID received", `${after.totals.passedBlocks}, ${after.totals.sidReceived}`);
}

function tellQuality({ tested, sender }) {
  const [sent, heard] = [tested, sender].map(
    ({ before, after }) =>
      (name) =>
        after.totals[name] - before.totals[name],
  );
  const bad = (count) => count("lost") + count("late");
  const share = (count) => ((bad(count) / count("packetsReceived")) * 100).toFixed(4);
  line(
    "lost or late at the engine",
    `${bad(sent)} of ${sent("packetsReceived")} (${share(sent)} %)`,
  );
  line(
    "lost or late at the receiver",
    `${bad(heard)} of ${heard("packetsReceived")} (${share(heard)} %)`,
  );
  line("late departures", `p50, p99, p99.9 below ${quantiles(tested, "departureLateness")} us`);
  line(
    "late ticks",
    `p50, p99, p99.9 below ${quantiles(tested, "tickLateness")} us; longest tick ${tested.after.worker.tickUsMax.toFixed(0)} us`,
  );
  line("SCHED_FIFO", tested.after.worker.realtime ? "yes" : "no");
  const jitter = sender.after.jitterMs;
  line(
    "spacing at the receiver, jitter",
    `${[0.5, 0.99, 1].map((q) => quantile(jitter, q).toFixed(3)).join("  ")} ms (RFC 3550: p50 p99 max of the calls)`,
  );
  line("memory", `${(tested.after.rss / (1 << 20)).toFixed(0)} MiB`);
}

function quantiles({ before, after }, name) {
  const counts = after[name].map((count, index) => count - before[name][index]);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return [0.5, 0.99, 0.999]
    .map((q) => {
      let below = 0;
      const index = counts.findIndex((count) => {
        below += count;
        return below >= q * total;
      });
      return String(HISTOGRAM_BOUNDS_US[index] ?? "infinity");
    })
    .join(", ");
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
