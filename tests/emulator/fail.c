/* SPDX-License-Identifier: Apache-2.0 */
#include "fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int fail(struct fail *f, int os_errno, const char *fmt, ...)
{
    va_list ap;
    size_t n;

    va_start(ap, fmt);
    vsnprintf(f->msg, sizeof(f->msg), fmt, ap);
    va_end(ap);
    n = strlen(f->msg);
    if (os_errno)
        snprintf(f->msg + n, sizeof(f->msg) - n, ": %s", strerror(os_errno));
    return -1;
}

int fail_in(struct fail *f, const char *where)
{
    char what[sizeof(f->msg)];

    memcpy(what, f->msg, sizeof(what));
    if (snprintf(f->msg, sizeof(f->msg), "%s: %s", where, what) < 0)
        memcpy(f->msg, what, sizeof(what));
    return -1;
}
