/* `ebsimg info': what an image is, without reading all of it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/evidence.h"
#include "base/file.h"
#include "base/scope.h"
#include "cmd/commands.h"
#include "image/ewf.h"
#include "image/reader.h"

struct info_options {
    bool json;
};

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_FLAG, 0, "json", NULL, "the same as JSON",
      offsetof(struct info_options, json) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    memset(values, 0, sizeof(struct info_options));
}

/* The facts are written once, as names and values; text and JSON are two
 * ways to write a fact down. */
struct writer {
    struct text t;
    bool json;
    bool first;       /* in its JSON object */
};

static void key(struct writer *w, const char *name)
{
    if (!w->json) {
        text_addf(&w->t, "  %-20s%s", name, strlen(name) < 20 ? "" : "  ");
        return;
    }
    if (!w->first)
        text_add(&w->t, ",");
    w->first = false;
    text_add_json(&w->t, name);
    text_add(&w->t, ":");
}

static void put_text(struct writer *w, const char *name, const char *value)
{
    if (!value[0])
        return;
    key(w, name);
    if (w->json) {
        text_add_json(&w->t, value);
        return;
    }
    text_add_shown(&w->t, value);
    text_add(&w->t, "\n");
}

static void put_number(struct writer *w, const char *name, uint64_t value)
{
    if (value == RUN_UNTOLD)
        return;
    key(w, name);
    text_addf(&w->t, w->json ? "%" PRIu64 : "%" PRIu64 "\n", value);
}

static void put_hashes(struct writer *w, const char *of,
                       const struct hashes *h)
{
    char hex[2 * HASH_MAX + 1], name[40];

    for (int k = 0; k < HASH_KINDS; k++) {
        if (!(h->have & HASH_BIT(k)))
            continue;
        snprintf(name, sizeof(name), "%s%s", of,
                 w->json ? hash_names[k] : hash_titles[k]);
        put_text(w, name, hashes_hex(h, (enum hash_kind)k, hex));
    }
}

static void open_part(struct writer *w, const char *name)
{
    if (w->json) {
        key(w, name);
        text_add(&w->t, "{");
        w->first = true;
    } else {
        text_add(&w->t, w->t.len ? "\n" : "");
        text_add_shown(&w->t, name);
        text_add(&w->t, "\n");
    }
}

/* JSON has the images in a list: their names are values, not keys. */
static void open_image(struct writer *w, const char *name)
{
    if (!w->json) {
        open_part(w, name);
        return;
    }
    text_add(&w->t, w->first ? "{" : ",{");
    w->first = true;
    put_text(w, "file", name);
}

static void close_part(struct writer *w)
{
    if (w->json)
        text_add(&w->t, "}");
    w->first = false;
}

/* ------------------------------------------------------------------ parts */

static int put_e01(struct writer *w, const struct image *image,
                   struct err *e)
{
    struct ewf_info i;

    if (ewf_info_read(image->paths[0], &i, e) < 0)
        return -1;
    put_text(w, "format", i.format);
    put_number(w, "media_size", i.media_size);
    put_number(w, "chunk_size", i.chunk_size);
    put_number(w, "segments", i.segments);
    put_text(w, "media", i.physical ? "physical disk" : "logical volume");
    for (size_t n = 0; n < i.nfields; n++)
        put_text(w, i.fields[n].name, i.fields[n].value);
    put_hashes(w, "stored_", &i.stored);
    put_number(w, "unreadable_ranges", i.nerrors);
    ewf_info_free(&i);
    return 0;
}

static int put_raw(struct writer *w, const struct image *image,
                   struct err *e)
{
    uint64_t allocated = 0;
    uint64_t pieces = 0;

    for (; image->paths[pieces]; pieces++) {
        uint64_t a, size;

        if (file_usage(image->paths[pieces], &a, &size, e) < 0)
            return -1;
        allocated += a;
    }
    put_text(w, "format", "raw");
    put_number(w, "media_size", image->size);
    put_number(w, "allocated", allocated);
    put_number(w, "segments", pieces);
    return 0;
}

static int put_image(struct writer *w, const char *path, struct err *e)
{
    struct image image;
    int r;

    if (image_open(path, &image, e) < 0)
        return -1;
    open_image(w, file_name(path));
    r = image.kind == IMAGE_E01 ? put_e01(w, &image, e)
                                : put_raw(w, &image, e);
    close_part(w);
    image_close(&image);
    return r;
}

static int put_log(struct writer *w, struct evidence *ev, struct err *e)
{
    const struct run_record *l = &ev->log;
    char head[2 * LOG_HASH + 1];

    if (!ev->log_path)
        return 0;
    if (evidence_read_log(ev, e) < 0)
        return -1;
    hex_encode(head, l->check.head, LOG_HASH);
    open_part(w, "acquisition");
    put_text(w, "verdict", l->check.closed ? l->verdict : "none: it died");
    put_text(w, "snapshot", l->snapshot);
    put_text(w, "volume", l->volume_id);
    put_text(w, "began", l->started);
    put_text(w, "case_number", l->case_number);
    put_text(w, "evidence_number", l->evidence_number);
    put_text(w, "examiner", l->examiner);
    put_number(w, "volume_size", l->volume_size);
    put_number(w, "blocks_stored", l->stored);
    put_number(w, "blocks_zero", l->zero);
    put_number(w, "blocks_never_stored", l->never_stored);
    put_number(w, "blocks_unreadable", l->unreadable);
    put_hashes(w, "", &l->stream);
    put_number(w, "log_events", l->check.events);
    put_text(w, "log_head", head);
    close_part(w);
    return 0;
}

static int compose(struct writer *w, struct evidence *ev, struct err *e)
{
    if (w->json)
        text_add(&w->t, "{\"images\":[");
    for (size_t i = 0; ev->images[i]; i++)
        if (put_image(w, ev->images[i], e) < 0)
            return -1;
    if (w->json)
        text_add(&w->t, "]");
    w->first = false;
    if (put_log(w, ev, e) < 0)
        return -1;
    if (w->json)
        text_add(&w->t, "}\n");
    return w->t.failed ? err_nomem(e) : 0;
}

static int run(void *values, char **operands, int n, struct err *e)
{
    const struct info_options *opt = values;
    struct writer w = { .json = opt->json, .first = true };
    struct evidence ev;
    int r;

    (void)n;
    r = evidence_find(operands[0], &ev, e);
    if (r == 0)
        r = compose(&w, &ev, e);
    if (r == 0 && fputs(w.t.s, stdout) == EOF)
        r = err_set(e, ERR_DEST, 0, "cannot write to standard output");
    text_free(&w.t);
    evidence_free(&ev);
    return r;
}

const struct command command_info = {
    .name = "info",
    .arguments = "PREFIX|IMAGE",
    .summary = "Tells what an image is and how it was acquired",
    .options = options,
    .values_size = sizeof(struct info_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
