/* SPDX-License-Identifier: Apache-2.0 */
#include "volume/volume.h"

#include <assert.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/snapshot-id.h"
#include "volume/access.h"
#include "volume/kept.h"

static int open_image(struct volume *v, struct err *e)
{
    const char *image;

    if (evidence_find(v->name, &v->evidence, e) < 0
        || !(image = evidence_image(&v->evidence, e))
        || image_open(image, &v->image, e) < 0)
        return -1;
    v->size = v->image.size;
    return 0;
}

int volume_open(struct volume *v, const char *name,
                const struct service_options *o,
                const struct service_hooks *hooks, const char *access,
                struct err *e)
{
    memset(v, 0, sizeof(*v));
    v->name = name;
    v->options = o;
    v->is_snapshot = snapshot_id_ok(name);
    if ((v->is_snapshot ? service_open(&v->service, o, hooks, e)
                        : open_image(v, e)) < 0)
        return -1;
    v->access = access ? access_open(access, v, e) : NULL;
    return access && !v->access ? -1 : 0;
}

/* ----------------------------------------------------------------- learning */

struct survey volume_survey(struct volume *v)
{
    assert(!v->is_read);
    return (struct survey){
        .aws = v->service.aws,
        .call = v->service.call,
        .stop = &interrupted,
    };
}

static int list(struct volume *v, bool twice, struct err *e)
{
    struct survey s = volume_survey(v);
    uint64_t gib = 0;

    if ((twice ? survey_stored_twice : survey_stored)(&s, v->name, &v->stored,
                                                      &gib, e) < 0)
        return -1;
    v->size = gib * GIB;
    v->list_calls = s.calls;
    return 0;
}

static int read_manifest(struct volume *v, struct err *e)
{
    if (rows_read(&v->evidence, v->size, &v->rows, e) < 0)
        return -1;
    v->stored = v->rows.stored;
    v->rows.stored = NULL;
    return evidence_check_manifest(&v->evidence, v->rows.sha256, e);
}

/* Without a manifest what the image itself lists as unreadable is all that is
 * known; there are zeros in it, which nobody has read. */
static int read_gaps(struct volume *v, struct err *e)
{
    uint64_t done = 0;

    if (!v->image.ngaps)
        return 0;
    v->rows.unread = blockset_new((v->size + BLOCK_SIZE - 1) / BLOCK_SIZE, e);
    for (size_t i = 0; v->rows.unread && i < v->image.ngaps; i++) {
        const struct image_gap *g = &v->image.gaps[i];
        uint64_t end = (g->offset + g->size - 1) / BLOCK_SIZE + 1;

        if (done < g->offset / BLOCK_SIZE)
            done = g->offset / BLOCK_SIZE;
        for (; done < end; done++)
            blockset_add(v->rows.unread, done);
    }
    return v->rows.unread ? 0 : -1;
}

static int read_papers(struct volume *v, struct err *e)
{
    if (evidence_read_log(&v->evidence, e) < 0
        || evidence_check_log(&v->evidence, e) < 0)
        return -1;
    if (v->evidence.manifest_path)
        return read_manifest(v, e);
    if (read_gaps(v, e) < 0)
        return -1;
    return evidence_check_manifest(&v->evidence, NULL, e);
}

int volume_learn(struct volume *v, bool twice, struct err *e)
{
    if (v->is_snapshot) {
        if (list(v, twice, e) < 0)
            return -1;
    } else if (read_papers(v, e) < 0) {
        return err_in(e, "%s", v->name);
    }
    return v->access ? access_source(v->access, v, e) : 0;
}

int volume_close(struct volume *v, struct err *e)
{
    int r = access_close(v->access, e);

    kept_free(v->kept);
    if (v->is_snapshot) {
        service_close(&v->service);
    } else {
        rows_free(&v->rows);
        if (v->image.paths)
            image_close(&v->image);
        evidence_free(&v->evidence);
    }
    blockset_free(v->stored);
    memset(v, 0, sizeof(*v));
    return r;
}
