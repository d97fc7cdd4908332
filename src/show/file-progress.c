/* SPDX-License-Identifier: Apache-2.0 */
#include "show/file-progress.h"

#include "base/clock.h"
#include "base/thread.h"
#include "flow/slot.h"

/* One that had to be read twice is counted twice. */
static uint64_t bytes_read(const struct file_progress *p)
{
    uint64_t bytes = p->watch->bytes;

    return bytes < p->line.total ? bytes : p->line.total;
}

static void show_line(struct file_progress *p)
{
    uint64_t done = bytes_read(p);
    struct progress_facts f = { .done = done, .blocks = done / BLOCK_SIZE };

    progress_show(&p->line, &f, clock_monotonic(&clock_system));
}

/* Nobody but the end wants the lock, and waits for the thread anyhow. */
static void *line_main(void *arg)
{
    struct file_progress *p = arg;
    AUTOLOCK(&p->lock);

    while (!p->end) {
        thread_wait_ns(&p->over, &p->lock, NS_PER_S);
        if (!p->end)
            show_line(p);
    }
    return NULL;
}

void file_progress_start(struct file_progress *p, enum progress_style style,
                         const struct hash_watch *watch, uint64_t total)
{
    struct err ignored = ERR_INIT;

    *p = (struct file_progress){ .watch = watch };
    pthread_mutex_init(&p->lock, NULL);
    thread_cond_init(&p->over);
    progress_start(&p->line, style, "hashing the files", total,
                   clock_monotonic(&clock_system));
    p->line.from = bytes_read(p);
    p->line.last_blocks = p->line.from / BLOCK_SIZE;
    p->running = thread_start(&p->thread, line_main, p, "progress", &ignored)
        == 0;
}

static void ask_for_end(struct file_progress *p)
{
    AUTOLOCK(&p->lock);

    p->end = true;
    thread_wake_one(&p->over);
}

void file_progress_end(struct file_progress *p)
{
    if (p->running) {
        ask_for_end(p);
        thread_join(p->thread);
    }
    progress_end(&p->line);
    pthread_cond_destroy(&p->over);
    pthread_mutex_destroy(&p->lock);
}
