export { monotonicNow, realWorld, type World } from "./clock.js";
export { type Delay, delayOn } from "./delays.js";
export { type Collection, Driver, type Inlet } from "./driver.js";
export { ListenError, portHolder } from "./listen-error.js";
export { RefusalWatch } from "./refusal-watch.js";
export { type SignallingChannel, udpSignallingChannel } from "./signalling-channel.js";
export { type FlowName, listenTcp, type TcpHandlers, type TcpListener } from "./tcp.js";
export {
  type Carrier,
  type ListenerOptions,
  listenerTo,
  type OpenCarrier,
  type TransportEvents,
  type TransportFlow,
  Transports,
} from "./transports.js";
export { bindUdp, type Endpoint, type UdpHandlers, type UdpSocket } from "./udp.js";
