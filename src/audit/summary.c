#include "audit/summary.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "audit/artefacts.h"
#include "audit/outcome.h"
#include "audit/pieces.h"
#include "base/block.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "base/scope.h"

/* So many pieces of an image have a line each. */
#define PIECES_SHOWN 5

/* ----------------------------------------------------------------- lines */

/* A line "Name:      value", the value escaped; nothing when it is empty. */
static void line(struct text *t, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    text_addf(t, "  %-20s%s", name, strlen(name) < 20 ? "" : "  ");
    text_add_shown(t, value);
    text_add(t, "\n");
}

__attribute__((format(printf, 3, 4)))
static void linef(struct text *t, const char *name, const char *fmt, ...)
{
    autofree char *value = NULL;
    va_list ap;

    va_start(ap, fmt);
    if (vasprintf(&value, fmt, ap) < 0) {
        value = NULL;
        t->failed = true;
    }
    va_end(ap);
    line(t, name, value);
}

static void line_size(struct text *t, const char *name, uint64_t bytes)
{
    char size[32];

    if (bytes != RUN_UNTOLD)
        linef(t, name, "%" PRIu64 " bytes (%s)", bytes,
              size_text(size, bytes));
}

static void line_blocks(struct text *t, const char *name, uint64_t blocks)
{
    char size[32];

    if (blocks != RUN_UNTOLD)
        linef(t, name, "%" PRIu64 " blocks (%s)", blocks,
              size_text(size, blocks * BLOCK_SIZE));
}

static bool some(uint64_t n)
{
    return n != RUN_UNTOLD && n != 0;
}

/* -------------------------------------------------------------- sections */

static const char *headline(const char *word)
{
    enum outcome o;

    return outcome_parse(word, &o) == 0 ? outcome_headline(o) : word;
}

static void add_verdict(const struct run_record *r, struct text *t)
{
    const char *word;

    text_addf(t, "ebsimg ");
    text_add_shown(t, r->version);
    text_add(t, ": acquisition of an EBS snapshot\n\n  ");
    text_add_shown(t, headline(r->verdict));
    text_add(t, "\n");
    for (size_t i = 0; (word = run_list_text(r->reserves, i)); i++) {
        if (strcmp(word, r->verdict) == 0)
            continue;
        text_add(t, "  ");
        text_add_shown(t, headline(word));
        text_add(t, "\n");
    }
    text_add(t, "\n");
}

static void add_case(const struct run_record *r, struct text *t)
{
    line(t, "Case number", r->case_number);
    line(t, "Evidence number", r->evidence_number);
    line(t, "Examiner", r->examiner);
    line(t, "Description", r->description);
    line(t, "Notes", r->notes);
}

/* Where the answers came from, as far as it is not where they usually come
 * from. */
