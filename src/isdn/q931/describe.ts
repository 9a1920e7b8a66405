import { causeName } from "../../call/index.js";
import { hex } from "../../core/index.js";
import { timeslotsOf } from "./elements/channel.js";
import type { Element, ElementKind, ElementOf, KnownElement } from "./elements/element.js";
import { type Field, latin1 } from "./elements/row.js";
import { rowOfCode, rowOfKind } from "./elements/rows.js";
import type { CallReference, ElementFault, Message, Parsed, Receiving } from "./message.js";
import {
  ATT_MAINTENANCE,
  CALL_CONTROL,
  messageRow,
  messageRowOf,
  NATIONAL_MAINTENANCE,
} from "./message-rows.js";
import { parseMessage } from "./parse.js";
import { describeComponents } from "./rose.js";

/** A line of a decode tree, with the octets it was read from: first, and the one after the last. */
export interface TreeNode {
  readonly label: string;
  readonly value: string;
  readonly octets: readonly [number, number];
  readonly children: readonly TreeNode[];
}

/**
 * What a Q.931 message says, for people. `offset` is where the message begins in what is shown. Without
 * `receiving` the direction is not judged.
 */
export function describeMessage(octets: Uint8Array, offset = 0, receiving?: Receiving): TreeNode {
  const parsed = parseLeniently(octets, receiving);
  const end = offset + octets.length;
  if (parsed.kind === "ignored") return leaf("Q.931", IGNORED[parsed.reason], offset, end);
  const callReference = referenceOf(parsed);
  const start = offset + 3 + callReference.length;
  const discriminator = octets[0] ?? 0;
  const head = [
    leaf("Protocol discriminator", DISCRIMINATORS[discriminator] ?? "", offset, offset + 1),
    leaf("Call reference", referenceText(callReference), offset + 1, start - 1),
  ];
  if (parsed.kind === "unknown-type") {
    const type = leaf(
      "Message type",
      `unknown (0x${hex(Uint8Array.of(parsed.code))})`,
      start - 1,
      start,
    );
    const rest = leaf("Rest", hex(octets.subarray(start - offset)), start, end);
    return node("Q.931", "unknown message", [offset, end], [...head, type, rest]);
  }
  const { message, faults } = parsed;
  const { name } = messageRow(message.type);
  const elements = describeElements(octets, start - offset, offset, message.elements);
  const wrong = faults.map((fault) => leaf("Fault", faultText(fault), offset, end));
  const type = leaf("Message type", name, start - 1, start);
  return node("Q.931", name, [offset, end], [...head, type, ...elements, ...wrong]);
}

/** A message in one line: `SETUP 17> called 100, calling 5551234, channel 1 exclusive`. */
export function summariseMessage(octets: Uint8Array): string {
  const parsed = parseLeniently(octets);
  if (parsed.kind === "ignored") return `not Q.931: ${IGNORED[parsed.reason]}`;
  const reference = shortReference(referenceOf(parsed));
  if (parsed.kind === "unknown-type")
    return `message 0x${hex(Uint8Array.of(parsed.code))} ${reference}`;
  return summarise(parsed.message);
}

/** The same for a message that is at hand. */
export function summarise(message: Message): string {
  const said = message.elements.flatMap((element) => {
    const words = SUMMARIES[element.kind as ElementKind];
    return words === undefined ? [] : [words(element as never)];
  });
  const head = `${messageRow(message.type).name} ${shortReference(message.callReference)}`;
  return [head, said.join(", ")].filter((part) => part !== "").join(" ");
}

function referenceOf(parsed: Exclude<Parsed, { kind: "ignored" }>): CallReference {
  return parsed.kind === "message" ? parsed.message.callReference : parsed.callReference;
}

/** NI-2 knows all that EN 300 403-1 knows, and of two directions the one with fewer faults is the likely one. */
function parseLeniently(octets: Uint8Array, receiving?: Receiving): Parsed {
  if (receiving !== undefined) return parseMessage(octets, receiving);
  const fromUser = parseMessage(octets, { profile: "ni2", direction: "user-to-network" });
  const fromNetwork = parseMessage(octets, { profile: "ni2", direction: "network-to-user" });
  const count = (parsed: Parsed) => (parsed.kind === "message" ? parsed.faults.length : 0);
  return count(fromNetwork) < count(fromUser) ? fromNetwork : fromUser;
}

/** Elements stand in the list as on the wire, one for one, so that a walk finds their octets. */
function describeElements(
  octets: Uint8Array,
  start: number,
  offset: number,
  elements: readonly Element[],
): readonly TreeNode[] {
  let at = start;
  return elements.map((element) => {
    const from = at;
    at = elementEnd(octets, from, element);
    return describeElement(element, [offset + from, offset + at]);
  });
}

function elementEnd(octets: Uint8Array, at: number, element: Element): number {
  if (element.kind === "message-segment") return octets.length;
  if ((octets[at] ?? 0) >= 0x80) return at + 1;
  return Math.min(octets.length, at + 2 + (octets[at + 1] ?? 0));
}

