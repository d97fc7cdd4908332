/* SPDX-License-Identifier: Apache-2.0 */
/* The progress of files that are read for their digests when nothing else is
 * left to do.  On a slow disk that takes minutes. */
#ifndef EBSIMG_SHOW_FILE_PROGRESS_H
#define EBSIMG_SHOW_FILE_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "audit/hash-file.h"
#include "show/progress.h"

struct file_progress {
    const struct hash_watch *watch;
    struct progress line;  /* the thread's alone while it runs */
    bool running;
    pthread_t thread;
    pthread_mutex_t lock;  /* guards: */
    pthread_cond_t over;
    bool end;
};

/* Shows a line once a second, from a thread of its own, up to
 * file_progress_end(); without that thread (advice) none.  `total' is what the
 * watch counts in the end, in bytes; a part of them may be read by now. */
void file_progress_start(struct file_progress *p, enum progress_style style,
                         const struct hash_watch *watch, uint64_t total);
void file_progress_end(struct file_progress *p);

#endif
