/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "base/block.h"
#include "base/number.h"
#include "report/chapters-private.h"

/* So many files of an image have a row each. */
#define FILES_SHOWN 40

static uint64_t told(const struct run_record *l, enum map_kind kind)
{
    switch (kind) {
    case MAP_STORED: return l->stored;
    case MAP_ZERO: return l->zero;
    case MAP_UNREADABLE: return l->unreadable;
    case MAP_NEVER: return l->never_stored;
    default: return l->carried;
    }
}

/* What the log counts.  Those that were carried are stored, too. */
static void add_numbers(struct scribe *s, const struct report *r)
{
    static const char *const heads[] = {
        "Blocks of 512 KiB", "Number", "Bytes", "What it means",
    };

    scribe_table(s, heads, COUNT(heads));
    for (int k = 0; k < MAP_KINDS; k++) {
        uint64_t n = told(r->log, (enum map_kind)k);
        char number[24] = "not told", bytes[48] = "", size[32];

        if (k == MAP_CARRIED && !some(n))
            continue;
        if (n != RUN_UNTOLD) {
            snprintf(number, sizeof(number), "%" PRIu64, n);
            snprintf(bytes, sizeof(bytes), "%" PRIu64 " (%s)", n * BLOCK_SIZE,
                     size_text(size, n * BLOCK_SIZE));
        }
        scribe_row(s, (const char *[]){ k == MAP_CARRIED
                   ? "Of all these, taken from an earlier image"
                   : map_names[k], number, bytes, map_meanings[k] }, 4);
    }
}

static void add_map(struct scribe *s, const struct report *r)
{
    scribe_section(s, "Map of the volume");
    if (!r->map.known)
        scribe_say(s, "There is no map: %s.", r->map.why_not);
    else if (r->map.steps)
        scribe_map(s, r);
}

static void add_partition(struct scribe *s, const struct partition *p)
{
    char number[16], from[24], length[48], size[32];

    snprintf(number, sizeof(number), "%u", p->number);
    snprintf(from, sizeof(from), "%" PRIu64, p->offset);
    snprintf(length, sizeof(length), "%" PRIu64 " (%s)%s", p->length,
             size_text(size, p->length), p->cut ? ", cut" : "");
    scribe_row(s, (const char *[]){ number, from, length, p->type, p->name },
               5);
}

static void add_partitions(struct scribe *s, const struct report *r)
{
    static const char *const heads[] = {
        "Number", "From byte", "Bytes", "Type", "Name",
    };
    const struct partition_list *l = &r->disk.partitions;

    scribe_section(s, "Partitions");
    if (!r->disk.known) {
        scribe_say(s, "Not looked at: %s.", r->disk.why_not);
        return;
    }
    if (!l->table[0]) {
        scribe_say(s, "The disk begins with no partition table.");
        return;
    }
    scribe_table(s, heads, COUNT(heads));
    for (size_t i = 0; i < l->count; i++)
        add_partition(s, &l->list[i]);
    scribe_say(s, "As the %s at the beginning of the disk says, which was read "
               "from the image and proved against the manifest.%s%s%s",
               l->table, l->doubt[0] ? "  It is not to be relied on: " : "",
               l->doubt, l->doubt[0] ? "." : "");
    if (l->left_out)
        scribe_say(s, "%" PRIu64 " more entries are left out: they lie "
                   "outside the disk, make no sense, or are too many.",
                   l->left_out);
}

static void add_earlier(struct scribe *s, const struct run_record *l)
{
    if (l->since_used != RUN_YES && !some(l->carried))
        return;
    scribe_section(s, "Built upon an earlier image");
    scribe_fact(s, "Image", l->since_image);
    scribe_fact(s, "Of snapshot", l->since_snapshot);
    scribe_fact(s, "Vouched for by", l->since_case_log);
    scribe_count(s, "Blocks changed since", l->changed);
    scribe_count(s, "Stored since", l->added);
    scribe_count(s, "Given up since", l->removed);
    scribe_count(s, "Taken from it", l->carried);
    scribe_count(s, "Of these compared", l->audited);
}

