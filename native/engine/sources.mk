# The sources of native/engine, relative to this folder. binding.gyp lists the same.
ENGINE_SOURCES := \
  block.cc \
  codec-buffers.cc \
  codec-cost.cc \
  codec-table.cc \
  detectors.cc \
  engine.cc \
  engine-joints.cc \
  engine-ports.cc \
  engine-spans.cc \
  lanes.cc \
  link-port.cc \
  playout.cc \
  port.cc \
  prbs.cc \
  rtp-port.cc \
  rtp-publish.cc \
  rtp-receive.cc \
  rtp-rtcp.cc \
  rtp-send.cc \
  sink.cc \
  source.cc \
  span-record.cc \
  terminal-port.cc \
  timeslot-port.cc \
  worker.cc \
  worker-graph.cc \
  worker-thread.cc
