/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/belonging.h"

#include <stdio.h>
#include <string.h>

#include "audit/voucher.h"

static enum belonging tell_unknown(bool made, char why[256])
{
    snprintf(why, 256, "%s", made
             ? "the case log says that it was made, and does not have the "
             "head of its log"
             : "the case log does not have this image: nothing shows that it "
             "was made with the others");
    return made ? BELONGING_ANOTHER : BELONGING_UNTOLD;
}

static enum belonging compare(const struct voucher *v, bool made,
                              const struct run_record *log, char why[256])
{
    struct err e = ERR_INIT;

    if (!v->known)
        return tell_unknown(made, why);
    if (voucher_check(v, log->check.head, log->manifest_known
                      ? log->manifest_sha256 : NULL, log->manifest_known
                      ? log->manifest_root : NULL, &e) == 0)
        return BELONGING_PROVED;
    snprintf(why, 256, "%.255s", e.msg);
    return BELONGING_ANOTHER;
}

int belonging_find(const char *case_log, const char *snapshot, bool made,
                   const struct run_record *log, enum belonging *is,
                   char why[256], struct err *e)
{
    struct voucher v;
    int r = 0;

    *is = BELONGING_ANOTHER;
    why[0] = '\0';
    if (strcmp(log->snapshot, snapshot) != 0) {
        snprintf(why, 256, "its log is of %.95s: it is not the image of this "
                 "snapshot", log->snapshot[0] ? log->snapshot
                 : "no snapshot");
        return 0;
    }
    r = voucher_read(case_log, snapshot, &v, e);
    if (r == 0)
        *is = compare(&v, made, log, why);
    voucher_free(&v);
    return r;
}
