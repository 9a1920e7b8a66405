/** Octets of an ASCII or UTF-8 text and back, without Node. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Octets that are not UTF-8 become U+FFFD; nothing throws. */
export function fromUtf8(octets: Uint8Array): string {
  return decoder.decode(octets);
}

/** Lower-case hexadecimal, two digits an octet. */
export function hex(octets: Uint8Array): string {
  let text = "";
  for (const octet of octets) text += octet.toString(16).padStart(2, "0");
  return text;
}

/** Octets of a hexadecimal text; blanks, colons and dashes between octets are allowed. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/[\s:-]/g, "").replace(/^0x/i, "");
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16),
  );
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
