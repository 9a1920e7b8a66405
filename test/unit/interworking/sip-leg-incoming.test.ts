import { describe, expect, test } from "vitest";
import type { ProgressIndicator, Setup } from "../../../src/call/index.js";
import { fromHex, utf8, wake } from "../../../src/core/index.js";
import {
  AUDIO,
  field,
  gatewayCause,
  Leg,
  linesOf,
  NO_OFFER,
  request,
  sdp,
  textOf,
} from "./helpers.js";

const IN_BAND: ProgressIndicator = {
  description: "in-band-information",
  location: "public-network-local",
};
const inBand = { progress: [IN_BAND] };

/** The setup that an INVITE makes. */
function setupOf(...parameters: Parameters<Leg["invited"]>): Setup {
  const [event] = new Leg("incoming").invited(...parameters).calls;
  if (event?.kind !== "setup") throw new Error("no setup");
  return event;
}

describe("[RFC 3398 §7.2.1] INVITE", () => {
  test("opens the media port, and is a setup once it is open", () => {
    const leg = new Leg("incoming");
    expect(leg.invite()).toEqual([
      { kind: "codec-expected", codec: "PCMA" },
      { kind: "open-media", near: "192.0.2.1" },
    ]);
    expect(leg.opened()).toEqual([
      {
        kind: "call",
        event: {
          kind: "setup",
          called: { digits: "100", nature: "unknown", plan: "isdn" },
          calling: {
            ...{ digits: "2001", nature: "unknown", plan: "isdn" },
            ...{ presentation: "allowed", screening: "user-provided-not-screened" },
          },
          sendingComplete: true,
          bearer: { kind: "audio-3k1", law: "a-law" },
          hopCounter: 69,
        },
      },
    ]);
  });

  test("[RFC 3398 §12] a plus sign is an international number, within the country a national one", () => {
    const called = (uri: string, countryCode?: string) => {
      const numbering = { localNature: "subscriber" as const, ...(countryCode && { countryCode }) };
      const [event] = new Leg("incoming", { numbering }).invited([], AUDIO, "none", uri).calls;
      return event?.kind === "setup" ? event.called : undefined;
    };
    expect(called("sip:+49-30(555)@gw;user=phone")).toEqual({
      ...{ digits: "4930555", nature: "international", plan: "isdn" },
    });
    expect(called("tel:+49-30-555", "49")).toMatchObject({ digits: "30555", nature: "national" });
    expect(called("sip:030%2A1@gw")).toMatchObject({ digits: "030*1", nature: "subscriber" });
    expect(called("sip:100;phone-context=+49@gw")).toMatchObject({ digits: "100" });
  });

  test("Max-Forwards becomes the hop counter, one less; 0 is refused [483]", () => {
    expect(setupOf([field("Max-Forwards", "5")]).hopCounter).toBe(4);
    const leg = new Leg("incoming");
    leg.invite([field("Max-Forwards", "0")]);
    expect(leg.command).toMatchObject({ kind: "reject", status: 483 });
  });

  test("the bearer is unrestricted when CLEARMODE is what the caller wants first [RFC 4040]", () => {
    const map = "a=rtpmap:97 CLEARMODE/8000";
    const bearer = (...lines: string[]) => setupOf([], sdp(...lines)).bearer.kind;
    expect(bearer("m=audio 5000 RTP/AVP 97", map)).toBe("unrestricted-64k");
    expect(bearer("m=audio 5000 RTP/AVP 97 8", map)).toBe("unrestricted-64k");
    expect(bearer("m=audio 5000 RTP/AVP 8 97", map)).toBe("audio-3k1");
    const speech = new Leg("incoming", { audioBearer: "speech" }).invited();
    expect(speech.calls[0]).toMatchObject({ bearer: { kind: "speech", law: "a-law" } });
  });

  test("user-user and redirection are read where the peer may send them", () => {
    const headers = [
      field("User-to-User", "00c81234;encoding=hex"),
      field("Diversion", "<sip:+4930@x>;reason=user-busy;counter=2;privacy=full"),
      field("Diversion", "<sip:555@x>;reason=no-answer;screen=yes"),
    ];
    expect(setupOf(headers)).toMatchObject({
      userUser: fromHex("00c81234"),
      redirection: {
        redirecting: { digits: "4930", presentation: "restricted" },
        originalCalled: { digits: "555", screening: "user-provided-verified-and-passed" },
        ...{ reason: "busy", originalReason: "no-reply", count: 3 },
      },
    });
    const [plain] = new Leg("incoming", { diversion: false, userToUser: false }).invited(
      headers,
    ).calls;
    expect(plain).not.toHaveProperty("redirection");
    expect(plain).not.toHaveProperty("userUser");
  });

  test("[RFC 5806] [RFC 3325 §5] Diversion of an untrusted peer is not believed", () => {
    const headers = [field("Diversion", "<sip:+4930@x>;reason=user-busy")];
    const [event] = new Leg("incoming", { trusted: false }).invited(headers).calls;
    expect(event).toMatchObject({ kind: "setup" });
    expect(event).not.toHaveProperty("redirection");
  });

  test("user-user in another encoding, or longer than allowed, is not user-user [RFC 7433]", () => {
    for (const value of ["00zz", "00c8;encoding=text", "0", "", "00".repeat(130)]) {
      expect(setupOf([field("User-to-User", value)])).not.toHaveProperty("userUser");
    }
  });

  test("Diversion with strange reasons, counters and URIs does no harm", () => {
    const reason = (text: string) =>
      setupOf([field("Diversion", `<sip:555@x>;${text}`)]).redirection;
    expect(reason("reason=__proto__;counter=-3")).toMatchObject({ reason: "unknown", count: 1 });
    expect(reason("reason=deflection;counter=999")).toMatchObject({ count: 5 });
    expect(setupOf([field("Diversion", "<mailto:a@b>")])).not.toHaveProperty("redirection");
  });

  test.each([
    ["[404] a user that is no number", [], AUDIO, "sip:alice@gw", 404, 1],
    ["[404] a URI without a user", [], AUDIO, "sip:gw.example.com", 404, 1],
    ["[400] a malformed description", [], { ...AUDIO, content: utf8("v=1") }, undefined, 400, 100],
    ["[488] no common codec", [], sdp("m=audio 5000 RTP/AVP 9"), undefined, 488, 65],
    ["[488] only T.38", [], sdp("m=image 5000 udptl t38"), undefined, 488, 65],
    [
      "[500] critical privacy of an unknown kind",
      [field("Privacy", "history;critical")],
      AUDIO,
      undefined,
      500,
      69,
    ],
  ] as const)("%s is refused with a cause", (_, headers, offer, uri, status, value) => {
    const leg = new Leg("incoming");
    leg.invite(headers, offer, "supported", uri);
    expect(leg.command).toMatchObject({ kind: "reject", status });
    expect(textOf(leg.command.headers, "Reason")).toMatch(`Q.850;cause=${value};`);
    leg.session({ kind: "ended", session: "s", by: { kind: "local" } });
    expect(leg.calls).toMatchObject([{ kind: "release", cause: { value } }]);
    expect(leg.all.map(({ kind }) => kind)).not.toContain("open-media");
  });

  test("[488] says why in a Warning", () => {
    const leg = new Leg("incoming");
    leg.invite([], sdp("m=audio 5000 RTP/AVP 9"));
    expect(textOf(leg.command.headers, "Warning")).toMatch(/^305 gw\.example\.com "/);
  });

  test("[cause 47] [503] no media port ends it, and is not told as a call before", () => {
    const leg = new Leg("incoming", { retryAfterS: 30 });
    leg.invite();
    leg.give({ kind: "media-failed", what: "EMFILE" });
    expect(leg.command).toMatchObject({ kind: "reject", status: 503 });
    expect(textOf(leg.command.headers, "Retry-After")).toBe("30");
    leg.session({ kind: "ended", session: "s", by: { kind: "local" } });
    expect(leg.said).toMatchObject([{ kind: "call", event: { kind: "release" } }]);
  });
});

describe("[RFC 3325] [RFC 3323] who calls", () => {
  const from = (value: string) => field("From", value);
  const asserted = field("P-Asserted-Identity", '"Alice" <sip:+4930@x>, <tel:+4931>');

  test("the asserted identity of a trusted peer, From beside it as the user's own number", () => {
    expect(setupOf([asserted])).toMatchObject({
      calling: { digits: "4930", screening: "user-provided-verified-and-passed" },
      callingAdditional: { digits: "2001", screening: "user-provided-not-screened" },
      callingName: "Alice",
    });
  });

  test("an untrusted peer asserts nothing", () => {
    const [event] = new Leg("incoming", { trusted: false }).invited([asserted]).calls;
    expect(event).toMatchObject({ calling: { digits: "2001" } });
  });

  test.each(["id", "user", "header", "none;id", "ID"])("Privacy: %s restricts", (privacy) => {
    const setup = setupOf([asserted, field("Privacy", privacy)]);
    expect(setup).toMatchObject({ calling: { digits: "4930", presentation: "restricted" } });
    expect(setup).not.toHaveProperty("callingName");
  });

  test.each(["none", "session", "critical"])("Privacy: %s does not restrict", (privacy) => {
    expect(setupOf([field("Privacy", privacy)]).calling?.presentation).toBe("allowed");
  });

  test("an anonymous From alone withholds the number", () => {
    const anonymous = from('"Anonymous" <sip:anonymous@anonymous.invalid>;tag=f');
    expect(setupOf([anonymous])).toMatchObject({
      calling: { digits: "", presentation: "restricted" },
    });
    const known = setupOf([anonymous, asserted]);
    expect(known).toMatchObject({ calling: { digits: "4930", presentation: "allowed" } });
    expect(known).not.toHaveProperty("callingAdditional");
  });

  test("a From that is no number is no calling number", () => {
    const setup = setupOf([from('"Bob" <sip:bob@x>;tag=f')]);
    expect(setup).not.toHaveProperty("calling");
    expect(setup.callingName).toBe("Bob");
  });
});

describe("what the called side does", () => {
  test("[RFC 3398 §7.2.6] [ALERTING] alerting is 180 without a description", () => {
    const leg = new Leg("incoming").invited();
    leg.call({ kind: "proceeding" });
    expect(leg.said).toEqual([]);
    leg.call({ kind: "alerting" });
    expect(leg.command).toMatchObject({
      ...{ kind: "provisional", status: 180, reliable: "if-possible", bodies: [] },
    });
    leg.call({ kind: "alerting" });
    expect(leg.said).toEqual([]);
  });

  test("[early media] alerting with in-band information is 180 with the answer", () => {
    const leg = new Leg("incoming").invited();
    leg.call({ kind: "alerting", ...inBand });
    expect(leg.command).toMatchObject({ kind: "provisional", status: 180 });
    expect(linesOf(leg.command)).toContain("m=audio 16384 RTP/AVP 8 101");
    expect(leg.said).toContainEqual(
      expect.objectContaining({
        kind: "media-agreed",
        agreement: expect.objectContaining({ direction: "sendrecv" }),
      }),
    );
  });

  test("[early media] it is 183 where the trunk group says so", () => {
    const leg = new Leg("incoming", { inBandAlerting: 183 }).invited();
    leg.call({ kind: "alerting", ...inBand });
    expect(leg.command).toMatchObject({ status: 183 });
  });

  test("[PROGRESS] progress is 183, with the answer when there is something to hear", () => {
    const leg = new Leg("incoming").invited();
    leg.call({ kind: "progress" });
    expect(leg.command).toMatchObject({ status: 183, bodies: [] });
    leg.call({ kind: "progress", ...inBand, cause: gatewayCause(1) });
    expect(linesOf(leg.command)).toContain("m=audio 16384 RTP/AVP 8 101");
    expect(textOf(leg.command.headers, "Reason")).toMatch("Q.850;cause=1;");
  });

  test("in-band information in CALL PROCEEDING is 183 with the answer", () => {
    const leg = new Leg("incoming").invited();
    leg.call({
      kind: "proceeding",
      progress: [{ ...IN_BAND, description: "not-end-to-end-isdn" }],
    });
    expect(leg.command).toMatchObject({ status: 183 });
    expect(linesOf(leg.command)).not.toEqual([]);
  });

  test("a later 180 is not dropped, and all responses have the same answer", () => {
    const leg = new Leg("incoming").invited();
    leg.call({ kind: "progress", ...inBand });
    const first = linesOf(leg.command);
    leg.call({ kind: "alerting" });
    expect(leg.command).toMatchObject({ kind: "provisional", status: 180 });
    expect(linesOf(leg.command)).toEqual(first);
    leg.call({ kind: "connect" });
    expect(leg.command).toMatchObject({ kind: "accept" });
    expect(linesOf(leg.command)).toEqual(first);
    expect(leg.all.filter(({ kind }) => kind === "media-agreed")).toHaveLength(1);
  });

  test("[RFC 3398 §7.2.9] a call that is diverting is 181, other notifications say nothing", () => {
    const leg = new Leg("incoming").invited();
    leg.call({ kind: "notify", description: 123 });
    expect(leg.command).toMatchObject({ kind: "provisional", status: 181 });
    leg.call({ kind: "notify", description: 0 });
    expect(leg.said).toEqual([]);
  });

  test("[100rel] provisional responses are unreliable when either side wants it so", () => {
    const unable = new Leg("incoming").invited([], AUDIO, "none");
    unable.call({ kind: "alerting" });
    expect(unable.command).toMatchObject({ reliable: "never" });
    const unwilling = new Leg("incoming", { reliability: "none" }).invited();
    unwilling.call({ kind: "alerting" });
    expect(unwilling.command).toMatchObject({ reliable: "never" });
    const demanding = new Leg("incoming", { reliability: "none" }).invited([], AUDIO, "required");
    demanding.call({ kind: "alerting" });
    expect(demanding.command).toMatchObject({ reliable: "if-possible" });
  });

  test("[RFC 3398 §7.2.7] [CONNECT] the answer is 200 with the connected number", () => {
    const leg = new Leg("incoming").invited();
    leg.call({
      kind: "connect",
      connected: {
        ...{ digits: "4930", nature: "international", plan: "isdn" },
        ...{ presentation: "restricted", screening: "network-provided" },
      },
      connectedName: "Bob",
      userUser: Uint8Array.of(0, 1),
    });
    expect(leg.command).toMatchObject({ kind: "accept" });
    const { headers } = leg.command;
    expect(textOf(headers, "P-Asserted-Identity")).toBe(
      '"Bob" <sip:+4930@gw.example.com;user=phone>',
    );
    expect(textOf(headers, "Privacy")).toBe("id");
    expect(textOf(headers, "User-to-User")).toBe("0001;encoding=hex;purpose=isdn-uui");
    leg.session({ kind: "acknowledged", session: "s", dialog: "d" });
    expect(leg.said).toEqual([]);
  });

  test("a call that was made from an untrusted peer is told no connected number", () => {
    const leg = new Leg("incoming", { trusted: false }).invited();
    leg.call({
      kind: "connect",
      connected: {
        ...{ digits: "4930", nature: "international", plan: "isdn" },
        ...{ presentation: "allowed", screening: "network-provided" },
      },
    });
    expect(leg.command.headers).toEqual([]);
  });
});

describe("[delayed offer] an INVITE without a description", () => {
  test("our offer goes in a reliable 183, and their answer configures the port", () => {
    const leg = new Leg("incoming").invited([], NO_OFFER);
    leg.call({ kind: "progress", ...inBand });
    expect(leg.said.map(({ kind }) => kind)).toEqual(["media-offered", "session"]);
    expect(linesOf(leg.command)).toContain("m=audio 16384 RTP/AVP 8 0 101");
    leg.described("answer");
    expect(leg.said).toMatchObject([
      { kind: "media-agreed", agreement: { remote: { port: 5000 } } },
    ]);
    leg.call({ kind: "connect" });
    expect(leg.said.map(({ kind }) => kind)).toEqual(["session"]);
  });

  test("without 100rel it goes in the 200 only", () => {
    const leg = new Leg("incoming").invited([], NO_OFFER, "none");
    leg.call({ kind: "progress", ...inBand });
    expect(linesOf(leg.command)).toEqual([]);
    leg.call({ kind: "connect" });
    expect(linesOf(leg.command)).toContain("m=audio 16384 RTP/AVP 8 0 101");
    leg.described("answer");
    expect(leg.said).toMatchObject([{ kind: "media-agreed" }]);
  });

  const unusable = [
    ["has no codec in common", sdp("m=audio 5000 RTP/AVP 18")],
    ["refuses the stream", sdp("m=audio 0 RTP/AVP 8")],
    ["is malformed", { ...AUDIO, content: utf8("v=1") }],
  ] as const;

  test.each(unusable)("[cause 65] [ACK] an answer in the ACK that %s ends the call", (_, body) => {
    const leg = new Leg("incoming").invited([], NO_OFFER, "none");
    leg.call({ kind: "connect" });
    leg.described("answer", body);
    expect(leg.command).toMatchObject({ kind: "terminate" });
    expect(textOf(leg.command.headers, "Reason")).toMatch(/^Q\.850;cause=65/);
    leg.session({ kind: "ended", session: "s", by: { kind: "local" } });
    expect(leg.calls).toMatchObject([{ kind: "release", cause: { value: 65 } }]);
  });

  test.each(unusable)("[cause 65] [PRACK] [488] one in a PRACK that %s refuses it", (_, body) => {
    const leg = new Leg("incoming").invited([], NO_OFFER);
    leg.call({ kind: "progress", ...inBand });
    leg.described("answer", body);
    expect(leg.command).toMatchObject({ kind: "reject", status: 488 });
    expect(textOf(leg.command.headers, "Reason")).toMatch(/^Q\.850;cause=65/);
    leg.session({ kind: "ended", session: "s", by: { kind: "local" } });
    expect(leg.calls).toMatchObject([{ kind: "release", cause: { value: 65 } }]);
  });
});

describe("the end", () => {
  const clear = (leg: Leg, value: number) =>
    leg.call({ kind: "disconnect", cause: gatewayCause(value) });

  test("[cause 17] [486] before the answer it is a final status with the cause in a Reason", () => {
    const leg = new Leg("incoming").invited();
    clear(leg, 17);
    expect(leg.command).toMatchObject({ kind: "reject", status: 486 });
    expect(textOf(leg.command.headers, "Reason")).toBe(
      'Q.850;cause=17;text="user busy";location=LN',
    );
    leg.session({ kind: "ended", session: "s", by: { kind: "local" } });
    expect(leg.said).toMatchObject([
      { kind: "close-media" },
      { kind: "call", event: { kind: "release", cause: { value: 17 } } },
    ]);
    expect(leg.calls[0]).toMatchObject({
      cause: { steps: [{ from: "17", to: "SIP 486", rule: "rfc3398 §7.2.4.1 17" }] },
    });
  });

  test("[cause 16] [480] a normal release before the answer is still answered", () => {
    const leg = new Leg("incoming").invited();
    clear(leg, 16);
    expect(leg.command).toMatchObject({ kind: "reject", status: 480 });
  });

  test("[Retry-After] only want of resources says when to come again", () => {
    const after = (value: number) => {
      const leg = new Leg("incoming", { retryAfterS: 10 }).invited();
      clear(leg, value);
      return textOf(leg.command.headers, "Retry-After");
    };
    expect([34, 38, 41, 42, 47].map(after)).toEqual(Array(5).fill("10"));
    expect([17, 58, 88].map(after)).toEqual(Array(3).fill(undefined));
    const without = new Leg("incoming").invited();
    clear(without, 34);
    expect(textOf(without.command.headers, "Retry-After")).toBeUndefined();
  });

  test("[301] a changed number is told in Contact", () => {
    const leg = new Leg("incoming").invited();
    const diagnostics = fromHex("70 05 91 34393330") ?? new Uint8Array();
    leg.call({ kind: "disconnect", cause: gatewayCause(22, { diagnostics }) });
    expect(leg.command).toMatchObject({ kind: "reject", status: 301 });
    expect(textOf(leg.command.headers, "Contact")).toBe("<sip:+4930@gw.example.com;user=phone>");
  });

  test("[BYE] after the answer the session is terminated with the true cause", () => {
    const leg = new Leg("incoming").invited();
    leg.call({ kind: "connect" });
    leg.call({ kind: "release", cause: gatewayCause(38), userUser: Uint8Array.of(4) });
    expect(leg.command).toMatchObject({ kind: "terminate" });
    expect(textOf(leg.command.headers, "Reason")).toMatch("Q.850;cause=38;");
    expect(textOf(leg.command.headers, "User-to-User")).toMatch(/^04;/);
    clear(leg, 16);
    expect(leg.said).toEqual([]);
    leg.session({ kind: "ended", session: "s", by: { kind: "local" } });
    expect(leg.calls).toMatchObject([{ kind: "release", cause: { value: 38 } }]);
  });

  test("[CANCEL] [cause 16] the caller that gives up ends the leg", () => {
    const leg = new Leg("incoming").invited();
    leg.session({
      kind: "ended",
      session: "s",
      by: { kind: "request", request: request("CANCEL") },
    });
    expect(leg.said).toMatchObject([
      { kind: "close-media" },
      { kind: "call", event: { kind: "release", cause: { value: 16, location: "user" } } },
    ]);
    expect(leg.call({ kind: "alerting" })).toEqual([]);
    expect(leg.opened()).toEqual([]);
  });

  test("a caller that is gone before the port is open leaves no port behind", () => {
    const leg = new Leg("incoming");
    leg.invite();
    leg.session({
      kind: "ended",
      session: "s",
      by: { kind: "request", request: request("CANCEL") },
    });
    expect(leg.said).toEqual([]);
    expect(leg.opened()).toMatchObject([
      { kind: "close-media" },
      { kind: "call", event: { kind: "release", cause: { value: 16 } } },
    ]);
  });

  test("an unacknowledged 200 ends it with what the stack made of it", () => {
    const leg = new Leg("incoming").invited();
    leg.call({ kind: "connect" });
    const by = { kind: "failure", status: 408, what: "no ACK" } as const;
    leg.session({ kind: "ended", session: "s", by });
    expect(leg.calls).toMatchObject([{ kind: "release", cause: { value: 102 } }]);
  });
});

describe("requests within the dialog", () => {
  const status = (method: string, body = "") => {
    const leg = new Leg("incoming").invited();
    const one = { ...request(method), body: utf8(body) };
    leg.session({ kind: "request-received", session: "s", transaction: "t", request: one });
    return leg.command;
  };

  test.each([
    ["INFO", "", 200],
    ["INFO", "Signal=5", 415],
    ["REFER", "", 603],
    ["NOTIFY", "", 481],
    ["MESSAGE", "hello", 405],
    ["constructor", "", 405],
  ])("[%s] with body %j is answered [%i]", (method, body, expected) => {
    expect(status(method, body)).toMatchObject({ kind: "respond", status: expected });
  });

  test("[405] names what is allowed", () => {
    expect(textOf(status("MESSAGE").headers, "Allow")).toContain("INVITE");
  });
});

test("a wake and events of no concern change nothing", () => {
  const leg = new Leg("incoming").invited();
  const before = leg.state;
  leg.give(wake);
  leg.session({ kind: "modified", session: "s", ok: true, status: 200 });
  leg.session({ kind: "refreshed", session: "s", dialog: "d", request: request("UPDATE") });
  leg.session({ kind: "request-answered", session: "s", method: "INFO", status: 200 });
  leg.provisional(180);
  leg.answered();
  leg.call({ kind: "facility" });
  expect(leg.all.slice(3)).toEqual([]);
  expect(leg.state.phase).toBe(before.phase);
});
