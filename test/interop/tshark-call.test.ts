import { afterAll, beforeAll, expect, test } from "vitest";
import { Capture } from "./capture.js";
import { type RunningGateway, startGateway } from "./running-gateway.js";

let gateway: RunningGateway;
let capture: Capture;

/** One call with digits, captured on the loopback while it is up. */
beforeAll(async () => {
  gateway = await startGateway(10_400);
  const dial = ["dial", "100", "--to", `127.0.0.1:${gateway.sip}`];
  capture = await Capture.of(gateway, async () => {
    const { code, stdout } = await gateway.cli(...dial, "--hold", "7", "--digits", "19#");
    expect(`${code} ${stdout}`).toMatch(/^0 [\s\S]*answered/);
  });
});

afterAll(() => gateway.stop());

async function tshark(...args: string[]): Promise<readonly string[]> {
  return capture.tshark(...args);
}

test("[tshark] [INVITE] [PRACK] [ACK] [BYE] the dialog of a call has no malformed message", async () => {
  const methods = await tshark("-Y", "sip.Method", "-T", "fields", "-e", "sip.Method");
  expect([...new Set(methods)]).toEqual(["INVITE", "PRACK", "ACK", "BYE"]);
  const faults = await tshark("-Y", "_ws.malformed || _ws.expert.severity >= 6291456");
  expect(faults).toEqual([]);
});

test("[tshark] both RTP streams are PCMA of 20 ms without a loss", async () => {
  const [streams] = [await tshark("-q", "-z", "rtp,streams")];
  const lines = streams.filter((line) => /0x[0-9A-F]{8}/i.test(line));
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line).toMatch(/g711A/);
    expect(line).toMatch(/ 0 \(0\.0%\)/);
  }
  const sizes = await tshark("-Y", "rtp.p_type == 8", "-T", "fields", "-e", "udp.length");
  // 8 octets of UDP, 12 of RTP, 160 of speech; a digit cuts the packet before it short, both ways.
  expect(sizes.filter((size) => size !== "180").length).toBeLessThanOrEqual(6);
});

test("[tshark] [RFC 4733] digits are telephone-events: one timestamp each, the end three times", async () => {
  const fields = ["rtpevent.event_id", "rtp.timestamp", "rtpevent.end_of_event", "rtp.ssrc"];
  const rows = (
    await tshark("-Y", "rtpevent", "-T", "fields", ...fields.flatMap((f) => ["-e", f]))
  ).map((line) => line.split("\t"));
  const [first] = rows;
  const sent = rows.filter((row) => row[3] === first?.[3]);
  const events = [...new Set(sent.map(([event, timestamp]) => `${event} ${timestamp}`))];
  expect(events.map((one) => one.split(" ")[0])).toEqual(["1", "9", "11"]);
  for (const one of events) {
    const ends = sent.filter(
      ([event, timestamp, end]) => `${event} ${timestamp}` === one && /1|True/.test(end ?? ""),
    );
    expect(ends).toHaveLength(3);
  }
});

test("[tshark] RTCP sender reports with SDES go both ways, and BYE at the end", async () => {
  const rtcp = ["-d", `udp.port==${gateway.rtp.min + 1},rtcp`];
  const types = await tshark(...rtcp, "-Y", "rtcp", "-T", "fields", "-e", "rtcp.pt");
  expect(types.some((line) => line.includes("200") && line.includes("202"))).toBe(true);
  expect(types.some((line) => line.includes("203"))).toBe(true);
});
