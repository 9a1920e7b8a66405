import { expect } from "vitest";
import { babble, beginningOf, find } from "./speech.js";
import { scenario } from "./world.js";

const SIX = {
  configuration: [
    "listen:",
    "  sip: [{ name: six, transport: udp, address: '::1', port: 5060 }]",
    "  rtp: { address6: '::1' }",
    "peers: [{ name: loopback, addresses: ['::1'], contact: { host: '::1', port: 5080 } }]",
  ].join("\n"),
};
const AT_SIX = { address: "::1", port: 5080 };

function offer(connection: string, stream = "m=audio 40000 RTP/AVP 8"): string {
  const head = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", `c=${connection}`, "t=0 0"];
  return [...head, stream, ""].join("\r\n");
}

for (const [what, connection, warning] of [
  ["a host name", "IN IP4 media.example.com", 301],
  ["an IPv6 address where RTP has none", "IN IP6 ::1", 301],
  ["a multicast address", "IN IP4 224.2.1.1/127", 330],
  ["the broadcast address", "IN IP4 255.255.255.255", 399],
  ["an address of another network", "ATM NSAP 47.0091", 300],
] as const) {
  scenario(
    `an offer of ${what} is 488 with Warning ${warning} before the PSTN is asked [488] [RFC 3261 §20.43]`,
    (world) => {
      const call = world.phone.call("100", { sdp: offer(connection) });
      world.until(() => call.state === "ended", "the refusal");
      expect(call.status).toBe(488);
      expect(call.last?.headers.text("Warning")).toMatch(new RegExp(`^${warning} `));
      expect(world.ladder()).toEqual([]);
    },
  );
}

scenario("a call that begins on hold in the old form is set up [RFC 3264 §8.4]", (world) => {
  const call = world.phone.call("110", { sdp: offer("IN IP4 0.0.0.0") });
  world.until(() => call.state === "answered", "the answer");
  expect(call.theirs[0]).toMatch(/a=recvonly/);
  call.hangUp();
});

scenario("a new offer with a host name is 488 and the call goes on [re-INVITE] [488]", (world) => {
  const call = world.phone.call("110");
  world.until(() => call.state === "answered", "the answer");
  call.modify({ connection: "IN IP4 media.example.com" });
  world.until(() => call.modified.length === 1, "the refusal");
  expect(call.modified[0]).toEqual({ ok: false, status: 488 });
  call.hangUp();
});

scenario(
  "a call over IPv6 has speech both ways, and its addresses in brackets [RFC 6157] [RFC 5118]",
  (world) => {
    const phone = world.addPhone(AT_SIX);
    const call = phone.call("110");
    world.until(() => call.state === "answered", "the answer");
    const source = babble(5);
    call.media.speak(source);
    world.run(2500);
    expect(find(call.media.octetsHeard(), beginningOf(source, 8000))).toBeGreaterThan(0);
    expect(call.theirs[0]).toMatch(/c=IN IP6 ::1/);
    expect(call.answer?.headers.text("Contact")).toBe("<sip:[::1]:5060>");
    expect(call.answer?.headers.text("Via")).toMatch(/ \[::1\]:5080;/);
    call.hangUp();
  },
  SIX,
);

scenario(
  "a call from the PSTN goes out over IPv6 with an IPv6 offer [RFC 6157]",
  (world) => {
    const phone = world.addPhone(AT_SIX);
    phone.onCall = (call) => call.accept();
    world.exchange.originate({ to: "200" });
    world.until(() => phone.incoming[0]?.state === "answered", "the answer");
    const call = phone.incoming[0];
    expect(call?.theirs[0]).toMatch(/c=IN IP6 ::1/);
    expect(call?.invite?.uri).toBe("sip:200@[::1]");
    expect(call?.invite?.headers.text("Via")).toMatch(/ \[::1\]:5060;/);
    call?.hangUp();
  },
  SIX,
);

scenario(
  "an offer in the family that RTP has not is answered with 488, in the other one with 200 [RFC 6157]",
  (world) => {
    const phone = world.addPhone(AT_SIX);
    const call = phone.call("110", { sdp: offer("IN IP4 127.0.0.1") });
    world.until(() => call.state === "answered", "the answer");
    expect(call.theirs[0]).toMatch(/c=IN IP4 127.0.0.1/);
    call.hangUp();
  },
  SIX,
);
