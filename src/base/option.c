/* SPDX-License-Identifier: Apache-2.0 */
#include "base/option.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"

#define VALUE_HELP 1000 /* what getopt_long gives for --help */
#define VALUE_ROW 1001  /* ... and for the row of this number more */
#define COLUMN 30
#define WIDTH 78

bool option_is_end(const struct option_row *r)
{
    return r->type != OPTION_GROUP && !r->name;
}

/* --------------------------------------------------------------- parsing */

static int bad_value(const struct option_row *r, const char *arg,
                     const char *takes, struct err *e)
{
    return err_set(e, ERR_USAGE, 0, "--%s %s: %s", r->name, arg, takes);
}

static bool is_word(const char *word, const char *s, size_t n)
{
    return word && strlen(word) == n && strncasecmp(word, s, n) == 0;
}

static int word_number(const struct option_row *r, const char *s, size_t n)
{
    for (int i = 0; r->words[i]; i++)
        if (is_word(r->words[i], s, n)
            || (r->also && is_word(r->also[i], s, n)))
            return i;
    return -1;
}

static int bad_word(const struct option_row *r, const char *arg,
                    struct err *e)
{
    autotext struct text t = TEXT_INIT;

    for (int i = 0; r->words[i]; i++)
        text_addf(&t, "%s%s", i ? ", " : "it takes ", r->words[i]);
    if (r->type == OPTION_SET)
        text_add(&t, ", or several of them with commas between");
    return bad_value(r, arg, t.failed ? "not one of its words" : t.s, e);
}

static int set_choice(const struct option_row *r, const char *arg, void *to,
                      struct err *e)
{
    int word = word_number(r, arg, strlen(arg));

    if (word < 0)
        return bad_word(r, arg, e);
    *(int *)to = word;
    return 0;
}

static int set_set(const struct option_row *r, const char *arg, void *to,
                   struct err *e)
{
    unsigned set = 0;

    for (const char *s = arg;; s++) {
        size_t n = strcspn(s, ",");
        int word = word_number(r, s, n);

        if (word < 0)
            return bad_word(r, arg, e);
        set |= 1u << word;
        s += n;
        if (!*s)
            break;
    }
    *(unsigned *)to = set;
    return 0;
}

static int set_number(const struct option_row *r, const char *arg, void *to,
                      struct err *e)
{
    bool size = r->type == OPTION_SIZE;
    char min[32], max[32], takes[128];
    uint64_t v;

    if ((size ? size_parse(arg, &v) : number_parse(arg, &v)) == 0
        && v >= r->min && v <= r->max) {
        *(uint64_t *)to = v;
        return 0;
    }
    if (size)
        snprintf(takes, sizeof(takes),
                 "it takes a size from %s to %s, such as 1500M or 2G",
                 size_text(min, r->min), size_text(max, r->max));
    else
        snprintf(takes, sizeof(takes),
                 "it takes a number from %" PRIu64 " to %" PRIu64, r->min,
                 r->max);
    return bad_value(r, arg, takes, e);
}

static int set_count(const struct option_row *r, const char *arg, void *to,
                     struct err *e)
{
    char takes[128];
    uint64_t v;

    if (strcmp(arg, "all") == 0) {
        *(uint64_t *)to = OPTION_ALL;
        return 0;
    }
    if (number_parse(arg, &v) == 0 && v >= r->min && v <= r->max) {
        *(uint64_t *)to = v;
        return 0;
    }
    snprintf(takes, sizeof(takes), "it takes a number from %" PRIu64 " to %"
             PRIu64 ", or all", r->min, r->max);
    return bad_value(r, arg, takes, e);
}

static int set_flag(const struct option_row *r, const char *arg, void *to,
                    struct err *e)
{
    (void)r;
    (void)arg;
    (void)e;
    *(bool *)to = true;
    return 0;
}

static bool is_utf8(const char *s)
{
    size_t n = strlen(s);
    size_t used;

    for (; n; s += used, n -= used)
        if (text_utf8(s, n, &used) < 0)
            return false;
    return true;
}

/* A log is UTF-8: it could not have other bytes as they are, and verify would
 * not find a file by the name in it. */
static int set_text(const struct option_row *r, const char *arg, void *to,
                    struct err *e)
{
    if (!*arg)
        return bad_value(r, "''", "it must not be empty", e);
    if (!is_utf8(arg))
        return bad_value(r, arg, "it must be text in UTF-8", e);
    *(const char **)to = arg;
    return 0;
}

static int add_text(const struct option_row *r, const char *arg, void *to,
                    struct err *e)
{
    struct option_list *l = to;

