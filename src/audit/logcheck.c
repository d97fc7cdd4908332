/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/logcheck.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/hash.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "base/text.h"

/* One object of an event has at most so many members: comparing each name
 * with each is then cheap whatever the line says. */
#define MEMBERS 256

struct walk {
    const char *path;
    FILE *f;
    char *line;      /* LOG_LINE_MAX + 1 bytes; terminated, newline cut off */
    size_t len;      /* newline not counted */
    size_t taken;    /* bytes of the file */
    bool any_ends;   /* a CR before the newline is let pass */
    uint64_t number; /* of this line, 1 is the first */
    struct logcheck *out;
};

static int bad(const struct walk *w, struct err *e, const char *why)
{
    return err_set(e, ERR_VERIFY, 0, "%s: line %" PRIu64 ": %s", w->path,
                   w->number, why);
}

/* ---- one line of bytes */

static int take_end(struct walk *w, struct err *e)
{
    w->taken = w->len + 1;
    if (w->len && w->line[w->len - 1] == '\r') {
        if (!w->any_ends)
            return bad(w, e, "ends in CR LF: the line ends were changed, and "
                       "a log is gone on with only as it was written");
        w->len--;
        w->out->line_ends = true;
    }
    w->line[w->len] = '\0';
    return 1;
}

/* 1: a line; 0: the file ended before it; -1. */
static int next_line(struct walk *w, struct err *e)
{
    int c = 0;

    w->len = 0;
    while (w->len < LOG_LINE_MAX && (c = getc_unlocked(w->f)) != EOF
           && c != '\n')
        w->line[w->len++] = (char)c;
    if (ferror(w->f))
        return err_set(e, ERR_USAGE, errno, "cannot read %s", w->path);
    if (c == EOF && w->len == 0)
        return 0;
    w->number++;
    if (c == EOF)
        return bad(w, e, "cut off before its end");
    if (c != '\n')
        return bad(w, e, "too long");
    return take_end(w, e);
}

static bool is_escape(const char *s)
{
    if (*s != 'u')
        return *s && strchr("\"\\/bfnrt", *s);
    return strspn(s + 1, "0123456789abcdefABCDEF") >= 4
        && strncmp(s + 1, "0000", 4) != 0; /* would end a C string early */
}

/* cJSON lets pass what JSON forbids; this does not. */
static bool is_clean(const char *s, size_t n)
{
    size_t used;

    for (; n; s += used, n -= used) {
        if (text_utf8(s, n, &used) < 0x20)
            return false;
        if (*s == '\\' && !is_escape(s + 1))
            return false;
        if (*s == '\\')
            used = 2;
    }
    return true;
}

/* ---- the four members that every line begins with */

/* The text that must come next; moves *at behind it. */
static bool skip(const char **at, const char *text)
{
    size_t n = strlen(text);

    if (strncmp(*at, text, n) != 0)
        return false;
    *at += n;
    return true;
}

/* "2026-08-01T12:00:00.123456789Z" */
static bool skip_time(const char **at)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd.dddddddddZ";
    const char *s = *at;

    for (const char *f = form; *f; f++, s++) {
        bool digit = *s >= '0' && *s <= '9';

        if (*f == 'd' ? !digit : *s != *f)
            return false;
    }
    *at = s;
    return true;
}

static bool skip_name(const char **at)
{
    size_t n = strspn(*at, "abcdefghijklmnopqrstuvwxyz0123456789_-");

    *at += n;
    return n > 0;
}

static int check_start(const struct walk *w, struct err *e)
{
    char seq[48];
    char prev[2 * LOG_HASH + 1];
    const char *at = w->line;

    snprintf(seq, sizeof(seq), "{\"seq\":%" PRIu64 ",", w->number);
    hex_encode(prev, w->out->head, LOG_HASH);
    if (!skip(&at, seq))
        return bad(w, e, "does not begin with its own number");
    if (!skip(&at, "\"time\":\"") || !skip_time(&at)
        || !skip(&at, "\",\"event\":\"") || !skip_name(&at)
        || !skip(&at, "\",\"prev\":\""))
        return bad(w, e, "does not begin with seq, time, event, prev");
    if (!skip(&at, prev))
        return bad(w, e, w->number == 1
                   ? "is not the beginning of a log"
                   : "does not carry the SHA-256 of the line before");
    if (!skip(&at, "\",") && !skip(&at, "\"}"))
        return bad(w, e, "does not begin with seq, time, event, prev");
    return 0;
}

