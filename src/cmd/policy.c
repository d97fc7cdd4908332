/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg policy': the rights that a command needs, and how reads of snapshots
 * are forbidden to others, or noticed. */
#include "policy/policy.h"

#include <stdio.h>
#include <string.h>

#include "aws/endpoint.h"
#include "cmd/commands.h"
#include "policy/arn.h"
#include "show/tell.h"

#define TARGETS_MAX 256
#define TRAIL "ebsimg-snapshot-reads"

struct policy_options {
    bool least, chain, scp, detect, kms, quiet;
    struct options_given given;
    const char *since, *region, *trail;
    int partition;
    struct option_list keys, roles;
};

#define AT(field) offsetof(struct policy_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What the command may do" },
    { OPTION_FLAG, 0, "min", NULL, "only what the command cannot do without",
      AT(least) },
    { OPTION_FLAG, 0, "chain", NULL,
      "for acquire --chain of these snapshots", AT(chain) },
    { OPTION_TEXT, 0, "since", "SNAPSHOT",
      "for acquire --since an image of this snapshot", AT(since) },
    { OPTION_LIST, 0, "key", "ARN", "the KMS key that the snapshots are"
      " encrypted with; may be given again", AT(keys) },
    { OPTION_GROUP, .help = "Instead of that" },
    { OPTION_FLAG, 0, "scp", NULL,
      "a service control policy: nobody but --role reads snapshots directly",
      AT(scp) },
    { OPTION_FLAG, 0, "kms", NULL,
      "the statement that lets --role use a key for reading", AT(kms) },
    { OPTION_FLAG, 0, "detect", NULL,
      "what CloudTrail, EventBridge and AWS Config are told to notice direct"
      " reads, and snapshots that are shared or public", AT(detect) },
    { OPTION_LIST, 0, "role", "ARN",
      "the role that reads, for --scp and --kms; may be given again",
      AT(roles) },
    { OPTION_TEXT, 0, "trail", "NAME",
      "the trail of --detect (default " TRAIL ")", AT(trail) },
    { OPTION_GROUP, .help = "Where" },
    { OPTION_TEXT, 0, "region", "REGION",
      "where the snapshots are (default: that of --key, else any)",
      AT(region) },
    { OPTION_CHOICE, 0, "partition", "NAME",
      "the part of AWS: aws, aws-cn, aws-us-gov and so on (default: that of"
      " --region, --key or --role, else aws)", AT(partition),
      arn_partitions },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_FLAG, 'q', "quiet", NULL, "no word on standard error",
      AT(quiet) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct policy_options *o = values;

    memset(o, 0, sizeof(*o));
    o->trail = TRAIL;
}

/* ----------------------------------------------------------- which of them */

enum kind { ALLOW, SCP, KMS, DETECT };

#define BIT(kind) (1u << (kind))

static const struct {
    const char *name;
    int (*write)(const struct policy_wish *w, struct text *out,
                 struct err *e);
} kinds[] = {
    [ALLOW] = { "the policy of a command", policy_write_allow },
    [SCP] = { "--scp", policy_write_scp },
    [KMS] = { "--kms", policy_write_kms },
    [DETECT] = { "--detect", policy_write_detect },
};

static enum kind kind_of(const struct policy_options *o)
{
    return o->scp ? SCP : o->kms ? KMS : o->detect ? DETECT : ALLOW;
}

/* Which options mean something for which of them. */
static const struct {
    const char *option;
    unsigned kinds;
} uses[] = {
    { "min", BIT(ALLOW) },
    { "chain", BIT(ALLOW) },
    { "since", BIT(ALLOW) },
    { "key", BIT(ALLOW) | BIT(KMS) },
    { "role", BIT(SCP) | BIT(KMS) },
    { "trail", BIT(DETECT) },
    { "region", ~BIT(DETECT) },
    { "partition", ~BIT(DETECT) },
};

static int check_options(const struct policy_options *o, struct err *e)
{
    enum kind k = kind_of(o);

    if (o->scp + o->kms + o->detect > 1)
        return err_set(e, ERR_USAGE, 0, "--scp, --kms and --detect are three "
                       "documents: ask for one at a time");
    for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
        if (option_given(options, &o->given, uses[i].option)
            && !(uses[i].kinds & BIT(k)))
            return err_set(e, ERR_USAGE, 0, "--%s means nothing for %s: leave "
                           "it out", uses[i].option, kinds[k].name);
    if ((k == SCP || k == KMS) && !o->roles.count)
        return err_set(e, ERR_USAGE, 0, "%s needs the role that reads: --role "
                       "arn:aws:iam::ACCOUNT:role/NAME", kinds[k].name);
    return 0;
}

/* The command comes first; only its own policy cannot do without, and to the
 * others it makes no difference. */
