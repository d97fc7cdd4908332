#include "audit/pieces.h"

#include <stdbool.h>
#include <string.h>

enum kind { NO_PIECE, SEGMENT, RAW_PIECE };

static const char *suffix_of(const char *name)
{
    const char *point = strrchr(name, '.');

    return point ? point + 1 : "";
}

/* "E01" to "ZZZ", or "001" and on. */
static enum kind kind_of(const char *suffix)
{
    static const char further[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t n = strlen(suffix);

    if (n >= 3 && strspn(suffix, "0123456789") == n)
        return RAW_PIECE;
    return n == 3 && *suffix >= 'E' && *suffix <= 'Z'
        && strspn(suffix, further) == n ? SEGMENT : NO_PIECE;
}

bool pieces_is_image(const char *name)
{
    const char *suffix = suffix_of(name);

    return kind_of(suffix) != NO_PIECE || strcmp(suffix, "dd") == 0;
}

/* Sorted, "1000" stands before "101". */
static bool is_later(const char *a, const char *b)
{
    size_t n = strlen(a);
    size_t m = strlen(b);

    return n != m ? n > m : strcmp(a, b) > 0;
}

struct pieces pieces_from(const struct run_file *files, size_t n)
{
    struct pieces p = { .last = "" };
    enum kind kind = n ? kind_of(suffix_of(files[0].name)) : NO_PIECE;

    for (size_t i = 0; kind != NO_PIECE && i < n; i++) {
        const char *suffix = suffix_of(files[i].name);

        if (kind_of(suffix) != kind)
            break;
        p.count++;
        p.bytes += files[i].size;
        if (is_later(suffix, p.last))
            p.last = suffix;
    }
    return p;
}
