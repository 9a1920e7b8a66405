import { createSocket } from "node:dgram";
import { afterEach, expect, test } from "vitest";
import { type ListenerOptions, type TransportFlow, Transports } from "../../../src/host/index.js";

const open: Transports[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

type Heard = readonly [text: string, flow: TransportFlow];

/** Listeners on loopback, with what they hear. */
async function listen(...options: readonly Omit<ListenerOptions, "port">[]) {
  const heard: Heard[] = [];
  let wake: () => void = () => undefined;
  const hear = (octets: Uint8Array, flow: TransportFlow) => {
    heard.push([new TextDecoder().decode(octets), flow]);
    wake();
  };
  const listeners = options.map((one) => ({ ...one, port: 0 }));
  const transports = new Transports(listeners, {
    ...{ datagram: hear, stream: hear, closed: () => undefined },
  });
  open.push(transports);
  await transports.open();
  const next = async (): Promise<Heard> => {
    while (heard.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return heard.shift() as Heard;
  };
  return { transports, next };
}

/** A UDP port on loopback that nobody has. */
function freePort(address: string): Promise<number> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  return new Promise((resolve) => {
    socket.bind({ address, port: 0 }, () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

const failure = (attempt: (failed: (error: Error) => void) => void) =>
  new Promise<Error>((resolve) => attempt(resolve));

for (const address of ["127.0.0.1", "::1"]) {
  test(`a datagram to a port of ${address} that nobody has is found out [RFC 3261 §18.4]`, async () => {
    const { transports } = await listen({ name: "udp", transport: "udp", address });
    const port = await freePort(address);
    const flow = { transport: "udp", address, port, listener: "udp" } as const;
    const error = await failure((failed) => transports.probe(flow, failed));
    expect(error.message).toMatch(/nobody listens/);
  });

  test(`a connection to a port of ${address} that nobody has fails what was sent`, async () => {
    const { transports } = await listen({ name: "tcp", transport: "tcp", address });
    const port = await freePort(address);
    const flow = { transport: "tcp", address, port, listener: "tcp" } as const;
    const error = await failure((failed) => transports.send(flow, Uint8Array.of(1), failed));
    expect(error.message).toMatch(/ECONNREFUSED|closed/);
  });

  test(`octets go from ${address} to ${address}, and a probe of who listens says nothing`, async () => {
    const a = await listen({ name: "a", transport: "udp", address });
    const b = await listen({ name: "b", transport: "udp", address });
    const to = b.transports.local("b");
    const flow = { transport: "udp", address, port: to?.port ?? 0, listener: "a" } as const;
    const failed = (error: Error) => expect.fail(error.message);
    a.transports.probe(flow, failed);
    expect((await b.next())[0]).toBe("\r\n");
    a.transports.send(flow, new TextEncoder().encode("ping"), failed);
    const [text, from] = await b.next();
    expect(text).toBe("ping");
    expect(from).toMatchObject({ address, port: a.transports.local("a")?.port, listener: "b" });
  });
}

test("a listener on :: hears IPv4 under its own form, and answers there", async () => {
  const dual = await listen({ name: "dual", transport: "udp", address: "::" });
  const four = await listen({ name: "four", transport: "udp", address: "127.0.0.1" });
  const port = dual.transports.local("dual")?.port ?? 0;
  const failed = (error: Error) => expect.fail(error.message);
  const flow = { transport: "udp", address: "127.0.0.1", port, listener: "four" } as const;
  four.transports.send(flow, new TextEncoder().encode("ping"), failed);
  const [, from] = await dual.next();
  expect(from.address).toBe("127.0.0.1");
  dual.transports.send(from, new TextEncoder().encode("pong"), failed);
  expect((await four.next())[0]).toBe("pong");
});

test("a destination goes by a listener of its family", async () => {
  const { transports } = await listen(
    { name: "four", transport: "udp", address: "127.0.0.1" },
    { name: "six", transport: "udp", address: "::1" },
  );
  expect(transports.listenerFor("udp", "192.0.2.1")).toBe("four");
  expect(transports.listenerFor("udp", "2001:db8::1")).toBe("six");
  expect(transports.listenerFor("tcp", "192.0.2.1")).toBeUndefined();
});
