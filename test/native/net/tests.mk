net_LIBRARIES := net
