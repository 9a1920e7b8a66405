/** A bar on standard error that shows how much is done; nothing where nobody looks, or when it was quick. */
export function progressBar(what: string, stream: NodeJS.WriteStream = process.stderr) {
  const begun = performance.now();
  let drawn = Number.NEGATIVE_INFINITY;
  const isWatched = stream.isTTY === true;
  return {
    /** @param part from 0 to 1 */
    show(part: number, note = ""): void {
      const now = performance.now();
      if (!isWatched || now - begun < QUICK_MS || now - drawn < BETWEEN_MS) return;
      drawn = now;
      stream.write(`\r${bar(what, part, note)}\u001B[K`);
    },
    clear(): void {
      if (drawn > 0) stream.write("\r\u001B[K");
    },
  };
}

export function bar(what: string, part: number, note: string): string {
  const full = Math.round(Math.min(Math.max(part, 0), 1) * WIDTH);
  const percent = String(Math.floor(part * 100)).padStart(3);
  return `${what} [${"#".repeat(full)}${".".repeat(WIDTH - full)}] ${percent} % ${note}`.trimEnd();
}

const WIDTH = 30;
const QUICK_MS = 500;
const BETWEEN_MS = 100;