    if (l->count == OPTION_LIST_MAX)
        return bad_value(r, arg, "it was given too often", e);
    if (set_text(r, arg, &l->items[l->count], e) < 0)
        return -1;
    l->count++;
    return 0;
}

static int (*const setters[])(const struct option_row *, const char *,
                              void *, struct err *) = {
    [OPTION_FLAG] = set_flag,     [OPTION_TEXT] = set_text,
    [OPTION_NUMBER] = set_number, [OPTION_SIZE] = set_number,
    [OPTION_CHOICE] = set_choice, [OPTION_SET] = set_set,
    [OPTION_LIST] = add_text,     [OPTION_COUNT] = set_count,
};

/* getopt's tables out of ours. */
struct tables {
    struct option longs[OPTIONS_MAX];
    char shorts[2 * OPTIONS_MAX + 4];
};

static void add_row(struct tables *t, size_t *n, size_t *len,
                    const struct option_row *r, int row)
{
    t->longs[(*n)++] = (struct option){
        .name = r->name,
        .has_arg = r->argument ? required_argument : no_argument,
        .val = VALUE_ROW + row,
    };
    if (!r->letter)
        return;
    t->shorts[(*len)++] = r->letter;
    if (r->argument)
        t->shorts[(*len)++] = ':';
}

static void make_tables(const struct command *c, struct tables *t)
{
    size_t n = 0;
    size_t len = 0;

    memset(t, 0, sizeof(*t));
    t->shorts[len++] = ':'; /* tell a missing argument from a bad option */
    for (int i = 0; !option_is_end(&c->options[i]); i++)
        if (c->options[i].type != OPTION_GROUP)
            add_row(t, &n, &len, &c->options[i], i);
    t->longs[n] = (struct option){ "help", no_argument, NULL, VALUE_HELP };
    t->shorts[len] = 'h';
}

static int row_of(const struct command *c, int value)
{
    if (value >= VALUE_ROW)
        return value - VALUE_ROW;
    for (int i = 0; !option_is_end(&c->options[i]); i++)
        if (c->options[i].letter == value)
            return i;
    return -1;
}

/* The names that `name', an abbreviation of `n' bytes, may stand for, into
 * `out'; how many they are. */
static size_t candidates(const struct command *c, const char *name, size_t n,
                         struct text *out)
{
    size_t count = 0;

    for (int i = 0; !option_is_end(&c->options[i]); i++) {
        const struct option_row *r = &c->options[i];

        if (r->type == OPTION_GROUP || strncmp(r->name, name, n) != 0)
            continue;
        text_addf(out, count++ ? ", --%s" : "--%s", r->name);
    }
    if (strncmp("help", name, n) == 0)
        text_add(out, count++ ? ", --help" : "--help");
    return count;
}

/* A letter is like any other letter; a name that is nearly there was
 * meant. */
static const char *nearest_option(const struct command *c, const char *arg)
{
    struct nearest n;

    if (strncmp(arg, "--", 2) != 0)
        return NULL;
    nearest_begin(&n, arg + 2, strcspn(arg + 2, "="));
    for (int i = 0; !option_is_end(&c->options[i]); i++)
        if (c->options[i].type != OPTION_GROUP)
            nearest_try(&n, c->options[i].name);
    nearest_try(&n, "help");
    return n.name;
}

static int no_option(const struct command *c, const char *arg,
                     struct err *e)
{
    const char *meant = nearest_option(c, arg);

    return err_set(e, ERR_USAGE, 0, "%s: there is no option %s;%s%s%s see "
                   "ebsimg %s --help", c->name, arg,
                   meant ? " did you mean --" : "", meant ? meant : "",
                   meant ? "?" : "", c->name);
}

/* What getopt_long() does not take, and does not say why. */
static int bad_long(const struct command *c, const char *arg, struct err *e)
{
    autotext struct text names = TEXT_INIT;
    size_t n = strcspn(arg + 2, "=");
    size_t count = candidates(c, arg + 2, n, &names);

    if (names.failed)
        return err_nomem(e);
    if (count == 1)
        return err_set(e, ERR_USAGE, 0, "%s: %s takes no value; see ebsimg "
                       "%s --help", c->name, names.s, c->name);
    if (count > 1)
        return err_set(e, ERR_USAGE, 0, "%s: %.*s is short for several "
                       "options: %s", c->name, (int)(n + 2), arg, names.s);
    return no_option(c, arg, e);
}

static int bad_option(const struct command *c, char **argv, int got,
                      struct err *e)
{
    const char *arg = argv[optind - 1];
    char letter[3] = { '-', (char)optopt, '\0' };

    bool is_long = strncmp(arg, "--", 2) == 0;

