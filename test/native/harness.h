/*
 * A test harness in one header, for C11 and C++20, without dependencies.
 *
 *   #include "../harness.h"
 *   TEST(the_digital_milliwatt_repeats_after_eight_octets) { CHECK_EQUAL(octets[8], octets[0]); }
 *   MAIN()
 *
 * One program per file. Tests register themselves before main. A failed CHECK is printed with file
 * and line and fails its test, which goes on; REQUIRE ends the test. The last line is "N passed, N
 * failed, N skipped"; the exit code is 1 if any failed. An argument on the command line runs the
 * tests whose names contain it.
 */
#ifndef TRUNKGATE_TEST_HARNESS_H
#define TRUNKGATE_TEST_HARNESS_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct harness_test {
    const char *name;
    void (*run)(void);
    struct harness_test *next;
};

static struct harness_test *harness_first;
static struct harness_test **harness_last = &harness_first;
static int harness_test_failures;
static const char *harness_skip_reason;

static inline void harness_register(struct harness_test *test)
{
    *harness_last = test;
    harness_last = &test->next;
}

#define TEST(title)                                                                     \
    static void title(void);                                                            \
    static struct harness_test harness_##title = {#title, title, NULL};                 \
    __attribute__((constructor)) static void harness_register_##title(void)             \
    {                                                                                   \
        harness_register(&harness_##title);                                             \
    }                                                                                   \
    static void title(void)

/* At most 20 failures of a test are printed. */
static inline int harness_fail(const char *file, int line)
{
    if (++harness_test_failures > 20)
        return 0;
    printf("  %s:%d: ", file, line);
    return 1;
}

#define CHECK(condition)                                                                \
    do {                                                                                \
        if (!(condition) && harness_fail(__FILE__, __LINE__))                           \
            printf("not true: %s\n", #condition);                                       \
    } while (0)

#define REQUIRE(condition)                                                              \
    do {                                                                                \
        if (!(condition)) {                                                             \
            if (harness_fail(__FILE__, __LINE__))                                       \
                printf("not true: %s\n", #condition);                                   \
            return;                                                                     \
        }                                                                               \
    } while (0)

#define CHECK_EQUAL(actual, expected)                                                   \
    do {                                                                                \
        const long long harness_actual = (long long)(actual);                           \
        const long long harness_expected = (long long)(expected);                       \
        if (harness_actual != harness_expected && harness_fail(__FILE__, __LINE__))     \
            printf("%s is %lld, not %lld\n", #actual, harness_actual, harness_expected); \
    } while (0)

#define CHECK_NEAR(actual, expected, tolerance)                                         \
    do {                                                                                \
        const double harness_actual = (double)(actual);                                 \
        const double harness_expected = (double)(expected);                             \
        if (!(fabs(harness_actual - harness_expected) <= (double)(tolerance)) &&        \
            harness_fail(__FILE__, __LINE__))                                           \
            printf("%s is %g, not %g\n", #actual, harness_actual, harness_expected);    \
    } while (0)

#define CHECK_BYTES(actual, expected, count)                                            \
    do {                                                                                \
        if (memcmp((actual), (expected), (count)) != 0 && harness_fail(__FILE__, __LINE__)) \
            printf("%s differs from %s\n", #actual, #expected);                         \
    } while (0)

/* Leaves the test, counted as skipped with a line that says why. */
#define SKIP(reason)                                                                    \
    do {                                                                                \
        harness_skip_reason = (reason);                                                 \
        return;                                                                         \
    } while (0)

/*
 * The folder of the ITU test sequences: TRUNKGATE_VECTORS, else ../shared/vectors beside the
 * project (tests run in its top folder). NULL where the file `name` is not in it; with CI=true that
 * is a failure, not a skip.
 */
static inline const char *harness_vector(const char *name)
{
    static char path[4096];
    const char *folder = getenv("TRUNKGATE_VECTORS");
    snprintf(path, sizeof path, "%s/%s", folder != NULL ? folder : "../shared/vectors", name);
    FILE *file = fopen(path, "rb");
    if (file != NULL) {
        fclose(file);
        return path;
    }
    const char *ci = getenv("CI");
    if (ci != NULL && strcmp(ci, "true") == 0 && harness_fail(__FILE__, __LINE__))
        printf("CI is true and the test vector %s is missing\n", path);
    return NULL;
}

/* Reads at most `limit` octets of a file; returns how many. */
static inline size_t harness_read(const char *path, void *memory, size_t limit)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return 0;
    const size_t count = fread(memory, 1, limit, file);
    fclose(file);
    return count;
}

/* A generator of its own, so that tests do not depend on the library's: xorshift64*. */
static inline uint32_t harness_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * UINT64_C(2685821657736338717)) >> 32);
}

static inline int harness_main(int count, char **arguments)
{
    int passed = 0, failed = 0, skipped = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (struct harness_test *test = harness_first; test != NULL; test = test->next) {
        if (count > 1 && strstr(test->name, arguments[1]) == NULL)
            continue;
        harness_test_failures = 0;
        harness_skip_reason = NULL;
        test->run();
        if (harness_test_failures > 0) {
            printf("FAILED %s\n", test->name);
            failed++;
        } else if (harness_skip_reason != NULL) {
            printf("skipped %s: %s\n", test->name, harness_skip_reason);
            skipped++;
        } else {
            passed++;
        }
    }
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed > 0 || passed + skipped == 0 ? 1 : 0;
}

#define MAIN()                                                                          \
    int main(int count, char **arguments)                                               \
    {                                                                                   \
        return harness_main(count, arguments);                                          \
    }

#endif
