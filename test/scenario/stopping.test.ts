import { expect } from "vitest";
import { RawCaller } from "./raw-caller.js";
import { babble } from "./speech.js";
import { scenario } from "./world.js";

const USER = { configuration: "exchange: { enabled: false }\n" };
const RTCP_BYE = 203;

scenario(
  "a stop ends calls that are up with BYE and DISCONNECT, and says goodbye in RTCP [BYE] [DISCONNECT] [cause 41]",
  async (world) => {
    const call = world.phone.call("110");
    world.until(() => call.state === "answered", "the answer");
    call.media.speak(babble(3));
    world.run(500);
    const ended = world.gateway.endCalls(2000);
    world.run(200);
    await ended;
    expect(call.end).toMatchObject({ request: { method: "BYE" } });
    expect(call.last?.headers.text("Reason")).toMatch(/^Q\.850;cause=41/);
    expect(world.ladder("gateway").join()).toMatch(/DISCONNECT.*41/);
    expect(call.media.rtcp.some((octets) => types(octets).includes(RTCP_BYE))).toBe(true);
  },
);

scenario(
  "a stop refuses calls in set-up with 503 and cancels those to peers [CANCEL] [503]",
  async (world) => {
    const ringing = world.phone.call("104");
    world.until(() => ringing.provisionals.some(({ status }) => status === 180), "180");
    world.exchange.originate({ to: "200" });
    world.until(() => world.phone.incoming.length === 1, "the INVITE");
    world.phone.incoming[0]?.provide(180);
    world.run(50);
    const ended = world.gateway.endCalls(2000);
    world.run(300);
    await ended;
    expect(ringing.status).toBe(503);
    expect(ringing.last?.headers.text("Retry-After")).toBe("5");
    expect(world.phone.incoming[0]?.end).toMatchObject({ request: { method: "CANCEL" } });
    const late = world.phone.call("110");
    world.until(() => late.state === "ended", "the refusal");
    expect(late.status).toBe(503);
  },
);

scenario(
  "a stop waits for far ends that say nothing no longer than it was told",
  async (world) => {
    const caller = new RawCaller(world.network);
    caller.invite("200");
    world.until(() => world.switch.calls.length === 1, "SETUP");
    world.switch.calls[0]?.tell({ kind: "connect" });
    world.until(() => caller.heard.includes("SIP/2.0 200 OK"), "the answer");
    caller.ack("200");
    world.run(50);
    let isOver = false;
    const ended = world.gateway.endCalls(2000).then(() => {
      isOver = true;
    });
    world.run(1900);
    await Promise.resolve();
    expect(isOver).toBe(false);
    expect(caller.heard.filter((line) => line.startsWith("BYE")).length).toBeGreaterThan(1);
    world.run(200);
    await ended;
    world.rest(40_000);
  },
  USER,
);

/** Packet types of a compound RTCP packet (RFC 3550 §6.1). */
function types(octets: Uint8Array): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at + 4 <= octets.length; ) {
    found.push(octets[at + 1] ?? 0);
    at += 4 * (1 + (octets[at + 2] ?? 0) * 256 + (octets[at + 3] ?? 0));
  }
  return found;
}
