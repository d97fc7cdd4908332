#include "image/ewf_claims.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/scope.h"

/* EWF: after 13 bytes of file header, sections; each begins with 76 bytes:
 * type, where the next one is, length, padding, checksum.  Numbers are
 * little-endian. */
#define FIRST_SECTION 13
#define DESCRIPTOR 76
#define AT_NEXT 16
#define AT_LENGTH 24

/* A volume section, behind its descriptor. */
enum { AT_CHUNKS = 4, AT_SECTORS_PER_CHUNK = 8, AT_SECTORS = 16, VOLUME = 24 };

/* Each chunk has an entry of so many bytes in a table. */
#define ENTRY 4

/* A segment of 1500 MiB has some hundreds. */
#define SECTIONS_MAX 1000000u

struct segment {
    int fd;
    const char *path;
    uint64_t size;
    uint64_t set;    /* bytes of all segments */
};

static uint64_t little(const unsigned char *p, int bytes)
{
    uint64_t v = 0;

    while (bytes-- > 0)
        v = v << 8 | p[bytes];
    return v;
}

static int check_volume(const struct segment *s, const unsigned char *v,
                        struct err *e)
{
    uint64_t chunks = little(v + AT_CHUNKS, 4);
    uint64_t per_chunk = little(v + AT_SECTORS_PER_CHUNK, 4);
    uint64_t sectors = little(v + AT_SECTORS, 8);
    uint64_t room = s->set / ENTRY;

    if (chunks > room
        || (per_chunk && sectors / per_chunk > room))
        return err_set(e, ERR_VERIFY, 0, "%s is damaged: it claims more "
                       "media than its files can hold", s->path);
    return 0;
}

static bool is_volume(const unsigned char *descriptor)
{
    static const char types[][16] = { "volume", "disk", "data" };

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (memcmp(descriptor, types[i], sizeof(types[i])) == 0)
            return true;
    return false;
}

/* Leads *at to the next section, or to 0 behind the last. */
static int check_section(const struct segment *s, uint64_t *at,
                         struct err *e)
{
    unsigned char d[DESCRIPTOR + VOLUME] = { 0 };
    uint64_t next;
    size_t got;

    if (file_read_at(s->fd, d, sizeof(d), *at, &got, s->path, e) < 0) {
        e->kind = ERR_USAGE;
        return -1;
    }
    if (is_volume(d) && check_volume(s, d + DESCRIPTOR, e) < 0)
        return -1;
    next = little(d + AT_NEXT, 8);
    if (next > s->size || little(d + AT_LENGTH, 8) > s->size)
        return err_set(e, ERR_VERIFY, 0, "%s is damaged: a section goes on "
                       "behind the end of the file", s->path);
    *at = next > *at ? next : 0; /* the last one leads to itself */
    return 0;
}

static int check_segment(struct segment *s, struct err *e)
{
    autoclose int fd = -1;
    uint64_t at = FIRST_SECTION;

    if (file_open(s->path, &fd, e) < 0)
        return -1;
    s->fd = fd;
    for (unsigned n = 0; at; n++) {
        if (n == SECTIONS_MAX)
            return err_set(e, ERR_VERIFY, 0, "%s is damaged: it has more "
                           "than %u sections", s->path, n);
        if (check_section(s, &at, e) < 0)
            return -1;
    }
    return 0;
}

static uint64_t size_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

int ewf_claims_check(char **paths, struct err *e)
{
    struct segment s = { .fd = -1 };

    for (size_t i = 0; paths[i]; i++)
        s.set += size_of(paths[i]);
    for (size_t i = 0; paths[i]; i++) {
        s.path = paths[i];
        s.size = size_of(paths[i]);
        if (check_segment(&s, e) < 0)
            return -1;
    }
    return 0;
}
