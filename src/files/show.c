/* SPDX-License-Identifier: Apache-2.0 */
/* Files as lines: for people, programs, spreadsheets, and tools that make
 * time lines. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/json.h"
#include "files/files.h"
#include "files/words.h"

static void nothing(struct text *t)
{
    (void)t;
}

static void no_part(const struct part_info *i, struct text *t)
{
    (void)i;
    (void)t;
}

static void no_end(const struct files_totals *sum, struct text *t)
{
    (void)sum;
    (void)t;
}

static const char *state_of(const struct fs_entry *f)
{
    return f->reused ? "deleted, inode used again"
         : f->deleted ? "deleted" : "";
}

/* -------------------------------------------------------------------- text */

static void text_part(const struct part_info *i, struct text *t)
{
    text_add(t, "# ");
    part_text(i, t);
    text_addf(t, ", %" PRIu64 " bytes at %" PRIu64 ": ", i->size, i->offset);
    text_add(t, *i->kind ? i->kind : "");
    if (!i->is_read) {
        text_add(t, *i->kind ? ", " : "");
        text_add_shown(t, i->why);
    }
    text_add(t, "\n");
}

static void text_entry(const struct part_info *i, const struct fs_entry *f,
                       struct text *t)
{
    char mode[MODE_TEXT], when[WHEN_TEXT];

    (void)i;
    text_addf(t, "%s ", mode_text(mode, f));
    if (f->has_owner)
        text_addf(t, "%5" PRIu32 " %5" PRIu32, f->uid, f->gid);
    else
        text_addf(t, "%5s %5s", "-", "-");
    text_addf(t, " %12" PRIu64 " %-30s ", f->size,
              f->times & 1u << FS_MODIFIED
              ? when_text(when, f->time[FS_MODIFIED]) : "-");
    text_add_shown(t, f->path);
    if (f->target) {
        text_add(t, " -> ");
        text_add_shown(t, f->target);
    }
    if (f->deleted)
        text_addf(t, " (%s)", state_of(f));
    text_add(t, "\n");
}

const struct files_format files_text = { nothing, text_part, text_entry,
                                         no_end };

/* -------------------------------------------------------------------- JSON */

static void put_where(const struct part_info *i, struct text *t)
{
    json_put_u64(t, "partition", i->number);
    if (*i->volume)
        json_put_text(t, "volume", i->volume);
}

static void json_part(const struct part_info *i, struct text *t)
{
    json_open(t, NULL, '{');
    json_put_text(t, "what", "filesystem");
    put_where(i, t);
    json_put_u64(t, "offset", i->offset);
    json_put_u64(t, "size", i->size);
    json_put_text(t, "type", *i->type ? i->type : NULL);
    json_put_text(t, "label", *i->label ? i->label : NULL);
    json_put_text(t, "kind", *i->kind ? i->kind : NULL);
    json_put_bool(t, "read", i->is_read);
    if (!i->is_read)
        json_put_text(t, "why", i->why);
    json_close(t, '}');
    text_add(t, "\n");
}

static bool is_utf8(const char *s)
{
    size_t n = strlen(s), used;

    for (; n; s += used, n -= used)
        if (text_utf8(s, n, &used) < 0)
            return false;
    return true;
}

/* JSON is UTF-8 and names are not: such a path is there a second time. */
static void put_path(const struct fs_entry *f, struct text *t)
{
    json_put_text(t, "path", f->path);
    if (is_utf8(f->path))
        return;
    text_add(t, ",\"path_hex\":\"");
    for (const char *p = f->path; *p; p++)
        text_addf(t, "%02x", (unsigned char)*p);
    text_add(t, "\"");
}

static void put_times(const struct fs_entry *f, struct text *t)
{
    char when[WHEN_TEXT];

    for (int k = 0; k < FS_TIMES; k++)
        if (f->times & 1u << k)
            json_put_text(t, time_words[k], when_text(when, f->time[k]));
}

static void json_entry(const struct part_info *i, const struct fs_entry *f,
                       struct text *t)
{
    char mode[8];

