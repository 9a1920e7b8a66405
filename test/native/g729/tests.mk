g729_LIBRARIES := codecs
