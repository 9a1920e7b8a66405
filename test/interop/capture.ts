import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningGateway, run } from "./running-gateway.js";

/** What passed on the loopback during a call, as tshark reads it. */
export class Capture {
  readonly #file: string;
  readonly #gateway: RunningGateway;

  /** Captures the gateway's SIP and RTP, and whatever else is asked for, while `during` runs. */
  static async of(gateway: RunningGateway, during: () => Promise<void>): Promise<Capture> {
    const file = join(mkdtempSync(join(tmpdir(), "capture-")), "call.pcap");
    const { sip, rtp } = gateway;
    const filter = `udp port ${sip} or udp portrange ${rtp.min}-${rtp.max}`;
    const tshark = spawn("tshark", ["-i", "lo", "-q", "-f", filter, "-w", file]);
    await new Promise((resolve) => tshark.stderr.once("data", resolve));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const closed = new Promise((resolve) => tshark.once("close", resolve));
    try {
      await during();
      await new Promise((resolve) => setTimeout(resolve, 500));
    } finally {
      tshark.kill("SIGINT");
      await closed;
    }
    return new Capture(file, gateway);
  }

  constructor(file: string, gateway: RunningGateway) {
    this.#file = file;
    this.#gateway = gateway;
  }

  /** Lines of tshark over the capture. */
  async tshark(...args: readonly string[]): Promise<readonly string[]> {
    const { sip, rtp } = this.#gateway;
    const { stdout } = await run("tshark", [
      ...["-r", this.#file, "-d", `udp.port==${sip},sip`],
      ...["-d", `udp.port==${rtp.min}-${rtp.max},rtp`, ...args],
    ]);
    return stdout.split("\n").filter((line) => line !== "");
  }

  /** Rows of fields of the packets that a filter lets through. */
  async fields(filter: string, ...names: readonly string[]): Promise<readonly string[][]> {
    const wanted = names.flatMap((name) => ["-e", name]);
    const lines = await this.tshark("-Y", filter, "-T", "fields", ...wanted);
    return lines.map((line) => line.split("\t"));
  }
}

/** One RTP packet to be played: when, and what. */
export interface Played {
  readonly ms: number;
  readonly timestamp: number;
  readonly payload: Uint8Array;
}

/** A capture file for sipp's play_pcap_audio: one RTP stream in UDP, IPv4 and Ethernet. */
export function writeRtpCapture(file: string, packets: readonly Played[], payloadType = 18): void {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(0xffff, 16);
  head.writeUInt32LE(1, 20);
  const records = packets.map(({ ms, timestamp, payload }, index) => {
    const rtp = Buffer.alloc(12);
    rtp.writeUInt8(0x80, 0);
    rtp.writeUInt8(payloadType | (index === 0 ? 0x80 : 0), 1);
    rtp.writeUInt16BE(index & 0xffff, 2);
    rtp.writeUInt32BE(timestamp >>> 0, 4);
    rtp.writeUInt32BE(0x5150_5150, 8);
    const packet = Buffer.concat([framing(12 + payload.length), rtp, payload]);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(Math.floor(ms / 1000), 0);
    record.writeUInt32LE((ms % 1000) * 1000, 4);
    record.writeUInt32LE(packet.length, 8);
    record.writeUInt32LE(packet.length, 12);
    return Buffer.concat([record, packet]);
  });
  writeFileSync(file, Buffer.concat([head, ...records]));
}

/** Ethernet, IPv4 and UDP headers; sipp puts its own addresses and ports in. */
function framing(length: number): Buffer {
  const octets = Buffer.alloc(42);
  octets.writeUInt16BE(0x0800, 12);
  octets.writeUInt8(0x45, 14);
  octets.writeUInt16BE(28 + length, 16);
  octets.writeUInt8(64, 22);
  octets.writeUInt8(17, 23);
  octets.set([127, 0, 0, 1], 26);
  octets.set([127, 0, 0, 1], 30);
  octets.writeUInt16BE(40_000, 34);
  octets.writeUInt16BE(40_002, 36);
  octets.writeUInt16BE(8 + length, 38);
  return octets;
}
