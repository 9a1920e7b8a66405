import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CAUSE_MAPS } from "../../src/interworking/index.js";
import { type RunningGateway, run, startGateway, top, until } from "./running-gateway.js";

/** The table of RFC 3398, every row of it, as a SIP peer and as an exchange see it. */
const { toStatus, toCause } = CAUSE_MAPS.rfc3398;

const folder = mkdtempSync(join(tmpdir(), "sipp-causes-"));
let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await startGateway(11_000);
});

afterAll(async () => {
  const left = await gateway.settled().catch((error: Error) => error.message);
  const { code, stderr } = await gateway.stop();
  expect(left).toBeUndefined();
  rmSync(folder, { recursive: true });
  expect(stderr).not.toContain("internal fault");
  expect(code, stderr).toBe(0);
});

/** Runs a scenario whose text is given; what sipp complains of, or nothing. */
async function sipp(name: string, text: string, args: readonly string[]): Promise<string> {
  const scenario = join(folder, `${name}.xml`);
  const errors = join(folder, `${name}.log`);
  writeFileSync(scenario, text);
  const { code, stderr } = await run(
    "sipp",
    [
      ...["-sf", scenario, "-i", "127.0.0.1", "-nostdin", "-trace_err", "-error_file", errors],
      ...["-timeout", "50", "-timeout_error", "-recv_timeout", "15000", ...args],
    ],
    { cwd: folder, timeoutMs: 55_000 },
  );
  return code === 0 ? "" : `${stderr}${logOf(errors)}`;
}

function logOf(file: string): string {
  try {
    return readFileSync(file, "utf8").slice(0, 4000);
  } catch {
    return "";
  }
}

function template(name: string): string {
  return readFileSync(join(top, "test/interop/sipp", `${name}.xml`), "utf8");
}

describe("a call that the PSTN refuses", () => {
  test.each(toStatus)("with [cause $cause] is refused with [$status]", async (row) => {
    const [cause, status] = [String(row.cause), String(row.status)];
    const text = template("uac-refused")
      .replace(/CAUSE/g, cause)
      .replace(/STATUS/g, status);
    const number = `850${cause.padStart(3, "0")}`;
    const ports = ["-p", String(11_400 + row.cause), "-mp", "11300"];
    const args = ["-m", "1", "-s", number, ...ports, `127.0.0.1:${gateway.sip}`];
    expect(await sipp(`cause-${cause}`, text, args)).toBe("");
  });
});

interface Originated {
  readonly state: string;
  readonly cause?: { readonly value: number };
}

/** A call from the exchange, until it has ended. */
async function originate(to: string): Promise<number | undefined> {
  const response = await fetch(`${gateway.api}/api/v1/exchange/calls`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ to, holdMs: 0, giveUpMs: 10_000 }),
  });
  const [id] = ((await response.json()) as { calls: string[] }).calls;
  const view = () => gateway.get<Originated>(`exchange/calls/${id}`);
  await until(async () => (await view()).state === "ended", 12_000);
  return (await view()).cause?.value;
}

describe("a call that the SIP peer refuses", () => {
  // Without a Warning 488 and 606 say no more than 31.
  const expected = toCause.map(({ status, cause }) => ({
    status,
    cause: cause === "by-warning" ? 31 : cause,
  }));

  test.each(expected)("with [$status] ends at the PSTN with [cause $cause]", async (row) => {
    const text = template("uas-refuses").replace(/STATUS/g, String(row.status));
    const ports = ["-p", String(gateway.contact), "-mp", "11310"];
    const peer = sipp(`status-${row.status}`, text, ["-m", "1", ...ports]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await originate("200")).toBe(row.cause);
    expect(await peer).toBe("");
  });
});
