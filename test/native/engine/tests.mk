engine_DIR := $(ROOT)/native/engine
include $(ROOT)/native/engine/sources.mk
engine_SOURCES := $(ENGINE_SOURCES)
net_DIR := $(ROOT)/native/net
include $(ROOT)/native/net/sources.mk
net_SOURCES := $(NET_SOURCES)
LIBRARIES += engine net
engine_LIBRARIES := engine net tdm rtp codecs
engine_LDLIBS := -pthread
