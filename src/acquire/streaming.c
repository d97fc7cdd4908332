/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/streaming.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static bool given(const struct acquire_options *o, const char *name)
{
    return option_given(acquire_rows, &o->given, name);
}

/* What is about files of the image, or about several of them; and why it does
 * not go with a stream. */
static const struct { const char *option, *why; } others[] = {
    { "resume", "what has left cannot be gone on with" },
    { "chain", "standard output takes one image" },
    { "all", "standard output takes one image" },
    { "segment-size", "it is one stream" },
    { "chunk-size", "it is of an E01, and the stream is raw" },
    { "compression", "it is of an E01, and the stream is raw" },
    { "verify", "the image is not beside its papers" },
    { "seal", "a seal binds the files of a run, and the image is none of "
              "them" },
};

static int check_others(const struct acquire_options *o, struct err *e)
{
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (given(o, others[i].option))
            return err_set(e, ERR_USAGE, 0, "--%s does not go with --output "
                           "-: %s", others[i].option, others[i].why);
    return 0;
}

static int check_papers(const struct acquire_options *o, struct err *e)
{
    if (!o->papers)
        return err_set(e, ERR_USAGE, 0, "--output - writes the image to "
                       "standard output: --papers PREFIX must say where its "
                       "log, manifest and checksums go");
    if (!*o->papers || strcmp(o->papers, "-") == 0)
        return err_set(e, ERR_USAGE, 0, "--papers takes the beginning of file "
                       "names: standard output is the image's");
    return 0;
}

static int check_format(struct acquire_options *o, struct err *e)
{
    if (given(o, "format") && o->formats != FORMAT_BIT(FORMAT_RAW))
        return err_set(e, ERR_USAGE, 0, "only a raw image can be written to "
                       "standard output: an E01 is gone back to while it is "
                       "written; use --format raw, or --output PREFIX");
    o->formats = FORMAT_BIT(FORMAT_RAW);
    if (o->hashes & HASH_ALL)
        return 0;
    return err_set(e, ERR_USAGE, 0, "without a digest nothing would bind the "
                   "stream to its papers: leave --hash none out");
}

int streaming_check(struct acquire_options *o, struct err *e)
{
    if (!o->output || strcmp(o->output, "-") != 0)
        return o->papers
            ? err_set(e, ERR_USAGE, 0, "--papers is for --output -: else the "
                      "papers are beside the image") : 0;
    if (check_others(o, e) < 0 || check_papers(o, e) < 0
        || check_format(o, e) < 0)
        return -1;
    o->streamed = true;
    o->output = o->papers;
    return 0;
}

/* ------------------------------------------------------- standard output */

static int check_place(struct err *e)
{
    int flags = fcntl(STDOUT_FILENO, F_GETFL);

    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
        return err_set(e, ERR_USAGE, 0, "--output -: standard output is "
                       "closed");
    if (isatty(STDOUT_FILENO))
        return err_set(e, ERR_USAGE, 0, "--output -: standard output is a "
                       "terminal: give the image a pipe or a file");
    return 0;
}

int streaming_open(struct acquire_options *o, struct err *e)
{
    int fd;

    if (!o->streamed)
        return 0;
    if (check_place(e) < 0)
        return -1;
    fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (fd < 0)
        return err_set(e, ERR_INTERNAL, errno, "cannot take standard output");
    if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        close(fd);
        return err_set(e, ERR_INTERNAL, errno, "cannot take standard output");
    }
    o->stream_fd = fd;
    return 0;
}

void streaming_close(struct acquire_options *o)
{
    if (o->stream_fd > STDERR_FILENO)
        close(o->stream_fd);
    o->stream_fd = 0;
}
