#include "base/stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/scope.h"
#include "base/stage-parts.h"

static void scope_closedir(DIR **d)
{
    if (*d)
        closedir(*d);
}

#define autoclosedir __attribute__((cleanup(scope_closedir)))

char *stage_join(const char *a, const char *b, const char *c)
{
    struct text t = TEXT_INIT;

    text_add(&t, a);
    text_add(&t, b);
    text_add(&t, c);
    if (t.failed)
        text_free(&t);
    return t.s;
}

static char *path_of(const struct stage *s, const char *suffix)
{
    autofree char *base = stage_join(s->folder, "/", s->name);

    return base ? stage_join(base, suffix, "") : NULL;
}

/* ------------------------------------------------------------------ lock */

static int at_work(const struct stage *s, struct err *e)
{
    return err_set(e, ERR_DEST, 0, "another ebsimg is at work in %s",
                   s->folder);
}

static int take_lock(struct stage *s, struct err *e)
{
    autofree char *path = path_of(s, STAGE_LOCK);

    if (!path)
        return err_nomem(e);
    s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (s->lock < 0)
        return err_set(e, ERR_DEST, errno, "cannot open %s", path);
    return file_lock(s->lock) ? 0 : at_work(s, e);
}

static bool is_locked(const struct stage *s)
{
    autofree char *path = path_of(s, STAGE_LOCK);
    autoclose int fd = path ? open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
                            : -1;

    return fd >= 0 && !file_lock(fd);
}

