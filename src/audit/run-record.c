/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/run-record.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/event.h"
#include "audit/sums.h"
#include "base/text.h"

/* Of what a log that nobody wrote honestly could have any number. */
#define CONTROLS_MAX 64
#define LIST_MAX 64

/* What every text is that the log does not tell. */
static char untold[1] = "";

/* --------------------------------------------------------------- members */

enum kind { TEXT, NUMBER, ANSWER, LIST };

#define AT(field) offsetof(struct run_record, field)

/* Which event has which member, and where it goes. */
static const struct member {
    const char *event, *name;
    enum kind kind;
    size_t at;
} members[] = {
    { "start", "snapshot", TEXT, AT(snapshot) },
    { "start", "time", TEXT, AT(started) },
    { "start", "formats", TEXT, AT(formats) },
    { "start", "hashes", TEXT, AT(hashes_asked) },
    { "start", "file_hashes", TEXT, AT(file_hashes) },
    { "start", "case_number", TEXT, AT(case_number) },
    { "start", "evidence_number", TEXT, AT(evidence_number) },
    { "start", "examiner", TEXT, AT(examiner) },
    { "start", "description", TEXT, AT(description) },
    { "start", "notes", TEXT, AT(notes) },
    { "start", "version", TEXT, AT(version) },
    { "start", "summary", NUMBER, AT(summary_form) },
    { "start", "build", TEXT, AT(build) },
    { "start", "host", TEXT, AT(host) },
    { "start", "user", TEXT, AT(user) },
    { "resume", "version", TEXT, AT(version) },
    { "resume", "build", TEXT, AT(build) },
    { "resume", "host", TEXT, AT(host) },
    { "resume", "user", TEXT, AT(user) },
    { "resume", "summary", NUMBER, AT(summary_form) },
    { "credentials", "source", TEXT, AT(keys_from) },
    { "credentials", "region", TEXT, AT(region) },
    { "credentials", "partition", TEXT, AT(partition) },
    { "credentials", "endpoint", TEXT, AT(endpoint) },
    { "credentials", "endpoint_ec2", TEXT, AT(endpoint_ec2) },
    { "credentials", "endpoint_sts", TEXT, AT(endpoint_sts) },
    { "credentials", "endpoint_sso", TEXT, AT(endpoint_sso) },
    { "credentials", "endpoint_sso_oidc", TEXT, AT(endpoint_sso_oidc) },
    { "credentials", "endpoint_signin", TEXT, AT(endpoint_signin) },
    { "credentials", "proxy", TEXT, AT(proxy) },
    { "credentials", "proxy_ec2", TEXT, AT(proxy_ec2) },
    { "credentials", "proxy_sts", TEXT, AT(proxy_sts) },
    { "credentials", "proxy_sso", TEXT, AT(proxy_sso) },
    { "credentials", "proxy_sso_oidc", TEXT, AT(proxy_sso_oidc) },
    { "credentials", "proxy_signin", TEXT, AT(proxy_signin) },
    { "credentials", "ca_file", TEXT, AT(ca_file) },
    { "credentials", "ca_sha256", TEXT, AT(ca_sha256) },
    { "credentials", "unusual", LIST, AT(unusual) },
    { "caller", "account", TEXT, AT(account) },
    { "caller", "arn", TEXT, AT(arn) },
    { "snapshot", "snapshot", TEXT, AT(told_snapshot) },
    { "snapshot", "volume", TEXT, AT(volume_id) },
    { "snapshot", "owner", TEXT, AT(owner) },
    { "snapshot", "start_time", TEXT, AT(start_time) },
    { "snapshot", "description", TEXT, AT(told_description) },
    { "snapshot", "kms_key", TEXT, AT(kms_key) },
    { "snapshot", "encrypted", ANSWER, AT(encrypted) },
    { "snapshot", "volume_gib", NUMBER, AT(volume_gib) },
    { "snapshot", "full_size", NUMBER, AT(full_size) },
    { "source", "volume_size", NUMBER, AT(volume_size) },
    { "source", "block_size", NUMBER, AT(block_size) },
    { "source", "sectors", NUMBER, AT(sectors) },
    { "output", "prefix", TEXT, AT(prefix) },
    { "output", "formats", TEXT, AT(output_formats) },
    { "output", "image", TEXT, AT(image_at) },
    { "folder", "filesystem", TEXT, AT(filesystem) },
    { "folder", "not_had", LIST, AT(not_had) },
    { "folder", "others_may_write", ANSWER, AT(others_may_write) },
    { "since", "image", TEXT, AT(since_image) },
    { "since", "snapshot", TEXT, AT(since_snapshot) },
    { "since", "used", ANSWER, AT(since_used) },
    { "since", "changed", NUMBER, AT(changed) },
    { "since", "added", NUMBER, AT(added) },
    { "since", "removed", NUMBER, AT(removed) },
    { "since", "audited", NUMBER, AT(audited) },
    { "since", "case_log", TEXT, AT(since_case_log) },
    { "recheck", "kept", NUMBER, AT(kept) },
    { "recheck", "compared", NUMBER, AT(rechecked) },
    { "cache", "folder", TEXT, AT(cache_folder) },
    { "cache", "used", ANSWER, AT(cache_used) },
    { "cache", "blocks", NUMBER, AT(cache_blocks) },
    { "cache", "compared", NUMBER, AT(cache_compared) },
    { "list", "blocks", NUMBER, AT(listed) },
    { "list", "ec2_blocks", NUMBER, AT(ec2_blocks) },
    { "list", "listed_again_the_same", ANSWER, AT(listed_again_the_same) },
    { "manifest", "rows", NUMBER, AT(rows) },
    { "manifest", "stored", NUMBER, AT(stored) },
    { "manifest", "stored_zero", NUMBER, AT(zero) },
    { "manifest", "unreadable", NUMBER, AT(unreadable) },
    { "manifest", "never_stored", NUMBER, AT(never_stored) },
    { "manifest", "carried", NUMBER, AT(carried) },
    { "manifest", "cached", NUMBER, AT(cached) },
    { "medium", "kind", TEXT, AT(medium) },
    { "medium", "because", TEXT, AT(medium_because) },
    { "medium", "doubt", TEXT, AT(medium_doubt) },
    { "hashes", "bytes", NUMBER, AT(hashed_bytes) },
    { "end", "verdict", TEXT, AT(verdict) },
    { "end", "time", TEXT, AT(ended) },
    { "end", "error", TEXT, AT(error) },
    { "end", "exit_status", NUMBER, AT(exit_status) },
    { "end", "milliseconds", NUMBER, AT(milliseconds) },
    { "end", "run_milliseconds", NUMBER, AT(run_milliseconds) },
    { "end", "sessions_died", NUMBER, AT(sessions_died) },
    { "end", "clock_sets", NUMBER, AT(clock_sets) },
    { "end", "reserves", LIST, AT(reserves) },
    { "end", "seal", TEXT, AT(seal) },
};

