/* SPDX-License-Identifier: Apache-2.0 */
/* DFXML, schema 2.0.0-beta.0: which bytes of the volume are what, as runs;
 * the partitions; the files with their digests.  What the schema has no word
 * for (why a run is zeros) is an attribute of a name space of our own. */
#include <inttypes.h>
#include <string.h>
#include <sys/utsname.h>

#include "audit/artefacts.h"
#include "base/block.h"
#include "base/build-id.h"
#include "base/clock.h"
#include "base/file.h"
#include "report/forms.h"
#include "report/markup.h"

#define OURS "urn:ebsimg:report:1"

static void element(struct text *t, const char *name, const char *value)
{
    if (!value[0])
        return;
    text_addf(t, "<%s>", name);
    markup_add(t, value);
    text_addf(t, "</%s>\n", name);
}

static void attribute(struct text *t, const char *name, const char *value)
{
    if (!value[0])
        return;
    text_addf(t, " %s=\"", name);
    markup_add(t, value);
    text_add(t, "\"");
}

/* ---------------------------------------------------------- who and of what */

static void add_creator(struct text *t, const struct report *r)
{
    char made[CLOCK_TEXT];
    struct utsname u;

    text_add(t, "<creator>\n");
    element(t, "program", "ebsimg");
    element(t, "version", PACKAGE_VERSION);
    text_add(t, "<execution_environment>\n");
    if (uname(&u) == 0) {
        element(t, "os_sysname", u.sysname);
        element(t, "os_release", u.release);
        element(t, "os_version", u.version);
        element(t, "host", u.nodename);
        element(t, "arch", u.machine);
    }
    element(t, "start_time", clock_text(made, r->made));
    text_add(t, "</execution_environment>\n</creator>\n");
}

/* Further segments belong to the first file. */
static bool is_first(const struct run_file *f)
{
    const struct artefact *a = artefact_of(f->name);

    return a && a->role == ARTEFACT_IMAGE
        && text_ends_with(f->name, a->suffix);
}

static void add_source(struct text *t, const struct run_record *l)
{
    text_add(t, "<source>\n");
    for (size_t i = 0; i < l->nfiles; i++)
        if (is_first(&l->files[i]))
            element(t, "image_filename", l->files[i].name);
    text_add(t, "</source>\n");
}

static void add_digests(struct text *t, const char *name,
                        const struct hashes *h)
{
    char hex[2 * HASH_MAX + 1];

    for (int k = 0; k < HASH_KINDS; k++)
        if (h->have & HASH_BIT(k))
            text_addf(t, "<%s type=\"%s\">%s</%s>\n", name, hash_names[k],
                      hashes_hex(h, (enum hash_kind)k, hex), name);
}

static void add_acquisition(struct text *t, const struct report *r)
{
    const struct run_record *l = r->log;

    text_add(t, "<ebsimg:acquisition");
    attribute(t, "headline", report_headline(r));
    attribute(t, "verdict", l->verdict);
    attribute(t, "snapshot", l->snapshot);
    attribute(t, "volume", l->volume_id);
    attribute(t, "region", l->region);
    attribute(t, "owner", l->owner);
    attribute(t, "began", l->started);
    attribute(t, "ended", l->ended);
    attribute(t, "version", l->version);
    attribute(t, "log_head", r->head);
    text_add(t, ">\n");
    add_digests(t, "ebsimg:volume_digest", &l->stream);
    text_add(t, "</ebsimg:acquisition>\n");
}

/* -------------------------------------------------------------------- runs */

static const char *const kinds[MAP_KINDS] = {
    [MAP_STORED] = "stored",
    [MAP_CARRIED] = "carried",
    [MAP_ZERO] = "stored-zero",
    [MAP_UNREADABLE] = "unreadable",
    [MAP_NEVER] = "never-stored",
};

struct run {
    enum map_kind kind;
    uint64_t first, blocks;
};

static void add_run(struct text *t, const struct run *r)
{
    bool zeros = r->kind == MAP_ZERO || r->kind == MAP_NEVER
        || r->kind == MAP_UNREADABLE;

    if (!r->blocks)
        return;
    text_addf(t, "<byte_run img_offset=\"%" PRIu64 "\" len=\"%" PRIu64 "\"%s "
              "ebsimg:kind=\"%s\"/>\n", r->first * BLOCK_SIZE,
              r->blocks * BLOCK_SIZE, zeros ? " fill=\"0\"" : "",
              kinds[r->kind]);
}

