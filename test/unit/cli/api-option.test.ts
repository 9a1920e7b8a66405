import { Command } from "commander";
import { expect, test } from "vitest";
import { addCalls } from "../../../src/cli/calls.js";
import { addCircuits } from "../../../src/cli/circuits.js";
import { addCodec } from "../../../src/cli/codec.js";
import { addExchange } from "../../../src/cli/exchange.js";
import { EXIT } from "../../../src/cli/output.js";
import { addSpans } from "../../../src/cli/spans.js";
import { addStatus } from "../../../src/cli/status.js";
import { addTrace } from "../../../src/cli/trace.js";

const ADD = [addCalls, addCircuits, addCodec, addExchange, addSpans, addStatus, addTrace];

/** Nobody answers on the port 1. */
const API = "http://127.0.0.1:1";

test.each([
  ["calls"],
  ["calls call-3"],
  ["calls show call-3"],
  ["calls hangup call-3"],
  ["circuits"],
  ["circuits list"],
  ["circuits block e1-1 3"],
  ["circuits restart e1-1"],
  ["spans"],
  ["status"],
  ["trace"],
  ["codec show"],
  ["codec set --ptime 30"],
  ["codec tune --to 100"],
  ["exchange numbers"],
  ["exchange call --to 200"],
  ["exchange fault e1-1 --slip 1"],
])("%s asks the gateway that --api names", async (line) => {
  const program = new Command("trunkgate").exitOverride();
  for (const add of ADD) add(program);
  const done = program.parseAsync([...line.split(" "), "--json", "--api", API], { from: "user" });
  await expect(done).rejects.toMatchObject({
    exitCode: EXIT.unreachable,
    message: expect.stringContaining("no gateway answers on 127.0.0.1:1;"),
  });
});