#define MEMBERS (sizeof(members) / sizeof(members[0]))

/* What is said once for all sessions: the options, and what EC2 says about
 * the snapshot, which no session that goes on may find changed. */
static bool is_lasting(const char *event)
{
    return strcmp(event, "start") == 0 || strcmp(event, "snapshot") == 0;
}

static void *place(struct run_record *r, const struct member *m)
{
    return (char *)r + m->at;
}

/* Back to what is not told. */
static void forget(struct run_record *r, const struct member *m)
{
    char **text = place(r, m);
    cJSON **list = place(r, m);

    switch (m->kind) {
    case TEXT:
        if (*text != untold)
            free(*text);
        *text = untold;
        break;
    case NUMBER:
        *(uint64_t *)place(r, m) = RUN_UNTOLD;
        break;
    case ANSWER:
        *(enum run_answer *)place(r, m) = RUN_UNSAID;
        break;
    case LIST:
        cJSON_Delete(*list);
        *list = NULL;
        break;
    }
}

/* ------------------------------------------------------------- take them */

static bool is_list(const cJSON *j)
{
    size_t n = 0;
    const cJSON *item;

    if (!cJSON_IsArray(j))
        return false;
    cJSON_ArrayForEach(item, j)
        if (!cJSON_IsString(item) || ++n > LIST_MAX)
            return false;
    return true;
}

static bool is_of_kind(const cJSON *j, enum kind kind)
{
    switch (kind) {
    case TEXT: return cJSON_IsString(j);
    case NUMBER: return cJSON_IsNumber(j);
    case ANSWER: return cJSON_IsBool(j);
    default: return is_list(j);
    }
}

