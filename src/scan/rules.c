/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Where the reader stands. */
struct reading {
    struct rules *rules;
    struct rule *rule;         /* the last one; NULL before the first */
    const char *name;
    unsigned line;
    const char *value;         /* of the line, terminated */
};

static int refuse(const struct reading *in, const char *why, struct err *e)
{
    return err_set(e, ERR_USAGE, 0, "%s: line %u: %s", in->name, in->line,
                   why);
}

/* ---------------------------------------------------------------- growing */

/* Room for one more of `size' bytes each; NULL: no memory. */
static void *grown(void *list, size_t count, size_t size)
{
    if (count & (count - 1) || (count == 0 && list))
        return list;
    return reallocarray(list, count ? count * 2 : 1, size);
}

static int add_word(struct rule_words *w, const char *s, struct err *e)
{
    char **list = grown(w->list, w->count, sizeof(*list));

    if (!list)
        return err_nomem(e);
    w->list = list;
    w->list[w->count] = strdup(s);
    return w->list[w->count++] ? 0 : err_nomem(e);
}

static int add_rule(struct reading *in, struct err *e)
{
    struct rules *r = in->rules;
    struct rule *list;

    if (r->count == RULES_MAX)
        return refuse(in, "too many rules", e);
    list = grown(r->list, r->count, sizeof(*list));
    if (!list)
        return err_nomem(e);
    r->list = list;
    in->rule = &r->list[r->count++];
    *in->rule = (struct rule){ 0 };
    in->rule->id = strdup(in->value);
    return in->rule->id ? 0 : err_nomem(e);
}

/* --------------------------------------------------------------- examples */

/* What \n \t \r \0 \\ and \xHH stand for; -1: something else. */
static int unescape(const char **s)
{
    static const char letters[] = "ntr0\\";
    static const char bytes[] = "\n\t\r\0\\";
    const char *at = strchr(letters, **s);
    unsigned char byte;
    char hex[3] = { 0 };

    if (**s && at) {
        (*s)++;
        return (unsigned char)bytes[at - letters];
    }
    if (**s != 'x' || !(*s)[1])
        return -1;
    memcpy(hex, *s + 1, 2);
    if (hex_decode(&byte, 1, hex) < 0)
        return -1;
    *s += 3;
    return byte;
}

static int add_example(const struct reading *in, struct rule_examples *x,
                       struct err *e)
{
    struct rule_example *list = grown(x->list, x->count, sizeof(*list));
    struct rule_example *ex;
    const char *s = in->value;

    if (!list)
        return err_nomem(e);
    x->list = list;
    ex = &x->list[x->count++];
    *ex = (struct rule_example){ malloc(strlen(s) + 1), 0 };
    if (!ex->bytes)
        return err_nomem(e);
    while (*s) {
        int byte = (unsigned char)*s++;

        if (byte == '\\' && (byte = unescape(&s)) < 0)
            return refuse(in, "there is no such escape: \\n, \\t, \\r, \\0, "
                          "\\xHH, \\\\", e);
        ex->bytes[ex->len++] = (char)byte;
    }
    return 0;
}

/* ----------------------------------------------------------------- fields */

static int take_title(struct reading *in, struct err *e)
{
    free(in->rule->title);
    in->rule->title = strdup(in->value);
    return in->rule->title ? 0 : err_nomem(e);
}

/* Several lines are one expression, for (?x). */
static int take_pattern(struct reading *in, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (in->rule->pattern)
        text_addf(&t, "%s\n", in->rule->pattern);
    text_add(&t, in->value);
    if (t.failed)
        return err_nomem(e);
    free(in->rule->pattern);
    in->rule->pattern = t.s;
    t = (struct text)TEXT_INIT;
    return 0;
}

static int take_entropy(struct reading *in, struct err *e)
{
    char *end;
    double bits = strtod(in->value, &end);

    if (end == in->value || *end || !(bits >= 0 && bits <= 8))
        return refuse(in, "the entropy is no number from 0 to 8", e);
    in->rule->entropy = bits;
    return 0;
}

static int take_fuzzy(struct reading *in, struct err *e)
{
    if (*in->value)
        return refuse(in, "fuzzy has no value", e);
    in->rule->fuzzy = true;
    return 0;
}

