#include "rtcp-schedule.h"

#include <algorithm>

namespace trunkgate::rtp {
namespace {

constexpr double kSenderShare = 0.25;            ///< §6.2
constexpr double kCompensation = 1.21828182846;  ///< e - 3/2 (§6.3.1)

}  // namespace

Instant rtcpDeterministicInterval(const RtcpBandwidth& bandwidth, const RtcpMembers& members,
                                  double averageOctets, bool initial) noexcept {
  double share = bandwidth.octetsPerSecond;
  std::uint32_t sharers = members.members;
  // Few senders: they share a quarter of the bandwidth, the receivers the rest.
  if (members.senders <= members.members * kSenderShare) {
    share *= members.weSent ? kSenderShare : 1 - kSenderShare;
    sharers = members.weSent ? members.senders : members.members - members.senders;
  }
  const double minimum = bandwidth.minimumMs * (initial ? 0.5e-3 : 1e-3);
  const double seconds = share > 0 ? averageOctets * sharers / share : minimum;
  return static_cast<Instant>(std::max(seconds, minimum) * 1e6);
}

Instant rtcpInterval(const RtcpBandwidth& bandwidth, const RtcpMembers& members,
                     double averageOctets, bool initial, std::uint32_t entropy) noexcept {
  const Instant deterministic =
      rtcpDeterministicInterval(bandwidth, members, averageOctets, initial);
  const double factor = 0.5 + entropy / 4294967296.0;
  return static_cast<Instant>(static_cast<double>(deterministic) * factor / kCompensation);
}

void RtcpSchedule::start(const RtcpBandwidth& bandwidth, std::uint32_t firstOctets, Instant now,
                         std::uint32_t entropy) noexcept {
  bandwidth_ = bandwidth;
  average_ = firstOctets;
  membersPrior_ = 1;
  initial_ = true;
  last_ = now;
  const RtcpMembers alone{.members = 1, .senders = 0, .weSent = false};
  next_ = now + rtcpInterval(bandwidth_, alone, average_, true, entropy);
}

bool RtcpSchedule::expire(const RtcpMembers& members, Instant now, std::uint32_t entropy) noexcept {
  if (now < next_) return false;
  const Instant interval = rtcpInterval(bandwidth_, members, average_, initial_, entropy);
  membersPrior_ = members.members;
  // §6.3.6: with the membership of now, is it time yet?
  if (last_ + interval > now) {
    next_ = last_ + interval;
    return false;
  }
  last_ = now;
  initial_ = false;
  next_ = now + rtcpInterval(bandwidth_, members, average_, false, entropy);
  return true;
}

void RtcpSchedule::observe(std::uint32_t octets) noexcept {
  average_ += (octets - average_) / 16.0;
}

void RtcpSchedule::membersLeft(std::uint32_t membersNow, Instant now) noexcept {
  if (membersNow >= membersPrior_) return;
  const double ratio = static_cast<double>(membersNow) / membersPrior_;
  next_ = now + static_cast<Instant>(ratio * static_cast<double>(next_ - now));
  last_ = now - static_cast<Instant>(ratio * static_cast<double>(now - last_));
  membersPrior_ = membersNow;
}

}  // namespace trunkgate::rtp
