tdm_DIR := $(ROOT)/native/tdm
include $(ROOT)/native/tdm/sources.mk
tdm_SOURCES := $(TDM_SOURCES)
LIBRARIES += tdm
tdm_LIBRARIES := tdm
