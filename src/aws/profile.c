/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/profile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "aws/words.h"
#include "base/scope.h"
#include "base/text.h"

struct entry {
    const char *section; /* NULL: above the first one */
    const char *above;   /* NULL, or the key that this one is indented under */
    const char *key;     /* NULL: the section itself, or what is wrong in it */
    const char *value;
    const char *wrong;   /* what is, or NULL */
    unsigned line;
};

struct profile {
    char *file;
    char *text; /* all strings of the entries are in here */
    size_t text_len;
    struct entry *entries;
    size_t n;
    size_t room;
    struct err unreadable; /* ERR_NONE: the file was read */
};

/* Where the parser stands. */
struct parser {
    struct profile *p;
    unsigned line;
    const char *section; /* NULL above the first one */
    const char *key;     /* the last key that was not nested, or NULL */
    size_t indent;       /* of that key */
    char *end;           /* of its value, where the next line is added */
    bool nests;          /* it has no value: indented keys belong to it */
};

/* --------------------------------------------------------------- entries */

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The last one counts. */
static const struct entry *find(const struct profile *p, const char *section,
                                const char *above, const char *key)
{
    for (size_t i = p->n; i-- > 0;) {
        const struct entry *x = &p->entries[i];

        if (!x->wrong && same(x->section, section) && same(x->above, above)
            && same(x->key, key))
            return x;
    }
    return NULL;
}

static int add(struct parser *s, struct entry x, struct err *e)
{
    struct profile *p = s->p;

    if (p->n == p->room) {
        size_t room = p->room ? 2 * p->room : 64;
        struct entry *more = reallocarray(p->entries, room, sizeof(*more));

        if (!more)
            return err_nomem(e);
        p->entries = more;
        p->room = room;
    }
    x.section = s->section;
    x.line = s->line;
    p->entries[p->n++] = x;
    return 0;
}

static int spoil(struct parser *s, const char *wrong, struct err *e)
{
    s->key = NULL;
    return add(s, (struct entry){ .wrong = wrong }, e);
}

/* ----------------------------------------------------------------- lines */

static char *trim(char *s)
{
    size_t n;

    s += strspn(s, " \t");
    n = strlen(s);
    while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
        n--;
    s[n] = '\0';
    return s;
}

static bool is_kind(const char *word)
{
    static const char *const kinds[] = { "profile", "sso-session",
                                         "services" };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(word, kinds[i]) == 0)
            return true;
    return false;
}

/* `profile "my lab"' and `profile   my\ lab' are the same name.  Three words
 * without quotes are no name of a profile: AWS's tools pass over them.  Where
 * the kind of section is not named, as in the credentials file, the name is
 * all of it. */
static int tidy_name(char *name, struct err *e)
{
    struct err no_words = ERR_INIT;
    size_t n;
    autofree char **words = words_split(name, &n, &no_words);

    if (no_words.kind == ERR_INTERNAL)
        return err_nomem(e);
    if (!words || !n || !is_kind(words[0]))
        return 0;
    if (n == 2) /* never longer than it was */
        sprintf(name, "%s %s", words[0], words[1]);
    else
        *name = '\0';
    return 0;
}

static int take_section(struct parser *s, char *line, struct err *e)
{
    char *end = strchr(line, ']');

    s->key = NULL;
    if (!end)
        return spoil(s, "a section must end with ]", e);
    *end = '\0';
    line = trim(line + 1);
    if (tidy_name(line, e) < 0)
        return -1;
    s->section = line;
    return add(s, (struct entry){ 0 }, e);
}

/* What stands behind a blank and # or ; is a comment. */
static void cut_comment(char *value)
{
    for (char *c = value; *c; c++)
        if ((c[0] == ' ' || c[0] == '\t') && (c[1] == '#' || c[1] == ';'))
            *c = '\0';
}

