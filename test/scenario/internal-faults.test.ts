import { afterEach, expect, test, vi } from "vitest";
import { ChannelTable } from "../../src/isdn/channels.js";
import { SessionLayer } from "../../src/sip/dialog/index.js";
import { openWorld } from "./world.js";

afterEach(() => vi.restoreAllMocks());

const broken = (): never => {
  throw new Error("an invariant is broken");
};

test("a fault of the SIP stack in one call ends that call on both sides, and no other [cause 41]", async () => {
  const world = await openWorld();
  const [bad, good] = [world.phone.call("110"), world.phone.call("110")];
  world.until(() => bad.state === "answered" && good.state === "answered", "the answers");
  const session = world.gateway.calls()[0]?.legs[0]?.where;
  vi.spyOn(SessionLayer.prototype, "request").mockImplementationOnce((_, sink) => {
    sink.session = session;
    return broken();
  });
  bad.modify({ direction: "sendonly" });
  world.until(() => bad.state === "ended", "the end");
  expect(bad.end).toMatchObject({ request: { method: "BYE" } });
  expect(bad.last?.headers.text("Reason")).toMatch(/cause=41/);
  expect(world.gateway.calls()).toHaveLength(1);
  expect(good.state).toBe("answered");
  good.hangUp();
  expect(world.leftovers()).toEqual({ faults: 1 });
  await world.close();
});

test("a fault of an ISDN interface in one call ends that call, and the next one goes [cause 41]", async () => {
  const world = await openWorld();
  vi.spyOn(ChannelTable.prototype, "hold").mockImplementationOnce(broken);
  const bad = world.phone.call("110");
  world.until(() => bad.state === "ended", "the end");
  expect(bad.status).toBe(503);
  const good = world.phone.call("110");
  world.until(() => good.state === "answered", "the answer");
  good.hangUp();
  world.until(() => good.state === "ended", "the end");
  expect(world.leftovers()).toEqual({ faults: 1 });
  await world.close();
});

test("an INVITE that breaks in the SIP stack before it is a call gets 500 at once, and calls nobody [500]", async () => {
  const world = await openWorld();
  const { invite } = SessionLayer.prototype;
  vi.spyOn(SessionLayer.prototype, "invite").mockImplementationOnce(function (
    this: SessionLayer,
    ...given
  ) {
    invite.apply(this, given);
    return broken();
  });
  const bad = world.phone.call("110");
  world.run(100);
  expect(bad.status).toBe(500);
  world.run(2000);
  expect(world.ladder("gateway").join()).not.toMatch(/SETUP/);
  expect(world.leftovers()).toEqual({ faults: 1 });
  const good = world.phone.call("110");
  world.until(() => good.state === "answered", "the answer");
  good.hangUp();
  expect(world.leftovers()).toEqual({ faults: 1 });
  await world.close();
});
