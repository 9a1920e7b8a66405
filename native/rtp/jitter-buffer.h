// Adaptive jitter buffer: a timeline of encoded samples, filled by timestamp, read by the span's
// clock.
//
// A packet is copied to its place on the timeline (a ring of one octet or one frame per unit, with
// a bit each for "here" and "the sender was silent"), so reordering, duplicates and any mix of
// packet times cost nothing extra. The reader takes as many samples as its tick needs. Time is the
// reader's: the play-out point moves only by what is pulled, and by corrections.
//
// Depth is the time by which the play-out point lags the fastest packets. The wanted depth is the
// 99.5 % point of the measured delay variation, within the limits. Depth is corrected
// in pauses only; out of a pause only where a limit is broken (forced). Every correction is
// counted.
#pragma once

#include "time.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace trunkgate::rtp {

struct JitterConfig {
  std::uint16_t minMs = 20;
  std::uint16_t maxMs = 200;      ///< at most 300
  std::uint16_t initialMs = 40;   ///< depth at the first packet; fixed mode: always
  bool fixed = false;             ///< fax, modem, clear channel: not adapted, only held to the limits
  std::uint16_t unitSamples = 1;  ///< struct codec unit_samples: 1 for G.711, 80 for G.729
  std::uint16_t unitOctets = 1;   ///< struct codec unit_octets: 1 for G.711, 10 for G.729
  std::uint16_t sidOctets = 0;    ///< struct codec sid_octets
};

/// What became of a packet.
enum class Put : std::uint8_t {
  stored,     ///< some or all of it will be heard
  duplicate,  ///< already had
  late,       ///< its time had passed
  malformed,  ///< no payload of the codec
  early,      ///< beyond the ring or a wild timestamp; a second like it moves the timeline
  resync,     ///< stored, and the timeline was laid anew from it
};

/// What a pull found.
enum class Play : std::uint8_t {
  idle,     ///< nothing was ever received since restart(): play idle octets
  speech,   ///< `octets` octets were written
  sid,      ///< a SID frame was written (frame codecs only)
  lost,     ///< missing, and later packets are here: conceal
  late,     ///< missing, and nothing later is here (lost, late, or the sender fell silent): conceal
  silence,  ///< the sender was silent here (DTX, or telephone-event in its place), or is since its
            ///< newest packet: comfort noise or idle
};

struct Pulled {
  Play kind = Play::idle;
  std::uint16_t octets = 0;     ///< octets written
  std::int16_t correction = 0;  ///< samples inserted (+) or dropped (-) at this pull
};

/// The caller's judgement whether encoded octets are a pause. Asked only when a correction is
/// wanted. `quiet == nullptr`: never (corrections then happen only where the sender itself was
/// silent).
struct PauseJudge {
  bool (*quiet)(void* context, std::span<const std::uint8_t> octets) noexcept = nullptr;
  void* context = nullptr;
};

/// All in packets but where the name says samples.
struct JitterCounters {
  std::uint64_t packets = 0;  ///< put, whatever became of them
  std::uint64_t duplicates = 0;
  std::uint64_t late = 0;  ///< dropped for lateness, wholly
  std::uint64_t reordered = 0;
  std::uint64_t malformed = 0;
  std::uint64_t early = 0;
  std::uint64_t lostSamples = 0;
  std::uint64_t lateSamples = 0;  ///< pulled while nothing later was here
  std::uint64_t silenceSamples = 0;
  std::uint64_t insertions = 0;  ///< corrections in pauses
  std::uint64_t insertedSamples = 0;
  std::uint64_t drops = 0;
  std::uint64_t droppedSamples = 0;
  std::uint64_t forcedInsertions = 0;  ///< corrections because a limit was broken
  std::uint64_t forcedInsertedSamples = 0;
  std::uint64_t forcedDrops = 0;
  std::uint64_t forcedDroppedSamples = 0;
  std::uint64_t resyncs = 0;  ///< timeline laid anew: wild timestamp, or late beyond repair
};

class JitterBuffer {
 public:
  static constexpr std::uint32_t kRingOctets = 4096;  ///< 512 ms of G.711
  static constexpr std::uint16_t kMaxPullSamples = 480;

  /// Sets limits and codec, and restarts. Values out of range are brought into it.
  void configure(const JitterConfig& config) noexcept;

  /// Forgets the timeline (new SSRC, new SDP); counters stay.
  void restart() noexcept;

  /// Another codec takes the stream over in mid-call: the timeline of `before`, its picture of the
  /// network and its counters go on, with what is put here from now on.
  void takeOver(JitterBuffer& before, const JitterConfig& config) noexcept;

  /// Keeps the play-out point with that of a buffer that is being played to its end.
  void follow(const JitterBuffer& before) noexcept;

  /// Fax, modem or clear channel was recognised (or ended) in mid-call: the depth stays as it is,
  /// from now on without adaptation (or again with it).
  void setFixed(bool fixed) noexcept { config_.fixed = fixed; }

  /// Other limits in mid-call: what is buffered stays, the depth follows in pauses, or at once where it lies beyond them.
  void setLimits(std::uint16_t minMs, std::uint16_t maxMs) noexcept;

  /// A media packet of the buffer's codec.
  Put put(std::uint16_t sequence, std::uint32_t timestamp, bool marker,
          std::span<const std::uint8_t> payload, Instant now) noexcept;

  /// A packet of the same source that carries no media of the codec (telephone-event, comfort
  /// noise): its sequence number is no loss, and the time until the next media packet is silence.
  void skip(std::uint16_t sequence, std::uint32_t timestamp) noexcept;

