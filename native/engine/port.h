// A port is one end of speech: a timeslot, an RTP stream, a terminal, or a link to another worker.
//
//   the world -> produce() -> inward block -> gain, detectors -> heard by other ports
//   the world <- consume() <- digits, tone or gain <- inward block of the port that is heard (source)
//
// A port belongs to one worker, which runs it every 10 ms on the phase it shares with all ports it is joined to.
#pragma once

#include "block.h"
#include "counters.h"
#include "detectors.h"
#include "digit-queue.h"
#include "events.h"
#include "lanes.h"
#include "ring.h"

extern "C" {
#include "../../codecs/tones/tone.h"
}

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

namespace trunkgate::tdm::simulated {
class End;
}

namespace trunkgate::engine {

class Worker;
class Port;

inline constexpr unsigned kPhases = 10;

/// Ports that share a clock: those of a worker, or those on an end of a span whose clock is off.
struct Domain {
  std::array<Port*, kPhases> first{};
  std::array<std::size_t, kPhases> load{};  ///< of each phase: what its ports cost
  std::array<std::size_t, kPhases> laned{};  ///< of each phase: ports that use lanes
  std::array<LaneBank, kPhases> banks;
  tdm::simulated::End* end = nullptr;  ///< whose clock it is; null: the worker's
  Domain* next = nullptr;
};

/// What a port may know of the tick it runs in.
struct Tick {
  Worker& worker;
  std::int64_t now;    ///< us on the engine's clock, nominal
  double nowMs;        ///< the same in ms
  Domain* domain;      ///< whose ports run
  std::int64_t frame;  ///< frame number by that domain's clock
  LaneBank& bank;      ///< lanes of the phase
  Port* waiting = nullptr;  ///< ports that wait for the bank's batch

  void await(Port& port) noexcept;
};

class Port : public Notifier {
 public:
  enum class Kind : std::uint8_t { timeslot, rtp, terminal, link };

  virtual ~Port() = default;

  [[nodiscard]] Kind kind() const noexcept { return kind_; }

  // ---- run by the worker ---------------------------------------------------------------------
  virtual void produce(Tick& tick) noexcept = 0;
  virtual void consume(Tick& tick) noexcept = 0;
  /// After the batch of the lanes, for a port that waits for it.
  virtual void finishProduce(Tick&) noexcept {}
  virtual void finishConsume(Tick&) noexcept {}
  /// Before the port leaves its phase.
  virtual void leaveLanes(LanePool&) noexcept {}
  /// Whenever who hears whom, or a setting, has changed.
  void reconsider() noexcept;
  /// Joined anew or to nobody: a fax or modem call, if it was one, is over.
  virtual void endDataCall() noexcept { dataCall_ = false; }
  /// Everything to the shared counters.
  virtual void publish() noexcept;
  /// The port begins or ceases to be run by the worker.
  virtual void attach(Worker&) noexcept {}
  virtual void detach(Worker&) noexcept {}

  [[nodiscard]] const Block& inward() const noexcept { return inward_; }
  [[nodiscard]] virtual const DigitState& digit() const noexcept { return dtmf_.digit(); }
  [[nodiscard]] virtual int digitLevelDbm0() const noexcept { return dtmf_.levelDbm0(); }
  [[nodiscard]] bool isDataCall() const noexcept { return dataCall_; }

  /// Digits go out of it as telephone-events / come in as such.
  [[nodiscard]] virtual bool sendsEvents() const noexcept { return false; }
  [[nodiscard]] virtual bool receivesEvents() const noexcept { return false; }
  /// Takes the frames of another port as they are, without samples.
  [[nodiscard]] virtual bool takesFrames(const codec&, bool /*withSid*/) const noexcept { return false; }
  /// The frames of its blocks go to this hearer as they are.
  [[nodiscard]] virtual bool passesTo(const Port&) const noexcept { return false; }
  /// An RTP port with speech: a fax or modem may need its treatment, and the host must know to keep to G.711.
  [[nodiscard]] virtual bool isSpeechRtp() const noexcept { return false; }

  // ---- commands ------------------------------------------------------------------------------
  void setGain(std::int32_t inward, std::int32_t outward) noexcept;
  void setDetectors(const DetectorSettings& settings) noexcept;
  void setOverlay(const tone_pattern* pattern) noexcept;
  [[nodiscard]] bool queueDigit(std::uint8_t code, std::uint16_t ms) noexcept { return digits_.push(code, ms); }

