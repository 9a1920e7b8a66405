#include "lanes.h"

#if defined(__x86_64__)
/* The builtins look at what the operating system saves as well. */
static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512vnni");
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}
#endif

const struct codec_lanes *g729_lanes(unsigned index)
{
    const struct codec_lanes *rows[3];
    unsigned count = 0;
#if defined(__x86_64__)
    if (has_avx512())
        rows[count++] = &g729_lanes_avx512;
    if (has_avx2())
        rows[count++] = &g729_lanes_avx2;
#endif
    rows[count++] = &g729_lanes_scalar;
    return index < count ? rows[index] : NULL;
}
