/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of a run: those that are built in, then those of the user. */
#include <stdio.h>
#include <stdlib.h>
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

/* --------------------------------------------------------------------- YARA */

static int slurp_all(const struct option_list *l, struct text *texts,
                     struct yara_file *files, struct text *all,
                     struct err *e)
{
    for (size_t i = 0; i < l->count; i++) {
        if (file_slurp(l->items[i], RULES_FILE_MAX, &texts[i], e) < 0)
            return err_in(e, "--yara");
        text_add(&texts[i], ""); /* an empty file is a text, too */
        if (texts[i].failed)
            return err_nomem(e);
        if (strlen(texts[i].s) != texts[i].len)
            return err_set(e, ERR_USAGE, 0, "--yara: %s is no text",
                           l->items[i]);
        files[i] = (struct yara_file){ l->items[i], texts[i].s };
        text_addn(all, texts[i].s, texts[i].len);
    }
    return 0;
}

static int read_yara(const struct option_list *l, struct yara **y,
                     struct text *all, struct err *e)
{
    struct text *texts = calloc(l->count + 1, sizeof(*texts));
    struct yara_file *files = calloc(l->count + 1, sizeof(*files));
    int r = texts && files ? slurp_all(l, texts, files, all, e)
                           : err_nomem(e);

    if (r == 0) {
        *y = yara_new(files, l->count, e);
        r = *y ? 0 : -1;
    }
    for (size_t i = 0; texts && i < l->count; i++)
        text_free(&texts[i]);
    free(texts);
    free(files);
    return r;
}

/* ---------------------------------------------------------------------- all */

const char *scan_rule_id(const struct scan *s, uint32_t rule)
{
    return rule < s->rules.count ? s->rules.list[rule].id
                                 : yara_rule_id(s->yara,
                                                rule - s->rules.count);
}

const char *scan_rule_title(const struct scan *s, uint32_t rule)
{
    return rule < s->rules.count ? s->rules.list[rule].title : NULL;
}

int scan_read_rules(const struct scan_options *opt, struct rules *r,
                    struct yara **yara, unsigned char sha256[32],
                    struct err *e)
{
    autotext struct text all = TEXT_INIT;

    *yara = NULL;

    /* The user's count first: of two that know a secret, his is told. */
    for (size_t i = 0; i < opt->rules.count; i++)
        if (read_file(r, opt->rules.items[i], &all, e) < 0)
            return -1;
    if (!opt->only && read_builtin(r, &all, e) < 0)
        return -1;
    if (opt->yara.count && read_yara(&opt->yara, yara, &all, e) < 0)
        return -1;
    if (all.failed)
        return err_nomem(e);
    hash_sha256(all.s ? all.s : "", all.len, sha256);
    return 0;
}

int scan_list_rules(const struct scan_options *opt, struct err *e)
{
    struct rules r = { 0 };
    struct yara *yara;
    unsigned char sha256[32];
    char hex[65];
    int status = scan_read_rules(opt, &r, &yara, sha256, e);

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
    for (size_t i = 0; status == 0 && i < yara_rules(yara); i++)
        puts(yara_rule_id(yara, i));
    if (status == 0) {
        hex_encode(hex, sha256, sizeof(sha256));
        printf("%zu rules; SHA-256 of their text: %s\n",
               r.count + yara_rules(yara), hex);
    }
    rules_free(&r);
    yara_free(yara);
    return status;
}