    json_open(t, NULL, '{');
    json_put_text(t, "what", "file");
    put_where(i, t);
    put_path(f, t);
    json_put_text(t, "type", type_words[f->type]);
    json_put_u64(t, "inode", f->inode);
    json_put_u64(t, "size", f->size);
    if (f->has_mode) {
        snprintf(mode, sizeof(mode), "%04o", f->mode & 07777u);
        json_put_text(t, "mode", mode);
    }
    if (f->has_owner) {
        json_put_u64(t, "uid", f->uid);
        json_put_u64(t, "gid", f->gid);
    }
    put_times(f, t);
    if (f->target)
        json_put_text(t, "target", f->target);
    json_put_bool(t, "deleted", f->deleted);
    if (f->reused)
        json_put_bool(t, "inode_reused", true);
    json_close(t, '}');
    text_add(t, "\n");
}

static void json_end(const struct files_totals *sum, struct text *t)
{
    json_open(t, NULL, '{');
    json_put_text(t, "what", "end");
    json_put_bool(t, "complete", sum->left_out == 0);
    json_put_u64(t, "files", sum->files);
    json_put_u64(t, "left_out", sum->left_out);
    json_put_u64(t, "blocks", sum->blocks);
    json_close(t, '}');
    text_add(t, "\n");
}

const struct files_format files_json = { nothing, json_part, json_entry,
                                         json_end };

/* --------------------------------------------------------------------- CSV */

static void csv_begin(struct text *t)
{
    text_add(t, "partition,volume,path,type,inode,size,mode,uid,gid,modified,"
             "accessed,changed,born,state,target\r\n");
}

static void csv_entry(const struct part_info *i, const struct fs_entry *f,
                      struct text *t)
{
    char when[WHEN_TEXT];

    text_addf(t, "%u,", i->number);
    csv_add(t, i->volume);
    text_add(t, ",");
    csv_add(t, f->path);
    text_addf(t, ",%s,%" PRIu64 ",%" PRIu64 ",", type_words[f->type],
              f->inode, f->size);
    if (f->has_mode)
        text_addf(t, "%04o", f->mode & 07777u);
    text_add(t, ",");
    if (f->has_owner)
        text_addf(t, "%" PRIu32 ",%" PRIu32, f->uid, f->gid);
    else
        text_add(t, ",");
    for (int k = 0; k < FS_TIMES; k++)
        text_addf(t, ",%s", f->times & 1u << k
                  ? when_text(when, f->time[k]) : "");
    text_add(t, ",");
    csv_add(t, state_of(f));
    text_add(t, ",");
    csv_add(t, f->target ? f->target : "");
    text_add(t, "\r\n");
}

const struct files_format files_csv = { csv_begin, no_part, csv_entry,
                                        no_end };

/* ---------------------------------------------------------------- bodyfile */

/* A bar ends a field, and there is no way to write one in it. */
static void add_field(struct text *t, const char *s)
{
    autotext struct text shown = TEXT_INIT;

    text_add_shown(&shown, s);
    t->failed |= shown.failed;
    for (const char *p = shown.s; p && *p; p++) {
        if (*p == '|')
            text_add(t, "\\x7c");
        else
            text_addn(t, p, 1);
    }
}

static int64_t seconds(int64_t ns)
{
    int64_t s = ns / (int64_t)NS_PER_S;

    return ns % (int64_t)NS_PER_S < 0 ? s - 1 : s;
}

/* MD5|name|inode|mode_as_string|UID|GID|size|atime|mtime|ctime|crtime */
static void body_entry(const struct part_info *i, const struct fs_entry *f,
                       struct text *t)
{
    static const enum fs_time order[] = { FS_ACCESSED, FS_MODIFIED,
                                          FS_CHANGED, FS_BORN };
    char mode[MODE_TEXT];

    text_add(t, "0|");
    if (*i->volume)
        add_field(t, i->volume);
    else if (i->number)
        text_addf(t, "p%u:", i->number);
    add_field(t, f->path);
    if (f->target) {
        text_add(t, " -> ");
        add_field(t, f->target);
    }
    if (f->deleted)
        text_addf(t, " (%s)", state_of(f));
    mode_text(mode, f);
    if (f->type == FS_FILE)
        mode[0] = 'r'; /* as fls has it */
    text_addf(t, "|%" PRIu64 "|%c/%s|%" PRIu32 "|%" PRIu32 "|%" PRIu64,
              f->inode, mode[0], mode, f->uid, f->gid, f->size);
    for (int k = 0; k < FS_TIMES; k++)
        text_addf(t, "|%" PRId64, f->times & 1u << order[k]
                  ? seconds(f->time[order[k]]) : 0);
    text_add(t, "\n");
}

const struct files_format files_body = { nothing, no_part, body_entry,
                                         no_end };
