#if defined(__x86_64__)
#define LANES_AVX512
#include "vector.h"

#include "encoder-row.h"
#include "vector-end.h"
#endif
