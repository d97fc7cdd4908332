/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-mark.h"

#include <errno.h>
#include <libewf.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "base/scope.h"
#include "image/ewf-section.h"
#include "image/ewf-walk.h"
#include "image/ewf.h"

/* In the sections "volume" and "data". */
#define MEDIA_FLAGS 36
#define CHECKSUM 4            /* at their end: Adler-32 of all before it */

static uint32_t sum_of(const unsigned char volume[EWF_VOLUME])
{
    return (uint32_t)adler32(1, volume, EWF_VOLUME - CHECKSUM);
}

static bool is_ours(const struct ewf_part *p)
{
    return (strcmp(p->type, "volume") == 0 || strcmp(p->type, "data") == 0)
        && p->bytes >= EWF_VOLUME;
}

static void set_flag(unsigned char volume[EWF_VOLUME])
{
    unsigned char *sum = volume + EWF_VOLUME - CHECKSUM;
    uint32_t n;

    volume[MEDIA_FLAGS] |= LIBEWF_MEDIA_FLAG_PHYSICAL;
    n = sum_of(volume);
    for (int i = 0; i < CHECKSUM; i++)
        sum[i] = (unsigned char)(n >> 8 * i);
}

/* In one write, inside one page nearly always: what dies here leaves the old
 * or the new one. */
static int write_back(int fd, const char *path, uint64_t at,
                      const unsigned char volume[EWF_VOLUME], struct err *e)
{
    errno = 0;
    if (pwrite(fd, volume, EWF_VOLUME, (off_t)at) != EWF_VOLUME)
        return err_set(e, ERR_DEST, errno, "cannot write %s", path);
    return 0;
}

static int mark_section(const struct ewf_walk *w, const struct ewf_part *p,
                        int fd, struct err *e)
{
    unsigned char volume[EWF_VOLUME];
    size_t got;

    if (ewf_walk_read(w, p->data, volume, sizeof(volume), &got, e) < 0)
        return -1;
    if (got != EWF_VOLUME
        || ewf_number(volume + EWF_VOLUME - CHECKSUM, CHECKSUM)
            != sum_of(volume))
        return err_set(e, ERR_VERIFY, 0, "%s: its section \"%s\" is damaged",
                       w->path, p->type);
    if (volume[MEDIA_FLAGS] & LIBEWF_MEDIA_FLAG_PHYSICAL)
        return 0;
    set_flag(volume);
    return write_back(fd, w->path, p->data, volume, e);
}

static int mark_sections(struct ewf_walk *w, int fd, struct err *e)
{
    struct ewf_part p;
    int r;

    while ((r = ewf_walk_next(w, &p, e)) > 0)
        if (is_ours(&p) && mark_section(w, &p, fd, e) < 0)
            return -1;
    return r;
}

static int mark_segment(const char *path, struct err *e)
{
    autoclose int fd = -1;
    struct ewf_walk w;
    int r;

    if (file_reopen(path, &fd, e) < 0 || ewf_walk_open(&w, path, false, e) < 0)
        return -1;
    r = mark_sections(&w, fd, e);
    ewf_walk_close(&w);
    return r < 0 ? -1 : file_sync(fd, path, e);
}

int ewf_mark_physical(const char *first, struct err *e)
{
    char **paths = ewf_paths(first, e);
    int r = paths ? 0 : -1;

    for (size_t i = 0; r == 0 && paths[i]; i++)
        r = mark_segment(paths[i], e);
    ewf_paths_free(paths);
    return r;
}
