/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/document.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/snapshot-id.h"

#define FIRST_LINE "# ebsimg seal 1"

/* A whole second of the clock, "2026-08-01T12:00:00Z". */
#define SECONDS_TEXT 21

/* ------------------------------------------------------------------ write */

static void add_hex(struct text *t, const char *name,
                    const unsigned char *bytes, size_t n)
{
    char hex[2 * HASH_MAX + 1];

    hex_encode(hex, bytes, n);
    text_addf(t, "# %s: %s\n", name, hex);
}

static char *seconds_text(char *buf, uint64_t wall_ns)
{
    clock_text(buf, wall_ns);
    buf[SECONDS_TEXT - 2] = 'Z';
    buf[SECONDS_TEXT - 1] = '\0';
    return buf;
}

void seal_document_write(const struct seal_document *d, struct text *t)
{
    char time[CLOCK_TEXT];

    text_add(t, FIRST_LINE "\n");
    text_addf(t, "# snapshot: %s\n", d->snapshot);
    text_addf(t, "# verdict: %s\n", outcome_name(d->verdict));
    text_addf(t, "# log events: %" PRIu64 "\n", d->log_events);
    add_hex(t, "log head", d->log_head, LOG_HASH);
    add_hex(t, "root of the blocks", d->root, MANIFEST_HASH);
    text_addf(t, "# sealed: %s\n", seconds_text(time, d->sealed));
    text_addf(t, "# sealed with: ebsimg %s\n", d->version);
    text_addf(t, "# time stamps asked for: %" PRIu64 "\n", d->stamps_wanted);
    for (size_t i = 0; i < d->nfiles; i++)
        sums_add_line(t, HASH_SHA256, &d->files[i]);
}

/* ------------------------------------------------------------------- read */

static int read_first(struct seal_document *d, const char *value)
{
    (void)d;
    return *value ? -1 : 0;
}

static int read_snapshot(struct seal_document *d, const char *value)
{
    if (!snapshot_id_ok(value) || strlen(value) >= sizeof(d->snapshot))
        return -1;
    strcpy(d->snapshot, value);
    return 0;
}

static int read_verdict(struct seal_document *d, const char *value)
{
    return outcome_parse(value, &d->verdict) < 0
        || !outcome_is_good(d->verdict) ? -1 : 0;
}

static int read_events(struct seal_document *d, const char *value)
{
    return number_parse(value, &d->log_events);
}

static int read_head(struct seal_document *d, const char *value)
{
    return hex_decode(d->log_head, sizeof(d->log_head), value);
}

static int read_root(struct seal_document *d, const char *value)
{
    return hex_decode(d->root, sizeof(d->root), value);
}

static int read_sealed(struct seal_document *d, const char *value)
{
    d->sealed = clock_parse_iso(value);
    return d->sealed ? 0 : -1;
}

static int read_version(struct seal_document *d, const char *value)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-~";
    size_t n = strlen(value);

    if (n == 0 || n >= sizeof(d->version) || strspn(value, letters) != n)
        return -1;
    strcpy(d->version, value);
    return 0;
}

static int read_stamps(struct seal_document *d, const char *value)
{
    return number_parse(value, &d->stamps_wanted) < 0
        || d->stamps_wanted > SEAL_STAMPS_MAX ? -1 : 0;
}

/* The lines before those of the files. */
static const struct {
    const char *begin;
    int (*read)(struct seal_document *d, const char *value);
} lines[] = {
    { FIRST_LINE, read_first },
    { "# snapshot: ", read_snapshot },
    { "# verdict: ", read_verdict },
    { "# log events: ", read_events },
    { "# log head: ", read_head },
    { "# root of the blocks: ", read_root },
    { "# sealed: ", read_sealed },
    { "# sealed with: ebsimg ", read_version },
    { "# time stamps asked for: ", read_stamps },
};

#define LINES (sizeof(lines) / sizeof(lines[0]))

