/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-segments.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "audit/artefacts.h"
#include "audit/beside.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"
#include "image/ewf-section.h"
#include "image/ewf.h"

/* ------------------------------------------------------- what is in there */

/* In any case. */
static bool is_numbered(const char *tail)
{
    return strlen(tail) == 3 && toupper((unsigned char)tail[0]) == 'E'
        && isdigit((unsigned char)tail[1])
        && isdigit((unsigned char)tail[2]);
}

#define NUMBERED 99u
#define LETTERS 26u

/* "E01" is 1, "EAA" the one after "E99"; 0: no segment has that name. */
static unsigned number_of(const char *tail)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    if (*tail == 'E' && is_numbered(tail))
        return (unsigned)(tail[1] - '0') * 10 + (unsigned)(tail[2] - '0');
    if (strlen(tail) != 3 || tail[0] < 'E' || strspn(tail, letters) != 3)
        return 0;
    return NUMBERED + 1
        + ((unsigned)(tail[0] - 'E') * LETTERS + (unsigned)(tail[1] - 'A'))
          * LETTERS + (unsigned)(tail[2] - 'A');
}

/* Each chunk has its checksum and its place in two tables; each segment its
 * heads, and room for less than a chunk at its end. */
unsigned ewf_segments_most(uint64_t volume_size, uint64_t segment_size)
{
    uint64_t bytes = volume_size + volume_size / 8 + 64 * MIB;
    uint64_t most = segment_size ? bytes / segment_size + 2 : UINT_MAX;

    return most < UINT_MAX ? (unsigned)most : UINT_MAX;
}

int ewf_segments_refuse(const char *base, unsigned most, struct err *e)
{
    autofree char *folder = file_folder(base);
    DIR *d = folder ? folder_list(folder) : NULL;
    struct beside b;
    int r;

    if (!d)
        return err_set(e, ERR_DEST, errno, "cannot look into the folder of "
                       "%s", base);
    closedir(d);
    r = beside_read(&b, base, e);
    for (size_t i = 0; r == 0 && i < b.count; i++) {
        unsigned n = number_of(b.tails[i] + 1);

        if (n && n <= most)
            r = err_set(e, ERR_DEST, EEXIST, "cannot create %s%s",
                        file_name(base), b.tails[i]);
    }
    beside_free(&b);
    return r;
}

/* -------------------------------------------------------- names by number */

char *ewf_segment_path(const char *base, unsigned number)
{
    char *path = NULL;
    unsigned n = number - NUMBERED - 1; /* among those of letters */
    int r;

    if (number <= NUMBERED)
        r = asprintf(&path, "%s.E%02u", base, number);
    else if ('E' + n / (LETTERS * LETTERS) <= 'Z')
        r = asprintf(&path, "%s.%c%c%c", base,
                     (char)('E' + n / (LETTERS * LETTERS)),
                     (char)('A' + n / LETTERS % LETTERS),
                     (char)('A' + n % LETTERS));
    else
        r = -1;
    return r < 0 ? NULL : path;
}

bool ewf_segment_exists(const char *base, unsigned number)
{
    autofree char *path = ewf_segment_path(base, number);

    return path && file_exists(path);
}

static int remove_segment(const char *base, unsigned number, struct err *e)
{
    autofree char *path = ewf_segment_path(base, number);

    return path ? file_remove(path, e) : err_nomem(e);
}

int ewf_segments_remove(const char *base, unsigned from, struct err *e)
{
    unsigned n = from;

    while (ewf_segment_exists(base, n))
        n++;
    while (n-- > from)
        if (remove_segment(base, n, e) < 0)
            return -1;
    return 0;
}

/* ----------------------------------------------------------- a whole set */

/* One segment is looked for after the other up to the first that is not there;
 * files behind a gap tell that it is one.  (Endings without a digit are left
 * out: .TXT and .LOG are among them.  A gap there shows as a set without an
 * end.)  Files of another case than the first one may be anything. */
static int check_gap(const struct beside *b, const char *first, size_t found,
                     struct err *e)
{
    size_t n = 0;

