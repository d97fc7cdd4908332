/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-walk.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "image/deflate.h"
#include "image/ewf-section.h"

/* A head: type, where the next section is, how long this one is with its
 * head, 40 bytes of nothing, Adler-32. */
enum { AT_NEXT = 16, AT_SIZE = 24, AT_CHECKSUM = 72 };

#define TYPE_ROOM 16

uint64_t ewf_number(const unsigned char *at, unsigned bytes)
{
    uint64_t v = 0;

    while (bytes-- > 0)
        v = v << 8 | at[bytes];
    return v;
}

int ewf_walk_open(struct ewf_walk *w, const char *path, bool partial,
                  struct err *e)
{
    struct stat st;

    memset(w, 0, sizeof(*w));
    w->path = path;
    w->partial = partial;
    w->at = EWF_FILE_HEAD;
    if (file_open(path, &w->fd, e) < 0) {
        w->fd = -1;
        return -1;
    }
    if (fstat(w->fd, &st) < 0) {
        ewf_walk_close(w);
        return err_set(e, ERR_USAGE, errno, "cannot read %s", path);
    }
    w->size = (uint64_t)st.st_size;
    return 0;
}

void ewf_walk_close(struct ewf_walk *w)
{
    if (w->fd >= 0)
        close(w->fd);
    w->fd = -1;
}

int ewf_walk_read(const struct ewf_walk *w, uint64_t at, void *buf, size_t n,
                  size_t *got, struct err *e)
{
    if (file_read_at(w->fd, buf, n, at, got, w->path, e) == 0)
        return 0;
    if (e->kind != ERR_INTERNAL)
        e->kind = ERR_USAGE;
    return -1;
}

static bool is_last(const char *type)
{
    return strcmp(type, "next") == 0 || strcmp(type, "done") == 0;
}

/* The length of a section with its head; 0 when its head makes no sense.  The
 * last one leads to itself; one without a length reaches to the next. */
static uint64_t length(const struct ewf_part *p, uint64_t next, uint64_t size)
{
    if (next == p->start)
        return is_last(p->type) && (size == 0 || size == EWF_SECTION_HEAD)
            ? EWF_SECTION_HEAD : 0;
    if (next < p->start || (size != 0 && size != next - p->start))
        return 0;
    return next - p->start >= EWF_SECTION_HEAD ? next - p->start : 0;
}

static int damaged(struct ewf_walk *w, const char *how, struct err *e)
{
    uint64_t at = w->at;

    w->at = 0;
    if (w->partial)
        return 0;
    return err_set(e, ERR_VERIFY, 0, "%s is damaged: the section at byte "
                   "%" PRIu64 " %s", w->path, at, how);
}

static int take(struct ewf_walk *w, const unsigned char *head,
                struct ewf_part *p, struct err *e)
{
    uint64_t next = ewf_number(head + AT_NEXT, 8);
    uint64_t size = ewf_number(head + AT_SIZE, 8);
    uint64_t n;

    memset(p, 0, sizeof(*p));
    memcpy(p->type, head, TYPE_ROOM);
    p->start = w->at;
    p->data = p->start + EWF_SECTION_HEAD;
    if (ewf_number(head + AT_CHECKSUM, 4) != adler32_of(head, AT_CHECKSUM))
        return damaged(w, "has a head whose checksum is wrong", e);
    if (next > w->size || size > w->size - p->start)
        return damaged(w, "goes on behind the end of the file", e);
    n = length(p, next, size);
    if (n == 0)
        return damaged(w, "does not lead to the next one", e);
    p->bytes = n - EWF_SECTION_HEAD;
    w->at = is_last(p->type) ? 0 : p->start + n;
    return 1;
}

int ewf_walk_next(struct ewf_walk *w, struct ewf_part *p, struct err *e)
{
    unsigned char head[EWF_SECTION_HEAD];
    size_t got;

    if (w->at == 0 || w->at >= w->size)
        return 0;
    if (w->sections++ == WALK_SECTIONS_MAX)
        return err_set(e, ERR_VERIFY, 0, "%s is damaged: it has more than "
                       "%u sections", w->path, WALK_SECTIONS_MAX);
    if (ewf_walk_read(w, w->at, head, sizeof(head), &got, e) < 0)
        return -1;
    return got == sizeof(head) ? take(w, head, p, e) : 0;
}
