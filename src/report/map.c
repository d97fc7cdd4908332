/* SPDX-License-Identifier: Apache-2.0 */
#include "report/map.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"

const char *const map_names[MAP_KINDS] = {
    [MAP_STORED] = "Stored, with data",
    [MAP_CARRIED] = "Taken from an earlier image",
    [MAP_ZERO] = "Stored, all zeros",
    [MAP_UNREADABLE] = "Unreadable",
    [MAP_NEVER] = "Never stored",
};

const char *const map_meanings[MAP_KINDS] = {
    [MAP_STORED] = "Fetched from the provider; each block has the SHA-256 "
                   "that the provider sent with it.",
    [MAP_CARRIED] = "Not fetched again: the earlier image has the block with "
                    "the SHA-256 that the provider sent for it then, and EBS "
                    "does not list it as changed since.",
    [MAP_ZERO] = "The provider stores the block and every byte of it is zero: "
                 "these zeros were read from the volume.",
    [MAP_UNREADABLE] = "The block could not be read.  The image holds zeros "
                       "in its place, which nobody vouches for: what the "
                       "volume has there is not known.",
    [MAP_NEVER] = "The provider stores no such block: nothing was written "
                  "there up to this snapshot.  EBS defines such a range as "
                  "zeros; they were not read, because there is nothing to "
                  "read.",
};

enum map_kind map_kind_of(const struct manifest_row *row)
{
    if (row->class == BLOCK_UNREADABLE)
        return MAP_UNREADABLE;
    if (row->age > 0)
        return MAP_CARRIED;
    return row->class == BLOCK_ZERO ? MAP_ZERO : MAP_STORED;
}

uint64_t map_step_blocks(const struct map *m, unsigned step)
{
    uint64_t from = (uint64_t)step * m->step;

    return m->blocks - from < m->step ? m->blocks - from : m->step;
}

static void begin(struct map *m, const struct manifest_header *h)
{
    m->blocks = manifest_blocks(h);
    m->step = (m->blocks + MAP_STEPS - 1) / MAP_STEPS;
    m->steps = m->step ? (unsigned)((m->blocks + m->step - 1) / m->step) : 0;
}

static void count(struct map *m, const struct manifest_row *row)
{
    enum map_kind kind = map_kind_of(row);

    m->of[kind]++;
    m->at[row->index / m->step][kind]++;
}

/* All that has no row. */
static void count_never(struct map *m)
{
    for (unsigned i = 0; i < m->steps; i++) {
        uint64_t rows = 0;

        for (int k = 0; k < MAP_NEVER; k++)
            rows += m->at[i][k];
        m->at[i][MAP_NEVER] = (uint32_t)(map_step_blocks(m, i) - rows);
        m->of[MAP_NEVER] += m->at[i][MAP_NEVER];
    }
}

static int read_rows(struct map *m, const struct evidence *ev, struct err *e)
{
    struct manifest_header h;
    struct manifest_row row;
    struct manifest_reader *rows;
    int r = 1;

    if (file_check_regular(ev->manifest_path, e) < 0
        || !(rows = evidence_rows(ev, &h, e)))
        return -1;
    begin(m, &h);
    while (r > 0 && (r = manifest_next(rows, &row, e)) > 0)
        count(m, &row);
    manifest_close(rows);
    return r;
}

int map_read(struct map *m, const struct evidence *ev, struct err *e)
{
    struct err why = ERR_INIT;

    memset(m, 0, sizeof(*m));
    if (!ev->manifest_path) {
        snprintf(m->why_not, sizeof(m->why_not), "there is no manifest");
        return 0;
    }
    if (read_rows(m, ev, &why) < 0) {
        if (why.kind == ERR_INTERRUPTED || why.kind == ERR_INTERNAL) {
            *e = why;
            return -1;
        }
        memset(m, 0, sizeof(*m));
        snprintf(m->why_not, sizeof(m->why_not), "%.250s", why.msg);
        return 0;
    }
    count_never(m);
    m->known = true;
    return 0;
}
