#include "cmd/evidence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/sums.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"
#include "flow/slot.h"

/* ------------------------------------------------------------------ find */

static const char *const image_suffixes[] = { ".E01", ".dd", ".001" };

#define SUFFIXES (sizeof(image_suffixes) / sizeof(image_suffixes[0]))

static char *with_suffix(const char *prefix, const char *suffix)
{
    struct text t = TEXT_INIT;

    text_add(&t, prefix);
    text_add(&t, suffix);
    if (t.failed)
        text_free(&t);
    return t.s;
}

static char *if_exists(char *path)
{
    if (path && file_exists(path))
        return path;
    free(path);
    return NULL;
}

/* The path without the suffix of an image, or NULL. */
static char *strip(const char *path)
{
    for (size_t i = 0; i < SUFFIXES; i++)
        if (text_ends_with(path, image_suffixes[i]))
            return strndup(path, strlen(path) - strlen(image_suffixes[i]));
    return NULL;
}

static bool is_e01(const char *path)
{
    return strcmp(path + strlen(path) - 4, ".E01") == 0;
}

static int find_by_prefix(const char *prefix, struct evidence *out,
                          struct err *e)
{
    size_t n = 0;

    out->prefix = strdup(prefix);
    if (!out->prefix)
        return err_nomem(e);
    for (size_t i = 0; i < SUFFIXES; i++) {
        char *path = if_exists(with_suffix(prefix, image_suffixes[i]));

        if (path)
            out->images[n++] = path;
    }
    /* One acquisition leaves .dd or .001, not both. */
    out->surplus = n == SUFFIXES || (n == 2 && !is_e01(out->images[0]));
    return 0;
}

static int not_found(const char *name, struct err *e)
{
    return err_set(e, ERR_USAGE, 0,
                   "%s is neither an image file nor a prefix with an image "
                   "%s.E01, %s.dd or %s.001", name, name, name, name);
}

/* A file called `case' beside case.E01: which of them is meant? */
static int refuse_two_meanings(const char *name, struct err *e)
{
    for (size_t i = 0; i < SUFFIXES; i++) {
        autofree char *other = if_exists(with_suffix(name,
                                                     image_suffixes[i]));

        if (other)
            return err_set(e, ERR_USAGE, 0, "%s is a file, and the beginning "
                           "of %s: move it away, or name the image file",
                           name, other);
    }
    return 0;
}

static int find_by_image(const char *path, struct evidence *out,
                         struct err *e)
{
    if (refuse_two_meanings(path, e) < 0)
        return -1;
    out->prefix = strip(path);
    if (!out->prefix)
        out->prefix = strdup(path);
    out->images[0] = strdup(path);
    return out->prefix && out->images[0] ? 0 : err_nomem(e);
}

static void find_sums(struct evidence *out)
{
    for (int k = 0; k < HASH_KINDS; k++) {
        char suffix[16];

        snprintf(suffix, sizeof(suffix), ".%s", hash_names[k]);
        out->sums_paths[k] = if_exists(with_suffix(out->prefix, suffix));
    }
}

int evidence_find(const char *name, struct evidence *out, struct err *e)
{
    int r;

    memset(out, 0, sizeof(*out));
    r = file_exists(name) && !file_is_folder(name)
        ? find_by_image(name, out, e) : find_by_prefix(name, out, e);
    if (r < 0)
        return -1;
    out->log_path = if_exists(with_suffix(out->prefix, ".log.jsonl"));
    out->manifest_path = if_exists(with_suffix(out->prefix, ".blocks"));
    find_sums(out);
    return out->images[0] || out->log_path ? 0 : not_found(name, e);
}

/* A raw image is read faster than an E01, and stands behind it. */
const char *evidence_image(const struct evidence *ev, struct err *e)
{
    size_t n = 0;

    while (ev->images[n])
        n++;
    if (n)
        return ev->images[n - 1];
    err_set(e, ERR_USAGE, 0, "%s has a log, but the image is missing: there "
            "is no %s.E01, %s.dd or %s.001", ev->prefix, ev->prefix,
            ev->prefix, ev->prefix);
    return NULL;
}

struct manifest_reader *evidence_rows(const struct evidence *ev,
                                      struct manifest_header *h,
                                      struct err *e)
{
    struct manifest_reader *rows = manifest_open(ev->manifest_path, h, e);

    if (!rows || (h->block_size == BLOCK_SIZE
                  && h->volume_size % BLOCK_SIZE == 0))
        return rows;
    err_set(e, ERR_VERIFY, 0, "%s is not of blocks of EBS: it says blocks of "
            "%" PRIu32 " bytes on a volume of %" PRIu64, ev->manifest_path,
            h->block_size, h->volume_size);
    manifest_close(rows);
    return NULL;
}

/* ------------------------------------------------------------------- log */

static void take_text(const cJSON *event, const char *key, char *to,
                      size_t room)
{
    const cJSON *j = cJSON_GetObjectItemCaseSensitive(event, key);

    if (cJSON_IsString(j))
        snprintf(to, room, "%s", j->valuestring);
}

static uint64_t take_number(const cJSON *event, const char *key)
{
    const cJSON *j = cJSON_GetObjectItemCaseSensitive(event, key);

    if (!cJSON_IsNumber(j) || j->valuedouble < 0 || j->valuedouble > 1e18)
        return 0;
    return (uint64_t)j->valuedouble;
}

static int take_hex(const cJSON *event, const char *key, void *to, size_t n)
{
    const cJSON *j = cJSON_GetObjectItemCaseSensitive(event, key);

    return cJSON_IsString(j) ? hex_decode(to, n, j->valuestring) : -1;
}

