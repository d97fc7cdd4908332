/* SPDX-License-Identifier: Apache-2.0 */
/* The only way to the person at the terminal: what is told on standard error,
 * in whole lines, each with "ebsimg: " in front.  Results on standard output
 * are another matter.
 *
 * Whatever others wrote (names, answers, files) may be in a message: what
 * would do something to a terminal is shown as \x1b or \u202e.  A message
 * never meets the progress line: that is taken away for it and put back.
 * Any thread. */
#ifndef EBSIMG_SHOW_TELL_H
#define EBSIMG_SHOW_TELL_H

#include <stdbool.h>
#include <stddef.h>

struct aws_event;

/* Of --quiet and --verbose, before anything is told; NORMAL until then. */
enum tell_level { TELL_QUIET, TELL_NORMAL, TELL_VERBOSE };
void tell_set(bool quiet, bool verbose);

/* From now on each message of the calling thread begins with this; a text that
 * stays where it is, and is harmless.  NULL: no more. */
void tell_about(const char *what);

/* What must be known: why there is no result, what is left, how to go on.
 * --quiet does not silence it. */
void tell_always(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same with a command to be pasted behind it, and a file name as its last
 * word; the command is not escaped, it is one of ours. */
void tell_command(const char *command, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Something that the result says, too; with "warning: " in front. */
void tell_warning(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));
/* Good to know now. */
void tell_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same, each line of these that is not empty; NULL: none.  The text is cut
 * at its lines. */
void tell_notes(char *lines);
/* With --verbose alone. */
void tell_detail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same as hooks of those who know no terminal; ctx is not used. */
void tell_hook_note(void *ctx, const char *text);
void tell_hook_warning(void *ctx, const char *text);
void tell_hook_attempt(void *ctx, const struct aws_event *ev);

/* All of them, for a struct service_hooks (fetch/service.h). */
#define TELL_HOOKS { .event = tell_hook_attempt, .note = tell_hook_note, \
                     .warning = tell_hook_warning }

/* For programs that read along: the line as it is, whatever the level. */
void tell_row(const char *row);

/* ------------------------------------------------------- the progress line */

enum tell_terminal {
    TELL_FILE,          /* standard error is none */
    TELL_DUMB,          /* one that knows nothing but text (TERM) */
    TELL_ABLE,
};

enum tell_terminal tell_terminal(void);
/* How wide it is now; 80 where nobody knows. */
size_t tell_columns(void);

/* Stands on the last line until the next one, or none (NULL).  It must be
 * shorter than the terminal is wide, and printable.  One thread at a time. */
void tell_line(const char *line);

#endif
