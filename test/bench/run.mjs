// npm run bench                       lists the benches
// npm run bench -- calls --rate 100   runs one with its options
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const benches = {
  calls: ["calls a second through SIP and ISDN and back", "node", "calls.mjs"],
  media: ["CPU, loss and punctuality of simultaneous G.711 calls", "node", "media.mjs"],
  lanes: [
    "G.729 on lanes against single channels on ten million random frames",
    "node",
    "lanes.mjs",
  ],
  "sip-parser": ["SIP messages read and printed", "node", "sip-parser.mjs"],
  native: ["codecs and RTP beside bare baselines", "make", "-s", "-C", "native"],
};

const here = fileURLToPath(new URL(".", import.meta.url));
const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !Object.hasOwn(benches, name)) {
  const rows = Object.entries(benches).map(([key, [what]]) => `  ${key.padEnd(12)} ${what}`);
  console.log(["npm run bench -- <name> [options]", ...rows].join("\n"));
  process.exit(name === undefined ? 0 : 2);
}
const [, command, ...args] = benches[name];
const program = command === "node" ? process.execPath : command;
const run = spawnSync(program, [...args, ...rest], { cwd: here, stdio: "inherit" });
process.exit(run.status ?? 1);
