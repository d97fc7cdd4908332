#include "image/ewf-segments.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <libewf.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "audit/artefacts.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/scope.h"
#include "image/ewf-error.h"
#include "image/ewf-section.h"
#include "image/ewf.h"

/* ------------------------------------------------------- what is in there */

static bool has_shape(const char *tail, char letter)
{
    return strlen(tail) == 3 && tail[0] == letter
        && isdigit((unsigned char)tail[1])
        && isdigit((unsigned char)tail[2]);
}

static bool is_numbered(const char *tail)
{
    return has_shape(tail, 'E');
}

static bool is_numbered_small(const char *tail)
{
    return has_shape(tail, 'e');
}

static bool is_any(const char *tail)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    return is_numbered(tail)
        || (strlen(tail) == 3 && tail[0] >= 'E'
            && strspn(tail, letters) == 3);
}

/* How many files next to `base' have its name and such an ending; the last
 * one's name. */
static int count(const char *base, bool (*is)(const char *tail), size_t *n,
                 char name[NAME_MAX + 1], struct err *e)
{
    autofree char *folder = file_folder(base);
    DIR *d = folder ? folder_list(folder) : NULL;
    size_t len = strlen(file_name(base));
    struct dirent *entry;

    if (!d)
        return err_set(e, ERR_DEST, errno, "cannot look into the folder of "
                       "%s", base);
    for (*n = 0; (entry = readdir(d));) {
        const char *file = entry->d_name;

        if (strncmp(file, file_name(base), len) != 0 || file[len] != '.'
            || !is(file + len + 1))
            continue;
        snprintf(name, NAME_MAX + 1, "%s", file);
        ++*n;
    }
    closedir(d);
    return 0;
}

int ewf_segments_refuse(const char *base, struct err *e)
{
    char name[NAME_MAX + 1] = "";
    size_t n;

    if (count(base, is_any, &n, name, e) < 0)
        return -1;
    return n ? err_set(e, ERR_DEST, EEXIST, "cannot create %s", name) : 0;
}

/* -------------------------------------------------------- names by number */

#define NUMBERED 99u
#define LETTERS 26u

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

/* libewf looks for one segment after the other and stops at the first that
 * is not there; files behind a gap tell that it is one.  (Endings without a
 * digit are left out: .TXT and .LOG are among them.  A gap there shows as a
 * set without an end.) */
static int check_gap(const char *first, size_t found, struct err *e)
{
    autofree char *base = strndup(first, strlen(first) - strlen(E01_SUFFIX));
    bool small = base && first[strlen(base) + 1] == 'e';
    char name[NAME_MAX + 1];
    size_t n;

    if (!base)
        return err_nomem(e);
    if (count(base, small ? is_numbered_small : is_numbered, &n, name, e)
        < 0) {
        if (e->kind != ERR_INTERNAL)
            e->kind = ERR_USAGE;
        return -1;
    }
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

/* libewf's array knows its length from beside it, ours ends with NULL; its
 * files are where `first' is, by whatever way they were found. */
static char **copy(const char *first, char **paths, int n)
{
    char **mine = calloc((size_t)n + 1, sizeof(*mine));
    int folder = (int)(file_name(first) - first);

    for (int i = 0; mine && i < n; i++) {
        if (asprintf(&mine[i], "%.*s%s", folder, first, file_name(paths[i]))
            < 0) {
            mine[i] = NULL;
            ewf_paths_free(mine);
            return NULL;
        }
    }
    return mine;
}

static char **find(const char *first, struct err *e)
{
    autofree char *way = folder_library_path(first, e);
    libewf_error_t *error = NULL;
    char **found = NULL;
    char **paths;
    int n = 0;

    if (!way)
        return NULL;
    errno = 0;
    if (libewf_glob(way, strlen(way), LIBEWF_FORMAT_UNKNOWN, &found, &n,
                    &error) != 1 || n < 1) {
        ewf_fail(e, ERR_USAGE, &error, "find", first);
        return NULL;
    }
    paths = copy(first, found, n);
    libewf_glob_free(found, n, NULL);
    if (!paths)
        err_nomem(e);
    return paths;
}

char **ewf_paths(const char *first, struct err *e)
{
    char **paths;
    size_t n = 0;

    if (!is_first(first)) {
        err_set(e, ERR_USAGE, 0, "%s is not the first segment of an E01 "
                "image: name the file that ends in " E01_SUFFIX, first);
        return NULL;
    }
    paths = find(first, e);
    if (paths && (check_numbers(paths, &n, e) < 0
                  || check_gap(first, n, e) < 0)) {
        ewf_paths_free(paths);
        return NULL;
    }
    return paths;
}

void ewf_paths_free(char **paths)
{
    for (size_t i = 0; paths && paths[i]; i++)
        free(paths[i]);
    free(paths);
}
