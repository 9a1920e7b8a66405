import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildBcg729, decode, encode } from "./bcg729.js";
import { Capture, type Played, writeRtpCapture } from "./capture.js";
import { type RunningGateway, run, startGateway } from "./running-gateway.js";
import { sipp } from "./sipp.js";

const HERTZ = 500;
let gateway: RunningGateway;
let port = 13_000;

beforeAll(async () => {
  buildBcg729();
  gateway = await startGateway(10_600);
});

afterAll(async () => {
  const { code, stderr } = await gateway.stop();
  expect(stderr).not.toContain("internal fault");
  expect(code).toBe(0);
});

/** A tone of so many ms, with silence after it where asked. */
function tone(ms: number, silentMs = 0): Int16Array {
  return Int16Array.from({ length: (ms + silentMs) * 8 }, (_, i) =>
    i < ms * 8 ? Math.round(6000 * Math.sin((2 * Math.PI * HERTZ * i) / 8000)) : 0,
  );
}

/** Frames in packets of 20 ms; where the encoder was silent nothing is sent. */
function packetised(frames: readonly Uint8Array[], from = 0): readonly Played[] {
  const packets: Played[] = [];
  for (let at = 0; at + 1 < frames.length; at += 2) {
    const pair = [frames[at], frames[at + 1]].map((frame) => frame ?? new Uint8Array());
    // Speech or a SID frame after nothing begins the packet where it stands.
    const begin = pair[0]?.length === 0 ? at + 1 : at;
    const payload = Buffer.concat(pair);
    // A frame after a SID frame has a packet of its own (RFC 3551 §4.5.6).
    const whole = pair[0]?.length === 2 ? payload.subarray(0, 2) : payload;
    if (whole.length > 0) {
      packets.push({ ms: from + at * 10, timestamp: (from / 10 + begin) * 80, payload: whole });
    }
  }
  return packets;
}

/** A call to 100 by sipp that plays these packets, as it passed on the loopback. */
async function echoed(packets: readonly Played[]): Promise<Capture> {
  const folder = mkdtempSync(join(tmpdir(), "g729-"));
  writeRtpCapture(join(folder, "speech.pcap"), packets);
  const [sip, media] = [port, port + 10];
  port += 20;
  const args = ["-s", "100", "-m", "1", "-p", String(sip), "-mp", String(media)];
  return Capture.of(gateway, async () => {
    const { code, why } = await sipp("uac-g729", [...args, `127.0.0.1:${gateway.sip}`], folder);
    expect(code, why).toBe(0);
  });
}

interface Streams {
  readonly sent: readonly Uint8Array[];
  readonly echoed: readonly Uint8Array[];
}

/** The payloads of both streams, as tshark reads them. */
async function streamsOf(capture: Capture): Promise<Streams> {
  const rows = await capture.fields("rtp.p_type == 18", "udp.srcport", "rtp.payload");
  const isOurs = ([source]: readonly string[]) => {
    const number = Number(source);
    return number >= gateway.rtp.min && number <= gateway.rtp.max;
  };
  const octets = ([, payload = ""]: readonly string[]) =>
    new Uint8Array(Buffer.from(payload.replaceAll(":", ""), "hex"));
  return {
    sent: rows.filter((row) => !isOurs(row)).map(octets),
    echoed: rows.filter(isOurs).map(octets),
  };
}

/** Share of a second's power at the tone's frequency (Goertzel), 0 to 1. */
function share(samples: Int16Array): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * HERTZ) / 8000);
  let [before, last, power] = [0, 0, 0];
  for (const sample of samples) {
    [before, last] = [last, sample + coefficient * last - before];
    power += sample * sample;
  }
  const found = last * last + before * before - coefficient * last * before;
  return power === 0 ? 0 : (2 * found) / (samples.length * power);
}

/** By ffmpeg's decoder, which knows speech frames only. */
async function decodeByFfmpeg(payloads: readonly Uint8Array[]): Promise<Int16Array> {
  const folder = mkdtempSync(join(tmpdir(), "g729-"));
  const [frames, speech] = [join(folder, "echo.g729"), join(folder, "echo.raw")];
  writeFileSync(frames, Buffer.concat(payloads));
  const input = ["-f", "g729", "-i", frames, "-f", "s16le", speech];
  const { code, stderr } = await run("ffmpeg", ["-loglevel", "error", ...input]);
  expect(code, stderr).toBe(0);
  const octets = readFileSync(speech);
  return new Int16Array(octets.buffer, octets.byteOffset, octets.length >> 1);
}

