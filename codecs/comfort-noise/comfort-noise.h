/*
 * Comfort noise for codecs without their own, G.711 first: the payload of RFC 3389, the noise that a
 * payload describes, and the judgement which blocks of a signal need not be sent (G.711 Appendix II
 * leaves the detector free).
 *
 * Blocks of 10 ms. Samples are those of codec.h. A level is in -dBov: 0 dBov is the power of a square
 * wave of the highest value of mu-law, 8031 of 14 bits, +6.18 dBm0 (RFC 3389 §3.1); A-law's
 * differs by less than 0.05 dB.
 */
#ifndef TRUNKGATE_CODECS_COMFORT_NOISE_H
#define TRUNKGATE_CODECS_COMFORT_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define COMFORT_NOISE_BLOCK 80u      /* samples, 10 ms */
#define COMFORT_NOISE_ORDER 12       /* the highest order that is understood */
#define COMFORT_NOISE_SENT_ORDER 10  /* the order that is sent */
#define COMFORT_NOISE_OCTETS (1u + COMFORT_NOISE_ORDER) /* of the longest payload printed */
#define COMFORT_NOISE_PAYLOAD_TYPE 13 /* RFC 3389 §4: static, 8000 Hz */

/* RFC 3389 §3. */
struct comfort_noise_payload {
    uint8_t level;                           /* -dBov, 0..127 */
    uint8_t order;                           /* 0..COMFORT_NOISE_ORDER; 0 is white noise */
    uint8_t reflection[COMFORT_NOISE_ORDER]; /* indexes N of §3.2, 0..254; 127 is zero */
};

/* False where there is no octet. What is beyond that order, or from the reserved index 255 on, is left out. */
bool comfort_noise_parse(const uint8_t *octets, size_t count, struct comfort_noise_payload *payload);

/* Writes 1 + order octets and returns how many. */
size_t comfort_noise_print(const struct comfort_noise_payload *payload, uint8_t *octets);

/* What a level and an index stand for: mean square of 16-bit samples; k_i. */
float comfort_noise_power(uint8_t level);
float comfort_noise_reflection(uint8_t index);

/* The nearest level of a mean square, and the nearest index of a coefficient. */
uint8_t comfort_noise_level(float mean_square);
uint8_t comfort_noise_index(float reflection);

/* The noise that payloads describe. Treat as opaque. */
struct comfort_noise_generator {
    uint32_t random;
    bool described;
    float level, target_level; /* -dBov */
    float reflection[COMFORT_NOISE_ORDER], target_reflection[COMFORT_NOISE_ORDER];
    float backward[COMFORT_NOISE_ORDER]; /* of the lattice, of unit power */
};

/* The same seed gives the same noise. Silence until the first update. */
void comfort_noise_generator_init(struct comfort_noise_generator *generator, uint32_t seed);

/* From here on the noise glides to what the payload says, 63 % of the way in 35 ms; the first counts at once. */
void comfort_noise_generator_update(struct comfort_noise_generator *generator,
                                    const struct comfort_noise_payload *payload);

/* COMFORT_NOISE_BLOCK samples. */
void comfort_noise_generate(struct comfort_noise_generator *generator, int16_t *samples);

/* What is to be done with a block. */
enum comfort_noise_decision {
    COMFORT_NOISE_SPEECH = 0,  /* send it */
    COMFORT_NOISE_UPDATE = 1,  /* send a noise payload instead */
    COMFORT_NOISE_NOTHING = 2  /* send nothing */
};

/* Treat as opaque. */
#define COMFORT_NOISE_WINDOW 240 /* samples that the spectrum is taken over: 30 ms */
#define COMFORT_NOISE_LAGS 16    /* computed; COMFORT_NOISE_SENT_ORDER + 1 are used */
#define COMFORT_NOISE_FLOORS 8   /* parts of the time over which the floor is looked for */

struct comfort_noise_voice {
    float smooth;                       /* mean square, over some 50 ms */
    float minima[COMFORT_NOISE_FLOORS]; /* of the smooth one, a part each; the newest first */
    uint8_t part_blocks;                /* of the newest */
    uint8_t active_blocks;              /* of the present burst */
    uint8_t hangover;                   /* blocks still to be sent as speech */
};

struct comfort_noise_spectrum {
    float correlation[COMFORT_NOISE_LAGS]; /* [0] is the mean square */
    float predictor[COMFORT_NOISE_LAGS];   /* a_0 = 1, a_1...; zero beyond the order */
    float reflection[COMFORT_NOISE_ORDER];
    float residual;                        /* mean square of what the predictor leaves */
};

struct comfort_noise_sender {
    float last_input, last_output; /* of the filter that takes the steady part out */
    float history[COMFORT_NOISE_WINDOW];
    struct comfort_noise_voice voice;
    struct comfort_noise_spectrum noise; /* as heard in pauses */
    struct comfort_noise_spectrum sent;  /* as the far end knows it */
    uint16_t blocks_since_sent;
    bool heard, silent, due;
};

void comfort_noise_sender_init(struct comfort_noise_sender *sender);

/*
 * Judges one block of COMFORT_NOISE_BLOCK samples. An update stays due, block after block, until it is taken or speech
 * comes: a caller whose packet holds several blocks sends it as speech if any of them is, and asks again with the next.
 */
enum comfort_noise_decision comfort_noise_judge(struct comfort_noise_sender *sender,
                                                const int16_t *samples);

/* The payload that is due; it counts as sent. */
void comfort_noise_take(struct comfort_noise_sender *sender, struct comfort_noise_payload *payload);

#ifdef __cplusplus
}
#endif

#endif
