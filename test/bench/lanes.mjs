// npm run bench -- lanes [frames]: every form of G.729 on lanes against the codec of a single channel, on so many random frames each way
// (ten million where nothing is said). Fails where a bit differs.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const native = fileURLToPath(new URL("../native/", import.meta.url));
const build = fileURLToPath(new URL("../../build/native-plain/test/codecs/", import.meta.url));
const [frames = "10000000"] = process.argv.slice(2);
if (!/^[1-9]\d*$/.test(frames)) {
  console.error(`lanes: "${frames}" is no number of frames`);
  process.exit(2);
}
run("make", ["--no-print-directory", "-s", "-C", native, "all", "FOLDERS=codecs"]);
for (const side of ["encoder", "decoder"]) run(`${build}g729-lanes-${side}.c.run`, []);

function run(command, args) {
  const env = { ...process.env, FRAMES: frames };
  const { status } = spawnSync(command, args, { stdio: "inherit", env });
  if (status !== 0) process.exit(status ?? 1);
}