test("[sipp] [tshark] a G.729 call: clean RTP both ways, and bcg729 and ffmpeg hear in the echo what bcg729 said", async () => {
  const capture = await echoed(packetised(encode(tone(5000))));
  expect(await capture.tshark("-Y", "_ws.malformed || _ws.expert.severity >= 6291456")).toEqual([]);
  const answer = await capture.fields(
    "sip.Status-Code == 200 && sdp.media",
    "sdp.media",
    "sdp.media_attr",
  );
  expect(answer[0]?.join(" ")).toMatch(/RTP\/AVP 18\b.*annexb=yes/);
  const streams = (await capture.tshark("-q", "-z", "rtp,streams")).filter((l) =>
    /0x[0-9a-f]{8}/i.test(l),
  );
  expect(streams).toHaveLength(2);
  for (const line of streams) {
    expect(line).toMatch(/g729/i);
    expect(line).toMatch(/ 0 \(0\.0%\)/);
  }
  const { sent, echoed: echo } = await streamsOf(capture);
  expect(sent).toHaveLength(250);
  expect(new Set(echo.map(({ length }) => length))).toEqual(new Set([20]));
  const middle = echo.slice(100, 225);
  for (const heard of [decode(middle), await decodeByFfmpeg(middle)]) {
    expect(share(heard.subarray(-16_000))).toBeGreaterThan(0.85);
  }
  await gateway.settled();
});

test("[sipp] [tshark] with Annex B of somebody else: SID frames and pauses are taken, and are no loss [RFC 7261]", async () => {
  const speech = encode(tone(1500, 1500), true);
  const talk = [...speech, ...encode(tone(1500), true)];
  expect(new Set(talk.map(({ length }) => length))).toEqual(new Set([0, 2, 10]));
  const capture = await echoed(packetised(talk));
  expect(await capture.tshark("-Y", "_ws.malformed")).toEqual([]);
  const { sent, echoed: echo } = await streamsOf(capture);
  expect(sent.length).toBeLessThan(220);
  expect(sent.some(({ length }) => length % 10 === 2)).toBe(true);
  // Nothing that came was garbage to the gateway, and after the pause speech goes on.
  expect(share(decode(echo.slice(180, 215)).subarray(-4000))).toBeGreaterThan(0.8);
  const reports = await capture.fields(
    "rtcp.pt == 201 || rtcp.pt == 200",
    ...["udp.srcport", "rtcp.ssrc.cum_nr"],
  );
  for (const [, lost] of reports) expect(Number(lost || 0)).toBe(0);
  await gateway.settled();
});

test("[sipp] a thousand packets of garbage of every length from 0 to 200 octets in payload type 18 do no harm: the speech after them is whole", async () => {
  const lengths = Array.from({ length: 1005 }, (_, i) => i % 201);
  let chance = 7;
  const garbage = lengths.map((length, i): Played => {
    const payload = Uint8Array.from({ length }, () => {
      chance = (Math.imul(chance, 1_103_515_245) + 12_345) >>> 0;
      return chance >>> 24;
    });
    return { ms: i * 2, timestamp: i * 160, payload };
  });
  const capture = await echoed([...garbage, ...packetised(encode(tone(4000)), 2020)]);
  const { sent, echoed: echo } = await streamsOf(capture);
  expect(sent.length).toBeGreaterThan(1180);
  expect(share(decode(echo.slice(-125, -75)).subarray(-4000))).toBeGreaterThan(0.8);
  await gateway.settled();
});

test("dial --codec g729 calls 100 and reports codec, loss and MOS", async () => {
  const dial = ["dial", "100", "--codec", "g729", "--hold", "3", "--json"];
  const { code, stdout } = await gateway.cli(...dial, "--to", `127.0.0.1:${gateway.sip}`);
  expect(code).toBe(0);
  const report = JSON.parse(stdout) as Readonly<Record<string, number | string>>;
  expect(report).toMatchObject({ codec: "G729", ptimeMs: 20, lost: 0 });
  // G.113 appendix I: G.729A with VAD has Ie 11, so not much more than 4.1 can be had.
  expect(report.mos).toBeGreaterThan(3.9);
  expect(report.mos).toBeLessThan(4.15);
});