static void take_hashes(const cJSON *event, struct hashes *h)
{
    for (int k = 0; k < HASH_KINDS; k++)
        if (take_hex(event, hash_names[k], h->value[k], hash_sizes[k]) == 0)
            h->have |= HASH_BIT(k);
}

static int on_start(struct evidence_log *l, const cJSON *ev, struct err *e)
{
    (void)e;
    take_text(ev, "snapshot", l->snapshot, sizeof(l->snapshot));
    take_text(ev, "time", l->started, sizeof(l->started));
    take_text(ev, "case_number", l->case_number, sizeof(l->case_number));
    take_text(ev, "evidence_number", l->evidence_number,
              sizeof(l->evidence_number));
    take_text(ev, "examiner", l->examiner, sizeof(l->examiner));
    return 0;
}

static int on_snapshot(struct evidence_log *l, const cJSON *ev,
                       struct err *e)
{
    (void)e;
    take_text(ev, "volume", l->volume_id, sizeof(l->volume_id));
    take_text(ev, "owner", l->owner_id, sizeof(l->owner_id));
    return 0;
}

static int on_source(struct evidence_log *l, const cJSON *ev, struct err *e)
{
    (void)e;
    l->volume_size = take_number(ev, "volume_size");
    return 0;
}

static int on_manifest(struct evidence_log *l, const cJSON *ev,
                       struct err *e)
{
    (void)e;
    l->manifest_known = take_hex(ev, "sha256", l->manifest_sha256, 32) == 0
        && take_hex(ev, "root", l->manifest_root, 32) == 0;
    l->stored = take_number(ev, "stored");
    l->zero = take_number(ev, "stored_zero");
    l->unreadable = take_number(ev, "unreadable");
    l->never_stored = take_number(ev, "never_stored");
    return 0;
}

static int on_hashes(struct evidence_log *l, const cJSON *ev, struct err *e)
{
    (void)e;
    take_hashes(ev, &l->stream);
    return 0;
}

static int on_end(struct evidence_log *l, const cJSON *ev, struct err *e)
{
    (void)e;
    take_text(ev, "verdict", l->verdict, sizeof(l->verdict));
    return 0;
}

static int on_file(struct evidence_log *l, const cJSON *ev, struct err *e)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(ev, "name");
    struct evidence_file *more;
    struct evidence_file *f;

    if (l->nfiles == SUMS_FILES_MAX)
        return err_set(e, ERR_VERIFY, 0, "the log names more than %d files",
                       SUMS_FILES_MAX);
    more = realloc(l->files, (l->nfiles + 1) * sizeof(*more));
    if (!more)
        return err_nomem(e);
    l->files = more;
    f = &more[l->nfiles];
    memset(f, 0, sizeof(*f));
    f->name = strdup(cJSON_IsString(name) ? name->valuestring : "");
    if (!f->name)
        return err_nomem(e);
    l->nfiles++;
    f->size = take_number(ev, "size");
    take_hashes(ev, &f->hashes);
    return 0;
}

/* An earlier session had come so far as to say what it made; this one says
 * it anew. */
static int on_resume(struct evidence_log *l, const cJSON *ev, struct err *e)
{
    (void)ev;
    (void)e;
    for (size_t i = 0; i < l->nfiles; i++)
        free(l->files[i].name);
    l->nfiles = 0;
    memset(&l->stream, 0, sizeof(l->stream));
    l->manifest_known = false;
    l->verdict[0] = '\0';
    return 0;
}

static const struct {
    const char *event;
    int (*take)(struct evidence_log *l, const cJSON *ev, struct err *e);
} events[] = {
    { "start", on_start },       { "resume", on_resume },
    { "snapshot", on_snapshot },
    { "source", on_source },     { "manifest", on_manifest },
    { "hashes", on_hashes },     { "end", on_end },
    { "file", on_file },
};

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(event, "event");

    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
        if (strcmp(name->valuestring, events[i].event) == 0)
            return events[i].take(ctx, event, e);
    return 0;
}

int evidence_read_log(struct evidence *ev, struct err *e)
{
    if (!ev->log_path)
        return 0;
    if (file_check_regular(ev->log_path, e) < 0)
        return -1;
    if (logcheck_run(ev->log_path, on_event, &ev->log, &ev->log.check, e)
        < 0)
        return -1;
    ev->log.present = true;
    return 0;
}

int evidence_check_manifest(const struct evidence *ev,
                            const unsigned char *sha256, struct err *e)
{
    const struct evidence_log *l = &ev->log;

    if (!ev->log_path)
        return 0;
    if (!l->check.closed || !l->manifest_known)
        return err_set(e, ERR_VERIFY, 0, "the log does not say how the run "
                       "ended, or names no manifest");
    if (!sha256)
        return err_set(e, ERR_VERIFY, 0, "the manifest that the log names is "
                       "missing");
    if (memcmp(sha256, l->manifest_sha256, sizeof(l->manifest_sha256)) != 0)
        return err_set(e, ERR_VERIFY, 0, "the manifest is not the one that "
                       "the log names");
    return 0;
}

void evidence_free(struct evidence *ev)
{
    free(ev->prefix);
    free(ev->log_path);
    free(ev->manifest_path);
    for (int k = 0; k < HASH_KINDS; k++)
        free(ev->sums_paths[k]);
    for (size_t i = 0; ev->images[i]; i++)
        free(ev->images[i]);
    for (size_t i = 0; i < ev->log.nfiles; i++)
        free(ev->log.files[i].name);
    free(ev->log.files);
}
