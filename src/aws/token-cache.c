#include "aws/token-cache.h"

#include <errno.h>
#include <fcntl.h>
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
#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"

enum { FILE_LIMIT = 256 * KIB };

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

cJSON *token_cache_read(const struct token_cache *c, struct err *e)
{
    cJSON *kept = c->env->read_only ? *c->env->memory : NULL;
    cJSON *copy;

    if (!kept)
        return read_file(c, e);
    copy = cJSON_Duplicate(kept, true);
    if (!copy)
        err_nomem(e);
    return copy;
}

void token_cache_lock(struct token_cache *c)
{
    autofree char *folder = file_folder(c->path);

    if (folder)
        c->lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (c->lock >= 0)
        flock(c->lock, LOCK_EX);
}

/* Beside it, so that it can take its place; nobody else can have opened it
 * for reading. */
static int write_new(const char *path, const char *text, struct err *e)
{
    autoclose int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
                                  | O_NOFOLLOW, S_IRUSR | S_IWUSR);

    if (fd < 0)
        return err_set(e, ERR_ACCESS, errno, "cannot create %s", path);
    if (file_write(fd, text, strlen(text), path, e) < 0
        || file_sync(fd, path, e) < 0)
        return -1;
    return file_close(&fd, path, e);
}

static int write_file(const struct token_cache *c, const cJSON *o,
                      struct err *e)
{
    char *text = cJSON_PrintUnformatted(o);
    autofree char *new = NULL;
    int r = -1;

    if (!text || asprintf(&new, "%s.%ld.ebsimg", c->path,
                          (long)getpid()) < 0) {
        new = NULL;
        err_nomem(e);
    } else if (write_new(new, text, e) == 0) {
        r = rename(new, c->path);
        if (r < 0)
            err_set(e, ERR_ACCESS, errno, "cannot replace %s", c->path);
    }
    if (r < 0 && new)
        unlink(new);
    if (text)
        secret_wipe(text, strlen(text));
    cJSON_free(text);
    return r;
}

/* A session that was renewed and not written back is lost for the others. */
#define LOST "AWS's own tools may have to log in again"

static void keep_in_memory(const struct token_cache *c, const cJSON *o,
                           struct text *note)
{
    cJSON *copy = cJSON_Duplicate(o, true);

    if (!copy)
        return;
    keys_wipe_json(*c->env->memory);
    *c->env->memory = copy;
    text_addf(note, "the login was renewed and %s was not written to: " LOST,
              c->path);
}

void token_cache_keep(const struct token_cache *c, const cJSON *o)
{
    autotext struct text note = TEXT_INIT;
    struct err why = ERR_INIT;

    if (c->env->read_only)
        keep_in_memory(c, o, &note);
    else if (write_file(c, o, &why) == 0)
        text_addf(&note, "%s, which AWS's tools use, was replaced: the login "
                  "was renewed", c->path);
    else
        text_addf(&note, "the renewed login could not be written back, and "
                  LOST ": %s", why.msg);
    if (note.s && !note.failed && c->env->note)
        c->env->note(c->env->ctx, note.s);
}

/* --------------------------------------------------------------- members */

const char *token_text(const cJSON *o, const char *key)
{
    const char *s = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(o, key));

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
