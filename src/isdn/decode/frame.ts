import { hex } from "../../core/index.js";
import { type Frame, type ParsedFrame, parseFrame, type Side } from "../q921/index.js";
import { describeMessage, summariseMessage, type TreeNode } from "../q931/index.js";

/**
 * What a frame of the D channel says, for people, with the Q.931 message inside. The sender's side gives
 * the C/R bit its meaning; where it is not known, the frame's own kind says it.
 */
export function describeFrame(octets: Uint8Array, sender?: Side): TreeNode {
  const parsed = parse(octets, sender);
  const all = [0, octets.length] as const;
  if (parsed.kind === "invalid")
    return { label: "Q.921", value: `invalid: ${parsed.reason}`, octets: all, children: [] };
  if (parsed.kind === "rejection")
    return { label: "Q.921", value: `rejection ${parsed.code}`, octets: all, children: [] };
  const { frame } = parsed;
  const fields = addressFields(frame);
  const at = "nr" in frame ? 4 : 3;
  const control: TreeNode = {
    label: "Control",
    value: controlText(frame),
    octets: [2, at],
    children: [],
  };
  const children = [...fields, control];
  const information = "information" in frame ? frame.information : undefined;
  if (information !== undefined && information.length > 0)
    children.push(
      carriesQ931(frame)
        ? describeMessage(information, at)
        : { label: "Information", value: hex(information), octets: [at, all[1]], children: [] },
    );
  return { label: "Q.921", value: controlText(frame), octets: all, children };
}

/** A frame in one line, with the Q.931 message inside: `I 3,1 SETUP 17> called 100`. */
export function summariseFrame(octets: Uint8Array, sender?: Side): string {
  const parsed = parse(octets, sender);
  if (parsed.kind === "invalid") return `invalid frame: ${parsed.reason}`;
  if (parsed.kind === "rejection") return `rejected frame (${parsed.code}): ${hex(octets)}`;
  const { frame } = parsed;
  const foreign = frame.sapi === 0 && frame.tei === 0 ? "" : ` SAPI ${frame.sapi} TEI ${frame.tei}`;
  const head = `${controlText(frame)}${foreign}`;
  if (!("information" in frame) || frame.information === undefined) return head;
  return carriesQ931(frame) ? `${head} ${summariseMessage(frame.information)}` : head;
}

function parse(octets: Uint8Array, sender: Side | undefined): ParsedFrame {
  const asUser = parseFrame(octets, sender ?? "user");
  if (sender !== undefined || asUser.kind !== "rejection") return asUser;
  return parseFrame(octets, "network");
}

function addressFields(frame: Frame): TreeNode[] {
  const way = frame.command ? "command" : "response";
  return [
    { label: "SAPI", value: SAPIS[frame.sapi] ?? String(frame.sapi), octets: [0, 1], children: [] },
    { label: "Command/response", value: way, octets: [0, 1], children: [] },
    { label: "TEI", value: String(frame.tei), octets: [1, 2], children: [] },
  ];
}

function controlText(frame: Frame): string {
  const flag = frame.pollFinal ? (frame.command ? " P" : " F") : "";
  if (frame.kind === "I") return `I ${frame.ns},${frame.nr}${flag}`;
  return "nr" in frame ? `${frame.kind} ${frame.nr}${flag}` : `${frame.kind}${flag}`;
}

function carriesQ931(frame: Frame): boolean {
  return frame.sapi === 0 && (frame.kind === "I" || frame.kind === "UI");
}

const SAPIS: Readonly<Record<number, string>> = {
  0: "0 (call control)",
  1: "1 (packet mode by Q.931)",
  16: "16 (X.25)",
  63: "63 (management)",
};
