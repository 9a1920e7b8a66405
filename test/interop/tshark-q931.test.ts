import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Frame, printFrame } from "../../src/isdn/q921/index.js";
import {
  callReference,
  composeMessage,
  type Element,
  type ElementKind,
  elementRows,
  globalCallReference,
  indicateChannel,
  type Message,
  messageRow,
  messageRows,
  printMessage,
  rowOfKind,
} from "../../src/isdn/q931/index.js";
import { SAMPLES } from "./q931-samples.js";

/** Elements that tshark 4.0 does not know. */
const UNJUDGED: readonly ElementKind[] = [
  "connected-subaddress",
  "generic-digits",
  "original-called-number",
];

/** Control field rejected, V(S), V(R) and why (Q.921 §3.6.11). */
const FRMR = Uint8Array.of(0xef, 0, 0, 0, 1);

const folder = mkdtempSync(join(tmpdir(), "tshark-q931-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A capture file with one frame a second: LAPD from the address octet on unless said otherwise. */
function capture(name: string, frames: readonly Uint8Array[], linkType = 203): string {
  const words = (...values: readonly number[]) => {
    const octets = new Uint8Array(values.length * 4);
    const view = new DataView(octets.buffer);
    for (const [index, value] of values.entries()) view.setUint32(index * 4, value, true);
    return octets;
  };
  const head = words(0xa1b2c3d4, 0x0004_0002, 0, 0, 0xffff, linkType);
  const records = frames.flatMap((frame, second) => [
    words(second, 0, frame.length, frame.length),
    frame,
  ]);
  const path = join(folder, `${name}.pcap`);
  writeFileSync(path, Buffer.concat([head, ...records]));
  return path;
}

function tshark(...args: readonly string[]): string {
  return execFileSync("tshark", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/** Values of fields, one object a frame; repeated fields are joined by a comma. */
function fields(path: string, names: readonly string[]): readonly Record<string, string>[] {
  const asked = names.flatMap((name) => ["-e", name]);
  const text = tshark("-r", path, "-T", "fields", "-E", "separator=|", ...asked);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => Object.fromEntries(line.split("|").map((value, i) => [names[i], value])));
}

/** What tshark marks: frames malformed or with an expert's error or warning, and elements without a name. */
function marked(path: string): string {
  const filter =
    "_ws.malformed || _ws.expert.severity >= 6291456 || q931.invalid_length" +
    " || q931.insufficient_info_element || q931.missing_info_element";
  const frames = tshark("-r", path, "-Y", filter, "-T", "fields", "-e", "frame.number");
  const unknown = tshark("-r", path, "-V", "-O", "q931,q932")
    .split("\n")
    .filter((line) => line.includes("Unknown information element"));
  return [frames, ...unknown].join("");
}

function frameOf(message: Message, number: number): Uint8Array {
  return printFrame(
    {
      sapi: 0,
      tei: 0,
      command: true,
      kind: "I",
      ns: number & 0x7f,
      nr: 0,
      pollFinal: false,
      information: printMessage(message),
    },
    "user",
  );
}

const GLOBAL = ["restart", "restart-acknowledge", "service", "service-acknowledge"];

/** Every message with one of every element that its table allows. */
const MESSAGES: readonly Message[] = messageRows.map(({ type, places, discriminator }) => {
  const reference = GLOBAL.includes(type) ? globalCallReference(false) : callReference(77, true);
  const kinds = Object.keys(places) as ElementKind[];
  const segment: readonly Element[] =
    type === "segment"
      ? [{ kind: "message-segment", octets: Uint8Array.of(0x04, 3, 0x80, 0x90, 0xa3) }]
      : [];
  const said = kinds.filter((kind) => !UNJUDGED.includes(kind)).map((kind) => SAMPLES[kind]);
  return composeMessage(type, reference, [...said, ...segment], discriminator);
});

describe("our messages as tshark reads them", () => {
  const path = capture("messages", MESSAGES.map(frameOf));

  test("every message with every element of its table is free of marks [every message]", () => {
    expect(marked(path)).toBe("");
  });

  test("frames, discriminators, references and types are the same [every message]", () => {
    const read = fields(path, [
      "lapd.sapi",
      "lapd.tei",
      "lapd.control.n_s",
      "q931.disc",
      "q931.call_ref",
      "q931.call_ref_flag",
      "q931.message_type",
      "q931.maintenance_message_type",
    ]);
    const said = MESSAGES.map((message, number) => {
      const { value, flag } = message.callReference;
      const { code, discriminator } = messageRow(message.type, message.discriminator);
      // tshark knows types of AT&T's maintenance only; those of NI-2 it shows as a number.
      const maintenance = discriminator === 3;
      return {
        "lapd.sapi": "0",
        "lapd.tei": "0",
        "lapd.control.n_s": String(number),
        "q931.disc": String(discriminator),
        "q931.call_ref": value.toString(16).padStart(4, "0"),
        "q931.call_ref_flag": flag ? "1" : "0",
        "q931.message_type": maintenance ? "" : String(code),
        "q931.maintenance_message_type": maintenance ? String(code) : "",
      };
    });
    expect(read.map(withoutPrefix)).toEqual(said);
  });
});

/** Field values as tshark prints them differ by version in a hexadecimal prefix only. */
function withoutPrefix(row: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const text = value.replace(/^0x/, "");
      const numeric = value.startsWith("0x") && name !== "q931.call_ref";
      const bare = numeric ? String(Number.parseInt(text, 16)) : text;
      return [name, name === "q931.call_ref" ? text.replaceAll(":", "") : bare];
    }),
  );
}

