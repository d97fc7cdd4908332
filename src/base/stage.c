#include "base/stage.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/scope.h"

struct stage {
    char *prefix;
    char *folder;      /* PREFIX.partial */
    const char *name;  /* last part of the prefix */
};

static void scope_closedir(DIR **d)
{
    if (*d)
        closedir(*d);
}

#define autoclosedir __attribute__((cleanup(scope_closedir)))

static char *join(const char *a, const char *b, const char *c)
{
    struct text t = TEXT_INIT;

    text_add(&t, a);
    text_add(&t, b);
    text_add(&t, c);
    if (t.failed)
        text_free(&t);
    return t.s;
}

/* ----------------------------------------------------------- free names */

static bool is_piece(const char *suffix)
{
    static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    if (strlen(suffix) >= 3
        && strspn(suffix, "0123456789") == strlen(suffix))
        return true; /* raw pieces: .001 */
    return strlen(suffix) == 3 && suffix[0] >= 'E' && suffix[0] <= 'Z'
        && strspn(suffix, upper) == 3; /* E01 segments: .E01 to .ZZZ */
}

/* Would a run with this prefix write (or have written) such a file? */
static bool is_ours(const char *name, const char *file)
{
    static const char *const suffixes[] = {
        "dd", "log.jsonl", "blocks", "md5", "sha1", "sha256", "txt",
    };
    size_t n = strlen(name);

    if (strncmp(file, name, n) != 0 || file[n] != '.')
        return false;
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
        if (strcmp(file + n + 1, suffixes[i]) == 0)
            return true;
    return is_piece(file + n + 1);
}

static int check_free(const struct stage *s, struct err *e)
{
    autofree char *folder = file_folder(s->prefix);
    autoclosedir DIR *d = folder ? opendir(folder) : NULL;
    struct dirent *entry;

    if (!d)
        return err_set(e, ERR_DEST, errno, "cannot write in the folder %s",
                       folder ? folder : "?");
    if (file_exists(s->folder))
        return err_set(e, ERR_DEST, 0,
                       "%s holds a run that did not finish; nothing is "
                       "overwritten: move it away, or choose another "
                       "--output", s->folder);
    while ((entry = readdir(d)))
        if (is_ours(s->name, entry->d_name))
            return err_set(e, ERR_DEST, 0,
                           "%s/%s exists already; nothing is overwritten: "
                           "move it away, or choose another --output",
                           folder, entry->d_name);
    return 0;
}

/* ------------------------------------------------------------------ open */

static struct stage *stage_new(const char *prefix, struct err *e)
{
    struct stage *s = calloc(1, sizeof(*s));

    if (s) {
        s->prefix = strdup(prefix);
        s->folder = join(prefix, ".partial", "");
    }
    if (!s || !s->prefix || !s->folder) {
        stage_free(s);
        err_nomem(e);
        return NULL;
    }
    s->name = file_name(s->prefix);
    return s;
}

static int check_name(const struct stage *s, struct err *e)
{
    if (!s->name[0] || strcmp(s->name, ".") == 0
        || strcmp(s->name, "..") == 0)
        return err_set(e, ERR_USAGE, 0,
                       "--output %s names a folder; give the beginning of "
                       "the file names too, as in %s/case-1", s->prefix,
                       s->prefix);
    return 0;
}

struct stage *stage_open(const char *prefix, struct err *e)
{
    struct stage *s = stage_new(prefix, e);

    if (!s)
        return NULL;
    if (check_name(s, e) < 0 || check_free(s, e) < 0) {
        stage_free(s);
        return NULL;
    }
    if (mkdir(s->folder, 0700) < 0) {
        err_set(e, ERR_DEST, errno, "cannot make the folder %s", s->folder);
        stage_free(s);
        return NULL;
    }
    return s;
}

char *stage_path(const struct stage *s, const char *suffix)
{
    autofree char *base = join(s->folder, "/", s->name);

    return base ? join(base, suffix, "") : NULL;
}

char *stage_final(const struct stage *s, const char *suffix)
{
    return join(s->prefix, suffix, "");
}

const char *stage_folder(const struct stage *s)
{
    return s->folder;
}

/* ----------------------------------------------------------------- names */

void stage_names_free(char **names)
{
    for (size_t i = 0; names && names[i]; i++)
        free(names[i]);
    free(names);
}

static int add_name(char ***names, size_t *n, const char *name)
{
    char **more = realloc(*names, (*n + 2) * sizeof(*more));

    if (!more)
        return -1;
    *names = more;
    more[*n] = strdup(name);
    more[*n + 1] = NULL;
    return more[(*n)++] ? 0 : -1;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A run's file, not one that somebody else has put there. */
static bool is_staged(const struct stage *s, const char *file)
{
    size_t n = strlen(s->name);

    return strncmp(file, s->name, n) == 0 && file[n] == '.';
}

char **stage_names(const struct stage *s, struct err *e)
{
    autoclosedir DIR *d = opendir(s->folder);
    char **names = calloc(1, sizeof(*names));
    struct dirent *entry;
    size_t n = 0;

    if (!d || !names) {
        err_set(e, ERR_DEST, errno, "cannot read the folder %s", s->folder);
        free(names);
        return NULL;
    }
    while ((entry = readdir(d))) {
        if (!is_staged(s, entry->d_name))
            continue;
        if (add_name(&names, &n, entry->d_name) < 0) {
            err_nomem(e);
            stage_names_free(names);
            return NULL;
        }
    }
    qsort(names, n, sizeof(*names), by_name);
    return names;
}

/* --------------------------------------------------------------- publish */

static int publish(const struct stage *s, const char *file, struct err *e)
{
    autofree char *from = join(s->folder, "/", file);
    autofree char *to = join(s->prefix, file + strlen(s->name), "");

    if (!from || !to)
        return err_nomem(e);
    return file_publish(from, to, e);
}

static int publish_all(const struct stage *s, char **names,
                       const char *last, struct err *e)
{
    const char *at_last = NULL;

    for (size_t i = 0; names[i]; i++) {
        if (strcmp(names[i] + strlen(s->name), last) == 0)
            at_last = names[i];
        else if (publish(s, names[i], e) < 0)
            return -1;
    }
    if (!at_last)
        return 0;
    /* Its name says that the others are there: they must be, on the disk. */
    if (file_sync_folder_of(s->prefix, e) < 0)
        return -1;
    return publish(s, at_last, e);
}

int stage_publish(struct stage *s, const char *last, struct err *e)
{
    char **names = stage_names(s, e);
    int r;

    if (!names)
        return -1;
    r = publish_all(s, names, last, e);
    stage_names_free(names);
    if (r < 0)
        return err_in(e, "the image is whole but stays in %s", s->folder);
    if (rmdir(s->folder) < 0 && errno != ENOTEMPTY && errno != EEXIST)
        return err_set(e, ERR_DEST, errno, "cannot remove the folder %s",
                       s->folder);
    return file_sync_folder_of(s->prefix, e);
}

void stage_discard(struct stage *s)
{
    struct err e = ERR_INIT;
    char **names = stage_names(s, &e);

    for (size_t i = 0; names && names[i]; i++) {
        autofree char *path = join(s->folder, "/", names[i]);

        if (path)
            unlink(path);
    }
    stage_names_free(names);
    rmdir(s->folder);
}

void stage_free(struct stage *s)
{
    if (!s)
        return;
    free(s->prefix);
    free(s->folder);
    free(s);
}