function describeElement(element: Element, range: readonly [number, number]): TreeNode {
  switch (element.kind) {
    case "shift": {
      const locking = element.locking ? "locking" : "non-locking";
      return leaf("Shift", `${locking}, codeset ${element.codeset}`, ...range);
    }
    case "message-segment":
      return leaf("Message segment", hex(element.octets), ...range);
    case "raw": {
      const row = element.codeset === 0 ? rowOfCode(element.code) : undefined;
      const code = `0x${hex(Uint8Array.of(element.code))}`;
      const name = row?.name ?? `Element ${code} of codeset ${element.codeset}`;
      const text =
        row === undefined && isText(element.contents) ? ` "${latin1(element.contents)}"` : "";
      const state =
        row === undefined ? "not read" : element.contents.length === 0 ? "empty" : "not acted upon";
      return leaf(name, `${state}: ${hex(element.contents)}${text}`, ...range);
    }
    default:
      return describeKnown(element, range);
  }
}

function describeKnown(element: KnownElement, range: readonly [number, number]): TreeNode {
  const row = rowOfKind(element.kind);
  const start = row.format === "variable" ? range[0] + 2 : range[0];
  const place = ({ label, value, octets }: Field, base: number): TreeNode =>
    leaf(
      label,
      value,
      octets === undefined ? start : Math.min(base + octets[0], range[1]),
      octets === undefined ? range[1] : Math.min(base + octets[1], range[1]),
    );
  const fields = row.describe(element).map((field) => place(field, start));
  const components =
    element.kind === "facility"
      ? describeComponents(element).map((field) => place(field, start + 1))
      : [];
  const summary = SUMMARIES[element.kind]?.(element as never) ?? "";
  return node(row.name, summary, range, [...fields, ...components]);
}

function leaf(label: string, value: string, from: number, to: number): TreeNode {
  return node(label, value, [from, to], []);
}

function node(
  label: string,
  value: string,
  octets: readonly [number, number],
  children: readonly TreeNode[],
): TreeNode {
  return { label, value, octets, children };
}

function isText(octets: Uint8Array): boolean {
  return octets.length > 1 && octets.every((octet) => octet >= 0x20 && octet < 0x7f);
}

function referenceText({ length, value, flag }: CallReference): string {
  if (length === 0) return "dummy";
  const way = flag ? "to" : "from";
  return `${value === 0 ? "global" : value}, ${way} the side that assigned it`;
}

/** `17>` from the side that assigned the reference, `17<` to it. */
function shortReference({ length, value, flag }: CallReference): string {
  return length === 0 ? "dummy" : `${value === 0 ? "global" : value}${flag ? "<" : ">"}`;
}

function faultText({ fault, codeset, code, mandatory }: ElementFault): string {
  const row = codeset === 0 ? rowOfCode(code) : undefined;
  const name = row?.name ?? `0x${hex(Uint8Array.of(code))} of codeset ${codeset}`;
  return `${FAULTS[fault]}: ${name}${mandatory ? " (mandatory)" : ""}`;
}

const IGNORED = {
  discriminator: "another protocol discriminator (§5.8.1)",
  "too-short": "too short (§5.8.2)",
  "call-reference": "invalid call reference format (§5.8.3.1)",
} as const;

const FAULTS = {
  missing: "missing element",
  content: "contents in error",
  sequence: "out of sequence",
  duplicate: "repeated too often",
  unrecognised: "unrecognised element",
  unexpected: "unexpected element",
} as const;

const DISCRIMINATORS: Readonly<Record<number, string>> = {
  [CALL_CONTROL]: "Q.931 call control",
  [NATIONAL_MAINTENANCE]: "maintenance (NI-2)",
  [ATT_MAINTENANCE]: "maintenance (AT&T)",
};

type Summaries = { readonly [Kind in ElementKind]?: (element: ElementOf<Kind>) => string };

/** What the ladder shows of an element; the others are not shown. */
const SUMMARIES: Summaries = {
  "called-party-number": ({ digits }) => `called ${digits}`,
  "calling-party-number": ({ digits, presentation }) =>
    `calling ${digits}${presentation === 1 ? " (restricted)" : ""}`,
  "connected-number": ({ digits }) => `connected ${digits}`,
  "redirecting-number": ({ digits }) => `redirecting ${digits}`,
  "redirection-number": ({ digits }) => `redirection ${digits}`,
  "original-called-number": ({ digits }) => `originally called ${digits}`,
  "channel-identification": (element) => {
    const said = timeslotsOf(element).join(" ");
    const which = said === "" ? (["none", "", "", "any"][element.selection] ?? "") : said;
    return `channel ${which} ${element.exclusive ? "exclusive" : "preferred"}`.replace("  ", " ");
  },
  cause: ({ value }) => `cause ${value} ${causeName(value)}`,
  "progress-indicator": ({ description }) => `progress ${description}`,
  "call-state": ({ value }) => `state ${value}`,
  "restart-indicator": (element) => `class ${element.class}`,
  "change-status": ({ status }) => `status ${status}`,
  "notification-indicator": ({ description }) => `notification ${description}`,
  "sending-complete": () => "sending complete",
  "keypad-facility": ({ digits }) => `keypad ${digits}`,
  display: ({ text }) => `display "${text}"`,
  "bearer-capability": ({ transferCapability }) =>
    BEARERS[transferCapability] ?? `bearer ${transferCapability}`,
  "segmented-message": ({ messageType, remaining }) =>
    `of ${messageRowOf(CALL_CONTROL, messageType)?.name ?? messageType}, ${remaining} remaining`,
};

const BEARERS: Readonly<Record<number, string>> = {
  0: "speech",
  8: "unrestricted",
  16: "3.1 kHz audio",
};
