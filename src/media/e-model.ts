/**
 * The E-model of ITU-T G.107 for narrow-band telephony, with the default values of its table 1
 * where nothing was measured. Equation numbers are those of G.107 §7.
 */
export interface EModelInput {
  /** Mean one-way delay from mouth to ear, ms (Ta; half of the round trip and the echo path alike). */
  readonly oneWayDelayMs: number;
  /** Packets lost or too late, in percent (Ppl). */
  readonly packetLossPercent: number;
  /** Burst ratio (BurstR): 1 where losses are random. */
  readonly burstRatio?: number;
  /** Equipment impairment factor (Ie) and packet-loss robustness (Bpl) of the codec, G.113 appendix I. */
  readonly equipment: EquipmentImpairment;
  /** Talker echo loudness rating, dB (TELR). */
  readonly telr?: number;
}

export interface EquipmentImpairment {
  readonly ie: number;
  readonly bpl: number;
}

export interface Rating {
  /** Transmission rating factor R, 0 to 93.2. */
  readonly r: number;
  /** Estimated mean opinion score of conversation (G.107 annex B). */
  readonly mos: number;
}

export function rate(input: EModelInput): Rating {
  const delay = Math.max(0, input.oneWayDelayMs);
  const telr = input.telr ?? DEFAULTS.telr;
  const noise = circuitNoise();
  const ro = 15 - 1.5 * (DEFAULTS.slr + noise); // (7-2)
  const r =
    ro -
    simultaneousImpairment(ro, noise, delay, telr) -
    delayImpairment(ro, noise, delay, telr) -
    effectiveEquipment(input);
  const bounded = Math.min(Math.max(r, 0), 100);
  return { r: bounded, mos: mosOf(bounded) };
}

/** G.107 annex B, (B-4). */
export function mosOf(r: number): number {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

/** Power sum of all noise at the 0 dBr point (No), (7-3) to (7-7). */
function circuitNoise(): number {
  const { nc, ps, pr, slr, rlr, ds, dr, stmr, nfor } = DEFAULTS;
  const olr = slr + rlr;
  const nos = ps - slr - ds - 100 + 0.004 * (ps - olr - ds - 14) ** 2;
  const pre = pr + 10 * Math.log10(1 + 10 ** ((10 - (stmr + dr)) / 10));
  const nor = rlr - 121 + pre + 0.008 * (pre - 35) ** 2;
  return powerSum(nc, nos, nor, nfor + rlr);
}

/** Is: loudness, sidetone, quantising, (7-8) to (7-17). */
function simultaneousImpairment(ro: number, noise: number, delay: number, telr: number): number {
  const { slr, rlr, stmr, qdu } = DEFAULTS;
  const xolr = slr + rlr + 0.2 * (64 + noise - rlr);
  const iolr = 20 * ((1 + (xolr / 8) ** 8) ** (1 / 8) - xolr / 8);
  const stmro = -10 * Math.log10(10 ** (-stmr / 10) + Math.exp(-delay / 4) * 10 ** (-telr / 10));
  const ist =
    12 * (1 + ((stmro - 13) / 6) ** 8) ** (1 / 8) -
    28 * (1 + ((stmro + 1) / 19.4) ** 35) ** (1 / 35) -
    13 * (1 + ((stmro - 3) / 33) ** 13) ** (1 / 13) +
    29;
  const q = 37 - 15 * Math.log10(qdu);
  const g = 1.07 + 0.258 * q + 0.0602 * q ** 2;
  const y = (ro - 100) / 15 + 46 / 8.4 - g / 9;
  const z = 46 / 30 - g / 40;
  return iolr + ist + 15 * Math.log10(1 + 10 ** y + 10 ** z);
}

/** Id: talker echo, listener echo, absolute delay, (7-18) to (7-28). */
function delayImpairment(ro: number, noise: number, delay: number, telr: number): number {
  const { rlr, wepl } = DEFAULTS;
  const roe = -1.5 * (noise - rlr);
  const terv =
    telr - 40 * Math.log10((1 + delay / 10) / (1 + delay / 150)) + 6 * Math.exp(-0.3 * delay ** 2);
  const re = 80 + 2.5 * (terv - 14);
  const idte = ((roe - re) / 2 + Math.sqrt((roe - re) ** 2 / 4 + 100) - 1) * (1 - Math.exp(-delay));
  const rle = 10.5 * (wepl + 7) * (2 * delay + 1) ** -0.25;
  const idle = (ro - rle) / 2 + Math.sqrt((ro - rle) ** 2 / 4 + 169);
  return idte + idle + absoluteDelay(delay);
}

function absoluteDelay(delay: number): number {
  if (delay <= 100) return 0;
  const x = Math.log10(delay / 100) / Math.log10(2);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/** Ie-eff, (7-29). */
function effectiveEquipment(input: EModelInput): number {
  const { ie, bpl } = input.equipment;
  const ppl = Math.min(Math.max(input.packetLossPercent, 0), 100);
  return ie + ((95 - ie) * ppl) / (ppl / (input.burstRatio ?? 1) + bpl);
}

function powerSum(...levels: readonly number[]): number {
  return 10 * Math.log10(levels.reduce((sum, level) => sum + 10 ** (level / 10), 0));
}

/** G.107 table 1. */
const DEFAULTS = {
  slr: 8,
  rlr: 2,
  stmr: 15,
  dr: 3,
  ds: 3,
  telr: 65,
  wepl: 110,
  qdu: 1,
  nc: -70,
  nfor: -64,
  ps: 35,
  pr: 35,
};
