/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/artefacts.h"

#include <string.h>

#include "base/text.h"

/* ---------------------------------------------------------------- pieces */

#define DIGITS "0123456789"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* "E01" to "E99", "EAA" to "ZZZ". */
static bool is_segment(const char *tail)
{
    if (strlen(tail) != 3 || *tail < 'E' || *tail > 'Z')
        return false;
    return strspn(tail, CAPITALS) == 3
        || (*tail == 'E' && strspn(tail + 1, DIGITS) == 2);
}

/* "001" and on, also "1000". */
static bool is_raw_piece(const char *tail)
{
    size_t n = strlen(tail);

    return n >= 3 && strspn(tail, DIGITS) == n;
}

/* What follows the numbers of "seal-1.p7s" and "seal-1-1.tst", and of what is
 * like them; or the suffix alone, which is all that is seen of a path. */
static bool is_of_seal(const char *tail, const char *suffix)
{
    const char *begin = SEAL_SUFFIX "-";
    size_t n = strlen(begin) - 1;

    if (strcmp(tail, suffix + 1) == 0)
        return true;
    if (strncmp(tail, begin + 1, n) != 0)
        return false;
    tail += n;
    return strcmp(tail + strspn(tail, DIGITS "-"), suffix) == 0;
}

static bool is_signature(const char *tail)
{
    return is_of_seal(tail, SIGNATURE_SUFFIX);
}

static bool is_stamp(const char *tail)
{
    return is_of_seal(tail, STAMP_SUFFIX);
}

/* ------------------------------------------------------------------ rows */

static const struct artefact rows[] = {
    { ARTEFACT_IMAGE, E01_SUFFIX, is_segment, E01_WORD, false,
      MADE_WITH_BLOCKS, HASHED_AS_IMAGE },
    { ARTEFACT_IMAGE, RAW_SUFFIX, NULL, RAW_WORD, true,
      MADE_WITH_BLOCKS, HASHED_AS_STREAM },
    { ARTEFACT_IMAGE, PIECE_SUFFIX, is_raw_piece, RAW_WORD, true,
      MADE_WITH_BLOCKS, HASHED_AS_IMAGE },
    { ARTEFACT_MANIFEST, MANIFEST_SUFFIX, NULL, NULL, false,
      MADE_WITH_BLOCKS, HASHED_AS_PAPER },
    { ARTEFACT_LOG, LOG_SUFFIX, NULL, NULL, false,
      MADE_ALL_ALONG, HASHED_AS_PAPER },
    { ARTEFACT_SUMMARY, SUMMARY_SUFFIX, NULL, NULL, false,
      MADE_OF_LOG, HASHED_AS_PAPER },
    { ARTEFACT_SUMS, ".md5", NULL, NULL, false, MADE_OF_LOG, HASHED_NOT },
    { ARTEFACT_SUMS, ".sha1", NULL, NULL, false, MADE_OF_LOG, HASHED_NOT },
    { ARTEFACT_SUMS, ".sha256", NULL, NULL, false, MADE_OF_LOG, HASHED_NOT },
    { ARTEFACT_SEAL, SEAL_SUFFIX, NULL, NULL, false,
      MADE_AFTERWARDS, HASHED_NOT },
    { ARTEFACT_SEAL, SEAL_SUFFIX "-1" SIGNATURE_SUFFIX, is_signature, NULL,
      false, MADE_AFTERWARDS, HASHED_NOT },
    { ARTEFACT_SEAL, SEAL_SUFFIX "-1-1" STAMP_SUFFIX, is_stamp, NULL, false,
      MADE_AFTERWARDS, HASHED_NOT },
    { ARTEFACT_CUSTODY, CUSTODY_SUFFIX, NULL, NULL, false,
      MADE_AFTERWARDS, HASHED_NOT },
    { ARTEFACT_CASE, CASE_SUFFIX, NULL, NULL, false,
      MADE_ALL_ALONG, HASHED_NOT },
    { ARTEFACT_CASE, CASE_SUMS_SUFFIX, NULL, NULL, false,
      MADE_OF_LOG, HASHED_NOT },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const struct artefact *artefact_row(size_t i)
{
    return i < ROWS ? &rows[i] : NULL;
}

const struct artefact *artefact_image(size_t i)
{
    size_t k = 0;

    for (; k < ROWS; k++)
        if (rows[k].role == ARTEFACT_IMAGE && i-- == 0)
            break;
    return artefact_row(k);
}

/* ---------------------------------------------------------------- which */

static const struct artefact *of_piece(const char *tail)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].is_piece && rows[i].is_piece(tail))
            return &rows[i];
    return NULL;
}

/* The longest suffix, and a suffix before a piece: ".txt" is none of an E01,
 * although ".TXT" is. */
const struct artefact *artefact_of(const char *name)
{
    const char *point = strrchr(name, '.');
    const struct artefact *best = NULL;

    for (size_t i = 0; i < ROWS; i++)
        if (text_ends_with(name, rows[i].suffix)
            && (!best || strlen(rows[i].suffix) > strlen(best->suffix)))
            best = &rows[i];
    if (best)
        return best;
    return point ? of_piece(point + 1) : NULL;
}

const struct artefact *artefact_of_run(const char *tail)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(tail, rows[i].suffix) == 0)
            return rows[i].role == ARTEFACT_CASE ? NULL : &rows[i];
    return *tail == '.' ? of_piece(tail + 1) : NULL;
}

bool artefact_is_late_segment(const char *tail)
{
    return *tail == '.' && is_segment(tail + 1)
        && strspn(tail + 1, CAPITALS) == 3;
}

bool artefact_is(const char *name, enum artefact_role role)
{
    const struct artefact *a = artefact_of(name);

    return a && a->role == role;
}

bool artefact_is_stream(const char *name)
{
    const struct artefact *a = artefact_of(name);

    return a && a->hashed == HASHED_AS_STREAM;
}

bool artefact_is_remade(const char *tail)
{
    const struct artefact *a = artefact_of_run(tail);

    return a && a->made == MADE_OF_LOG;
}

/* The kinds of digests stand in the order of the rows. */
const char *artefact_sums_suffix(enum hash_kind kind)
{
    size_t i = 0;

    while (rows[i].role != ARTEFACT_SUMS)
        i++;
    return rows[i + (size_t)kind].suffix;
}
