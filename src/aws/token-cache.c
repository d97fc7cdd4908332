/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/token-cache.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "aws/keys-json.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"
#include "base/thread.h"

enum {
    FILE_LIMIT = 256 * KIB,
    LOCK_STEP_MS = 50,
    LOCK_STEPS = 600,      /* half a minute: then whoever has it stands still */
};

static int name_file(char **path, const char *folder, const char *digest,
                     const char *key, struct err *e)
{
    unsigned char value[EVP_MAX_MD_SIZE];
    char hex[2 * EVP_MAX_MD_SIZE + 1];
    unsigned n = 0;

    if (EVP_Digest(key, strlen(key), value, &n, EVP_get_digestbyname(digest),
                   NULL) != 1)
        return err_set(e, ERR_INTERNAL, 0, "OpenSSL has no %s", digest);
    hex_encode(hex, value, n);
    if (asprintf(path, "%s/%s.json", folder, hex) >= 0)
        return 0;
    *path = NULL;
    return err_nomem(e);
}

int token_cache_open(struct token_cache *c, const struct keys_env *env,
                     const char *folder, const char *digest, const char *key,
                     struct err *e)
{
    *c = (struct token_cache){ .env = env, .lock = -1 };
    return name_file(&c->path, folder, digest, key, e);
}

void token_cache_close(struct token_cache *c)
{
    if (c->lock >= 0)
        close(c->lock);
    free(c->path);
    *c = (struct token_cache){ .lock = -1 };
}

static cJSON *read_file(const struct token_cache *c, struct err *e)
{
    autotext struct text t = TEXT_INIT;
    cJSON *o = NULL;

    if (file_slurp(c->path, FILE_LIMIT, &t, e) == 0)
        o = keys_parse_json(t.s, t.len, e);
    if (t.s)
        secret_wipe(t.s, t.len);
    if (o)
        return o;
    if (e->kind == ERR_USAGE)
        e->kind = ERR_ACCESS;
    err_in(e, "%s", c->path);
    return NULL;
}

/* Logins that were renewed and could not, or must not, be written back, for
 * the rest of this process: whoever asks for keys next goes on with them.
 * `stale' is the refresh token that the file had then: once it has another
 * one, somebody has logged in again. */
struct kept {
    struct kept *next;
    char *path, *stale;
    cJSON *login;
};

static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;
static struct kept *kept_logins;

static struct kept *find_kept(const char *path)
{
    struct kept *k = kept_logins;

    while (k && strcmp(k->path, path) != 0)
        k = k->next;
    return k;
}

static bool is_stale(const struct kept *k, const cJSON *file)
{
    const char *token = token_text(file, "refreshToken");

    return !file || (token && strcmp(token, k->stale) == 0);
}

cJSON *token_cache_read(const struct token_cache *c, struct err *e)
{
    struct err none = ERR_INIT;
    cJSON *file = read_file(c, &none);
    const struct kept *k;
    AUTOLOCK(&kept_lock);

    k = find_kept(c->path);
    if (k && is_stale(k, file)) {
        keys_wipe_json(file);
        file = cJSON_Duplicate(k->login, true);
        if (!file)
            err_nomem(&none);
    }
    if (!file)
        *e = none;
    return file;
}

void token_cache_lock(struct token_cache *c)
{
    autofree char *folder = file_folder(c->path);

    if (folder)
        c->lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; c->lock >= 0 && i < LOCK_STEPS; i++) {
        if (flock(c->lock, LOCK_EX | LOCK_NB) == 0
            || (errno != EWOULDBLOCK && errno != EINTR)
            || (c->env->stop && *c->env->stop))
            return;
        poll(NULL, 0, LOCK_STEP_MS);
    }
}

/* Beside it, so that it can take its place; nobody else can have opened it
 * for reading.  One of that name is what a process that was killed has left:
 * the folder is locked. */
static int create(const char *path)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    int fd = open(path, flags, S_IRUSR | S_IWUSR);

    if (fd < 0 && errno == EEXIST && unlink(path) == 0)
        fd = open(path, flags, S_IRUSR | S_IWUSR);
    return fd;
}

/* It stays the file of whom it was, also when root renews it. */
static int write_new(const char *path, const struct stat *was,
                     const char *text, struct err *e)
{
    autoclose int fd = create(path);

    if (fd < 0)
        return err_set(e, ERR_ACCESS, errno, "cannot create %s", path);
    if (was->st_uid != geteuid()
        && fchown(fd, was->st_uid, was->st_gid) < 0)
        return err_set(e, ERR_ACCESS, errno, "cannot give %s to its owner",
                       path);
    if (file_write(fd, text, strlen(text), path, e) < 0
        || file_sync(fd, path, e) < 0)
        return -1;
    return file_close(&fd, path, e);
}

