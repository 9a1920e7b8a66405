import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningGateway, startGateway, until } from "./running-gateway.js";
import { sipp } from "./sipp.js";

let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await startGateway(10_000);
});

afterAll(async () => {
  const { code, stderr } = await gateway.stop();
  expect(stderr).not.toContain("internal fault");
  expect(code).toBe(0);
});

/** A port of sipp's own for each call of it. */
let nextPort = 10_100;
function uac(scenario: string, number: string, more: readonly string[] = ["-m", "1"]) {
  const port = String(nextPort++);
  return sipp(scenario, [
    "-s",
    number,
    "-p",
    port,
    "-mp",
    String(nextPort + 900),
    ...more,
    `127.0.0.1:${gateway.sip}`,
  ]);
}

test.each([
  [
    "uac-basic",
    "100",
    "[sipp] [INVITE] [ACK] [BYE] [session timer accept start] [session timer accept stop] [Timer L start] [Timer J start] a call with offer in the INVITE",
  ],
  [
    "uac-100rel",
    "100",
    "[sipp] [PRACK] [session timer reliable start] [session timer reliable stop] [RFC 3262 §3] a caller that requires 100rel",
  ],
  [
    "uac-early-media",
    "105",
    "[sipp] [early media] ringing tone from the far end in a reliable 180 with SDP",
  ],
  [
    "uac-information-tone",
    "106",
    "[sipp] [early media] [cause 1] announcement in 183, then 404 with its Reason",
  ],
  ["uac-cancel", "104", "[sipp] [CANCEL] a caller gives up"],
  ["uac-delayed-offer", "100", "[sipp] [RFC 3264] delayed offer: offer in 200, answer in ACK"],
  [
    "uac-busy",
    "850017",
    "[sipp] [cause 17] [486] [Timer G start] [Timer G stop] [Timer H start] [Timer H stop] [Timer I start] busy",
  ],
  ["uac-hold", "100", "[sipp] [re-INVITE] [UPDATE] hold, retrieval, and inactive"],
  [
    "uac-far-end-clears",
    "107",
    "[sipp] [cause 16] [BYE] [Timer E start] [Timer E stop] [Timer F start] [Timer F stop] [Timer K start] the PSTN hangs up",
  ],
  ["uac-options", "100", "[sipp] [OPTIONS] what can be done"],
])("%s to %s: %s", async (scenario, number) => {
  expect((await uac(scenario, number)).why).toBe("");
  await gateway.settled();
});

test("[sipp] uac-basic over TCP", async () => {
  expect((await uac("uac-basic", "100", ["-m", "3", "-t", "t1"])).why).toBe("");
  await gateway.settled();
});

test("[sipp] thirty calls at once fill the E1 and leave nothing behind", async () => {
  const more = ["-m", "60", "-r", "15", "-l", "28"];
  expect((await uac("uac-basic", "110", more)).why).toBe("");
  await gateway.settled();
});

test("[sipp] after 1,000 calls no circuit, socket, timer or session is left [Timer J expiry] [Timer L expiry]", async () => {
  const { pid } = await gateway.get<{ pid: number }>("status");
  const sockets = (): number => readdirSync(`/proc/${pid}/fd`).length;
  const before = sockets();
  expect((await uac("uac-load", "110", ["-m", "1000", "-r", "30", "-l", "20"])).why).toBe("");
  await gateway.settled();
  expect(sockets()).toBe(before);
  // Transactions and ended sessions absorb retransmissions for 64*T1 = 32 s, then they are gone too.
  await until(async () => {
    const { counters } = await gateway.get<{ counters: Record<string, number> }>("status");
    return (
      counters.sipSessionsKept === 0 && counters.sipTransactions === 0 && counters.sipTimers === 0
    );
  }, 40_000);
}, 120_000);

test.each([
  [
    "uas-basic",
    "answered",
    "[sipp] [Timer A start] [Timer A stop] [Timer B start] [Timer B stop] [Timer M start] a call from the PSTN is answered",
  ],
  ["uas-forked", "answered", "[sipp] [forking] two early dialogs, the second answers"],
  ["uas-100rel", "answered", "[sipp] [PRACK] the callee's 183 is reliable and carries the answer"],
  ["uas-reject", "cause 17", "[sipp] [486] [cause 17] [Timer D start] a busy callee"],
])("%s from the exchange: %s (%s)", async (scenario, outcome) => {
  const callee = sipp(scenario, ["-m", "1", "-p", String(gateway.contact), "-mp", "11900"]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const call = await gateway.cli(
    ...[
      "exchange",
      "call",
      "--to",
      "200",
      "--hold",
      "0.5",
      "--give-up",
      "10",
      "--api",
      gateway.api,
    ],
  );
  expect((await callee).why).toBe("");
  expect(call.stdout).toContain(outcome);
  await gateway.settled();
});
