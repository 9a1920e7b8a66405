import { expect } from "vitest";
import type { PresentedNumber, Setup } from "../../src/call/index.js";
import type { PhoneCall } from "./phone-call.js";
import type { SwitchCall } from "./switch.js";
import { type ScenarioWorld, scenario } from "./world.js";

const USER = { configuration: "exchange: { enabled: false }\n" };
const NETWORK = {
  configuration:
    "exchange: { enabled: false }\ntrunkGroups: [{ name: isdn, spans: [e1-1], signalling: isdn-network }]\n",
};
const NI2 = {
  configuration: [
    "exchange: { enabled: false }",
    "spans: [{ name: t1, kind: t1 }]",
    "trunkGroups: [{ name: isdn, spans: [t1], profile: ni2 }]",
  ].join("\n"),
};
const UNTRUSTED = {
  configuration: [
    "exchange: { enabled: false }",
    "peers:",
    "  - { name: loopback, addresses: [127.0.0.1], contact: { host: 127.0.0.1, port: 5080 }, trusted: false }",
  ].join("\n"),
};

/** What the PSTN is told of a call of the phone. */
function setupOf(world: ScenarioWorld, from: string, headers: Readonly<Record<string, string>>) {
  const fields = Object.entries(headers).map(([name, value]) => ({ name, value }));
  const call = world.phone.call("4711", { from, headers: fields });
  world.until(() => world.switch.calls[0]?.setup !== undefined, "SETUP");
  const { setup } = world.switch.calls[0] ?? {};
  if (setup === undefined) throw new Error("no setup");
  end(world, call, world.switch.calls[0]);
  return setup;
}

/** The INVITE that the phone gets for a call of the PSTN. */
function inviteOf(world: ScenarioWorld, setup: Partial<Setup>) {
  const call = world.switch.place(setup);
  world.until(() => world.phone.incoming.length === 1, "the INVITE");
  const [callee] = world.phone.incoming;
  if (callee?.invite === undefined) throw new Error("no INVITE");
  call.clear(16);
  world.until(() => call.over, "the end");
  return callee.invite;
}

function end(world: ScenarioWorld, call: PhoneCall, other: SwitchCall | undefined): void {
  call.hangUp();
  world.until(() => call.state === "ended" && other?.over === true, "the end");
}

function number(digits: string, presentation: PresentedNumber["presentation"]): PresentedNumber {
  const screening = "user-provided-verified-and-passed";
  return { digits, nature: "national", plan: "isdn", presentation, screening };
}

scenario(
  "From is the calling number, not screened; a user of EuroISDN has no way to say its name [element calling party number] [RFC 3398 §7.2.1]",
  (world) => {
    const setup = setupOf(world, '"Alice" <sip:301234@127.0.0.1>', {});
    expect(setup.calling).toMatchObject({
      ...{ digits: "301234", presentation: "allowed", screening: "user-provided-not-screened" },
    });
    expect(setup.callingName).toBeUndefined();
  },
  USER,
);

for (const [how, options] of [
  ["Display of a network of EuroISDN [element display]", NETWORK],
  ["Facility of NI-2 [element facility]", NI2],
] as const) {
  scenario(
    `the name of From goes by ${how}`,
    (world) => {
      const setup = setupOf(world, '"Alice" <sip:301234@127.0.0.1>', {});
      expect(setup.calling?.digits).toBe("301234");
      expect(setup.callingName).toBe("Alice");
    },
    options,
  );
}

scenario(
  "P-Asserted-Identity of a trusted peer is the calling number, verified [RFC 3325 §5] [element calling party number]",
  (world) => {
    const setup = setupOf(world, "<sip:301234@127.0.0.1>", {
      "P-Asserted-Identity": "<sip:+49309876@127.0.0.1;user=phone>",
    });
    expect(setup.calling).toMatchObject({
      ...{ digits: "49309876", nature: "international" },
      ...{ presentation: "allowed", screening: "user-provided-verified-and-passed" },
    });
  },
  USER,
);

scenario(
  "P-Asserted-Identity of a peer that is not trusted is worth nothing [RFC 3325 §5]",
  (world) => {
    const setup = setupOf(world, "<sip:301234@127.0.0.1>", {
      "P-Asserted-Identity": "<sip:309876@127.0.0.1>",
    });
    expect(setup.calling?.digits).toBe("301234");
    expect(setup.calling?.screening).toBe("user-provided-not-screened");
  },
  UNTRUSTED,
);

scenario(
  "Privacy id restricts the presentation and keeps the number; the name is kept back [RFC 3325 §9.3] [RFC 3323] [element calling party number]",
  (world) => {
    const setup = setupOf(world, '"Anonymous" <sip:anonymous@anonymous.invalid>', {
      "P-Asserted-Identity": '"Alice" <sip:301234@127.0.0.1>',
      Privacy: "id",
    });
    expect(setup.calling).toMatchObject({ digits: "301234", presentation: "restricted" });
    expect(setup.callingName).toBeUndefined();
  },
  USER,
);

scenario(
  "an anonymous From without more is a restricted calling number without digits [RFC 3323 §4.1]",
  (world) => {
    const setup = setupOf(world, '"Anonymous" <sip:anonymous@anonymous.invalid>', {});
    expect(setup.calling).toMatchObject({ digits: "", presentation: "restricted" });
  },
  USER,
);

scenario(
  "privacy that is critical and cannot be given is refused with 500 [RFC 3323 §5] [500]",
  (world) => {
    const headers = [{ name: "Privacy", value: "history;critical" }];
    const call = world.phone.call("4711", { headers });
    world.until(() => call.state === "ended", "the refusal");
    expect(call.status).toBe(500);
    expect(world.switch.calls).toEqual([]);
  },
  USER,
);

