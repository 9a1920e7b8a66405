import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { err, ok, type Result } from "../core/index.js";

/** Where a host name leads, and our own address on the way to it. */
export interface Route {
  readonly address: string;
  readonly localAddress: string;
}

export async function routeTo(host: string, port: number): Promise<Result<Route, string>> {
  try {
    const { address } = await lookup(host);
    return ok({ address, localAddress: await localAddressFor(address, port) });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const unknown = code === "ENOTFOUND" || code === "EAI_AGAIN";
    return err(unknown ? `there is no host "${host}"` : `no way to ${host}: ${message}`);
  }
}

/** The address that the kernel would send from; a UDP socket that is connected sends nothing. */
function localAddressFor(address: string, port: number): Promise<string> {
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.connect(port, address, (error?: Error) => {
      if (error !== undefined) reject(error);
      else resolve(socket.address().address);
      socket.close();
    });
  });
}
