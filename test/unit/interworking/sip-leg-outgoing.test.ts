import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PresentedNumber, Setup } from "../../../src/call/index.js";
import { wake } from "../../../src/core/index.js";
import type { SipProfile } from "../../../src/interworking/index.js";
import {
  AUDIO,
  field,
  gatewayCause,
  Leg,
  linesOf,
  request,
  response,
  sdp,
  setup,
  textOf,
} from "./helpers.js";

const number = (digits: string, more: Partial<PresentedNumber> = {}): PresentedNumber => ({
  ...{ digits, nature: "national", plan: "isdn" },
  ...{ presentation: "allowed", screening: "network-provided" },
  ...more,
});

/** The INVITE that a setup makes. */
function inviteOf(more: Partial<Setup> = {}, profile: Partial<SipProfile> = {}) {
  const { command } = new Leg("outgoing", profile).called(more);
  if (command.kind !== "invite") throw new Error("no INVITE");
  return command;
}

const ringing = (leg: Leg, dialog = "d") => leg.provisional(180, dialog);
const early = (leg: Leg, dialog = "d", body = AUDIO, status = 183) => {
  leg.described("answer", body, dialog);
  const outputs = leg.said;
  return [...outputs, ...leg.provisional(status, dialog)];
};

describe("[RFC 3398 §8.2.1] setup", () => {
  test("opens the media port near the peer, then sends the INVITE with an offer", () => {
    const leg = new Leg("outgoing");
    expect(leg.call(setup())).toEqual([{ kind: "open-media", near: "192.0.2.1" }]);
    leg.opened();
    expect(leg.said.map(({ kind }) => kind)).toEqual(["media-offered", "session"]);
    expect(leg.command).toMatchObject({
      ...{ kind: "invite", target: "sip:2001@pbx.example.com", to: "<sip:2001@pbx.example.com>" },
      reliability: "supported",
    });
    expect(linesOf(leg.command)).toContain("m=audio 16384 RTP/AVP 8 0 101");
  });

  test("[delayed offer] sends none where the peer is to offer", () => {
    const leg = new Leg("outgoing", { offer: "delayed" }).called();
    expect(leg.said.map(({ kind }) => kind)).toEqual(["session"]);
    expect(leg.command).toMatchObject({ bodies: [] });
  });

  test("an unrestricted bearer offers CLEARMODE alone, or ends with cause 65", () => {
    const bearer = { kind: "unrestricted-64k" } as const;
    expect(linesOf(inviteOf({ bearer }))).toContain("m=audio 16384 RTP/AVP 97");
    const leg = new Leg("outgoing", { clearmode: false });
    expect(leg.call(setup({ bearer }))).toMatchObject([
      { kind: "call", event: { kind: "release", cause: { value: 65 } } },
    ]);
  });

  test("the hop counter becomes Max-Forwards; none left is cause 25", () => {
    expect(inviteOf({ hopCounter: 12 }).maxForwards).toBe(12);
    expect(inviteOf()).not.toHaveProperty("maxForwards");
    const [out] = new Leg("outgoing").call(setup({ hopCounter: 0 }));
    expect(out).toMatchObject({ event: { kind: "release", cause: { value: 25 } } });
  });

  test("[RFC 3398 §12] numbers are global where their nature says so", () => {
    const target = (nature: "international" | "national" | "unknown", countryCode?: string) => {
      const numbering = { localNature: "unknown" as const, ...(countryCode && { countryCode }) };
      const called = { digits: "30*#A", nature, plan: "isdn" } as const;
      return inviteOf({ called }, { numbering }).target;
    };
    expect(target("international")).toBe("sip:+30*%23A@pbx.example.com;user=phone");
    expect(target("national", "49")).toBe("sip:+4930*%23A@pbx.example.com;user=phone");
    expect(target("national")).toBe("sip:30*%23A@pbx.example.com");
    expect(target("unknown", "49")).toBe("sip:30*%23A@pbx.example.com");
  });

  test("[RFC 3325] the calling party is in From, and asserted to a trusted peer", () => {
    const party = { calling: number("30"), callingName: 'Al "x"' };
    const trusted = inviteOf(party);
    expect(trusted.from).toBe('"Al \\"x\\"" <sip:30@gw.example.com>');
    expect(textOf(trusted.headers, "P-Asserted-Identity")).toBe(trusted.from);
    expect(textOf(trusted.headers, "Privacy")).toBeUndefined();
    const untrusted = inviteOf(party, { trusted: false });
    expect(untrusted.from).toBe(trusted.from);
    expect(untrusted.headers).toEqual([]);
  });

  test("[RFC 3323] a restricted number is in no From, and goes to trusted peers only", () => {
    const party = { calling: number("30", { presentation: "restricted" }), callingName: "Al" };
    const trusted = inviteOf(party);
    expect(trusted.from).toBe('"Anonymous" <sip:anonymous@anonymous.invalid>');
    expect(textOf(trusted.headers, "P-Asserted-Identity")).toContain("sip:30@");
    expect(textOf(trusted.headers, "Privacy")).toBe("id");
    const untrusted = inviteOf(party, { trusted: false });
    expect(JSON.stringify(untrusted.headers)).not.toContain("30");
    expect(untrusted.from).toBe(trusted.from);
    expect(textOf(untrusted.headers, "Privacy")).toBe("id");
  });

  test("the user's own number is in From beside the asserted one of the network", () => {
    const one = inviteOf({ calling: number("30"), callingAdditional: number("31") });
    expect(one.from).toBe("<sip:31@gw.example.com>");
    expect(textOf(one.headers, "P-Asserted-Identity")).toBe("<sip:30@gw.example.com>");
  });

  test.each([
    ["network-provided", "<sip:30@gw.example.com>"],
    ["user-provided-verified-and-passed", "<sip:30@gw.example.com>"],
    ["user-provided-verified-and-failed", undefined],
    ["user-provided-not-screened", undefined],
  ] as const)("[RFC 3325 §4] a number that is %s is asserted as %s", (screening, asserted) => {
    const one = inviteOf({ calling: number("30", { screening }) });
    expect(one.from).toBe("<sip:30@gw.example.com>");
    expect(textOf(one.headers, "P-Asserted-Identity")).toBe(asserted);
  });

  test("without a number From says that there is none", () => {
    const unavailable = '"Unavailable" <sip:unavailable@unknown.invalid>';
    expect(inviteOf().from).toBe(unavailable);
    const party = { calling: number("30", { presentation: "unavailable" }) };
    expect(inviteOf(party)).toMatchObject({ from: unavailable, headers: [] });
    const withheld = inviteOf({ calling: number("", { presentation: "restricted" }) });
    expect(withheld.headers).toEqual([field("Privacy", "id")]);
  });

  test("[RFC 5806] [RFC 7433] redirection and user-user go where the peer takes them", () => {
    const more: Partial<Setup> = {
      redirection: {
        redirecting: number("555", { presentation: "restricted" }),
        originalCalled: number("444"),
        ...{ reason: "no-reply", originalReason: "busy", count: 3 },
      },
      userUser: Uint8Array.of(0, 200),
    };
    expect(inviteOf(more).headers).toEqual([
      field(
        "Diversion",
        "<sip:555@gw.example.com>;reason=no-answer;counter=2;privacy=full;screen=yes",
      ),
      field(
        "Diversion",
        "<sip:444@gw.example.com>;reason=user-busy;counter=1;privacy=off;screen=yes",
      ),
      field("User-to-User", "00c8;encoding=hex;purpose=isdn-uui"),
    ]);
    expect(inviteOf(more, { diversion: false, userToUser: false }).headers).toEqual([]);
  });

  test("[RFC 5806] [RFC 3325 §5] a restricted redirecting number is anonymous to an untrusted peer", () => {
    const redirection = {
      redirecting: number("555", { presentation: "restricted" }),
      originalCalled: number("444"),
      reason: "busy",
      count: 2,
    } as const;
    const [top, bottom] = inviteOf({ redirection }, { trusted: false }).headers;
    expect(top?.value).toMatch(
      /^<sip:anonymous@anonymous\.invalid>;reason=user-busy;counter=1;privacy=full/,
    );
    expect(bottom?.value).toMatch(/^<sip:444@gw\.example\.com>;/);
  });

  test("[cause 47] no media port ends it before anything is sent", () => {
    const leg = new Leg("outgoing");
    leg.call(setup());
    expect(leg.give({ kind: "media-failed", what: "EMFILE" })).toMatchObject([
      { kind: "call", event: { kind: "release", cause: { value: 47 } } },
    ]);
  });
});

