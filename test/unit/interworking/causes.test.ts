import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CauseLocation } from "../../../src/call/index.js";
import { fromHex } from "../../../src/core/index.js";
import {
  CAUSE_MAPS,
  type CauseMapName,
  causeOfEnd,
  statusOf,
} from "../../../src/interworking/index.js";
import { field, gatewayCause, request, response } from "./helpers.js";

/** The tables as the documents have them: cause, status. */
const TO_STATUS: Readonly<Record<CauseMapName, string>> = {
  rfc3398: `1-404 2-404 3-404 16-480 17-486 18-408 19-480 20-480 21-403 22-410 23-410 26-404 27-502
    28-484 29-501 31-480 34-503 38-503 41-503 42-503 47-503 55-403 57-403 58-503 65-488 70-488
    79-501 87-403 88-503 102-504 111-500 127-500`,
  seed: `1-404 2-404 3-404 16-480 17-486 18-480 19-480 20-480 21-603 22-410 23-410 26-404 27-502
    28-484 29-501 31-480 34-503 38-502 41-503 42-503 47-503 55-403 57-403 58-503 65-488 70-488
    79-501 87-403 88-503 102-504 111-500 127-500`,
  rfc4497: `1-404 2-404 3-404 16-480 17-486 18-408 19-480 20-480 21-403 22-410 23-410 25-483 26-404
    27-502 28-484 29-501 31-480 34-503 38-503 41-503 42-503 47-503 55-403 57-403 58-503 65-488
    70-488 79-501 87-403 88-503 102-504 111-500 127-500`,
};
const TO_CAUSE = `400-41 401-21 402-21 403-21 404-1 405-63 406-79 407-21 408-102 410-22 413-127
  414-127 415-79 416-127 420-127 421-127 423-127 480-18 481-41 482-25 483-25 484-28 485-1 486-17
  488-31 500-41 501-79 502-38 503-41 504-102 505-127 513-127 600-17 603-21 604-1 606-31`;

const pairs = (text: string) =>
  text.split(/\s+/).map((pair) => pair.split("-").map(Number) as [number, number]);
const MAPS = Object.keys(CAUSE_MAPS) as CauseMapName[];
const ended = (status: number, map: CauseMapName = "rfc3398", ...lines: [string, string][]) => {
  const headers = lines.map(([name, value]) => field(name, value));
  return causeOfEnd({ kind: "response", response: response(status, headers) }, map);
};
const requested = (method: string, ...lines: [string, string][]) => {
  const headers = lines.map(([name, value]) => field(name, value));
  return causeOfEnd({ kind: "request", request: request(method, headers) }, "rfc3398");
};

describe.each(MAPS)("map %s", (map) => {
  test.each(pairs(TO_STATUS[map]))("[cause %i] becomes %i", (value, status) => {
    const result = statusOf(gatewayCause(value), map);
    expect(result.status).toBe(status);
    expect(result.cause.steps).toEqual([
      { from: `${value}`, to: `SIP ${status}`, rule: expect.stringContaining(map) },
    ]);
  });

  test.each(pairs(TO_CAUSE))("[%i] becomes cause %i", (status, value) => {
    const cause = ended(status, map);
    expect(cause.value).toBe(value);
    expect(cause.location).toBe(status >= 600 ? "user" : "beyond-interworking-point");
    expect(cause.origin).toEqual({ kind: "sip", status });
    expect(cause.steps).toEqual([
      { from: `SIP ${status}`, to: `${value}`, rule: expect.stringContaining(map) },
    ]);
  });

  test("has exactly the rows of its document", () => {
    expect(CAUSE_MAPS[map].toStatus.map(({ cause, status }) => [cause, status])).toEqual(
      pairs(TO_STATUS[map]),
    );
    expect(CAUSE_MAPS[map].toCause.map(({ status }) => status)).toEqual(
      pairs(TO_CAUSE).map(([status]) => status),
    );
  });

  test("an unlisted cause is 500, an unlisted status is 31", () => {
    expect(statusOf(gatewayCause(126), map).status).toBe(500);
    expect(statusOf(gatewayCause(126), map).cause.steps[0]?.rule).toMatch(/default$/);
    expect(ended(499, map).value).toBe(31);
    expect(ended(302, map).value).toBe(23);
    expect(ended(301, map).value).toBe(22);
    expect(ended(487, map).value).toBe(31);
  });

  test("every cause, wherever it was made, has a final status that may go to the caller", () => {
    const locations: CauseLocation[] = ["user", "transit", "beyond-interworking-point"];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 127 }),
        fc.constantFrom(...locations),
        fc.uint8Array({ maxLength: 12 }),
        (value, location, diagnostics) => {
          const { status } = statusOf(gatewayCause(value, { location, diagnostics }), map);
          expect(status).toBeGreaterThanOrEqual(300);
          expect(status).toBeLessThanOrEqual(699);
          expect([401, 407, 487]).not.toContain(status);
        },
      ),
    );
  });

  test("every final status has a cause of Q.850", () => {
    for (let status = 300; status <= 699; status++) {
      const { value } = ended(status, map);
      expect(value).toBeGreaterThanOrEqual(1);
      expect(value).toBeLessThanOrEqual(127);
    }
  });
});

