import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type RunningGateway, startGateway, top, until } from "./running-gateway.js";
import { sipp } from "./sipp.js";

const main = join(top, "dist/cli/main.js");

let gateway: RunningGateway | undefined;
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

interface Call {
  readonly state: string;
}

async function answered({ get }: RunningGateway): Promise<void> {
  await until(
    async () => (await get<Call[]>("calls")).some((one) => one.state === "answered"),
    9000,
  );
}

test.each([
  ["SIGINT", 14_000],
  ["SIGTERM", 14_200],
] as const)(
  "[sipp] [BYE] [DISCONNECT] [cause 41] `trunkgate run` with a call that is up gets %s: both sides are told",
  async (signal, base) => {
    const running = await startGateway(base);
    gateway = running;
    const trace = running.cli("trace", "--api", running.api);
    const caller = sipp("uac-stopped", [
      ...["-s", "100", "-m", "1", "-p", String(base + 100), "-mp", String(base + 110)],
      `127.0.0.1:${running.sip}`,
    ]);
    await answered(running);
    const stopped = await running.stop(signal);
    gateway = undefined;
    expect((await caller).why).toBe("");
    expect(stopped).toMatchObject({ code: 0, stderr: "" });
    const lines = (await trace).stdout.split("\n");
    expect(lines.find((line) => line.includes("DISCONNECT"))).toMatch(/Q\.931.*<-.*DISCONNECT.*41/);
    expect(lines.some((line) => /Q\.931.*-> RELEASE\b/.test(line))).toBe(true);
  },
);

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "[BYE] [cause 16] `trunkgate dial` gets %s in a call: it hangs up and reports",
  async (signal) => {
    const running = await startGateway(14_400);
    gateway = running;
    const phone = spawn(
      process.execPath,
      [main, "dial", "100", "--to", `127.0.0.1:${running.sip}`, "--hold", "0", "--json"],
      { cwd: top },
    );
    let report = "";
    phone.stdout.on("data", (text) => {
      report += text;
    });
    const ended = new Promise<number | null>((resolve) => phone.on("close", resolve));
    await answered(running);
    phone.kill(signal);
    expect(await ended).toBe(0);
    expect(JSON.parse(report)).toMatchObject({ answered: true, endedBy: "us (interrupted)" });
    await running.settled();
    expect(await running.get("calls/call-1")).toMatchObject({ cause: { value: 16 } });
  },
);

test("[RFC 3261 §18.4] [cause 41] a peer where nobody listens is given up soon after T1, not after 32 s", async () => {
  const running = await startGateway(14_600);
  gateway = running;
  const begun = performance.now();
  const call = await running.cli("exchange", "call", "--to", "200", "--api", running.api);
  expect(call.stdout).toContain("cause 41");
  expect(performance.now() - begun).toBeLessThan(16_000);
  await running.settled();
});
