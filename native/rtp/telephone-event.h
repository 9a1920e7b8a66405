// telephone-event (RFC 4733): sender and receiver of named events.
//
//   |     event     |E|R| volume    |          duration             |
#pragma once

#include "time.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace trunkgate::rtp {

inline constexpr std::uint8_t kEventFlash = 16;
inline constexpr std::size_t kEventOctets = 4;

/// One report of an event (RFC 4733 §2.3).
struct EventPayload {
  std::uint8_t event = 0;
  bool end = false;
  std::uint8_t volume = 0;     ///< -dBm0, 0..63
  std::uint16_t duration = 0;  ///< timestamp units since the start of the (segment of the) event
};

[[nodiscard]] EventPayload parseEvent(std::span<const std::uint8_t, kEventOctets> octets) noexcept;
void printEvent(const EventPayload& payload, std::span<std::uint8_t, kEventOctets> out) noexcept;

/// A packet that is due. Sequence number and SSRC are the Sender's (sender.h).
struct EventPacket {
  std::uint32_t timestamp = 0;  ///< start of the event or of its segment
  bool marker = false;          ///< first packet of an event (§2.5.1.2)
  std::array<std::uint8_t, kEventOctets> payload{};
};

/// Makes the packets of one event after another. Times are RTP timestamps of the stream that the
/// events replace.
class EventSender {
 public:
  /// `period`: timestamp units between updates and between the end packets (ptime, or 50 ms = 400).
  void configure(std::uint16_t period) noexcept { period_ = period == 0 ? 400 : period; }

  /// An event begins at `timestamp`. An event under way ends there; end packets still owed to it
  /// are given up (§2.5.1.4). `fixedDuration`: timestamp units after which it ends by itself; 0:
  /// until stop().
  void start(std::uint8_t event, std::uint8_t volume, std::uint32_t timestamp,
             std::uint32_t fixedDuration = 0) noexcept;

  /// The event under way ended at `timestamp`.
  void stop(std::uint32_t timestamp) noexcept;

  /// True if a packet is due at `timestamp` (now, as RTP timestamp); call until false.
  [[nodiscard]] bool poll(std::uint32_t timestamp, EventPacket& packet) noexcept;

  /// An event is under way (audio is to be replaced), not counting the repetition of its end.
  [[nodiscard]] bool sounding() const noexcept { return state_ == State::sounding; }
  /// As above, or end packets are still owed.
  [[nodiscard]] bool busy() const noexcept { return state_ != State::idle; }

 private:
  enum class State : std::uint8_t { idle, sounding, ending };

  void fill(EventPacket& packet, bool end, std::uint32_t duration) noexcept;

  std::uint32_t start_ = 0;  ///< timestamp of the segment
  std::uint32_t due_ = 0;    ///< timestamp of the next packet
  std::uint32_t stop_ = 0;   ///< timestamp of the end, once known
  std::uint16_t period_ = 400;
  std::uint8_t event_ = 0;
  std::uint8_t volume_ = 0;
  std::uint8_t endsLeft_ = 0;
  State state_ = State::idle;
  bool first_ = false;
  bool stopKnown_ = false;
};

enum class EventReportKind : std::uint8_t { begin, end };

/// What the receiver makes of the packets: every begin is followed by one end before the next
/// begin.
struct EventReport {
  EventReportKind kind = EventReportKind::begin;
  std::uint8_t event = 0;
  std::uint8_t volume = 0;
  std::uint32_t duration = 0;   ///< timestamp units so far, over all segments
  std::uint32_t timestamp = 0;  ///< start of the event
};

/// At most this many reports come of one packet or wake.
inline constexpr std::size_t kMaxEventReports = 8;
using EventReports = std::array<EventReport, kMaxEventReports>;

class EventReceiver {
 public:
  /// `timeout`: microseconds without a packet after which an event is taken to be over (its end
  /// packets were lost). RFC 4733 §2.5.2.2 leaves it open; three updates of 50 ms.
  void configure(Instant timeout) noexcept { timeout_ = timeout; }
  void restart() noexcept;

  /// A packet of the telephone-event payload type. Keyed on the timestamp: marker and E bit may be
  /// missing. Returns the number of reports. Events other than 0 to 16 are counted and ignored.
  std::size_t receive(std::uint32_t timestamp, std::span<const std::uint8_t> payload, Instant now,
                      EventReports& reports) noexcept;

  /// Ends an event whose packets ceased. Returns the number of reports (0 or 1).
  std::size_t wake(Instant now, EventReports& reports) noexcept;

  [[nodiscard]] bool active() const noexcept { return active_; }
  [[nodiscard]] std::uint64_t ignored() const noexcept { return ignored_; }
  [[nodiscard]] std::uint64_t malformed() const noexcept { return malformed_; }

 private:
  void take(const EventPayload& payload, std::uint32_t timestamp, Instant now,
            EventReports& reports, std::size_t& count) noexcept;
  void report(EventReportKind kind, EventReports& reports, std::size_t& count) const noexcept;

  Instant timeout_ = 150'000;
  Instant lastPacket_ = 0;
  std::uint64_t ignored_ = 0;
  std::uint64_t malformed_ = 0;
  std::uint32_t start_ = 0;     ///< timestamp of the event
  std::uint32_t segment_ = 0;   ///< timestamp of its present segment
  std::uint32_t duration_ = 0;  ///< of the present segment
  std::uint32_t before_ = 0;    ///< duration of the segments before
  std::uint8_t event_ = 0;
  std::uint8_t volume_ = 0;
  bool active_ = false;
  bool seen_ = false;  ///< segment_ is that of some event, over or not
};

}  // namespace trunkgate::rtp
