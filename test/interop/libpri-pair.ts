import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { mkdirSync } from "node:fs";
import { createInterface } from "node:readline";
import type { CallEvent, Setup } from "../../src/call/index.js";
import { Entropy, instant } from "../../src/core/index.js";
import {
  type ChannelChoice,
  type InterfaceInput,
  type InterfaceOptions,
  type InterfaceOutput,
  type InterfaceSnapshot,
  IsdnInterface,
} from "../../src/isdn/index.js";

/** A line that the peer prints. */
export interface PeerEvent {
  readonly ev: string;
  readonly leg?: number;
  readonly cause?: number;
  readonly [name: string]: unknown;
}

export interface PairOptions {
  /** Our side; libpri takes the other. */
  readonly side: "user" | "network";
  readonly profile: "etsi" | "ni2";
  readonly peer?: readonly string[];
  /** Frames lost on the way to us and from us, 0 to 1. */
  readonly loss?: number;
  readonly ours?: Partial<InterfaceOptions>;
}

const ROOT = new URL("../..", import.meta.url).pathname;
const PROGRAM = `${ROOT}build/interop/pripeer`;

/** Builds the peer from its source and the system's libpri. */
export function buildPeer(): void {
  mkdirSync(`${ROOT}build/interop`, { recursive: true });
  const source = `${ROOT}test/interop/libpri-peer/pripeer.c`;
  execFileSync("cc", ["-O2", "-Wall", "-Wno-stringop-truncation", "-o", PROGRAM, source, "-lpri"]);
}

/** Test files run side by side, each in a process of its own. */
let nextPort = 12_000 + Number(process.env.VITEST_POOL_ID ?? 0) * 500;

/** One of our interfaces over UDP on the loopback against one libpri process. */
export class LibpriPair {
  readonly heard: PeerEvent[] = [];
  readonly said: InterfaceOutput[] = [];
  /** Every frame that we sent, for an outside decoder. */
  readonly frames: Uint8Array[] = [];
  /** What our user does with each output. */
  perform: (output: InterfaceOutput) => void = () => undefined;
  onPeer: (event: PeerEvent) => void = () => undefined;
  /** What the peer sends is lost on the way. */
  deaf = false;
  /** What we send is lost on the way. */
  mute = false;
  readonly #options: PairOptions;
  readonly #side: IsdnInterface;
  readonly #socket: Socket;
  readonly #peerPort: number;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waiters: (() => void)[] = [];

  constructor(options: PairOptions) {
    this.#options = options;
    const e1 = Array.from({ length: 31 }, (_, index) => index + 1).filter((one) => one !== 16);
    const t1 = Array.from({ length: 23 }, (_, index) => index + 1);
    this.#side = new IsdnInterface({
      side: options.side,
      profile: options.profile,
      law: options.profile === "etsi" ? "a-law" : "mu-law",
      timeslots: options.profile === "etsi" ? e1 : t1,
      ...options.ours,
    });
    this.#peerPort = nextPort++;
    this.#socket = createSocket("udp4");
  }

  /** Both ends up: the data link is established and layer 3 may speak. */
  async start(): Promise<this> {
    const ownPort = nextPort++;
    await new Promise<void>((resolve) => this.#socket.bind(ownPort, "127.0.0.1", resolve));
    this.#socket.on("message", (octets) => {
      if (this.deaf || this.#lost()) return;
      this.tell({ kind: "frame", octets: new Uint8Array(octets) });
    });
    const { side, profile, peer = [] } = this.#options;
    const node = side === "user" ? "--net" : "--cpe";
    const ports = ["--bind", `${this.#peerPort}`, "--peer", `${ownPort}`];
    const kind = ["--switch", profile === "etsi" ? "euro" : "ni2"];
    this.#child = spawn(PROGRAM, [...ports, node, ...kind, "--for", "60", ...peer], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      const event = JSON.parse(line) as PeerEvent;
      this.heard.push(event);
      this.onPeer(event);
      this.#changed();
    });
    await this.until(() => this.heard.some(({ ev }) => ev === "START"));
    this.tell({ kind: "start" });
    await this.until(() => this.heard.some(({ ev }) => ev === "DCHAN_UP"));
    await this.until(() => this.said.some(({ kind }) => kind === "data-link"));
    return this;
  }

  tell(input: InterfaceInput): void {
    this.#take(this.#side.receive(input, this.#stamp()));
  }

  /** A line to the peer's standard input. */
  ask(line: string): void {
    this.#child?.stdin?.write(`${line}\n`);
  }

  /** Waits until something holds, which is asked whenever either side said something. */
  async until(holds: () => boolean, what = "", ms = 15_000): Promise<void> {
    const end = Date.now() + ms;
    while (!holds()) {
      const left = end - Date.now();
      if (left <= 0) throw new Error(`not reached: ${what || String(holds)}\n${this.story()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 500));
        this.#waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  get snapshot(): InterfaceSnapshot {
    return this.#side.snapshot();
  }

  /** Events that a leg reported, by kind. */
  eventsOf(leg: string): readonly CallEvent[] {
    return this.said.flatMap((one) => (one.kind === "call" && one.leg === leg ? [one.event] : []));
  }

  hasReported(leg: string, kind: CallEvent["kind"]): boolean {
    return this.eventsOf(leg).some((event) => event.kind === kind);
  }

  /** Legs that the peer began, in their order. */
  get arrived(): readonly { readonly leg: string; readonly setup: Setup }[] {
    return this.said.flatMap((one) =>
      one.kind === "call" && one.event.kind === "setup" ? [{ leg: one.leg, setup: one.event }] : [],
    );
  }

  peerSaid(ev: string): readonly PeerEvent[] {
    return this.heard.filter((one) => one.ev === ev);
  }

  call(leg: string, event: CallEvent, channel?: ChannelChoice): void {
    this.tell({ kind: "call", leg, event, ...(channel === undefined ? {} : { channel }) });
  }

  /** No call, and every channel idle. */
  async idle(): Promise<void> {
    await this.until(() => this.snapshot.calls.length === 0, "no call is left");
    const busy = this.snapshot.channels.filter(({ state }) => state !== "idle");
    if (busy.length > 0) throw new Error(`channels left: ${JSON.stringify(busy)}`);
  }

  /** What both sides said last, for a failure's message. */
  story(): string {
    const ours = this.said.filter(({ kind }) => kind !== "frame" && kind !== "trace").slice(-12);
    return [...this.heard.slice(-12), ...ours].map((one) => JSON.stringify(one)).join("\n");
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#socket.close();
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    await new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill("SIGKILL");
    });
  }

  #take(outputs: readonly InterfaceOutput[]): void {
    for (const output of outputs) {
      this.said.push(output);
      if (output.kind !== "frame") continue;
      this.frames.push(output.octets);
      if (!this.mute && !this.#lost())
        this.#socket.send(output.octets, this.#peerPort, "127.0.0.1");
    }
    this.#alarm();
    for (const output of outputs) this.perform(output);
    this.#changed();
  }

  #alarm(): void {
    clearTimeout(this.#timer);
    const at = this.#side.deadline();
    if (at === undefined) return;
    const wait = Math.max(0, Math.ceil(at - performance.now()));
    this.#timer = setTimeout(() => this.#take(this.#side.wake(this.#stamp())), wait);
  }

  #stamp() {
    return { now: instant(performance.now()), entropy: new Entropy(randomBytes(16)) };
  }

  #lost(): boolean {
    return Math.random() < (this.#options.loss ?? 0);
  }

  #changed(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }
}