describe("[RFC 3398 §8.2.3] provisional responses", () => {
  test("[180] is alerting, once", () => {
    const leg = new Leg("outgoing").called();
    leg.provisional(100);
    expect(leg.said).toEqual([]);
    expect(ringing(leg)).toEqual([{ kind: "call", event: { kind: "alerting" } }]);
    expect(ringing(leg)).toEqual([]);
  });

  test("[181] a forwarded call is a notification, [182] and [183] are progress", () => {
    const leg = new Leg("outgoing").called();
    leg.provisional(181, "d");
    expect(leg.calls).toEqual([{ kind: "notify", description: 123 }]);
    leg.provisional(182, "d");
    expect(leg.calls).toEqual([{ kind: "progress" }]);
    leg.provisional(183);
    expect(leg.calls).toEqual([{ kind: "progress" }]);
    expect(leg.provisional(199, "d")).toEqual([]);
  });

  test("[early media] [183] with a description is progress with in-band information", () => {
    const leg = new Leg("outgoing").called();
    expect(early(leg)).toMatchObject([
      { kind: "media-agreed", agreement: { remote: { port: 5000 } } },
      { event: { kind: "progress", progress: [{ description: "in-band-information" }] } },
    ]);
  });

  test("[early media] [180] with a description is alerting with in-band information", () => {
    const leg = new Leg("outgoing").called();
    expect(early(leg, "d", AUDIO, 180)).toMatchObject([
      { kind: "media-agreed" },
      { event: { kind: "alerting", progress: [{ description: "in-band-information" }] } },
    ]);
  });

  test("early media that come after alerting are told", () => {
    const leg = new Leg("outgoing").called();
    ringing(leg);
    early(leg);
    expect(leg.calls).toMatchObject([
      { kind: "progress", progress: [{ description: "in-band-information" }] },
    ]);
    expect(leg.provisional(183, "d")).toEqual([]);
  });

  test("a description whose sender sends nothing is no early media", () => {
    const leg = new Leg("outgoing").called();
    early(leg, "d", sdp("m=audio 5000 RTP/AVP 8", "a=recvonly"), 180);
    expect(leg.calls).toEqual([{ kind: "alerting" }]);
  });

  test("a malformed description is the peer's fault and ends nothing before the answer", () => {
    const leg = new Leg("outgoing").called();
    leg.described("answer", sdp("m=audio x"));
    expect(leg.said).toMatchObject([{ kind: "anomaly" }]);
    expect(ringing(leg)).toEqual([{ kind: "call", event: { kind: "alerting" } }]);
  });
});

