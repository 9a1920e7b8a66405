import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Entropy, instant } from "../../src/core/index.js";
import {
  createRequest,
  createResponse,
  type HeaderField,
  header,
  parameter,
  printMessage,
  readMessage,
  type SipMessage,
  writeBodies,
} from "../../src/sip/message/index.js";
import { TransactionLayer, type TransactionOutput } from "../../src/sip/transaction/index.js";
import { canonical } from "../unit/sip/message/header-samples.js";
import { torture } from "../vectors/rfc4475/index.js";

/** What tshark found in one packet. */
interface Verdict {
  readonly method: string;
  readonly status: string;
  readonly callId: string;
  readonly branch: string;
  readonly cSeq: string;
  readonly fromTag: string;
  readonly reasonCause: string;
  readonly malformed: string;
  readonly experts: readonly string[];
}

const FIELDS = [
  "sip.Method",
  "sip.Status-Code",
  "sip.Call-ID",
  "sip.Via.branch",
  "sip.CSeq.seq",
  "sip.from.tag",
  "sip.reason_cause_q850",
  "_ws.malformed",
  "_ws.expert.severity",
] as const;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tshark-sip-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function judge(messages: readonly SipMessage[]): readonly Verdict[] {
  const file = join(folder, "messages.pcap");
  writeFileSync(file, capture(messages.map(printMessage)));
  const fields = FIELDS.flatMap((name) => ["-e", name]);
  const printed = execFileSync(
    "tshark",
    [
      "-r",
      file,
      "-d",
      "udp.port==5060,sip",
      "-T",
      "fields",
      "-E",
      "separator=/t",
      "-E",
      "occurrence=a",
      "-E",
      "aggregator=|",
      ...fields,
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  return printed
    .split("\n")
    .slice(0, messages.length)
    .map((line) => {
      const [
        method = "",
        status = "",
        callId = "",
        branch = "",
        cSeq = "",
        fromTag = "",
        reasonCause = "",
        malformed = "",
        experts = "",
      ] = line.split("\t");
      return {
        method,
        status,
        callId,
        branch,
        cSeq,
        fromTag,
        reasonCause,
        malformed,
        experts: experts.split("|").filter(Boolean),
      };
    });
}

/** A capture file of raw IPv4 packets (link type 101), one UDP datagram each. */
function capture(payloads: readonly Uint8Array[]): Uint8Array {
  const global = new Uint8Array(24);
  const view = new DataView(global.buffer);
  view.setUint32(0, 0xa1b2c3d4);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, 262_144);
  view.setUint32(20, 101);
  return Buffer.concat([global, ...payloads.map(packet)]);
}

function packet(payload: Uint8Array): Uint8Array {
  const octets = new Uint8Array(16 + 28 + payload.length);
  const view = new DataView(octets.buffer);
  const length = 28 + payload.length;
  view.setUint32(8, length);
  view.setUint32(12, length);
  view.setUint8(16, 0x45);
  view.setUint16(18, length);
  view.setUint8(24, 64);
  view.setUint8(25, 17);
  view.setUint32(28, 0xc0000201);
  view.setUint32(32, 0xc0000202);
  view.setUint16(36, 5060);
  view.setUint16(38, 5060);
  view.setUint16(40, 8 + payload.length);
  octets.set(payload, 44);
  return octets;
}

const sdp = new TextEncoder().encode(
  "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 16384 RTP/AVP 8 0\r\n",
);

function fieldsOf(method: string, more: readonly HeaderField[] = []): HeaderField[] {
  return [
    { name: "Via", value: "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKtop;rport" },
    { name: "Max-Forwards", value: "70" },
    {
      name: "From",
      value: header.from.print({
        display: 'Müller "X"',
        uri: { kind: "tel", number: "+4930123", parameters: [] },
        parameters: [{ name: "tag", value: "ft" }],
      }),
    },
    { name: "To", value: "<sip:100@gw.example.com;user=phone>" },
    { name: "Call-ID", value: "judged@192.0.2.1" },
    { name: "CSeq", value: `42 ${method}` },
    { name: "Contact", value: "<sip:gw@192.0.2.1:5060;transport=udp>" },
    ...more,
  ];
}

describe("messages judged by tshark", () => {
  test("requests with every kind of header we write are well-formed [INVITE] [PRACK]", () => {
    const multipart = writeBodies(
      [
        { type: "application/sdp", content: sdp },
        {
          type: "text/plain",
          disposition: "signal;handling=optional",
          content: new TextEncoder().encode("x"),
        },
      ],
      "gateway-boundary",
    );
    const more: HeaderField[] = [
      { name: "Record-Route", value: "<sip:p1.example.com;lr>" },
      { name: "Route", value: "<sip:p2.example.com;lr>" },
      { name: "Supported", value: "100rel, timer" },
      { name: "Require", value: "100rel" },
      { name: "Allow", value: "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE" },
      { name: "Session-Expires", value: "1800;refresher=uac" },
      { name: "Min-SE", value: "90" },
      { name: "P-Asserted-Identity", value: '"A" <sip:+4930123@gw.example.com>, <tel:+4930123>' },
      { name: "Privacy", value: "id" },
      { name: "Diversion", value: "<sip:+4930124@gw.example.com>;reason=no-answer;counter=1" },
      { name: "History-Info", value: "<sip:bob@example.com>;index=1" },
      {
        name: "Reason",
        value: header.reason.print({
          protocol: "Q.850",
          cause: 17,
          text: "User busy",
          location: "RLN",
          parameters: [],
        }),
      },
      {
        name: "Date",
        value: header.date.print({ year: 2026, month: 11, day: 23, hour: 9, minute: 0, second: 1 }),
      },
      { name: "Timestamp", value: "5" },
      { name: "User-Agent", value: "Trunkgate" },
      ...multipart.headers,
    ];
    const invite = createRequest(
      "INVITE",
      "sip:100@gw.example.com;user=phone",
      fieldsOf("INVITE", more),
      multipart.body,
    );
    const prack = createRequest(
      "PRACK",
      "sip:100@192.0.2.1",
      fieldsOf("PRACK", [{ name: "RAck", value: "1 42 INVITE" }]),
    );
    const [first, second] = judge([invite, prack]);
    expect(first).toEqual({
      method: "INVITE",
      status: "",
      callId: "judged@192.0.2.1",
      branch: "z9hG4bKtop",
      cSeq: "42",
      fromTag: "ft",
      reasonCause: "17",
      malformed: "",
      experts: [],
    });
    expect(second).toMatchObject({ method: "PRACK", malformed: "", experts: [] });
  });

  test("responses are well-formed [header Retry-After] [header Warning] [header RSeq] [header Unsupported]", () => {
    const invite = createRequest("INVITE", "sip:100@gw.example.com", fieldsOf("INVITE"));
    const responses = [
      createResponse(invite, 100),
      createResponse(invite, 183, {
        toTag: "t",
        headers: [
          { name: "RSeq", value: "1" },
          { name: "Require", value: "100rel" },
          { name: "Content-Type", value: "application/sdp" },
        ],
        body: sdp,
      }),
      createResponse(invite, 488, {
        toTag: "t",
        headers: [
          {
            name: "Warning",
            value: header.warning.print({
              code: 305,
              agent: "gw.example.com",
              text: 'Incompatible "media"',
            }),
          },
        ],
      }),
      createResponse(invite, 503, {
        toTag: "t",
        // tshark 4.0 takes the comment and the parameters of RFC 3261 §20.33 for malformed.
        headers: [{ name: "Retry-After", value: "5" }],
      }),
      createResponse(invite, 420, {
        toTag: "t",
        headers: [{ name: "Unsupported", value: "foo, bar" }],
      }),
    ];
    const verdicts = judge(responses);
    expect(verdicts.map(({ status }) => status)).toEqual(["100", "183", "488", "503", "420"]);
    for (const verdict of verdicts) expect(verdict).toMatchObject({ malformed: "", experts: [] });
  });

  test("what the transaction layer writes (Via, CANCEL, ACK) is well-formed and has one branch [CANCEL] [ACK]", () => {
    const layer = new TransactionLayer({ sentBy: () => ({ host: "192.0.2.1", port: 5060 }) });
    const flow = { transport: "udp", address: "192.0.2.2", port: 5060, listener: "u" } as const;
    const stamp = (ms: number) => ({
      now: instant(ms),
      entropy: new Entropy(new Uint8Array(16).fill(ms + 1)),
    });
    const bare = createRequest("INVITE", "sip:100@gw.example.com", fieldsOf("INVITE").slice(1));
    const begun = layer.request(bare, flow, stamp(0));
    layer.receive(createResponse(begun.request, 180, { toTag: "t" }), flow, stamp(1));
    const cancel = layer.cancel(begun.transaction, stamp(2));
    const ended = layer.receive(createResponse(begun.request, 487, { toTag: "t" }), flow, stamp(3));
    const outputs: readonly TransactionOutput[] = [
      ...begun.outputs,
      ...(cancel?.outputs ?? []),
      ...ended,
    ];
    const verdicts = judge(outputs.flatMap((one) => (one.kind === "send" ? [one.message] : [])));
    expect(verdicts.map(({ method }) => method)).toEqual(["INVITE", "CANCEL", "ACK"]);
    const branch = parameter(begun.request.headers.value(header.via)?.parameters ?? [], "branch");
    for (const verdict of verdicts)
      expect(verdict).toMatchObject({ branch, malformed: "", experts: [] });
  });

  test("torture messages that are accepted are passed on without a malformed mark [RFC 4475]", () => {
    const accepted = torture.filter(({ parser }) => parser.kind === "accepted");
    const messages = accepted.map(({ name, octets }) => {
      const read = readMessage(octets);
      if (!read.ok) throw new Error(name);
      return read.value;
    });
    const verdicts = judge(messages);
    expect(verdicts).toHaveLength(accepted.length);
    verdicts.forEach((verdict, i) => {
      expect(verdict.malformed, accepted[i]?.name).toBe("");
      expect(verdict.method + verdict.status, accepted[i]?.name).not.toBe("");
    });
  });
});

/** A request whose only uncommon header is this one, or with this value where all have the header. */
function requestWith({ name, value }: HeaderField): SipMessage {
  const others = fieldsOf("INVITE").filter((field) => field.name !== name);
  const body = name === "Content-Type" && value === "application/sdp" ? sdp : new Uint8Array(0);
  return createRequest("INVITE", "sip:100@gw.example.com", [...others, { name, value }], body);
}

/** What tshark 4.0 takes for malformed or does not know, by the beginning of the line. */
const UNJUDGED = [
  /^Retry-After: \d+ *[;(]/, // RFC 3261 §20.33: parameters and comment
  /^Proxy-Authenticate: \w+( [^=]*=?)?$/, // schemes other than Digest
  /^Remote-Party-ID:/, // a draft
];

describe("headers judged by tshark", () => {
  const judged = (Object.keys(header) as (keyof typeof header)[])
    .map((key) => [header[key].name, canonical[key]] as const)
    .map(([name, values]) => [name, values.map((value) => ({ name, value }))] as const)
    .map(([name, fields]) => [name, fields.filter(isJudged)] as const)
    .filter(([, fields]) => fields.length > 0);

  test.each(judged)("[header %s] is known and well-formed", (_, fields) => {
    const verdicts = judge(fields.map(requestWith));
    for (const [index, verdict] of verdicts.entries())
      expect(verdict, fields[index]?.value).toMatchObject({ malformed: "", experts: [] });
  });
});

function isJudged({ name, value }: HeaderField): boolean {
  return UNJUDGED.every((pattern) => !pattern.test(`${name}: ${value}`));
}
