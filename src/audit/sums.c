/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/sums.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"

#define STREAM_COMMENT "# raw stream: "

/* The characters that would break a line, as coreutils write them. */
static const char *escape_of(char c)
{
    static const struct {
        char c;
        const char *escape;
    } escapes[] = { { '\n', "\\n" }, { '\r', "\\r" }, { '\\', "\\\\" } };

    for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
        if (c == escapes[i].c)
            return escapes[i].escape;
    return NULL;
}

static void add_name(struct text *t, const char *name)
{
    for (; *name; name++) {
        const char *escape = escape_of(*name);

        text_addn(t, escape ? escape : name, escape ? 2 : 1);
    }
}

static void add_file(struct text *t, enum hash_kind kind,
                     const struct sums_file *f)
{
    char hex[2 * HASH_MAX + 1];

    /* The backslash in front says that the name is escaped. */
    text_addf(t, "%s%s  ", strpbrk(f->name, "\n\r\\") ? "\\" : "",
              hashes_hex(&f->hashes, kind, hex));
    add_name(t, f->name);
    text_add(t, "\n");
}

/* Whoever looks here for a segment is told where it is.  Without names: a
 * newline in one would end the comment. */
static void add_absent(struct text *t, enum hash_kind kind,
                       const struct sums_file *files, size_t nfiles)
{
    unsigned absent = 0, have = 0;

    for (size_t i = 0; i < nfiles; i++)
        if (!(files[i].hashes.have & HASH_BIT(kind))) {
            absent++;
            have |= files[i].hashes.have;
        }
    for (int k = 0; absent && k < HASH_KINDS; k++)
        if (have & HASH_BIT(k))
            text_addf(t, "# %u more of the files: see the .%s file\n", absent,
                      hash_names[k]);
}

static int write_text(const char *path, const struct text *t, struct err *e)
{
    autoclose int fd = -1;

    if (t->failed)
        return err_nomem(e);
    if (file_create(path, &fd, e) < 0
        || file_write(fd, t->s, t->len, path, e) < 0
        || file_sync(fd, path, e) < 0)
        return -1;
    return file_close(&fd, path, e);
}

static void add_files(struct text *t, enum hash_kind kind,
                      const struct sums_file *files, size_t nfiles)
{
    for (size_t i = 0; i < nfiles; i++)
        if (files[i].hashes.have & HASH_BIT(kind))
            add_file(t, kind, &files[i]);
}

int sums_write(const char *path, enum hash_kind kind,
               const struct hashes *stream, const struct sums_file *files,
               size_t nfiles, struct err *e)
{
    autotext struct text t = TEXT_INIT;
    char hex[2 * HASH_MAX + 1];

    if (stream->have & HASH_BIT(kind))
        text_addf(&t, STREAM_COMMENT "%s\n", hashes_hex(stream, kind, hex));
    add_absent(&t, kind, files, nfiles);
    add_files(&t, kind, files, nfiles);
    return write_text(path, &t, e);
}

int sums_write_headed(const char *path, enum hash_kind kind,
                      const char *title, const char *value,
                      const struct sums_file *files, size_t nfiles,
                      struct err *e)
{
    autotext struct text t = TEXT_INIT;

    text_addf(&t, "# %s: %s\n", title, value);
    add_files(&t, kind, files, nfiles);
    return write_text(path, &t, e);
}

/* ------------------------------------------------------------------- read */

#define SUMS_LIMIT (16 * MIB)

/* Undoes add_name(), in place; -1 for an escape that it does not make. */
static int unescape(char *s)
{
    static const char from[] = "nr\\";
    static const char to[] = "\n\r\\";
    char *out = s;

    for (; *s; s++) {
        const char *at;

        if (*s != '\\') {
            *out++ = *s;
            continue;
        }
        at = *++s ? strchr(from, *s) : NULL;
        if (!at)
            return -1;
        *out++ = to[at - from];
    }
    *out = '\0';
    return 0;
}

