#include "files/pattern.h"

#include <fnmatch.h>
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
