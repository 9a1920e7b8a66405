import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type CodecsToKeep,
  parseConfiguration,
  saveCodecs,
} from "../../../src/operations/configuration/index.js";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trunkgate-save-"));
  file = join(folder, "trunkgate.yaml");
});
afterEach(() => rmSync(folder, { recursive: true }));

const FILE = `# our gateway
peers:
  # the old PBX
  - name: pbx # in the cellar
    addresses: [127.0.0.1]

  - name:   carrier
    addresses: [127.0.0.2]
    codecs: { ptimeMs: 30 } # as they asked
codecs:
  ptimeMs: 20 # usual
  bearer: speech
routes: []
`;

function save(text: string, change: Partial<CodecsToKeep> & Pick<CodecsToKeep, "scope">) {
  writeFileSync(file, text);
  const saved = saveCodecs(file, { settings: {}, reset: false, ...change });
  return saved.ok ? readFileSync(file, "utf8") : saved.error;
}

test("only the lines of the setting change: comments, order and blank lines stay", () => {
  const all = save(FILE, { scope: { kind: "all" }, settings: { ptimeMs: 40, vad: true } });
  expect(all).toBe(
    FILE.replace("ptimeMs: 20", "ptimeMs: 40").replace("speech\n", "speech\n  vad: true\n"),
  );
  const peer = save(FILE, {
    ...{ scope: { kind: "peer", name: "carrier" }, settings: { order: ["pcmu", "pcma"] } },
  });
  expect(peer).toBe(FILE.replace("{ ptimeMs: 30 }", "{ ptimeMs: 30, order: [ pcmu, pcma ] }"));
});

test("a peer without settings gets its own", () => {
  const text = save(FILE, { scope: { kind: "peer", name: "pbx" }, settings: { sendGainDb: -3 } });
  expect(text).toContain("    addresses: [127.0.0.1]\n    codecs:\n      sendGainDb: -3\n");
  expect(text).toContain("# in the cellar");
});

test("reset takes a scope's settings out, and leaves what is none of them", () => {
  const peer = save(FILE, { scope: { kind: "peer", name: "carrier" }, reset: true });
  expect(peer).not.toContain("ptimeMs: 30");
  const all = save(FILE, { scope: { kind: "all" }, settings: { vad: true }, reset: true });
  expect(all).toContain("bearer: speech\n  vad: true");
  expect(all).not.toContain("ptimeMs: 20");
});

test("a list that the file leaves to the defaults is written out with the change", () => {
  const text = save("# empty\n", {
    scope: { kind: "group", name: "isdn" },
    settings: { vad: true },
  });
  const parsed = parseConfiguration(text, "saved");
  expect(parsed).toMatchObject({
    ok: true,
    value: { configuration: { trunkGroups: [{ name: "isdn", codecs: { vad: true } }] } },
  });
  expect(text).toContain("# empty");
});

test("a file that has faults by now, an unknown name or no right to write is told, nothing changes", () => {
  const scope = { kind: "all" } as const;
  expect(save("peers: 5\n", { scope, settings: { vad: true } })).toMatch(/^not saved, .*peers/);
  expect(readFileSync(file, "utf8")).toBe("peers: 5\n");
  expect(save(FILE, { scope: { kind: "peer", name: "gone" }, settings: { vad: true } })).toBe(
    `not saved: ${file} has no such peer`,
  );
  expect(saveCodecs(join(folder, "none.yaml"), { scope, settings: {}, reset: true })).toMatchObject(
    {
      ok: false,
    },
  );
  const clash = save(`${FILE.replace("ptimeMs: 20", "jitterMinMs: 90")}`, {
    ...{ scope, settings: { jitterMaxMs: 60 } },
  });
  expect(clash).toMatch(/^not saved: .*jitterMaxMs: at least jitterMinMs \(90\)$/);
});

test("the file's mode stays, a symbolic link stays one, and nothing is left beside it", () => {
  writeFileSync(file, FILE);
  chmodSync(file, 0o640);
  const link = join(folder, "link.yaml");
  symlinkSync("trunkgate.yaml", link);
  const change = { scope: { kind: "all" }, settings: { vad: true }, reset: false } as const;
  expect(saveCodecs(link, change)).toMatchObject({ ok: true });
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readFileSync(link, "utf8")).toContain("vad: true");
  expect(readdirSync(folder).sort()).toEqual(["link.yaml", "trunkgate.yaml"]);
});
