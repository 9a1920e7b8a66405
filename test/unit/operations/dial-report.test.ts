import { describe, expect, test } from "vitest";
import { type DialOptions, parseHostPort, prepare } from "../../../src/operations/dial-options.js";
import { dialReport, unreachable, wordsOf } from "../../../src/operations/dial-report.js";
import type { CallEnd, CallReport } from "../../../src/phone/index.js";
import type { MediaAgreement } from "../../../src/sdp/index.js";

const speech = {
  ...{ packetsSent: 50, packetsReceived: 49, lost: 1, late: 0 },
  ...{ jitterMs: 1.5, bufferMs: 20, roundTripMs: 3, mos: 4.3 },
};

const agreement: MediaAgreement = {
  remote: { address: "192.0.2.2", port: 6000, rtcpAddress: "192.0.2.2", rtcpPort: 6001 },
  send: { codec: { name: "PCMA", clockRate: 8000 }, payloadType: 8, ptimeMs: 20 },
  ...{ receive: [], receivePtimeMs: 20, direction: "sendrecv", rtcp: true },
};

function reportOf(end: CallEnd, more: Partial<CallReport> = {}): CallReport {
  return { answered: false, reached: true, end, digits: "", speech, ...more };
}

const q850 = {
  ...{ protocol: "Q.850", cause: 17, text: "user busy", location: "U", parameters: [] },
};

describe("the report", () => {
  test("of an answered call: times, codec, counters, who ended it", () => {
    const end: CallEnd = { by: "far-end", method: "BYE", causes: [{ ...q850, cause: 16 }] };
    const call = reportOf(end, { answered: true, setupMs: 120, talkedMs: 2000, agreement });
    const recording = { samples: new Int16Array(16_000) };
    const report = dialReport({ ...call, speech: { ...speech, recording } }, "out.wav");
    expect(report).toEqual({
      ...{ answered: true, setupMs: 120, talkedMs: 2000, digits: "", ...speech },
      ...{
        codec: "PCMA",
        ptimeMs: 20,
        receivePtimeMs: 20,
        remote: "192.0.2.2:6000",
        endedBy: "the far end (BYE)",
      },
      cause: "Q.850 16 user busy (U)",
      causes: [{ protocol: "Q.850", value: 16, text: "user busy", location: "U" }],
      ...{ recorded: "out.wav", recordedMs: 2000 },
    });
  });

  test("of a call in which no media came: no loss, no jitter, no MOS is made up", () => {
    const end: CallEnd = { by: "us", causes: [] };
    const nothing = { ...speech, packetsReceived: 0, lost: 0, mos: 1 };
    const report = dialReport(reportOf(end, { answered: true, speech: nothing }), undefined);
    expect(report).toMatchObject({ packetsSent: 50, packetsReceived: 0 });
    for (const key of ["lost", "late", "jitterMs", "mos"]) expect(report).not.toHaveProperty(key);
  });

  test("of a refused call: the status and the cause behind it", () => {
    const end: CallEnd = { by: "far-end", status: 486, phrase: "Busy Here", causes: [q850] };
    expect(dialReport(reportOf(end), undefined)).toMatchObject({
      ...{ answered: false, status: 486, reason: "Busy Here" },
      ...{ endedBy: "the far end (486 Busy Here)" },
      cause: "SIP 486 Busy Here; Q.850 17 user busy (U)",
    });
  });

  test("of a call without causes has none, and a warning is told", () => {
    const silent = dialReport(reportOf({ by: "us", causes: [], why: "enough" }), undefined);
    expect(silent).not.toHaveProperty("cause");
    expect(silent.endedBy).toBe("us (enough)");
    const end: CallEnd = { by: "far-end", status: 488, phrase: "No", causes: [], warning: "codec" };
    expect(dialReport(reportOf(end), undefined).cause).toBe("SIP 488 No; codec");
  });
});

