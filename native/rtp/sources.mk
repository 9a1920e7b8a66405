# The sources of native/rtp, relative to this folder. binding.gyp lists the same.
RTP_SOURCES := \
  packet.cc \
  reception.cc \
  jitter-buffer.cc \
  jitter-handover.cc \
  jitter-pull.cc \
  rtcp.cc \
  rtcp-schedule.cc \
  telephone-event.cc \
  sender.cc \
  latch.cc \
  clock-drift.cc
