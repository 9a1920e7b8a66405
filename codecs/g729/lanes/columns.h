/* A lane from and to a column of rows. */
#ifndef TRUNKGATE_CODECS_G729_LANES_COLUMNS_H
#define TRUNKGATE_CODECS_G729_LANES_COLUMNS_H

#include "vector.h"

static void load_column(v16 *rows, unsigned lane, const int16_t *numbers, int count)
{
    for (int i = 0; i < count; i++)
        rows[i][lane] = numbers[i];
}

static void store_column(const v16 *rows, unsigned lane, int16_t *numbers, int count)
{
    for (int i = 0; i < count; i++)
        numbers[i] = rows[i][lane];
}

#endif
