/* What the examiner reads: PREFIX.txt, the summary on the terminal, and the
 * same facts as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "cmd/acquisition.h"
#include "cmd/pieces.h"

/* So many pieces of an image have a line each. */
#define PIECES_SHOWN 5

/* ------------------------------------------------------------------ text */

/* A line "Name:      value", the value escaped; nothing when it is empty. */
static void line(struct text *t, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    text_addf(t, "  %-20s%s", name, strlen(name) < 20 ? "" : "  ");
    text_add_shown(t, value);
    text_add(t, "\n");
}

static void line_time(struct text *t, const char *name, uint64_t ns)
{
    char buf[CLOCK_TEXT];

    if (ns)
        line(t, name, clock_text(buf, ns));
}

static void line_size(struct text *t, const char *name, uint64_t bytes)
{
    char size[32], buf[80];

    snprintf(buf, sizeof(buf), "%" PRIu64 " bytes (%s)", bytes,
             size_text(size, bytes));
    line(t, name, buf);
}

static void line_blocks(struct text *t, const char *name, uint64_t blocks)
{
    char size[32], buf[80];

    snprintf(buf, sizeof(buf), "%" PRIu64 " blocks (%s)", blocks,
             size_text(size, blocks * BLOCK_SIZE));
    line(t, name, buf);
}

static void add_case(const struct acquisition *a, struct text *t)
{
    const struct acquire_options *o = a->opt;

    line(t, "Case number", o->case_number);
    line(t, "Evidence number", o->evidence_number);
    line(t, "Examiner", o->examiner);
    line(t, "Description", o->description);
    line(t, "Notes", o->notes);
}

static void add_source(const struct acquisition *a, struct text *t)
{
    const struct ec2_snapshot *s = &a->facts;

    text_add(t, "\nSource\n");
    line(t, "Snapshot", a->snapshot);
    line(t, "Region", a->settings.region);
    line(t, "Endpoint", aws_endpoint(a->aws, AWS_EBS));
    line_size(t, "Volume size", a->volume_size);
    if (a->facts_known) {
        line(t, "Volume", s->volume_id);
        line(t, "Owner account", s->owner_id);
        line(t, "Point in time", s->start_time);
        line(t, "Described as", s->description);
        if (s->encrypted)
            line(t, "Encrypted with", s->kms_key_id ? s->kms_key_id
                 : "a key that EC2 does not name");
        if (s->encrypted)
            line(t, "", "The service decrypts: this image is plaintext");
    }
    line(t, "Acquired as", a->caller_known ? a->caller.arn : "not known");
    line(t, "Keys from", a->settings.credentials.source);
}

static void add_time(const struct acquisition *a, struct text *t)
{
    char buf[64];
    int64_t offset;

    text_add(t, "\nTime\n");
    line_time(t, "Began", a->started);
    line_time(t, "Ended", a->ended);
    line(t, "Took", duration_text(buf, (a->ended - a->started) / NS_PER_S));
    if (a->resume.on) {
        snprintf(buf, sizeof(buf), "%u; the log tells of each",
                 a->resume.sessions + 1);
        line(t, "Sessions", buf);
    }
    if (!aws_clock_offset(a->aws, &offset))
        return;
    snprintf(buf, sizeof(buf), "%+" PRId64 " s against the service's Date",
             offset);
    line(t, "Local clock", buf);
}

static void add_content(const struct acquisition *a, struct text *t)
{
    const struct ledger_counts *c = &a->ledger.counts;

    text_add(t, "\nContent\n");
    line_blocks(t, "Stored, with data", c->stored);
    line_blocks(t, "Stored, all zeros", c->zero);
    line_blocks(t, "Never stored", c->hole_bytes / BLOCK_SIZE);
    line_blocks(t, "Unreadable", c->unreadable);
    if (c->unreadable)
        line(t, "", "Unreadable blocks are zeros in the image; the log "
                    "names each");
    if (a->outcome == OUTCOME_DOUBT && a->facts.full_size.told)
        line_blocks(t, "EC2 counts", a->facts.full_size.value / BLOCK_SIZE);
}

/* What rests on EBS's list of changes, in plain words. */
static void add_earlier(const struct acquisition *a, struct text *t)
{
    const struct since *s = &a->since;

    if (!s->used && !a->ledger.counts.carried)
        return;
    text_add(t, "\nBuilt upon an earlier image\n");
    line(t, "Image", s->path ? s->image.paths[0] : a->opt->since);
    if (s->path)
        line(t, "Of snapshot", s->snapshot);
    if (s->used) {
        line_blocks(t, "Changed since then", s->counts.changed);
        line_blocks(t, "Stored since then", s->counts.added);
        line_blocks(t, "Given up since then", s->counts.removed);
        line(t, "", "With these, the list of its stored blocks becomes that "
                    "of this snapshot");
    }
    line_blocks(t, "Taken from it", a->ledger.counts.carried);
    line_blocks(t, "Of these compared", s->audited);
    if (a->ledger.counts.carried)
        line(t, "", "Each has the SHA-256 that the provider sent for it "
                    "then");
    if (a->outcome == OUTCOME_LISTED)
        line(t, "", "That the others are the same now is EBS's word: it does "
                    "not list them as changed");
}

static void add_hashes(const struct acquisition *a, struct text *t)
{
    char hex[2 * HASH_MAX + 1];

    text_add(t, "\nDigests of the whole volume, computed while it passed\n");
    for (int k = 0; k < HASH_KINDS; k++)
        if (a->stream.have & HASH_BIT(k))
            line(t, hash_titles[k],
                 hashes_hex(&a->stream, (enum hash_kind)k, hex));
}

