import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COUNTRIES } from "../../../src/operations/configuration/countries.js";
import {
  loadConfiguration,
  parseConfiguration,
} from "../../../src/operations/configuration/index.js";

function faults(text: string): readonly string[] {
  const parsed = parseConfiguration(text, "x.yaml");
  return parsed.ok ? [] : parsed.error;
}

test("a file that cannot be read is told in plain words", () => {
  expect(loadConfiguration("/nowhere/x.yaml")).toEqual({
    ok: false,
    error: ["/nowhere/x.yaml: cannot be read: there is no such file or folder"],
  });
  expect(loadConfiguration("/")).toMatchObject({ error: ["/: cannot be read: it is a folder"] });
});

test("an empty file gives the defaults of the design", () => {
  const parsed = parseConfiguration("", "x.yaml");
  if (!parsed.ok) throw new Error(parsed.error.join("\n"));
  const { listen, spans, trunkGroups, peers, codecs } = parsed.value.configuration;
  expect(
    listen.sip.map(({ transport, address, port }) => `${transport} ${address}:${port}`),
  ).toEqual(["udp 127.0.0.1:5060", "tcp 127.0.0.1:5060"]);
  expect(listen.rtp).toMatchObject({ address: "127.0.0.1", portMin: 16384, portMax: 32767 });
  expect(listen.api).toEqual({ address: "127.0.0.1", port: 8060 });
  expect(spans).toMatchObject([{ name: "e1-1", kind: "e1" }]);
  expect(trunkGroups).toMatchObject([
    { name: "isdn", signalling: "isdn-user", causeMap: "rfc3398" },
  ]);
  expect(peers).toMatchObject([{ name: "loopback" }]);
  expect(codecs.order).toEqual(["pcma", "pcmu", "g729"]);
});

test.each([
  ["foo: 1\n", "x.yaml:1: foo: there is no such key here"],
  ["log:\n  level: loud\n", /^x\.yaml:2: log\.level: expected trace or .*silent, not "loud"$/],
  [
    "codecs:\n  ptimeMs: 25\n",
    "x.yaml:2: codecs.ptimeMs: expected 10 or 20 or 30 or 40 or 60, not 25",
  ],
  ["listen:\n  rtp:\n    portMin: x\n", 'x.yaml:3: listen.rtp.portMin: expected a number, not "x"'],
  [
    "listen:\n  rtp:\n    portMin: 70000\n",
    "x.yaml:3: listen.rtp.portMin: at most 65534, not 70000",
  ],
  ["spans: []\n", /trunkGroups\[0\]\.spans\[0\]: there is no span "e1-1"; there is none$/],
  ["spans:\n  - name: e1-1\n  - name: e1-1\n", /^x\.yaml:3: spans\[1\]\.name: .*taken/],
  [
    "spans:\n  - name: e1-1\n    kind: t1\n    signallingTimeslot: 25\n",
    /^x\.yaml:4: .*a T1 has timeslots 1 to 24$/,
  ],
  [
    "codecs:\n  jitterMinMs: 80\n  jitterMaxMs: 40\n",
    "x.yaml:3: codecs.jitterMaxMs: at least jitterMinMs (80)",
  ],
  [
    "peers:\n  - name: p\n    addresses: [127.0.0.1]\n    codecs: { order: [pcmu, pcmu] }\n",
    'x.yaml:4: peers[0].codecs.order: expected each codec once, not ["pcmu","pcmu"]',
  ],
  [
    "trunkGroups:\n  - name: t\n    spans: [e1-1]\n    codecs: { receiveGainDb: 30 }\n",
    "x.yaml:4: trunkGroups[0].codecs.receiveGainDb: at most 20, not 30",
  ],
  [
    "listen:\n  sip:\n    - name: a\n      transport: udp\n      address: 0.0.0.0\n      port: 5060\n",
    /advertised/,
  ],
  [
    "listen:\n  api:\n    address: 10.0.0.1\n",
    /^x\.yaml:3: listen\.api\.address: a loopback address/,
  ],
  [
    "routes:\n  - name: r\n    to: [{ peer: nobody }]\n",
    /^x\.yaml:3: routes\[0\].to\[0\].peer: there is no peer "nobody"; there are "loopback"$/,
  ],
  [
    "routes:\n  - name: r\n    to: [{ peer: loopback, trunkGroup: isdn }]\n",
    /exactly one of trunkGroup and peer/,
  ],
  ["a: [\n", /^x\.yaml:2: /],
  ["a: 1\na: 2\n", /^x\.yaml:2: .*unique/],
])("a mistake is told with file, line, key and what would be right: %j", (text, expected) => {
  expect(faults(text)).toContainEqual(
    typeof expected === "string" ? expected : expect.stringMatching(expected),
  );
});

