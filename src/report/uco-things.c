/* SPDX-License-Identifier: Apache-2.0 */
/* What was acquired, and what came of it. */
#include <string.h>

#include "audit/artefacts.h"
#include "base/json.h"
#include "report/uco-private.h"

/* ------------------------------------------------------------------ source */

static void put_reference(struct text *t, const struct cast *n,
                          uint64_t number, const char *value)
{
    char id[UCO_ID];

    if (!value[0])
        return;
    uco_open(t, "core:externalReference",
             uco_id(id, n->head, "ExternalReference", number),
             "core:ExternalReference");
    json_put_text(t, "core:definingContext", "AWS EC2");
    json_put_text(t, "core:externalIdentifier", value);
    json_close(t, '}');
}

static void put_snapshot(struct text *t, const struct run_record *l,
                         const struct cast *n)
{
    autotext struct text arn = TEXT_INIT;

    text_add(&arn, "arn:");
    text_add(&arn, l->partition[0] ? l->partition : "aws");
    text_add(&arn, ":ec2:");
    text_add(&arn, l->region);
    text_add(&arn, "::snapshot/");
    text_add(&arn, l->snapshot);
    t->failed |= arn.failed;
    uco_open(t, NULL, n->snapshot, "observable:Snapshot");
    uco_put_text(t, "core:name", l->snapshot);
    uco_put_text(t, "core:description", l->told_description);
    put_reference(t, n, 0, l->snapshot[0] && !arn.failed ? arn.s : "");
    json_close(t, '}');
}

static void put_account(struct text *t, const struct run_record *l,
                        const struct cast *n)
{
    char id[UCO_ID];

    if (!l->owner[0])
        return;
    uco_open(t, NULL, n->account, "observable:DigitalAccount");
    uco_open(t, "core:hasFacet", uco_id(id, n->head, "AccountFacet", 0),
             "observable:AccountFacet");
    json_put_text(t, "observable:accountIdentifier", l->owner);
    json_close(t, '}');
    json_close(t, '}');
}

static void put_source(struct text *t, const struct report *r,
                       const struct cast *n)
{
    const struct run_record *l = r->log;
    char id[UCO_ID];

    put_snapshot(t, l, n);
    put_account(t, l, n);
    if (!l->volume_id[0])
        return;
    uco_open(t, NULL, n->volume, "observable:Volume");
    json_put_text(t, "core:name", l->volume_id);
    put_reference(t, n, 1, l->volume_id);
    json_close(t, '}');
    uco_put_relation(t, uco_id(id, n->head, "Relationship", 0), n->snapshot,
                     "Copied_From", n->volume);
}

/* ------------------------------------------------------------------- image */

/* Of content: how long it is, and its digests. */
static void put_content(struct text *t, const struct cast *n,
                        uint64_t number, uint64_t size,
                        const struct hashes *h)
{
    static const char *const methods[HASH_KINDS] = {
        [HASH_MD5] = "MD5", [HASH_SHA1] = "SHA1", [HASH_SHA256] = "SHA256",
    };
    char id[UCO_ID], hex[2 * HASH_MAX + 1];

    uco_open(t, NULL, uco_id(id, n->head, "ContentDataFacet", number),
             "observable:ContentDataFacet");
    if (size != RUN_UNTOLD)
        json_put_u64(t, "observable:sizeInBytes", size);
    json_open(t, "observable:hash", '[');
    for (int k = 0; k < HASH_KINDS; k++) {
        if (!(h->have & HASH_BIT(k)))
            continue;
        uco_open(t, NULL, uco_id(id, n->head, "Hash", number * HASH_KINDS
                                 + (uint64_t)k), "types:Hash");
        json_put_text(t, "types:hashMethod", methods[k]);
        json_open(t, "types:hashValue", '{');
        json_put_text(t, "@type", "xsd:hexBinary");
        json_put_text(t, "@value", hashes_hex(h, (enum hash_kind)k, hex));
        json_close(t, '}');
        json_close(t, '}');
    }
    json_close(t, ']');
    json_close(t, '}');
}

static void put_file(struct text *t, const struct run_file *f, uint64_t i,
                     const struct cast *n)
{
    char id[UCO_ID], file[UCO_ID];

    uco_id(file, n->head, "File", i);
    uco_open(t, NULL, file, "observable:File");
    json_open(t, "core:hasFacet", '[');
    uco_open(t, NULL, uco_id(id, n->head, "FileFacet", i),
             "observable:FileFacet");
    json_put_text(t, "observable:fileName", f->name);
    if (f->size != RUN_UNTOLD)
        json_put_u64(t, "observable:sizeInBytes", f->size);
    json_close(t, '}');
    put_content(t, n, i + 1, f->size, &f->hashes);
    json_close(t, ']');
    json_close(t, '}');
    if (artefact_is(f->name, ARTEFACT_IMAGE))
        uco_put_relation(t, uco_id(id, n->head, "Relationship", i + 2),
                         n->media, "Contained_Within", file);
}

static void put_range(struct text *t, const struct story_unreadable *u,
                      uint64_t i, const struct cast *n)
{
    char id[UCO_ID];

    uco_open(t, NULL, uco_id(id, n->head, "DataRange", i),
             "observable:ObservableObject");
    json_put_text(t, "core:name", "unreadable, zeros in the image");
    uco_put_text(t, "core:description", u->reason);
    uco_open(t, "core:hasFacet", uco_id(id, n->head, "DataRangeFacet", i),
             "observable:DataRangeFacet");
    if (u->offset != RUN_UNTOLD)
        json_put_u64(t, "observable:rangeOffset", u->offset);
    if (u->length != RUN_UNTOLD)
        json_put_u64(t, "observable:rangeSize", u->length);
    json_close(t, '}');
    json_close(t, '}');
}

/* The content of the volume, which its files hold. */
static void put_media(struct text *t, const struct report *r,
                      const struct cast *n)
{
    char id[UCO_ID];

    uco_open(t, NULL, n->media, "observable:Image");
    json_put_text(t, "core:name", "content of the volume");
    json_open(t, "core:hasFacet", '[');
    uco_open(t, NULL, uco_id(id, n->head, "ImageFacet", 0),
             "observable:ImageFacet");
    uco_put_text(t, "observable:imageType", r->log->formats);
    json_close(t, '}');
    put_content(t, n, 0, r->log->volume_size, &r->log->stream);
    json_close(t, ']');
    json_close(t, '}');
}

static void put_exhibit(struct text *t, const struct report *r,
                        const struct cast *n)
{
    uco_open(t, NULL, n->exhibit, "investigation:ProvenanceRecord");
    uco_put_text(t, "core:description", r->log->description);
    uco_put_text(t, "investigation:exhibitNumber", r->log->evidence_number);
    uco_put_ref(t, "core:object", n->media);
    json_close(t, '}');
}

void uco_put_things(struct text *t, const struct report *r,
                    const struct cast *n)
{
    put_source(t, r, n);
    for (size_t i = 0; i < r->story.nunreadable; i++)
        put_range(t, &r->story.unreadable[i], i, n);
    if (!n->image)
        return;
    put_media(t, r, n);
    put_exhibit(t, r, n);
    for (size_t i = 0; i < r->log->nfiles; i++)
        put_file(t, &r->log->files[i], i, n);
}
