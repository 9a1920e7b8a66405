export type AddressFamily = "IP4" | "IP6";

/** Family of a literal address; undefined for a name or anything else. */
export function familyOf(address: string): AddressFamily | undefined {
  if (ipv4(address) !== undefined) return "IP4";
  return ipv6(address) === undefined ? undefined : "IP6";
}

/** What a literal address is good for. */
export function castOf(
  address: string,
): "unicast" | "multicast" | "broadcast" | "unspecified" | undefined {
  const four = ipv4(address);
  if (four !== undefined) return castOfIpv4(four);
  const groups = ipv6(address);
  if (groups === undefined) return undefined;
  if (groups.every((group) => group === 0)) return "unspecified";
  return ((groups[0] ?? 0) & 0xff00) === 0xff00 ? "multicast" : "unicast"; // RFC 4291 §2.7
}

/** The host part of a URI or Via: IPv6 stands in brackets (RFC 3261 §25.1). */
export function uriHost(address: string): string {
  return address.includes(":") && !address.startsWith("[") ? `[${address}]` : address;
}

function castOfIpv4(octets: readonly number[]) {
  const [first = 0] = octets;
  if (octets.every((octet) => octet === 0)) return "unspecified";
  if (first >= 224 && first <= 239) return "multicast"; // RFC 5771
  // RFC 919, RFC 1122 §3.2.1.3: class E and the limited broadcast, and "this network"
  return first >= 240 || first === 0 ? "broadcast" : "unicast";
}

function ipv4(text: string): readonly number[] | undefined {
  const octets = text.split(".");
  if (octets.length !== 4 || !octets.every((octet) => /^\d{1,3}$/.test(octet))) return undefined;
  const values = octets.map(Number);
  return values.every((value) => value <= 255) ? values : undefined;
}

/** The eight groups of RFC 4291 §2.2, an IPv4 tail among them; no zone. */
function ipv6(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2 || !/^[0-9a-f:.]+$/i.test(text)) return undefined;
  const parts = halves.map(groupsOf);
  const [head, tail = []] = parts;
  if (head === undefined || parts.includes(undefined)) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? undefined : [...head, ...Array<number>(missing).fill(0), ...tail];
}

function groupsOf(half: string): readonly number[] | undefined {
  if (half === "") return [];
  const groups: number[] = [];
  const parts = half.split(":");
  for (const [at, part] of parts.entries()) {
    const four = at === parts.length - 1 ? ipv4(part) : undefined;
    if (four !== undefined) {
      const [a = 0, b = 0, c = 0, d = 0] = four;
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
