import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finished, run, top } from "./running-gateway.js";

/** Runs one scenario of sipp; what it complains of stands in its error file. */
export async function sipp(
  scenario: string,
  args: readonly string[],
  folder = mkdtempSync(join(tmpdir(), "sipp-")),
): Promise<Finished & { why: string }> {
  const errors = join(folder, "errors.log");
  const finished = await run(
    "sipp",
    [
      ...["-sf", join(top, "test/interop/sipp", `${scenario}.xml`)],
      ...["-i", "127.0.0.1", "-nostdin", "-trace_err", "-error_file", errors],
      ...["-timeout", "90", "-timeout_error", "-recv_timeout", "15000", ...args],
    ],
    { cwd: folder, timeoutMs: 100_000 },
  );
  return { ...finished, why: finished.code === 0 ? "" : read(errors) + finished.stderr };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8").slice(0, 4000);
  } catch {
    return "";
  }
}
