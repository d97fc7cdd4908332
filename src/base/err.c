/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const struct {
    const char *name;
    int status;
} kinds[] = {
    [ERR_NONE] = { "none", 0 },
    [ERR_USAGE] = { "usage", 2 },
    [ERR_ACCESS] = { "access", 3 },
    [ERR_SOURCE] = { "source", 4 },
    [ERR_DEST] = { "destination", 5 },
    [ERR_SERVICE] = { "service", 6 },
    [ERR_VERIFY] = { "verification", 7 },
    [ERR_INTERRUPTED] = { "interrupted", 8 },
    [ERR_INTERNAL] = { "internal", 9 },
};

const char *err_kind_name(enum err_kind kind)
{
    return kinds[kind].name;
}

int err_exit_status(enum err_kind kind)
{
    return kinds[kind].status;
}

/* One '?' for each character that is none or that would do something to a
 * terminal. */
static void make_printable(char *s)
{
    size_t n = strlen(s);
    char *out = s;
    size_t used;

    for (; n; s += used, n -= used) {
        int32_t cp = text_utf8(s, n, &used);

        if (cp < 0 || text_is_control(cp)) {
            *out++ = '?';
            continue;
        }
        memmove(out, s, used);
        out += used;
    }
    *out = '\0';
}

int err_set(struct err *e, enum err_kind kind, int os_errno,
            const char *fmt, ...)
{
    va_list ap;
    size_t n;

    memset(e, 0, sizeof(*e));
    e->kind = os_errno == ENOMEM ? ERR_INTERNAL : kind;
    e->os_errno = os_errno;
    va_start(ap, fmt);
    vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
    va_end(ap);
    n = strlen(e->msg);
    if (os_errno)
        snprintf(e->msg + n, sizeof(e->msg) - n, ": %s", strerror(os_errno));
    make_printable(e->msg);
    return -1;
}

int err_in(struct err *e, const char *fmt, ...)
{
    char where[sizeof(e->msg)];
    char what[sizeof(e->msg)];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(where, sizeof(where), fmt, ap);
    va_end(ap);
    memcpy(what, e->msg, sizeof(what));
    /* Cutting an over-long sentence is better than losing all of it. */
    if (snprintf(e->msg, sizeof(e->msg), "%s: %s", where, what) < 0)
        memcpy(e->msg, what, sizeof(what));
    make_printable(e->msg);
    return -1;
}

int err_nomem(struct err *e)
{
    return err_set(e, ERR_INTERNAL, 0, "out of memory");
}
