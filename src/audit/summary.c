/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/summary.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "audit/artefacts.h"
#include "audit/outcome.h"
#include "audit/pieces.h"
#include "audit/unusual.h"
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

/* Form 1 said less; see there where this is asked. */
static bool is_form_1(const struct run_record *r)
{
    return r->summary_form == 1;
}

/* To an earlier time than a line before it has. */
static bool is_clock_set(const struct run_record *r)
{
    return r->course.clock_set
        || clock_parse_iso(r->ended) < clock_parse_iso(r->started);
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

/* What form 1 told of; it passed over the others. */
static bool form_1_has(const char *member)
{
    static const char *const members[] = {
        "endpoint_ec2", "endpoint_sts", "proxy", UNUSUAL_CA,
    };

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (strcmp(member, members[i]) == 0)
            return true;
    return false;
}

/* A line even where the log has no value: it has said that it is unusual. */
static void line_fact(const struct run_record *r, struct text *t,
                      const char *name, const char *value)
{
    line(t, name, value[0] || is_form_1(r) ? value : "not known");
}

static void line_unusual(const struct run_record *r, struct text *t,
                         const char *member)
{
    const char *title = unusual_title(member);

    if (!title) {
        line(t, "Not the usual", member);
        return;
    }
    line_fact(r, t, title, run_record_text(r, "credentials", member));
    if (strcmp(member, UNUSUAL_CA) == 0)
        line_fact(r, t, "CA file's SHA-256", r->ca_sha256);
}

/* Where the answers came from, as far as it is not where they usually come
 * from. */
static void add_unusual(const struct run_record *r, struct text *t)
{
    const char *member;

    for (size_t i = 0; (member = run_list_text(r->unusual, i)); i++)
        if (strcmp(member, "endpoint") != 0 /* has a line in any case */
            && (!is_form_1(r) || form_1_has(member)))
            line_unusual(r, t, member);
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

/* The two times above are of a clock that was set in between. */
static void line_clock_set(struct text *t, const struct run_record *r)
{
    const char *when = r->course.clock_set_between ? "between two sessions"
                                                   : "in between";

    if (is_form_1(r) || !is_clock_set(r))
        return;
    linef(t, "", "This machine's clock was set back %s:", when);
    line(t, "", "from Began to Ended is not how long the run took");
}

/* Of sessions that died, the log knows how long they took as far as they
 * wrote it. */
static void line_took_at_least(struct text *t, const struct run_record *r,
                               uint64_t seconds)
{
    char buf[64];

    duration_text(buf, seconds);
    if (is_form_1(r)) {
        linef(t, "Took", "at least %s: %" PRIu64 " of the sessions died", buf,
              r->sessions_died);
        return;
    }
    if (seconds)
        linef(t, "Took", "%s, and more", buf);
    else
        line(t, "Took", "not known");
    linef(t, "", "%" PRIu64 " of %" PRIu64 " sessions ended without a word "
          "(killed, or no power):", r->sessions_died, r->course.sessions);
    line(t, "", "how long they went on, the log does not tell");
}

static uint64_t took_ms(const struct run_record *r)
{
    uint64_t began = clock_parse_iso(r->started);
    uint64_t ended = clock_parse_iso(r->ended);

    if (r->run_milliseconds != RUN_UNTOLD)
        return r->run_milliseconds;
    if (r->course.sessions == 1 && r->milliseconds != RUN_UNTOLD)
        return r->milliseconds;
    if (!began || ended < began || (is_clock_set(r) && !is_form_1(r)))
        return RUN_UNTOLD;
    return (ended - began) / NS_PER_MS;
}

/* By clocks that nobody sets, where the log has it of all sessions; of older
 * ones only the wall clock tells. */
static void line_took(struct text *t, const struct run_record *r)
{
    uint64_t ms = took_ms(r);
    char buf[64];

    if (ms == RUN_UNTOLD) {
        line(t, "Took", is_form_1(r) ? "" : "not known");
        return;
    }
    if (some(r->sessions_died)) {
        line_took_at_least(t, r, ms / 1000);
        return;
    }
    duration_text(buf, ms / 1000);
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

/* While a session went on that ended by itself. */
static void line_clock_sets(struct text *t, const struct run_record *r)
{
    if (!some(r->clock_sets))
        return;
    if (is_form_1(r))
        linef(t, "", "It was set during the run, %" PRIu64 " times; the log "
              "tells by how much", r->clock_sets);
    else
        linef(t, "", "This machine's clock was set %" PRIu64 " time%s while "
              "the run went on: see the log", r->clock_sets,
              r->clock_sets == 1 ? "" : "s");
}

static void add_time(const struct run_record *r, struct text *t)
{
    text_add(t, "\nTime\n");
    line(t, "Began", r->started);
    line(t, "Ended", r->ended);
    line_clock_set(t, r);
    line_took(t, r);
    add_sessions(r, t);
    if (r->clock_known)
        linef(t, "Local clock", "%+" PRId64 " s against the service's Date",
              r->clock_offset);
    line_clock_sets(t, r);
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
    if (r->medium[0])
        linef(t, "Kind", "%s: %s", r->medium, r->medium_because);
    line(t, "", r->medium_doubt);
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

/* Each rests on no list, but on logs that whoever wrote the blocks could have
 * written, too. */
static void add_cache(const struct run_record *r, struct text *t)
{
    uint64_t compared = some(r->cache_compared) ? r->cache_compared : 0;

    if (!some(r->cached))
        return;
    text_add(t, "\nTaken from a cache of earlier accesses\n");
    line(t, "Folder", r->cache_folder);
    line_blocks(t, "Taken from it", r->cached);
    line_blocks(t, "Of these compared", compared);
    line(t, "", "Each has the SHA-256 that an access log has for it; the log "
                "names these logs");
    if (compared < r->cached)
        line(t, "", "That the provider sent it for the others, too, is the "
                    "word of these logs alone");
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

static void add_no_hashes(const struct run_record *r, struct text *t)
{
    text_add(t, "\nDigests of the whole volume\n");
    line(t, "None", r->hashes_asked[0]
         ? "the log has none" : "--hash none was given: none was computed");
    line(t, "", "The manifest has the SHA-256 of each block, and its root is "
                "below");
}

static void add_hashes(const struct run_record *r, struct text *t)
{
    char hex[2 * HASH_MAX + 1];

    if (!r->stream.have && !is_form_1(r)) {
        add_no_hashes(r, t);
        return;
    }
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
    if (run_record_is_streamed(r)) {
        line(t, "Image", "raw, went to standard output: it is not beside "
                         "these papers");
        linef(t, "", "%" PRIu64 " bytes; the digests above are its own",
              r->volume_size);
    }
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

/* Form 1 had no words for a name that cannot be shown as it is. */
static void add_hint(const struct run_record *r, struct text *t)
{
    const char *name = file_name(r->prefix);

    text_add(t, "\nTo check it again:  ebsimg verify ");
    text_add_word(t, is_form_1(r) && !text_is_plain(name) ? "PREFIX" : name);
    if (run_record_is_streamed(r))
        text_add(t, " --against FILE");
    text_add(t, "\n");
}

bool summary_form_is_known(const struct run_record *r)
{
    return r->summary_form >= 1 && r->summary_form <= SUMMARY_FORM;
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
    add_cache(r, t);
    add_hashes(r, t);
    add_files(r, t);
    add_hint(r, t);
}
