/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/stage.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/artefacts.h"
#include "audit/stage-private.h"
#include "base/file.h"
#include "base/path.h"
#include "base/scope.h"

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
    int fd, got;

    if (!path)
        return err_nomem(e);
    if (file_reopen_or_create(path, &fd, e) < 0)
        return -1;
    got = lock_take(&s->lock, fd, path, e);
    if (got == 0)
        return at_work(s, e);
    return got < 0 ? -1 : 0;
}

static bool is_locked(const struct stage *s)
{
    autofree char *path = path_of(s, STAGE_LOCK);
    struct err ignored = ERR_INIT;
    autoclose int fd = -1;

    return path && file_reopen(path, &fd, &ignored) == 0
        && lock_is_taken(fd, path);
}

static bool has_checkpoint(const struct stage *s)
{
    autofree char *path = path_of(s, STAGE_CHECKPOINT);

    return path && file_exists(path);
}

static bool is_streamed(const struct stage *s)
{
    autofree char *path = path_of(s, STAGE_STREAMED);

    return path && file_exists(path);
}

int stage_mark_streamed(const struct stage *s, struct err *e)
{
    autofree char *path = path_of(s, STAGE_STREAMED);
    autoclose int fd = -1;

    if (!path)
        return err_nomem(e);
    return file_create(path, &fd, e) < 0 ? -1 : file_close(&fd, path, e);
}

/* ----------------------------------------------------------- free names */

bool stage_is_ours(const struct stage *s, const char *file)
{
    size_t n = strlen(s->name);

    return strncmp(file, s->name, n) == 0 && artefact_of_run(file + n);
}

/* The folder, if it is there; never through a link. */
static int hold_own(struct stage *s, struct err *e)
{
    if (s->own.held || !file_exists(s->folder))
        return 0;
    s->own.held = folder_hold_own(s->folder, e);
    return s->own.held ? 0 : -1;
}

