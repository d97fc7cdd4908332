/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/delta.h"

#include <inttypes.h>
#include <string.h>

void delta_free(struct delta *d)
{
    blockset_free(d->a);
    blockset_free(d->b);
    blockset_free(d->listed);
    blockset_free(d->first);
    blockset_free(d->second);
    memset(d, 0, sizeof(*d));
}

/* The wrong answers to "is it stored?" and "is there a token?". */
static const char *fault_of(bool listed, bool stored, bool other, bool token)
{
    if (!listed)
        return stored == other ? NULL
            : "one of them alone stores it, and it is not listed as changed";
    if (stored && !token)
        return "it is listed as changed without a token, although it is "
               "stored (the right ebs:GetSnapshotBlock on that snapshot may "
               "be missing)";
    if (!stored && token)
        return "it is listed as changed with a token, although it is not "
               "stored";
    return NULL;
}

static int check(const struct delta *d, uint64_t i, struct err *e)
{
    bool a = blockset_has(d->a, i);
    bool b = blockset_has(d->b, i);
    bool listed = blockset_has(d->listed, i);
    const char *fault = fault_of(listed, a, b, blockset_has(d->first, i));

    if (!fault)
        fault = fault_of(listed, b, a, blockset_has(d->second, i));
    if (!fault && listed && !a && !b)
        fault = "it is listed as changed, and neither of them stores it";
    if (!fault)
        return 0;
    return err_set(e, ERR_SERVICE, 0, "the lists of EBS contradict each "
                   "other at block %" PRIu64 ": %s", i, fault);
}

int delta_prove(const struct delta *d, struct err *e)
{
    const struct blockset *sets[] = { d->a, d->b, d->listed };

    for (size_t s = 0; s < sizeof(sets) / sizeof(sets[0]); s++)
        for (uint64_t i = blockset_next(sets[s], 0); i != BLOCKSET_END;
             i = blockset_next(sets[s], i + 1))
            if (check(d, i, e) < 0)
                return -1;
    return 0;
}

struct delta_counts delta_count(const struct delta *d)
{
    struct delta_counts c = { 0 };

    for (uint64_t i = blockset_next(d->listed, 0); i != BLOCKSET_END;
         i = blockset_next(d->listed, i + 1)) {
        bool a = blockset_has(d->a, i);
        bool b = blockset_has(d->b, i);

        c.changed += a && b;
        c.added += !a && b;
        c.removed += a && !b;
    }
    return c;
}
