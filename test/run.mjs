// `npm test`: the native tests without Node, then everything that vitest runs. Needs nothing that
// the repository does not hold.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("..", import.meta.url));
const steps = [
  ["make", ["--no-print-directory", "-s", "-C", "test/native", "-j", "2", "test"]],
  [
    process.execPath,
    [join(top, "node_modules/vitest/vitest.mjs"), "run", "-c", "test/vitest.config.ts"],
  ],
];
for (const [command, args] of steps) {
  const result = spawnSync(command, args, { cwd: top, stdio: "inherit" });
  if (result.status !== 0) process.exit(result.status ?? 1);
}
