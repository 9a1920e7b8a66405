import { expect } from "vitest";
import { babble, beginningOf, find } from "./speech.js";
import { scenario } from "./world.js";

const SWITCH = { configuration: "exchange: { enabled: false }\n" };

scenario(
  "a call from the PSTN is answered and echoes; the PSTN hangs up [RFC 3398 §8.2.1] [BYE]",
  (world) => {
    world.phone.onCall = (call) => {
      call.provide(180);
      call.accept();
    };
    world.exchange.originate({ to: "200", sound: "echo", holdMs: 4000 });
    world.until(() => world.phone.incoming[0]?.state === "answered", "the answer");
    const call = world.phone.incoming[0];
    const source = babble(7);
    call?.media.speak(source);
    world.run(3000);
    expect(
      find(call?.media.octetsHeard() ?? new Uint8Array(), beginningOf(source, 8000)),
    ).toBeGreaterThan(0);
    world.until(() => call?.state === "ended", "the end");
    expect(call?.reason).toMatch(/cause=16\b/);
  },
);

scenario(
  "a load of calls of the exchange is hung up: the first is cleared, the rest never placed [DISCONNECT] [cause 16]",
  (world) => {
    world.phone.onCall = (call) => call.accept();
    const placed = world.exchange.originate({ to: "200", holdMs: 0, count: 3, perSecond: 1 });
    const ids = placed.ok ? placed.value : [];
    world.until(() => world.phone.incoming[0]?.state === "answered", "the answer");
    expect(ids.map((id) => world.exchange.hangUp(id))).toEqual([true, true, true]);
    world.until(() => world.phone.incoming[0]?.state === "ended", "the end");
    expect(world.phone.incoming[0]?.reason).toMatch(/cause=16\b/);
    world.run(3000);
    expect(world.phone.incoming).toHaveLength(1);
    expect(world.exchange.calls()).toMatchObject(
      ids.map((id) => ({ id, state: "ended", cause: { value: 16, location: "user" } })),
    );
    expect(world.exchange.hangUp(ids[0] ?? "")).toBe(true);
    expect(world.exchange.hangUp("exchange-99")).toBe(false);
  },
);

scenario(
  "ALERTING tells of 180, CONNECT of 200 [ALERTING] [CONNECT] [RFC 3398 §8.2.3]",
  (world) => {
    const call = world.switch.place();
    world.until(() => world.phone.incoming.length === 1, "the INVITE");
    const callee = world.phone.incoming[0];
    callee?.provide(180);
    world.until(() => call.kinds.includes("alerting"), "ALERTING");
    callee?.accept();
    world.until(() => call.kinds.includes("connect"), "CONNECT");
    callee?.hangUp();
    world.until(() => call.over, "the end");
    expect(call.cause?.value).toBe(16);
  },
  SWITCH,
);

scenario(
  "183 with a description is PROGRESS with in-band information [PROGRESS] [early media]",
  (world) => {
    const call = world.switch.place();
    world.until(() => world.phone.incoming.length === 1, "the INVITE");
    world.phone.incoming[0]?.provide(183, { sdp: true, reliable: true });
    world.until(() => call.kinds.includes("progress"), "PROGRESS");
    expect(call.first("progress")?.progress?.map(({ description }) => description)).toContain(
      "in-band-information",
    );
    call.clear(16);
    world.until(() => call.over, "the end");
    expect(world.phone.incoming[0]?.end?.kind).toBe("request");
  },
  SWITCH,
);

scenario(
  "a caller that gives up is a CANCEL with cause 16 [CANCEL] [DISCONNECT] [cause 16]",
  (world) => {
    const call = world.switch.place();
    world.until(() => world.phone.incoming.length === 1, "the INVITE");
    world.phone.incoming[0]?.provide(180);
    world.run(1000);
    call.clear(16);
    world.until(() => call.over, "the end");
    const { end } = world.phone.incoming[0] ?? {};
    expect(end?.kind === "request" && end.request.method).toBe("CANCEL");
    expect(world.phone.incoming[0]?.reason).toMatch(/cause=16\b/);
  },
  SWITCH,
);

