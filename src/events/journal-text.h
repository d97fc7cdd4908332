/* SPDX-License-Identifier: Apache-2.0 */
/* What an entry of a systemd journal says, put together of its data. */
#ifndef EBSIMG_EVENTS_JOURNAL_TEXT_H
#define EBSIMG_EVENTS_JOURNAL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "events/journal-object.h"

#define JOURNAL_MESSAGE_MAX 8192u /* bytes */
#define JOURNAL_WORD_MAX 256u

/* The fields that are told; each at the disk's bytes, NULL: not met. */
struct journal_fields {
    struct journal_field {
        const unsigned char *s;
        size_t n;
    } message, host, identifier, command, pid, priority;
};

/* It is one of those: takes it, if none was taken. */
void journal_fields_add(struct journal_fields *f, const struct journal_data *d);

/* "sshd[1001] (info): MESSAGE".  False: no message is there. */
bool journal_fields_tell(const struct journal_fields *f, struct text *t);

#endif
