import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { buildPeer } from "./libpri-pair.js";
import { startGateway, top } from "./running-gateway.js";

/** The D channel of the gateway's span over UDP to a libpri process instead of to our exchange. */
async function withLibpri(
  base: number,
  { side, profile }: { readonly side: "user" | "network"; readonly profile: "etsi" | "ni2" },
  peer: readonly string[],
) {
  buildPeer();
  const [ours, theirs] = [base + 5, base + 6];
  const role = side === "user" ? "--net" : "--cpe";
  const kind = profile === "etsi" ? "euro" : "ni2";
  const args = ["--bind", String(theirs), "--peer", String(ours), role, "--switch", kind];
  const lines: string[] = [];
  const libpri = { kill: (): void => undefined };
  const gateway = await startGateway(base, {
    more: `
spans:
  - name: libpri
    kind: ${profile === "etsi" ? "e1" : "t1"}
    signallingUdp: { address: 127.0.0.1, port: ${ours}, peerAddress: 127.0.0.1, peerPort: ${theirs} }
trunkGroups:
  - { name: isdn, spans: [libpri], signalling: isdn-${side}, profile: ${profile} }
`,
    started() {
      const child = spawn(`${top}build/interop/pripeer`, [...args, ...peer, "--for", "30"]);
      child.stdout.on("data", (text) => lines.push(String(text)));
      libpri.kill = () => void child.kill();
    },
  });
  // libpri can lose a SETUP in the first second after both sides have started.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const dial = (number: string, ...more: string[]) =>
    gateway.cli(
      "dial",
      number,
      "--to",
      `127.0.0.1:${gateway.sip}`,
      "--hold",
      "1",
      "--json",
      ...more,
    );
  const stop = async (): Promise<string> => {
    libpri.kill();
    const { stderr } = await gateway.stop();
    expect(stderr).not.toContain("internal fault");
    return lines.join("");
  };
  return { gateway, dial, stop };
}

test.each([
  [10_500, "user", "etsi"],
  [10_520, "network", "etsi"],
  [10_540, "user", "ni2"],
  [10_560, "network", "ni2"],
] as const)(
  "[libpri] [SETUP] [CONNECT] a SIP call through the gateway to libpri, port %i, our %s side, %s",
  async (base, side, profile) => {
    const { gateway, dial, stop } = await withLibpri(base, { side, profile }, ["--mode", "answer"]);
    const report = JSON.parse((await dial("5551234")).stdout) as { answered: boolean };
    await gateway.settled();
    const heard = await stop();
    expect(report.answered).toBe(true);
    expect(heard).toMatch(/"RING".*"called":"5551234"/);
    expect(heard).toMatch(/"HANGUP_REQ".*"cause":16/);
  },
);

test("[libpri] [cause 21] [403] what libpri rejects with 21 is 403 with its Reason", async () => {
  const { gateway, dial, stop } = await withLibpri(10_580, { side: "user", profile: "etsi" }, [
    ...["--mode", "reject", "--cause", "21"],
  ]);
  const { stdout, code } = await dial("5551234");
  await gateway.settled();
  await stop();
  expect(code).toBe(1);
  expect(stdout).toContain('"status": 403');
  expect(stdout).toContain("21");
});
