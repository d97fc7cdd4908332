/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/ec2-request.h"

#include <assert.h>
#include <stdio.h>

#include "base/number.h"
#include "base/text.h"

void ec2_begin(struct call *c, const char *action)
{
    call_reset(c);
    c->service = AWS_EC2;
    c->pace = PACE_NONE;
    c->method = "POST";
    c->place = NULL;
    c->limit = 8 * MIB;
    text_add(&c->path, "/");
    call_form(c, "Action", action);
    call_form(c, "Version", "2016-11-15");
}

void ec2_add_list(struct call *c, const char *name,
                  const char *const *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char numbered[64];

        snprintf(numbered, sizeof(numbered), "%s.%zu", name, i + 1);
        call_form(c, numbered, values[i]);
    }
}

void ec2_add_filter(struct call *c, size_t number,
                    const struct ec2_filter *f)
{
    char name[40];

    assert(f->n <= EC2_FILTER_VALUES);
    snprintf(name, sizeof(name), "Filter.%zu.Name", number);
    call_form(c, name, f->name);
    snprintf(name, sizeof(name), "Filter.%zu.Value", number);
    ec2_add_list(c, name, f->values, f->n);
}

void ec2_add_next(struct call *c, const char *next)
{
    if (next)
        call_form(c, "NextToken", next);
}
