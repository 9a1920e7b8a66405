import type { Command } from "commander";
import { type DecodedNode, decodeHex } from "../operations/index.js";
import { CommandError, EXIT, print, printJson } from "./output.js";

export function addDecode(program: Command): void {
  program
    .command("decode")
    .description("makes a readable tree of a Q.931 message or a Q.921 frame in hexadecimal")
    .argument("<hex...>", "octets; blanks, colons and dashes do not matter; - reads standard input")
    .option("--json", "print the tree as JSON")
    .action(async (parts: string[], options: { json?: boolean }) => {
      const text = parts.join("") === "-" ? await readStandardInput() : parts.join("");
      const tree = decodeHex(text);
      if (!tree.ok) throw new CommandError(tree.error, EXIT.usage);
      if (options.json === true) return printJson(tree.value);
      printTree(tree.value, 0);
    });
}

function printTree(node: DecodedNode, depth: number): void {
  const value = node.value === undefined ? "" : `: ${node.value}`;
  print(`${"  ".repeat(depth)}${node.label}${value}`);
  for (const child of node.children ?? []) printTree(child, depth + 1);
}

async function readStandardInput(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > 1 << 16) throw new CommandError("at most 64 KiB of text", EXIT.usage);
  }
  return text;
}
