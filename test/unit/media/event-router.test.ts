import { expect, test } from "vitest";
import { EventRouter, type PortHandle, type SpanHandle } from "../../../src/media/index.js";

const port = 5 as PortHandle;
const span = 6 as SpanHandle;

test("events come to the owner of their port or span, and to nobody once it is forgotten", () => {
  const router = new EventRouter();
  const heard: string[] = [];
  router.onPort(port, ({ kind }) => heard.push(`port ${kind}`));
  router.onSpan(span, ({ kind }) => heard.push(`span ${kind}`));
  const events = [
    { kind: "rtp-timeout", port, at: 1 },
    { kind: "span-alarm", span, at: 2, alarm: "los" },
    { kind: "rtp-timeout", port: 7 as PortHandle, at: 3 },
    {
      kind: "datagram",
      at: 4,
      from: { address: "10.0.0.1", port: 1 },
      to: { address: "10.0.0.2", port: 2 },
      octets: new Uint8Array(1),
    },
  ] as const;
  router.dispatch(events);
  expect(heard).toEqual(["port rtp-timeout", "span span-alarm"]);
  router.forgetPort(port);
  router.forgetSpan(span);
  router.dispatch(events);
  expect(heard).toHaveLength(2);
});
