import { lookup } from "node:dns/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createEngine, type Engine, type SpanHandle } from "../addon/index.js";
import { type CallEvent, type Cause, cause } from "../call/index.js";
import { type BookInput, type BookOutput, type Entropy, MachineBook } from "../core/index.js";
import { Exchange } from "../exchange/index.js";
import { Driver, type Inlet, realWorld, type TransportFlow, type World } from "../host/index.js";
import {
  incomingSipLeg,
  outgoingSipLeg,
  type SipLegInput,
  type SipLegOutput,
  type SipLegState,
  sipLegIsOver,
  sipLegMachine,
} from "../interworking/index.js";
import { EventRouter } from "../media/index.js";
import { RouteTable } from "../routing/index.js";
import type { SessionEvent } from "../sip/index.js";
import { callView } from "./call-views.js";
import { Calls, type Leg, type LiveCall } from "./calls.js";
import { LegMedia } from "./leg-media.js";
import {
  type GatewayOptions,
  lawOf,
  type PeerOptions,
  type SpanOptions,
  signallingTimeslotOf,
} from "./options.js";
import { profileOf } from "./profile.js";
import { routeRules } from "./route-rules.js";
import { SipSide } from "./sip-side.js";
import { groupViews, spanViews } from "./span-views.js";
import { TraceBook } from "./trace-book.js";
import { summariseSip, traceTime } from "./trace-lines.js";
import type { TrunkSpan } from "./trunk-span.js";
import { type TrunkLeg, Trunks } from "./trunks.js";
import type { CallView, GatewayEvent, GatewayStatus, SpanView, TraceView } from "./views.js";