describe("what is said to people", () => {
  test("each milestone in a few words", () => {
    expect(wordsOf({ kind: "ringing" })).toBe("ringing");
    expect(wordsOf({ kind: "media", dialog: "d", agreement, early: true })).toBe(
      "early media: PCMA, 20 ms, sendrecv, 192.0.2.2:6000",
    );
    expect(wordsOf({ kind: "held", by: "far-end" })).toBe("the far end holds the call");
    expect(wordsOf({ kind: "ended", end: { by: "failure", causes: [], why: "no answer" } })).toBe(
      "ended by a failure (no answer)",
    );
  });

  test("nobody there: where, how it is known, and what to try", () => {
    const silent: CallEnd = { by: "failure", status: 408, causes: [], why: "no answer" };
    expect(unreachable(silent, "127.0.0.1:5060", "udp")).toBe(
      "nobody answers at 127.0.0.1:5060 (UDP): no SIP response came within 32 s; " +
        "is the gateway running (trunkgate run), or is --to another address?",
    );
    const refused: CallEnd = {
      ...{ by: "failure", status: 503, causes: [], why: "connect ECONNREFUSED 127.0.0.1:5060" },
    };
    expect(unreachable(refused, "127.0.0.1:5060", "tcp")).toContain("no connection could be made");
  });
});

describe("the options", () => {
  test.each([
    ["127.0.0.1:5060", "127.0.0.1", 5060],
    ["pbx.example", "pbx.example", 5060],
    ["[::1]:5070", "::1", 5070],
    ["[2001:db8::1]", "2001:db8::1", 5060],
  ])("%s is a destination", (text, host, port) => {
    expect(parseHostPort(text)).toEqual({ ok: true, value: { host, port } });
  });

  test.each(["", "h:0", "h:65536", "h:port", "a b", "sip:h", "::1:5060"])(
    "%j is none, and the message says what would be",
    (text) => {
      const parsed = parseHostPort(text);
      expect(parsed.ok ? "" : parsed.error).toMatch(/^--to is host:port, such as 127.0.0.1:5060/);
      expect(parseHostPort(text, "--gateway")).toMatchObject({
        error: expect.stringMatching(/^--gateway is host:port/),
      });
    },
  );

  const options: DialOptions = {
    ...{ number: "100", to: "127.0.0.1:5060", from: "1", port: 0, codec: "pcmu", ptimeMs: 30 },
    ...{ hold: 2, giveUp: 9, transport: "udp", reliable: "none" },
  };

  test("become a plan: the codec alone when we call, the other one too when we answer", async () => {
    const placing = await prepare({ ...options, digits: "1,a#" });
    expect(placing).toMatchObject({
      ok: true,
      value: {
        destination: { transport: "udp", address: "127.0.0.1", port: 5060, host: "127.0.0.1" },
        ...{ address: "127.0.0.1", port: 0 },
        plan: {
          ...{ codecs: ["PCMU"], ptimeMs: 30, talkMs: 2000, giveUpMs: 9000 },
          ...{ digits: "1,A#", reliability: "none", recordMs: 0 },
        },
      },
    });
    const answering = await prepare({ ...options, answer: true, ring: 3 });
    expect(answering).toMatchObject({
      value: {
        port: 5080,
        plan: { codecs: ["PCMU", "PCMA", "G729"], answer: { kind: "answer", ringMs: 3000 } },
      },
    });
  });

  test.each([
    [{ digits: "12x" }, /digits are 0-9 \* # A-D/],
    [{ number: "" }, /a number or a SIP URI such as sip:100@127\.0\.0\.1 is called, not ""/],
    [{ number: "sip:" }, /is called, not "sip:"/],
    [{ from: " " }, /--from is a number, not empty/],
    [{ to: "nowhere:0" }, /--to is host:port/],
    [{ play: "/no/such.wav" }, /cannot read \/no\/such\.wav: there is no such file/],
    [{ play: import.meta.filename }, /cannot play .* not a RIFF WAVE file; 8 kHz mono/s],
    [{ record: "/no/such/folder/out.wav" }, /cannot record to .* no such file or folder/],
  ])("%j is refused before a call is begun", async (wrong, message) => {
    const prepared = await prepare({ ...options, ...wrong });
    expect(prepared.ok ? "" : prepared.error).toMatch(message);
  });
});
