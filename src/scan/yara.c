/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/yara.h"

#ifdef HAVE_YARA

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yara.h>

#include "base/interrupt.h"
#include "base/text.h"

struct yara {
    YR_RULES *rules;
    char **ids;
    size_t count;
};

struct yara_lane {
    const struct yara *yara;
    YR_SCANNER *scanner;
    uint64_t gave_up;
    /* Of the scan that is under way: */
    size_t n;
    bool too_many;
    int (*take)(void *ctx, size_t rule, size_t at, size_t len,
                struct err *e);
    void *ctx;
    struct err *e;
    bool failed;               /* `e' says why */
};

const char *yara_version(void)
{
    return "libyara " YR_VERSION;
}

/* --------------------------------------------------------------- compiling */

struct compiling {
    const char *path;
    struct err *e;
    bool failed;
};

static void on_message(int level, const char *file, int line,
                       const YR_RULE *rule, const char *message, void *ctx)
{
    struct compiling *c = ctx;

    (void)file;
    (void)rule;
    if (level != YARA_ERROR_LEVEL_ERROR || c->failed)
        return;
    c->failed = true;
    err_set(c->e, ERR_USAGE, 0, "%s: line %d: %.300s", c->path, line,
            message);
}

static int add_file(YR_COMPILER *compiler, const struct yara_file *f,
                    struct err *e)
{
    struct compiling c = { f->path, e, false };
    int errors;

    yr_compiler_set_callback(compiler, on_message, &c);
    errors = yr_compiler_add_string(compiler, f->text, f->path);
    if (!errors)
        return 0;
    return c.failed ? -1 : err_set(e, ERR_USAGE, 0, "%s: it cannot be "
                                   "compiled", f->path);
}

static int compile(struct yara *y, const struct yara_file *files, size_t n,
                   struct err *e)
{
    YR_COMPILER *compiler;
    int r = 0;

    if (yr_compiler_create(&compiler) != ERROR_SUCCESS)
        return err_nomem(e);
    yr_compiler_set_include_callback(compiler, NULL, NULL, NULL);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = add_file(compiler, &files[i], e);
    if (r == 0 && yr_compiler_get_rules(compiler, &y->rules) != ERROR_SUCCESS)
        r = err_nomem(e);
    yr_compiler_destroy(compiler);
    return r;
}

static int name_rules(struct yara *y, struct err *e)
{
    YR_RULE *rule;

    y->ids = calloc((size_t)y->rules->num_rules + 1, sizeof(*y->ids));
    if (!y->ids)
        return err_nomem(e);
    yr_rules_foreach(y->rules, rule)
    {
        if (asprintf(&y->ids[y->count], "yara:%s", rule->identifier) < 0) {
            y->ids[y->count] = NULL;
            return err_nomem(e);
        }
        y->count++;
    }
    return y->count ? 0 : err_set(e, ERR_USAGE, 0, "--yara: no rule is in it");
}

/* ----------------------------------------------------------------- matching */

/* Those that look at the bytes as they are. */
static bool is_allowed(const char *module)
{
    static const char *const names[] = { "console", "hash", "math", "string",
                                         "time" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(module, names[i]) == 0)
            return true;
    return false;
}

static int on_module(struct yara_lane *l, const YR_MODULE_IMPORT *m)
{
    if (is_allowed(m->module_name))
        return CALLBACK_CONTINUE;
    l->failed = true;
    err_set(l->e, ERR_USAGE, 0, "--yara: the module \"%.60s\" takes the bytes "
            "for a file, and blocks are none", m->module_name);
    return CALLBACK_ERROR;
}

static int on_rule(struct yara_lane *l, YR_SCAN_CONTEXT *context,
                   YR_RULE *rule)
{
    size_t number = (size_t)(rule - l->yara->rules->rules_table);
    YR_STRING *string;
    YR_MATCH *match;

    yr_rule_strings_foreach(rule, string)
    {
        if (STRING_IS_PRIVATE(string))
            continue;
        yr_string_matches_foreach(context, string, match)
        {
            size_t at = (size_t)(match->base + match->offset);
            size_t len = (size_t)match->match_length;

            if (number >= l->yara->count || !len || at > l->n || len > l->n - at
                || l->take(l->ctx, number, at, len, l->e) == 0)
                continue;
            l->failed = true;
            return CALLBACK_ERROR;
        }
    }
    return CALLBACK_CONTINUE;
}

static int on_event(YR_SCAN_CONTEXT *context, int message, void *data,
                    void *ctx)
{
    struct yara_lane *l = ctx;

    switch (message) {
    case CALLBACK_MSG_RULE_MATCHING:
        return on_rule(l, context, data);
    case CALLBACK_MSG_IMPORT_MODULE:
        return on_module(l, data);
    case CALLBACK_MSG_TOO_MANY_MATCHES:
        l->too_many = true;
        return CALLBACK_CONTINUE;
    default:
        return CALLBACK_CONTINUE;
    }
}

