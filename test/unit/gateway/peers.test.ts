import { expect, test } from "vitest";
import type { PeerOptions } from "../../../src/gateway/options.js";
import { PeerBook } from "../../../src/gateway/peers.js";

const peer = (name: string, more: Partial<PeerOptions>): PeerOptions => ({
  ...{ name, addresses: [], trusted: true, reliableProvisional: "supported" },
  ...{ maxCallSeconds: 0, rtpSilenceReleaseSeconds: 0 },
  ...more,
});

test("a source address is one peer's or nobody's", () => {
  const book = new PeerBook([
    peer("a", { addresses: ["192.0.2.1"] }),
    peer("b", { addresses: ["::1"] }),
  ]);
  expect(book.bySource({ address: "192.0.2.1" })?.name).toBe("a");
  expect(book.bySource({ address: "::ffff:192.0.2.1" })?.name).toBe("a");
  expect(book.bySource({ address: "::1" })?.name).toBe("b");
  expect(book.bySource({ address: "192.0.2.2" })).toBeUndefined();
});

test("a peer is called at its contact, once its address is known", async () => {
  const contact = { host: "192.0.2.9", port: 5070, transport: "tcp" } as const;
  const book = new PeerBook([peer("a", { contact }), peer("mute", {})]);
  expect(book.contact("a")).toBeUndefined();
  await book.resolve();
  expect(book.contact("a")).toMatchObject({ address: "192.0.2.9", port: 5070, transport: "tcp" });
  expect(book.contact("mute")).toBeUndefined();
  expect(book.contact("nobody")).toBeUndefined();
});
