/* SPDX-License-Identifier: Apache-2.0 */
/* What is signed by people, and what nobody may read into this report. */
#include <inttypes.h>

#include "base/file.h"
#include "custody/show.h"
#include "report/chapters-private.h"

void chapter_limits(struct scribe *s, const struct report *r)
{
    scribe_chapter(s, "What this report does not prove");
    scribe_item(s, "That the image is intact now: what is in it was not read "
                "for this report.");
    scribe_item(s, "That the log is the one that was written then: its chain "
                "shows accidents and careless changes.  Whoever could write "
                "the files could make all of them anew; only the head, kept "
                "somewhere else, a signature or a time stamp shows that.");
    scribe_item(s, "Who the examiner was: the name was typed.");
    scribe_item(s, "When it was: the times are those of the machine's clock, "
                "unless this report says that they are the provider's.");
    scribe_item(s, "That the volume held these bytes at that time: the "
                "provider made the snapshot and says so.  The checksums show "
                "that what it sent arrived.");
    scribe_item(s, "That a range which was never stored was never written: it "
                "is zeros by EBS's definition, and nobody can look.");
    scribe_item(s, "That whoever answered was the provider, beyond what TLS "
                "shows: a certificate that the named file of authorities "
                "vouches for.");
    scribe_item(s, "What the bytes mean, who wrote them, or that a partition "
                "table tells the truth.");
    if (r->log->since_used == RUN_YES || some(r->log->carried))
        scribe_item(s, "That blocks taken from the earlier image, and not "
                    "compared, are the same in this snapshot: EBS says so.");
}

/* ----------------------------------------------------------------- custody */

static void add_item(struct scribe *s, const struct report *r)
{
    const struct run_record *l = r->log;
    const struct hashes *h = &l->stream;
    char hex[2 * HASH_MAX + 1];

    scribe_fact(s, "Case number", l->case_number);
    scribe_fact(s, "Item number", l->evidence_number);
    scribe_factf(s, "Item", "forensic image of EBS snapshot %s, volume %s",
                 l->snapshot, l->volume_id[0] ? l->volume_id : "not known");
    scribe_factf(s, "From", "account %s, %s", l->owner[0] ? l->owner
                 : "not known", l->region);
    scribe_bytes(s, "Size", l->volume_size);
    scribe_factf(s, "Files", "%s: %zu named in its log",
                 file_name(r->papers.v.ev.prefix), l->nfiles);
    for (int k = 0; k < HASH_KINDS; k++)
        if (h->have & HASH_BIT(k))
            scribe_factf(s, hash_titles[k], "%s",
                         hashes_hex(h, (enum hash_kind)k, hex));
    scribe_fact(s, "Head of the log", r->head);
    scribe_factf(s, "Acquired", "%s to %s", l->started, l->ended[0] ? l->ended
                 : "(not told)");
    scribe_fact(s, "By", l->examiner);
    scribe_fact(s, "With", l->arn);
}

static void add_transfer(struct scribe *s, int number)
{
    scribe_section(s, number == 1 ? "Transfer 1" : number == 2
                   ? "Transfer 2" : "Transfer 3");
    scribe_blank(s, "Released by, signature");
    scribe_blank(s, "Received by, signature");
    scribe_blank(s, "Date and time");
    scribe_blank(s, "Purpose");
    scribe_blank(s, "Place or storage");
    scribe_blank(s, "Seal or medium");
}

void chapter_custody_blanks(struct scribe *s)
{
    scribe_blank(s, "Legal authority or consent");
    scribe_blank(s, "Acquired by, organisation");
    scribe_blank(s, "Place");
    scribe_blank(s, "Signature, date");
    scribe_blank(s, "Verified on, result");
    for (int i = 1; i <= 3; i++)
        add_transfer(s, i);
    scribe_section(s, "Disposition");
    scribe_blank(s, "Returned, kept or destroyed");
    scribe_blank(s, "By, date, signature");
}

/* More of them make no paper that anybody reads. */
#define ENTRIES_MAX 200