describe("[fork] several early dialogs", () => {
  const at = (port: number, ...more: string[]) => sdp(`m=audio ${port} RTP/AVP 8`, ...more);
  const heard = (leg: Leg) =>
    leg.all.flatMap((one) => (one.kind === "media-agreed" ? [one.agreement.remote.port] : []));

  test("the latest that sends media is heard", () => {
    const leg = new Leg("outgoing").called();
    early(leg, "d1", at(5002));
    early(leg, "d2", at(5004, "a=inactive"));
    early(leg, "d3", at(5006));
    expect(heard(leg)).toEqual([5002, 5006]);
  });

  test("when it ends, the one before it is heard again", () => {
    const leg = new Leg("outgoing").called();
    early(leg, "d1", at(5002));
    early(leg, "d2", at(5004));
    leg.session({ kind: "early-dialog-ended", session: "s", dialog: "d2" });
    leg.session({ kind: "early-dialog-ended", session: "s", dialog: "unknown" });
    expect(heard(leg)).toEqual([5002, 5004, 5002]);
  });

  test("the one that answers is heard, whoever was before", () => {
    const leg = new Leg("outgoing").called();
    early(leg, "d1", at(5002));
    early(leg, "d2", at(5004));
    leg.answered("d1");
    expect(heard(leg)).toEqual([5002, 5004, 5002]);
    expect(leg.state.dialogs).toHaveLength(1);
  });

  test("[PRACK] [UPDATE] an offer within one of them is answered without changing what is heard", () => {
    const leg = new Leg("outgoing").called();
    early(leg, "d1", at(5002));
    early(leg, "d2", at(5004));
    leg.described("offer", at(5008, "a=inactive"), "d1");
    leg.wanted("answer", "UPDATE", "d1");
    expect(leg.command).toMatchObject({ kind: "describe", dialog: "d1" });
    expect(heard(leg)).toEqual([5002, 5004]);
  });
});

