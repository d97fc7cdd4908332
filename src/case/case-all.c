/* SPDX-License-Identifier: Apache-2.0 */
/* Several things that are to be verified, one after the other. */
#include <stdio.h>
#include <stdlib.h>

#include "audit/artefacts.h"
#include "audit/evidence.h"
#include "base/file.h"
#include "base/scope.h"
#include "case/case-verify.h"
#include "show/tell.h"

char *case_log_of(const char *name, struct err *e)
{
    struct beside b;
    struct evidence ev;
    struct err ignored = ERR_INIT;
    char *path = NULL;

    if (file_exists(name) && !file_is_folder(name))
        return NULL;
    if (evidence_find(name, &ev, &ignored) < 0
        && beside_read(&b, name, e) == 0) {
        path = beside_path(&b, CASE_SUFFIX);
        beside_free(&b);
    }
    evidence_free(&ev);
    return path;
}

int case_print(const struct text *t, struct err *e)
{
    if (t->failed)
        return err_nomem(e);
    if (t->s && (fputs(t->s, stdout) == EOF || fflush(stdout) == EOF))
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}

static int verify_one(const struct verify_options *opt, const char *name,
                      struct err *e)
{
    autotext struct text t = TEXT_INIT;
    struct err why = ERR_INIT;
    autofree char *log_path = case_log_of(name, &why);
    int status;

    if (why.kind != ERR_NONE) {
        *e = why;
        return -1;
    }
    status = log_path ? case_verify(opt, name, log_path, &t, e)
                      : verify_run(opt, name, &t, e);
    return status >= 0 && case_print(&t, e) < 0 ? -1 : status;
}

/* What is wrong with the evidence says more than what could not be done, and
 * that more than a reserve. */
int case_worse(int a, int b)
{
    static const int order[] = { 0, 1, 5, 2, 7 };
    size_t i = 0, k = 0;

    while (i < 4 && order[i] != a)
        i++;
    while (k < 4 && order[k] != b)
        k++;
    return i > k ? a : b;
}

/* What has nothing to do with this one name ends it. */
static bool is_of_all(const struct err *why)
{
    return why->kind != ERR_USAGE && why->kind != ERR_VERIFY;
}

int case_verify_all(const struct verify_options *opt, char **names, size_t n,
                    struct err *e)
{
    int worst = 0;

    if (n > 1 && opt->head)
        return err_set(e, ERR_USAGE, 0, "--head is the head of one log: give "
                       "it with one name");
    for (size_t i = 0; i < n; i++) {
        struct err why = ERR_INIT;
        int status = verify_one(opt, names[i], &why);

        if (status < 0 && (n == 1 || is_of_all(&why))) {
            *e = why;
            return -1;
        }
        if (status < 0) {
            tell_always("%s", why.msg);
            status = err_exit_status(why.kind);
        }
        worst = case_worse(worst, status);
    }
    return worst;
}
