import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningGateway, run, startGateway, top, until } from "./running-gateway.js";

const main = join(top, "dist/cli/main.js");
const vectors = process.env.TRUNKGATE_VECTORS ?? join(top, "../shared/vectors");
const cli = (...args: string[]) =>
  run(process.execPath, [main, "codec", ...args], { timeoutMs: 60_000 });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "trunkgate-codec-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const vector = (name: string): string => {
  const file = join(vectors, name);
  if (!existsSync(file)) throw new Error(`${file} is missing: TRUNKGATE_VECTORS names its folder`);
  return file;
};
const same = (ours: string, theirs: string) =>
  expect(readFileSync(at(ours)).equals(readFileSync(vector(theirs)))).toBe(true);

describe("files, bit-exact with the ITU's", () => {
  test.each(["SPEECH", "PITCH", "LSP"])("%s of Annex A is encoded and decoded", async (name) => {
    copyFileSync(vector(`g729AnnexA/${name}.IN`), at(`${name}.pcm`));
    const encoded = await cli("encode", at(`${name}.pcm`), at(`${name}.bit`), "--json");
    expect(encoded).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(encoded.stdout)).toMatchObject({ codec: "g729", frames: { sid: 0 } });
    same(`${name}.bit`, `g729AnnexA/${name}.BIT`);
    expect((await cli("decode", at(`${name}.bit`), at("out.pcm"))).code).toBe(0);
    same("out.pcm", `g729AnnexA/${name}.PST`);
  });

  test.each([1, 2, 3, 4])("sequence %i of Annex B, with silence frames", async (n) => {
    copyFileSync(vector(`g729AnnexB/tstseq${n}.bin`), at("in.pcm"));
    expect((await cli("encode", "--vad", at("in.pcm"), at("b.bit"))).code).toBe(0);
    same("b.bit", `g729AnnexB/tstseq${n}a.bit`);
    expect((await cli("decode", at("b.bit"), at("b.pcm"))).code).toBe(0);
    same("b.pcm", `g729AnnexB/tstseq${n}a.out`);
  });

  test.each(["ERASURE", "OVERFLOW", "PARITY"])(
    "%s is decoded, erased frames and all",
    async (name) => {
      copyFileSync(vector(`g729AnnexA/${name}.BIT`), at("e.bit"));
      expect((await cli("decode", at("e.bit"), at("e.pcm"))).code).toBe(0);
      same("e.pcm", `g729AnnexA/${name}.PST`);
    },
  );

  test.each([
    [["encode", "x.pcm"], 2, /missing required argument 'out'/],
    [["encode", "none.pcm", "x.bit"], 1, /cannot read none\.pcm: no such file/],
    [["encode", "--codec", "opus", "a.pcm", "b.bit"], 2, /Allowed choices are g729, pcma, pcmu/],
    [["encode", "--codec", "pcma", "a.pcm", "b.bit"], 1, /G\.711 has no serial form/],
    [["bench", "--channels", "3"], 2, /from 16 to 4096/],
    [["tune"], 2, /required option '--to/],
    [["tune", "--to", "100", "--candidates", "ptime=25"], 2, /"ptime=25": candidates are/],
    [["tune", "--to", "100", "--loss", "70"], 2, /from 0 to 50/],
    [["set", "--peer", "a", "--call", "b", "--vad", "on"], 2, /cannot be used with option/],
    [["set", "--vad", "perhaps"], 2, /on or off/],
    [["set"], 2, /name a setting to change/],
    [["set", "--call", "call-1", "--vad", "on", "--save"], 2, /settings of a call end with it/],
    [["show", "--api", "http://127.0.0.1:9"], 3, /no gateway answers/],
    [["frobnicate"], 2, /unknown command|too many arguments/],
  ])("nonsense is told in a sentence, without a stack: %j", async (args, code, why) => {
    const finished = await cli(...args);
    expect(finished.code).toBe(code);
    expect(finished.stderr).toMatch(why);
    expect(finished.stderr).not.toMatch(/^\s+at .*\.js/m);
  });

  test("list and bench print tables and JSON", async () => {
    const list = await cli("list", "--json");
    expect(JSON.parse(list.stdout)).toMatchObject([{ codec: "PCMA" }, {}, { codec: "G729" }]);
    expect((await cli("list")).stdout).toMatch(/G729 +18 +10,20,30,40,60 +10 octets +8 +15 ms/);
    const bench = await cli("bench", "--seconds", "0.3", "--channels", "32");
    expect(bench.stdout).toMatch(/^G729 +scalar +[\d.]+ +[\d.]+ +\d+ +[\d.]+$/m);
  });
});

