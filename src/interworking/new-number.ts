/**
 * The new number in the diagnostics of cause 22 or 23: a called party number element with its
 * identifier (Q.850 table 1 note 13). Digits, with + when it is international; undefined when none.
 *
 *   | 0x70 | length | 1 type of number, plan | digits, IA5 ... |
 */
export function newNumber(diagnostics: Uint8Array | undefined): string | undefined {
  if (diagnostics === undefined || diagnostics[0] !== CALLED_PARTY_NUMBER) return undefined;
  const length = diagnostics[1] ?? 0;
  const contents = diagnostics.subarray(2, 2 + length);
  if (contents.length !== length || length < 2) return undefined;
  const digits = String.fromCharCode(...contents.subarray(1));
  if (!/^[0-9*#]{1,32}$/.test(digits)) return undefined;
  const isInternational = (((contents[0] ?? 0) >> 4) & 7) === 1;
  return isInternational ? `+${digits}` : digits;
}

const CALLED_PARTY_NUMBER = 0x70;