    if (!is_long)
        arg = letter;
    if (got == ':')
        return err_set(e, ERR_USAGE, 0, "%s: %s needs a value; see ebsimg %s "
                       "--help", c->name, arg, c->name);
    return is_long ? bad_long(c, arg, e) : no_option(c, arg, e);
}

static void note_given(const struct command *c, void *values, int row)
{
    struct options_given *g = (void *)((char *)values + c->given);

    if (c->given)
        g->word[row / 64] |= (uint64_t)1 << row % 64;
}

const struct option_row *option_find(const struct option_row *rows,
                                     const char *name)
{
    for (const struct option_row *r = rows; !option_is_end(r); r++)
        if (r->name && strcmp(r->name, name) == 0)
            return r;
    return NULL;
}

bool option_given(const struct option_row *rows,
                  const struct options_given *given, const char *name)
{
    const struct option_row *r = option_find(rows, name);
    size_t row = r ? (size_t)(r - rows) : 0;

    return r && (given->word[row / 64] >> row % 64 & 1);
}

/* What is given twice takes its last value, but a set has the words of both:
 * `-f e01 -f raw' is no way to lose the E01. */
static int take_value(const struct option_row *r, void *to, bool *seen,
                      struct err *e)
{
    unsigned before = *seen && r->type == OPTION_SET ? *(unsigned *)to : 0;

    if (setters[r->type](r, optarg, to, e) < 0)
        return -1;
    if (r->type == OPTION_SET)
        *(unsigned *)to |= before;
    *seen = true;
    return 0;
}

int options_parse(const struct command *c, int argc, char **argv,
                  void *values, int *first, int *help, struct err *e)
{
    struct tables t;
    bool seen[OPTIONS_MAX] = { false };
    int got;

    make_tables(c, &t);
    *help = 0;
    optind = 0;
    opterr = 0;
    while ((got = getopt_long(argc, argv, t.shorts, t.longs, NULL)) != -1) {
        const struct option_row *r;
        int row;

        if (got == VALUE_HELP || got == 'h') {
            *help = 1;
            return 0;
        }
        if (got == '?' || got == ':')
            return bad_option(c, argv, got, e);
        row = row_of(c, got);
        r = &c->options[row];
        note_given(c, values, row);
        if (take_value(r, (char *)values + r->offset, &seen[row], e) < 0)
            return -1;
    }
    *first = optind;
    return 0;
}

/* ------------------------------------------------------------------ help */

/* Words of `s' from column COLUMN on, wrapped. */
static void print_wrapped(const char *s)
{
    int at = COLUMN;

    while (*s) {
        int n = (int)strcspn(s, " ");

        if (at > COLUMN && at + 1 + n > WIDTH) {
            printf("\n%*s", COLUMN, "");
            at = COLUMN;
        } else if (at > COLUMN) {
            putchar(' ');
            at++;
        }
        printf("%.*s", n, s);
        at += n;
        s += n;
        s += strspn(s, " ");
    }
    putchar('\n');
}

static void print_row(const struct option_row *r)
{
    char left[80];
    int n;

    if (r->type == OPTION_GROUP) {
        printf("\n%s:\n", r->help);
        return;
    }
    n = snprintf(left, sizeof(left), "  %c%c%c --%s%s%s",
                 r->letter ? '-' : ' ', r->letter ? r->letter : ' ',
                 r->letter ? ',' : ' ', r->name, r->argument ? " " : "",
                 r->argument ? r->argument : "");
    if (n >= COLUMN - 1)
        printf("%s\n%*s", left, COLUMN, "");
    else
        printf("%-*s", COLUMN, left);
    print_wrapped(r->help);
}

void options_print_help(const struct command *c)
{
    static const struct option_row help = {
        .type = OPTION_FLAG, .letter = 'h', .name = "help",
        .help = "show this help",
    };

    printf("Usage: ebsimg %s [OPTION]... %s\n%s.\n", c->name, c->arguments,
           c->summary);
    for (int i = 0; !option_is_end(&c->options[i]); i++)
        print_row(&c->options[i]);
    print_row(&help);
    printf("\nThe manual with examples: man ebsimg-%s\n", c->name);
}

void options_print_names(const struct command *c)
{
    for (int i = 0; !option_is_end(&c->options[i]); i++)
        if (c->options[i].type != OPTION_GROUP)
            printf("--%s\n", c->options[i].name);
    printf("--help\n");
}

void options_print_words(const struct command *c, const char *name)
{
    for (int i = 0; !option_is_end(&c->options[i]); i++) {
        const struct option_row *r = &c->options[i];

        if (!r->name || strcmp(r->name, name) != 0 || !r->words)
            continue;
        for (int k = 0; r->words[k]; k++)
            printf("%s\n", r->words[k]);
    }
}
