import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createResponse,
  header,
  parameter,
  parseUri,
  printMessage,
  readBodies,
  readMessage,
  type SipMessage,
  unescapeUri,
} from "../../../../src/sip/message/index.js";
import { torture } from "../../../vectors/rfc4475/index.js";

function read(name: string): SipMessage {
  const found = torture.find((one) => one.name === name);
  const result = found === undefined ? undefined : readMessage(found.octets);
  if (!result?.ok) throw new Error(`${name} was not accepted: ${result?.error.reason}`);
  return result.value;
}

describe("torture messages [RFC 4475]", () => {
  test("all 49 are there", () => {
    expect(torture).toHaveLength(49);
    expect(new Set(torture.map(({ section }) => section)).size).toBe(49);
  });

  for (const { name, section, title, octets, parser } of torture) {
    const how = parser.kind === "refused" ? `refused with ${parser.status}` : parser.kind;
    test(`§${section} ${name}, ${title}: ${how}`, () => {
      const result = readMessage(octets);
      if (parser.kind === "accepted") {
        expect(result.ok ? "accepted" : result.error.reason).toBe("accepted");
        return;
      }
      if (result.ok) throw new Error("was accepted");
      if (parser.kind === "dropped") {
        expect(result.error.request).toBeUndefined();
        return;
      }
      expect(result.error.status).toBe(parser.status);
      const { request } = result.error;
      if (request === undefined) throw new Error("cannot be answered");
      const answer = createResponse(request, parser.status);
      expect(new TextDecoder().decode(printMessage(answer))).toMatch(`SIP/2.0 ${parser.status} `);
      expect(answer.headers.value(header.via)).toBeDefined();
    });
  }

  test("accepted ones are the same after printing and reading again", () => {
    for (const { name, octets, parser } of torture) {
      if (parser.kind !== "accepted") continue;
      const once = printMessage(read(name));
      const again = readMessage(once);
      if (!again.ok) throw new Error(`${name}: ${again.error.reason}`);
      expect(printMessage(again.value), name).toEqual(once);
      expect(octets.length).toBeGreaterThan(0);
    }
  });
});

