import type { Endpoint } from "../../src/host/index.js";
import type { SipNetwork, SipStation } from "./sip-network.js";

/** A SIP callee by hand: text in, text out, as many early dialogs as a forking proxy would bring. */
export class RawCallee implements SipStation {
  readonly requests: { readonly method: string; readonly text: string }[] = [];
  readonly at: Endpoint;
  readonly #network: SipNetwork;
  #from: Endpoint | undefined;

  constructor(network: SipNetwork, at: Endpoint) {
    this.#network = network;
    this.at = at;
    network.attach(at, this);
  }

  get invite(): string | undefined {
    return this.requests.find(({ method }) => method === "INVITE")?.text;
  }

  /** Requests of a method within the dialog of a tag. */
  within(method: string, tag: string): readonly string[] {
    return this.requests
      .filter((one) => one.method === method && headerOf(one.text, "To").includes(`tag=${tag}`))
      .map(({ text }) => text);
  }

  /** Where a description in the INVITE wants RTP. */
  get media(): Endpoint {
    const [, address = ""] = /^c=IN IP4 (\S+)/m.exec(this.invite ?? "") ?? [];
    const [, port = "0"] = /^m=audio (\d+)/m.exec(this.invite ?? "") ?? [];
    return { address, port: Number(port) };
  }

  /** A response to the INVITE in the dialog of a tag. */
  respond(
    status: number,
    tag: string,
    options: { readonly sdp?: string; readonly headers?: readonly string[] } = {},
  ): void {
    this.#reply(this.invite ?? "", status, tag, options.sdp ?? "", options.headers ?? []);
  }

  datagram(octets: Uint8Array, from: Endpoint): void {
    const text = new TextDecoder().decode(octets);
    const [method = ""] = text.split(" ");
    this.#from = from;
    if (method === "SIP/2.0") return;
    const isRepeated = this.requests.some((one) => one.text === text);
    if (!isRepeated) this.requests.push({ method, text });
    if (method !== "PRACK" && method !== "BYE" && method !== "CANCEL") return;
    this.#reply(text, 200, "", "", []);
    if (method === "CANCEL" && !isRepeated) this.respond(487, "a");
  }

  #reply(
    request: string,
    status: number,
    tag: string,
    sdp: string,
    headers: readonly string[],
  ): void {
    if (this.#from === undefined) return;
    const to = headerOf(request, "To");
    const text = [
      `SIP/2.0 ${status} Scenario`,
      ...request.split("\r\n").filter((line) => line.startsWith("Via:")),
      `From: ${headerOf(request, "From")}`,
      `To: ${to.includes("tag=") || tag === "" ? to : `${to};tag=${tag}`}`,
      `Call-ID: ${headerOf(request, "Call-ID")}`,
      `CSeq: ${headerOf(request, "CSeq")}`,
      `Contact: <sip:${tag}@${this.at.address}:${this.at.port}>`,
      ...headers,
      ...(sdp === "" ? [] : ["Content-Type: application/sdp"]),
      `Content-Length: ${sdp.length}`,
      "",
      sdp,
    ].join("\r\n");
    this.#network.send("udp", this.at, this.#from, new TextEncoder().encode(text));
  }
}

function headerOf(text: string, name: string): string {
  return new RegExp(`^${name}: (.*)$`, "m").exec(text.replaceAll("\r", ""))?.[1] ?? "";
}
