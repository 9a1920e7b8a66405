import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Endpoint } from "./udp.js";

/** Says which address could not be listened on, why, who holds it where that can be known. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code: string;

  constructor(what: string, at: Endpoint, cause: NodeJS.ErrnoException) {
    super(`${what} on ${at.address}:${at.port}: ${explain(at, cause)}`, { cause });
    this.code = cause.code ?? "LISTEN_FAILED";
  }
}

function explain(at: Endpoint, cause: NodeJS.ErrnoException): string {
  switch (cause.code) {
    case "EADDRINUSE": {
      const holder = portHolder(at.port);
      return `the port is in use${holder === undefined ? "" : ` by ${holder}`}; stop that or choose another port`;
    }
    case "EACCES":
      return "not permitted; ports below 1024 need a privilege (CAP_NET_BIND_SERVICE)";
    case "EADDRNOTAVAIL":
      return "this host has no such address";
    default:
      return cause.message;
  }
}

/** Process that holds a local port: `name (pid N)`, from /proc where it may be read. */
export function portHolder(port: number): string | undefined {
  const inodes = new Set(["udp", "udp6", "tcp", "tcp6"].flatMap((table) => inodesOf(table, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of entries("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const fd of entries(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`)));
      if (inode !== null && inodes.has(inode[1] as string)) {
        return `${attempt(() => readFileSync(`/proc/${pid}/comm`, "utf8").trim())} (pid ${pid})`;
      }
    }
  }
  return undefined;
}

/** Inodes of the sockets bound to a port, from /proc/net: field 1 is local address, field 9 the inode. */
function inodesOf(table: string, port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  return attempt(() => readFileSync(`/proc/net/${table}`, "utf8"))
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hexPort}`) && fields[9] !== "0")
    .map((fields) => fields[9] as string);
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
