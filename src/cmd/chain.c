/* `ebsimg chain': where a snapshot comes from, as far as it can be known. */
#include "cmd/chain.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"

#define AT(field) offsetof(struct chain_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to ask" },
    { OPTION_NUMBER, 0, "probes", "N",
      "pairs of snapshots to compare at most, one list call each"
      " (default 100; 0: none)", AT(probes), .min = 0, .max = 100000 },
    { OPTION_LIST, 0, "cloudtrail", "FILE",
      "CloudTrail records, JSON or .json.gz, or a folder with such files;"
      " may be given again", AT(cloudtrail) },
    SERVICE_ROWS(struct chain_options, service),
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_FLAG, 0, "json", NULL, "all of it as JSON", AT(json) },
    { OPTION_FLAG, 0, "dot", NULL, "a graph for Graphviz", AT(dot) },
    { OPTION_FLAG, 'q', "quiet", NULL, "no word about the cost",
      AT(service.quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL, "tell every retry on standard"
      " error", AT(service.verbose) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct chain_options *o = values;

    memset(o, 0, sizeof(*o));
    service_defaults(&o->service);
    o->probes = 100;
}

int chain_note(struct chain *c, struct err *e, const char *fmt, ...)
{
    char **more = realloc(c->notes, (c->nnotes + 1) * sizeof(*more));
    va_list ap;
    int r;

    if (!more)
        return err_nomem(e);
    c->notes = more;
    va_start(ap, fmt);
    r = vasprintf(&more[c->nnotes], fmt, ap);
    va_end(ap);
    if (r < 0)
        return err_nomem(e);
    c->nnotes++;
    return 0;
}

static int note_left_out(struct chain *c, struct err *e)
{
    if (!c->left_out)
        return 0;
    return chain_note(c, e, "%" PRIu64 " pairs of snapshots were not "
                      "compared: --probes %" PRIu64 " allows no more",
                      c->left_out, c->opt->probes);
}

/* What EC2 and a log say of the same thing, when it is not the same. */
static int note_contradictions(struct chain *c, struct err *e)
{
    const struct lineage *l = &c->lineage;

    for (size_t i = 0; i < l->nlinks; i++) {
        const struct lineage_link *k = &l->links[i];
        const struct lineage_link *x = lineage_denied(l, k);
        const char *is = lineage_relation_words(k->relation);

        if (x && chain_note(c, e, "a CloudTrail record (%s) says: %s %s %s; "
                            "EC2 records: %s %s, and that counts", k->detail,
                            l->nodes[k->from].id, is, l->nodes[k->to].id, is,
                            l->nodes[x->to].id) < 0)
            return -1;
    }
    return 0;
}

int chain_explore(struct chain *c, struct err *e)
{
    if (service_open(&c->service, &c->opt->service, e) < 0)
        return -1;
    lineage_init(&c->lineage, c->target, c->service.settings.region);
    if (chain_ask(c, e) < 0)
        return -1;
    return lineage_finish(&c->lineage, e);
}

void chain_free(struct chain *c)
{
    lineage_free(&c->lineage);
    service_close(&c->service);
    for (size_t i = 0; i < c->nnotes; i++)
        free(c->notes[i]);
    free(c->notes);
    trail_free(&c->trail);
}

static int read_trail(struct chain *c, struct err *e)
{
    const struct option_list *files = &c->opt->cloudtrail;

    for (size_t i = 0; i < files->count; i++)
        if (trail_read(c, files->items[i], e) < 0)
            return -1;
    trail_sort(&c->trail);
    return 0;
}

static int check(const struct chain_options *o, const char *target,
                 struct err *e)
{
    enum resource kind = resource_kind(target);

    if (o->json && o->dot)
        return err_set(e, ERR_USAGE, 0,
                       "--json and --dot cannot be combined");
    if (kind == RESOURCE_SNAPSHOT || kind == RESOURCE_INSTANCE
        || (kind == RESOURCE_VOLUME && !ec2_volume_meaningless(target)))
        return 0;
    return err_set(e, ERR_USAGE, 0, "%s is not the id of a snapshot, volume "
                   "or instance, such as snap-0123456789abcdef0", target);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct chain c = { .opt = values, .target = operands[0] };
    int r;

    (void)n;
    if (check(c.opt, c.target, e) < 0)
        return -1;
    r = read_trail(&c, e);
    if (r == 0 && (chain_explore(&c, e) < 0 || chain_probe(&c, e) < 0
                   || note_left_out(&c, e) < 0
                   || note_contradictions(&c, e) < 0 || chain_show(&c, e) < 0))
        r = -1;
    chain_free(&c);
    return r;
}

const struct command command_chain = {
    .name = "chain",
    .arguments = "SNAPSHOT|VOLUME|INSTANCE",
    .summary = "Tells where snapshots come from, and how that is known",
    .options = options,
    .values_size = sizeof(struct chain_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