  // ---- who hears whom (worker.cc) ------------------------------------------------------------
  [[nodiscard]] Port* source() const noexcept { return source_; }
  void hear(Port* source) noexcept;
  template <class Function>
  void forEachHearer(Function function) const noexcept {
    for (Port* hearer = firstHearer_; hearer != nullptr;) {
      Port* const next = hearer->nextHearer_;
      function(*hearer);
      hearer = next;
    }
  }

  // ---- events to the control side --------------------------------------------------------------
  void notify(Notice notice, double atMs) noexcept;
  void report(const Detected& detected) noexcept;
  [[nodiscard]] double noticeAt(Notice notice) const noexcept {
    return noticedAt_[static_cast<std::size_t>(notice)].load(std::memory_order_acquire);
  }
  [[nodiscard]] Ring<Detected, 32>& detected() noexcept { return detected_; }

  // ---- the worker's and the control side's bookkeeping -------------------------------------------
  Domain* domain = nullptr;
  unsigned phase = 0;
  Port* before = nullptr;
  Port* after = nullptr;
  Port* nextWaiting = nullptr;
  bool usesLane = false;            ///< a codec whose states lie in lanes
  std::uint32_t visit = 0;          ///< of the last walk over joined ports
  std::atomic<unsigned> owner{0};   ///< worker that may run it
  PortCounters counters;

 protected:
  Port(Kind kind, EventHub& hub, double* slot) noexcept;

  /// After `produce` has filled inward_: gain and detectors.
  void finishInward(Tick& tick) noexcept;
  /// What goes out now, or null: nobody is heard and nothing is to be said.
  [[nodiscard]] const Block* outward(Tick& tick) noexcept;
  /// Digits of the queue as DTMF. False when there are none.
  [[nodiscard]] bool digitsInBand(Samples& samples) noexcept;
  void enterDataCall() noexcept;
  virtual void dataCallBegan() noexcept {}
  void countPath(bool transparent) noexcept { transparent ? transparentBlocks_++ : convertedBlocks_++; }
  [[nodiscard]] bool hasOverlay() const noexcept { return overlayActive_; }
  /// What comes in is looked into, or changed, before others hear it. Fax and modem are looked for by themselves only where there
  /// are samples.
  [[nodiscard]] bool looksInside() const noexcept {
    return dtmfOn_ || (faxOn_ && detectors_.faxModem == Detect::on) || inwardGain_ != kUnityGain;
  }
  /// What is heard goes out as it is.
  [[nodiscard]] bool altersOutward() const noexcept { return overlayActive_ || outwardGain_ != kUnityGain; }
  [[nodiscard]] DigitQueue& digits() noexcept { return digits_; }
  [[nodiscard]] bool isSendingDigits() const noexcept { return digits_.busy(); }
  [[nodiscard]] static double levelOf(const Block& block) noexcept;

  Block inward_;

 private:
  void foundFax(unsigned signals, Tick& tick) noexcept;
  [[nodiscard]] bool wantsDtmf() const noexcept;
  [[nodiscard]] bool wantsFax() const noexcept;

  Kind kind_;
  bool dataCall_ = false;
  bool dtmfOn_ = false;
  bool faxOn_ = false;
  bool overlayActive_ = false;
  std::uint8_t blocks_ = 0;
  std::int32_t inwardGain_ = kUnityGain;
  std::int32_t outwardGain_ = kUnityGain;
  Port* source_ = nullptr;
  Port* firstHearer_ = nullptr;
  Port* nextHearer_ = nullptr;
  std::uint64_t transparentBlocks_ = 0;
  std::uint64_t convertedBlocks_ = 0;
  std::uint64_t digitsDetected_ = 0;
  double inwardLevel_ = -120;
  double outwardLevel_ = -120;
  Block outwardBlock_;
  DetectorSettings detectors_{};
  DtmfListener dtmf_;
  FaxListener fax_;
  DigitQueue digits_;
  dtmf_generator digitGenerator_{};
  tone_generator overlay_{};
  std::array<std::atomic<double>, static_cast<std::size_t>(Notice::count)> noticedAt_{};
  Ring<Detected, 32> detected_;
};

inline void Tick::await(Port& port) noexcept {
  port.nextWaiting = waiting;
  waiting = &port;
}

}  // namespace trunkgate::engine
