#include "show/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/text.h"
#include "show/eta.h"

#define EVERY_NS NS_PER_S
#define BLOCK_BYTES (512 * KIB)
#define CLEAR_LINE "\r\033[K"

const char *const progress_words[] = { "auto", "bar", "json", "none", NULL };

enum progress_style progress_wanted(int progress, bool quiet)
{
    return quiet ? PROGRESS_NONE : (enum progress_style)progress;
}

void progress_start(struct progress *p, enum progress_style style,
                    const char *what, uint64_t total, uint64_t now)
{
    memset(p, 0, sizeof(*p));
    p->style = style;
    if (style == PROGRESS_AUTO)
        p->style = isatty(STDERR_FILENO) ? PROGRESS_BAR : PROGRESS_NONE;
    p->what = what;
    p->total = total;
    p->began = now;
    p->shown = now;
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

static void show_bar(struct progress *p, const struct progress_facts *f,
                     uint64_t now)
{
    char done[32], total[32], speed[32], left[32];
    autotext struct text what = TEXT_INIT;
    uint64_t seconds;
    unsigned percent = p->total
        ? (unsigned)((double)f->done * 100 / (double)p->total) : 0;

    text_add_shown(&what, p->what); /* it may be a file's name */
    fprintf(stderr, CLEAR_LINE "%s %3u%%  %s of %s  %s/s",
            what.s ? what.s : "", percent,
            size_text(done, f->done), size_text(total, p->total),
            size_text(speed, rate(p, f, now)));
    if (seconds_left(p, f, now, &seconds))
        fprintf(stderr, "  %s left", duration_text(left, seconds));
    if (f->waiting)
        fprintf(stderr, "  waits for %s", f->waiting);
    if (f->retries)
        fprintf(stderr, "  retries %" PRIu64, f->retries);
    if (f->throttled)
        fprintf(stderr, "  throttled %" PRIu64, f->throttled);
    fflush(stderr);
    p->line_open = true;
}

static void show_json(const struct progress *p,
                      const struct progress_facts *f, uint64_t now)
{
    autotext struct text t = TEXT_INIT;
    char left[32] = "null";
    uint64_t seconds;

    if (seconds_left(p, f, now, &seconds))
        snprintf(left, sizeof(left), "%" PRIu64, seconds);
    text_add(&t, "{\"event\":\"progress\",\"what\":");
    text_add_json(&t, p->what);
    text_addf(&t, ",\"done\":%" PRIu64 ",\"total\":%" PRIu64
              ",\"blocks\":%" PRIu64 ",\"bytes_per_second\":%" PRIu64
              ",\"seconds_left\":%s,\"retries\":%" PRIu64
              ",\"throttled\":%" PRIu64 ",\"waiting\":",
              f->done, p->total, f->blocks, rate(p, f, now), left,
              f->retries, f->throttled);
    if (f->waiting)
        text_add_json(&t, f->waiting);
    else
        text_add(&t, "null");
    if (!t.failed)
        fprintf(stderr, "%s}\n", t.s);
}

bool progress_show(struct progress *p, const struct progress_facts *f,
                   uint64_t now)
{
    if (now - p->shown < EVERY_NS)
        return false;
    if (p->style == PROGRESS_BAR)
        show_bar(p, f, now);
    else if (p->style == PROGRESS_JSON)
        show_json(p, f, now);
    p->shown = now;
    p->last_blocks = f->blocks;
    return true;
}

void progress_end(struct progress *p)
{
    if (p->line_open)
        fputs(CLEAR_LINE, stderr);
    p->line_open = false;
}