static int take_operands(struct policy_wish *w, enum kind k, char **operands,
                         int n, struct err *e)
{
    bool named = n && strncmp(operands[0], "snap-", 5) != 0;

    if (k == ALLOW && !named)
        return err_set(e, ERR_USAGE, 0, "policy: COMMAND is missing, such as "
                       "acquire; see ebsimg policy --help");
    if (named && !(w->command = rights_find(operands[0])))
        return err_set(e, ERR_USAGE, 0, "policy: there is no command %s; see "
                       "ebsimg --help", operands[0]);
    w->targets.at = (const char *const *)operands + named;
    w->targets.count = (size_t)(n - named);
    if (k != ALLOW)
        w->command = NULL;
    return 0;
}

static int check_command(const struct policy_wish *w, struct err *e)
{
    const struct rights_command *c = w->command;

    if (!c->line && (w->chain || w->since))
        return err_set(e, ERR_USAGE, 0, "--%s is for acquire, not for %s",
                       w->chain ? "chain" : "since", c->name);
    if (c->targets && !w->targets.count)
        return err_set(e, ERR_USAGE, 0, "policy %s: SNAPSHOT is missing, such "
                       "as snap-0123456789abcdef0", c->name);
    return 0;
}

/* ------------------------------------------------------------------- where */

/* What no option says is taken from the ARNs that were given; whether these
 * agree is seen later. */
static int find_place(const struct policy_options *o, struct policy_wish *w,
                      struct arn *from, struct err *e)
{
    bool given = option_given(options, &o->given, "partition");

    if ((o->keys.count && arn_parse_key(o->keys.items[0], from, e) < 0)
        || (!o->keys.count && o->roles.count
            && arn_parse_role(o->roles.items[0], from, e) < 0))
        return -1;
    w->region = o->region ? o->region : from->region[0] ? from->region : NULL;
    w->partition = given ? arn_partitions[o->partition]
        : o->region ? endpoint_partition(o->region)
        : from->partition[0] ? from->partition : arn_partitions[0];
    if (!o->region || strcmp(endpoint_partition(o->region), w->partition) == 0)
        return 0;
    return err_set(e, ERR_USAGE, 0, "--region %s is in the partition %s: "
                   "leave --partition %s out", o->region,
                   endpoint_partition(o->region), w->partition);
}

/* --------------------------------------------------------------------- run */

static bool ever_asks(const struct rights_command *c)
{
    for (size_t i = 0; i < rights_rows; i++)
        if (strcmp(rights_table[i].command, c->name) == 0)
            return true;
    return false;
}

/* What the document itself cannot say. */
static void tell_allow(const struct policy_wish *w, const char *json)
{
    if (!w->command->targets && ever_asks(w->command) && !w->targets.count)
        tell_note("%s asks AWS nothing, but with --remote: name the snapshot "
                  "for the rights of that", w->command->name);
    if (!w->command->targets && !ever_asks(w->command))
        tell_note("%s asks AWS nothing: it needs no rights",
                  w->command->name);
    if (policy_size(json) > POLICY_SIZE_MAX)
        tell_warning("it has %zu characters, and IAM takes %d in a "
                  "managed policy: make one for fewer snapshots",
                  policy_size(json), POLICY_SIZE_MAX);
    if (strcmp(w->command->name, "chain") == 0 && !w->least
        && !(policy_named(w) & RIGHTS_PAIR))
        tell_note("with it chain cannot compare snapshots: that takes the "
                  "right on both of a pair; name all that chain shows");
}

static void tell(const struct policy_wish *w, enum kind k, const char *json)
{
    if (w->command)
        tell_allow(w, json);
    else if (k == KMS)
        tell_note("add the statement to the policy that the key has; in its "
                  "place it would shut out those who manage the key");
    else if (k == DETECT)
        tell_note("the selectors replace all that the trail %s has: give it a "
                  "trail of its own", w->trail);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    const struct policy_options *o = values;
    struct policy_wish w = {
        .since = o->since, .chain = o->chain, .least = o->least,
        .keys = { o->keys.items, o->keys.count },
        .roles = { o->roles.items, o->roles.count },
        .trail = o->trail,
    };
    autotext struct text t = TEXT_INIT;
    struct arn from = { 0 };
    enum kind k = kind_of(o);

    tell_set(o->quiet, false);
    if (check_options(o, e) < 0 || take_operands(&w, k, operands, n, e) < 0
        || (w.command && check_command(&w, e) < 0)
        || find_place(o, &w, &from, e) < 0 || policy_check(&w, e) < 0
        || kinds[k].write(&w, &t, e) < 0)
        return -1;
    if (fputs(t.s, stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    tell(&w, k, t.s);
    return 0;
}

const struct command command_policy = {
    .name = "policy",
    .arguments = "COMMAND SNAPSHOT...",
    .summary = "Prints the rights that a command needs, and rules against"
               " other readers",
    .options = options,
    .values_size = sizeof(struct policy_options),
    .given = AT(given),
    .defaults = defaults,
    .max_operands = 1 + TARGETS_MAX,
    .run = run,
};
