/* SPDX-License-Identifier: Apache-2.0 */
#include "events/decoding.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/interrupt.h"
#include "base/text.h"
#include "events/decoding-private.h"

/* Of processor time for one job, which is at most EVENT_SPAN_MAX bytes. */
#define JOB_SECONDS 600

/* ------------------------------------------------------------ start and end */

/* For the processes, which are made of this one. */
static const unsigned char *given;

static int process_main(int fd)
{
    return decoding_process(fd, given);
}

void decoding_init(struct decoding *d)
{
    memset(d, 0, sizeof(*d));
    for (unsigned i = 0; i < DECODING_PROCESSES; i++)
        d->process[i].sandbox.fd = d->process[i].wire.fd = -1;
}

int decoding_start(struct decoding *d, struct err *e)
{
    void *p = mmap(NULL, EVENT_SPAN_MAX, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (p == MAP_FAILED)
        return err_set(e, ERR_INTERNAL, errno, "memory for logs");
    d->shared = p;
    given = p;
    for (unsigned i = 0; i < DECODING_PROCESSES; i++) {
        if (sandbox_start(&d->process[i].sandbox, process_main, e) < 0)
            return -1;
        d->process[i].wire.fd = d->process[i].sandbox.fd;
        d->process[i].sandbox.fd = -1;
        d->process[i].wire.check = interrupt_check;
    }
    return 0;
}

void decoding_close(struct decoding *d)
{
    char how[64];

    for (unsigned i = 0; i < DECODING_PROCESSES; i++) {
        wire_free(&d->process[i].wire);
        sandbox_end(&d->process[i].sandbox, true, how);
    }
    if (d->shared)
        munmap(d->shared, EVENT_SPAN_MAX);
    d->shared = NULL;
}

void decoding_give(struct decoding *d, const unsigned char *bytes, size_t n)
{
    memcpy(d->shared, bytes, n < EVENT_SPAN_MAX ? n : EVENT_SPAN_MAX);
}

/* ----------------------------------------------------------------- messages */

/* What a process says, held against what it may. */
struct hearing {
    struct decoding *d;
    const struct event_span *span;
    const struct event_out *out;
};

static const char *source_of(struct decoding *d, const char *word)
{
    size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-");

    if (n == 0 || word[n])
        return NULL;
    for (unsigned i = 0; i < DECODING_WORDS; i++) {
        if (!*d->words[i])
            memcpy(d->words[i], word, n + 1);
        if (strcmp(d->words[i], word) == 0)
            return d->words[i];
    }
    return NULL;
}

/* A bool of a stranger may be neither. */
static bool made_bool(const bool *b)
{
    unsigned char c;

    memcpy(&c, b, 1);
    return c != 0;
}

static bool fits(const struct decoding_event *x, const struct event_span *s,
                 size_t n)
{
    return x->zone <= EVENT_LOCAL && x->year <= EVENT_YEAR_UNKNOWN
        && x->time > INT64_MIN / 2 && x->time < INT64_MAX / 2
        && x->minutes >= -2880 && x->minutes <= 2880
        && x->at <= s->size && x->size <= s->size - x->at
        && x->host_size <= n && x->text_size <= n - x->host_size
        && x->key_size == n - x->host_size - x->text_size
        && (made_bool(&x->has_key) || !x->key_size)
        && (made_bool(&x->has_text) || !x->text_size);
}

/* 1: it makes no sense. */
static int on_event(struct hearing *h, const struct wire *w, struct err *e)
{
    struct decoding_event x;
    const char *texts = w->in.s + sizeof(x);
    struct event v = { 0 };

    if (!h->out || w->in.len < sizeof(x))
        return 1;
    memcpy(&x, w->in.s, sizeof(x));
    x.source[DECODING_WORD] = '\0';
    v.source = source_of(h->d, x.source);
    if (!v.source || !fits(&x, h->span, w->in.len - sizeof(x)))
        return 1;
    v.time = x.time;
    v.zone = (enum event_zone)x.zone;
    v.minutes = x.minutes;
    v.year = (enum event_year)x.year;
    v.has_id = made_bool(&x.has_id);
    v.id = x.id;
    v.is_part = made_bool(&x.is_part);
    v.at = (size_t)x.at;
    v.size = (size_t)x.size;
    if (made_bool(&x.has_host))
        v.host = (struct event_text){ texts, x.host_size };
    if (made_bool(&x.has_text))
        v.text = (struct event_text){ texts + x.host_size, x.text_size };
    v.key = made_bool(&x.has_key) ? texts + x.host_size + x.text_size : NULL;
    v.key_size = x.key_size;
    return h->out->event(h->out->ctx, &v, e) < 0 ? -1 : 0;
}

static int on_note(const struct hearing *h, const struct wire *w)
{
    size_t n = w->in.len;

    if (!h->out || n == 0 || strnlen(w->in.s, n) != n - 1)
        return 1;
    h->out->note(h->out->ctx, w->in.s);
    return 0;
}

/* 2: the job is done, and its result in *result. */
static int on_message(struct hearing *h, const struct wire *w,
                      enum decoding_kind kind, int *result, struct err *e)
{
    struct decoding_end end;

    if (kind == DECODING_EVENT)
        return on_event(h, w, e);
    if (kind == DECODING_NOTE)
        return on_note(h, w);
    if (kind != DECODING_END || w->in.len != sizeof(end))
        return 1;
    memcpy(&end, w->in.s, sizeof(end));
    end.why[sizeof(end.why) - 1] = '\0';
    snprintf(h->d->why, sizeof(h->d->why), "%s", end.why);
    *result = end.result;
    return 2;
}

/* --------------------------------------------------------------------- jobs */

/* The one that is asked now is not asked again; `said' is why. */
static int give_up(struct decoding *d, const char *said)
{
    char how[64];
    bool is_gone = !said;

    wire_free(&d->process[d->used].wire);
    if (is_gone)
        said = sandbox_end(&d->process[d->used].sandbox, false, how);
    else
        sandbox_end(&d->process[d->used].sandbox, true, how);
    snprintf(d->why, sizeof(d->why), is_gone
             ? "the process that reads logs ended over it with %s: what it "
               "told before is not all"
             : "the process that reads logs sent what makes no sense%s: what "
               "it told before is not all",
             is_gone ? said ? said : "exit status 0" : "");
    d->used++;
    return 1;
}

static int hear(struct hearing *h, int *result, struct err *e)
{
    struct decoding *d = h->d;
    struct wire *w = &d->process[d->used].wire;
    struct err why = ERR_INIT;
    enum wire_kind kind = 0;
    int r;

    while ((r = wire_get(w, &kind, &why)) > 0) {
        r = on_message(h, w, (enum decoding_kind)kind, result, e);
        if (r == 2)
            return 0;
        if (r)
            return r < 0 ? -1 : give_up(d, "nonsense");
    }
    if (r < 0 && why.kind == ERR_SOURCE) /* a message that is too long */
        return give_up(d, "nonsense");
    if (r < 0)
        *e = why;
    return r < 0 ? -1 : give_up(d, NULL);
}

static int ask(struct hearing *h, enum decoding_deed deed, size_t decoder,
               int *result, struct err *e)
{
    struct decoding *d = h->d;
    const struct event_span *s = h->span;
    const char *path = s->path ? s->path : "";
    struct decoding_job j;

    if (d->used == DECODING_PROCESSES) {
        snprintf(d->why, sizeof(d->why), "no process is left that reads "
                 "logs: it was not looked into");
        return 1;
    }
    memset(&j, 0, sizeof(j));
    j.deed = deed;
    j.decoder = (uint32_t)decoder;
    j.size = s->size;
    j.modified = s->modified;
    j.is_file = s->is_file;
    j.has_modified = s->has_modified;
    j.has_path = s->path != NULL;
    sandbox_allow(&d->process[d->used].sandbox, JOB_SECONDS);
    if (wire_put(&d->process[d->used].wire, (enum wire_kind)DECODING_JOB, &j,
                 sizeof(j), path, strlen(path) + 1, e) < 0)
        return -1;
    return hear(h, result, e);
}

bool decoding_probe(struct decoding *d, size_t decoder, const char *path,
                    size_t n, bool *lost, struct err *e)
{
    const struct event_span s = { .size = n, .path = path };
    struct hearing h = { d, &s, NULL };
    int result = 0;

    *lost = ask(&h, DECODING_PROBE, decoder, &result, e) != 0;
    return !*lost && result > 0;
}

int decoding_decode(struct decoding *d, size_t decoder, bool carve,
                    const struct event_span *s, const struct event_out *o,
                    struct err *e)
{
    struct hearing h = { d, s, o };
    int result = 0;
    int r = ask(&h, carve ? DECODING_CARVE : DECODING_DECODE, decoder,
                &result, e);

    return r ? r : result < 0;
}
