#include "aws/profile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Each new entry is compared with all before it: a file of millions would
 * take hours, and nobody has so many. */
#define ENTRIES_MAX 16384

struct entry {
    const char *section;
    const char *above; /* NULL, or the key that this one is indented under */
    const char *key;   /* NULL: the section itself */
    const char *value;
};

struct profile {
    char *text; /* all strings of the entries are in here */
    size_t text_len;
    struct entry *entries;
    size_t n;
    size_t room;
};

/* Where the parser stands. */
struct parser {
    struct profile *p;
    const char *file;
    unsigned line;
    const char *section; /* NULL before the first one */
    const char *key;     /* the last key that was not nested */
    size_t indent;       /* of that key */
};

static int refuse(const struct parser *s, const char *why, struct err *e)
{
    return err_set(e, ERR_USAGE, 0, "%s, line %u: %s", s->file, s->line, why);
}

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

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static const struct entry *find(const struct profile *p, const char *section,
                                const char *above, const char *key)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct entry *x = &p->entries[i];

        if (same(x->section, section) && same(x->above, above)
            && same(x->key, key))
            return x;
    }
    return NULL;
}

static int add(struct parser *s, const char *above, const char *key,
               const char *value, struct err *e)
{
    struct profile *p = s->p;

    if (find(p, s->section, above, key))
        return refuse(s, key ? "this key is there twice in its section"
                             : "this section is there twice", e);
    if (p->n == ENTRIES_MAX)
        return refuse(s, "there are too many sections and keys", e);
    if (p->n == p->room) {
        size_t room = p->room ? 2 * p->room : 64;
        struct entry *more = reallocarray(p->entries, room, sizeof(*more));

        if (!more)
            return err_nomem(e);
        p->entries = more;
        p->room = room;
    }
    p->entries[p->n++] = (struct entry){ s->section, above, key, value };
    return 0;
}

/* `profile "my lab"' and `profile   my lab' are the same name: quotes go,
 * runs of blanks become one. */
static void tidy_name(char *s)
{
    char *out = s;

    for (; *s; s++) {
        char c = *s == '\t' ? ' ' : *s;

        if (c == '"' || c == '\'' || (c == ' ' && s[1] == ' '))
            continue;
        *out++ = c;
    }
    *out = '\0';
}

static int take_section(struct parser *s, char *line, struct err *e)
{
    char *end = strchr(line, ']');

    if (!end)
        return refuse(s, "a section must end with ]", e);
    if (end[1 + strspn(end + 1, " \t")] && !strchr("#;", *trim(end + 1)))
        return refuse(s, "there is something behind the section's ]", e);
    *end = '\0';
    tidy_name(line + 1);
    s->section = trim(line + 1);
    s->key = NULL;
    s->indent = 0;
    if (!*s->section)
        return refuse(s, "the section has no name", e);
    return add(s, NULL, NULL, NULL, e);
}

static int take_key(struct parser *s, char *line, size_t indent,
                    struct err *e)
{
    char *equals = strchr(line, '=');
    bool nested = s->key && indent > s->indent;
    char *key;

    if (!equals)
        return refuse(s, "expected [SECTION], KEY = VALUE or a comment", e);
    if (!s->section)
        return refuse(s, "a key before the first [SECTION]", e);
    *equals = '\0';
    key = trim(line);
    for (char *c = key; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    if (!*key)
        return refuse(s, "there is no key before the =", e);
    if (!nested) {
        s->key = key;
        s->indent = indent;
    }
    return add(s, nested ? s->key : NULL, key, trim(equals + 1), e);
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
    if (*line == '[')
        return take_section(s, line, e);
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

struct profile *profile_parse(const char *text, size_t n, const char *file,
                              struct err *e)
{
    struct profile *p = calloc(1, sizeof(*p));
    struct parser s = { .p = p, .file = file };

    if (!p || !(p->text = malloc(n + 1))) {
        free(p);
        err_nomem(e);
        return NULL;
    }
    if (n)
        memcpy(p->text, text, n);
    p->text[n] = '\0';
    p->text_len = n;
    if (strlen(p->text) != n)
        err_set(e, ERR_USAGE, 0, "%s is not a text file", file);
    else if (take_text(&s, p->text, e) == 0)
        return p;
    profile_free(p);
    return NULL;
}

void profile_free(struct profile *p)
{
    if (!p)
        return;
    secret_wipe(p->text, p->text_len);
    free(p->text);
    free(p->entries);
    free(p);
}

bool profile_has(const struct profile *p, const char *section)
{
    return find(p, section, NULL, NULL) != NULL;
}

const char *profile_get(const struct profile *p, const char *section,
                        const char *above, const char *key)
{
    const struct entry *x = find(p, section, above, key);

    return x ? x->value : NULL;
}
