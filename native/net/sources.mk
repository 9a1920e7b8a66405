# The sources of native/net, relative to this folder. binding.gyp lists the same.
NET_SOURCES := \
  address.cc \
  udp.cc \
  memory.cc \
  impaired.cc
