import { expect, test } from "vitest";
import {
  allows,
  composeRequest,
  confirmCallerDialog,
  createCalleeDialog,
  createCallerDialog,
  type Dialog,
  refreshTarget,
  routeRequest,
  takeSequence,
} from "../../../../src/sip/dialog/dialog.js";
import { findHop } from "../../../../src/sip/dialog/next-hop.js";
import {
  header,
  parseNameAddr,
  readMessage,
  type SipRequest,
  type SipResponse,
} from "../../../../src/sip/message/index.js";
import type { Flow } from "../../../../src/sip/session-events.js";

const flow: Flow = { transport: "udp", address: "192.0.2.9", port: 5060, listener: "udp" };

const listeners = {
  udp: { transport: "udp", address: "192.0.2.1", port: 5060 },
  tcp: { transport: "tcp", address: "192.0.2.1", port: 5060 },
} as const;

function read<Kind extends "request" | "response">(
  kind: Kind,
  lines: readonly string[],
): Kind extends "request" ? SipRequest : SipResponse {
  const message = readMessage(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  if (!message.ok) throw new Error(message.error.reason);
  expect(message.value.kind).toBe(kind);
  return message.value as Kind extends "request" ? SipRequest : SipResponse;
}

const invite = read("request", [
  "INVITE sip:bob@biloxi.example.com SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa",
  "Max-Forwards: 70",
  "From: Alice <sip:alice@atlanta.example.com>;tag=from-a",
  "To: Bob <sip:bob@biloxi.example.com>",
  "Call-ID: c1",
  "CSeq: 314 INVITE",
  "Record-Route: <sip:p2.example.com;lr>, <sip:p1.example.com;lr>",
  "Contact: <sip:alice@192.0.2.5>",
  "Allow: INVITE, BYE",
]);

function answer(status: number, more: readonly string[]): SipResponse {
  return read("response", [
    `SIP/2.0 ${status} X`,
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa",
    "From: Alice <sip:alice@atlanta.example.com>;tag=from-a",
    "To: Bob <sip:bob@biloxi.example.com>;tag=to-b",
    "Call-ID: c1",
    "CSeq: 314 INVITE",
    ...more,
  ]);
}

function callee(): Dialog {
  const dialog = createCalleeDialog(invite, "local", flow, 0);
  if (dialog === undefined) throw new Error("no dialog");
  return dialog;
}

function caller(more: readonly string[], status = 180): Dialog {
  const dialog = createCallerDialog(invite, answer(status, more), flow);
  if (dialog === undefined) throw new Error("no dialog");
  return dialog;
}

const bare = { method: "BYE", fields: [], body: new Uint8Array(0) };

test("the callee's route set is Record-Route in order, the target the Contact [RFC 3261 §12.1.1]", () => {
  const { request, nextHop } = composeRequest(callee(), bare);
  expect(request.uri).toBe("sip:alice@192.0.2.5");
  expect(request.headers.texts("Route")).toEqual([
    "<sip:p2.example.com;lr>",
    "<sip:p1.example.com;lr>",
  ]);
  expect(nextHop).toBe("sip:p2.example.com;lr");
  expect(request.headers.text("From")).toBe('"Bob" <sip:bob@biloxi.example.com>;tag=local');
  expect(request.headers.text("To")).toBe('"Alice" <sip:alice@atlanta.example.com>;tag=from-a');
  expect(request.headers.text("Call-ID")).toBe("c1");
  expect(request.headers.text("CSeq")).toBe("1 BYE");
});

test("an INVITE without a Contact makes no dialog, but one of RFC 2543 does", () => {
  const without = { ...invite, headers: invite.headers.without("Contact") };
  expect(createCalleeDialog(without, "local", flow, 0)).toBeUndefined();
  const old = { ...without, headers: without.headers.setText("From", "<sip:old@h>") };
  expect(createCalleeDialog(old, "local", flow, 0)?.remoteTarget).toBe("sip:old@h");
});

test("the caller's route set is Record-Route reversed; CSeq goes on from the INVITE [RFC 3261 §12.1.2]", () => {
  const dialog = caller([
    "Record-Route: <sip:p2;lr>",
    "Record-Route: <sip:p1;lr>",
    "Contact: <sip:b@h>",
  ]);
  const { request, dialog: next } = composeRequest(dialog, { ...bare, method: "PRACK" });
  expect(request.headers.texts("Route")).toEqual(["<sip:p1;lr>", "<sip:p2;lr>"]);
  expect(request.uri).toBe("sip:b@h");
  expect(request.headers.text("CSeq")).toBe("315 PRACK");
  expect(composeRequest(next, bare).request.headers.text("CSeq")).toBe("316 BYE");
});

test("without a Contact in an 18x the Request-URI stays the target", () => {
  expect(caller([]).remoteTarget).toBe("sip:bob@biloxi.example.com");
});

test("an ACK has the number of its INVITE and uses none [RFC 3261 §13.2.2.4]", () => {
  const { request, dialog } = composeRequest(callee(), { ...bare, method: "ACK", sequence: 314 });
  expect(request.headers.text("CSeq")).toBe("314 ACK");
  expect(dialog.localSequence).toBe(314);
  const early = caller([]);
  const ack = composeRequest(early, { ...bare, method: "ACK", sequence: 314 });
  expect(ack.dialog.localSequence).toBe(314);
});

test("the 2xx gives route set and target anew [RFC 3261 §13.2.2.4]", () => {
  const early = caller(["Record-Route: <sip:p1;lr>", "Contact: <sip:b@early>"]);
  const confirmed = confirmCallerDialog(early, answer(200, ["Contact: <sip:b@late>"]), flow);
  expect(confirmed.confirmed).toBe(true);
  expect(confirmed.routeSet).toEqual([]);
  expect(confirmed.remoteTarget).toBe("sip:b@late");
});

test("a strict router gets the request rewritten: its URI on top, the target last [RFC 3261 §12.2.1.1]", () => {
  const dialog = caller([
    "Record-Route: <sip:p2.example.com;lr>, <sip:p1.example.com;method=INVITE;x=1?Subject=s>",
    "Contact: <sip:b@h;transport=tcp>",
  ]);
  const { request, nextHop } = composeRequest(dialog, bare);
  expect(request.uri).toBe("sip:p1.example.com;x=1");
  expect(request.headers.texts("Route")).toEqual([
    "<sip:p2.example.com;lr>",
    "<sip:b@h;transport=tcp>",
  ]);
  expect(nextHop).toContain("sip:p1.example.com");
});

test("a preloaded route works as a route set does [RFC 3261 §8.1.1.1]", () => {
  const route = parseNameAddr("<sip:proxy.example.com;lr>");
  if (!route.ok) throw new Error("route");
  expect(routeRequest("sip:x@y", [route.value])).toEqual({
    requestUri: "sip:x@y",
    routes: [route.value],
    nextHop: "sip:proxy.example.com;lr",
  });
});

test("a lower CSeq of the peer is out of order, gaps are not [RFC 3261 §12.2.2]", () => {
  const request = (number: number): SipRequest => ({
    ...invite,
    method: "INFO",
    headers: invite.headers.set(header.cSeq, { number, method: "INFO" }),
  });
  expect(takeSequence(callee(), request(313))).toBeUndefined();
  expect(takeSequence(callee(), request(320))?.remoteSequence).toBe(320);
  expect(takeSequence(caller([]), request(1))?.remoteSequence).toBe(1);
});

test("only a Contact moves the target", () => {
  expect(refreshTarget(callee(), answer(200, ["Contact: <sip:new@h>"])).remoteTarget).toBe(
    "sip:new@h",
  );
  expect(refreshTarget(callee(), answer(200, [])).remoteTarget).toBe("sip:alice@192.0.2.5");
});

test("what Allow lists is allowed; without one all is", () => {
  expect(allows(callee(), "UPDATE")).toBe(false);
  expect(allows(callee(), "BYE")).toBe(true);
  expect(allows(caller([]), "UPDATE")).toBe(true);
});

test.each([
  ["sip:b@192.0.2.7", { transport: "udp", address: "192.0.2.7", port: 5060, listener: "udp" }],
  ["sip:b@192.0.2.7:5080", { transport: "udp", address: "192.0.2.7", port: 5080, listener: "udp" }],
  ["sip:[2001:db8::1]", { transport: "udp", address: "2001:db8::1", port: 5060, listener: "udp" }],
  [
    "sip:b@192.0.2.7;transport=tcp",
    { transport: "tcp", address: "192.0.2.7", port: 5060, listener: "tcp" },
  ],
  [
    "sip:b@example.com;maddr=192.0.2.8",
    { transport: "udp", address: "192.0.2.8", port: 5060, listener: "udp" },
  ],
])("the next hop of %s is known at once [RFC 3263 §4]", (uri, hop) => {
  expect(findHop(uri, flow, listeners)).toEqual({ kind: "flow", flow: hop });
});

test("an address of another family goes by a listener of that family [RFC 6157]", () => {
  const six = { transport: "udp", address: "2001:db8::2", port: 5060 } as const;
  expect(findHop("sip:b@[2001:db8::1]", flow, { ...listeners, six })).toMatchObject({
    flow: { address: "2001:db8::1", listener: "six" },
  });
});

test("a name has to be resolved; without a listener there is no way", () => {
  expect(findHop("sip:b@example.com:5070", flow, listeners)).toEqual({
    kind: "name",
    host: "example.com",
    port: 5070,
    transport: "udp",
    listener: "udp",
  });
  expect(findHop("sips:b@192.0.2.7", flow, listeners)).toBeUndefined();
  expect(findHop("tel:+1", flow, listeners)).toBeUndefined();
  expect(findHop("<<<", flow, listeners)).toBeUndefined();
});

test("a connection that carries the dialog goes on carrying it", () => {
  const stream: Flow = {
    transport: "tcp",
    address: "192.0.2.9",
    port: 40_000,
    listener: "tcp",
    flow: "7",
  };
  expect(findHop("sip:b@192.0.2.9;transport=tcp", stream, listeners)).toEqual({
    kind: "flow",
    flow: { transport: "tcp", address: "192.0.2.9", port: 5060, listener: "tcp", flow: "7" },
  });
  expect(findHop("sip:b@phone.invalid;transport=tcp", stream, listeners)).toEqual({
    kind: "flow",
    flow: stream,
  });
});
