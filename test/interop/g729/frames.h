/*
 * A speech codec as a program: samples (16 bits, little-endian, 8 kHz) to frames and back. A file of frames
 * holds, for each 10 ms, an octet that says how many follow, and these.
 *
 *   PROGRAM encode|encode-dtx|decode IN OUT
 */
#ifndef TRUNKGATE_INTEROP_G729_FRAMES_H
#define TRUNKGATE_INTEROP_G729_FRAMES_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SAMPLES 80
#define OCTETS 10

/* What each program provides; `count` is 10, 2 (SID) or 0 (untransmitted). */
void start(int discontinuous);
uint8_t encode(const int16_t samples[SAMPLES], uint8_t octets[OCTETS]);
void decode(const uint8_t *octets, uint8_t count, int16_t samples[SAMPLES]);

static void encode_all(FILE *in, FILE *out)
{
    int16_t samples[SAMPLES];
    uint8_t octets[OCTETS];
    while (fread(samples, sizeof *samples, SAMPLES, in) == SAMPLES) {
        const uint8_t count = encode(samples, octets);
        fputc(count, out);
        fwrite(octets, 1, count, out);
    }
}

static void decode_all(FILE *in, FILE *out)
{
    int16_t samples[SAMPLES];
    uint8_t octets[OCTETS];
    for (int count = fgetc(in); count != EOF && count <= OCTETS; count = fgetc(in)) {
        if (fread(octets, 1, (size_t)count, in) != (size_t)count)
            return;
        decode(octets, (uint8_t)count, samples);
        fwrite(samples, sizeof *samples, SAMPLES, out);
    }
}

int main(int count, char **arguments)
{
    FILE *in = count == 4 ? fopen(arguments[2], "rb") : NULL;
    FILE *out = count == 4 ? fopen(arguments[3], "wb") : NULL;
    if (in == NULL || out == NULL) {
        fprintf(stderr, "PROGRAM encode|encode-dtx|decode IN OUT\n");
        return 1;
    }
    start(strcmp(arguments[1], "encode-dtx") == 0);
    if (strcmp(arguments[1], "decode") == 0)
        decode_all(in, out);
    else
        encode_all(in, out);
    fclose(in);
    return fclose(out) == 0 ? 0 : 1;
}

#endif
