# The sources of native/tdm, relative to this folder. binding.gyp lists the same.
TDM_SOURCES := \
  frame-ring.cc \
  hdlc.cc \
  line.cc \
  simulated/span-pair.cc
