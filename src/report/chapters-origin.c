/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "audit/unusual.h"
#include "base/clock.h"
#include "base/number.h"
#include "report/chapters-private.h"

static void add_case(struct scribe *s, const struct run_record *l)
{
    scribe_fact(s, "Case number", l->case_number);
    scribe_fact(s, "Evidence number", l->evidence_number);
    scribe_fact(s, "Description", l->description);
    scribe_fact(s, "Notes", l->notes);
}

static void add_encryption(struct scribe *s, const struct run_record *l)
{
    if (l->encrypted == RUN_YES)
        scribe_factf(s, "Encrypted", "yes, with %s; the service decrypts what "
                     "it sends, so the image is plaintext", l->kms_key[0]
                     ? l->kms_key : "a key that EC2 does not name");
    else
        scribe_fact(s, "Encrypted", l->encrypted == RUN_NO ? "no"
                    : "EC2 did not tell");
}

static void add_tags(struct scribe *s, const struct story *x)
{
    for (size_t i = 0; i < x->ntags; i++)
        scribe_factf(s, i ? "" : "Tags", "%s = %s", x->tags[i].key,
                     x->tags[i].value);
    if (x->all_tags > x->ntags)
        scribe_factf(s, "", "and %" PRIu64 " more; the log has them",
                     x->all_tags - x->ntags);
}

void chapter_source(struct scribe *s, const struct report *r)
{
    const struct run_record *l = r->log;

    scribe_chapter(s, "What was acquired, and from whom");
    add_case(s, l);
    scribe_fact(s, "Snapshot", l->snapshot);
    scribe_fact(s, "Of volume", l->volume_id);
    scribe_fact(s, "Owner (account)", l->owner);
    scribe_fact(s, "Provider", "Amazon Web Services, EBS direct APIs");
    scribe_fact(s, "Partition", l->partition);
    scribe_fact(s, "Region", l->region);
    scribe_fact(s, "Point in time", l->start_time);
    scribe_fact(s, "Copied completely", r->story.completion_time);
    scribe_bytes(s, "Size of the volume", l->volume_size);
    scribe_count(s, "Sectors of 512 bytes", l->sectors);
    scribe_fact(s, "State", r->story.status);
    scribe_fact(s, "Tier", r->story.tier);
    add_encryption(s, l);
    scribe_fact(s, "Described there as", l->told_description);
    add_tags(s, &r->story);
    scribe_fact(s, "Provider's request", r->story.snapshot_request);
    scribe_say(s, "Volume, owner, point in time, description and tags are what "
               "EC2 answered; the times are the provider's.  Whoever may "
               "change the snapshot's description and tags wrote those.  "
               "Hidden areas of a disk (HPA, DCO) do not exist on a volume of "
               "EBS.");
}

/* ------------------------------------------------------------- acquisition */

static void add_clock(struct scribe *s, const struct report *r)
{
    const struct run_record *l = r->log;

    scribe_fact(s, "Clock", "UTC by the machine that ran ebsimg");
    if (l->clock_known)
        scribe_factf(s, "", "%+" PRId64 " s against the provider's Date "
                     "header", l->clock_offset);
    else
        scribe_fact(s, "", "how far it was from the provider's is not known");
    if (l->course.clock_set)
        scribe_fact(s, "", "It was set back while the run went on, or "
                    "between two sessions: times do not subtract");
    if (some(l->clock_sets))
        scribe_factf(s, "", "It was set %" PRIu64 " time%s during the last "
                     "session", l->clock_sets, l->clock_sets == 1 ? "" : "s");
}

static void add_took(struct scribe *s, const struct run_record *l)
{
    char buf[32];
    uint64_t ms = l->run_milliseconds;

    if (ms == RUN_UNTOLD && l->course.sessions == 1)
        ms = l->milliseconds;
    if (ms != RUN_UNTOLD)
        scribe_factf(s, "Took", "%s%s, by a clock that nobody sets",
                     duration_text(buf, ms / 1000), some(l->sessions_died)
                     ? " and more (sessions died)" : "");
}

static void add_unusual(struct scribe *s, const struct run_record *l)
{
    const char *member;

    for (size_t i = 0; (member = run_list_text(l->unusual, i)); i++) {
        const char *title = unusual_title(member);
        const char *value = run_record_text(l, "credentials", member);

        scribe_factf(s, i ? "" : "Not the usual", "%s: %s",
                     title ? title : member, value[0] ? value : "not known");
    }
}

void chapter_acquisition(struct scribe *s, const struct report *r)
{
    const struct run_record *l = r->log;
    const struct story *x = &r->story;

    scribe_chapter(s, "By whom, when, and by whose clock");
    scribe_fact(s, "Examiner, as typed", l->examiner);
    if (x->nsessions) {
        scribe_fact(s, "User of the machine", x->sessions[0].user);
        scribe_fact(s, "Machine", x->sessions[0].host);
    }
    scribe_fact(s, "Acquired as", l->arn[0] ? l->arn
                : "not known: STS was not asked, or did not answer");
    scribe_fact(s, "Account of the keys", l->account);
    scribe_fact(s, "Keys from", l->keys_from);
    scribe_fact(s, "Access key", x->key_id);
    scribe_fact(s, "Provider's request", x->caller_request);
    scribe_fact(s, "Began", l->started);
    scribe_fact(s, "Ended", l->ended[0] ? l->ended : "the log does not tell");
    add_took(s, l);
    add_clock(s, r);
    scribe_fact(s, "Endpoint", l->endpoint);
    scribe_fact(s, "Endpoint of EC2", l->endpoint_ec2);
    scribe_fact(s, "Endpoint of STS", l->endpoint_sts);
    scribe_fact(s, "Certificates from", l->ca_file);
    scribe_fact(s, "Their SHA-256", l->ca_sha256);
    add_unusual(s, l);
}

/* -------------------------------------------------------------------- tool */

void chapter_tool(struct scribe *s, const struct report *r)
{
    const struct story_session *x = r->story.sessions;

    if (!r->story.nsessions)
        return;
    scribe_chapter(s, "With what");
    scribe_factf(s, "Program", "ebsimg %s", x->version);
    scribe_fact(s, "Build", x->build);
    scribe_factf(s, "System", "%s %s, %s", x->system, x->kernel, x->machine);
    scribe_fact(s, "Libraries", x->libraries);
    scribe_fact(s, "Command", x->command);
    scribe_fact(s, "Formats", r->log->formats);
    scribe_fact(s, "Digests asked for", r->log->hashes_asked);
    scribe_say(s, "ebsimg calls read operations only: it starts no machine, "
               "makes no volume and changes nothing in the account.  A "
               "snapshot does not change after it is made; reading it again "
               "gives the same digests, with this program or another one.");
}
