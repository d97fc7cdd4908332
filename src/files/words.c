/* SPDX-License-Identifier: Apache-2.0 */
#include "files/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

const char *const type_words[FS_TYPES] = {
    [FS_FILE] = "file", [FS_DIR] = "directory", [FS_LINK] = "link",
    [FS_BLOCK] = "block device", [FS_CHAR] = "character device",
    [FS_FIFO] = "fifo", [FS_SOCKET] = "socket", [FS_OTHER] = "unknown",
};

const char *const time_words[FS_TIMES] = {
    [FS_MODIFIED] = "modified", [FS_ACCESSED] = "accessed",
    [FS_CHANGED] = "changed", [FS_BORN] = "born",
};

char *mode_text(char *buf, const struct fs_entry *f)
{
    static const char types[FS_TYPES + 1] = "-dlbcps?";
    static const char rights[] = "rwxrwxrwx";

    buf[0] = types[f->type];
    for (int i = 0; i < 9; i++)
        buf[i + 1] = !f->has_mode ? '?'
            : f->mode & (0400u >> i) ? rights[i] : '-';
    buf[10] = '\0';
    if (!f->has_mode)
        return buf;
    if (f->mode & 04000)
        buf[3] = buf[3] == 'x' ? 's' : 'S';
    if (f->mode & 02000)
        buf[6] = buf[6] == 'x' ? 's' : 'S';
    if (f->mode & 01000)
        buf[9] = buf[9] == 'x' ? 't' : 'T';
    return buf;
}

char *when_text(char *buf, int64_t ns)
{
    int64_t part = ns % (int64_t)NS_PER_S;
    time_t seconds = (time_t)(ns / (int64_t)NS_PER_S);
    struct tm tm;

    if (part < 0) {
        part += (int64_t)NS_PER_S;
        seconds--;
    }
    if (!gmtime_r(&seconds, &tm))
        memset(&tm, 0, sizeof(tm));
    snprintf(buf, WHEN_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%09" PRId64 "Z",
             tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
             tm.tm_min, tm.tm_sec, part);
    return buf;
}

void part_text(const struct part_info *i, struct text *t)
{
    if (*i->volume) {
        text_add(t, "volume ");
        text_add_shown(t, i->volume);
    }
    if (i->number)
        text_addf(t, "%spartition %u", *i->volume ? " in " : "", i->number);
    else if (!*i->volume)
        text_add(t, "the volume");
}
