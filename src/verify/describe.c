/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/describe.h"

#include "base/block.h"
#include "base/file.h"
#include "image/formats.h"
#include "image/reader.h"

/* A number that is not told is the same everywhere. */
_Static_assert(FACT_NONE == RUN_UNTOLD, "what a log does not tell is left out");
_Static_assert(FACT_NONE == INFO_NONE, "so is what an image does not");

static void put_info(struct facts *f, const struct image_info *i)
{
    facts_text(f, "format", i->format);
    facts_number(f, "media_size", i->media_size);
    facts_number(f, "chunk_size", i->chunk_size);
    facts_number(f, "allocated", i->allocated);
    facts_number(f, "segments", i->segments);
    facts_text(f, "media", i->media);
    for (size_t n = 0; n < i->nfields; n++)
        facts_text(f, i->fields[n].name, i->fields[n].value);
    facts_hashes(f, "stored_", &i->stored);
    facts_number(f, "unreadable_ranges", i->nerrors);
}

static int put_image(struct facts *f, const char *path, struct err *e)
{
    struct image image;
    struct image_info info;
    int r;

    if (image_open(path, &image, e) < 0)
        return -1;
    r = image.format->info(&image, &info, e);
    if (r == 0) {
        facts_open_item(f, "file", file_name(path));
        put_info(f, &info);
        facts_close(f);
        image_info_free(&info);
    }
    image_close(&image);
    return r;
}

/* Who made it, with which keys, where and with what. */
static void put_who(struct facts *f, const struct run_record *l)
{
    facts_text(f, "account", l->account);
    facts_text(f, "acquired_as", l->arn);
    facts_text(f, "host", l->host);
    facts_text(f, "operator", l->user);
    facts_text(f, "version", l->version);
    facts_text(f, "build", l->build);
}

/* As the log names them: the log itself is none of them. */
static void put_files(struct facts *f, const struct run_record *l)
{
    facts_open_list(f, "files");
    for (size_t i = 0; i < l->nfiles; i++) {
        facts_open_item(f, "name", l->files[i].name);
        facts_number(f, "size", l->files[i].size);
        facts_hashes(f, "", &l->files[i].hashes);
        facts_close(f);
    }
    facts_close_list(f);
}

static int put_log(struct facts *f, struct evidence *ev, struct err *e)
{
    const struct run_record *l = &ev->log;
    char head[2 * LOG_HASH + 1];

    if (!ev->log_path)
        return 0;
    if (evidence_read_log(ev, e) < 0)
        return -1;
    hex_encode(head, l->check.head, LOG_HASH);
    facts_open(f, "acquisition");
    facts_text(f, "verdict", l->check.closed ? l->verdict : "none: it died");
    facts_text(f, "snapshot", l->snapshot);
    facts_text(f, "volume", l->volume_id);
    facts_text(f, "owner", l->owner);
    facts_text(f, "region", l->region);
    facts_text(f, "point_in_time", l->start_time);
    facts_text(f, "began", l->started);
    facts_text(f, "ended", l->ended);
    put_who(f, l);
    facts_text(f, "image_went_to", l->image_at);
    facts_text(f, "case_number", l->case_number);
    facts_text(f, "evidence_number", l->evidence_number);
    facts_text(f, "examiner", l->examiner);
    facts_text(f, "description", l->description);
    facts_text(f, "notes", l->notes);
    facts_number(f, "volume_size", l->volume_size);
    facts_number(f, "blocks_stored", l->stored);
    facts_number(f, "blocks_zero", l->zero);
    facts_number(f, "blocks_never_stored", l->never_stored);
    facts_number(f, "blocks_unreadable", l->unreadable);
    facts_text(f, "kind", l->medium);
    facts_text(f, "kind_because", l->medium_because);
    facts_text(f, "kind_doubt", l->medium_doubt);
    if (l->unreadable != RUN_UNTOLD)
        facts_number(f, "sectors_unreadable",
                     l->unreadable * (BLOCK_SIZE / 512));
    if (l->cached != RUN_UNTOLD)
        facts_number(f, "blocks_cached", l->cached);
    facts_hashes(f, "", &l->stream);
    facts_text(f, "renamed_from",
               evidence_is_renamed(ev) ? evidence_base(ev) : "");
    facts_text(f, "line_ends", l->check.line_ends
               ? "changed on the way; the lines are those of the chain" : "");
    facts_number(f, "log_events", l->check.events);
    facts_text(f, "log_head", head);
    facts_close(f);
    put_files(f, l);
    return 0;
}

int describe_into(struct evidence *ev, struct facts *f, struct err *e)
{
    facts_open_list(f, "images");
    for (size_t i = 0; ev->images[i]; i++)
        if (put_image(f, ev->images[i], e) < 0)
            return -1;
    facts_close_list(f);
    return put_log(f, ev, e);
}

int describe(struct evidence *ev, bool json, struct facts *out,
             struct err *e)
{
    facts_begin(out, json);
    if (describe_into(ev, out, e) < 0)
        return -1;
    facts_end(out);
    return out->t.failed ? err_nomem(e) : 0;
}