/* A link to the file stays one. */
static int replace(const char *path, const char *text, struct err *e)
{
    autofree char *real = realpath(path, NULL);
    autofree char *new = NULL;
    struct stat was;
    int r;

    if (!real || stat(real, &was) < 0)
        return err_set(e, ERR_ACCESS, errno, "cannot find %s", path);
    if (asprintf(&new, "%s.%ld.ebsimg", real, (long)gettid()) < 0) {
        new = NULL;
        return err_nomem(e);
    }
    r = write_new(new, &was, text, e);
    if (r == 0 && rename(new, real) < 0)
        r = err_set(e, ERR_ACCESS, errno, "cannot replace %s", real);
    if (r < 0)
        unlink(new);
    return r;
}

static int write_file(const struct token_cache *c, const cJSON *o,
                      struct err *e)
{
    char *text = cJSON_PrintUnformatted(o);
    int r = text ? replace(c->path, text, e) : err_nomem(e);

    if (text)
        secret_wipe(text, strlen(text));
    cJSON_free(text);
    return r;
}

/* A login that was renewed and not written back is lost for the others. */
#define LOST "AWS's own tools may have to log in again"

static struct kept *add_kept(const char *path, const char *stale)
{
    struct kept *k = calloc(1, sizeof(*k));

    if (k) {
        k->path = strdup(path);
        k->stale = strdup(stale);
    }
    if (k && k->path && k->stale) {
        k->next = kept_logins;
        kept_logins = k;
        return k;
    }
    if (k) {
        free(k->path);
        free(k->stale);
    }
    free(k);
    return NULL;
}

static void keep_in_memory(const struct token_cache *c, const cJSON *o)
{
    struct err ignored = ERR_INIT;
    cJSON *file = read_file(c, &ignored);
    const char *stale = token_text(file, "refreshToken");
    cJSON *copy = cJSON_Duplicate(o, true);
    struct kept *k;
    AUTOLOCK(&kept_lock);

    k = find_kept(c->path);
    if (!k)
        k = add_kept(c->path, stale ? stale : "");
    if (k && copy) {
        keys_wipe_json(k->login);
        k->login = copy;
        copy = NULL;
    }
    keys_wipe_json(copy);
    keys_wipe_json(file);
}

void token_cache_keep(const struct token_cache *c, const cJSON *o)
{
    autotext struct text note = TEXT_INIT;
    struct err why = ERR_INIT;

    if (!c->env->read_only && write_file(c, o, &why) == 0) {
        text_addf(&note, "%s, which AWS's tools use, was replaced: the login "
                  "was renewed", c->path);
    } else {
        keep_in_memory(c, o);
        text_addf(&note, c->env->read_only
                  ? "the login was renewed and %s was not written to: " LOST
                  : "the login was renewed and could not be written back to "
                    "%s: " LOST, c->path);
        if (why.kind != ERR_NONE)
            text_addf(&note, " (%s)", why.msg);
    }
    if (note.s && !note.failed && c->env->note)
        c->env->note(c->env->ctx, note.s);
}

/* --------------------------------------------------------------- members */

const char *token_text(const cJSON *o, const char *key)
{
    const char *s = json_text(o, key);

    return s && *s ? s : NULL;
}

int token_set(cJSON *o, const char *key, const char *value, struct err *e)
{
    cJSON *text = cJSON_CreateString(value);
    cJSON *old = cJSON_GetObjectItemCaseSensitive(o, key);

    if (cJSON_IsString(old))
        secret_wipe(old->valuestring, strlen(old->valuestring));
    if (text && (old ? cJSON_ReplaceItemInObjectCaseSensitive(o, key, text)
                     : cJSON_AddItemToObject(o, key, text)))
        return 0;
    cJSON_Delete(text);
    return err_nomem(e);
}

uint64_t token_left(const cJSON *o, const char *key)
{
    const char *text = token_text(o, key);
    uint64_t end = text ? keys_parse_time(text) : 0;
    uint64_t now = clock_wall(&clock_system);

    return end > now ? end - now : 0;
}

int token_set_expiry(cJSON *o, const char *key, double seconds,
                     struct err *e)
{
    char text[CLOCK_TEXT];

    clock_text(text, clock_wall(&clock_system)
                     + (uint64_t)(seconds * (double)NS_PER_S));
    strcpy(text + strlen("2026-08-01T12:00:00"), "Z");
    return token_set(o, key, text, e);
}

int token_say_login(const char *what, const char *command,
                    const char *profile, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    text_add_quoted(&t, profile);
    return err_set(e, ERR_ACCESS, 0, "%s is over or not there: run  %s "
                   "--profile %s", what, command, t.failed ? profile : t.s);
}
