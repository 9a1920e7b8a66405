#if defined(__x86_64__)
#define LANES_AVX2
#include "g729-lanes-operators.h"

COMPARE("avx2")

#include <g729/lanes/vector-end.h>
#else
#include "../harness.h"

TEST(operators) { SKIP("not this kind of processor"); }
#endif

MAIN()
