/* SPDX-License-Identifier: Apache-2.0 */
#include "files/pattern.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static bool knows_no_case(const char *kind)
{
    static const char *const kinds[] = { "NTFS", "FAT", "exFAT", "HFS+" };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

bool pattern_matches(const char *pattern, const char *path,
                     const struct part_info *i)
{
    int flags = FNM_PATHNAME | FNM_LEADING_DIR;

    if (strcmp(pattern, "/") == 0)
        return true;
    if (knows_no_case(i->kind))
        flags |= FNM_CASEFOLD;
    return fnmatch(pattern, path, flags) == 0;
}

/* How much of a pattern is a path and nothing else, up to a slash or all. */
static size_t fixed(const char *pattern)
{
    size_t n = strcspn(pattern, "*?[\\");

    if (pattern[n] == '\0')
        return n;
    while (n && pattern[n - 1] != '/')
        n--;
    return n;
}

static bool is_border(const char *s, size_t n, size_t end)
{
    return n == end || s[n] == '/' || (n && s[n - 1] == '/');
}

void pattern_common(const struct option_list *patterns, struct text *t)
{
    const char *first = patterns->items[0];
    size_t n = fixed(first);

    for (size_t i = 1; i < patterns->count; i++) {
        const char *other = patterns->items[i];
        size_t end = fixed(other), same = 0;

        while (same < n && same < end && first[same] == other[same])
            same++;
        while (same && !(is_border(first, same, n)
                         && is_border(other, same, end)))
            same--;
        n = same;
    }
    text_addn(t, first, n);
    if (!n)
        text_add(t, "/");
}

int pattern_check(const char *pattern, struct err *e)
{
    if (pattern[0] != '/')
        return err_set(e, ERR_USAGE, 0, "--get: %s does not begin with a "
                       "slash, as all paths in a file system do", pattern);
    for (const char *p = pattern; *p; p += strcspn(p, "/")) {
        size_t n;

        p += strspn(p, "/");
        n = strcspn(p, "/");
        if ((n == 1 && p[0] == '.') || (n == 2 && memcmp(p, "..", 2) == 0))
            return err_set(e, ERR_USAGE, 0, "--get: %s has a part that is "
                           "\"%.*s\"; give the path as `ebsimg files' shows "
                           "it", pattern, (int)n, p);
    }
    return 0;
}

char *pattern_clean(const char *pattern)
{
    char *s = strdup(pattern);
    size_t n = 0;

    for (const char *p = pattern; s && *p; p++)
        if (*p != '/' || p[1] != '/')
            s[n++] = *p;
    if (!s)
        return NULL;
    if (n > 1 && s[n - 1] == '/')
        n--;
    s[n] = '\0';
    return s;
}
