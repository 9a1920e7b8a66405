import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Presentation, PresentedNumber, Redirection } from "../../../../src/call/index.js";
import { fromHex, hex } from "../../../../src/core/index.js";
import {
  describeComponents,
  divertingLeg,
  divertingLegFacility,
  rejection,
} from "../../../../src/isdn/q931/index.js";

function facility(text: string, profile = 17) {
  const components = fromHex(text.replaceAll(" ", "")) ?? new Uint8Array(0);
  return { kind: "facility", profile, components } as const;
}

function number(digits: string, presentation: Presentation = "allowed"): PresentedNumber {
  const screening = "user-provided-not-screened";
  return { digits, nature: "national", plan: "isdn", presentation, screening };
}

/** EN 300 207-1 §7.1 by hand: twice, busy; by 5005, first called 30 12 34, which is not to be shown. */
const TWICE =
  "a1 2c 02 01 02 02 01 0f 30 24 02 01 02 0a 01 02 a1 0d a0 0b a1 09 0a 01 02 12 04 35 30 30 35" +
  " a2 0d a3 0b a1 09 0a 01 02 12 04 33 30 31 32".trim();

describe("divertingLegInformation2 (EN 300 207-1 §7.1) [element facility]", () => {
  test("counter, reason, diverting and original called number are read and written", () => {
    const leg: Redirection = {
      redirecting: number("5005"),
      reason: "busy",
      count: 2,
      originalCalled: number("3012", "restricted"),
    };
    expect(divertingLeg(facility(TWICE))).toEqual(leg);
    expect(hex(divertingLegFacility(leg, 2).components)).toBe(TWICE.replaceAll(" ", ""));
    expect(describeComponents(facility(TWICE)).map(({ value }) => value)).toEqual([
      "id 2, divertingLegInformation2, busy by 5005, first called 3012, 2 times",
    ]);
  });

  test.each([
    ["a1 02 81 00", "restricted"],
    ["a1 02 82 00", "unavailable"],
    ["", "unavailable"],
  ])("a diverting number %s is %s", (diverting, presentation) => {
    const inside = `02 01 01 0a 01 01 ${diverting}`.replaceAll(" ", "");
    const size = (text: string) => (text.length / 2).toString(16).padStart(2, "0");
    const argument = `02010102010f30${size(inside)}${inside}`;
    expect(divertingLeg(facility(`a1${size(argument)}${argument}`))).toMatchObject({
      redirecting: { digits: "", presentation },
      reason: "unconditional",
      count: 1,
    });
  });

  test("every plan and presentation that is written is read", () => {
    for (const plan of ["unknown", "isdn", "data", "telex", "private", "national"] as const)
      for (const presentation of ["allowed", "restricted"] as const) {
        const nature = plan === "isdn" || plan === "private" ? "subscriber" : "unknown";
        const redirecting = { ...number("12", presentation), plan, nature } as const;
        const leg = { redirecting, reason: "deflection-during-alerting", count: 5 } as const;
        expect(divertingLeg(divertingLegFacility(leg, 1))).toEqual(leg);
      }
  });

  test("other operations, other profiles and octets of no sense say nothing, and nothing throws", () => {
    expect(divertingLeg(facility(TWICE, 31))).toBeUndefined();
    expect(divertingLeg(facility(TWICE.replace("02 01 0f", "02 01 13")))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(), (noise, at) => {
        const octets = facility(TWICE).components.slice();
        octets.set(noise.subarray(0, octets.length - (at % octets.length)), at % octets.length);
        for (const components of [noise, octets]) {
          const leg = divertingLeg({ kind: "facility", profile: 17, components });
          expect(leg?.redirecting.digits ?? "").toMatch(/^[0-9*#]{0,20}$/);
          rejection({ kind: "facility", profile: 17, components });
        }
      }),
    );
  });
});

describe("components that nobody here knows (EN 300 196-1 §8.3) [element facility]", () => {
  const answer = (text: string, profile = 17) => {
    const made = rejection(facility(text, profile));
    return made === undefined ? undefined : hex(made.components);
  };

  test("an operation that is not recognised: Reject with its invoke id, problem 1", () => {
    expect(answer("a1 06 02 01 05 02 01 06")).toBe("a406020105810101");
    expect(answer("a1 08 02 01 05 06 03 2a 03 04")).toBe("a406020105810101");
  });

  test("what only tells something is understood", () => {
    expect(answer(TWICE)).toBeUndefined();
    expect(answer("a1 08 02 01 05 02 01 24 05 00")).toBeUndefined();
  });

  test("no invoke id, no component, no BER: general problems without an invoke id", () => {
    expect(answer("a1 03 02 01 06".replace("02", "04"))).toBe("a4050500800101");
    expect(answer("30 00")).toBe("a4050500800100");
    expect(answer("a1 20 02")).toBe("a4050500800102");
  });

  test("answers are never answered, not even broken ones", () => {
    for (const tag of ["a2", "a3", "a4"]) expect(answer(`${tag} 03 02 01 05`)).toBeUndefined();
    expect(answer("a4 20 02")).toBeUndefined();
  });

  test("networking extensions are answered only where they ask for it", () => {
    const unknown = "a1 06 02 01 05 02 01 63";
    expect(answer(unknown, 31)).toBeUndefined();
    expect(answer(`8b 01 00 ${unknown}`, 31)).toBeUndefined();
    expect(answer(`8b 01 02 ${unknown}`, 31)).toBe("a406020105810101");
  });

  test("an element full of invocations makes an answer that fits one", () => {
    const many = "a1 06 02 01 05 02 01 06 ".repeat(30);
    expect(rejection(facility(many))?.components.length).toBeLessThan(253);
  });
});