static void note_odd(struct run_record *r, const char *event,
                     const char *member, uint64_t line)
{
    if (r->odd_line)
        return;
    r->odd_line = line;
    snprintf(r->odd, sizeof(r->odd), "%s.%s", event, member);
}

static int take_text(char **to, const char *text, struct err *e)
{
    *to = strdup(text);
    if (*to)
        return 0;
    *to = untold;
    return err_nomem(e);
}

static int take(struct run_record *r, const cJSON *event,
                const struct member *m, uint64_t line, struct err *e)
{
    const cJSON *j = cJSON_GetObjectItemCaseSensitive(event, m->name);
    cJSON **list = place(r, m);

    forget(r, m);
    if (!j || cJSON_IsNull(j))
        return 0;
    if (!is_of_kind(j, m->kind)
        || (m->kind == NUMBER
            && !event_number(event, m->name, place(r, m)))) {
        note_odd(r, m->event, m->name, line);
        return 0;
    }
    if (m->kind == TEXT)
        return take_text(place(r, m), j->valuestring, e);
    if (m->kind == ANSWER)
        *(enum run_answer *)place(r, m) = cJSON_IsTrue(j) ? RUN_YES : RUN_NO;
    if (m->kind == LIST && !(*list = cJSON_Duplicate(j, 1)))
        return err_nomem(e);
    return 0;
}

static int take_members(struct run_record *r, const cJSON *event,
                        uint64_t line, struct err *e)
{
    const char *name = event_name(event);

    for (size_t i = 0; i < MEMBERS; i++)
        if (strcmp(name, members[i].event) == 0
            && take(r, event, &members[i], line, e) < 0)
            return -1;
    return 0;
}

/* A digest that is none is as odd as a number that is a text. */
static void take_hashes(struct run_record *r, const cJSON *event,
                        struct hashes *h, uint64_t line)
{
    memset(h, 0, sizeof(*h));
    for (int k = 0; k < HASH_KINDS; k++) {
        const char *hex = event_text(event, hash_names[k]);

        if (hex && hex_decode(h->value[k], hash_sizes[k], hex) == 0)
            h->have |= HASH_BIT(k);
        else if (cJSON_HasObjectItem(event, hash_names[k]))
            note_odd(r, event_name(event), hash_names[k], line);
    }
}

/* --------------------------------------------------- events with a reader */

/* Room for one more of `n' things of `size' bytes. */
static int grow(void *list, size_t n, size_t size, struct err *e)
{
    void **at = list;
    void *more;

    if (n & (n - 1)) /* grows at powers of two alone */
        return 0;
    more = realloc(*at, (n ? 2 * n : 1) * size);
    if (!more)
        return err_nomem(e);
    *at = more;
    return 0;
}

static const char *text_or_none(const cJSON *event, const char *key)
{
    const char *s = event_text(event, key);

    return s ? s : "";
}

static int on_file(struct run_record *r, const cJSON *event, uint64_t line,
                   struct err *e)
{
    struct run_file f = { .name = untold, .size = RUN_UNTOLD, .line = line };

    if (r->nfiles == SUMS_FILES_MAX)
        return err_set(e, ERR_VERIFY, 0, "the log names more than %d files",
                       SUMS_FILES_MAX);
    if (grow(&r->files, r->nfiles, sizeof(f), e) < 0)
        return -1;
    take_hashes(r, event, &f.hashes, line);
    if (!event_number(event, "size", &f.size))
        note_odd(r, "file", "size", line);
    if (!event_text(event, "name"))
        note_odd(r, "file", "name", line);
    if (take_text(&f.name, text_or_none(event, "name"), e) < 0)
        return -1;
    r->files[r->nfiles++] = f;
    return 0;
}

static int on_control(struct run_record *r, const cJSON *event,
                      uint64_t line, struct err *e)
{
    struct run_control *c;

    if (r->ncontrols == CONTROLS_MAX) {
        note_odd(r, "control", "name", line);
        return 0;
    }
    if (grow(&r->controls, r->ncontrols, sizeof(*c), e) < 0)
        return -1;
    c = &r->controls[r->ncontrols++];
    *c = (struct run_control){ untold, untold, untold, untold, untold };
    if (!event_text(event, "name") || !event_text(event, "result"))
        note_odd(r, "control", "result", line);
    if (take_text(&c->name, text_or_none(event, "name"), e) < 0
        || take_text(&c->result, text_or_none(event, "result"), e) < 0)
        return -1;
    if (take_text(&c->stood_in_by, text_or_none(event, "stood_in_by"), e) < 0
        || take_text(&c->reserve, text_or_none(event, "reserve"), e) < 0)
        return -1;
    return take_text(&c->why, text_or_none(event, "why"), e);
}

