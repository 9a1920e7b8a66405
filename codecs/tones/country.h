/*
 * The tones of national networks as data (E.180 Supplement 2).
 */
#ifndef TRUNKGATE_CODECS_COUNTRY_H
#define TRUNKGATE_CODECS_COUNTRY_H

#include "tone.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Names of E.180 §§3-9. */
enum country_tone {
    COUNTRY_TONE_DIAL = 0,
    COUNTRY_TONE_RINGING,             /* ringing tone, heard by the caller */
    COUNTRY_TONE_BUSY,
    COUNTRY_TONE_CONGESTION,
    COUNTRY_TONE_SPECIAL_INFORMATION,
    COUNTRY_TONE_CALL_WAITING,
    COUNTRY_TONE_COUNT
};

struct country_tones {
    char code[4]; /* ISO 3166-1 alpha-2 in capitals, or "ITU" for the recommended tones of E.180 */
    struct tone_pattern tones[COUNTRY_TONE_COUNT];
};

extern const struct country_tones country_table[];
extern const size_t country_count;

/* The row of a country, or of ITU where it has none or `code` is NULL. Never NULL. */
const struct country_tones *country_find(const char *code);

#ifdef __cplusplus
}
#endif

#endif