/* ---- JSON */

static bool has_twins(const cJSON *object)
{
    size_t n = 0;

    for (const cJSON *a = object->child; a; a = a->next) {
        if (++n > MEMBERS)
            return true;
        for (const cJSON *b = a->next; b; b = b->next)
            if (strcmp(a->string, b->string) == 0)
                return true;
    }
    return false;
}

/* As deep as cJSON parses, which is bounded. */
static bool is_strict(const cJSON *value)
{
    if (cJSON_IsObject(value) && has_twins(value))
        return false;
    for (const cJSON *c = value->child; c; c = c->next)
        if (!is_strict(c))
            return false;
    return true;
}

static void free_event(cJSON **event)
{
    cJSON_Delete(*event);
}

static int check_line(const struct walk *w,
                      int (*each)(void *, const cJSON *, struct err *),
                      void *ctx, struct err *e)
{
    __attribute__((cleanup(free_event))) cJSON *event = NULL;
    const cJSON *name;

    if (!is_clean(w->line, w->len))
        return bad(w, e, "has bytes that are no UTF-8 text");
    if (check_start(w, e) < 0)
        return -1;
    errno = 0;
    event = cJSON_ParseWithLengthOpts(w->line, w->len + 1, NULL, 1);
    if (!event && errno == ENOMEM)
        return err_nomem(e);
    if (!event)
        return bad(w, e, "is not JSON");
    if (!is_strict(event))
        return bad(w, e, "has a member twice, or too many members");
    name = cJSON_GetObjectItemCaseSensitive(event, "event");
    w->out->closed = strcmp(name->valuestring, "end") == 0;
    return each ? each(ctx, event, e) : 0;
}

static FILE *open_log(const char *path, struct err *e)
{
    autoclose int fd = -1;
    FILE *f;

    if (file_open(path, &fd, e) < 0)
        return NULL;
    f = fdopen(fd, "r");
    if (f)
        fd = -1;
    else
        err_nomem(e);
    return f;
}

static int run(const char *path, bool any_ends,
               int (*each)(void *ctx, const cJSON *event, struct err *e),
               void *ctx, struct logcheck *out, struct err *e)
{
    autofclose FILE *f = open_log(path, e);
    autofree char *line = malloc(LOG_LINE_MAX + 1);
    struct walk w = { .path = path, .f = f, .line = line,
                      .any_ends = any_ends, .out = out };
    int r;

    memset(out, 0, sizeof(*out));
    if (!f)
        return -1;
    if (!line)
        return err_nomem(e);
    while ((r = next_line(&w, e)) > 0) {
        if (interrupt_check(e) < 0
            || check_line(&w, each, ctx, e) < 0)
            return -1;
        line[w.len] = '\n';
        hash_sha256(line, w.len + 1, out->head);
        out->size += w.len + 1;
        out->taken += w.taken;
        out->events = w.number;
    }
    if (r == 0 && w.number == 0)
        return err_set(e, ERR_VERIFY, 0, "%s: the log is empty", path);
    return r;
}

int logcheck_run(const char *path,
                 int (*each)(void *ctx, const cJSON *event, struct err *e),
                 void *ctx, struct logcheck *out, struct err *e)
{
    return run(path, false, each, ctx, out, e);
}

int logcheck_read(const char *path,
                  int (*each)(void *ctx, const cJSON *event, struct err *e),
                  void *ctx, struct logcheck *out, struct err *e)
{
    return run(path, true, each, ctx, out, e);
}

/* A process that was killed, or a machine that lost its power, leaves a part
 * of a line; whole lines behind a bad one are something else. */
int logcheck_rest(int fd, const char *path, uint64_t size,
                  const struct err *why, uint64_t *cut, struct err *e)
{
    char rest[4096];
    size_t got = 0;
    uint64_t at = size;

    do {
        if (file_read_at(fd, rest, sizeof(rest), at, &got, path, e) < 0)
            return -1;
        if (memchr(rest, '\n', got)) {
            *e = *why;
            return -1;
        }
        at += got;
    } while (got == sizeof(rest));
    *cut = at - size;
    return 0;
}