/* Neighbours of one kind are one run. */
static void extend(struct text *t, struct run *r, enum map_kind kind,
                   uint64_t first, uint64_t blocks)
{
    if (!blocks)
        return;
    if (r->blocks && r->kind == kind) {
        r->blocks += blocks;
        return;
    }
    add_run(t, r);
    *r = (struct run){ kind, first, blocks };
}

static int walk(struct manifest_reader *rows, uint64_t blocks,
                struct sheet *s, struct err *e)
{
    struct run run = { 0 };
    struct manifest_row row;
    uint64_t next = 0;
    int r;

    while ((r = manifest_next(rows, &row, e)) > 0) {
        extend(&s->t, &run, MAP_NEVER, next, row.index - next);
        extend(&s->t, &run, map_kind_of(&row), row.index, 1);
        next = (uint64_t)row.index + 1;
        if (sheet_flush(s, e) < 0)
            return -1;
    }
    if (r == 0) {
        extend(&s->t, &run, MAP_NEVER, next, blocks - next);
        add_run(&s->t, &run);
    }
    return r;
}

static int add_runs(const struct report *r, struct sheet *s, struct err *e)
{
    struct manifest_header h;
    struct manifest_reader *rows;
    int status;

    if (!r->map.known)
        return 0;
    rows = evidence_rows(&r->papers.v.ev, &h, e);
    if (!rows)
        return -1;
    text_add(&s->t, "<byte_runs>\n");
    status = walk(rows, manifest_blocks(&h), s, e);
    manifest_close(rows);
    text_add(&s->t, "</byte_runs>\n");
    return status;
}

/* -------------------------------------------------------------- partitions */

static void add_partitions(struct text *t, const struct partition_list *l)
{
    if (!l->table[0])
        return;
    text_add(t, "<partitionsystemobject>\n");
    element(t, "pstype_str", strcmp(l->table, "GPT") == 0 ? "gpt" : "mbr");
    for (size_t i = 0; i < l->count; i++) {
        const struct partition *p = &l->list[i];

        text_addf(t, "<partitionobject>\n<byte_runs><byte_run img_offset=\"%"
                  PRIu64 "\" len=\"%" PRIu64 "\"/></byte_runs>\n"
                  "<partition_index>%u</partition_index>\n", p->offset,
                  p->length, p->number);
        element(t, "ptype_str", p->type);
        text_add(t, "</partitionobject>\n");
    }
    element(t, "error", l->doubt);
    text_add(t, "</partitionsystemobject>\n");
}

static void add_files(struct text *t, const struct run_record *l)
{
    for (size_t i = 0; i < l->nfiles; i++) {
        const struct run_file *f = &l->files[i];

        text_add(t, "<fileobject>\n");
        element(t, "filename", f->name);
        if (f->size != RUN_UNTOLD)
            text_addf(t, "<filesize>%" PRIu64 "</filesize>\n", f->size);
        add_digests(t, "hashdigest", &f->hashes);
        text_add(t, "</fileobject>\n");
    }
}

/* In words, for who reads nothing else. */
static void add_error(struct text *t, const struct report *r)
{
    if (report_status(r) != 0)
        element(t, "error", report_headline(r));
}

int report_dfxml(const struct report *r, struct sheet *s, struct err *e)
{
    struct text *t = &s->t;

    text_add(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<dfxml xmlns=\""
             "http://www.forensicswiki.org/wiki/"
             "Category:Digital_Forensics_XML\" "
             "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
             "xmlns:ebsimg=\"" OURS "\" version=\"2.0.0-beta.0\">\n"
             "<metadata>\n<dc:type>Disk Image</dc:type>\n</metadata>\n");
    add_creator(t, r);
    add_source(t, r->log);
    text_add(t, "<diskimageobject>\n");
    add_acquisition(t, r);
    if (add_runs(r, s, e) < 0)
        return -1;
    text_add(t, "<sector_size>512</sector_size>\n");
    add_partitions(t, &r->disk.partitions);
    add_error(t, r);
    text_add(t, "</diskimageobject>\n");
    add_files(t, r->log);
    text_add(t, "</dfxml>\n");
    return 0;
}
