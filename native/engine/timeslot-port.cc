#include "timeslot-port.h"

namespace trunkgate::engine {

void TimeslotPort::produce(Tick& tick) noexcept {
  Octets& octets = settings_.clearChannel ? inward_.data() : inward_.octets(settings_.law);
  end_.in().read(timeslot_, frame(tick), octets);
  finishInward(tick);
}

// The block is written ahead of the line's clock and leaves with it, octet by octet.
void TimeslotPort::consume(Tick& tick) noexcept {
  const Block* out = outward(tick);
  if (out == nullptr) return;
  Octets octets;
  countPath(out->asOctets(settings_.law, octets));
  end_.out().write(timeslot_, frame(tick), octets);
}

}  // namespace trunkgate::engine
