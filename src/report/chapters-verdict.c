/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "audit/outcome.h"
#include "base/block.h"
#include "base/number.h"
#include "report/chapters-private.h"

/* What each verdict of an acquisition means; doc/verdicts.md says more. */
static const struct {
    enum outcome outcome;
    const char *means;
} meanings[] = {
    { OUTCOME_COMPLETE, "The log says that the image was complete: it holds "
      "every block that the provider stores of the snapshot, each with the "
      "checksum that the provider sent, and no control speaks against it." },
    { OUTCOME_LISTED, "Blocks were taken from an earlier image because EBS "
      "does not list them as changed: that they are the same is EBS's word, "
      "as far as they were not compared." },
    { OUTCOME_UNREADABLE, "Blocks could not be read.  The image holds zeros "
      "in their place; what the volume has there is not known." },
    { OUTCOME_UNCHECKED, "Whether the list of blocks was whole could not be "
      "checked: the image holds what was listed." },
    { OUTCOME_UNPROVED, "The run was gone on with, and nothing shows that all "
      "of its sessions read the same disk." },
    { OUTCOME_DOUBT, "The service contradicted itself about which blocks the "
      "snapshot has: two answers cannot both be right." },
    { OUTCOME_FAILED, "The run failed.  There is no image, and nothing that "
      "was written before may be used as one." },
    { OUTCOME_INTERRUPTED, "The run was interrupted.  There is no image, and "
      "nothing that was written before may be used as one." },
};

static void say_meaning(struct scribe *s, const char *word)
{
    enum outcome o;

    if (outcome_parse(word, &o) < 0) {
        scribe_item(s, "The log has the word \"%s\" where a verdict stands: "
                    "ebsimg writes no such word.", word);
        return;
    }
    for (size_t i = 0; i < COUNT(meanings); i++)
        if (meanings[i].outcome == o)
            scribe_item(s, "%s", meanings[i].means);
}

/* What cannot be said of a run at all comes first. */
static void say_worst(struct scribe *s, const struct report *r)
{
    if (r->broken)
        scribe_item(s, "The log is not sound.  What this report tells stands "
                    "in its first %" PRIu64 " events, up to where it breaks; "
                    "what follows there is left out.", r->log->check.events);
    if (r->papers.partial)
        scribe_item(s, "These are the papers of a run that did not finish: "
                    "there is no image under its final name.");
    if (r->papers.no_image && run_record_is_streamed(r->log))
        scribe_item(s, "The image went to standard output when it was "
                    "acquired: it is not beside these papers.  ebsimg verify "
                    "--against holds a copy of it against them.");
    if (r->died)
        scribe_item(s, "The log has no closing record: the run was killed, or "
                    "its machine failed.  What it did after the last line "
                    "nobody knows.%s", r->cut ? "  That line was cut off; "
                    "all before it is good." : "");
}

static void say_outcome(struct scribe *s, const struct report *r)
{
    const struct run_record *l = r->log;
    const char *word;

    if (r->died)
        return;
    say_meaning(s, l->verdict);
    for (size_t i = 0; (word = run_list_text(l->reserves, i)); i++)
        if (strcmp(word, l->verdict) != 0)
            say_meaning(s, word);
    if (l->error[0])
        scribe_item(s, "The reason, as the log has it: %s", l->error);
}

static void say_unreadable(struct scribe *s, const struct report *r)
{
    char size[32];

    if (some(r->log->unreadable))
        scribe_item(s, "%" PRIu64 " block%s (%s) of the volume could not be "
                    "read and %s zeros in the image.", r->log->unreadable,
                    r->log->unreadable == 1 ? "" : "s",
                    size_text(size, r->log->unreadable * BLOCK_SIZE),
                    r->log->unreadable == 1 ? "is" : "are");
}

static void say_sessions(struct scribe *s, const struct report *r)
{
    uint64_t n = r->story.all_sessions;

    if (n > 1)
        scribe_item(s, "The run was gone on with: it has %" PRIu64 " sessions "
                    "(processes), which are listed below.", n);
    if (some(r->log->sessions_died))
        scribe_item(s, "%" PRIu64 " of them ended without a word.",
                    r->log->sessions_died);
}

static void say_findings(struct scribe *s, const struct report *r)
{
    const struct findings *f = &r->papers.v.found;
    size_t dropped = findings_dropped(f);

    for (size_t i = 0; i < f->count; i++)
        if (f->list[i].kind >= FINDING_RESERVE)
            scribe_item(s, "%s: %s", f->list[i].about, f->list[i].text);
    if (dropped)
        scribe_item(s, "and %zu more: ebsimg verify --verbose names them.",
                    dropped);
}

/* What a good word rests on. */
static void say_foundation(struct scribe *s, const struct report *r)
{
    const struct verification *v = &r->papers.v;

    if (v->head_compared)
        scribe_item(s, "The head of the log is the one that was given.");
    else if (v->in_case_log)
        scribe_item(s, "The case log beside it has the head of this log.");
    else if (!r->broken)
        scribe_item(s, "Nothing but its head, kept somewhere else, shows a "
                    "log that was made anew.  The head is %s: compare it.",
                    r->head);
    scribe_item(s, "What is in the image was not read for this report: "
                "ebsimg verify does that, and so do ewfverify and sha256sum.");
}

void chapter_verdict(struct scribe *s, const struct report *r)
{
    static const enum tone tones[] = { TONE_GOOD, TONE_RESERVE, TONE_BAD };

    scribe_chapter(s, "Verdict");
    scribe_verdict(s, tones[report_alarm(r)], report_headline(r));
    say_worst(s, r);
    say_findings(s, r);
    say_outcome(s, r);
    say_unreadable(s, r);
    say_sessions(s, r);
    say_foundation(s, r);
}
