#if defined(__x86_64__)
#define LANES_AVX512
#include "row.h"
#include "vector-end.h"
#endif