describe("conditions of rows", () => {
  test("[cause 21] rejected by the user is 603 [RFC 3398 §7.2.4.1]", () => {
    expect(statusOf(gatewayCause(21, { location: "user" }), "rfc3398").status).toBe(603);
    expect(statusOf(gatewayCause(21, { location: "user" }), "rfc4497").status).toBe(603);
    expect(statusOf(gatewayCause(17, { location: "user" }), "rfc3398").status).toBe(486);
  });

  test("[cause 22] with the new number in its diagnostics is 301 with that number", () => {
    const moved = (hex: string) =>
      statusOf(gatewayCause(22, { diagnostics: fromHex(hex) ?? new Uint8Array() }), "rfc3398");
    expect(moved("70 05 91 34393330")).toMatchObject({ status: 301, newNumber: "+4930" });
    expect(moved("70 05 81 34393330")).toMatchObject({ status: 301, newNumber: "4930" });
    for (const broken of ["", "70", "70 05 81 3439", "6c 03 81 3439", "70 02 81 41", "70 01 81"]) {
      expect(moved(broken)).toMatchObject({ status: 410 });
    }
  });

  test.each([304, 305, 370])("[488] [606] a Warning %i of the bearer is cause 65", (code) => {
    const warned = ["Warning", `${code} h "x"`] as [string, string];
    expect(ended(488, "rfc3398", warned).value).toBe(65);
    expect(ended(606, "rfc3398", warned).value).toBe(65);
    expect(ended(488, "rfc3398", ["Warning", '399 h "x"']).value).toBe(31);
  });
});

describe("[RFC 3326] [RFC 6432] Reason", () => {
  test("a Q.850 value goes before the status and is used as it is", () => {
    const cause = ended(480, "rfc3398", ["Reason", 'Q.850;cause=20;text="absent"']);
    expect(cause).toMatchObject({ value: 20, location: "beyond-interworking-point" });
    expect(cause.origin).toMatchObject({ kind: "sip", status: 480 });
    expect(cause.steps[0]?.rule).toBe("RFC 6432 Reason Q.850");
  });

  test("[RFC 8606] its location is kept", () => {
    const location = (code: string) =>
      ended(486, "rfc3398", ["Reason", `Q.850;cause=17;location=${code}`]).location;
    expect(["U", "LPN", "LN", "TN", "RLN", "RPN", "INTL", "BI", "u", "X"].map(location)).toEqual([
      ...["user", "private-network-local", "public-network-local", "transit"],
      ...["public-network-remote", "private-network-remote", "international"],
      ...["beyond-interworking-point", "user", "beyond-interworking-point"],
    ]);
  });

  test("Q.850 goes before SIP in whatever order they stand", () => {
    const both = ["Reason", "SIP;cause=404, Q.850;cause=27"] as [string, string];
    expect(requested("BYE", both).value).toBe(27);
  });

  test("a SIP status in the Reason of a BYE is mapped", () => {
    expect(requested("BYE", ["Reason", "SIP;cause=486"])).toMatchObject({ value: 17 });
    expect(requested("BYE", ["Reason", "SIP;cause=603"])).toMatchObject({
      ...{ value: 21, location: "user" },
    });
  });

  test("[BYE] [CANCEL] without a Reason, or elsewhere answered, are 16 of the user", () => {
    expect(requested("BYE")).toMatchObject({ value: 16, location: "user" });
    expect(requested("CANCEL")).toMatchObject({ value: 16, location: "user" });
    expect(requested("CANCEL", ["Reason", "SIP;cause=200"]).value).toBe(16);
  });

  test("values outside Q.850 and other protocols are passed over", () => {
    expect(ended(486, "rfc3398", ["Reason", "Q.850;cause=0"]).value).toBe(17);
    expect(ended(486, "rfc3398", ["Reason", "Q.850;cause=128"]).value).toBe(17);
    expect(ended(486, "rfc3398", ["Reason", "preemption;cause=5"]).value).toBe(17);
    expect(ended(486, "rfc3398", ["Reason", "garbage;;="]).value).toBe(17);
  });
});

test("[408] [503] what nobody answered is mapped by the status that stands for it", () => {
  const failed = (status: number) =>
    causeOfEnd({ kind: "failure", status, what: "Timer B" }, "seed");
  expect(failed(408)).toMatchObject({ value: 102, origin: { status: 408, reason: "Timer B" } });
  expect(failed(503).value).toBe(41);
});

test("between two SIP peers a status that means the same everywhere is passed on", () => {
  for (const status of [404, 480, 486, 488, 503, 600, 606]) {
    const result = statusOf(ended(status), "rfc3398");
    expect(result.status).toBe(status);
    expect(result.cause.steps).toHaveLength(2);
  }
  expect(statusOf(ended(407), "rfc3398").status).toBe(403);
  expect(statusOf(ended(420), "rfc3398").status).toBe(500);
  expect(statusOf(ended(302), "rfc3398").status).toBe(410);
  expect(statusOf(requested("BYE"), "rfc3398").status).toBe(480);
});

test("a cause that came from Q.850 goes back to it as it was, through any map", () => {
  for (const map of MAPS) {
    for (let value = 1; value <= 127; value++) {
      const { status } = statusOf(gatewayCause(value), map);
      expect(ended(status, map, ["Reason", `Q.850;cause=${value}`]).value).toBe(value);
    }
  }
});