/* One line, without its newline, into `f'. */
static int read_line(char *line, enum hash_kind kind, struct sums_file *f)
{
    size_t n = 2 * hash_sizes[kind];
    bool escaped = *line == '\\';
    char *name;

    line += escaped;
    if (strlen(line) < n + 3 || strncmp(line + n, "  ", 2) != 0)
        return -1;
    line[n] = '\0';
    name = line + n + 2;
    if (hex_decode(f->hashes.value[kind], hash_sizes[kind], line) < 0
        || (escaped && unescape(name) < 0))
        return -1;
    f->hashes.have = HASH_BIT(kind);
    f->name = strdup(name);
    return 0;
}

/* Twice as many each time it is full: at every power of two. */
static struct sums_file *new_file(struct sums *out)
{
    size_t n = out->nfiles;
    struct sums_file *more;

    if ((n & (n - 1)) == 0) {
        more = realloc(out->files, (n ? 2 * n : 1) * sizeof(*more));
        if (!more)
            return NULL;
        out->files = more;
    }
    memset(&out->files[n], 0, sizeof(*more));
    return &out->files[n];
}

static int add_line(char *line, enum hash_kind kind, struct sums *out,
                    struct err *e)
{
    struct sums_file *f;

    if (out->nfiles == SUMS_FILES_MAX)
        return err_set(e, ERR_VERIFY, 0, "names more than %d files",
                       SUMS_FILES_MAX);
    f = new_file(out);
    if (!f)
        return err_nomem(e);
    if (read_line(line, kind, f) < 0)
        return err_set(e, ERR_VERIFY, 0, "line %zu is none of ours",
                       out->lines);
    if (!f->name)
        return err_nomem(e);
    f->line = out->lines;
    out->nfiles++;
    return 0;
}

/* Only the stream's comment means something. */
static int add_comment(const char *line, enum hash_kind kind,
                       struct sums *out, struct err *e)
{
    size_t n = strlen(STREAM_COMMENT);

    if (strncmp(line, STREAM_COMMENT, n) != 0)
        return 0;
    if (hex_decode(out->stream.value[kind], hash_sizes[kind], line + n) < 0)
        return err_set(e, ERR_VERIFY, 0,
                       "has a digest of the raw stream that is none");
    out->stream.have |= HASH_BIT(kind);
    return 0;
}

/* In a name it would be written as an escape. */
static void undo_line_end(char *line, struct sums *out)
{
    size_t n = strlen(line);

    if (n == 0 || line[n - 1] != '\r')
        return;
    line[n - 1] = '\0';
    out->line_ends = true;
}

int sums_read(const char *path, enum hash_kind kind, struct sums *out,
              struct err *e)
{
    autotext struct text t = TEXT_INIT;
    char *rest;
    char *line;
    autoclose int fd = -1;
    int r = 0;

    memset(out, 0, sizeof(*out));
    if (file_open(path, &fd, e) < 0 || file_slurp(path, SUMS_LIMIT, &t, e) < 0)
        return -1;
    if (strlen(t.s) != t.len) /* a NUL would hide what follows it */
        return err_set(e, ERR_VERIFY, 0, "is not a text");
    rest = t.s;
    while (r == 0 && (line = strsep(&rest, "\n"))) {
        out->lines++;
        if (rest)
            undo_line_end(line, out);
        if (*line == '#')
            r = add_comment(line, kind, out, e);
        else if (*line)
            r = add_line(line, kind, out, e);
    }
    return r;
}

void sums_free(struct sums *s)
{
    for (size_t i = 0; i < s->nfiles; i++)
        free(s->files[i].name);
    free(s->files);
    memset(s, 0, sizeof(*s));
}

/* ------------------------------------------------------------- for others */

void sums_add_line(struct text *t, enum hash_kind kind,
                   const struct sums_file *f)
{
    add_file(t, kind, f);
}

int sums_read_line(char *line, enum hash_kind kind, struct sums_file *f)
{
    return read_line(line, kind, f);
}
