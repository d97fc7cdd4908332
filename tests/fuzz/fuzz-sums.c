/* SPDX-License-Identifier: Apache-2.0 */
/* A checksum file, as each of the three kinds; what was understood is
 * written again and reads the same. */
#include <string.h>
#include <unistd.h>

#include "audit/sums.h"
#include "fuzz.h"

static void check_same(const struct sums *a, const struct sums *b,
                       enum hash_kind k)
{
    size_t n = hash_sizes[k];

    MUST(a->nfiles == b->nfiles && a->stream.have == b->stream.have);
    MUST(memcmp(a->stream.value[k], b->stream.value[k], n) == 0);
    for (size_t i = 0; i < a->nfiles; i++)
        MUST(strcmp(a->files[i].name, b->files[i].name) == 0
             && memcmp(a->files[i].hashes.value[k],
                       b->files[i].hashes.value[k], n) == 0);
}

static void read_as(const char *path, enum hash_kind k)
{
    const char *copy = fuzz_path("sums");
    struct sums s;
    struct sums again;
    struct err e = ERR_INIT;

    if (sums_read(path, k, &s, &e) < 0) {
        MUST(e.kind == ERR_VERIFY && fuzz_is_shown(e.msg));
        sums_free(&s);
        return;
    }
    unlink(copy);
    MUST(sums_write(copy, k, &s.stream, s.files, s.nfiles, &e) == 0);
    MUST(sums_read(copy, k, &again, &e) == 0);
    check_same(&s, &again, k);
    unlink(copy);
    sums_free(&again);
    sums_free(&s);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(0, data, size);

    for (int k = 0; k < HASH_KINDS; k++)
        read_as(path, (enum hash_kind)k);
    return 0;
}