/* Parts "key = value" in two; NULL when it has no = or :, or no key. */
static char *cut_key(char *line, char **value)
{
    char *mark = line + strcspn(line, "=:");
    char *key;

    if (!*mark)
        return NULL;
    *mark = '\0';
    *value = mark + 1;
    key = trim(line);
    for (char *c = key; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return *key ? key : NULL;
}

static int take_key(struct parser *s, char *line, size_t indent,
                    struct err *e)
{
    char *value = NULL, *key = cut_key(line, &value);

    if (!key)
        return spoil(s, "expected [SECTION], KEY = VALUE or a comment", e);
    cut_comment(value);
    value = trim(value);
    s->key = key;
    s->indent = indent;
    s->end = value + strlen(value);
    s->nests = !*value;
    return add(s, (struct entry){ .key = key, .value = value }, e);
}

static int take_nested(struct parser *s, char *line, struct err *e)
{
    char *value = NULL, *key = cut_key(line, &value);

    if (!key)
        return add(s, (struct entry){ .wrong = "expected KEY = VALUE below "
                                               "a key without a value" }, e);
    return add(s, (struct entry){ .above = s->key, .key = key,
                                  .value = trim(value) }, e);
}

/* The value above goes on; the line moves up to it. */
static void go_on(struct parser *s, char *line)
{
    size_t n;

    line = trim(line);
    n = strlen(line);
    *s->end++ = '\n';
    memmove(s->end, line, n + 1);
    s->end += n;
}

static int take_line(struct parser *s, char *line, struct err *e)
{
    size_t indent = strspn(line, " \t");
    size_t n = strlen(line);

    if (n && line[n - 1] == '\r')
        line[n - 1] = '\0';
    line += indent;
    if (!*line || *line == '#' || *line == ';')
        return 0;
    if (s->key && indent > s->indent) {
        if (s->nests)
            return take_nested(s, line, e);
        go_on(s, line);
        return 0;
    }
    if (*line == '[')
        return take_section(s, line, e);
    if (!s->section)
        return spoil(s, "a line before the first [SECTION]", e);
    return take_key(s, line, indent, e);
}

static int take_text(struct parser *s, char *text, struct err *e)
{
    if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3;
    while (text) {
        char *line = strsep(&text, "\n");

        s->line++;
        if (take_line(s, line, e) < 0)
            return -1;
    }
    return 0;
}

/* ---------------------------------------------------------------- public */

static struct profile *make(const char *text, size_t n, const char *file,
                            struct err *e)
{
    struct profile *p = calloc(1, sizeof(*p));

    if (p) {
        p->text = malloc(n + 1);
        p->file = strdup(file);
    }
    if (!p || !p->text || !p->file) {
        profile_free(p);
        err_nomem(e);
        return NULL;
    }
    if (n)
        memcpy(p->text, text, n);
    p->text[n] = '\0';
    p->text_len = n;
    return p;
}

struct profile *profile_parse(const char *text, size_t n, const char *file,
                              struct err *e)
{
    struct profile *p = make(text, n, file, e);
    struct parser s = { .p = p };
    int r;

    if (!p)
        return NULL;
    r = strlen(p->text) == n ? take_text(&s, p->text, e)
                             : spoil(&s, "this is no text file", e);
    if (r == 0)
        return p;
    profile_free(p);
    return NULL;
}

struct profile *profile_unreadable(const struct err *why, struct err *e)
{
    struct profile *p = make("", 0, "", e);

    if (p)
        p->unreadable = *why;
    return p;
}

void profile_free(struct profile *p)
{
    if (!p)
        return;
    if (p->text)
        secret_wipe(p->text, p->text_len);
    free(p->text);
    free(p->file);
    free(p->entries);
    free(p);
}

bool profile_has(const struct profile *p, const char *section)
{
    return find(p, section, NULL, NULL) != NULL;
}

int profile_check(const struct profile *p, const char *section,
                  struct err *e)
{
    if (p->unreadable.kind != ERR_NONE) {
        *e = p->unreadable;
        return -1;
    }
    for (size_t i = 0; i < p->n; i++) {
        const struct entry *x = &p->entries[i];

        if (x->wrong && (!x->section || same(x->section, section)))
            return err_set(e, ERR_USAGE, 0, "%s, line %u: %s", p->file,
                           x->line, x->wrong);
    }
    return 0;
}

const char *profile_get(const struct profile *p, const char *section,
                        const char *above, const char *key)
{
    const struct entry *x = find(p, section, above, key);

    return x ? x->value : NULL;
}