static bool has_checkpoint(const struct stage *s)
{
    autofree char *path = path_of(s, STAGE_CHECKPOINT);

    return path && file_exists(path);
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

bool stage_is_ours(const struct stage *s, const char *file)
{
    static const char *const suffixes[] = {
        "dd", "log.jsonl", "blocks", "md5", "sha1", "sha256", "txt",
    };
    size_t n = strlen(s->name);

    if (strncmp(file, s->name, n) != 0 || file[n] != '.')
        return false;
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
        if (strcmp(file + n + 1, suffixes[i]) == 0)
            return true;
    return is_piece(file + n + 1);
}

/* The folder of another run is there. */
static int name_other(const struct stage *s, struct err *e)
{
    autofree char *word = text_word(s->prefix);

    if (is_locked(s))
        return at_work(s, e);
    if (!has_checkpoint(s))
        return err_set(e, ERR_DEST, 0,
                       "%s holds a run that ended before there was anything "
                       "to go on with; nothing is overwritten: move it away, "
                       "or choose another --output", s->folder);
    return err_set(e, ERR_DEST, 0,
                   "%s holds a run that did not finish; nothing is "
                   "overwritten: go on with it by  ebsimg acquire --resume "
                   "%s  or choose another --output", s->folder,
                   word ? word : "PREFIX");
}

int stage_check_free(const struct stage *s, struct err *e)
{
    autofree char *folder = file_folder(s->prefix);
    autoclosedir DIR *d = folder ? opendir(folder) : NULL;
    struct dirent *entry;

    if (!d && folder && errno == ENOTDIR)
        return path_refuse(folder, e);
    if (!d)
        return err_set(e, ERR_DEST, errno, "cannot write in the folder %s",
                       folder ? folder : "?");
    while ((entry = readdir(d)))
        if (stage_is_ours(s, entry->d_name))
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
        s->lock = -1;
        s->prefix = strdup(prefix);
        s->folder = stage_join(prefix, ".partial", "");
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

static int know_folder(struct stage *s, struct err *e)
{
    struct stat st;

    if (lstat(s->folder, &st) < 0)
        return err_set(e, ERR_DEST, errno, "cannot look at the folder %s",
                       s->folder);
    s->dev = st.st_dev;
    s->ino = st.st_ino;
    return 0;
}

static int make_folder(struct stage *s, struct err *e)
{
    if (file_exists(s->folder))
        return name_other(s, e);
    if (stage_check_free(s, e) < 0)
        return -1;
    if (mkdir(s->folder, 0700) < 0)
        return err_set(e, ERR_DEST, errno, "cannot make the folder %s",
                       s->folder);
    if (know_folder(s, e) == 0 && take_lock(s, e) == 0)
        return 0;
    stage_discard(s);
    return -1;
}

struct stage *stage_open(const char *prefix, struct err *e)
{
    struct stage *s = stage_new(prefix, e);

    if (!s)
        return NULL;
    if (check_name(s, e) < 0 || make_folder(s, e) < 0) {
        stage_free(s);
        return NULL;
    }
    return s;
}

static enum stage_left left_by(const struct stage *s)
{
    autofree char *log = stage_join(s->prefix, ".log.jsonl", "");

    if (has_checkpoint(s))
        return STAGE_UNFINISHED;
    if (log && file_exists(log))
        return STAGE_FINISHED;
    return file_exists(s->folder) ? STAGE_VOID : STAGE_NOTHING;
}

static int check_unfinished(const struct stage *s, struct err *e)
{
    switch (left_by(s)) {
    case STAGE_UNFINISHED:
        return 0;
    case STAGE_FINISHED:
        rmdir(s->folder); /* a run died before it could, if there is one */
        return err_set(e, ERR_USAGE, 0, "%s is complete: there is nothing "
                       "to go on with", s->prefix);
    case STAGE_VOID:
        return err_set(e, ERR_USAGE, 0, "the run in %s ended before there "
                       "was anything to go on with: remove the folder and "
                       "start anew", s->folder);
    default:
        return err_set(e, ERR_USAGE, 0, "there is no unfinished run %s: the "
                       "folder %s does not exist", s->prefix, s->folder);
    }
}

struct stage *stage_reopen(const char *prefix, struct err *e)
{
    struct stage *s = stage_new(prefix, e);

    if (!s)
        return NULL;
    if (check_name(s, e) < 0 || check_unfinished(s, e) < 0
        || know_folder(s, e) < 0 || take_lock(s, e) < 0) {
        stage_free(s);
        return NULL;
    }
    return s;
}

char *stage_path(const struct stage *s, const char *suffix)
{
    return path_of(s, suffix);
}

char *stage_final(const struct stage *s, const char *suffix)
{
    return stage_join(s->prefix, suffix, "");
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

/* In the order in which they are removed in the end: the folder belongs to
 * an unfinished run as long as the checkpoints are there. */
static const char *const own[] = { STAGE_CHUNKS, STAGE_LOCK,
                                   STAGE_CHECKPOINT_NEW, STAGE_CHECKPOINT };

#define OWN (sizeof(own) / sizeof(own[0]))

/* A file that is to get a final name, not one that somebody else has put
 * there. */
static bool is_staged(const struct stage *s, const char *file)
{
    size_t n = strlen(s->name);

    if (strncmp(file, s->name, n) != 0 || file[n] != '.')
        return false;
    for (size_t i = 0; i < OWN; i++)
        if (strcmp(file + n, own[i]) == 0)
            return false;
    return true;
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

int stage_remove(const struct stage *s, const char *suffix, struct err *e)
{
    autofree char *path = path_of(s, suffix);

    if (!path)
        return err_nomem(e);
    if (unlink(path) < 0 && errno != ENOENT)
        return err_set(e, ERR_DEST, errno, "cannot remove %s", path);
    return 0;
}

int stage_sync(const struct stage *s, struct err *e)
{
    if (file_sync_path(s->folder, e) < 0)
        return -1;
    return file_sync_folder_of(s->prefix, e);
}

/* ---------------------------------------------------------------- remove */

int stage_check_folder(const struct stage *s, struct err *e)
{
    struct stat st;

    if (lstat(s->folder, &st) < 0)
        return err_set(e, ERR_DEST, errno, "the folder %s is gone",
                       s->folder);
    if (st.st_dev != s->dev || st.st_ino != s->ino)
        return err_set(e, ERR_DEST, 0, "the folder %s is not the one that "
                       "this run made", s->folder);
    return 0;
}

int stage_remove_own(const struct stage *s, struct err *e)
{
    for (size_t i = 0; i < OWN; i++)
        if (stage_remove(s, own[i], e) < 0)
            return -1;
    return 0;
}

void stage_discard(struct stage *s)
{
    struct err e = ERR_INIT;
    char **names = stage_check_folder(s, &e) < 0 ? NULL : stage_names(s, &e);

    for (size_t i = 0; names && names[i]; i++) {
        autofree char *path = stage_join(s->folder, "/", names[i]);

        if (path)
            unlink(path);
    }
    stage_names_free(names);
    if (stage_check_folder(s, &e) == 0)
        stage_remove_own(s, &e);
    rmdir(s->folder); /* one that holds anything stays */
}

int stage_look(const char *prefix, enum stage_left *out, struct err *e)
{
    struct stage *s = stage_new(prefix, e);

    if (!s)
        return -1;
    *out = left_by(s);
    stage_free(s);
    return 0;
}

static int remove_void(struct stage *s, struct err *e)
{
    if (know_folder(s, e) < 0 || take_lock(s, e) < 0)
        return -1;
    if (has_checkpoint(s))
        return at_work(s, e);
    stage_discard(s);
    if (!file_exists(s->folder))
        return 0;
    return err_set(e, ERR_DEST, 0, "%s holds files of somebody else; move it "
                   "away", s->folder);
}

int stage_remove_void(const char *prefix, struct err *e)
{
    struct stage *s = stage_new(prefix, e);
    int r = s ? 0 : -1;

    if (s && file_exists(s->folder))
        r = remove_void(s, e);

    stage_free(s);
    return r;
}

void stage_free(struct stage *s)
{
    if (!s)
        return;
    if (s->lock >= 0)
        close(s->lock);
    free(s->prefix);
    free(s->folder);
    free(s);
}
