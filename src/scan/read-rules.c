/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of a run: those that are built in, then those of the user. */
#include <stdio.h>
#include <string.h>

#include "audit/hash.h"
#include "base/file.h"
#include "scan/scan.h"

static int read_builtin(struct rules *r, struct text *all, struct err *e)
{
    for (size_t i = 0; i < rules_builtin_count; i++) {
        const struct rules_text *t = &rules_builtin[i];

        text_addn(all, t->text, t->len);
        if (rules_read(r, t->text, t->len, t->name, e) < 0)
            return -1;
    }
    return 0;
}

static int read_file(struct rules *r, const char *path, struct text *all,
                     struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (file_slurp(path, RULES_FILE_MAX, &t, e) < 0)
        return err_in(e, "--rules");
    text_addn(all, t.s ? t.s : "", t.len);
    return rules_read(r, t.s ? t.s : "", t.len, path, e);
}

int scan_read_rules(const struct scan_options *opt, struct rules *r,
                    unsigned char sha256[32], struct err *e)
{
    autotext struct text all = TEXT_INIT;

    /* The user's count first: of two that know a secret, his is told. */
    for (size_t i = 0; i < opt->rules.count; i++)
        if (read_file(r, opt->rules.items[i], &all, e) < 0)
            return -1;
    if (!opt->only && read_builtin(r, &all, e) < 0)
        return -1;
    if (all.failed)
        return err_nomem(e);
    hash_sha256(all.s ? all.s : "", all.len, sha256);
    return 0;
}

int scan_list_rules(const struct scan_options *opt, struct err *e)
{
    struct rules r = { 0 };
    unsigned char sha256[32];
    char hex[65];
    int status = scan_read_rules(opt, &r, sha256, e);

    for (size_t i = 0; status == 0 && i < r.count; i++) {
        autotext struct text t = TEXT_INIT;

        text_add_shown(&t, r.list[i].id);
        text_add(&t, "  ");
        text_add_shown(&t, r.list[i].title);
        if (t.failed)
            status = err_nomem(e);
        else
            puts(t.s);
    }
    if (status == 0) {
        hex_encode(hex, sha256, sizeof(sha256));
        printf("%zu rules; SHA-256 of their text: %s\n", r.count, hex);
    }
    rules_free(&r);
    return status;
}