int seal_document_add(struct seal_document *d, const char *name,
                      const unsigned char *sha256, struct err *e)
{
    struct sums_file *more;
    struct sums_file *f;

    if ((d->nfiles & (d->nfiles - 1)) == 0) {
        more = realloc(d->files, (d->nfiles ? 2 * d->nfiles : 1)
                                 * sizeof(*more));
        if (!more)
            return err_nomem(e);
        d->files = more;
    }
    f = &d->files[d->nfiles];
    memset(f, 0, sizeof(*f));
    f->name = strdup(name);
    if (!f->name)
        return err_nomem(e);
    f->hashes.have = HASH_BIT(HASH_SHA256);
    memcpy(f->hashes.value[HASH_SHA256], sha256, hash_sizes[HASH_SHA256]);
    d->nfiles++;
    return 0;
}

/* A name that leads elsewhere is none of a run's. */
static bool is_name(const char *name)
{
    return *name && !strchr(name, '/') && strcmp(name, ".") != 0
        && strcmp(name, "..") != 0;
}

static int read_file(struct seal_document *d, char *line, struct err *e)
{
    struct sums_file f = { 0 };
    int r = -1;

    if (d->nfiles == SUMS_FILES_MAX)
        return err_set(e, ERR_VERIFY, 0, "names more than %d files",
                       SUMS_FILES_MAX);
    if (sums_read_line(line, HASH_SHA256, &f) < 0)
        return err_set(e, ERR_VERIFY, 0, "holds a line that is none of a "
                       "seal");
    if (!f.name)
        return err_nomem(e);
    if (!is_name(f.name))
        err_set(e, ERR_VERIFY, 0, "names a file that is none of a run");
    else
        r = seal_document_add(d, f.name, f.hashes.value[HASH_SHA256], e);
    free(f.name);
    return r;
}

static int read_line(struct seal_document *d, size_t i, char *line,
                     struct err *e)
{
    size_t n;

    if (i >= LINES)
        return read_file(d, line, e);
    n = strlen(lines[i].begin);
    if (strncmp(line, lines[i].begin, n) == 0
        && lines[i].read(d, line + n) == 0)
        return 0;
    return err_set(e, ERR_VERIFY, 0, "is no seal that this version knows: "
                   "its line %zu does not say `%s...'", i + 1,
                   lines[i].begin);
}

static int read_lines(struct seal_document *d, char *s, struct err *e)
{
    size_t i = 0;
    char *rest = s, *line;

    for (; (line = strsep(&rest, "\n")) && (rest || *line); i++)
        if (read_line(d, i, line, e) < 0)
            return -1;
    if (d->nfiles == 0)
        return err_set(e, ERR_VERIFY, 0, "is no whole seal: it names no "
                       "file");
    return 0;
}

/* Written again it has the same bytes: so no byte of it goes unread. */
static int check_form(const struct seal_document *d, const char *bytes,
                      size_t n, struct err *e)
{
    autotext struct text again = TEXT_INIT;

    seal_document_write(d, &again);
    if (again.failed)
        return err_nomem(e);
    if (again.len == n && memcmp(again.s, bytes, n) == 0)
        return 0;
    return err_set(e, ERR_VERIFY, 0, "is not written as a seal is");
}

int seal_document_read(const char *bytes, size_t n,
                       struct seal_document *out, struct err *e)
{
    autotext struct text copy = TEXT_INIT;

    memset(out, 0, sizeof(*out));
    text_addn(&copy, bytes, n);
    if (copy.failed)
        return err_nomem(e);
    if (n == 0 || strlen(copy.s) != n)
        return err_set(e, ERR_VERIFY, 0, "is no text");
    if (read_lines(out, copy.s, e) < 0)
        return -1;
    return check_form(out, bytes, n, e);
}

void seal_document_free(struct seal_document *d)
{
    for (size_t i = 0; i < d->nfiles; i++)
        free(d->files[i].name);
    free(d->files);
    memset(d, 0, sizeof(*d));
}