scenario(
  "Diversion is the redirecting number with its reason [RFC 5806] [element redirecting number]",
  (world) => {
    const setup = setupOf(world, "<sip:301234@127.0.0.1>", {
      Diversion: "<sip:5005@127.0.0.1>;reason=no-answer;counter=1;privacy=off",
    });
    expect(setup.redirection).toMatchObject({
      redirecting: { digits: "5005", presentation: "allowed" },
      reason: "no-reply",
    });
  },
  USER,
);

scenario(
  "Max-Forwards 0 goes no further [483] [RFC 3261 §16.3]",
  (world) => {
    const call = world.phone.call("4711", { maxForwards: 0 });
    world.until(() => call.state === "ended", "the refusal");
    expect(call.status).toBe(483);
    expect(world.switch.calls).toEqual([]);
  },
  USER,
);

scenario(
  "a restricted number of the PSTN to a peer that is not trusted goes nowhere [RFC 3325 §7] [element calling party number]",
  (world) => {
    const invite = inviteOf(world, { calling: number("301234567", "restricted") });
    expect(invite.headers.text("From")).toContain("anonymous");
    expect(invite.headers.text("P-Asserted-Identity")).toBeUndefined();
    const said = world.network.passed.filter(({ from }) => from === "127.0.0.1:5060");
    expect(said.some(({ text }) => text.includes("301234567"))).toBe(false);
  },
  UNTRUSTED,
);

scenario(
  "an international number of the PSTN is global in From and P-Asserted-Identity [RFC 3398 §12] [element calling party number]",
  (world) => {
    const calling = { ...number("4930555", "allowed"), nature: "international" } as const;
    const invite = inviteOf(world, { calling });
    expect(invite.headers.text("From")).toContain("sip:+4930555@");
    expect(invite.headers.text("P-Asserted-Identity")).toContain("sip:+4930555@");
    expect(invite.headers.text("Privacy")).toBeUndefined();
  },
  USER,
);

scenario(
  "a call without a number has none in From [RFC 3398 §8.2.1]",
  (world) => {
    const invite = inviteOf(world, { calling: number("", "unavailable") });
    expect(invite.headers.text("From")).toContain("unavailable");
    expect(invite.headers.text("P-Asserted-Identity")).toBeUndefined();
  },
  USER,
);

scenario(
  "a restricted connected number is kept in P-Asserted-Identity and marked private [RFC 3325] [element connected number]",
  (world) => {
    world.switch.onCall = (call) => {
      call.tell({ kind: "proceeding" }, call.channel);
      call.tell({ kind: "connect", connected: number("309999", "restricted") });
    };
    const call = world.phone.call("4711");
    world.until(() => call.state === "answered", "the answer");
    expect(call.answer?.headers.text("P-Asserted-Identity")).toContain("309999");
    expect(call.answer?.headers.text("Privacy")).toBe("id");
    end(world, call, world.switch.calls[0]);
  },
  USER,
);

scenario(
  "the identity in a 200 is the connected number of CONNECT [RFC 3325] [element connected number]",
  (world) => {
    world.phone.onCall = (call) =>
      call.accept([
        { name: "P-Asserted-Identity", value: '"Bob" <sip:+4930777@127.0.0.1;user=phone>' },
        { name: "Privacy", value: "id" },
      ]);
    const call = world.switch.place();
    world.until(() => call.kinds.includes("connect"), "CONNECT");
    expect(call.first("connect")?.connected).toMatchObject({
      ...{ digits: "4930777", nature: "international", presentation: "restricted" },
    });
    call.clear(16);
    world.until(() => call.over, "the end");
  },
  USER,
);

scenario(
  "user-user travels both ways [RFC 7433] [element user-user]",
  (world) => {
    world.phone.onCall = (call) =>
      call.accept([{ name: "User-to-User", value: "04526566;encoding=hex" }]);
    const call = world.switch.place({ userUser: Uint8Array.of(4, 0x41, 0x42) });
    world.until(() => call.kinds.includes("connect"), "CONNECT");
    const [callee] = world.phone.incoming;
    expect(callee?.invite?.headers.text("User-to-User")).toMatch(/^044142/i);
    expect(call.first("connect")?.userUser).toEqual(Uint8Array.of(4, 0x52, 0x65, 0x66));
    call.clear(16);
    world.until(() => call.over, "the end");
  },
  USER,
);

scenario(
  "a number that the PSTN has not screened is in From and nobody asserts it [RFC 3325 §4] [element calling party number]",
  (world) => {
    const calling = { ...number("301234", "allowed"), screening: "user-provided-not-screened" };
    const invite = inviteOf(world, { calling: calling as PresentedNumber });
    expect(invite.headers.text("From")).toContain("sip:301234@");
    expect(invite.headers.text("P-Asserted-Identity")).toBeUndefined();
  },
  USER,
);

const TWO = {
  "P-Asserted-Identity": "<sip:309876@127.0.0.1>",
};

scenario(
  "a user says one calling number, the asserted one [EN 300 092-1] [element calling party number]",
  (world) => {
    const setup = setupOf(world, "<sip:301234@127.0.0.1>", TWO);
    expect(setup.calling?.digits).toBe("309876");
    expect(setup.callingAdditional).toBeUndefined();
  },
  USER,
);

scenario(
  "a network says the user's own number beside the one it knows [EN 300 092-1] [element calling party number]",
  (world) => {
    const setup = setupOf(world, "<sip:301234@127.0.0.1>", TWO);
    expect(setup.calling).toMatchObject({ digits: "309876" });
    expect(setup.callingAdditional).toMatchObject({ digits: "301234" });
  },
  NETWORK,
);
