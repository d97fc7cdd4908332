/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/pieces.h"

#include <string.h>

#include "audit/artefacts.h"

static const char *tail_of(const char *name)
{
    return strrchr(name, '.') + 1;
}

/* NULL: it is in one file. */
static const struct artefact *kind_of(const char *name)
{
    const struct artefact *a = artefact_of(name);

    return a && a->is_piece ? a : NULL;
}

/* Sorted, "1000" stands before "101". */
static bool is_later(const char *a, const char *b)
{
    size_t n = strlen(a);
    size_t m = strlen(b);

    return n != m ? n > m : strcmp(a, b) > 0;
}

struct pieces pieces_from(const struct run_file *files, size_t n)
{
    struct pieces p = { .last = "" };
    const struct artefact *kind = n ? kind_of(files[0].name) : NULL;

    for (size_t i = 0; kind && i < n && kind_of(files[i].name) == kind; i++) {
        const char *tail = tail_of(files[i].name);

        p.count++;
        p.bytes += files[i].size;
        if (is_later(tail, p.last))
            p.last = tail;
    }
    return p;
}
