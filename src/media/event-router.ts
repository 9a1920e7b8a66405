import type { EngineEvent, PortEvent, PortHandle, SpanEvent, SpanHandle } from "../addon/index.js";

/** Brings each event of the engine to whoever owns the port or the span. */
export class EventRouter {
  readonly #ports = new Map<PortHandle, (event: PortEvent) => void>();
  readonly #spans = new Map<SpanHandle, (event: SpanEvent) => void>();

  onPort(port: PortHandle, handler: (event: PortEvent) => void): void {
    this.#ports.set(port, handler);
  }

  onSpan(span: SpanHandle, handler: (event: SpanEvent) => void): void {
    this.#spans.set(span, handler);
  }

  /** Events of a handle that is forgotten are dropped: they were under way when it was closed. */
  forgetPort(port: PortHandle): void {
    this.#ports.delete(port);
  }

  forgetSpan(span: SpanHandle): void {
    this.#spans.delete(span);
  }

  dispatch(events: readonly EngineEvent[]): void {
    for (const event of events) {
      if (event.kind === "datagram") continue;
      if ("span" in event) this.#spans.get(event.span)?.(event);
      else this.#ports.get(event.port)?.(event);
    }
  }
}
