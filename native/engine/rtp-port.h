// An RTP stream, both ways, with its RTCP.
//
//   socket -> latch -> packet -> payload type -> jitter buffer -> concealment -> inward block
//                                            \-> telephone-event -> digit (as DTMF in the inward block)
//   outward block -> encode -> packetiser -> departure list -> socket
//   digit of the port that is heard -> telephone-event -^
#pragma once

#include "../net/transport.h"
#include "../rtp/clock-drift.h"
#include "../rtp/latch.h"
#include "../rtp/packet.h"
#include "../rtp/reception.h"
#include "../rtp/rtcp-schedule.h"
#include "../rtp/rtcp.h"
#include "../rtp/sender.h"
#include "../rtp/telephone-event.h"
#include "playout.h"
#include "port.h"
#include "rtp-settings.h"

namespace trunkgate::engine {

/// What both sides may see of an RTP port at any time.
class RtpView {
 public:
  void setLatched(const rtp::Address& address) noexcept;
  [[nodiscard]] rtp::Address latched() const noexcept;
  std::atomic<std::int64_t> remoteSsrc{-1};

 private:
  std::atomic<std::uint32_t> version_{0};  ///< odd while it is written
  std::array<std::atomic<std::uint64_t>, 3> words_{};
};

struct RtpIdentity {
  std::uint32_t ssrc = 0;
  std::uint32_t timestamp = 0;
  std::uint16_t sequence = 0;
  std::string cname;
};

class RtpPort final : public Port {
 public:
  RtpPort(EventHub& hub, double* slot, std::unique_ptr<net::Socket> rtp,
          std::unique_ptr<net::Socket> rtcp, const RtpIdentity& identity) noexcept;

  void produce(Tick& tick) noexcept override;
  void consume(Tick& tick) noexcept override;
  void finishProduce(Tick& tick) noexcept override;
  void finishConsume(Tick& tick) noexcept override;
  void leaveLanes(LanePool& pool) noexcept override { seat_.stand(pool); }
  void publish() noexcept override;
  void attach(Worker& worker) noexcept override;
  void detach(Worker& worker) noexcept override;
  void endDataCall() noexcept override;

  [[nodiscard]] const DigitState& digit() const noexcept override;
  [[nodiscard]] int digitLevelDbm0() const noexcept override;
  [[nodiscard]] bool sendsEvents() const noexcept override {
    return telephoneEvents_.sendPayloadType != kNoPayloadType && !isClear();
  }
  [[nodiscard]] bool receivesEvents() const noexcept override {
    return telephoneEvents_.receivePayloadType != kNoPayloadType;
  }
  [[nodiscard]] bool takesFrames(const codec& row, bool withSid) const noexcept override;
  [[nodiscard]] bool passesTo(const Port& hearer) const noexcept override;
  [[nodiscard]] bool isSpeechRtp() const noexcept override {
    return sendRow_ != nullptr && !isClear();
  }

  /// Swaps what must be freed by the control side into `settings`.
  void configure(RtpSettings& settings, Worker& worker, std::int64_t now) noexcept;
  /// The socket has something. Returns how many packets of RTP were taken.
  std::size_t receiveRtp(Worker& worker, std::int64_t now) noexcept;
  void receiveRtcp(Worker& worker, std::int64_t now) noexcept;
  /// Sends what the last tick made. Returns how many packets went out.
  std::size_t depart(std::size_t& errors) noexcept;
  /// RTCP BYE, where RFC 3550 §6.3.7 allows one.
  void sayBye(Worker& worker, std::int64_t now) noexcept;

  [[nodiscard]] const RtpView& view() const noexcept { return view_; }
  [[nodiscard]] const rtp::Address& localRtp() const noexcept { return rtpSocket_->local(); }
  [[nodiscard]] const rtp::Address& localRtcp() const noexcept { return rtcpSocket_->local(); }

  /// Tags of the two sockets in the worker's poller.
  struct Tag {
    RtpPort* port;
    bool rtcp;
  };

  RtpPort* nextDeparture = nullptr;
  bool departing = false;

  void dataCallBegan() noexcept override { playout_.setDataCall(true); }

 private:
  // rtp-port.cc
  [[nodiscard]] bool isClear() const noexcept { return sendRow_ != nullptr && isClearMode(*sendRow_); }
  void configureStream(RtpSettings& settings, Worker& worker, std::int64_t now) noexcept;
  void configureSend(RtpSettings& settings, Worker& worker) noexcept;
  [[nodiscard]] bool wantsSamples() const noexcept;
  void completeInward(Tick& tick) noexcept;
  void watchSilence(Tick& tick) noexcept;

  // rtp-send.cc
  void adoptFormat() noexcept;
  void sendAudio(Tick& tick) noexcept;
  void sendOctets(const Block& block, Tick& tick) noexcept;
  void sendNoise(std::uint32_t timestamp, Tick& tick) noexcept;
  void pushSmall(std::span<const std::uint8_t> packet, Tick& tick) noexcept;
  void encode(const Samples& samples, Tick& tick) noexcept;
  void passFrame(const Block& block, Tick& tick) noexcept;
  void completeConsume(Tick& tick) noexcept;
  void pushFrame(std::span<const std::uint8_t> octets, Tick& tick) noexcept;
  [[nodiscard]] bool sendEvents(Tick& tick) noexcept;
  bool relayDigit() noexcept;
  void flushEvents(Tick& tick) noexcept;
  void push(std::span<const std::uint8_t> packet, Tick& tick) noexcept;