/** What tshark must read from each element alone in a STATUS-like message of its own. */
const VALUES: { readonly [Kind in ElementKind]?: Readonly<Record<string, string>> } = {
  "called-party-number": {
    "q931.called_party_number.digits": "4930123456",
    "q931.number_type": "0x01",
    "q931.numbering_plan": "0x01",
  },
  "calling-party-number": {
    "q931.calling_party_number.digits": "8922446688",
    "q931.number_type": "0x02",
    "q931.presentation_ind": "0x01",
    "q931.screening_ind": "0x03",
  },
  "connected-number": { "q931.connected_number.digits": "777", "q931.screening_ind": "0x01" },
  "redirecting-number": {
    "q931.redirecting_number.digits": "555",
    "q931.extension.reason": "0x0f",
  },
  cause: { "q931.cause_value": "17", "q931.cause_location": "2" },
  "call-state": { "q931.call_state": "0x0a" },
  "channel-identification": {
    "q931.channel.number": "23",
    "q931.channel.exclusive": "1",
    "q931.channel.selection": "0x01",
    "q931.channel.interface_type": "1",
  },
  "progress-indicator": {
    "q931.progress_indicator.description": "0x08",
    "q931.progress_indicator.location": "0x04",
  },
  "bearer-capability": {
    "q931.information_transfer_capability": "0x10",
    "q931.transfer_mode": "0x00",
    "q931.information_transfer_rate": "0x10",
    "q931.uil1": "0x03",
  },
  "high-layer-compatibility": { "q931.high_layer_characteristics": "0x01" },
  "low-layer-compatibility": { "q931.information_transfer_capability": "0x08" },
  display: { "q931.display_information": "Anna Berg" },
  "keypad-facility": { "q931.keypad_facility": "*21#" },
  "date-time": { "q931.date_time": "1a0b170c2d3b" },
  "notification-indicator": { "q932.nd": "0x79" },
  signal: { "q931.signal": "0x04" },
  "restart-indicator": { "q931.restart_indicator": "0x06" },
  "change-status": { "q931.extension_ind_new_status": "2" },
  "congestion-level": { "q931.congestion_level": "0x0f" },
  "repeat-indicator": { "q931.repeat_indicator": "0x02" },
  "network-specific-facilities": { "q931.netid": "288" },
  "end-to-end-transit-delay": {
    "q931.cumulative_transit_delay": "300",
    "q931.requested_end_to_end_transit_delay": "400",
    "q931.maximum_end_to_end_transit_delay": "500",
  },
  "transit-delay-selection": { "q931.transit_delay": "600" },
  facility: { "q932.pp": "0x1f", "qsig.na.namePresentationAllowedSimple": "Anna Berg" },
  "user-user": { "q931.user.protocol_discriminator": "0x04", "q931.user.string": "hello" },
  "called-party-subaddress": { "q931.party_subaddr": "1234" },
};

describe("our elements as tshark reads them", () => {
  const kinds = elementRows.map(({ kind }) => kind).filter((kind) => !UNJUDGED.includes(kind));
  const messages = kinds.map((kind) =>
    composeMessage("setup", callReference(1, false), [SAMPLES[kind]]),
  );
  const path = capture("elements", messages.map(frameOf));
  const names = [...new Set(Object.values(VALUES).flatMap((values) => Object.keys(values)))];
  const read = fields(path, names);
  let printed: string | undefined;

  test.each(Object.entries(VALUES))("[element %s] says the same", (kind, values) => {
    expect(read[kinds.indexOf(kind as ElementKind)]).toMatchObject(values);
  });

  test.each(kinds)("[element %s] has the name that tshark gives it", (kind) => {
    printed ??= tshark("-r", path, "-V", "-O", "q931,q932").toLowerCase();
    expect(printed).toContain(TSHARK_NAMES[kind] ?? rowOfKind(kind).name.toLowerCase());
  });

  test("all of them are free of marks", () => {
    expect(marked(path)).toBe("");
  });
});