static int take_allow(struct reading *in, struct err *e)
{
    return add_word(&in->rule->allow, in->value, e);
}

static int take_allow_match(struct reading *in, struct err *e)
{
    return add_word(&in->rule->allow_match, in->value, e);
}

static int take_allow_all(struct reading *in, struct err *e)
{
    return add_word(&in->rules->allow_all, in->value, e);
}

static int take_finds(struct reading *in, struct err *e)
{
    return add_example(in, &in->rule->finds, e);
}

static int take_ignores(struct reading *in, struct err *e)
{
    return add_example(in, &in->rule->ignores, e);
}

static int check_rule(const struct reading *in, struct err *e)
{
    const struct rule *r = in->rule;

    if (!r)
        return 0;
    if (!r->pattern || !*r->pattern)
        return err_set(e, ERR_USAGE, 0, "%s: the rule %s has no pattern",
                       in->name, r->id);
    if (r->title)
        return 0;
    return err_set(e, ERR_USAGE, 0, "%s: the rule %s has no title", in->name,
                   r->id);
}

static int take_rule(struct reading *in, struct err *e)
{
    if (check_rule(in, e) < 0)
        return -1;
    for (size_t i = 0; i < in->rules->count; i++)
        if (strcmp(in->rules->list[i].id, in->value) == 0)
            return refuse(in, "there is a rule of that name already", e);
    return *in->value ? add_rule(in, e) : refuse(in, "a rule without a name",
                                                 e);
}

static const struct field {
    const char *name;
    bool of_rule;              /* inside one */
    int (*take)(struct reading *in, struct err *e);
} fields[] = {
    { "rule", false, take_rule },
    { "allow-all", false, take_allow_all },
    { "title", true, take_title },
    { "pattern", true, take_pattern },
    { "entropy", true, take_entropy },
    { "fuzzy", true, take_fuzzy },
    { "allow", true, take_allow },
    { "allow-match", true, take_allow_match },
    { "finds", true, take_finds },
    { "ignores", true, take_ignores },
};

/* ------------------------------------------------------------------ lines */

static int take_line(struct reading *in, char *line, struct err *e)
{
    size_t n = strcspn(line, " \t");
    const char *value = line + n + strspn(line + n, " \t");

    if (*line == '#' || !*line)
        return 0;
    line[n] = 0;
    in->value = value;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (strcmp(fields[i].name, line) != 0)
            continue;
        if (fields[i].of_rule && !in->rule)
            return refuse(in, "it stands before the first rule", e);
        return fields[i].take(in, e);
    }
    return refuse(in, "there is no such word for a rule", e);
}

static int read_line(struct reading *in, const char *from, size_t n,
                     struct err *e)
{
    char *line;
    int r;

    if (memchr(from, 0, n))
        return refuse(in, "a NUL; this is no text", e);
    if (n && from[n - 1] == '\r')
        n--;
    line = strndup(from, n);
    if (!line)
        return err_nomem(e);
    r = take_line(in, line + strspn(line, " \t"), e);
    free(line);
    return r;
}

int rules_read(struct rules *r, const char *text, size_t n, const char *name,
               struct err *e)
{
    struct reading in = { .rules = r, .name = name };
    const char *end = text + n;

    if (n > RULES_FILE_MAX)
        return refuse(&in, "the file is too long", e);
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));

        stop = stop ? stop : end;
        in.line++;
        if (read_line(&in, text, (size_t)(stop - text), e) < 0)
            return -1;
        text = stop + 1;
    }
    return check_rule(&in, e);
}

static void free_words(struct rule_words *w)
{
    for (size_t i = 0; i < w->count; i++)
        free(w->list[i]);
    free(w->list);
}

static void free_examples(struct rule_examples *x)
{
    for (size_t i = 0; i < x->count; i++)
        free(x->list[i].bytes);
    free(x->list);
}

void rules_free(struct rules *r)
{
    for (size_t i = 0; i < r->count; i++) {
        struct rule *x = &r->list[i];

        free(x->id);
        free(x->title);
        free(x->pattern);
        free_words(&x->allow);
        free_words(&x->allow_match);
        free_examples(&x->finds);
        free_examples(&x->ignores);
    }
    free_words(&r->allow_all);
    free(r->list);
    *r = (struct rules){ 0 };
}