  // rtp-receive.cc
  void receivePacket(const rtp::Address& from, std::span<const std::uint8_t> octets, Worker& worker,
                     std::int64_t now) noexcept;
  bool acceptSource(const rtp::Packet& packet, const rtp::Address& from, std::int64_t now) noexcept;
  void newSource(std::uint32_t ssrc, std::uint16_t sequence, std::int64_t now) noexcept;
  [[nodiscard]] const codec* rowOf(std::uint8_t payloadType) const noexcept;
  void receiveMedia(const codec& row, const rtp::Packet& packet, std::int64_t now) noexcept;
  void receiveEvent(const rtp::Packet& packet, std::int64_t now) noexcept;
  void takeEventReports(const rtp::EventReports& reports, std::size_t count, std::int64_t now) noexcept;

  // rtp-rtcp.cc
  void receiveCompound(const rtp::Address& from, std::span<const std::uint8_t> octets, Worker& worker,
                       std::int64_t now) noexcept;
  void takeReportBlocks(std::span<const std::uint8_t> blocks, Worker& worker, std::int64_t now) noexcept;
  void runRtcp(Tick& tick) noexcept;
  void sendReport(Worker& worker, std::int64_t now, bool bye) noexcept;
  [[nodiscard]] rtp::Address rtcpDestination() const noexcept;
  [[nodiscard]] rtp::RtcpMembers members() const noexcept;

  std::unique_ptr<net::Socket> rtpSocket_;
  std::unique_ptr<net::Socket> rtcpSocket_;
  std::array<Tag, 2> tags_;
  RtpView view_;
  std::string cname_;

  // sending
  const codec* sendRow_ = nullptr;
  SendFormat sendFormat_{};
  SendFormat nextFormat_{};
  bool changes_ = false;       ///< to nextFormat_, where a packet is complete
  CodecSeat seat_;
  bool encodes_ = false;       ///< the encoder knows the block before
  bool encoding_ = false;      ///< this block, in the batch
  Octets encoded_{};
  comfort_noise_sender voice_{};
  bool wasLate_ = false;       ///< the last frame of the port that is heard
  Direction direction_ = Direction::sendrecv;
  rtp::Sender sender_;
  std::uint32_t ssrc_;
  rtp::EventSender eventSender_;
  std::uint32_t muteTimestamp_ = 0;
  bool muting_ = false;
  bool relaying_ = false;
  std::span<const std::uint8_t> mediaReady_;
  struct SmallPacket {  ///< an event, or comfort noise
    std::array<std::uint8_t, rtp::kHeaderOctets + COMFORT_NOISE_OCTETS> octets;
    std::size_t count = 0;
  };
  std::array<SmallPacket, 4> smallReady_;
  std::size_t smallReadyCount_ = 0;
  std::uint64_t packetsSent_ = 0;
  std::uint64_t octetsSent_ = 0;
  std::uint64_t sendErrors_ = 0;
  std::uint64_t eventsSent_ = 0;
  std::uint64_t mutedBlocks_ = 0;
  std::uint64_t sidSent_ = 0;
  std::uint64_t pausedBlocks_ = 0;
  std::uint64_t passedBlocks_ = 0;

  // receiving
  ReceiveTable receive_{};
  TelephoneEvents telephoneEvents_{};
  rtp::Latch latch_;
  rtp::Address signalled_{};
  rtp::Reception reception_;
  Playout playout_{seat_};
  rtp::ClockDrift drift_;
  rtp::EventReceiver eventReceiver_;
  DigitState digit_;
  int digitLevel_ = -10;
  dtmf_generator digitTone_{};
  std::uint64_t packetsReceived_ = 0;
  std::uint64_t octetsReceived_ = 0;
  std::uint64_t malformed_ = 0;
  std::uint64_t unknownPayload_ = 0;
  std::uint64_t rejectedBefore_ = 0;  ///< of latches that were opened anew
  std::uint64_t lostBefore_ = 0;      ///< of sources before the present one
  std::uint64_t ssrcChanges_ = 0;
  std::uint64_t eventsReceived_ = 0;
  std::uint64_t digitsReceived_ = 0;

  // silence
  std::int64_t timeoutUs_ = 0;
  std::int64_t releaseUs_ = 0;
  std::int64_t lastRtp_ = 0;
  std::int64_t lastAny_ = 0;
  bool timedOut_ = false;
  bool releaseSaid_ = false;

  // RTCP
  bool rtcpOn_ = true;
  bool rtcpStarted_ = false;
  bool rtcpEverSent_ = false;
  rtp::Address remoteRtcp_{};
  rtp::Address rtcpSource_{};  ///< the last that was accepted
  rtp::RtcpSchedule schedule_;
  rtp::LastSenderReport lastSr_;
  std::uint32_t packetsAtReport_ = 0;
  std::uint64_t rtcpSent_ = 0;
  std::uint64_t rtcpReceived_ = 0;
  std::uint64_t rtcpRejected_ = 0;
  double remoteLossFraction_ = 0;
  double remoteLost_ = 0;
  double remoteJitterMs_ = 0;
  double roundTripMs_ = -1;
  std::uint8_t blocks_ = 0;
};

}  // namespace trunkgate::engine
