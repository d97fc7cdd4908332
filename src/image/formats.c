/* SPDX-License-Identifier: Apache-2.0 */
#include "image/formats.h"

#include "audit/artefacts.h"
#include "base/block.h"
#include "image/ewf.h"
#include "image/raw.h"

const struct format *const formats[FORMATS] = {
    [FORMAT_E01] = &ewf_format,
    [FORMAT_RAW] = &raw_format,
};

/* Rows of options are constant, and can only point to this. */
const char *const format_words[] = {
    [FORMAT_E01] = E01_WORD,
    [FORMAT_RAW] = RAW_WORD,
    [FORMATS] = NULL,
};

/* The next of the set from number *i on, or NULL. */
static const struct format *next(unsigned set, int *i)
{
    while (*i < FORMATS && !(set & FORMAT_BIT(*i)))
        ++*i;
    return *i < FORMATS ? formats[(*i)++] : NULL;
}

bool formats_any(unsigned set, unsigned trait)
{
    const struct format *f;

    for (int i = 0; (f = next(set, &i));)
        if (f->traits & trait)
            return true;
    return false;
}

static const struct format *unproved(unsigned set, unsigned hashes)
{
    const struct format *f;

    for (int i = 0; (f = next(set, &i));)
        if (f->proof & ~hashes)
            return f;
    return NULL;
}

bool formats_have_proof(unsigned set, unsigned hashes)
{
    return !unproved(set, hashes);
}

int formats_check_proof(unsigned set, unsigned hashes, struct err *e)
{
    const struct format *f = unproved(set, hashes);

    return f ? err_set(e, ERR_USAGE, 0, "%s", hashes ? f->no_proof
                                                     : f->no_hash) : 0;
}

size_t formats_field_shown(unsigned set, const char **lost)
{
    const struct format *f;
    size_t least = SIZE_MAX;

    *lost = "";
    for (int i = 0; (f = next(set, &i));) {
        if (!f->field_shown || f->field_shown >= least)
            continue;
        least = f->field_shown;
        *lost = f->field_lost;
    }
    return least;
}

uint32_t formats_unit(unsigned set, uint32_t chunk_size)
{
    const struct format *f;
    uint32_t unit = BLOCK_SIZE;

    for (int i = 0; (f = next(set, &i));)
        if (f->unit && f->unit(chunk_size) > unit)
            unit = f->unit(chunk_size);
    return unit;
}

int formats_check_list(unsigned set, const char *chunks, uint32_t chunk_size,
                       const struct checkpoint *at, struct err *e)
{
    const struct format *f;

    for (int i = 0; (f = next(set, &i));)
        if (f->check_list && f->check_list(chunks, chunk_size, at, e) < 0)
            return -1;
    return 0;
}
