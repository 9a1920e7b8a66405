#if defined(__x86_64__)
#define LANES_AVX512
#include "g729-lanes-operators.h"

COMPARE("avx512vnni")

#include <g729/lanes/vector-end.h>
#else
#include "../harness.h"

TEST(operators) { SKIP("not this kind of processor"); }
#endif

MAIN()
