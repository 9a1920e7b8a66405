import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Gateway } from "../../../src/gateway/index.js";
import { serveApi } from "../../../src/operations/api/index.js";

/** A gateway with one peer that notes what it is to change. */
function gateway() {
  const asked: unknown[] = [];
  const codecs = {
    views: (scope?: { readonly name?: string }) =>
      scope?.name === "gone"
        ? { ok: false, error: "there is no peer gone; there are pbx" }
        : { ok: true, value: [{ scope: scope ?? "every scope" }] },
    change(wanted: unknown) {
      asked.push(wanted);
      return { ok: true, value: { views: [], effects: [] } };
    },
  };
  return { asked, it: { codecs } as unknown as Gateway };
}

async function withApi(
  configFile: string | undefined,
  body: (
    ask: (
      method: string,
      path: string,
      sent?: unknown,
    ) => Promise<{ status: number; said: unknown }>,
    asked: unknown[],
  ) => Promise<void>,
): Promise<void> {
  const { it, asked } = gateway();
  const api = await serveApi(it, { address: "127.0.0.1", port: 0 }, configFile);
  try {
    await body(async (method, path, sent) => {
      const response = await fetch(`${api.url}/api/v1/${path}`, {
        method,
        ...(sent === undefined
          ? {}
          : { body: JSON.stringify(sent), headers: { "content-type": "application/json" } }),
      });
      return { status: response.status, said: await response.json() };
    }, asked);
  } finally {
    await api.close();
  }
}

test("settings are shown for all scopes or for the one that is named", () =>
  withApi(undefined, async (ask) => {
    expect((await ask("GET", "codecs")).said).toEqual([{ scope: "every scope" }]);
    expect((await ask("GET", "codecs?peer=pbx")).said).toEqual([
      { scope: { kind: "peer", name: "pbx" } },
    ]);
    expect(await ask("GET", "codecs?peer=gone")).toEqual({
      status: 404,
      said: { error: "there is no peer gone; there are pbx" },
    });
  }));

test.each([
  [{ settings: {} }, "body: no setting is named"],
  [{ peer: "a", group: "b", settings: { vad: true } }, "body: at most one of peer, group and call"],
  [
    { call: "call-1", save: true, settings: { vad: true } },
    /^body: settings of a call end with it/,
  ],
  [{ settings: { ptimeMs: 25 } }, /^settings\.ptimeMs: /],
  [{ settings: { order: [] } }, /^settings\.order: /],
  [{ settings: { order: ["opus"] } }, /^settings\.order\.0: .*pcma/],
  [
    { settings: { jitterMinMs: 90, jitterMaxMs: 40 } },
    "settings: jitterMaxMs is at least jitterMinMs",
  ],
  [{ settings: { vat: true } }, /^settings: .*vat/],
  [{ save: "yes", settings: { vad: true } }, /^save: /],
])("nonsense is refused with a sentence and changes nothing: %j", (sent, why) =>
  withApi(undefined, async (ask, asked) => {
    const { status, said } = await ask("PATCH", "codecs", sent);
    expect(status).toBe(400);
    expect((said as { error: string }).error).toEqual(
      typeof why === "string" ? why : expect.stringMatching(why),
    );
    expect(asked).toEqual([]);
  }),
);

test("a change goes to the gateway with its scope", () =>
  withApi(undefined, async (ask, asked) => {
    const sent = { group: "isdn", settings: { order: ["g729", "pcma"], receiveGainDb: -3 } };
    expect((await ask("PATCH", "codecs", sent)).status).toBe(200);
    const scope = { kind: "group", name: "isdn" };
    expect(asked).toEqual([{ scope, settings: sent.settings, reset: false }]);
  }));

test("without a configuration file nothing is kept, and nothing changes", () =>
  withApi(undefined, async (ask, asked) => {
    const { status, said } = await ask("PATCH", "codecs", { save: true, settings: { vad: true } });
    expect(status).toBe(409);
    expect((said as { error: string }).error).toMatch(/runs without a configuration file/);
    expect(asked).toEqual([]);
  }));

test("what is kept stands in the file, and in the answer where", async () => {
  const folder = mkdtempSync(join(tmpdir(), "trunkgate-api-"));
  const file = join(folder, "trunkgate.yaml");
  writeFileSync(file, "# mine\ncodecs: { ptimeMs: 30 }\n");
  await withApi(file, async (ask, asked) => {
    const answer = await ask("PATCH", "codecs", { save: true, settings: { ptimeMs: 40 } });
    expect(answer).toMatchObject({ status: 200, said: { saved: file } });
    expect(asked).toHaveLength(1);
    expect(readFileSync(file, "utf8")).toBe("# mine\ncodecs: { ptimeMs: 40 }\n");
    writeFileSync(file, "nonsense: 1\n");
    expect((await ask("PATCH", "codecs", { save: true, settings: { vad: true } })).status).toBe(
      409,
    );
    expect(asked).toHaveLength(1);
  });
  rmSync(folder, { recursive: true });
});
