// Arguments and figures of the benches.
import { cpus } from "node:os";

/** `--name value` pairs over defaults; a default's type is the argument's. */
export function argumentsOf(defaults) {
  const values = { ...defaults };
  for (let index = 2; index < process.argv.length; index += 2) {
    const name = process.argv[index].replace(/^--/, "");
    const value = process.argv[index + 1];
    if (!(name in defaults) || value === undefined) {
      const known = Object.entries(defaults).map(([key, given]) => `  --${key} ${given}`);
      process.stderr.write(`options and their defaults:\n${known.join("\n")}\n`);
      process.exit(2);
    }
    values[name] = typeof defaults[name] === "number" ? Number(value) : value;
  }
  return values;
}

/** The value below which a share `q` of them lies. */
export function quantile(values, q) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function machine() {
  const all = cpus();
  return `${all.length} x ${all[0]?.model ?? "?"}, Node ${process.version}`;
}

export function line(name, text) {
  console.log(`${name.padEnd(34)} ${text}`);
}

export const mib = (octets) => `${(octets / (1 << 20)).toFixed(0)} MiB`;
