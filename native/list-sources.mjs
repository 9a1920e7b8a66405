// Prints the sources that the sources.mk of the given folders list, for binding.gyp: one list serves it and the native tests.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = dirname(dirname(fileURLToPath(import.meta.url)));
for (const folder of process.argv.slice(2)) {
  const list = join(top, folder, "sources.mk");
  if (!existsSync(list)) continue;
  for (const [name] of readFileSync(list, "utf8").replaceAll(/#.*/g, "").matchAll(/[\w/-]+\.(?:cc|c)\b/g)) {
    console.log(`${folder}/${name}`);
  }
}
