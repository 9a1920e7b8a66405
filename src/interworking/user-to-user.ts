import { fromHex, hex } from "../core/index.js";
import type { HeaderField, Headers } from "../sip/message/index.js";

/** RFC 7433 §4.1, RFC 7434 §3: hexadecimal octets, the protocol discriminator first. */
export function userToUserOf(headers: Headers): Uint8Array | undefined {
  const [content = "", ...parameters] = (headers.text("User-to-User") ?? "").split(";");
  const named = parameters.map((one) =>
    one
      .trim()
      .toLowerCase()
      .replace(/\s*=\s*/, "="),
  );
  const encoding = named.find((one) => one.startsWith("encoding="));
  if (encoding !== undefined && encoding !== "encoding=hex") return undefined;
  const text = content.trim().replace(/^"(.*)"$/, "$1");
  const octets = /^[0-9a-f]+$/i.test(text) ? fromHex(text) : undefined;
  return octets !== undefined && octets.length <= MOST_OCTETS ? octets : undefined;
}

export function userToUserHeader(octets: Uint8Array): HeaderField {
  return { name: "User-to-User", value: `${hex(octets)};encoding=hex;purpose=isdn-uui` };
}

/** RFC 7434 §4: 128 octets and the discriminator. */
const MOST_OCTETS = 129;
