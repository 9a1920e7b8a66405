codecs_LIBRARIES := codecs