describe("[RFC 3398 §8.2.4] the answer", () => {
  test("[200] is connect with the connected number of a trusted peer", () => {
    const headers = [field("P-Asserted-Identity", '"Bob" <sip:+4930@x>'), field("Privacy", "none")];
    const leg = new Leg("outgoing").called();
    leg.described("answer");
    leg.answered("d", headers);
    expect(leg.calls).toMatchObject([
      {
        ...{ kind: "connect", connectedName: "Bob" },
        connected: { digits: "4930", nature: "international", presentation: "allowed" },
      },
    ]);
    const other = new Leg("outgoing", { trusted: false }).called();
    other.described("answer");
    other.answered("d", headers);
    expect(other.calls).toEqual([{ kind: "connect" }]);
  });

  test("a restricted connected number says so and has no name", () => {
    const headers = [field("P-Asserted-Identity", '"Bob" <sip:+4930@x>'), field("Privacy", "id")];
    const leg = new Leg("outgoing").called();
    leg.described("answer");
    leg.answered("d", [...headers, field("User-to-User", "0001")]);
    const [event] = leg.calls;
    expect(event).toMatchObject({ connected: { presentation: "restricted" } });
    expect(event).not.toHaveProperty("connectedName");
    expect(event).toHaveProperty("userUser", Uint8Array.of(0, 1));
  });

  test("[cause 65] an answer that cannot be used ends the session", () => {
    const leg = new Leg("outgoing").called();
    leg.described("answer", sdp("m=audio 0 RTP/AVP 8"));
    leg.answered();
    expect(leg.command).toMatchObject({ kind: "terminate" });
    leg.session({ kind: "ended", session: "s", by: { kind: "local" } });
    expect(leg.calls).toMatchObject([{ kind: "release", cause: { value: 65 } }]);
  });

  test("[delayed offer] their offer in the 200 is answered in the ACK", () => {
    const leg = new Leg("outgoing", { offer: "delayed" }).called();
    leg.described("offer");
    leg.answered();
    expect(leg.calls).toEqual([{ kind: "connect" }]);
    leg.wanted("answer", "ACK");
    expect(leg.said.map(({ kind }) => kind)).toEqual(["session", "media-agreed"]);
    expect(linesOf(leg.command)).toContain("m=audio 16384 RTP/AVP 8 101");
  });

  test("[delayed offer] their offer in a reliable 183 is answered in the PRACK", () => {
    const leg = new Leg("outgoing", { offer: "delayed" }).called();
    leg.described("offer");
    leg.provisional(180, "d");
    expect(leg.calls).toEqual([{ kind: "alerting" }]);
    leg.wanted("answer", "PRACK");
    expect(leg.command).toMatchObject({ kind: "describe" });
    expect(leg.calls).toMatchObject([
      { kind: "progress", progress: [{ description: "in-band-information" }] },
    ]);
    leg.described("offer");
    leg.wanted("answer", "UPDATE");
    expect(leg.calls).toEqual([]);
  });
});