describe("settings of a running gateway", () => {
  let gateway: RunningGateway;
  let file: string;
  beforeAll(async () => {
    file = at("trunkgate.yaml");
    const base = 15_600;
    writeFileSync(
      file,
      `# ours
listen:
  sip: [{ name: udp, transport: udp, address: 127.0.0.1, port: ${base} }]
  rtp: { portMin: ${base + 10}, portMax: ${base + 99} }
  api: { port: ${base + 1} }
peers:
  - name: pbx # in the cellar
    addresses: [127.0.0.1]
    contact: { host: 127.0.0.1, port: ${base + 2} }
routes:
  - { name: out, from: { peers: [pbx] }, to: [{ trunkGroup: isdn }] }
drainSeconds: 1
`,
    );
    gateway = await startGateway(base, { file });
  });
  afterAll(() => gateway.stop());
  const set = (...args: string[]) => gateway.cli("codec", "set", "--api", gateway.api, ...args);
  const dial = (...args: string[]) =>
    gateway.cli("dial", "100", "--to", `127.0.0.1:${gateway.sip}`, "--json", ...args);

  test("a peer's codec holds from the next call on, and stands in the file when it is saved", async () => {
    const saved = await set("--peer", "pbx", "--ptime", "40", "--save");
    expect(saved).toMatchObject({ code: 0, stderr: "" });
    expect(saved.stdout).toMatch(/ptimeMs +40 \(peer\)/);
    expect(saved.stdout).toContain(`saved in ${file}`);
    const text = readFileSync(file, "utf8");
    expect(text).toContain("# in the cellar\n    addresses: [127.0.0.1]\n");
    expect(text).toMatch(/codecs:\n {6}ptimeMs: 40\n/);
    expect((await gateway.cli("config", "check", file)).code).toBe(0);
    const report = JSON.parse((await dial("--hold", "1")).stdout);
    expect(report).toMatchObject({ answered: true, ptimeMs: 40 });
    await set("--peer", "pbx", "--reset", "--save");
    expect(readFileSync(file, "utf8")).not.toContain("ptimeMs");
  });

  test("a live call is told its packet time by re-INVITE; gain is at once in the engine", async () => {
    const dialled = dial("--hold", "0", "--codec", "pcma");
    let id = "";
    await until(async () => {
      const calls = await gateway.get<{ id: string; state: string }[]>("calls");
      id = calls.find(({ state }) => state === "answered")?.id ?? "";
      return id !== "";
    }, 10_000);
    const changed = await set("--call", id, "--ptime", "30", "--send-gain", "-6");
    expect(changed.stdout).toContain(
      `${id} with pbx: sendGainDb at once in the engine; ptimeMs offered to the peer by re-INVITE`,
    );
    const shown = await gateway.cli("codec", "show", "--api", gateway.api, "--call", id);
    expect(shown.stdout).toMatch(/sendGainDb +-6 \(call\)/);
    await fetch(`${gateway.api}/api/v1/calls/${id}`, { method: "DELETE" });
    expect(JSON.parse((await dialled).stdout)).toMatchObject({
      answered: true,
      ptimeMs: 30,
      lost: 0,
    });
    const gone = await set("--call", id, "--vad", "on");
    expect(gone).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("there is no live call"),
    });
  });

  test("tune tries what it is told to, and chooses", async () => {
    const tuned = await gateway.cli(
      ...["codec", "tune", "--to", "100", "--gateway", `127.0.0.1:${gateway.sip}`],
      ...["--api", gateway.api, "--loss", "5", "--jitter", "30", "--delay", "50", "--seconds", "4"],
      ...["--candidates", "codec=pcma,g729", "ptime=20", "vad=off", "jitter=40-120", "--json"],
    );
    expect(tuned).toMatchObject({ code: 0, stderr: "" });
    const { rows, why, chosen } = JSON.parse(tuned.stdout);
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row.delayMs).toBeGreaterThan(20 + 50 + 15 + 20);
      expect(row.lossPercent).toBeGreaterThan(0);
      expect(row.lossPercent).toBeLessThan(25);
    }
    expect(rows[0].mos).toBeGreaterThan(rows[1].mos);
    expect(chosen.candidate.codec).toBe("pcma");
    expect(why).toMatch(/^pcma 20 ms, buffer 40-120 ms: MOS /);
    await gateway.settled();
  });
});