static void line_pieces(struct text *t, const char *first,
                        const struct pieces *p)
{
    char size[32], buf[120];
    autotext struct text name = TEXT_INIT;

    text_addf(&name, "%s ... .%s", first, p->last);
    snprintf(buf, sizeof(buf), "%zu files, %" PRIu64 " bytes (%s)", p->count,
             p->bytes, size_text(size, p->bytes));
    line(t, name.failed ? first : name.s, buf);
}

/* An image may be in thousands of files; the log and the checksum files have
 * each of them. */
static void add_names(const struct acquisition *a, struct text *t)
{
    for (size_t i = 0; i < a->nfiles; i++) {
        struct pieces p = pieces_from(a->files + i, a->nfiles - i);

        if (p.count <= PIECES_SHOWN) {
            line_size(t, a->files[i].name, a->files[i].size);
            continue;
        }
        line_pieces(t, a->files[i].name, &p);
        i += p.count - 1;
    }
}

static void add_files(const struct acquisition *a, struct text *t)
{
    char hex[2 * LOG_HASH + 1];

    text_add(t, "\nFiles\n");
    add_names(a, t);
    hex_encode(hex, a->log_end.head, LOG_HASH);
    line(t, "Head of the log", hex);
    hex_encode(hex, a->ledger.root, MANIFEST_HASH);
    line(t, "Root of the blocks", hex);
    text_add(t, "\n  Keep the head of the log somewhere else, in print for"
                " instance: it\n  shows any later change of the log, and the"
                " log holds all other digests.\n");
}

static void compose(const struct acquisition *a, struct text *t)
{
    text_addf(t, "ebsimg %s: acquisition of an EBS snapshot\n\n  %s\n\n",
              PACKAGE_VERSION, outcome_headline(a->outcome));
    add_case(a, t);
    add_source(a, t);
    add_time(a, t);
    add_content(a, t);
    add_earlier(a, t);
    add_hashes(a, t);
    add_files(a, t);
    text_add(t, "\nTo check it again:  ebsimg verify ");
    text_add_shown(t, file_name(a->prefix));
    text_add(t, "\n");
}

int report_write(struct acquisition *a, struct err *e)
{
    autofree char *path = stage_path(a->stage, ".txt");
    autotext struct text t = TEXT_INIT;
    autoclose int fd = -1;

    compose(a, &t);
    if (!path || t.failed)
        return err_nomem(e);
    if (file_create(path, &fd, e) < 0
        || file_write(fd, t.s, t.len, path, e) < 0
        || file_sync(fd, path, e) < 0)
        return -1;
    return file_close(&fd, path, e);
}

/* ------------------------------------------------------------------ JSON */

static void add_json_hashes(struct text *t, const struct hashes *h)
{
    char hex[2 * HASH_MAX + 1];
    const char *comma = "";

    text_add(t, "{");
    for (int k = 0; k < HASH_KINDS; k++) {
        if (!(h->have & HASH_BIT(k)))
            continue;
        text_addf(t, "%s\"%s\":\"%s\"", comma, hash_names[k],
                  hashes_hex(h, (enum hash_kind)k, hex));
        comma = ",";
    }
    text_add(t, "}");
}

static void add_json_files(struct text *t, const struct acquisition *a)
{
    text_add(t, "[");
    for (size_t i = 0; i < a->nfiles; i++) {
        text_add(t, i ? ",{\"name\":" : "{\"name\":");
        text_add_json(t, a->files[i].name);
        text_addf(t, ",\"size\":%" PRIu64 ",\"hashes\":", a->files[i].size);
        add_json_hashes(t, &a->files[i].hashes);
        text_add(t, "}");
    }
    text_add(t, "]");
}

static void compose_json(const struct acquisition *a, struct text *t)
{
    const struct ledger_counts *c = &a->ledger.counts;
    char head[2 * LOG_HASH + 1], root[2 * MANIFEST_HASH + 1];

    hex_encode(head, a->log_end.head, LOG_HASH);
    hex_encode(root, a->ledger.root, MANIFEST_HASH);
    text_addf(t, "{\"verdict\":\"%s\",\"snapshot\":\"%s\",\"prefix\":",
              outcome_name(a->outcome), a->snapshot);
    text_add_json(t, a->prefix);
    text_addf(t, ",\"volume_size\":%" PRIu64 ",\"blocks\":{\"stored\":%"
              PRIu64 ",\"zero\":%" PRIu64 ",\"never_stored\":%" PRIu64
              ",\"unreadable\":%" PRIu64 "},\"hashes\":",
              a->volume_size, c->stored, c->zero,
              c->hole_bytes / BLOCK_SIZE, c->unreadable);
    add_json_hashes(t, &a->stream);
    if (a->since.used || c->carried)
        text_addf(t, ",\"since\":{\"snapshot\":\"%s\",\"carried\":%" PRIu64
                  ",\"audited\":%" PRIu64 "}", a->since.snapshot,
                  c->carried, a->since.audited);
    text_addf(t, ",\"log_head\":\"%s\",\"block_root\":\"%s\",\"files\":",
              head, root);
    add_json_files(t, a);
    if (a->opt->stats) {
        text_add(t, ",\"stats\":");
        stats_json(&a->stats, t);
    }
    text_add(t, "}\n");
}

int report_show(struct acquisition *a, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    a->stats.after = clock_monotonic(a->clock) - a->pulled;
    if (a->opt->json)
        compose_json(a, &t);
    else
        compose(a, &t);
    if (a->opt->stats && !a->opt->json)
        stats_text(&a->stats, &t);
    if (t.failed)
        return err_nomem(e);
    if (fputs(t.s, stdout) == EOF || fflush(stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output; "
                       "the image is complete");
    return 0;
}