static int on_manifest(struct run_record *r, const cJSON *event,
                       uint64_t line, struct err *e)
{
    const char *file = text_or_none(event, "sha256");
    const char *root = text_or_none(event, "root");

    (void)e;
    r->manifest_known = hex_decode(r->manifest_sha256, MANIFEST_HASH, file)
            == 0
        && hex_decode(r->manifest_root, MANIFEST_HASH, root) == 0;
    if (!r->manifest_known)
        note_odd(r, "manifest", "sha256", line);
    return 0;
}

static int on_hashes(struct run_record *r, const cJSON *event, uint64_t line,
                     struct err *e)
{
    (void)e;
    take_hashes(r, event, &r->stream, line);
    return 0;
}

/* It may be negative, as no other number is. */
static int on_source(struct run_record *r, const cJSON *event, uint64_t line,
                     struct err *e)
{
    const cJSON *j = cJSON_GetObjectItemCaseSensitive(
        event, "clock_offset_seconds");

    (void)line;
    (void)e;
    r->clock_known = cJSON_IsNumber(j) && j->valuedouble > -1e18
        && j->valuedouble < 1e18;
    r->clock_offset = r->clock_known ? (int64_t)j->valuedouble : 0;
    return 0;
}

/* What is another one in this session than when the run was begun. */
static int note_move(struct run_record *r, const cJSON *other,
                     struct err *e)
{
    struct run_move *m;

    if (grow(&r->moves, r->nmoves, sizeof(*m), e) < 0)
        return -1;
    m = &r->moves[r->nmoves++];
    *m = (struct run_move){ r->course.sessions, untold, untold, untold };
    if (take_text(&m->what, text_or_none(other, "what"), e) < 0
        || take_text(&m->then, text_or_none(other, "then"), e) < 0)
        return -1;
    return take_text(&m->now, text_or_none(other, "now"), e);
}

static int on_origin(struct run_record *r, const cJSON *event, uint64_t line,
                     struct err *e)
{
    const cJSON *other;
    size_t n = 0;

    cJSON_ArrayForEach(other,
                       cJSON_GetObjectItemCaseSensitive(event, "other")) {
        if (!cJSON_IsObject(other) || ++n > LIST_MAX)
            note_odd(r, "origin", "other", line);
        else if (note_move(r, other, e) < 0)
            return -1;
    }
    return 0;
}

static void free_text(char *s)
{
    if (s != untold)
        free(s);
}

static void forget_lists(struct run_record *r)
{
    for (size_t i = 0; i < r->nfiles; i++)
        free_text(r->files[i].name);
    for (size_t i = 0; i < r->ncontrols; i++) {
        free_text(r->controls[i].name);
        free_text(r->controls[i].result);
        free_text(r->controls[i].why);
        free_text(r->controls[i].stood_in_by);
        free_text(r->controls[i].reserve);
    }
    free(r->by_name);
    free(r->files);
    free(r->controls);
    r->by_name = NULL;
    r->files = NULL;
    r->controls = NULL;
    r->nfiles = r->ncontrols = 0;
}

/* An earlier session had come so far as to say what it made; this one says
 * it anew. */
static int on_resume(struct run_record *r, const cJSON *event, uint64_t line,
                     struct err *e)
{
    (void)event;
    (void)line;
    (void)e;
    for (size_t i = 0; i < MEMBERS; i++)
        if (!is_lasting(members[i].event)
            && strcmp(members[i].event, "resume") != 0)
            forget(r, &members[i]);
    forget_lists(r);
    memset(&r->stream, 0, sizeof(r->stream));
    r->manifest_known = r->clock_known = false;
    return 0;
}

static const struct {
    const char *event;
    int (*take)(struct run_record *r, const cJSON *event, uint64_t line,
                struct err *e);
} readers[] = {
    { "resume", on_resume },     { "source", on_source },
    { "origin", on_origin },
    { "file", on_file },         { "control", on_control },
    { "manifest", on_manifest }, { "hashes", on_hashes },
};

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    struct run_record *r = ctx;
    const char *name = event_name(event);
    uint64_t line = r->check.events + 1;

    if (run_course_step(&r->course, event, &r->check, e) < 0
        || run_session_step(&r->session, &r->course, event,
                            r->check.events + 1, e) < 0)
        return -1;
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
        if (strcmp(name, readers[i].event) == 0
            && readers[i].take(r, event, line, e) < 0)
            return -1;
    return take_members(r, event, line, e);
}