static void add_unusual(const struct run_record *r, struct text *t)
{
    const struct { const char *member, *title, *value; } rows[] = {
        { "endpoint_ec2", "EC2 endpoint", r->endpoint_ec2 },
        { "endpoint_sts", "STS endpoint", r->endpoint_sts },
        { "proxy", "Proxy", r->proxy },
        { "ca_file", "CA file", r->ca_file },
        { "ca_file", "CA file's SHA-256", r->ca_sha256 },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (run_list_has(r->unusual, rows[i].member))
            line(t, rows[i].title, rows[i].value);
}

static void add_source(const struct run_record *r, struct text *t)
{
    text_add(t, "\nSource\n");
    line(t, "Snapshot", r->snapshot);
    line(t, "Region", r->region);
    line(t, "Endpoint", r->endpoint);
    add_unusual(r, t);
    line_size(t, "Volume size", r->volume_size);
    line(t, "Volume", r->volume_id);
    line(t, "Owner account", r->owner);
    line(t, "Point in time", r->start_time);
    line(t, "Described as", r->told_description);
    if (r->encrypted == RUN_YES) {
        line(t, "Encrypted with", r->kms_key[0] ? r->kms_key
             : "a key that EC2 does not name");
        line(t, "", "The service decrypts: this image is plaintext");
    }
    line(t, "Acquired as", r->arn[0] ? r->arn : "not known");
    line(t, "Keys from", r->keys_from);
}

/* By clocks that nobody sets, where the log has it of all sessions; of older
 * ones only the wall clock tells. */
static void line_took(struct text *t, const struct run_record *r)
{
    uint64_t began = clock_parse_iso(r->started);
    uint64_t ended = clock_parse_iso(r->ended);
    uint64_t ms = r->run_milliseconds;
    char buf[64];

    if (ms == RUN_UNTOLD && r->course.sessions == 1)
        ms = r->milliseconds;
    if (ms == RUN_UNTOLD && began && ended >= began)
        ms = (ended - began) / NS_PER_MS;
    if (ms == RUN_UNTOLD)
        return;
    duration_text(buf, ms / 1000);
    if (some(r->sessions_died))
        linef(t, "Took", "at least %s: %" PRIu64 " of the sessions died", buf,
              r->sessions_died);
    else
        line(t, "Took", buf);
}

static void line_recheck(struct text *t, const struct run_record *r)
{
    if (some(r->rechecked))
        linef(t, "Kept blocks", "%" PRIu64 " of %" PRIu64 " were fetched "
              "again and are what the service has", r->rechecked, r->kept);
    else if (some(r->kept))
        linef(t, "Kept blocks", "none of %" PRIu64 " was fetched again",
              r->kept);
}

static void add_sessions(const struct run_record *r, struct text *t)
{
    if (r->course.sessions > 1)
        linef(t, "Sessions", "%" PRIu64 "; the log tells of each",
              r->course.sessions);
    for (size_t i = 0; i < r->nmoves; i++) {
        const struct run_move *m = &r->moves[i];

        linef(t, "", "From session %" PRIu64 " on with the %s %s, before with "
              "%s", m->session, m->what, m->now, m->then);
    }
    line_recheck(t, r);
}

static void add_time(const struct run_record *r, struct text *t)
{
    text_add(t, "\nTime\n");
    line(t, "Began", r->started);
    line(t, "Ended", r->ended);
    line_took(t, r);
    add_sessions(r, t);
    if (r->clock_known)
        linef(t, "Local clock", "%+" PRId64 " s against the service's Date",
              r->clock_offset);
    if (some(r->clock_sets))
        linef(t, "", "It was set during the run, %" PRIu64 " times; the log "
              "tells by how much", r->clock_sets);
}

static void add_content(const struct run_record *r, struct text *t)
{
    text_add(t, "\nContent\n");
    line_blocks(t, "Stored, with data", r->stored);
    line_blocks(t, "Stored, all zeros", r->zero);
    line_blocks(t, "Never stored", r->never_stored);
    line_blocks(t, "Unreadable", r->unreadable);
    if (some(r->unreadable))
        line(t, "", "Unreadable blocks are zeros in the image; the log "
                    "names each");
    if (r->listed != r->ec2_blocks)
        line_blocks(t, "EC2 counts", r->ec2_blocks);
}

/* What rests on EBS's list of changes, in plain words. */
static void add_earlier(const struct run_record *r, struct text *t)
{
    uint64_t carried = some(r->carried) ? r->carried : 0;

    if (r->since_used != RUN_YES && !carried)
        return;
    text_add(t, "\nBuilt upon an earlier image\n");
    line(t, "Image", r->since_image);
    line(t, "Of snapshot", r->since_snapshot);
    line(t, "Vouched for by", r->since_case_log);
    if (r->since_used == RUN_YES) {
        line_blocks(t, "Changed since then", r->changed);
        line_blocks(t, "Stored since then", r->added);
        line_blocks(t, "Given up since then", r->removed);
        line(t, "", "With these, the list of its stored blocks becomes that "
                    "of this snapshot");
    }
    line_blocks(t, "Taken from it", carried);
    line_blocks(t, "Of these compared", some(r->audited) ? r->audited : 0);
    if (carried)
        line(t, "", "Each has the SHA-256 that the provider sent for it "
                    "then");
    if (strcmp(r->verdict, outcome_name(OUTCOME_LISTED)) == 0
        || run_list_has(r->reserves, outcome_name(OUTCOME_LISTED)))
        line(t, "", "That the others are the same now is EBS's word: it does "
                    "not list them as changed");
}

/* -------------------------------------------------------------- controls */

static const char *result_words(const char *result)
{
    static const struct { const char *word, *shown; } rows[] = {
        { "differs", "differs" },
        { "not-had", "could not be had" },
        { "switched-off", "switched off by the operator" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(result, rows[i].word) == 0)
            return rows[i].shown;
    return result;
}

static bool is(const struct run_control *c, const char *result)
{
    return strcmp(c->result, result) == 0;
}

static void line_control(struct text *t, const struct run_control *c)
{
    linef(t, c->name, "%s%s%s%s%s", result_words(c->result),
          c->why[0] ? ": " : "", c->why,
          c->stood_in_by[0] ? "; as good is " : "", c->stood_in_by);
}

/* What was compared before the verdict; doc/verdicts.md says what each
 * proves. */
static void add_controls(const struct run_record *r, struct text *t)
{
    autotext struct text good = TEXT_INIT;

    if (r->ncontrols)
        text_add(t, "\nControls\n");
    for (size_t i = 0; i < r->ncontrols; i++) {
        const struct run_control *c = &r->controls[i];

        if (is(c, "does-not-apply"))
            continue;
        if (!is(c, "done")) {
            line_control(t, c);
            continue;
        }
        text_add(&good, good.len ? ", " : "");
        text_add(&good, c->name);
    }
    line(t, "Agree", good.s);
    t->failed |= good.failed;
}

/* ----------------------------------------------------------------- files */

static void add_hashes(const struct run_record *r, struct text *t)
{
    char hex[2 * HASH_MAX + 1];

    text_add(t, "\nDigests of the whole volume, computed while it passed\n");
    for (int k = 0; k < HASH_KINDS; k++)
        if (r->stream.have & HASH_BIT(k))
            line(t, hash_titles[k],
                 hashes_hex(&r->stream, (enum hash_kind)k, hex));
}

static void line_pieces(struct text *t, const char *first,
                        const struct pieces *p)
{
    char size[32];
    autotext struct text name = TEXT_INIT;

    text_addf(&name, "%s ... .%s", first, p->last);
    linef(t, name.failed ? first : name.s, "%zu files, %" PRIu64
          " bytes (%s)", p->count, p->bytes, size_text(size, p->bytes));
}

/* An image may be in thousands of files; the log and the checksum files have
 * each of them. */
static void add_names(const struct run_record *r, struct text *t)
{
    for (size_t i = 0; i < r->nfiles; i++) {
        struct pieces p = pieces_from(r->files + i, r->nfiles - i);

        if (p.count <= PIECES_SHOWN) {
            line_size(t, r->files[i].name, r->files[i].size);
            continue;
        }
        line_pieces(t, r->files[i].name, &p);
        i += p.count - 1;
    }
}

static void line_log(struct text *t, const struct run_record *r)
{
    autotext struct text name = TEXT_INIT;

    text_add(&name, file_name(r->prefix));
    text_add(&name, LOG_SUFFIX);
    t->failed |= name.failed;
    line_size(t, name.failed ? "" : name.s, r->check.size);
}

/* What the folder could not give, and who else could change what is in it. */
static void add_folder(const struct run_record *r, struct text *t)
{
    autotext struct text list = TEXT_INIT;
    const char *word;

    for (size_t i = 0; (word = run_list_text(r->not_had, i)); i++) {
        text_add(&list, i ? ", " : "");
        text_add(&list, word);
    }
    t->failed |= list.failed;
    if (list.len)
        linef(t, "File system", "%s, without: %s",
              r->filesystem[0] ? r->filesystem : "not known", list.s);
    if (r->others_may_write == RUN_YES)
        line(t, "Folder", "Others may write in it");
}

static void add_files(const struct run_record *r, struct text *t)
{
    char hex[2 * LOG_HASH + 1];

    text_add(t, "\nFiles\n");
    add_names(r, t);
    line_log(t, r);
    add_folder(r, t);
    hex_encode(hex, r->check.head, LOG_HASH);
    line(t, "Head of the log", hex);
    hex_encode(hex, r->manifest_root, MANIFEST_HASH);
    line(t, "Root of the blocks", hex);
    text_add(t, "\n  Keep the head of the log somewhere else, in print for"
                " instance: it\n  shows any later change of the log, and the"
                " log holds all other digests.\n");
}

void summary_text(const struct run_record *r, struct text *t)
{
    add_verdict(r, t);
    add_case(r, t);
    add_source(r, t);
    add_time(r, t);
    add_content(r, t);
    add_controls(r, t);
    add_earlier(r, t);
    add_hashes(r, t);
    add_files(r, t);
    text_add(t, "\nTo check it again:  ebsimg verify ");
    text_add_word(t, file_name(r->prefix));
    text_add(t, "\n");
}
