import { describe, expect, test } from "vitest";
import type {
  Bearer,
  CauseLocation,
  PresentedNumber,
  ProgressDescription,
  RedirectionReason,
} from "../../../../src/call/index.js";
import { hex } from "../../../../src/core/index.js";
import {
  bearerElement,
  callReference,
  causeElement,
  composeMessage,
  contentsOf,
  displayElement,
  displayText,
  elementOfContents,
  neutralBearer,
  neutralCause,
  neutralProgress,
  numberFields,
  partyNumber,
  presentedFields,
  presentedNumber,
  progressElement,
  redirection,
  redirectionElements,
  userInformation,
  userUserElement,
} from "../../../../src/isdn/q931/index.js";

describe("numbers", () => {
  test.each([
    ["unknown", 0],
    ["international", 1],
    ["national", 2],
    ["network-specific", 3],
    ["subscriber", 4],
    ["abbreviated", 6],
  ] as const)("nature %s is type of number %i", (nature, typeOfNumber) => {
    const fields = numberFields({ digits: "1", nature, plan: "isdn" });
    expect(fields).toEqual({ digits: "1", typeOfNumber, plan: 1 });
    expect(partyNumber(fields).nature).toBe(nature);
  });

  test.each([
    ["unknown", 0],
    ["isdn", 1],
    ["data", 3],
    ["telex", 4],
    ["national", 8],
    ["private", 9],
  ] as const)("plan %s is %i", (plan, code) => {
    const fields = numberFields({ digits: "1", nature: "unknown", plan });
    expect(fields.plan).toBe(code);
    expect(partyNumber(fields).plan).toBe(plan);
  });

  test("reserved values are unknown, and only digits remain", () => {
    expect(partyNumber({ typeOfNumber: 5, plan: 14, digits: "1 2-a*#e" })).toEqual({
      digits: "12A*#",
      nature: "unknown",
      plan: "unknown",
    });
  });

  test("presentation and screening go both ways", () => {
    for (const [presentation, code] of [
      ["allowed", 0],
      ["restricted", 1],
      ["unavailable", 2],
    ] as const)
      for (const [screening, value] of [
        ["user-provided-not-screened", 0],
        ["user-provided-verified-and-passed", 1],
        ["user-provided-verified-and-failed", 2],
        ["network-provided", 3],
      ] as const) {
        const number = { digits: "5", nature: "national", plan: "isdn", presentation, screening };
        const fields = presentedFields(number as PresentedNumber);
        expect(fields).toMatchObject({ presentation: code, screening: value });
        expect(presentedNumber(fields)).toEqual(number);
      }
  });

  test("without octet 3a the number may be shown; the reserved value hides it", () => {
    const bare = { typeOfNumber: 2, plan: 1, digits: "5" };
    const subaddress = Uint8Array.of(0x80, 1);
    expect(presentedNumber(bare, subaddress)).toMatchObject({
      presentation: "allowed",
      screening: "user-provided-not-screened",
      subaddress,
    });
    expect(presentedNumber({ ...bare, presentation: 3 }).presentation).toBe("restricted");
  });
});

describe("redirection", () => {
  const number = (digits: string): PresentedNumber => ({
    digits,
    nature: "national",
    plan: "isdn",
    presentation: "allowed",
    screening: "network-provided",
  });
  const through = (of: Parameters<typeof redirectionElements>[0], profile: "etsi" | "ni2") =>
    redirection(composeMessage("setup", callReference(1, false), redirectionElements(of, profile)));

  test.each([
    ["unknown", "unknown"],
    ["busy", "busy"],
    ["no-reply", "no-reply"],
    ["unconditional", "unconditional"],
    ["deflection-immediate", "deflection-immediate"],
    ["deflection-during-alerting", "deflection-during-alerting"],
    ["mobile-not-reachable", "mobile-not-reachable"],
  ] as readonly (readonly [RedirectionReason, RedirectionReason])[])(
    "reason %s comes back as %s",
    (reason, back) => {
      expect(through({ redirecting: number("1"), reason }, "etsi")).toEqual({
        redirecting: number("1"),
        reason: back,
        count: 1,
      });
    },
  );

  test("NI-2 carries the original called number before the redirecting one [element original-called-number] [element redirecting-number]", () => {
    const of = {
      redirecting: number("2"),
      reason: "busy",
      originalCalled: number("1"),
      originalReason: "no-reply",
    } as const;
    expect(through(of, "ni2")).toEqual(of);
  });

  test("EuroISDN tells in Facility who was called first, and how often [EN 300 207-1] [element facility]", () => {
    const originalCalled = { ...number("1"), screening: "user-provided-not-screened" } as const;
    const of = { redirecting: number("2"), reason: "busy", originalCalled, count: 3 } as const;
    expect(through(of, "etsi")).toEqual(of);
    const onlyFacility = redirectionElements(of, "etsi").slice(0, 1);
    expect(redirection(composeMessage("setup", callReference(1, false), onlyFacility))).toEqual({
      ...of,
      redirecting: { ...of.redirecting, screening: "user-provided-not-screened" },
    });
  });

  test("a call that nobody redirected has none", () => {
    expect(redirection(composeMessage("setup", callReference(1, false), []))).toBeUndefined();
  });
});