/** Where tshark's name of an element is another than the Recommendation's. */
const TSHARK_NAMES: { readonly [Kind in ElementKind]?: string } = {
  "high-layer-compatibility": "high-layer compatibility",
  "low-layer-compatibility": "low-layer compatibility",
  "network-specific-facilities": "network specific facilities",
};

test("every channel of an E1 is the same [element channel-identification]", () => {
  const slots = Array.from({ length: 31 }, (_, i) => indicateChannel(i + 1, i % 2 === 0));
  const path = capture(
    "channels",
    slots.map((slot, i) => frameOf(composeMessage("alerting", callReference(1, true), [slot]), i)),
  );
  expect(marked(path)).toBe("");
  const read = fields(path, ["q931.channel.number", "q931.channel.exclusive"]);
  expect(read).toEqual(
    slots.map((slot, i) => ({
      "q931.channel.number": String(i + 1),
      "q931.channel.exclusive": slot.exclusive ? "1" : "0",
    })),
  );
});

test("a slot map is the same [element channel-identification]", () => {
  const slots = { ...indicateChannel(1, true) };
  const channel = {
    codingStandard: 0,
    channelType: 3,
    channels: { form: "map" as const, map: Uint8Array.of(0x80, 1, 0, 2) },
  };
  const message = composeMessage("restart", globalCallReference(false), [{ ...slots, channel }]);
  const path = capture("map", [frameOf(message, 0)]);
  expect(marked(path)).toBe("");
  expect(fields(path, ["q931.channel.map", "q931.channel.slot_map"])[0]).toEqual({
    "q931.channel.map": "1",
    "q931.channel.slot_map": "0x80,0x01,0x00,0x02",
  });
});

describe("our frames as tshark reads them", () => {
  const address = { sapi: 0, tei: 0 };
  const frames: readonly (readonly [Frame, string])[] = [
    [{ ...address, kind: "SABME", command: true, pollFinal: true }, "U P, func=SABME"],
    [{ ...address, kind: "UA", command: false, pollFinal: true }, "U F, func=UA"],
    [{ ...address, kind: "DM", command: false, pollFinal: false }, "U, func=DM"],
    [{ ...address, kind: "DM", command: false, pollFinal: true }, "U F, func=DM"],
    [{ ...address, kind: "DISC", command: true, pollFinal: true }, "U P, func=DISC"],
    [{ ...address, kind: "RR", command: true, nr: 127, pollFinal: true }, "S P, func=RR, N(R)=127"],
    [{ ...address, kind: "RR", command: false, nr: 1, pollFinal: true }, "S F, func=RR, N(R)=1"],
    [{ ...address, kind: "RNR", command: false, nr: 5, pollFinal: false }, "S, func=RNR, N(R)=5"],
    [{ ...address, kind: "REJ", command: false, nr: 6, pollFinal: true }, "S F, func=REJ, N(R)=6"],
    [
      { ...address, kind: "FRMR", command: false, pollFinal: false, information: FRMR },
      "U, func=FRMR",
    ],
    [
      { ...address, kind: "XID", command: true, pollFinal: false, information: FRMR },
      "U, func=XID",
    ],
  ];

  test.each(["user", "network"] as const)("of the %s side", (side) => {
    // Linux's LAPD (link type 177) says which way a frame went: 4 is outgoing, of the user side.
    const direction = side === "user" ? 4 : 0;
    const path = capture(
      side,
      frames.map(([frame]) => {
        const head = new Uint8Array(16);
        head[1] = direction;
        head[15] = 0x30;
        return Uint8Array.of(...head, ...printFrame(frame, side));
      }),
      177,
    );
    const lines = tshark("-r", path, "-T", "fields", "-e", "_ws.col.Info").trimEnd().split("\n");
    expect(lines.map((line) => line.replace("TEI:00 ", "").replace(/ \|\s*$/, ""))).toEqual(
      frames.map(([, line]) => line),
    );
    expect(marked(path)).toBe("");
  });
});

test("every cause with every location is the same [cause 1 to 127] [element cause]", () => {
  const causes = Array.from({ length: 127 }, (_, i) => ({ value: i + 1, location: i % 6 }));
  const path = capture(
    "causes",
    causes.map((cause, i) =>
      frameOf(
        composeMessage("release", callReference(1, true), [
          { kind: "cause", codingStandard: 0, ...cause },
        ]),
        i,
      ),
    ),
  );
  expect(marked(path)).toBe("");
  expect(fields(path, ["q931.cause_value", "q931.cause_location"])).toEqual(
    causes.map(({ value, location }) => ({
      "q931.cause_value": String(value),
      "q931.cause_location": String(location),
    })),
  );
});
