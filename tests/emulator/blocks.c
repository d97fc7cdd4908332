/* SPDX-License-Identifier: Apache-2.0 */
#include "blocks.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "scope.h"

int blocks_open(struct blocks *b, const char *path, uint32_t every,
                uint64_t count, struct fail *f)
{
    autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *map;

    *b = (struct blocks){ .every = every };
    if (fd < 0 || fstat(fd, &st) < 0)
        return fail(f, errno, "open %s", path);
    b->records = (uint64_t)st.st_size / sizeof(struct blocks_record);
    b->count = every ? count : b->records;
    if (b->records == 0)
        return b->count ? fail(f, 0, "%s has no records", path) : 0;
    map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return fail(f, errno, "map %s", path);
    b->map = map;
    return 0;
}

void blocks_close(struct blocks *b)
{
    if (b->map)
        munmap((void *)(uintptr_t)b->map,
               b->records * sizeof(struct blocks_record));
    *b = (struct blocks){ 0 };
}

struct block blocks_at(const struct blocks *b, uint64_t pos)
{
    const struct blocks_record *r;

    if (!b->every) {
        r = &b->map[pos];
        return (struct block){ r->index, (uint64_t)r->file << 32 | r->slot,
                               r };
    }
    r = &b->map[pos % b->records];
    return (struct block){ (uint32_t)(pos * b->every),
                           (uint64_t)r->file << 32 | pos, r };
}

uint64_t blocks_from(const struct blocks *b, uint64_t index)
{
    uint64_t low = 0;
    uint64_t high = b->count;

    while (low < high) {
        uint64_t mid = low + (high - low) / 2;

        if (blocks_at(b, mid).index < index)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool blocks_find(const struct blocks *b, uint64_t index, struct block *out)
{
    uint64_t pos = blocks_from(b, index);

    if (pos == b->count)
        return false;
    *out = blocks_at(b, pos);
    return out->index == index;
}
