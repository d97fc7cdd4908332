/* SPDX-License-Identifier: Apache-2.0 */
/* The words that the new snapshots get: tags of the case and of this request,
 * and a description. */
#include "preserve/label.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "preserve/preserve-private.h"

static int check_text(const char *option, const char *s, size_t most,
                      struct err *e)
{
    if (!s || (strlen(s) <= most && text_is_plain(s)))
        return 0;
    return err_set(e, ERR_USAGE, 0, "--%s: EC2 takes at most %zu bytes of "
                   "plain text for it", option, most);
}

static int check_tag(const char *tag, struct err *e)
{
    const char *sign = strchr(tag, '=');
    size_t key = sign ? (size_t)(sign - tag) : strlen(tag);

    if (!sign || !key)
        return err_set(e, ERR_USAGE, 0, "--tag %s: a tag is KEY=VALUE", tag);
    if (strncmp(tag, "aws:", 4) == 0 || strncmp(tag, "ebsimg-", 7) == 0)
        return err_set(e, ERR_USAGE, 0, "--tag %s: such keys are AWS's or "
                       "ours", tag);
    if (key > EC2_TAG_KEY_MAX || strlen(sign + 1) > EC2_TAG_VALUE_MAX
        || !text_is_plain(tag))
        return err_set(e, ERR_USAGE, 0, "--tag %s: EC2 takes keys of at most "
                       "%d and values of at most %d bytes of plain text", tag,
                       EC2_TAG_KEY_MAX, EC2_TAG_VALUE_MAX);
    return 0;
}

static int check_twice(const struct option_list *tags, struct err *e)
{
    for (size_t i = 0; i < tags->count; i++)
        for (size_t k = 0; k < i; k++) {
            size_t n = strcspn(tags->items[i], "=") + 1;

            if (strncmp(tags->items[i], tags->items[k], n) == 0)
                return err_set(e, ERR_USAGE, 0, "--tag %s: its key is given "
                               "twice", tags->items[i]);
        }
    return 0;
}

int preserve_check_labels(const struct preserve_options *o, struct err *e)
{
    if (check_text("case-number", o->case_number, EC2_TAG_VALUE_MAX, e) < 0
        || check_text("evidence-number", o->evidence_number,
                      EC2_TAG_VALUE_MAX, e) < 0
        || check_text("examiner", o->examiner, EC2_TAG_VALUE_MAX, e) < 0
        || check_text("description", o->description, EC2_DESCRIPTION_MAX, e)
            < 0)
        return -1;
    if (o->tags.count + 4 > EC2_TAGS_MAX)
        return err_set(e, ERR_USAGE, 0, "EC2 takes %d tags, four of which are "
                       "ours", EC2_TAGS_MAX);
    for (size_t i = 0; i < o->tags.count; i++)
        if (check_tag(o->tags.items[i], e) < 0)
            return -1;
    return check_twice(&o->tags, e);
}

static void add(struct preserve *p, const char *key, const char *value)
{
    if (value)
        p->labels[p->order.nlabels++] = (struct ec2_label){ key, value };
}

static int add_own(struct preserve *p, const char *tag, struct err *e)
{
    size_t n = strcspn(tag, "=");
    char *key = strndup(tag, n);

    if (!key)
        return err_nomem(e);
    p->keys[p->order.nlabels] = key;
    add(p, key, tag + n + 1);
    return 0;
}

int preserve_label(struct preserve *p, struct err *e)
{
    const struct preserve_options *o = p->opt;
    unsigned char random[(PRESERVE_TOKEN - 1) / 2];

    if (RAND_bytes(random, sizeof(random)) != 1)
        return err_set(e, ERR_INTERNAL, 0, "no random bytes");
    hex_encode(p->token, random, sizeof(random));
    p->order.labels = p->labels;
    p->order.description = o->description;
    add(p, PRESERVE_TAG, p->token);
    add(p, "ebsimg-case", o->case_number);
    add(p, "ebsimg-evidence", o->evidence_number);
    add(p, "ebsimg-examiner", o->examiner);
    for (size_t i = 0; i < o->tags.count; i++)
        if (add_own(p, o->tags.items[i], e) < 0)
            return -1;
    return 0;
}

void preserve_unlabel(struct preserve *p)
{
    for (size_t i = 0; i < PRESERVE_LABELS; i++)
        free(p->keys[i]);
}