describe("[RFC 3264 §8] modifications by the peer", () => {
  function up(role: "incoming" | "outgoing" = "outgoing"): Leg {
    const leg = new Leg(role);
    if (role === "outgoing") {
      leg.called();
      leg.described("answer");
      leg.answered();
    } else {
      leg.invited();
      leg.call({ kind: "connect" });
    }
    return leg;
  }
  const offer = (leg: Leg, ...lines: string[]) => {
    leg.described("offer", sdp(...lines));
    return leg.wanted("answer", "INVITE");
  };

  test.each(["incoming", "outgoing"] as const)("[hold] hold and retrieval on an %s leg", (role) => {
    const leg = up(role);
    offer(leg, "m=audio 5000 RTP/AVP 8 101", "a=rtpmap:101 telephone-event/8000", "a=sendonly");
    expect(linesOf(leg.command)).toContain("a=recvonly");
    expect(leg.said.slice(1)).toEqual([
      { kind: "media-direction", direction: "recvonly" },
      { kind: "call", event: { kind: "notify", description: 121 } },
    ]);
    offer(leg, "m=audio 5000 RTP/AVP 8 101", "a=rtpmap:101 telephone-event/8000");
    expect(linesOf(leg.command)).toContain("a=sendrecv");
    expect(leg.said.slice(1)).toEqual([
      { kind: "media-direction", direction: "sendrecv" },
      { kind: "call", event: { kind: "notify", description: 122 } },
    ]);
  });

  test("[hold] the old form, c=0.0.0.0, is a hold too", () => {
    const leg = up();
    offer(leg, "m=audio 5000 RTP/AVP 8", "c=IN IP4 0.0.0.0");
    expect(linesOf(leg.command)).toContain("a=recvonly");
    expect(leg.calls).toEqual([{ kind: "notify", description: 121 }]);
  });

  test("another address configures the port anew", () => {
    const leg = up();
    offer(leg, "m=audio 6000 RTP/AVP 8");
    expect(leg.said).toMatchObject([
      { kind: "session" },
      { kind: "media-agreed", agreement: { remote: { port: 6000 } } },
    ]);
  });

  test("a repeated offer changes nothing and keeps the version", () => {
    const leg = up();
    offer(leg, "m=audio 6000 RTP/AVP 8");
    const first = linesOf(leg.command);
    offer(leg, "m=audio 6000 RTP/AVP 8");
    expect(leg.said.map(({ kind }) => kind)).toEqual(["session"]);
    expect(linesOf(leg.command)).toEqual(first);
  });

  test("[488] [T.38] an offer that cannot be served is refused and the media stay", () => {
    const leg = up();
    offer(leg, "m=image 6000 udptl t38");
    expect(leg.commands).toMatchObject([{ kind: "refuse", status: 488 }]);
    expect(textOf(leg.command.headers, "Warning")).toMatch(/^304 /);
    leg.wanted("answer", "INVITE");
    expect(leg.commands).toMatchObject([{ kind: "refuse", status: 488 }]);
    offer(leg, "m=audio 6000 RTP/AVP 8");
    expect(leg.commands).toMatchObject([{ kind: "describe" }]);
  });

  test("a re-INVITE without an offer gets ours, and its answer counts", () => {
    const leg = up();
    leg.wanted("offer", "INVITE");
    expect(leg.said.map(({ kind }) => kind)).toEqual(["media-offered", "session"]);
    expect(linesOf(leg.command)).toContain("m=audio 16384 RTP/AVP 8 0 101");
    leg.described("answer", sdp("m=audio 7000 RTP/AVP 0"));
    expect(leg.said).toMatchObject([
      { kind: "media-agreed", agreement: { send: { codec: { name: "PCMU" } } } },
    ]);
  });

  test("an offer that is withdrawn leaves all as it was", () => {
    const leg = up();
    leg.described("offer", sdp("m=audio 6000 RTP/AVP 8"));
    leg.session({ kind: "offer-withdrawn", session: "s", dialog: "d" });
    expect(leg.said).toEqual([]);
    leg.wanted("answer", "INVITE");
    expect(leg.commands).toMatchObject([{ kind: "refuse" }]);
  });
});

describe("the end", () => {
  test("[CANCEL] clearing before the answer terminates with the cause in a Reason", () => {
    const leg = new Leg("outgoing").called();
    leg.call({ kind: "disconnect", cause: gatewayCause(16, { location: "user" }) });
    expect(leg.command).toMatchObject({ kind: "terminate" });
    expect(textOf(leg.command.headers, "Reason")).toBe(
      'Q.850;cause=16;text="normal call clearing";location=U',
    );
    const by = { kind: "local", response: response(487) } as const;
    leg.session({ kind: "ended", session: "s", by });
    expect(leg.said).toMatchObject([
      { kind: "close-media" },
      { kind: "call", event: { kind: "release", cause: { value: 16 } } },
    ]);
  });

  test("clearing before the port is open sends nothing and leaves no port", () => {
    const leg = new Leg("outgoing");
    leg.call(setup());
    expect(leg.call({ kind: "release", cause: gatewayCause(16) })).toEqual([]);
    expect(leg.opened()).toMatchObject([
      { kind: "close-media" },
      { kind: "call", event: { kind: "release", cause: { value: 16 } } },
    ]);
  });

  test("clearing before the port is refused ends at that", () => {
    const leg = new Leg("outgoing");
    leg.call(setup());
    leg.call({ kind: "release", cause: gatewayCause(16) });
    expect(leg.give({ kind: "media-failed", what: "EMFILE" })).toMatchObject([
      { kind: "call", event: { kind: "release", cause: { value: 16 } } },
    ]);
  });

  test("clearing before the setup ends at once", () => {
    const leg = new Leg("outgoing");
    expect(leg.call({ kind: "release", cause: gatewayCause(16) })).toMatchObject([
      { kind: "call", event: { kind: "release" } },
    ]);
  });

  test("[486] a final failure is the cause of its row", () => {
    const leg = new Leg("outgoing").called();
    leg.session({ kind: "ended", session: "s", by: { kind: "response", response: response(486) } });
    expect(leg.calls).toMatchObject([
      { kind: "release", cause: { value: 17, origin: { kind: "sip", status: 486 } } },
    ]);
  });

  test("[BYE] the peer's hang-up ends it with the cause of its Reason", () => {
    const leg = new Leg("outgoing").called();
    leg.described("answer");
    leg.answered();
    const bye = request("BYE", [field("Reason", "Q.850;cause=31")]);
    leg.session({ kind: "ended", session: "s", by: { kind: "request", request: bye } });
    expect(leg.calls).toMatchObject([{ kind: "release", cause: { value: 31 } }]);
  });

  test("a session that ends without a word is cause 31", () => {
    const leg = new Leg("outgoing").called();
    leg.session({ kind: "ended", session: "s", by: { kind: "local" } });
    expect(leg.calls).toMatchObject([{ kind: "release", cause: { value: 31 } }]);
  });
});