/* Of what these bytes are: another piece may well go. */
static bool is_of_the_bytes(int r)
{
    return r == ERROR_SCAN_TIMEOUT || r == ERROR_TOO_MANY_MATCHES
        || r == ERROR_TOO_MANY_RE_FIBERS || r == ERROR_EXEC_STACK_OVERFLOW;
}

int yara_scan(struct yara_lane *l, const unsigned char *bytes, size_t n,
              int (*take)(void *ctx, size_t rule, size_t at, size_t len,
                          struct err *e),
              void *ctx, struct err *e)
{
    int r;

    l->n = n;
    l->take = take;
    l->ctx = ctx;
    l->e = e;
    l->failed = l->too_many = false;
    if (interrupt_check(e) < 0)
        return -1;
    r = yr_scanner_scan_mem(l->scanner, bytes, n);
    if (l->failed)
        return -1;
    if (r == ERROR_INSUFFICIENT_MEMORY)
        return err_nomem(e);
    if (r != ERROR_SUCCESS && !is_of_the_bytes(r))
        return err_set(e, ERR_INTERNAL, 0, "libyara: error %d", r);
    l->gave_up += r != ERROR_SUCCESS || l->too_many;
    return 0;
}

struct yara_lane *yara_lane_new(const struct yara *y, struct err *e)
{
    struct yara_lane *l = calloc(1, sizeof(*l));

    if (!l || yr_scanner_create(y->rules, &l->scanner) != ERROR_SUCCESS) {
        free(l);
        err_nomem(e);
        return NULL;
    }
    l->yara = y;
    yr_scanner_set_callback(l->scanner, on_event, l);
    yr_scanner_set_flags(l->scanner, SCAN_FLAGS_REPORT_RULES_MATCHING);
    yr_scanner_set_timeout(l->scanner, YARA_SECONDS);
    return l;
}

void yara_lane_free(struct yara_lane *l)
{
    if (!l)
        return;
    yr_scanner_destroy(l->scanner);
    free(l);
}

uint64_t yara_lane_gave_up(const struct yara_lane *l)
{
    return l->gave_up;
}

/* --------------------------------------------------------------------- all */

static int take_none(void *ctx, size_t rule, size_t at, size_t len,
                     struct err *e)
{
    (void)ctx;
    (void)rule;
    (void)at;
    (void)len;
    (void)e;
    return 0;
}

/* Which modules are asked for is only told by a scan. */
static int try(const struct yara *y, struct err *e)
{
    struct yara_lane *l = yara_lane_new(y, e);
    int r = l ? yara_scan(l, (const unsigned char *)"x", 1, take_none, NULL,
                          e) : -1;

    yara_lane_free(l);
    return r;
}

struct yara *yara_new(const struct yara_file *files, size_t n,
                      struct err *e)
{
    struct yara *y = calloc(1, sizeof(*y));

    if (!y || yr_initialize() != ERROR_SUCCESS) {
        free(y);
        err_nomem(e);
        return NULL;
    }
    if (compile(y, files, n, e) == 0 && name_rules(y, e) == 0
        && try(y, e) == 0)
        return y;
    yara_free(y);
    return NULL;
}

void yara_free(struct yara *y)
{
    if (!y)
        return;
    for (size_t i = 0; i < y->count; i++)
        free(y->ids[i]);
    free(y->ids);
    if (y->rules)
        yr_rules_destroy(y->rules);
    yr_finalize();
    free(y);
}

size_t yara_rules(const struct yara *y)
{
    return y ? y->count : 0;
}

const char *yara_rule_id(const struct yara *y, size_t rule)
{
    return y->ids[rule];
}

#else

struct yara *yara_new(const struct yara_file *files, size_t n,
                      struct err *e)
{
    (void)files;
    (void)n;
    err_set(e, ERR_USAGE, 0, "--yara: this build has no libyara");
    return NULL;
}

void yara_free(struct yara *y)
{
    (void)y;
}

size_t yara_rules(const struct yara *y)
{
    (void)y;
    return 0;
}

const char *yara_rule_id(const struct yara *y, size_t rule)
{
    (void)y;
    (void)rule;
    return "yara";
}

const char *yara_version(void)
{
    return "no libyara";
}

struct yara_lane *yara_lane_new(const struct yara *y, struct err *e)
{
    (void)y;
    err_set(e, ERR_INTERNAL, 0, "no libyara");
    return NULL;
}

void yara_lane_free(struct yara_lane *l)
{
    (void)l;
}

int yara_scan(struct yara_lane *l, const unsigned char *bytes, size_t n,
              int (*take)(void *ctx, size_t rule, size_t at, size_t len,
                          struct err *e),
              void *ctx, struct err *e)
{
    (void)l;
    (void)bytes;
    (void)n;
    (void)take;
    (void)ctx;
    return err_set(e, ERR_INTERNAL, 0, "no libyara");
}

uint64_t yara_lane_gave_up(const struct yara_lane *l)
{
    (void)l;
    return 0;
}

#endif
