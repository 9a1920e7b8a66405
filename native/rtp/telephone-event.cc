#include "telephone-event.h"

namespace trunkgate::rtp {
namespace {

constexpr std::uint32_t kLongestSegment = 0xFFFF;
constexpr std::uint8_t kEndPackets = 3;
/// Packets older than the newest event by less than this many ticks are its past; others are of a
/// sender that began anew.
constexpr std::int32_t kPast = 160'000;

}  // namespace

EventPayload parseEvent(std::span<const std::uint8_t, kEventOctets> octets) noexcept {
  return {
      .event = octets[0],
      .end = (octets[1] & 0x80) != 0,
      .volume = static_cast<std::uint8_t>(octets[1] & 0x3F),
      .duration = static_cast<std::uint16_t>(octets[2] << 8 | octets[3]),
  };
}

void printEvent(const EventPayload& payload, std::span<std::uint8_t, kEventOctets> out) noexcept {
  out[0] = payload.event;
  out[1] = static_cast<std::uint8_t>((payload.end ? 0x80 : 0) | (payload.volume & 0x3F));
  out[2] = static_cast<std::uint8_t>(payload.duration >> 8);
  out[3] = static_cast<std::uint8_t>(payload.duration);
}

void EventSender::start(std::uint8_t event, std::uint8_t volume, std::uint32_t timestamp,
                        std::uint32_t fixedDuration) noexcept {
  event_ = event;
  volume_ = volume > 63 ? 63 : volume;
  start_ = timestamp;
  due_ = timestamp + 1;  // at once, but never with duration 0
  stop_ = timestamp + fixedDuration;
  stopKnown_ = fixedDuration != 0;
  first_ = true;
  endsLeft_ = kEndPackets;
  state_ = State::sounding;
}

void EventSender::stop(std::uint32_t timestamp) noexcept {
  if (state_ != State::sounding) return;
  if (stopKnown_ && timestampDistance(stop_, timestamp) > 0) return;
  stop_ = timestampDistance(start_, timestamp) > 0 ? timestamp : start_ + 1;
  stopKnown_ = true;
}

void EventSender::fill(EventPacket& packet, bool end, std::uint32_t duration) noexcept {
  packet.timestamp = start_;
  packet.marker = first_;
  printEvent({.event = event_,
              .end = end,
              .volume = volume_,
              .duration = static_cast<std::uint16_t>(duration)},
             packet.payload);
  first_ = false;
}

bool EventSender::poll(std::uint32_t timestamp, EventPacket& packet) noexcept {
  if (state_ == State::idle) return false;
  if (state_ == State::ending) {
    if (timestampDistance(due_, timestamp) < 0) return false;
    fill(packet, true, stop_ - start_);
    due_ = timestamp + period_;
    if (--endsLeft_ == 0) state_ = State::idle;
    return true;
  }
  const bool over = stopKnown_ && timestampDistance(stop_, timestamp) >= 0;
  const std::uint32_t duration = (over ? stop_ : timestamp) - start_;
  if (timestampDistance(start_, timestamp) >= 0 && duration > kLongestSegment) {
    // RFC 4733 §2.5.1.3: the segment is closed at its longest duration, the next begins where it
    // ended.
    fill(packet, false, kLongestSegment);
    start_ += kLongestSegment;
    due_ = start_ + period_;
    return true;
  }
  if (over) {
    fill(packet, true, duration);
    due_ = timestamp + period_;
    endsLeft_--;
    state_ = State::ending;
    return true;
  }
  if (timestampDistance(due_, timestamp) < 0) return false;
  fill(packet, false, duration);
  due_ = timestamp + period_;
  return true;
}

void EventReceiver::restart() noexcept {
  active_ = false;
  seen_ = false;
}

void EventReceiver::report(EventReportKind kind, EventReports& reports,
                           std::size_t& count) const noexcept {
  if (count == reports.size()) return;
  reports[count++] = {.kind = kind,
                      .event = event_,
                      .volume = volume_,
                      .duration = before_ + duration_,
                      .timestamp = start_};
}

void EventReceiver::take(const EventPayload& payload, std::uint32_t timestamp, Instant now,
                         EventReports& reports, std::size_t& count) noexcept {
  if (payload.event > kEventFlash) {
    ignored_++;
    return;
  }
  const std::int32_t ahead = seen_ ? timestampDistance(segment_, timestamp) : 1;
  if (ahead < 0 && ahead > -kPast) return;  // an event before the last one, repeated or reordered
  if (ahead == 0) {
    if (!active_ || payload.event != event_) return;  // its end, repeated
    lastPacket_ = now;
    if (payload.duration > duration_) duration_ = payload.duration;
    volume_ = payload.volume;
    if (payload.end) {
      active_ = false;
      report(EventReportKind::end, reports, count);
    }
    return;
  }
  // §2.5.1.3: a segment begins where the one before ended, and its event is the same. The last
  // packet of that one may be lost, so any segment near its longest will do.
  const bool segment = active_ && payload.event == event_ &&
                       static_cast<std::uint32_t>(ahead) >= kLongestSegment - 800 &&
                       static_cast<std::uint32_t>(ahead) <= kLongestSegment + 1;
  if (segment) {
    before_ += static_cast<std::uint32_t>(ahead);
  } else {
    if (active_) report(EventReportKind::end, reports, count);
    event_ = payload.event;
    start_ = timestamp;
    before_ = 0;
  }
  seen_ = true;
  segment_ = timestamp;
  duration_ = payload.duration;
  volume_ = payload.volume;
  lastPacket_ = now;
  active_ = true;
  if (!segment) report(EventReportKind::begin, reports, count);
  if (payload.end) {
    active_ = false;
    report(EventReportKind::end, reports, count);
  }
}

std::size_t EventReceiver::receive(std::uint32_t timestamp, std::span<const std::uint8_t> payload,
                                   Instant now, EventReports& reports) noexcept {
  std::size_t count = 0;
  // Several reports in one payload are events that follow each other (§2.5.1.5).
  if (payload.empty() || payload.size() % kEventOctets != 0) {
    malformed_++;
    return 0;
  }
  while (payload.size() >= kEventOctets && count + 3 <= kMaxEventReports) {
    const EventPayload event = parseEvent(payload.first<kEventOctets>());
    take(event, timestamp, now, reports, count);
    timestamp += event.duration;
    payload = payload.subspan(kEventOctets);
  }
  return count;
}

std::size_t EventReceiver::wake(Instant now, EventReports& reports) noexcept {
  if (!active_ || now - lastPacket_ < timeout_) return 0;
  std::size_t count = 0;
  active_ = false;
  report(EventReportKind::end, reports, count);
  return count;
}

}  // namespace trunkgate::rtp
