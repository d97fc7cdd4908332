/* SPDX-License-Identifier: Apache-2.0 */
/* The rules for the files that a log names: their names, their digests, and
 * what of their size is known in advance. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/artefacts.h"
#include "audit/run-rules.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"

struct files {
    const struct run_record *r;
    const struct run_judge *j;
    const char *base;     /* what every name begins with; "" is not known */
    unsigned stream;      /* HASH_BIT()s that were asked for */
    unsigned of_file;
    uint64_t volume_bytes; /* of all files that are the volume itself */
    bool volume, manifest;
    const struct artefact *images[ARTEFACT_IMAGES_MAX]; /* one of a format */
    size_t nimages;
};

__attribute__((format(printf, 3, 4)))
static void bad(const struct files *x, uint64_t line, const char *fmt, ...)
{
    autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    if (vasprintf(&text, fmt, ap) < 0)
        text = NULL;
    va_end(ap);
    x->j->tell(x->j->ctx, &(struct run_finding){
        line, false, text ? text : "a file is not as it must be" });
}

/* "md5,sha256" as HASH_BIT()s. */
static unsigned kinds_of(const char *words)
{
    unsigned kinds = 0;

    for (int k = 0; k < HASH_KINDS; k++) {
        size_t n = strlen(hash_names[k]);

        for (const char *s = words; (s = strstr(s, hash_names[k])); s += n)
            if ((s == words || s[-1] == ',') && (!s[n] || s[n] == ','))
                kinds |= HASH_BIT(k);
    }
    return kinds;
}

static bool has_word(const char *words, const char *word)
{
    const char *s = strstr(words, word);

    return s && (s == words || s[-1] == ',');
}

/* ------------------------------------------------------------- each of them */

static void check_name(struct files *x, const struct run_file *f)
{
    size_t n = strlen(x->base);

    if (n && (strncmp(f->name, x->base, n) != 0 || f->name[n] != '.'
              || strchr(f->name + n + 1, '.')))
        bad(x, f->line, "%s is no file of %s", f->name, x->base);
}

static bool same(const struct hashes *a, const struct hashes *b)
{
    for (int k = 0; k < HASH_KINDS; k++)
        if ((a->have & b->have & HASH_BIT(k))
            && memcmp(a->value[k], b->value[k], hash_sizes[k]) != 0)
            return false;
    return true;
}

static void check_stream_file(struct files *x, const struct run_file *f)
{
    const struct run_record *r = x->r;

    if (f->hashes.have != r->stream.have || !same(&f->hashes, &r->stream))
        bad(x, f->line, "%s has other digests than the volume", f->name);
}

static void check_digests(struct files *x, const struct run_file *f)
{
    if ((f->hashes.have & x->of_file) != x->of_file || !f->hashes.have)
        bad(x, f->line, "%s lacks a digest that was asked for", f->name);
}

static void check_rows(struct files *x, const struct run_file *f)
{
    x->manifest = true;
    if (x->r->rows != RUN_UNTOLD
        && f->size != MANIFEST_HEADER + MANIFEST_RECORD * x->r->rows)
        bad(x, f->line, "%s has not the size of its rows", f->name);
}

static bool has_format(const struct files *x, const char *format)
{
    for (size_t i = 0; i < x->nimages; i++)
        if (strcmp(x->images[i]->format, format) == 0)
            return true;
    return false;
}

static void count_file(struct files *x, const struct run_file *f,
                       const struct artefact *a)
{
    if (a->is_volume) {
        x->volume = true;
        x->volume_bytes += f->size;
    }
    if (a->role == ARTEFACT_IMAGE && !has_format(x, a->format))
        x->images[x->nimages++] = a;
}

static void check_file(struct files *x, const struct run_file *f)
{
    const struct artefact *a = artefact_of(f->name);

    check_name(x, f);
    if (a)
        count_file(x, f, a);
    if (a && a->hashed == HASHED_AS_STREAM)
        check_stream_file(x, f);
    else
        check_digests(x, f);
    if (a && a->role == ARTEFACT_MANIFEST)
        check_rows(x, f);
}

/* ------------------------------------------------------------------ all */

static void check_twins(struct files *x)
{
    for (size_t i = 1; i < x->r->nfiles; i++) {
        const struct run_file *f = x->r->by_name[i];

        if (strcmp(f->name, x->r->by_name[i - 1]->name) == 0)
            bad(x, f->line, "%s is named twice", f->name);
    }
}

/* Each format that was asked for, and no other; none, where the image went
 * elsewhere. */
static bool has_its_formats(const struct files *x)
{
    const struct artefact *a;

    if (run_record_is_streamed(x->r))
        return x->nimages == 0;
    for (size_t i = 0; (a = artefact_image(i)); i++)
        if (has_format(x, a->format) != has_word(x->r->formats, a->format))
            return false;
    return true;
}

static void check_set(struct files *x)
{
    const struct run_record *r = x->r;
    uint64_t line = r->course.lines[RUN_FILE];

    if (x->volume && r->volume_size != RUN_UNTOLD
        && x->volume_bytes != r->volume_size)
        bad(x, line, "the raw image has %" PRIu64 " bytes, the volume %"
            PRIu64, x->volume_bytes, r->volume_size);
    if (!x->manifest)
        bad(x, line, "no file is the manifest");
    if (r->formats[0] && !has_its_formats(x))
        bad(x, line, "the files are not those of the formats %s",
            r->formats);
}

static void check_stream(struct files *x)
{
    if (x->r->stream.have != x->stream)
        bad(x, x->r->course.lines[RUN_HASHES], "the digests of the volume "
            "are not those that were asked for");
}

void run_rules_check_files(const struct run_record *r,
                           const struct run_judge *j)
{
    struct files x = {
        .r = r,
        .j = j,
        .base = file_name(r->prefix),
        .stream = kinds_of(r->hashes_asked),
        .of_file = kinds_of(r->file_hashes),
    };

    for (size_t i = 0; i < r->nfiles; i++)
        check_file(&x, &r->files[i]);
    check_twins(&x);
    check_set(&x);
    check_stream(&x);
}
