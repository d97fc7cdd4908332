/* SPDX-License-Identifier: Apache-2.0 */
/* DeleteSnapshot. */
#include <string.h>

#include "keyring.h"
#include "request.h"
#include "scope.h"
#include "store.h"
#include "when.h"
#include "xml.h"

/* NULL after making the answer.  What others share is not ours to delete. */
static struct snapshot *find(struct request *r, const char *id)
{
    struct snapshot *s = store_find(r->server->store, id);

    if (!snapshot_id_valid(id))
        fault_answer(r, FAULT_EC2_MALFORMED,
                     "Invalid id: \"%s\" (expecting \"snap-...\")", id);
    else if (!s || snapshot_deleted(s) ||
             strcmp(s->owner, KEYRING_ACCOUNT) != 0)
        fault_answer(r, FAULT_EC2_NOT_FOUND,
                     "The snapshot '%s' does not exist.", id);
    else if (s->image[0])
        fault_answer(r, FAULT_EC2_IN_USE,
                     "The snapshot %s is currently in use by %s", id,
                     s->image);
    else
        return s;
    return NULL;
}

static int mark(struct store *st, struct snapshot *s, struct fail *f)
{
    autolock(store_lock(st));

    __atomic_store_n(&s->deleted, (uint64_t)when_now(), __ATOMIC_RELAXED);
    return store_save(st, s, f);
}

void ec2_delete(struct request *r)
{
    const char *id = params_get(&r->params, "SnapshotId");
    struct snapshot *s = find(r, id ? id : "");
    struct fail f;

    if (!s)
        return;
    if (mark(r->server->store, s, &f) < 0) {
        fault_answer(r, FAULT_500, "%s", f.msg);
        return;
    }
    xml_ec2_begin(r);
    bytes_xml(&r->answer.body, "return", "true");
    xml_ec2_end(r);
}
