/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/reserves.h"

#include "audit/outcome.h"
#include "audit/run-record.h"
#include "base/text.h"

/* Far more than there are; to reach one takes as many steps. */
#define RESERVES_MAX 64

void reserves_record(struct record *r, unsigned all)
{
    autotext struct text t = TEXT_INIT;

    for (int o = OUTCOME_DOUBT; o > OUTCOME_COMPLETE; o--) {
        if (!(all & OUTCOME_BIT(o)))
            continue;
        text_add(&t, t.len ? "," : "[");
        text_add_json(&t, outcome_name((enum outcome)o));
    }
    text_add(&t, t.len ? "]" : "[]");
    record_json(r, "reserves", t.failed ? "null" : t.s);
    r->json.failed |= t.failed;
}

int reserves_read(const cJSON *list, unsigned *out)
{
    const char *word;
    enum outcome o;

    *out = 0;
    for (size_t i = 0; (word = run_list_text(list, i)); i++) {
        if (i == RESERVES_MAX || outcome_parse(word, &o) < 0
            || !outcome_is_good(o))
            return -1;
        *out |= OUTCOME_BIT(o);
    }
    *out &= ~OUTCOME_BIT(OUTCOME_COMPLETE);
    return 0;
}