/* The folder of another run is there. */
static int name_other(struct stage *s, struct err *e)
{
    autofree char *word = text_word(s->prefix);

    if (hold_own(s, e) < 0)
        return -1;
    if (is_locked(s))
        return at_work(s, e);
    if (is_streamed(s))
        return err_set(e, ERR_DEST, 0, "%s holds the papers of a run whose "
                       "image went to standard output, and was not whole; "
                       "nothing is overwritten: move it away, or choose "
                       "another prefix", s->folder);
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

static int is_there(const char *folder, const char *name, struct err *e)
{
    return err_set(e, ERR_DEST, 0, "%s/%s exists already; nothing is "
                   "overwritten: move it away, or choose another --output",
                   folder, name);
}

/* Segments behind the 99th are asked for when the size is known: others call
 * their files so, too. */
static bool is_in_the_way(const struct stage *s, const char *file)
{
    return stage_is_ours(s, file)
        && !artefact_is_late_segment(file + strlen(s->name));
}

/* Where case makes no difference a name in another case is the same. */
static int check_suffixes(const struct stage *s, const char *folder,
                          struct err *e)
{
    const struct artefact *a;

    for (size_t i = 0; (a = artefact_row(i)); i++) {
        autofree char *path = stage_join(s->prefix, "", a->suffix);

        if (!path)
            return err_nomem(e);
        if (a->role != ARTEFACT_CASE && file_exists(path))
            return is_there(folder, file_name(path), e);
    }
    return 0;
}

int stage_check_free(const struct stage *s, struct err *e)
{
    autofree char *folder = file_folder(s->prefix);
    autoclosedir DIR *d = folder ? folder_list(folder) : NULL;
    struct dirent *entry;

    if (!d && folder && errno == ENOTDIR)
        return path_refuse(folder, e);
    if (!d)
        return err_set(e, ERR_DEST, errno, "cannot write in the folder %s",
                       folder ? folder : "?");
    while ((entry = readdir(d)))
        if (is_in_the_way(s, entry->d_name))
            return is_there(folder, entry->d_name, e);
    return check_suffixes(s, folder, e);
}

/* ------------------------------------------------------------------ open */

/* e tells why the folder above cannot be held: whether that matters is the
 * caller's business. */
static struct stage *stage_new(const char *prefix, struct err *e)
{
    struct stage *s = calloc(1, sizeof(*s));
    autofree char *above = file_folder(prefix);

    if (s) {
        s->lock = (struct lock)LOCK_INIT;
        s->prefix = strdup(prefix);
        s->folder = stage_join(prefix, STAGE_FOLDER, "");
    }
    if (!s || !above || !s->prefix || !s->folder) {
        stage_free(s);
        err_nomem(e);
        return NULL;
    }
    s->name = file_name(s->prefix);
    s->above = folder_hold(above, e);
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

/* Behind the prefix, of all names that a run makes: that of the second probe,
 * with the highest number that a process can have. */
#define LONGEST_SUFFIX (sizeof(STAGE_PROBE ".4194304.b") - 1)

int stage_check_length(const char *prefix, size_t more, struct err *e)
{
    size_t need = strlen(file_name(prefix)) + more + LONGEST_SUFFIX;

    if (need <= NAME_MAX)
        return 0;
    return err_set(e, ERR_USAGE, 0, "--output: the name is too long by %zu "
                   "bytes: with what is put behind it, each file name may "
                   "have %d", need - NAME_MAX, NAME_MAX);
}

static int make_folder(struct stage *s, struct err *e)
{
    autofree char *probe = stage_join(s->name, STAGE_PROBE, "");

    if (!s->above)
        return -1;
    if (file_exists(s->folder))
        return name_other(s, e);
    if (!probe)
        return err_nomem(e);
    if (stage_check_free(s, e) < 0)
        return -1;
    if (private_make(&s->own, s->folder, probe, e) == 0
        && take_lock(s, e) == 0)
        return 0;
    if (s->own.held)
        stage_discard(s);
    return -1;
}

struct stage *stage_open(const char *prefix, struct err *e)
{
    struct stage *s;

    if (stage_check_length(prefix, 0, e) < 0)
        return NULL;
    s = stage_new(prefix, e);
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
    autofree char *log = stage_join(s->prefix, LOG_SUFFIX, "");

    if (has_checkpoint(s))
        return STAGE_UNFINISHED;
    if (log && file_exists(log))
        return STAGE_FINISHED;
    return file_exists(s->folder) ? STAGE_VOID : STAGE_NOTHING;
}

/* Someone has renamed the folder: its files have the name of before. */
static char *name_within(const struct stage *s)
{
    autoclosedir DIR *d = folder_list(s->folder);
    const size_t tail = strlen(STAGE_CHECKPOINT);
    struct dirent *entry;

    while (d && (entry = readdir(d))) {
        size_t n = strlen(entry->d_name);

        if (n > tail
            && strcmp(entry->d_name + n - tail, STAGE_CHECKPOINT) == 0)
            return strndup(entry->d_name, n - tail);
    }
    return NULL;
}

static int refuse_void(const struct stage *s, struct err *e)
{
    autofree char *name = name_within(s);

    if (is_streamed(s))
        return err_set(e, ERR_USAGE, 0, "the run in %s wrote its image to "
                       "standard output: what has left cannot be gone on "
                       "with; move the folder away and start anew",
                       s->folder);
    if (name)
        return err_set(e, ERR_USAGE, 0, "%s holds the unfinished run %s: "
                       "rename the folder to %s" STAGE_FOLDER " again",
                       s->folder, name, name);
    return err_set(e, ERR_USAGE, 0, "the run in %s ended before there was "
                   "anything to go on with: move the folder away and start "
                   "anew", s->folder);
}

/* What a run that died before it could has left, when all had its name. */
static void remove_rest(struct stage *s)
{
    struct err ignored = ERR_INIT;

    if (stage_trust(s, &ignored) == 0 && !is_locked(s))
        stage_remove_own(s, &ignored);
    stage_remove_folder(s); /* one that holds anything else stays */
}

static int check_unfinished(struct stage *s, struct err *e)
{
    switch (left_by(s)) {
    case STAGE_UNFINISHED:
        return 0;
    case STAGE_FINISHED:
        remove_rest(s);
        return err_set(e, ERR_USAGE, 0, "%s is complete: there is nothing "
                       "to go on with", s->prefix);
    case STAGE_VOID:
        return refuse_void(s, e);
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
    if (check_name(s, e) < 0 || hold_own(s, e) < 0
        || check_unfinished(s, e) < 0 || stage_trust(s, e) < 0
        || take_lock(s, e) < 0) {
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

const struct filesystem *stage_filesystem(const struct stage *s)
{
    return &s->own.fs;
}

bool stage_others_may_write(const struct stage *s)
{
    struct stat st;

    return fstat(folder_fd(s->above), &st) < 0
        || (st.st_uid != s->own.fs.owner && st.st_uid != 0)
        || folder_others_may_write(folder_fd(s->above), &st);
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
 * an unfinished run as long as the checkpoints are there, and that needs the
 * list of chunks; what no longer has them is locked for nobody. */
static const struct { const char *suffix; bool numbered; } own[] = {
    { STAGE_PROBE, true }, { STAGE_CHECKPOINT_NEW, false },
    { STAGE_CHECKPOINT, false }, { STAGE_CHUNKS, false },
    { STAGE_STREAMED, false }, { STAGE_LOCK, true },
};

#define OWN_LOCK 5 /* its row */

#define OWN ((int)(sizeof(own) / sizeof(own[0])))
#define STAGED OWN /* it is to get a final name */
#define FOREIGN (-1)

/* Which of them a file is, or one of the two. */
static int kind_of(const struct stage *s, const char *file)
{
    size_t n = strlen(s->name);

    if (strncmp(file, s->name, n) != 0 || file[n] != '.')
        return FOREIGN;
    for (int i = 0; i < OWN; i++) {
        size_t len = strlen(own[i].suffix);

        if (strncmp(file + n, own[i].suffix, len) == 0
            && (!file[n + len] || (own[i].numbered && file[n + len] == '.')))
            return i;
    }
    return STAGED;
}

static char **names_of(const struct stage *s, int kind, struct err *e)
{
    autoclosedir DIR *d = folder_list(s->folder);
    char **names = calloc(1, sizeof(*names));
    struct dirent *entry;
    size_t n = 0;

    if (!d || !names) {
        err_set(e, ERR_DEST, errno, "cannot read the folder %s", s->folder);
        free(names);
        return NULL;
    }
    while ((entry = readdir(d))) {
        if (kind_of(s, entry->d_name) != kind)
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

char **stage_names(const struct stage *s, struct err *e)
{
    return names_of(s, STAGED, e);
}

static int remove_names(const struct stage *s, int kind, struct err *e)
{
    char **names = names_of(s, kind, e);
    int r = names ? 0 : -1;

    for (size_t i = 0; r == 0 && names[i]; i++) {
        autofree char *path = stage_join(s->folder, "/", names[i]);

        r = path ? file_remove(path, e) : err_nomem(e);
    }
    stage_names_free(names);
    return r;
}

int stage_remove(const struct stage *s, const char *suffix, struct err *e)
{
    autofree char *path = path_of(s, suffix);

    return path ? file_remove(path, e) : err_nomem(e);
}

int stage_check(const struct stage *s, struct err *e)
{
    if (folder_is_in_place(s->own.held))
        return 0;
    if (!file_exists(s->folder))
        return err_set(e, ERR_DEST, ENOENT, "the folder %s is gone",
                       s->folder);
    return err_set(e, ERR_DEST, 0, "the folder %s is not the one that "
                   "this run made", s->folder);
}

int stage_sync(const struct stage *s, struct err *e)
{
    autofree char *inside = path_of(s, "");

    if (!inside)
        return err_nomem(e);
    if (stage_check(s, e) < 0 || file_sync_folder_of(inside, e) < 0)
        return -1;
    return file_sync_folder_of(s->prefix, e);
}

/* ---------------------------------------------------------------- remove */

int stage_remove_own(struct stage *s, struct err *e)
{
    for (int i = 0; i < OWN; i++) {
        if (i == OWN_LOCK) /* a file that is open may live on */
            lock_release(&s->lock);
        if (remove_names(s, i, e) < 0)
            return -1;
    }
    return 0;
}

void stage_discard(struct stage *s)
{
    struct err e = ERR_INIT;

    if (stage_check(s, &e) == 0 && remove_names(s, STAGED, &e) == 0)
        stage_remove_own(s, &e);
    stage_remove_folder(s); /* one that holds anything stays */
}

int stage_look(const char *prefix, enum stage_left *out, struct err *e)
{
    struct stage *s = stage_new(prefix, e);

    int r = s ? hold_own(s, e) : -1;

    if (r == 0)
        *out = left_by(s);
    stage_free(s);
    return r;
}

static int remove_void(struct stage *s, struct err *e)
{
    if (hold_own(s, e) < 0 || stage_trust(s, e) < 0 || take_lock(s, e) < 0)
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
    lock_release(&s->lock);
    private_leave(&s->own);
    folder_release(s->above);
    free(s->prefix);
    free(s->folder);
    free(s);
}
