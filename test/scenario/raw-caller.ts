import type { Endpoint } from "../../src/host/index.js";
import { description } from "./descriptions.js";
import type { SipNetwork, SipStation } from "./sip-network.js";

/** A SIP caller by hand that says what it is told and answers nothing by itself. */
export class RawCaller implements SipStation {
  /** First lines of what came, repetitions too. */
  readonly heard: string[] = [];
  readonly at: Endpoint;
  readonly #network: SipNetwork;
  readonly #gateway: Endpoint = { address: "127.0.0.1", port: 5060 };
  #to = "";

  constructor(network: SipNetwork, at: Endpoint = { address: "127.0.0.1", port: 5080 }) {
    this.#network = network;
    this.at = at;
    network.attach(at, this);
  }

  invite(number: string, headers: readonly string[] = []): void {
    this.#to = `<sip:${number}@127.0.0.1:5060>`;
    const wish = { codecs: ["PCMA"], events: false, direction: "sendrecv", version: 1 } as const;
    const sdp = description({ address: this.at.address, port: 47_000 }, wish);
    const lines = [...headers, "Content-Type: application/sdp"];
    this.#say("INVITE", number, 1, "z9hG4bKinvite", lines, sdp);
  }

  options(): void {
    this.#to = "<sip:127.0.0.1:5060>";
    this.#say("OPTIONS", "", 1, "z9hG4bKoptions", [], "");
  }

  ack(number: string): void {
    this.#say("ACK", number, 1, "z9hG4bKinvite", [], "");
  }

  /** Answers a BYE that came. */
  bye(): void {
    const request = this.#last;
    if (request === undefined) throw new Error("nothing came");
    const kept = /^(Via|From|To|Call-ID|CSeq):/;
    const lines = request.split("\r\n").filter((line) => kept.test(line));
    this.#send(["SIP/2.0 200 OK", ...lines, "Content-Length: 0", "", ""].join("\r\n"));
  }

  datagram(octets: Uint8Array): void {
    const text = new TextDecoder().decode(octets);
    this.#last = text;
    this.heard.push(text.split("\r\n")[0] ?? "");
    const tagged = /^To: (.*;tag=.*)\r$/m.exec(text)?.[1];
    if (text.startsWith("SIP/2.0") && tagged !== undefined) this.#to = tagged;
  }

  #last: string | undefined;

  #say(
    method: string,
    number: string,
    cseq: number,
    branch: string,
    headers: readonly string[],
    body: string,
  ): void {
    const { address, port } = this.at;
    const text = [
      `${method} sip:${number === "" ? "" : `${number}@`}127.0.0.1:5060 SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:${port};branch=${branch}`,
      "Max-Forwards: 70",
      `From: <sip:raw@${address}>;tag=raw`,
      `To: ${this.#to}`,
      `Call-ID: raw-${address}-${port}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:raw@${address}:${port}>`,
      ...headers,
      `Content-Length: ${body.length}`,
      "",
      body,
    ].join("\r\n");
    this.#send(text);
  }

  #send(text: string): void {
    this.#network.send("udp", this.at, this.#gateway, new TextEncoder().encode(text));
  }
}
