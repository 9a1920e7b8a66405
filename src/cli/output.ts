/** Exit codes that scripts can use; `trunkgate help` prints them. */
export const EXIT = {
  ok: 0,
  /** What was asked was done and failed: the call was not answered, the configuration is wrong. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** No gateway answers. */
  unreachable: 3,
} as const;

/** Ends a command with a sentence for people and a code for scripts. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Columns as wide as their widest cell; numbers to the right. */
export function printTable(
  heads: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): void {
  const cells = rows.map((row) => row.map((cell) => (cell === undefined ? "" : String(cell))));
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...cells.map((row) => (row[column] ?? "").length)),
  );
  const numeric = heads.map((_, column) => rows.every((row) => typeof row[column] !== "string"));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return numeric[column] === true && rows.length > 0
          ? cell.padStart(width)
          : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  print(line(heads));
  for (const row of cells) print(line(row));
}

/** 75 s as `1:15`, 3,700 s as `1:01:40`. */
export function duration(ms: number): string {
  const all = Math.floor(ms / 1000);
  const parts = [Math.floor(all / 60) % 60, all % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(all / 3600);
  return hours > 0 ? `${hours}:${parts.join(":")}` : parts.join(":").replace(/^0/, "");
}
