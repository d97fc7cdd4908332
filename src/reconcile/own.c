/* SPDX-License-Identifier: Apache-2.0 */
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

static bool is_key(const struct run_requests *log, const char *key)
{
    for (size_t i = 0; i < log->nkeys; i++)
        if (strcmp(log->keys[i], key) == 0)
            return true;
    return false;
}

bool own_is_about(const struct own *o, const char *thing)
{
    const struct run_record *log = &o->ev.log;

    return *thing && (strcmp(thing, log->snapshot) == 0
                      || strcmp(thing, log->since_snapshot) == 0);
}

/* What has the id of a request of ours, and is told to be somebody else's or
 * of another snapshot.  KMS is asked by EBS, with keys of its own. */
static bool is_of_another(const struct own *o, const struct reading *a)
{
    if (a->call == READING_DECRYPT)
        return false;
    for (int i = 0; i < 2; i++)
        if (a->things[i][0] && !own_is_about(o, a->things[i]))
            return true;
    return a->key[0] && o->log.nkeys && !is_key(&o->log, a->key);
}

/* A row that was carried has the id of an earlier run's request, whose keys
 * and snapshot were others. */
static bool contradicts_row(const struct own *o, size_t i,
                            const struct reading *a)
{
    return (a->error[0] && o->rows.flags[i] & ROW_READ)
        || (!(o->rows.flags[i] & ROW_CARRIED) && is_of_another(o, a));
}

static enum witness by_row(struct own *o, const struct reading *a,
                           bool *against)
{
    size_t i = a->block == READING_NO_BLOCK ? o->rows.count
                                            : fetched_find(&o->rows, a->block);
    unsigned char before;

    if (i == o->rows.count || !fetched_is(&o->rows, i, a->request_id))
        return WITNESS_NONE;
    before = o->rows.flags[i];
    *against = contradicts_row(o, i, a);
    o->contradicted += *against && !(before & ROW_CONTRADICTED);
    o->rows.flags[i] |= (unsigned char)(
        ROW_WITNESSED | (*against ? ROW_CONTRADICTED : 0));
    return before & ROW_WITNESSED ? WITNESS_AGAIN : WITNESS_FIRST;
}

static bool contradicts_log(const struct own *o, const struct run_request *q,
                            const struct reading *a)
{
    bool other_block = q->block != RUN_NO_BLOCK && a->call == READING_GET
        && a->block != READING_NO_BLOCK && a->block != q->block;

    return other_block || is_of_another(o, a);
}

static enum witness by_log(struct own *o, const cJSON *record,
                           const struct reading *a, bool *against)
{
    struct run_request *q = run_requests_find(
        &o->log, a ? a->request_id : reading_text(record, "requestID"));
    bool before = q && q->witnessed;

    if (!q)
        return WITNESS_NONE;
    *against = a && contradicts_log(o, q, a);
    o->contradicted += *against && !q->contradicted;
    q->contradicted |= *against;
    q->witnessed = true;
    return before ? WITNESS_AGAIN : WITNESS_FIRST;
}

enum witness own_witness(struct own *o, const cJSON *record,
                         const struct reading *a, bool *against)
{
    enum witness w = WITNESS_NONE;

    *against = false;
    if (a && a->call == READING_GET)
        w = by_row(o, a, against);
    return w != WITNESS_NONE ? w : by_log(o, record, a, against);
}

/* ------------------------------------------------------------- by the keys */

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
