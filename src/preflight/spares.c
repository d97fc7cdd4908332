/* SPDX-License-Identifier: Apache-2.0 */
/* Rights that the caller has and the command does not need: asked with DryRun,
 * which makes EC2 only say whether it would be allowed. */
#include <string.h>

#include "aws/verdict.h"
#include "ebs/ec2-request.h"
#include "preflight/preflight-private.h"
#include "preflight/probes.h"

static int take_answer(void *ctx, const struct call *c, struct err *e)
{
    (void)ctx;
    (void)c;
    (void)e;
    return 0;
}

static bool is_used(const struct preflight *p, const char *right)
{
    for (size_t i = 0; i < rights_rows; i++)
        if (strcmp(rights_table[i].right, right) == 0
            && rights_used(&rights_table[i], p->wish->command,
                           policy_named(p->wish), false))
            return true;
    return false;
}

/* A question without what it is about is not asked. */
static bool fill(struct preflight *p, const struct probe_spare *spare,
                 const struct subject *s)
{
    const char *action = probe_action(spare->right);
    bool copies = strcmp(action, "CopySnapshot") == 0;
    const char *volume = s->known ? s->facts.volume_id : NULL;

    if (!copies && (!volume || ec2_volume_meaningless(volume)))
        return false;
    ec2_begin(p->service.call, action);
    call_form(p->service.call, "DryRun", "true");
    if (copies) {
        call_form(p->service.call, "SourceRegion",
                  p->service.settings.region);
        call_form(p->service.call, "SourceSnapshotId", s->id);
    } else {
        call_form(p->service.call, "VolumeId", volume);
    }
    return true;
}

static int add(struct preflight *p, const struct probe_spare *spare,
               const struct subject *s, int r, const struct err *why,
               struct err *e)
{
    const struct check k = {
        .part = PART_SPARE,
        .need = r == 0 ? NEED_USEFUL : NEED_NONE,
        .answer = r == 0 ? CHECK_UNKNOWN
            : why->meaning == MEANS_GONE ? CHECK_UNKNOWN : probe_judge(why),
        .name = spare->right,
        .target = s->id,
        .needed_for = "nothing here",
    };

    if (r == 0)
        return checks_add(&p->checks, &k, "the service took the question for "
                          "an order, in spite of DryRun", "look what it has "
                          "made: this endpoint is not AWS's", e);
    return checks_add(&p->checks, &k, k.answer == CHECK_YES ? spare->what
                      : why->msg, k.answer == CHECK_YES
                      ? "these keys can do more than they need to: better "
                        "ones have the policy of `ebsimg policy' alone"
                      : NULL, e);
}

int preflight_spares(struct preflight *p, struct err *e)
{
    for (size_t i = 0; p->n && i < PROBE_SPARES; i++) {
        struct err why;
        int r;

        if (is_used(p, probe_spares[i].right)
            || !fill(p, &probe_spares[i], &p->subjects[0]))
            continue;
        r = preflight_question(p, take_answer, NULL, &why, e);
        if (r < 0
            || add(p, &probe_spares[i], &p->subjects[0], r, &why, e) < 0)
            return -1;
    }
    return 0;
}