  /// The next `samples` samples: a multiple of the unit, at most kMaxPullSamples, the same at most
  /// pulls (8 or 80). `out` holds samples / unitSamples * unitOctets octets. With frame codecs
  /// `samples` is one unit. Octets missing inside a block that is mostly there are set to `fill`
  /// (the law's idle octet).
  Pulled pull(std::span<std::uint8_t> out, std::uint16_t samples, std::uint8_t fill, Instant now,
              PauseJudge judge) noexcept;

  [[nodiscard]] const JitterCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] const JitterConfig& config() const noexcept { return config_; }
  /// Present and wanted depth in samples (1/8 ms).
  [[nodiscard]] std::int32_t depth() const noexcept { return depth_; }
  [[nodiscard]] std::int32_t wantedDepth() const noexcept { return wanted_; }
  [[nodiscard]] bool running() const noexcept { return running_; }
  /// Something that came is still to be played.
  [[nodiscard]] bool hasLater() const noexcept { return timestampDistance(cursor_, newestEnd_) > 0; }
  [[nodiscard]] std::uint16_t newestSequence() const noexcept { return newestSequence_; }
  /// Timestamp of the next sample to be pulled.
  [[nodiscard]] std::uint32_t playoutTimestamp() const noexcept { return cursor_; }

 private:
  static constexpr std::int32_t kSamplesPerMs = 8;
  static constexpr std::uint32_t kWords = kRingOctets / 64;
  static constexpr std::size_t kRecords = 64;  ///< packets remembered by sequence number
  static constexpr std::size_t kBins = 80;     ///< of 4 ms: 0 to 320 ms of delay variation
  using Bits = std::array<std::uint64_t, kWords>;

  /// A packet by its sequence number: the time it stands for.
  struct Record {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint16_t sequence;
    bool valid;
  };
  /// The next block, looked at but not yet taken.
  struct Block {
    Play kind;
    std::uint16_t octets;
    std::uint16_t samples;  ///< by which to advance: fewer than asked for where silence ends inside
  };
  enum class Wish : std::uint8_t { none, insert, drop, forcedInsert, forcedDrop };

  [[nodiscard]] std::uint32_t unitAt(std::uint32_t unitsAhead) const noexcept;
  [[nodiscard]] std::int32_t timeLeft(std::uint32_t timestamp, Instant now) const noexcept;
  [[nodiscard]] std::uint32_t payloadSamples(std::size_t octets) const noexcept;
  void anchor(std::uint32_t timestamp, Instant now, std::int32_t depth) noexcept;
  void store(std::int32_t ahead, std::span<const std::uint8_t> payload,
             std::uint32_t samples) noexcept;
  void storeFrames(std::uint32_t unit, std::span<const std::uint8_t> payload) noexcept;
  [[nodiscard]] bool endsInSid(std::size_t octets) const noexcept { return octets % config_.unitOctets != 0; }
  void remember(std::uint16_t sequence, std::uint32_t begin, std::uint32_t end,
                bool pauses) noexcept;
  void markSilence(std::uint32_t from, std::uint32_t to) noexcept;
  void measure(std::uint32_t timestamp, std::uint32_t samples, Instant now) noexcept;
  void updateWanted() noexcept;
  [[nodiscard]] bool timelineMoved(std::uint16_t sequence, std::int32_t ahead, bool marker,
                                   Instant now) noexcept;
  [[nodiscard]] Block look(std::span<std::uint8_t> out, std::uint16_t samples,
                           std::uint8_t fill) const noexcept;
  void copyOut(std::span<std::uint8_t> out, std::uint32_t units, std::uint8_t fill,
               bool whole) const noexcept;
  [[nodiscard]] Wish wish() const noexcept;
  void advance(std::uint32_t samples) noexcept;
  void shiftDepth(std::int32_t samples) noexcept;
  void countCorrection(std::int32_t samples, bool forced) noexcept;

  // What every packet and pull touches comes first.
  JitterConfig config_{};
  std::uint32_t cursor_ = 0;           ///< timestamp of the next sample to be pulled
  std::uint32_t cursorUnit_ = 0;       ///< its place in the ring
  std::uint32_t units_ = kRingOctets;  ///< ring size in units, a multiple of 64
  std::uint32_t newestEnd_ = 0;        ///< timestamp after the newest sample
  Instant lastPull_ = 0;
  std::int32_t depth_ = 0;   ///< samples
  std::int32_t wanted_ = 0;  ///< samples
  std::uint16_t pullSamples_ = 80;
  std::uint16_t newestSequence_ = 0;
  std::uint16_t total_ = 0;       ///< packets in the histogram
  std::uint8_t sinceUpdate_ = 0;  ///< packets since wanted_ was computed
  std::uint8_t settle_ = 0;       ///< pulls to wait before the next drop
  bool running_ = false;
  bool starved_ = false;  ///< the last pull found nothing, and nothing later
  bool pauses_ = false;   ///< the newest packet says that the sender falls silent after it

  // Fastest packets, as the most time left at arrival until their end, and longest ones, in this
  // window and the one before.
  std::int32_t most_ = 0;
  std::int32_t mostBefore_ = 0;
  std::int32_t longest_ = 0;
  std::int32_t longestBefore_ = 0;
  Instant windowStart_ = 0;

  // A run of late or wild packets, which may be a moved timeline.
  Instant strayStart_ = 0;
  std::uint16_t strayCount_ = 0;
  std::uint16_t straySequence_ = 0;

  JitterCounters counters_{};
  std::array<std::uint16_t, kBins> bins_{};
  std::array<Record, kRecords> records_{};
  Bits here_{};
  Bits silent_{};
  Bits sid_{};
  std::array<std::uint8_t, kRingOctets> ring_{};
};

}  // namespace trunkgate::rtp
