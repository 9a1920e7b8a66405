// One end of the media bench: an engine with many RTP ports, in a process of its own.
//   gateway: RTP to a timeslot of a simulated E1, at whose far end an echo answers
//   echo:    RTP to an echo terminal, no span between
//   load:    RTP to a terminal that plays and listens
import { createEngine } from "../../dist/media/index.js";

const CALLS_OF_E1 = 30;
const LAW = "a-law";
/** ITU-T P.59: means of talkspurts and pauses of one who converses. */
const CONVERSATION = { kind: "noise", levelDbm0: -20, burstMs: 1004, pauseMs: 1587 };
/** Calls do not begin all at once: this many, each ms. */
const BEGUN_EACH_MS = 3;
const [role, count, worker, sound] = process.argv.slice(2);
const cpus = [Number(worker)];
const engine = createEngine({ mode: "threaded", workers: 1, cpus, onEvents: () => undefined });
const ports = Array.from({ length: Number(count) }, () =>
  value(engine.openRtp({ address: "127.0.0.1", port: 0 })),
);

const spoken = sound === "speech" ? CONVERSATION : { kind: sound };
const partners = { gateway: timeslot, echo: terminal({ kind: "echo" }), load: terminal(spoken) };
const spans = [];
ports.forEach((port, index) => {
  value(engine.bridge(port, partners[role](index)));
});

process.on("message", async ({ kind, remotes, codec, vad }) => {
  if (kind === "connect") await connect(remotes, codec, vad);
  process.send(kind === "count" ? figures() : { kind });
  if (kind === "close") {
    engine.close();
    process.disconnect();
  }
});
process.send(ports.map((port) => value(engine.rtpAddresses(port)).local.port));

const PAYLOAD_TYPES = { PCMU: 0, PCMA: 8, G729: 18 };

async function connect(remotes, codec, vad) {
  const payloadType = PAYLOAD_TYPES[codec];
  for (const [index, port] of ports.entries()) {
    if (index % BEGUN_EACH_MS === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const remote = { address: "127.0.0.1", port: remotes[index] };
    const send = { codec, payloadType, ptimeMs: 20, vad, comfortNoisePayloadType: 13 };
    const receive = [{ codec, payloadType }];
    value(engine.configureRtp(port, { remote, send, receive, direction: "sendrecv" }));
  }
}

/** A bearer timeslot at our end; the same one at the far end hears itself. */
function timeslot(index) {
  const number = Math.floor(index / CALLS_OF_E1);
  spans[number] ??= value(engine.openSpanPair({ kind: "e1", law: LAW, signalling: "hdlc" }));
  const bearer = 1 + (index % CALLS_OF_E1);
  const slot = bearer < 16 ? bearer : bearer + 1;
  const far = value(engine.openTimeslot(spans[number].b, slot));
  value(engine.bridge(far, terminal({ kind: "echo" })()));
  return value(engine.openTimeslot(spans[number].a, slot));
}

function terminal(source) {
  return () => value(engine.openTerminal({ law: LAW, source }));
}

function figures() {
  const { tickLateness, departureLateness, ...worker } = value(engine.workerCounters(0));
  const { user, system } = process.cpuUsage();
  const names = [
    "packetsSent",
    "packetsReceived",
    "lost",
    "late",
    "duplicates",
    "discarded",
    "underrunMs",
    "concealedMs",
    "sidReceived",
    "passedBlocks",
  ];
  const each = ports.map((port) => value(engine.portCounters(port)));
  const sum = (name) => each.reduce((total, counters) => total + counters[name], 0);
  return {
    worker,
    tickLateness: tickLateness.counts,
    departureLateness: departureLateness.counts,
    processUs: user + system,
    rss: process.memoryUsage().rss,
    totals: Object.fromEntries(names.map((name) => [name, sum(name)])),
    jitterMs: each.map(({ jitterMs }) => jitterMs),
  };
}

function value(result) {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}