    for (size_t i = 0; i < b->count; i++)
        n += is_numbered(b->tails[i] + 1)
            && b->tails[i][1] == first[strlen(b->prefix) + 1];
    if (n > found)
        return err_set(e, ERR_VERIFY, 0,
                       "%s: a segment is missing: %zu follow each other, "
                       "but %zu are there", first, found, n);
    return 0;
}

/* Signature, a 1, the number of the segment (little-endian), two zeros. */
#define HEAD 13
#define AT_NUMBER 9

/* libewf does not ask whether a segment is the one that its name says. */
static int check_number(const char *path, size_t number, struct err *e)
{
    autoclose int fd = -1;
    unsigned char head[HEAD];
    size_t got;

    if (file_check_regular(path, e) < 0)
        return -1;
    if (file_open(path, &fd, e) < 0)
        return -1;
    if (file_read_at(fd, head, HEAD, 0, &got, path, e) < 0)
        return -1;
    if (got != HEAD || memcmp(head, ewf_signature, EWF_SIGNATURE) != 0)
        return err_set(e, ERR_VERIFY, 0, "%s is not a segment of an E01",
                       path);
    if ((size_t)(head[AT_NUMBER] | head[AT_NUMBER + 1] << 8) != number)
        return err_set(e, ERR_VERIFY, 0, "%s is segment %d by its content, "
                       "and not %zu as its name says", path,
                       head[AT_NUMBER] | head[AT_NUMBER + 1] << 8, number);
    return 0;
}

static int check_numbers(char **paths, size_t *n, struct err *e)
{
    for (*n = 0; paths[*n]; ++*n)
        if (check_number(paths[*n], *n + 1, e) < 0)
            return -1;
    return 0;
}

static bool is_first(const char *path)
{
    size_t n = strlen(path);

    return n > 4 && strcasecmp(path + n - 4, E01_SUFFIX) == 0;
}

/* Written as the first one is; in the other case only when it is what that
 * name says. */
static char *find_one(const struct beside *b, const char *first,
                      unsigned number)
{
    bool small = first[strlen(b->prefix) + 1] == 'e';
    autofree char *tail = ewf_segment_path("", number);
    struct err ignored = ERR_INIT;
    char *path;

    for (char *s = tail; small && s && *s; s++)
        *s = (char)tolower((unsigned char)*s);
    path = tail ? beside_path(b, tail) : NULL;
    if (path && !text_ends_with(path, tail)
        && check_number(path, number, &ignored) < 0) {
        free(path);
        path = NULL;
    }
    return path;
}

static char **find(const struct beside *b, const char *first, struct err *e)
{
    char **paths = calloc(2, sizeof(*paths));
    char **more = paths;
    char *next;

    for (size_t n = 1; more; n++) {
        paths = more;
        next = n == 1 ? strdup(first) : find_one(b, first, (unsigned)n);
        if (!next && n > 1)
            return paths;
        if (!next)
            break;
        paths[n - 1] = next;
        more = realloc(paths, (n + 2) * sizeof(*paths));
        if (more)
            more[n] = NULL;
    }
    ewf_paths_free(paths);
    err_nomem(e);
    return NULL;
}

static char **find_set(const char *first, struct err *e)
{
    autofree char *base = strndup(first, strlen(first) - strlen(E01_SUFFIX));
    struct beside b = { 0 };
    char **paths = NULL;
    size_t n = 0;

    if (!base)
        err_nomem(e);
    else if (beside_read(&b, base, e) == 0)
        paths = find(&b, first, e);
    if (paths && (check_numbers(paths, &n, e) < 0
                  || check_gap(&b, first, n, e) < 0)) {
        ewf_paths_free(paths);
        paths = NULL;
    }
    beside_free(&b);
    return paths;
}

char **ewf_paths(const char *first, struct err *e)
{
    struct stat st;

    if (!is_first(first))
        err_set(e, ERR_USAGE, 0, "%s is not the first segment of an E01 "
                "image: name the file that ends in " E01_SUFFIX, first);
    else if (file_stat(first, &st) < 0)
        err_set(e, ERR_USAGE, errno, "cannot find %s", first);
    else
        return find_set(first, e);
    return NULL;
}

void ewf_paths_free(char **paths)
{
    for (size_t i = 0; paths && paths[i]; i++)
        free(paths[i]);
    free(paths);
}