test("[laws] whatever comes, nothing throws, ports are closed once, and release comes once and last", () => {
  const dialog = fc.constantFrom("d", "d1", "d2");
  const body = fc.constantFrom(
    ...[AUDIO, sdp("m=audio 0 RTP/AVP 8"), sdp("m=audio 5002 RTP/AVP 0", "a=sendonly"), sdp("x")],
    ...[sdp("m=audio 5002 RTP/AVP 8", "c=IN IP4 0.0.0.0"), sdp("m=image 5 udptl t38")],
  );
  const role = fc.constantFrom("offer" as const, "answer" as const);
  const method = fc.constantFrom("PRACK" as const, "UPDATE" as const, "INVITE" as const);
  type Action = (leg: Leg) => void;
  const actions: fc.Arbitrary<Action> = fc.oneof(
    fc.constant<Action>((leg) => leg.opened()),
    fc.constant<Action>((leg) => leg.give({ kind: "media-failed", what: "x" })),
    fc.constant<Action>((leg) => leg.give(wake)),
    fc.constant<Action>((leg) => leg.invite()),
    fc.constant<Action>((leg) => leg.call(setup())),
    fc.tuple(dialog, body, role).map(
      ([d, b, r]): Action =>
        (leg) =>
          leg.described(r, b, d),
    ),
    fc.tuple(dialog, role, method).map(
      ([d, r, m]): Action =>
        (leg) =>
          leg.wanted(r, m, d),
    ),
    fc.tuple(dialog, fc.constantFrom(100, 180, 181, 182, 183)).map(
      ([d, status]): Action =>
        (leg) =>
          leg.provisional(status, d),
    ),
    dialog.map(
      (d): Action =>
        (leg) =>
          leg.answered(d),
    ),
    dialog.map(
      (d): Action =>
        (leg) =>
          leg.session({ kind: "early-dialog-ended", session: "s", dialog: d }),
    ),
    fc.constantFrom("alerting" as const, "progress" as const, "connect" as const).map(
      (kind): Action =>
        (leg) =>
          leg.call({ kind }),
    ),
    fc.integer({ min: 1, max: 127 }).map(
      (value): Action =>
        (leg) =>
          leg.call({ kind: "disconnect", cause: gatewayCause(value) }),
    ),
    fc.constant<Action>((leg) =>
      leg.session({ kind: "ended", session: "s", by: { kind: "local" } }),
    ),
  );
  const roles = fc.constantFrom("incoming" as const, "outgoing" as const);
  const offers = fc.constantFrom("early" as const, "delayed" as const);
  fc.assert(
    fc.property(roles, offers, fc.array(actions, { maxLength: 25 }), (which, offer, list) => {
      const leg = new Leg(which, { offer });
      if (which === "incoming") leg.invite();
      else leg.call(setup());
      for (const act of list) act(leg);
      leg.call({ kind: "release", cause: gatewayCause(16) });
      leg.session({ kind: "ended", session: "s", by: { kind: "local" } });
      leg.give({ kind: "media-failed", what: "x" });
      const kinds = leg.all.map((one) => (one.kind === "call" ? one.event.kind : one.kind));
      expect(kinds.filter((kind) => kind === "release")).toHaveLength(1);
      expect(kinds[kinds.length - 1]).toBe("release");
      expect(kinds.filter((kind) => kind === "open-media").length).toBeLessThanOrEqual(1);
      const wasOpen = leg.state.local !== undefined;
      expect(kinds.filter((kind) => kind === "close-media")).toHaveLength(wasOpen ? 1 : 0);
    }),
    { numRuns: 400 },
  );
});
