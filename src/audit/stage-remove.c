/* SPDX-License-Identifier: Apache-2.0 */
/* The folder goes, also where what is deleted while somebody has it open lives
 * on under another name until it is closed: FUSE, NFS and CIFS, whose closing
 * is done in the background. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "audit/stage-private.h"
#include "base/file.h"

#define TRIES 100
#define PAUSE_NS (20 * 1000 * 1000)

static bool is_left_of_deleted(const char *name)
{
    static const char *const prefixes[] = {
        ".fuse_hidden", ".nfs", ".__smb",
    };

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

/* Nothing but what is gone: it has no other name, and will have none soon. */
static bool holds_only_deleted(const struct stage *s)
{
    DIR *d = folder_list(s->folder);
    const struct dirent *entry;
    bool only = d;

    while (only && (entry = readdir(d)))
        only = strcmp(entry->d_name, ".") == 0
            || strcmp(entry->d_name, "..") == 0
            || is_left_of_deleted(entry->d_name);
    if (d)
        closedir(d);
    return only;
}

static bool is_not_empty(void)
{
    return errno == ENOTEMPTY || errno == EEXIST;
}

int stage_remove_folder(struct stage *s)
{
    const struct timespec pause = { .tv_nsec = PAUSE_NS };
    int r;

    lock_release(&s->lock);
    for (int i = 0;
         (r = file_remove_folder(s->folder)) < 0 && is_not_empty()
         && i < TRIES && holds_only_deleted(s); i++)
        nanosleep(&pause, NULL);
    return r;
}
