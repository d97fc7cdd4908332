/* SPDX-License-Identifier: Apache-2.0 */
#include "show/tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "aws/aws.h"
#include "base/scope.h"
#include "base/text.h"
#include "base/thread.h"

#define PREFIX "ebsimg: "
#define CLEAR_LINE "\r\033[K"
#define COLUMNS_USUAL 80

static enum tell_level level = TELL_NORMAL;

/* What the messages of this thread are about; NULL: of the command. */
static _Thread_local const char *about;

/* Guards standard error, and what stands on its last line. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *standing;
static size_t stood;          /* columns that a dumb terminal shows of it */

void tell_set(bool quiet, bool verbose)
{
    level = quiet ? TELL_QUIET : verbose ? TELL_VERBOSE : TELL_NORMAL;
}

void tell_about(const char *what)
{
    about = what;
}

/* --------------------------------------------------------------- terminal */

enum tell_terminal tell_terminal(void)
{
    const char *term = getenv("TERM");

    if (!isatty(STDERR_FILENO))
        return TELL_FILE;
    return !term || !*term || strcmp(term, "dumb") == 0 ? TELL_DUMB
                                                        : TELL_ABLE;
}

size_t tell_columns(void)
{
    struct winsize w;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col
        ? w.ws_col : COLUMNS_USUAL;
}

static bool is_dumb(void)
{
    return tell_terminal() == TELL_DUMB;
}

/* ----------------------------------------------------------- the last line */

static void clear_line(void)
{
    if (!standing)
        return;
    if (is_dumb())
        fprintf(stderr, "\r%*s\r", (int)stood, "");
    else
        fputs(CLEAR_LINE, stderr);
}

static void draw_line(void)
{
    if (!standing)
        return;
    fputs(standing, stderr);
    stood = strlen(standing) < tell_columns() ? strlen(standing)
                                              : tell_columns() - 1;
    fflush(stderr);
}

void tell_line(const char *line)
{
    AUTOLOCK(&lock);

    clear_line();
    free(standing);
    standing = line ? strdup(line) : NULL;
    if (standing)
        draw_line();
    else
        fflush(stderr);
}

/* ---------------------------------------------------------------- messages */

static void put(const char *before, const char *line)
{
    AUTOLOCK(&lock);

    clear_line();
    fprintf(stderr, "%s%s\n", before, line);
    draw_line();
}

/* Not text_add_shown(): a message may hold what was made harmless already,
 * and a backslash of that must not become two. */
static void add_harmless(struct text *t, const char *s)
{
    size_t n = strlen(s);
    size_t used;

    for (; n; s += used, n -= used) {
        int32_t cp = text_utf8(s, n, &used);

        if (cp < 0)
            text_addf(t, "\\x%02x", (unsigned char)*s);
        else if (text_is_control(cp))
            text_addf(t, cp < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)cp);
        else
            text_addn(t, s, used);
    }
}

static void tell(const char *before, const char *fmt, va_list ap)
{
    autofree char *line = NULL;
    autotext struct text t = TEXT_INIT;

    if (vasprintf(&line, fmt, ap) < 0)
        line = NULL;
    if (about)
        text_addf(&t, "%s: ", about);
    if (line)
        add_harmless(&t, line);
    put(before, t.failed || !t.s ? "out of memory" : t.s);
}

void tell_command(const char *command, const char *name, const char *fmt, ...)
{
    autofree char *line = NULL;
    autotext struct text t = TEXT_INIT;
    va_list ap;

    va_start(ap, fmt);
    if (vasprintf(&line, fmt, ap) < 0)
        line = NULL;
    va_end(ap);
    if (line)
        add_harmless(&t, line);
    text_addf(&t, " %s ", command);
    text_add_word(&t, name);
    put(PREFIX, t.failed || !line ? "out of memory" : t.s);
}

#define TELL(least, before) do { \
    va_list ap; \
    \
    va_start(ap, fmt); \
    if (level >= (least)) \
        tell(PREFIX before, fmt, ap); \
    va_end(ap); \
} while (0)

void tell_always(const char *fmt, ...)
{
    TELL(TELL_QUIET, "");
}

void tell_warning(const char *fmt, ...)
{
    TELL(TELL_NORMAL, "warning: ");
}

void tell_note(const char *fmt, ...)
{
    TELL(TELL_NORMAL, "");
}

void tell_notes(char *lines)
{
    char *line;

    while (lines && (line = strsep(&lines, "\n")))
        if (*line)
            tell_note("%s", line);
}

void tell_detail(const char *fmt, ...)
{
    TELL(TELL_VERBOSE, "");
}

void tell_row(const char *row)
{
    put("", row);
}

/* ------------------------------------------------------------------- hooks */

void tell_hook_note(void *ctx, const char *text)
{
    (void)ctx;
    tell_note("%s", text);
}

void tell_hook_warning(void *ctx, const char *text)
{
    (void)ctx;
    tell_warning("%s", text);
}

void tell_hook_attempt(void *ctx, const struct aws_event *ev)
{
    (void)ctx;
    tell_detail("%s: %s: %s", ev->what,
                ev->call->path.s ? ev->call->path.s : "/", ev->detail);
}