static void add_cache(struct scribe *s, const struct run_record *l)
{
    if (!some(l->cached))
        return;
    scribe_section(s, "Taken from a cache of earlier accesses");
    scribe_fact(s, "Folder", l->cache_folder);
    scribe_count(s, "Taken from it", l->cached);
    scribe_count(s, "Of these compared", l->cache_compared);
    scribe_say(s, "Each has the SHA-256 that an access log has for it, with "
               "the request that fetched it from this snapshot before the "
               "run; the log names these logs.  Those that were compared "
               "were fetched once more; that the others are what the "
               "provider sent is the word of these logs.");
}

void chapter_content(struct scribe *s, const struct report *r)
{
    scribe_chapter(s, "What the image holds");
    add_numbers(s, r);
    scribe_say(s, "The three kinds of zeros are never added together: a block "
               "that was stored as zeros, one that was never stored, and one "
               "that could not be read.");
    if (some(r->log->ec2_blocks))
        scribe_factf(s, "EC2 counts", "%" PRIu64 " blocks; the list has %"
                     PRIu64, r->log->ec2_blocks, r->log->listed
                     == RUN_UNTOLD ? 0 : r->log->listed);
    add_map(s, r);
    add_partitions(s, r);
    add_earlier(s, r->log);
    add_cache(s, r->log);
}

/* ------------------------------------------------------------------- files */

static void add_hashes(struct scribe *s, const struct hashes *h)
{
    char hex[2 * HASH_MAX + 1];

    for (int k = 0; k < HASH_KINDS; k++)
        if (h->have & HASH_BIT(k))
            scribe_fact(s, hash_titles[k],
                        hashes_hex(h, (enum hash_kind)k, hex));
}

static void add_file(struct scribe *s, const struct run_file *f)
{
    char size[24] = "", hex[2 * HASH_MAX + 1];

    if (f->size != RUN_UNTOLD)
        snprintf(size, sizeof(size), "%" PRIu64, f->size);
    if (!f->hashes.have)
        scribe_row(s, (const char *[]){ f->name, size, "", "" }, 4);
    for (int k = 0, n = 0; k < HASH_KINDS; k++)
        if (f->hashes.have & HASH_BIT(k)) {
            scribe_row(s, (const char *[]){ n ? "" : f->name, n ? "" : size,
                       hash_titles[k],
                       hashes_hex(&f->hashes, (enum hash_kind)k, hex) }, 4);
            n++;
        }
}

static void add_files(struct scribe *s, const struct run_record *l)
{
    static const char *const heads[] = { "File", "Bytes", "Digest", "Value" };
    size_t shown = l->nfiles < FILES_SHOWN ? l->nfiles : FILES_SHOWN;

    if (!l->nfiles) {
        scribe_say(s, "The log names no file.");
        return;
    }
    scribe_table(s, heads, COUNT(heads));
    for (size_t i = 0; i < shown; i++)
        add_file(s, &l->files[i]);
    if (l->nfiles > shown)
        scribe_say(s, "and %zu more files: the log and the checksum files "
                   "have each of them.", l->nfiles - shown);
}

void chapter_files(struct scribe *s, const struct report *r)
{
    const struct run_record *l = r->log;
    char hex[2 * MANIFEST_HASH + 1];

    scribe_chapter(s, "Digests");
    scribe_section(s, "Of the whole volume, computed while it passed");
    if (l->stream.have)
        add_hashes(s, &l->stream);
    else
        scribe_say(s, "None: the log has none.");
    scribe_section(s, "Of log and manifest");
    scribe_fact(s, "Head of the log", r->head);
    scribe_count(s, "Events", l->check.events);
    if (l->manifest_known) {
        hex_encode(hex, l->manifest_root, MANIFEST_HASH);
        scribe_fact(s, "Root of the blocks", hex);
        hex_encode(hex, l->manifest_sha256, MANIFEST_HASH);
        scribe_fact(s, "SHA-256 of the manifest", hex);
    }
    scribe_section(s, "Of the files");
    add_files(s, l);
    scribe_say(s, "The digest of the volume is that of its bytes from the "
               "first to the last, zeros of all kinds included; an E01 file "
               "itself has another one.  The root is the SHA-256 over the "
               "list of all blocks and their SHA-256: what the provider "
               "vouches for, in one line.");
}
