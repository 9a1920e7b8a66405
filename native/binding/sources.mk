# The sources of native/binding, relative to this folder. Only binding.gyp builds them: they need Node.
BINDING_SOURCES := \
  addon.cc \
  codec-methods.cc \
  environment.cc \
  port-methods.cc \
  rtp-methods.cc \
  span-methods.cc \
  terminal-methods.cc \
  values.cc