test("a peer without contact cannot be routed to", () => {
  const text =
    "peers:\n  - name: in-only\n    addresses: [127.0.0.1]\nroutes:\n  - name: r\n    to: [{ peer: in-only }]\n";
  expect(faults(text)).toEqual([
    'x.yaml:6: routes[0].to[0].peer: the peer "in-only" has no contact, so no call can go to it; give it one',
  ]);
});

test("aliases that would explode are refused", () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghi"
    .split("")
    .map((key, i) => `${key}: &${key} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(",")}]`)
    .join("\n")}\n`;
  expect(faults(bomb)).toHaveLength(1);
});

test.each([
  [
    "trunkGroups:\n  - name: isdn\n    spans: [e1-1]\n    timers: { T999: 1 }\n",
    /^x\.yaml:4: trunkGroups\[0\]\.timers\.T999: there is no timer "T999" here; there are T200, .*T303/,
  ],
  [
    "trunkGroups:\n  - name: isdn\n    spans: [e1-1]\n    timers: { T303: 0 }\n",
    /^x\.yaml:4: trunkGroups\[0\]\.timers\.T303: at least 1, not 0$/,
  ],
  ["media:\n  country: xx\n", /^x\.yaml:2: media\.country: expected ITU or .* or ZA, not "xx"$/],
  [
    "listen:\n  sip:\n    - { name: a, transport: udp, address: 127.0.0.1, port: 5060 }\n    - { name: b, transport: udp, address: 127.0.0.1, port: 5060 }\n",
    'x.yaml:4: listen.sip[1].port: UDP port 5060 on 127.0.0.1 is taken by the listener "a"; another one, or none here',
  ],
  [
    "listen:\n  sip:\n    - { name: a, transport: tcp, address: 127.0.0.1, port: 8060 }\n",
    /listen\.api\.port: TCP port 8060 on 127\.0\.0\.1 is taken by the listener "a"/,
  ],
  [
    "peers:\n  - { name: loopback, addresses: [127.0.0.1], contact: { host: a } }\n  - name: b\n    addresses: [10.0.0.1, 127.0.0.1]\n",
    /^x\.yaml:4: peers\[1\]\.addresses\[1\]: the address 127\.0\.0\.1 is taken by the peer "loopback"/,
  ],
  [
    "listen:\n  rtp:\n    address6: 10.0.0.1\n",
    'x.yaml:3: listen.rtp.address6: expected an IPv6 address, not "10.0.0.1"',
  ],
  ["listen:\n  rtp:\n    address: 224.0.0.1\n", /listen\.rtp\.address: a unicast address/],
  [
    "listen:\n  rtp:\n    advertised: gw.example.com\n",
    /listen\.rtp\.advertised: expected an IPv4 or IPv6 address/,
  ],
])("%j is refused by file, line and key", (text, message) => {
  const [first, ...others] = faults(text);
  expect(others).toEqual([]);
  if (typeof message === "string") expect(first).toBe(message);
  else expect(first).toMatch(message);
});

test("a country is one whose tones are known, in either case", () => {
  const parsed = parseConfiguration("media:\n  country: fr\n", "x.yaml");
  expect(parsed.ok && parsed.value.configuration.media.country).toBe("FR");
  const table = readFileSync(`${import.meta.dirname}/../../../codecs/tones/country.c`, "utf8");
  const codes = [...table.matchAll(/\.code = "(\w+)"/g)].map(([, code]) => code);
  expect([...COUNTRIES]).toEqual(codes);
});

test("a file that is something else is not recited", () => {
  const [fault] = faults("word ".repeat(500));
  expect(fault).toMatch(/^x\.yaml: the file: expected an object, not "word /);
  expect(fault?.length).toBeLessThan(120);
});
