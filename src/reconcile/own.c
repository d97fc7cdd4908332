#include "reconcile/own.h"

#include <string.h>

#include "base/clock.h"

/* Times of CloudTrail are whole seconds, and clocks are not quite right. */
#define SLACK_S 300u

int own_read(struct own *o, const char *prefix, struct err *e)
{
    memset(o, 0, sizeof(*o));
    if (evidence_find(prefix, &o->ev, e) < 0)
        return -1;
    if (!o->ev.log_path)
        return err_set(e, ERR_USAGE, 0, "%s has no log beside it: there is "
                       "nothing to reconcile", prefix);
    if (evidence_read_log(&o->ev, e) < 0
        || run_requests_read(o->ev.log_path, &o->log, e) < 0)
        return -1;
    return fetched_read(&o->ev, &o->rows, e);
}

void own_free(struct own *o)
{
    evidence_free(&o->ev);
    fetched_free(&o->rows);
    run_requests_free(&o->log);
}

/* ------------------------------------------------------------------ by id */

static enum witness by_row(struct own *o, const struct reading *a)
{
    size_t i = a->block == READING_NO_BLOCK ? o->rows.count
                                            : fetched_find(&o->rows, a->block);

    if (i == o->rows.count || !fetched_is(&o->rows, i, a->request_id))
        return WITNESS_NONE;
    if (o->rows.flags[i] & ROW_WITNESSED)
        return WITNESS_AGAIN;
    o->contradicted += a->error[0] && o->rows.flags[i] & ROW_READ;
    o->rows.flags[i] |= ROW_WITNESSED;
    return WITNESS_FIRST;
}

static enum witness by_log(struct own *o, const char *id)
{
    struct run_request *q = run_requests_find(&o->log, id);
    bool before = q && q->witnessed;

    if (!q)
        return WITNESS_NONE;
    q->witnessed = true;
    return before ? WITNESS_AGAIN : WITNESS_FIRST;
}

enum witness own_witness(struct own *o, const cJSON *record,
                         const struct reading *a)
{
    enum witness w = a && a->call == READING_GET ? by_row(o, a)
                                                 : WITNESS_NONE;

    return w != WITNESS_NONE
        ? w : by_log(o, a ? a->request_id
                          : reading_text(record, "requestID"));
}

/* ------------------------------------------------------------- by the keys */

static bool is_key(const struct run_requests *log, const char *key)
{
    for (size_t i = 0; i < log->nkeys; i++)
        if (strcmp(log->keys[i], key) == 0)
            return true;
    return false;
}

/* The clock of the log is this machine's; that of the provider is as far from
 * it as the log says. */
static int64_t by_our_clock(const struct own *o, uint64_t seconds)
{
    const struct run_record *r = &o->ev.log;

    return (int64_t)seconds + (r->clock_known ? r->clock_offset : 0);
}

static bool is_meanwhile(const struct own *o, uint64_t seconds)
{
    int64_t t = by_our_clock(o, seconds);

    return seconds && t + SLACK_S >= (int64_t)(o->log.first / NS_PER_S)
        && t <= (int64_t)(o->log.last / NS_PER_S + SLACK_S);
}

/* What KMS is asked on behalf of a caller may show his key or only his name. */
bool own_is_by_us(const struct own *o, const struct reading *a)
{
    const char *arn = o->ev.log.arn;

    return is_meanwhile(o, a->seconds)
        && (a->key[0] ? is_key(&o->log, a->key)
                      : arn[0] && strcmp(a->who, arn) == 0);
}

static bool take_silent(struct run_requests *log, uint64_t block)
{
    for (size_t i = 0; i < log->nsilent; i++) {
        if (log->silent[i] != block)
            continue;
        log->silent[i] = log->silent[--log->nsilent];
        return true;
    }
    return false;
}

static bool take_one(uint64_t *left)
{
    if (*left == 0)
        return false;
    (*left)--;
    return true;
}

static bool is_throttled(const char *error)
{
    return strstr(error, "hrottl") || strstr(error, "RequestLimit")
        || strstr(error, "SlowDown");
}

/* What was behind the place that a later session went on from was asked for
 * again. */
static bool is_of_session(const struct own *o, const struct reading *a)
{
    const struct run_requests *log = &o->log;

    return log->resumed
        && by_our_clock(o, a->seconds)
            <= (int64_t)(log->resumed / NS_PER_S + SLACK_S)
        && (a->call != READING_GET || a->block >= log->gone_on);
}

static enum unanswered explain(struct own *o, const struct reading *a)
{
    struct run_requests *log = &o->log;
    uint64_t block = a->call == READING_GET ? a->block : RUN_NO_BLOCK;

    if (a->call == READING_DECRYPT)
        return UNANSWERED_KEY;
    if (take_silent(log, block))
        return UNANSWERED_LOST;
    if (is_throttled(a->error) && take_one(&log->throttled))
        return UNANSWERED_THROTTLED;
    if (a->call != READING_GET && !log->lists)
        return UNANSWERED_LIST;
    if (is_of_session(o, a))
        return UNANSWERED_SESSION;
    return a->call == READING_GET && take_one(&log->compared)
        ? UNANSWERED_COMPARED : UNANSWERED_UNKNOWN;
}

enum unanswered own_explain(struct own *o, const struct reading *a)
{
    enum unanswered u = explain(o, a);

    o->unanswered[u]++;
    return u;
}

static const struct {
    const char *name, *words;
} tells[UNANSWERED] = {
    [UNANSWERED_LOST] = { "lost", "the log tells of a request for the same "
                          "without an answer" },
    [UNANSWERED_THROTTLED] = { "throttled", "the log counts requests that "
                               "were slowed down, without naming each" },
    [UNANSWERED_SESSION] = { "session", "of a session that died or was "
                             "interrupted" },
    [UNANSWERED_COMPARED] = { "compared", "of blocks that were fetched only "
                              "to be compared" },
    [UNANSWERED_LIST] = { "list", "of lists, whose ids this log is too old "
                          "to have" },
    [UNANSWERED_KEY] = { "key", "KMS decrypted the key for our reading" },
    [UNANSWERED_UNKNOWN] = { "unknown", "nothing in the record explains "
                             "them" },
};

const char *unanswered_words(enum unanswered u)
{
    return tells[u].words;
}

const char *unanswered_name(enum unanswered u)
{
    return tells[u].name;
}
