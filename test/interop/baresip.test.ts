import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printWave } from "../../src/media/index.js";
import { type RunningGateway, run, startGateway } from "./running-gateway.js";

let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await startGateway(10_200);
});

afterAll(async () => {
  const { stderr } = await gateway.stop();
  expect(stderr).not.toContain("internal fault");
});

/** Twenty seconds of 440 Hz: what baresip says. */
function toneFile(home: string): string {
  const samples = Int16Array.from({ length: 160_000 }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * 440 * i) / 8000)),
  );
  const file = join(home, "tone.wav");
  writeFileSync(file, printWave({ samples }));
  return file;
}

/** A home of its own for baresip: a tone as microphone, all that it hears dumped by sndfile. */
function baresipHome(port: number): string {
  const home = mkdtempSync(join(tmpdir(), "baresip-"));
  mkdirSync(join(home, "dump"));
  writeFileSync(
    join(home, "config"),
    [
      `sip_listen 127.0.0.1:${port}`,
      `audio_source aufile,${toneFile(home)}`,
      "audio_player aubridge,nil",
      "audio_alert aubridge,nil2",
      "ausrc_srate 8000",
      "auplay_srate 8000",
      "ausrc_channels 1",
      "auplay_channels 1",
      "rtp_ports 11200-11298",
      "rtp_timeout 0",
      "module_path /usr/lib/baresip/modules",
      ...["g711", "aufile", "aubridge", "sndfile"].map((name) => `module ${name}.so`),
      "module_tmp account.so",
      "module_app menu.so",
      `snd_path ${join(home, "dump")}`,
      "",
    ].join("\n"),
  );
  const codecs = "audio_codecs=PCMA/8000/1,PCMU/8000/1";
  writeFileSync(
    join(home, "accounts"),
    `<sip:5550150@127.0.0.1:${port}>;regint=0;${codecs};answermode=auto\n`,
  );
  writeFileSync(join(home, "contacts"), "");
  return home;
}

/** Samples of the file that sndfile wrote of what was heard (`dec`), 16-bit linear behind its header. */
function heard(home: string): Int16Array {
  const folder = join(home, "dump");
  const file = readdirSync(folder).find((name) => name.endsWith("-dec.wav"));
  if (file === undefined) throw new Error(`nothing heard: ${readdirSync(folder).join(", ")}`);
  const octets = readFileSync(join(folder, file));
  const data = octets.indexOf("data") + 8;
  return Int16Array.from({ length: (octets.length - data) >> 1 }, (_, i) =>
    octets.readInt16LE(data + i * 2),
  );
}

/** Share of the power at a frequency (Goertzel), 0 to 1, of one second in the middle. */
function shareAt(frequency: number, all: Int16Array): number {
  const samples = all.subarray((all.length >> 1) - 4000, (all.length >> 1) + 4000);
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / 8000);
  let [before, last, power] = [0, 0, 0];
  for (const sample of samples) {
    [before, last] = [last, sample + coefficient * last - before];
    power += sample * sample;
  }
  const tone = last * last + before * before - coefficient * last * before;
  return power === 0 ? 0 : (2 * tone) / (samples.length * power);
}

test("[baresip] [INVITE] a call to 100 with audio: its own 440 Hz comes back over the timeslot", async () => {
  const home = baresipHome(10_290);
  const commands = `/dial sip:100@127.0.0.1:${gateway.sip}`;
  const { stdout } = await run("baresip", ["-f", home, "-e", commands, "-t", "6"], {
    timeoutMs: 20_000,
  });
  expect(stdout).toContain("Call established");
  expect(shareAt(440, heard(home))).toBeGreaterThan(0.9);
  await gateway.settled();
});

test("[baresip] the milliwatt of 101 is heard as 1000 Hz at 0 dBm0", async () => {
  const home = baresipHome(10_292);
  const commands = `/dial sip:101@127.0.0.1:${gateway.sip}`;
  await run("baresip", ["-f", home, "-e", commands, "-t", "6"], { timeoutMs: 20_000 });
  const samples = heard(home);
  expect(shareAt(1000, samples)).toBeGreaterThan(0.98);
  const middle = samples.subarray((samples.length >> 1) - 4000, (samples.length >> 1) + 4000);
  const rms = Math.sqrt(middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length);
  // G.711: full scale (sine) is +3.14 dBm0 with A-law, so 0 dBm0 has 32767 / sqrt(2) / 10^(3.14/20).
  expect(20 * Math.log10(rms / (32_767 / Math.SQRT2))).toBeCloseTo(-3.14, 0);
});

test("[baresip] a call from the PSTN is answered and hears the announcement", async () => {
  const home = baresipHome(gateway.contact);
  const phone = run("baresip", ["-f", home, "-t", "8"], { timeoutMs: 20_000 });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const call = await gateway.cli(
    ...["exchange", "call", "--to", "5550150", "--hold", "3", "--api", gateway.api],
  );
  await phone;
  expect(call.stdout).toContain("answered");
  const samples = heard(home);
  expect(Math.max(...samples)).toBeGreaterThan(3000);
  await gateway.settled();
});
