#include "frame.h"

/* Fields are sent most significant bit first, without gaps; at most 32 bits wait in `bits`. */
struct writer {
    uint8_t *octets;
    uint32_t bits;
    int count;
};

static void put(struct writer *writer, int16_t value, int width)
{
    writer->bits = writer->bits << width | ((uint32_t)value & ((1u << width) - 1));
    writer->count += width;
    while (writer->count >= 8) {
        writer->count -= 8;
        *writer->octets++ = (uint8_t)(writer->bits >> writer->count);
    }
}

struct reader {
    const uint8_t *octets;
    uint32_t bits;
    int count;
};

static int16_t take(struct reader *reader, int width)
{
    while (reader->count < width) {
        reader->bits = reader->bits << 8 | *reader->octets++;
        reader->count += 8;
    }
    reader->count -= width;
    return (int16_t)((reader->bits >> reader->count) & ((1u << width) - 1));
}

void g729_pack_speech(const struct g729_speech *speech, uint8_t octets[10])
{
    struct writer writer = {octets, 0, 0};
    put(&writer, speech->lsp1, 8);
    put(&writer, speech->lsp2, 10);
    for (int i = 0; i < 2; i++) {
        put(&writer, speech->subframe[i].pitch, i == 0 ? 8 : 5);
        if (i == 0)
            put(&writer, speech->parity, 1);
        put(&writer, speech->subframe[i].positions, 13);
        put(&writer, speech->subframe[i].signs, 4);
        put(&writer, speech->subframe[i].gains, 7);
    }
}

void g729_unpack_speech(const uint8_t octets[10], struct g729_speech *speech)
{
    struct reader reader = {octets, 0, 0};
    speech->lsp1 = take(&reader, 8);
    speech->lsp2 = take(&reader, 10);
    for (int i = 0; i < 2; i++) {
        speech->subframe[i].pitch = take(&reader, i == 0 ? 8 : 5);
        if (i == 0)
            speech->parity = take(&reader, 1);
        speech->subframe[i].positions = take(&reader, 13);
        speech->subframe[i].signs = take(&reader, 4);
        speech->subframe[i].gains = take(&reader, 7);
    }
}

void g729_pack_sid(const struct g729_sid *sid, uint8_t octets[2])
{
    struct writer writer = {octets, 0, 0};
    put(&writer, sid->predictor, 1);
    put(&writer, sid->stage1, 5);
    put(&writer, sid->stage2, 4);
    put(&writer, sid->gain, 5);
    put(&writer, 0, 1);
}

void g729_unpack_sid(const uint8_t octets[2], struct g729_sid *sid)
{
    struct reader reader = {octets, 0, 0};
    sid->predictor = take(&reader, 1);
    sid->stage1 = take(&reader, 5);
    sid->stage2 = take(&reader, 4);
    sid->gain = take(&reader, 5);
}

int16_t g729_pitch_parity(int16_t pitch)
{
    return (int16_t)(1 ^ (__builtin_popcount((unsigned)(pitch >> 2) & 0x3F) & 1));
}
