export { ByteReader, ByteWriter } from "./bytes.js";
export { Entropy } from "./entropy.js";
export { after, type Instant, instant } from "./instant.js";
export { type AddressFamily, castOf, familyOf, uriHost } from "./ip-address.js";
export { type Machine, type Stamp, type Step, type Wake, wake } from "./machine.js";
export { type BookInput, type BookMachine, type BookOutput, MachineBook } from "./machine-book.js";
export {
  err,
  type Fault,
  FaultAbout,
  fault,
  InvariantError,
  invariant,
  ok,
  type Result,
  workFor,
} from "./result.js";
export { fromHex, fromUtf8, hex, utf8 } from "./text.js";
export { type DueTimer, TimerHeap } from "./timer-heap.js";
export { earlier, isDue, soonest, type Timers } from "./timers.js";
