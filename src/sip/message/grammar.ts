/**
 * The basic rules of RFC 3261 §25.1, over text that is unfolded already. No regular expression runs
 * over what comes from outside: each function looks at a character once.
 */

/** Index after the token characters at `from`; `from` when there are none. */
export function tokenEnd(text: string, from: number, end = text.length): number {
  let at = from;
  while (at < end && isTokenCode(text.charCodeAt(at))) at++;
  return at;
}

export function isToken(text: string): boolean {
  return text.length > 0 && tokenEnd(text, 0) === text.length;
}

export function isTokenCode(code: number): boolean {
  return code < 128 && TOKEN[code] === 1;
}

/** Index after blanks (LWS without folding). */
export function skipBlanks(text: string, from: number, end = text.length): number {
  let at = from;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** Index before the blanks at the end. */
export function trimEnd(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

export function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isHexDigit(code: number): boolean {
  return isDigit(code) || ((code | 32) >= 97 && (code | 32) <= 102);
}

/** Index after the closing quote of the quoted string that begins at `from`; -1 when it has none. */
export function quotedEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return -1;
}

/** Index after the comment (with nested ones) that begins at `from`; -1 when it is not closed. */
export function commentEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === 40) depth++;
    else if (code === 41 && --depth === 0) return at + 1;
  }
  return -1;
}

/** The text without quotes and escapes; as it is when it has no quotes. */
export function unquote(text: string): string {
  if (text.charCodeAt(0) !== QUOTE || text.length < 2) return text;
  const inner = text.slice(1, -1);
  if (!inner.includes("\\")) return inner;
  let out = "";
  for (let at = 0; at < inner.length; at++) {
    if (inner.charCodeAt(at) === BACKSLASH && at + 1 < inner.length) at++;
    out += inner.charAt(at);
  }
  return out;
}

/** As quoted-string. CR and LF cannot be said there: they become a blank. */
export function quote(text: string): string {
  let out = '"';
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 13 || code === 10) out += " ";
    else if (code === QUOTE || code === BACKSLASH || isControl(code)) out += `\\${text.charAt(at)}`;
    else out += text.charAt(at);
  }
  return `${out}"`;
}

/** Digits only, up to `maximum`; undefined for anything else. Leading zeros are allowed. */
export function decimal(text: string, maximum: number): number | undefined {
  if (text.length === 0) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return undefined;
    value = value * 10 + (code - 48);
    if (value > maximum) return undefined;
  }
  return value;
}

/** Whether two ASCII texts are equal without regard to case. */
export function sameWord(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}

/** Line ends that would break out of a header become blanks. */
export function oneLine(value: string): string {
  return /[\r\n]/.test(value) ? value.replace(/[\r\n]+/g, " ").trim() : value;
}

/**
 * The elements of a list: cut at commas outside quotes, angle brackets and comments, trimmed.
 * At most `most`; undefined when there are more.
 */
export function splitList(text: string, most: number): readonly string[] | undefined {
  if (!text.includes(",")) return [text];
  const elements: string[] = [];
  let start = 0;
  let angle = false;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : COMMA;
    if (code === COMMA && (!angle || at === text.length)) {
      if (elements.length === most) return undefined;
      elements.push(text.slice(skipBlanks(text, start, at), trimEnd(text, start, at)));
      start = at + 1;
    } else if (code === 60) angle = true;
    else if (code === 62) angle = false;
    else if (code === QUOTE && !angle) {
      const end = quotedEnd(text, at);
      at = end < 0 ? text.length - 1 : end - 1;
    }
  }
  return elements;
}

export const UINT32 = 0xffff_ffff;
export const UINT31 = 0x7fff_ffff;
export const QUOTE = 34;
export const COMMA = 44;
const BACKSLASH = 92;

function isControl(code: number): boolean {
  return (code < 32 && code !== 9) || code === 127;
}

const TOKEN = table("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~");

/** One octet for each ASCII character: 1 when it is in the set. */
export function table(characters: string): Uint8Array {
  const set = new Uint8Array(128);
  for (let i = 0; i < characters.length; i++) set[characters.charCodeAt(i)] = 1;
  return set;
}
