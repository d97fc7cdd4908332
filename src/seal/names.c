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

char *seal_path(const char *prefix)
{
    struct text t = TEXT_INIT;

    text_addf(&t, "%s" SEAL_SUFFIX, prefix);
    return taken(&t);
}

char *seal_signature_path(const char *prefix, unsigned i)
{
    struct text t = TEXT_INIT;

    text_addf(&t, "%s" SEAL_SUFFIX "-%u" SIGNATURE_SUFFIX, prefix, i);
    return taken(&t);
}

char *seal_stamp_path(const char *prefix, unsigned i, unsigned k)
{
    struct text t = TEXT_INIT;

    text_addf(&t, "%s" SEAL_SUFFIX "-%u-%u" STAMP_SUFFIX, prefix, i, k);
    return taken(&t);
}

unsigned seal_signatures(const char *prefix)
{
    for (unsigned n = 0; ; n++) {
        autofree char *path = seal_signature_path(prefix, n + 1);

        if (!path || n == SEAL_SIGNATURES_MAX || !file_exists(path))
            return n;
    }
}

unsigned seal_stamps(const char *prefix, unsigned i)
{
    for (unsigned n = 0; ; n++) {
        autofree char *path = seal_stamp_path(prefix, i, n + 1);

        if (!path || n == SEAL_STAMPS_MAX || !file_exists(path))
            return n;
    }
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