/* ------------------------------------------------------------- the record */

void run_record_init(struct run_record *r)
{
    memset(r, 0, sizeof(*r));
    for (size_t i = 0; i < MEMBERS; i++) {
        if (members[i].kind == TEXT)
            *(char **)place(r, &members[i]) = untold;
        forget(r, &members[i]);
    }
}

static int by_name(const void *a, const void *b)
{
    const struct run_file *const *x = a, *const *y = b;

    return strcmp((*x)->name, (*y)->name);
}

/* Of an image in thousands of files each one is looked for. */
static int sort_files(struct run_record *r, struct err *e)
{
    r->by_name = calloc(r->nfiles + 1, sizeof(*r->by_name));
    if (!r->by_name)
        return err_nomem(e);
    for (size_t i = 0; i < r->nfiles; i++)
        r->by_name[i] = &r->files[i];
    qsort(r->by_name, r->nfiles, sizeof(*r->by_name), by_name);
    return 0;
}

int run_record_read(const char *path, struct run_record *out, struct err *e)
{
    int r;

    run_record_init(out);
    r = logcheck_read(path, on_event, out, &out->check, e);
    if (sort_files(out, e) < 0)
        return -1;
    out->present = r == 0;
    return r;
}

void run_record_free(struct run_record *r)
{
    for (size_t i = 0; i < MEMBERS; i++)
        forget(r, &members[i]);
    forget_lists(r);
    for (size_t i = 0; i < r->nmoves; i++) {
        free_text(r->moves[i].what);
        free_text(r->moves[i].then);
        free_text(r->moves[i].now);
    }
    free(r->moves);
    run_course_free(&r->course);
    run_session_free(&r->session);
    run_record_init(r);
}

int run_record_events(const struct run_record *r, const char *path,
                      int (*each)(void *ctx, const cJSON *event,
                                  struct err *e),
                      void *ctx, struct err *e)
{
    struct err why = ERR_INIT;
    struct logcheck now;

    if (logcheck_read(path, each, ctx, &now, &why) < 0
        && why.kind != ERR_VERIFY) {
        *e = why;
        return -1;
    }
    if (now.events == r->check.events
        && memcmp(now.head, r->check.head, LOG_HASH) == 0)
        return 0;
    return err_set(e, ERR_VERIFY, 0, "%s has changed while it was read",
                   path);
}

static int has_name(const void *name, const void *file)
{
    const struct run_file *const *f = file;

    return strcmp(name, (*f)->name);
}

const struct run_file *run_record_file(const struct run_record *r,
                                       const char *name)
{
    const struct run_file **found = NULL;

    if (r->by_name)
        found = bsearch(name, r->by_name, r->nfiles, sizeof(*r->by_name),
                        has_name);
    return found ? *found : NULL;
}

bool run_record_is_streamed(const struct run_record *r)
{
    return strcmp(r->image_at, RUN_STANDARD_OUTPUT) == 0;
}

const char *run_record_text(const struct run_record *r, const char *event,
                            const char *member)
{
    for (size_t i = 0; i < MEMBERS; i++)
        if (members[i].kind == TEXT && strcmp(members[i].event, event) == 0
            && strcmp(members[i].name, member) == 0)
            return *(char *const *)((const char *)r + members[i].at);
    return untold;
}

const char *run_list_text(const cJSON *list, size_t i)
{
    return cJSON_GetStringValue(cJSON_GetArrayItem(list, (int)i));
}

bool run_list_has(const cJSON *list, const char *text)
{
    const char *s;

    for (size_t i = 0; (s = run_list_text(list, i)); i++)
        if (strcmp(s, text) == 0)
            return true;
    return false;
}

void run_list_json(const cJSON *list, struct text *t)
{
    const char *word;

    text_add(t, "[");
    for (size_t i = 0; (word = run_list_text(list, i)); i++) {
        text_add(t, i ? "," : "");
        text_add_json(t, word);
    }
    text_add(t, "]");
}
