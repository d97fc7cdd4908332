/* SPDX-License-Identifier: Apache-2.0 */
/* Two documents of one run, which may have had another name when the first was
 * written. */
#include <string.h>
#include <strings.h>

#include "audit/artefacts.h"
#include "seal/document.h"

static size_t prefix_of(const char *name)
{
    size_t n = strlen(name), m = strlen(LOG_SUFFIX);

    return n > m && strcasecmp(name + n - m, LOG_SUFFIX) == 0 ? n - m : 0;
}

const char *seal_document_tail(const struct seal_document *d,
                               const char *name)
{
    for (size_t i = 0; i < d->nfiles; i++) {
        size_t n = prefix_of(d->files[i].name);

        if (n)
            return strncmp(name, d->files[i].name, n) == 0 && name[n] == '.'
                ? name + n : NULL;
    }
    return NULL;
}

static const char *tail_or_name(const struct seal_document *d,
                                const char *name)
{
    const char *tail = seal_document_tail(d, name);

    return tail ? tail : name;
}

/* That of `now' which has the place of this one. */
static const struct sums_file *find(const struct seal_document *now,
                                    const char *tail)
{
    for (size_t i = 0; i < now->nfiles; i++)
        if (strcasecmp(tail_or_name(now, now->files[i].name), tail) == 0)
            return &now->files[i];
    return NULL;
}

static int compare_files(const struct seal_document *sealed,
                         const struct seal_document *now, struct err *e)
{
    for (size_t i = 0; i < sealed->nfiles; i++) {
        const struct sums_file *a = &sealed->files[i];
        const struct sums_file *b = find(now, tail_or_name(sealed, a->name));

        if (!b)
            return err_set(e, ERR_VERIFY, 0, "%s was sealed, and is not "
                           "there", a->name);
        if (memcmp(a->hashes.value[HASH_SHA256], b->hashes.value[HASH_SHA256],
                   hash_sizes[HASH_SHA256]) != 0)
            return err_set(e, ERR_VERIFY, 0, "%s is not what was sealed",
                           b->name);
    }
    if (now->nfiles != sealed->nfiles)
        return err_set(e, ERR_VERIFY, 0, "there are files that were not "
                       "sealed");
    return 0;
}

int seal_document_compare(const struct seal_document *sealed,
                          const struct seal_document *now, struct err *e)
{
    if (strcmp(sealed->snapshot, now->snapshot) != 0)
        return err_set(e, ERR_VERIFY, 0, "the seal is of %s, the run of %s",
                       sealed->snapshot, now->snapshot);
    if (sealed->log_events != now->log_events
        || memcmp(sealed->log_head, now->log_head, LOG_HASH) != 0)
        return err_set(e, ERR_VERIFY, 0, "the log is not the one that was "
                       "sealed");
    if (memcmp(sealed->root, now->root, MANIFEST_HASH) != 0)
        return err_set(e, ERR_VERIFY, 0, "the manifest is not the one that "
                       "was sealed");
    return compare_files(sealed, now, e);
}
