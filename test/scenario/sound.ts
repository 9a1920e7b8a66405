/** What a recording holds, for switches that listen on a timeslot. */

/** Level of a recording's last so many ms: root mean square of 16-bit samples. */
export function loudness(samples: Int16Array, lastMs = 200): number {
  const last = samples.subarray(-lastMs * 8);
  const power = last.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, last.length);
  return Math.sqrt(power);
}

/** How much of a recording's last so many ms is one frequency: 1 for a pure tone (Goertzel). */
export function share(samples: Int16Array, hertz: number, lastMs = 200): number {
  const last = samples.subarray(-lastMs * 8);
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / 8000);
  let [before, beforeThat, power] = [0, 0, 0];
  for (const sample of last) {
    const now = sample + coefficient * before - beforeThat;
    [before, beforeThat] = [now, before];
    power += sample * sample;
  }
  const tone = before * before + beforeThat * beforeThat - coefficient * before * beforeThat;
  return power === 0 ? 0 : (2 * tone) / (power * last.length);
}

/** Octets of A-law as the linear samples that a recorder keeps (G.711 table 1). */
export function linearOf(octets: Uint8Array): Int16Array {
  return Int16Array.from(octets, (octet) => {
    const even = octet ^ 0x55;
    const segment = (even >> 4) & 7;
    const mantissa = ((even & 0x0f) << 4) + 8;
    const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1);
    return even & 0x80 ? magnitude : -magnitude;
  });
}

/** Where the samples lie in a recording, or -1. */
export function findSamples(whole: Int16Array, piece: Int16Array): number {
  const bytes = (samples: Int16Array) =>
    Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  for (let at = 0; ; at++) {
    const found = bytes(whole).indexOf(bytes(piece), at);
    if (found < 0) return -1;
    if (found % 2 === 0) return found / 2;
    at = found;
  }
}

/** The longest time without a steady tone, in ms: windows of 10 ms, each 5 ms. */
export function longestGap(samples: Int16Array, hertz: number): number {
  const levels: number[] = [];
  for (let at = 0; at + 80 <= samples.length; at += 40) {
    const window = samples.subarray(at, at + 80);
    levels.push(share(window, hertz, 10) > 0.7 ? loudness(window, 10) : 0);
  }
  const usual = [...levels].sort((a, b) => a - b)[levels.length >> 1] ?? 0;
  let [longest, gap] = [0, 0];
  for (const level of levels) {
    gap = usual > 0 && level > usual / 2 ? 0 : gap + 5;
    longest = Math.max(longest, gap);
  }
  return longest;
}