describe("causes and progress", () => {
  test.each([
    ["user", 0],
    ["private-network-local", 1],
    ["public-network-local", 2],
    ["transit", 3],
    ["public-network-remote", 4],
    ["private-network-remote", 5],
    ["international", 7],
    ["beyond-interworking-point", 10],
  ] as readonly (readonly [CauseLocation, number])[])(
    "location %s is %i [element cause]",
    (location, code) => {
      const element = {
        kind: "cause",
        codingStandard: 0,
        location: code,
        value: 17,
        diagnostics: Uint8Array.of(1),
      } as const;
      const cause = neutralCause(element);
      expect(cause).toMatchObject({ value: 17, location, origin: { kind: "q850", value: 17 } });
      expect(causeElement(cause)).toEqual(element);
    },
  );

  test("a reserved location is the local network's; diagnostics fit the element", () => {
    const element = { kind: "cause", codingStandard: 0, location: 9, value: 1 } as const;
    const cause = neutralCause(element);
    expect(cause.location).toBe("public-network-local");
    expect(causeElement(cause).diagnostics).toBeUndefined();
    const long = causeElement({ ...cause, diagnostics: new Uint8Array(200) });
    expect(long.diagnostics).toHaveLength(28);
  });

  test.each([
    ["not-end-to-end-isdn", 1],
    ["destination-not-isdn", 2],
    ["origination-not-isdn", 3],
    ["returned-to-isdn", 4],
    ["interworking-change-of-service", 5],
    ["in-band-information", 8],
  ] as readonly (readonly [ProgressDescription, number])[])(
    "progress %s is %i [element progress-indicator]",
    (description, code) => {
      const element = progressElement({ description, location: "transit" });
      expect(element).toMatchObject({ description: code, location: 3, codingStandard: 0 });
      expect(neutralProgress(element)).toEqual({ description, location: "transit" });
    },
  );

  test("descriptions of others are not guessed", () => {
    const element = progressElement({ description: "in-band-information", location: "user" });
    expect(neutralProgress({ ...element, description: 10 })).toBeUndefined();
    expect(neutralProgress({ ...element, codingStandard: 3 })).toBeUndefined();
  });
});

describe("bearers", () => {
  test.each([
    [{ kind: "speech", law: "a-law" }, "8090a3"],
    [{ kind: "speech", law: "mu-law" }, "8090a2"],
    [{ kind: "audio-3k1", law: "a-law" }, "9090a3"],
    [{ kind: "audio-3k1", law: "mu-law" }, "9090a2"],
    [{ kind: "unrestricted-64k" }, "8890"],
  ] as readonly (readonly [Bearer, string])[])(
    "%o is %s [element bearer-capability]",
    (bearer, text) => {
      const element = bearerElement(bearer);
      expect(hex(contentsOf(element))).toBe(text);
      expect(
        neutralBearer(
          element,
          bearer.kind !== "unrestricted-64k" && bearer.law === "a-law" ? "mu-law" : "a-law",
        ),
      ).toEqual(bearer);
    },
  );

  test("what we cannot carry is none", () => {
    const speech = bearerElement({ kind: "speech", law: "a-law" });
    const { layer1: _, ...silent } = speech;
    expect(neutralBearer(silent, "mu-law")).toEqual({ kind: "speech", law: "mu-law" });
    expect(neutralBearer({ ...speech, layer1: { protocol: 4 } }, "a-law")).toBeUndefined();
    expect(neutralBearer({ ...speech, transferMode: 2 }, "a-law")).toBeUndefined();
    expect(neutralBearer({ ...speech, transferRate: 17 }, "a-law")).toBeUndefined();
    expect(neutralBearer({ ...speech, codingStandard: 1 }, "a-law")).toBeUndefined();
    expect(neutralBearer({ ...speech, transferCapability: 24 }, "a-law")).toBeUndefined();
  });
});

describe("texts and contents", () => {
  test("a display in both forms [element display]", () => {
    expect(displayElement("Anna", "etsi")).toEqual({ kind: "display", text: "Anna" });
    expect(displayElement("Anna", "ni2")).toEqual({ kind: "display", charset: 0x31, text: "Anna" });
    expect(contentsOf(displayElement("x".repeat(200), "ni2"))).toHaveLength(80);
    expect(contentsOf(displayElement("x".repeat(200), "etsi"))).toHaveLength(80);
    expect(displayText({ kind: "display", text: "A\u0000n\u0085na ä" })).toBe("Anna ä");
  });

  test("user-user information has its discriminator first [element user-user]", () => {
    const octets = Uint8Array.of(4, 72, 105);
    const element = userUserElement(octets);
    expect(element).toEqual({
      kind: "user-user",
      protocol: 4,
      information: Uint8Array.of(72, 105),
    });
    expect(element && userInformation(element)).toEqual(octets);
    expect(userUserElement(new Uint8Array(0))).toBeUndefined();
    expect(userUserElement(new Uint8Array(300))?.information).toHaveLength(128);
  });

  test("contents become an element again, or none", () => {
    const contents = Uint8Array.of(0x91, 0x81);
    const element = elementOfContents("high-layer-compatibility", contents);
    expect(element?.characteristics).toBe(1);
    expect(element && contentsOf(element)).toEqual(contents);
    expect(elementOfContents("high-layer-compatibility", new Uint8Array(0))).toBeUndefined();
    expect(elementOfContents("high-layer-compatibility", new Uint8Array(9))).toBeUndefined();
    expect(elementOfContents("called-party-subaddress", Uint8Array.of(0))).toBeUndefined();
  });
});
