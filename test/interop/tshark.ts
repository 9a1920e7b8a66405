import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * What tshark finds malformed, or worse than a warning, in LAPD frames (address octet first, no
 * FCS). Local operations of Facility mean something else in public networks (ETSI) than in private ones and NI-2.
 */
export function malformed(
  frames: readonly Uint8Array[],
  facility: "ETSI" | "QSIG" = "QSIG",
): readonly string[] {
  const { path, close } = lapdCapture(frames);
  try {
    const filter = "_ws.malformed || _ws.expert.severity >= 6291456";
    const args = [
      "-o",
      `q932.facility_encoding:Dissect facility as ${facility}`,
      "-r",
      path,
      "-Y",
      filter,
      "-T",
      "fields",
    ];
    const fields = ["-e", "frame.number", "-e", "_ws.expert.message"];
    const text = execFileSync("tshark", [...args, ...fields], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const frame = frames[Number.parseInt(line, 10) - 1];
        return `${line} ${Buffer.from(frame ?? []).toString("hex")}`;
      });
  } finally {
    close();
  }
}

/** A capture file of LAPD frames, until it is closed. */
export function lapdCapture(frames: readonly Uint8Array[]): {
  readonly path: string;
  close(): void;
} {
  const folder = mkdtempSync(join(tmpdir(), "trunkgate-"));
  const path = join(folder, "lapd.pcap");
  writeFileSync(path, pcap(frames));
  return { path, close: () => rmSync(folder, { recursive: true }) };
}

/** The classic capture file, link type LAPD. */
function pcap(frames: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(0xffff, 16);
  head.writeUInt32LE(LINKTYPE_LAPD, 20);
  const records = frames.map((frame, index) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(Math.floor(index / 1000), 0);
    record.writeUInt32LE((index % 1000) * 1000, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return Buffer.concat([record, frame]);
  });
  return Buffer.concat([head, ...records]);
}

const LINKTYPE_LAPD = 203;
