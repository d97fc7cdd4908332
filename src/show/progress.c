/* SPDX-License-Identifier: Apache-2.0 */
#include "show/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/number.h"
#include "base/text.h"
#include "show/bar.h"
#include "show/eta.h"
#include "show/status.h"
#include "show/tell.h"

#define EVERY_NS NS_PER_S
#define RARELY_NS (60 * NS_PER_S)
#define BLOCK_BYTES (512 * KIB)

const char *const progress_words[] = { "auto", "bar", "json", "none", NULL };

enum progress_style progress_wanted(int progress, bool quiet)
{
    return quiet ? PROGRESS_NONE : (enum progress_style)progress;
}

/* There is more to say in a second. */
static void begin_status(const char *what)
{
    autotext struct text shown = TEXT_INIT;

    text_add_shown(&shown, what);
    if (shown.s && !shown.failed)
        status_set(shown.s);
}

void progress_start(struct progress *p, enum progress_style style,
                    const char *what, uint64_t total, uint64_t now)
{
    memset(p, 0, sizeof(*p));
    p->style = style;
    if (style == PROGRESS_AUTO)
        p->style = tell_terminal() == TELL_ABLE ? PROGRESS_BAR
                                                : PROGRESS_LINES;
    p->what = what;
    p->total = total;
    p->began = now;
    p->shown = now;
    p->told = now;
    begin_status(what);
}

/* Bytes fetched a second since the last line. */
static uint64_t rate(const struct progress *p,
                     const struct progress_facts *f, uint64_t now)
{
    double seconds = (double)(now - p->shown) / (double)NS_PER_S;

    return (uint64_t)((double)(f->blocks - p->last_blocks)
                      * (double)BLOCK_BYTES / seconds);
}

/* False while nobody can know. */
static bool seconds_left(const struct progress *p,
                         const struct progress_facts *f, uint64_t now,
                         uint64_t *seconds)
{
    uint64_t done = f->hashed ? f->hashed : f->done;
    struct eta t = {
        .spent = now - p->began,
        .digests = f->digests,
        .done = done > p->from ? done - p->from : 0,
        .total = p->total - p->from,
        .blocks = f->blocks,
        .counted = f->counted,
        .blocks_left = f->blocks_left,
    };

    return eta_seconds(&t, seconds);
}

/* The parts of the line as text, which a bar points to. */
struct words {
    struct text what;
    char parts[BAR_PARTS][80];
};

static void say_sizes(const struct progress *p,
                      const struct progress_facts *f, uint64_t speed,
                      struct words *w)
{
    char done[32], total[32];

    snprintf(w->parts[BAR_SIZES], sizeof(w->parts[0]), "%s of %s",
             size_text(done, f->done), size_text(total, p->total));
    snprintf(w->parts[BAR_SPEED], sizeof(w->parts[0]), "%s/s",
             size_text(done, speed));
}

static void say_count(char *part, const char *name, uint64_t n)
{
    if (n)
        snprintf(part, sizeof(((struct words *)0)->parts[0]), "%s %" PRIu64,
                 name, n);
}

static void say(const struct progress *p, const struct progress_facts *f,
                uint64_t speed, uint64_t now, struct words *w)
{
    uint64_t seconds;
    char left[32];

    text_add_shown(&w->what, p->what); /* it may be a file's name */
    say_sizes(p, f, speed, w);
    if (seconds_left(p, f, now, &seconds))
        snprintf(w->parts[BAR_LEFT], sizeof(w->parts[0]), "%s left",
                 duration_text(left, seconds));
    if (f->waiting)
        snprintf(w->parts[BAR_WAITS], sizeof(w->parts[0]), "waits for %s",
                 f->waiting);
    say_count(w->parts[BAR_RETRIES], "retries", f->retries);
    say_count(w->parts[BAR_THROTTLED], "throttled", f->throttled);
}

static unsigned percent(uint64_t done, uint64_t total)
{
    double x = total ? (double)done * 100 / (double)total : 0;

    return x > 100 ? 100 : (unsigned)x;
}

static void show_words(struct progress *p, const struct bar *b, uint64_t now)
{
    autotext struct text line = TEXT_INIT;
    autotext struct text words = TEXT_INIT;

    bar_words(b, &words);
    if (!words.failed)
        status_set(words.s);
    if (p->style == PROGRESS_BAR) {
        /* The last column stays free: a line that fills it is broken. */
        bar_line(b, tell_columns() - 1, &line);
        if (!line.failed)
            tell_line(line.s ? line.s : "");
    } else if (p->style == PROGRESS_LINES && now - p->told >= RARELY_NS) {
        p->told = now;
        if (!words.failed)
            tell_note("%s", words.s);
    }
}

static void show_text(struct progress *p, const struct progress_facts *f,
                      uint64_t now)
{
    struct words w = { .what = TEXT_INIT };
    struct bar b = { .percent = percent(f->done, p->total) };

    say(p, f, rate(p, f, now), now, &w);
    b.what = w.what.s ? w.what.s : "";
    for (int i = 0; i < BAR_PARTS; i++)
        b.parts[i] = w.parts[i];
    show_words(p, &b, now);
    text_free(&w.what);
}

static void show_json(const struct progress *p,
                      const struct progress_facts *f, uint64_t now)
{
    autotext struct text t = TEXT_INIT;
    uint64_t seconds;

    json_open(&t, NULL, '{');
    json_put_text(&t, "event", "progress");
    json_put_text(&t, "what", p->what);
    json_put_u64(&t, "done", f->done);
    json_put_u64(&t, "total", p->total);
    json_put_u64(&t, "blocks", f->blocks);
    json_put_u64(&t, "bytes_per_second", rate(p, f, now));
    if (seconds_left(p, f, now, &seconds))
        json_put_u64(&t, "seconds_left", seconds);
    else
        json_put_null(&t, "seconds_left");
    json_put_u64(&t, "retries", f->retries);
    json_put_u64(&t, "throttled", f->throttled);
    json_put_text(&t, "waiting", f->waiting);
    json_close(&t, '}');
    if (!t.failed)
        tell_row(t.s);
}

bool progress_show(struct progress *p, const struct progress_facts *f,
                   uint64_t now)
{
    if (now - p->shown < EVERY_NS)
        return false;
    show_text(p, f, now);
    if (p->style == PROGRESS_JSON)
        show_json(p, f, now);
    p->shown = now;
    p->last_blocks = f->blocks;
    return true;
}

void progress_end(struct progress *p)
{
    if (p->style == PROGRESS_BAR)
        tell_line(NULL);
    status_set(NULL);
}
