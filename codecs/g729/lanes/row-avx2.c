#if defined(__x86_64__)
#define LANES_AVX2
#include "row.h"
#include "vector-end.h"
#endif