scenario(
  "a restricted calling number is anonymous in From and kept in P-Asserted-Identity [RFC 3323] [RFC 3325] [element calling party number]",
  (world) => {
    const call = world.switch.place({
      calling: {
        ...{ digits: "301234567", nature: "national", plan: "isdn" },
        ...{ presentation: "restricted", screening: "network-provided" },
      },
    });
    world.until(() => world.phone.incoming.length === 1, "the INVITE");
    const { headers } = world.phone.incoming[0]?.invite ?? {};
    expect(headers?.text("From")).toContain("anonymous");
    expect(headers?.text("From")).not.toContain("301234567");
    expect(headers?.text("Privacy")).toContain("id");
    expect(headers?.text("P-Asserted-Identity")).toContain("301234567");
    call.clear(16);
    world.until(() => call.over, "the end");
  },
  SWITCH,
);

scenario(
  "a name and a redirecting number reach the SIP peer [RFC 5806] [element display] [element redirecting number]",
  (world) => {
    const number = { digits: "4455", nature: "national", plan: "isdn" } as const;
    const shown = { presentation: "allowed", screening: "network-provided" } as const;
    const call = world.switch.place({
      calling: { ...number, digits: "5550199", ...shown },
      callingName: "Alice",
      redirection: { redirecting: { ...number, ...shown }, reason: "busy" },
    });
    world.until(() => world.phone.incoming.length === 1, "the INVITE");
    const { headers } = world.phone.incoming[0]?.invite ?? {};
    expect(headers?.text("From")).toContain("Alice");
    expect(headers?.text("Diversion")).toMatch(/4455.*user-busy/);
    call.clear(16);
    world.until(() => call.over, "the end");
  },
  SWITCH,
);

scenario(
  "the connected number goes to P-Asserted-Identity of the 200 [RFC 3325] [element connected number]",
  (world) => {
    world.switch.onCall = (call) => {
      call.tell({ kind: "proceeding" }, call.channel);
      call.tell({
        kind: "connect",
        connected: {
          ...{ digits: "309999", nature: "national", plan: "isdn" },
          ...{ presentation: "allowed", screening: "network-provided" },
        },
      });
    };
    const call = world.phone.call("4711");
    world.until(() => call.state === "answered", "the answer");
    expect(call.answer?.headers.text("P-Asserted-Identity")).toContain("309999");
    call.hangUp();
  },
  SWITCH,
);

scenario(
  "overlap: digits that come one by one are one INVITE [SETUP ACKNOWLEDGE] [INFORMATION]",
  (world) => {
    world.phone.onCall = (call) => call.accept();
    world.exchange.originate({ to: "2001", overlap: true, holdMs: 500 });
    world.until(() => world.phone.incoming.length > 0, "the INVITE", 30_000);
    expect(world.phone.incoming[0]?.invite?.uri).toMatch(/2001@/);
    world.until(() => world.exchange.calls()[0]?.state === "ended", "the end", 30_000);
  },
);

scenario(
  "with our country code a national number reaches the SIP peer as a global one [RFC 3398 §12]",
  (world) => {
    const call = world.switch.place();
    world.until(() => world.phone.incoming.length === 1, "the INVITE");
    expect(world.phone.incoming[0]?.invite?.headers.text("From")).toContain("sip:+495550199@");
    call.clear(16);
    world.until(() => call.over, "the end");
  },
  { configuration: 'exchange: { enabled: false }\nnumbering: { countryCode: "49" }\n' },
);

scenario(
  "a route changes the calling number as well as the called one [element calling party number]",
  (world) => {
    const call = world.phone.call("0110");
    world.until(() => world.switch.calls.length === 1, "the SETUP");
    const { setup } = world.switch.calls[0] ?? {};
    expect(setup?.called).toMatchObject({ digits: "110", nature: "national" });
    expect(setup?.calling).toMatchObject({ digits: "30100", nature: "national" });
    call.hangUp();
    world.until(() => call.state === "ended", "the end");
  },
  {
    configuration: [
      "exchange: { enabled: false }",
      "routes:",
      "  - name: out",
      "    from: { peers: [loopback] }",
      '    called: "0"',
      "    to:",
      '      - { trunkGroup: isdn, strip: 1, nature: national, calling: { strip: 4, prefix: "30", nature: national } }',
    ].join("\n"),
  },
);
