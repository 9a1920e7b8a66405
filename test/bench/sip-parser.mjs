// Messages a second of the SIP parser on one core: an INVITE as carriers send it (16 headers, SDP).
import {
  createResponse,
  header,
  parseMessage,
  printMessage,
  readMessage,
} from "../../dist/sip/message/index.js";

const octets = new TextEncoder().encode(
  [
    "INVITE sip:+15551234567@gw.example.com;user=phone SIP/2.0",
    "Via: SIP/2.0/UDP proxy.example.com:5060;branch=z9hG4bK776asdhds;rport",
    "Via: SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bKnashds8;received=192.0.2.20;rport=5060",
    "Max-Forwards: 69",
    "Record-Route: <sip:proxy.example.com;lr;ftag=1928301774>",
    'From: "Alice Example" <sip:+15557654321@example.com;user=phone>;tag=1928301774',
    "To: <sip:+15551234567@gw.example.com;user=phone>",
    "Call-ID: a84b4c76e66710@192.0.2.20",
    "CSeq: 314159 INVITE",
    "Contact: <sip:alice@192.0.2.20:5060;transport=udp>",
    "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, INFO, UPDATE, PRACK",
    "Supported: 100rel, timer, replaces",
    "Session-Expires: 1800;refresher=uac",
    "Min-SE: 90",
    "User-Agent: Example 1.0",
    'P-Asserted-Identity: "Alice Example" <sip:+15557654321@example.com;user=phone>',
    "Content-Type: application/sdp",
    "Content-Length: 148",
    "",
    "v=0",
    "o=alice 2890844526 2890844526 IN IP4 192.0.2.20",
    "s=-",
    "c=IN IP4 192.0.2.20",
    "t=0 0",
    "m=audio 49172 RTP/AVP 0 8 101",
    "a=rtpmap:101 telephone-event/8000",
    "",
  ].join("\r\n"),
);

const rows = [
  header.via,
  header.from,
  header.to,
  header.callId,
  header.cSeq,
  header.contact,
  header.route,
  header.recordRoute,
  header.allow,
  header.supported,
  header.require,
  header.sessionExpires,
  header.minSe,
  header.pAssertedIdentity,
  header.contentType,
  header.contentLength,
];

function accepted() {
  const message = readMessage(octets);
  if (!message.ok || message.value.kind !== "request") throw new Error("the message is not read");
  return message.value;
}

const invite = accepted();
const tasks = {
  "parse (start line, index, body)": () => parseMessage(octets),
  "read (parse, and check what every element checks)": () => readMessage(octets),
  "read, and every header typed": () => {
    const { headers } = accepted();
    for (const row of rows) headers.read(row);
    return headers;
  },
  "print a 200": () => printMessage(createResponse(invite, 200, { toTag: "abc" })),
};

for (const [name, task] of Object.entries(tasks)) {
  for (let i = 0; i < 20_000; i++) task();
  const rounds = 100_000;
  const started = performance.now();
  for (let i = 0; i < rounds; i++) task();
  const each = ((performance.now() - started) * 1000) / rounds;
  console.log(`${name}: ${each.toFixed(2)} us, ${Math.round(1e6 / each)} a second`);
}
