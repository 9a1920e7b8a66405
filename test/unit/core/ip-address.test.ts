import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { castOf, familyOf, uriHost } from "../../../src/core/index.js";

const FAMILIES = { 0: undefined, 4: "IP4", 6: "IP6" } as const;

describe("a literal address", () => {
  test.each([
    ["192.0.2.1", "unicast"],
    ["127.0.0.1", "unicast"],
    ["0.0.0.0", "unspecified"],
    ["224.0.0.1", "multicast"],
    ["239.255.255.250", "multicast"],
    ["255.255.255.255", "broadcast"],
    ["240.1.2.3", "broadcast"],
    ["0.1.2.3", "broadcast"],
    ["::1", "unicast"],
    ["2001:db8::9", "unicast"],
    ["::ffff:192.0.2.1", "unicast"],
    ["::", "unspecified"],
    ["0:0:0:0:0:0:0:0", "unspecified"],
    ["ff02::1", "multicast"],
    ["host.example.com", undefined],
    ["256.1.1.1", undefined],
    ["1.2.3", undefined],
    ["1::2::3", undefined],
    ["1:2:3:4:5:6:7", undefined],
    ["", undefined],
  ])("%s is %s", (address, cast) => {
    expect(castOf(address)).toBe(cast);
  });

  test("has the family that the system gives it", () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.stringMatching(/^[0-9a-f:.]*$/));
    fc.assert(
      fc.property(address, (text) => {
        // Leading zeros of IPv4 are octal to some: they are taken as decimal here
        fc.pre(!/(^|[.:])0\d+\./.test(text) && !/\.0\d/.test(text));
        expect(familyOf(text)).toBe(FAMILIES[isIP(text) as 0 | 4 | 6]);
      }),
      { numRuns: 2000 },
    );
  });

  test("stands in brackets in a URI when it is IPv6, once", () => {
    expect(uriHost("::1")).toBe("[::1]");
    expect(uriHost("[::1]")).toBe("[::1]");
    expect(uriHost("192.0.2.1")).toBe("192.0.2.1");
    expect(uriHost("pbx.example.com")).toBe("pbx.example.com");
  });
});
