/* SPDX-License-Identifier: Apache-2.0 */
/* Papers whose line ends were changed on the way, as a copy that was made as
 * text has them: what they say is what was written. */
#include "audit/line-ends.h"

#include <string.h>

#include "audit/artefacts.h"
#include "verify/verification.h"

void verify_tell_line_ends(struct findings *f, const char *name)
{
    findings_add(f, FINDING_LINE_ENDS, name, "has the line ends of another "
                 "system: they were changed on the way");
}

static bool has_digests(const struct hashes *now, const struct hashes *then)
{
    for (int k = 0; k < HASH_KINDS; k++)
        if ((now->have & then->have & HASH_BIT(k))
            && memcmp(now->value[k], then->value[k], hash_sizes[k]) != 0)
            return false;
    return (now->have & then->have) != 0;
}

/* What was found before the files are read stands still meanwhile. */
static bool is_told(const struct findings *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->list[i].kind == FINDING_LINE_ENDS
            && strcmp(f->list[i].about, name) == 0)
            return true;
    return false;
}

bool verify_same_but_line_ends(struct verification *v,
                               const struct file_check *f)
{
    struct hashes now = { 0 };
    struct err ignored = ERR_INIT;
    uint64_t size;

    if (!f->is || f->is->role == ARTEFACT_IMAGE || !f->hashes.have
        || line_ends_hash(f->path, f->hashes.have, &now, &size, &ignored) < 0
        || (f->size != RUN_UNTOLD && size != f->size)
        || !has_digests(&now, &f->hashes))
        return false;
    if (!is_told(&v->found, f->name))
        verify_tell_line_ends(&v->files, f->name);
    return true;
}
