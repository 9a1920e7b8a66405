import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const top = fileURLToPath(new URL("../..", import.meta.url));
const main = join(top, "dist/cli/main.js");

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; kills it when it takes too long. */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly timeoutMs?: number; readonly input?: string } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd ?? top });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text) => {
      stdout += text;
    });
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? 30_000);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
    child.stdin.end(options.input ?? "");
  });
}

export interface RunningGateway {
  readonly sip: number;
  readonly api: string;
  /** Where calls to the SIP side go: an interop peer listens there. */
  readonly contact: number;
  readonly rtp: { readonly min: number; readonly max: number };
  cli(...args: string[]): Promise<Finished>;
  get<Value>(path: string): Promise<Value>;
  /** Waits until the status says that nothing is left of any call. */
  settled(withinMs?: number): Promise<void>;
  /** By SIGTERM unless another signal is named. */
  stop(signal?: "SIGINT" | "SIGTERM"): Promise<Finished>;
}

export interface StartOptions {
  /** More of the configuration, as YAML. */
  readonly more?: string;
  /** A configuration of the test's own, with SIP on `base` and the API on the next port. */
  readonly file?: string;
  /** Called when the gateway runs, before its data links are waited for. */
  readonly started?: () => void;
}

/** Starts the built gateway as a user would, on ports of its own from `base` on (100 apart). */
export async function startGateway(
  base: number,
  options: StartOptions = {},
): Promise<RunningGateway> {
  const folder = mkdtempSync(join(tmpdir(), "trunkgate-"));
  const file = options.file ?? join(folder, "trunkgate.yaml");
  const [sip, api, contact] = [base, base + 1, base + 2];
  const rtp = { min: base + 10, max: base + 99 };
  if (options.file === undefined) {
    writeFileSync(file, configuration(sip, api, contact, rtp) + (options.more ?? ""));
  }
  const child = spawn(process.execPath, [main, "run", "--config", file], { cwd: top });
  const finished = collect(child, folder);
  const url = `http://127.0.0.1:${api}`;
  const get = async <Value>(path: string): Promise<Value> =>
    (await (await fetch(`${url}/api/v1/${path}`)).json()) as Value;
  options.started?.();
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`the gateway ended: ${(await finished).stderr}`);
    const spans = await get<{ dataLink: string }[]>("spans").catch(() => []);
    return spans.length > 0 && spans.every(({ dataLink }) => dataLink === "up");
  }, 15_000);
  return {
    sip,
    api: url,
    contact,
    rtp,
    get,
    cli: (...args) => run(process.execPath, [main, ...args], { timeoutMs: 60_000 }),
    settled: (withinMs = 10_000) =>
      until(async () => isIdle(await get<Status>("status")), withinMs),
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return finished;
    },
  };
}

interface Status {
  readonly calls: { readonly active: number };
  readonly trunkGroups: readonly { readonly busy: number }[];
  readonly counters: Readonly<Record<string, number>>;
}

function isIdle({ calls, trunkGroups, counters }: Status): boolean {
  const kept = ["sipSessions", "sipLegs", "isdnLegs", "mediaPorts", "exchangeCalls"];
  return (
    calls.active === 0 &&
    trunkGroups.every(({ busy }) => busy === 0) &&
    kept.every((name) => counters[name] === 0)
  );
}

/** Asks again and again; the last error is told when the time is over. */
export async function until(test: () => Promise<boolean>, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await test())) {
    if (performance.now() > end) throw new Error(`not so within ${withinMs} ms: ${test}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function collect(child: ChildProcess, folder: string): Promise<Finished> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (text) => {
    stdout += text;
  });
  child.stderr?.on("data", (text) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.on("close", (code) => {
      rmSync(folder, { recursive: true, force: true });
      resolve({ code, stdout, stderr });
    });
  });
}

function configuration(
  sip: number,
  api: number,
  contact: number,
  rtp: { readonly min: number; readonly max: number },
): string {
  return `
listen:
  sip:
    - { name: udp, transport: udp, address: 127.0.0.1, port: ${sip} }
    - { name: tcp, transport: tcp, address: 127.0.0.1, port: ${sip} }
  rtp: { portMin: ${rtp.min}, portMax: ${rtp.max} }
  api: { port: ${api} }
peers:
  - name: loopback
    addresses: [127.0.0.1]
    contact: { host: 127.0.0.1, port: ${contact} }
drainSeconds: 1
`;
}
