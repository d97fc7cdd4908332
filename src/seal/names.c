/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/names.h"

#include <stdlib.h>

#include "audit/artefacts.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"
#include "seal/document.h"

/* Behind the name while it is being written. */
#define NEW_SUFFIX ".new"

static char *taken(struct text *t)
{
    if (t->failed)
        text_free(t);
    return t->s;
}

/* As it is called now; by its usual name when it is not there. */
static char *find(const struct beside *set, const struct text *tail)
{
    struct text t = TEXT_INIT;
    char *path = tail->failed ? NULL : beside_path(set, tail->s);

    if (path || tail->failed)
        return path;
    text_add(&t, set->prefix);
    text_add(&t, tail->s);
    return taken(&t);
}

char *seal_path(const struct beside *set)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, SEAL_SUFFIX);
    return find(set, &t);
}

char *seal_signature_path(const struct beside *set, unsigned i)
{
    autotext struct text t = TEXT_INIT;

    text_addf(&t, SEAL_SUFFIX "-%u" SIGNATURE_SUFFIX, i);
    return find(set, &t);
}

char *seal_stamp_path(const struct beside *set, unsigned i, unsigned k)
{
    autotext struct text t = TEXT_INIT;

    text_addf(&t, SEAL_SUFFIX "-%u-%u" STAMP_SUFFIX, i, k);
    return find(set, &t);
}

bool seal_has_signature(const struct beside *set, unsigned i)
{
    autofree char *path = seal_signature_path(set, i);

    return path && file_exists(path);
}

bool seal_has_stamp(const struct beside *set, unsigned i, unsigned k)
{
    autofree char *path = seal_stamp_path(set, i, k);

    return path && file_exists(path);
}

unsigned seal_stamps(const struct beside *set, unsigned i)
{
    unsigned n = SEAL_STAMPS_MAX;

    while (n > 0 && !seal_has_stamp(set, i, n))
        n--;
    return n;
}

unsigned seal_signatures(const struct beside *set)
{
    unsigned n = SEAL_SIGNATURES_MAX;

    while (n > 0 && !seal_has_signature(set, n) && seal_stamps(set, n) == 0)
        n--;
    return n;
}

static int write_new(const char *path, const void *bytes, size_t n,
                     struct err *e)
{
    autoclose int fd = -1;

    if (file_create(path, &fd, e) < 0)
        return -1;
    if (file_write(fd, bytes, n, path, e) < 0 || file_sync(fd, path, e) < 0)
        return -1;
    return file_close(&fd, path, e);
}

int seal_put(const char *path, const void *bytes, size_t n, struct err *e)
{
    autotext struct text temporary = TEXT_INIT;
    struct err ignored = ERR_INIT;

    text_addf(&temporary, "%s" NEW_SUFFIX, path);
    if (temporary.failed)
        return err_nomem(e);
    if (file_exists(path))
        return err_set(e, ERR_DEST, 0, "%s exists already", path);
    if (file_exists(temporary.s))
        return err_set(e, ERR_DEST, 0, "%s is left of a run that died, or "
                       "another one is at work: remove it when none is",
                       temporary.s);
    if (write_new(temporary.s, bytes, n, e) == 0
        && file_publish(temporary.s, path, e) == 0)
        return file_sync_folder_of(path, e);
    file_remove(temporary.s, &ignored);
    return -1;
}