describe("what the valid ones say [RFC 4475]", () => {
  test("wsinv: blanks, folding, both forms of a name, lists", () => {
    const { headers, body } = read("wsinv");
    expect(headers.values(header.via)).toMatchObject([
      { transport: "UDP", host: "192.0.2.2" },
      { transport: "TCP", host: "spindle.example.com" },
      { transport: "UDP", host: "192.168.255.111" },
    ]);
    const branches = headers.values(header.via).map((via) => parameter(via.parameters, "branch"));
    expect(branches).toEqual(["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"]);
    const from = headers.value(header.from);
    expect(from?.display).toBe('J Rosenberg \\"');
    expect(parameter(from?.parameters ?? [], "tag")).toBe("98asjd8");
    expect(parameter(headers.value(header.to)?.parameters ?? [], "tag")).toBe("1918181833n");
    expect(headers.value(header.maxForwards)).toBe(68);
    expect(headers.value(header.cSeq)).toEqual({ number: 9, method: "INVITE" });
    expect(headers.text("Subject")).toBe("");
    expect(headers.text("NewFangledHeader")).toBe("newfangled value continued newfangled value");
    expect(headers.text("UnknownHeaderWithUnusualValue")).toBe(";;,,;;,;");
    const contact = headers.value(header.contact);
    if (contact === undefined || contact === "*") throw new Error("no Contact");
    expect(contact.display).toBe('Quoted string ""');
    expect(contact.parameters).toEqual([
      { name: "newparam", value: "newvalue" },
      { name: "secondparam" },
      { name: "q", value: "0.33" },
    ]);
    expect(body).toHaveLength(150);
  });

  test("intmeth: every character that may stand somewhere", () => {
    const message = read("intmeth");
    const method = "!interesting-Method0123456789_*+`.%indeed'~";
    expect(message).toMatchObject({ method });
    expect(message.headers.value(header.to)?.display).toBe("BEL:\u0007 NUL:\u0000 DEL:\u007f");
    const from = message.headers.value(header.from);
    expect(from?.display).toBe("token1~` token2'+_ token3*%!.-");
    expect(parameter(from?.parameters ?? [], "fromParam''~+*_!.-%")).toBe("работающий");
    expect(parameter(from?.parameters ?? [], "tag")).toBe("_token~1'+`*%!-.");
    expect(message.headers.text("extensionHeader-!.%*+_`'~")).toBe("\ufeff大停電");
    expect(message.headers.value(header.callId)).toBe(
      "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{",
    );
  });

  test("esc01, escnull, esc02: escapes are where URIs are, and nowhere else", () => {
    const esc01 = read("esc01");
    const uri = esc01.kind === "request" ? parseUri(esc01.uri) : undefined;
    if (!uri?.ok || uri.value.kind !== "sip") throw new Error("no SIP URI");
    expect(uri.value.host).toBe("example.net");
    expect(unescapeUri(uri.value.user ?? "")).toBe("sips:user@example.com");
    const contacts = read("escnull").headers.values(header.contact);
    const users = contacts.map((one) =>
      one !== "*" && one.uri.kind === "sip" ? unescapeUri(one.uri.user ?? "") : undefined,
    );
    expect(users).toEqual(["\0", "\0\0"]);
    expect(read("esc02")).toMatchObject({ method: "RE%47IST%45R" });
    expect(read("esc02").headers.value(header.to)?.display).toBe("%Z%45");
    expect(read("esc02").headers.texts("Contact")).toHaveLength(2);
  });

  test("lwsdisp, semiuri, transports", () => {
    expect(read("lwsdisp").headers.value(header.from)?.display).toBe("caller");
    const semiuri = read("semiuri");
    const uri = semiuri.kind === "request" ? parseUri(semiuri.uri) : undefined;
    expect(uri).toMatchObject({ value: { user: "user;par=u%40example.net", parameters: [] } });
    expect(semiuri.headers.values(header.accept).map(({ type }) => type)).toEqual([
      "application/sdp",
      "application/pkcs7-mime",
      "multipart/mixed",
      "multipart/signed",
      "message/sip",
      "message/sipfrag",
    ]);
    const transports = read("transports").headers.values(header.via);
    expect(transports.map(({ transport }) => transport)).toEqual([
      "UDP",
      "SCTP",
      "TLS",
      "UNKNOWN",
      "TCP",
    ]);
  });

  test("longreq and dblreq: long values stand, octets past Content-Length do not", () => {
    expect(read("longreq").headers.values(header.via)).toHaveLength(34);
    expect(read("longreq").body).toHaveLength(150);
    expect(read("dblreq").body).toHaveLength(0);
  });

  test("mpart01: a binary part with null octets", () => {
    expect(read("mpart01").body).toHaveLength(553);
    const bodies = readBodies(read("mpart01"));
    if (!bodies.ok) throw new Error(bodies.error.reason);
    expect(bodies.value.map(({ type, content }) => [type, content.length])).toEqual([
      ["text/plain", 5],
      ["application/octet-stream", 342],
    ]);
    expect(bodies.value[1]?.content.slice(0, 4)).toEqual(Uint8Array.of(0x30, 0x82, 0x01, 0x52));
  });

  test("unreason, noreason, baddate", () => {
    expect(read("unreason")).toMatchObject({
      status: 200,
      reason: "= 2**3 * 5**2 но сто девяносто девять - простое",
    });
    expect(read("noreason")).toMatchObject({ status: 100, reason: "" });
    expect(read("baddate").headers.read(header.date).ok).toBe(false);
  });

  test("cparam01 and cparam02: the parameter is the header's or the URI's", () => {
    const first = read("cparam01").headers.value(header.contact);
    const second = read("cparam02").headers.value(header.contact);
    expect(first).toMatchObject({
      parameters: [{ name: "unknownparam" }],
      uri: { parameters: [] },
    });
    expect(second).toMatchObject({
      parameters: [],
      uri: { parameters: [{ name: "unknownparam" }] },
    });
  });
});

describe("mutated torture messages [RFC 4475]", () => {
  const mutation = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(6),
    by: fc.uint8Array({ maxLength: 6 }),
  });

  test("nothing makes reading, printing or asking for headers throw", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...torture),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        ({ octets }, mutations) => {
          let mutated = octets;
          for (const { at, length, by } of mutations) {
            const from = Math.floor(at * mutated.length);
            mutated = Uint8Array.from([
              ...mutated.subarray(0, from),
              ...by,
              ...mutated.subarray(from + length),
            ]);
          }
          const result = readMessage(mutated);
          const message = result.ok ? result.value : result.error.request;
          if (message === undefined) return;
          for (const row of Object.values(header)) message.headers.read<unknown>(row as never);
          readBodies(message);
          if (message.kind === "request") createResponse(message, 400, { toTag: "x" });
          printMessage(message);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
