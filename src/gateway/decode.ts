import { err, fromHex, ok, type Result } from "../core/index.js";
import { describeFrame, describeMessage, type TreeNode } from "../isdn/index.js";

/** A message as a tree of names and values. */
export interface DecodedNode {
  readonly label: string;
  readonly value?: string | undefined;
  readonly children?: readonly DecodedNode[] | undefined;
}

/**
 * Decodes the hexadecimal octets of a Q.931 message, or of a Q.921 frame from the address octet on.
 * A message begins with its protocol discriminator, 08 (43 or 03 for maintenance); a frame with its address.
 */
export function decodeHex(text: string): Result<DecodedNode, string> {
  if (text.length > LONGEST) return err(`at most ${LONGEST} characters`);
  const octets = fromHex(text);
  if (octets === undefined)
    return err("not hexadecimal: an even number of digits 0-9, a-f is wanted");
  if (octets.length < 2) return err("nothing to decode: a message has at least three octets");
  const isMessage = MESSAGES.has(octets[0] ?? 0);
  const tree: TreeNode = isMessage ? describeMessage(octets) : describeFrame(octets);
  return ok(tree);
}

const LONGEST = 8192;
const MESSAGES: ReadonlySet<number> = new Set([0x08, 0x43, 0x03]);