static void add_entry(struct scribe *s, const struct custody *c,
                      const struct custody_entry *x)
{
    autotext struct text title = TEXT_INIT, proof = TEXT_INIT;

    text_addf(&title, "Entry in line %zu: %s", x->line,
              custody_words[x->kind]);
    custody_add_proof(c, x, &proof);
    s->t->failed |= title.failed || proof.failed;
    if (s->t->failed)
        return;
    scribe_section(s, title.s);
    scribe_fact(s, "Entered at", custody_text(c, x->line, "time"));
    for (const struct custody_member *m = custody_members; m->name; m++) {
        const char *value = custody_text(c, x->line, m->name);

        scribe_fact(s, m->title, value ? value : "");
    }
    scribe_fact(s, "Proof", proof.s);
}

/* Who is trusted is not known here: what speaks against an entry stands among
 * what was found. */
static void add_entries(struct scribe *s, const struct custody *c)
{
    size_t shown = c->nentries < ENTRIES_MAX ? c->nentries : ENTRIES_MAX;

    if (!c->nlines)
        return;
    scribe_say(s, "The custody log beside the image has %zu entr%s.  It is a "
               "chain: an entry that is signed goes for all lines before it, "
               "and nobody vouches for what stands behind the last one that "
               "is signed.  Whether a signer is to be believed was not asked "
               "for this report; ebsimg verify --trust does.", c->nentries,
               c->nentries == 1 ? "y" : "ies");
    for (size_t i = 0; i < shown; i++)
        add_entry(s, c, &c->entries[i]);
    if (shown < c->nentries)
        scribe_say(s, "%zu more are in the custody log.",
                   c->nentries - shown);
}

void chapter_custody_log(struct scribe *s, const struct report *r)
{
    const struct custody *c = &r->papers.v.custody;

    if (!c->nlines)
        return;
    scribe_chapter(s, "Custody log");
    add_entries(s, c);
}

void chapter_custody(struct scribe *s, const struct report *r)
{
    scribe_new_page(s);
    scribe_chapter(s, "Chain of custody");
    add_item(s, r);
    add_entries(s, &r->papers.v.custody);
    if (r->papers.v.custody.nlines)
        scribe_section(s, "On paper");
    if (!r->log->case_number[0])
        scribe_blank(s, "Case number");
    if (!r->log->evidence_number[0])
        scribe_blank(s, "Item number");
    chapter_custody_blanks(s);
}

/* ----------------------------------------------------------- certification */

static void say_digests(struct scribe *s, const struct hashes *h)
{
    char hex[2 * HASH_MAX + 1];

    for (int k = 0; k < HASH_KINDS; k++)
        if (h->have & HASH_BIT(k))
            scribe_item(s, "%s %s", hash_titles[k],
                        hashes_hex(h, (enum hash_kind)k, hex));
}

/* A draft for who is qualified to sign it.  Of what was not done in good
 * order nobody shall find one that is ready. */
void chapter_certification(struct scribe *s, const struct report *r)
{
    const struct run_record *l = r->log;

    scribe_new_page(s);
    scribe_chapter(s, "Certification of a copy (draft)");
    if (report_alarm(r) > 1) {
        scribe_say(s, "No draft is made: the verdict above does not allow "
                   "one.");
        return;
    }
    scribe_say(s, "A draft with the values filled in, for a qualified person "
               "to complete, change or refuse; in the United States for Rules "
               "902(13) and (14) of the Federal Rules of Evidence, elsewhere "
               "as the law there asks.  ebsimg has no opinion, and this is no "
               "legal advice.");
    scribe_blank(s, "I, (name, position)");
    scribe_blank(s, "qualified by (training, experience)");
    scribe_say(s, "state: the files named above under \"%s\" were made with "
               "ebsimg %s between %s and %s (UTC by the clock of that "
               "machine) from snapshot %s in the region %s, which the "
               "provider stores for account %s.  The program computed these "
               "digests of the whole volume while the image was written:",
               file_name(r->papers.v.ev.prefix), l->version, l->started,
               l->ended, l->snapshot, l->region[0] ? l->region : "(unknown)",
               l->owner[0] ? l->owner : "(unknown)");
    if (l->stream.have)
        say_digests(s, &l->stream);
    else
        scribe_item(s, "none");
    scribe_say(s, "Its log ended with the verdict \"%s\".%s", l->verdict,
               report_alarm(r) ? "  What is held against the copy stands at "
               "the head of this report and is part of this statement." : "");
    scribe_blank(s, "I computed the digests again on (date), with (program)");
    scribe_blank(s, "and found");
    scribe_blank(s, "My opinion on the copy");
    scribe_blank(s, "Place, date, signature");
}
