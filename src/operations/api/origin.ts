/**
 * Host and Origin are checked even on loopback: a web page that a person happens to have open must
 * not be able to reach the API through the browser (DNS rebinding, cross-site requests).
 */
export function isOwnHost(host: string | undefined): boolean {
  if (host === undefined) return false;
  const name = host.replace(/:\d{1,5}$/, "").toLowerCase();
  return ["127.0.0.1", "localhost", "[::1]"].includes(name);
}

/** A request without Origin is not a browser's; one with it must come from our own page. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || origin === `http://${host}`;
}
