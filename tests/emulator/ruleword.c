/* SPDX-License-Identifier: Apache-2.0 */
#include "ruleword.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "op.h"
#include "repeat.h"
#include "scope.h"
#include "snapshot.h"

enum part { WHERE, WHAT, WHEN };

/* What follows the word. */
enum takes { NOTHING, NUMBER, OPTIONAL, REAL, TEXT, RANGE, CHOICE };

struct choice {
    const char *name;
    int64_t value;
};

struct word {
    enum part part;
    const char *name;
    enum takes takes;
    int64_t value; /* bits of operations; the effect; where it is stored */
    int64_t other; /* when an OPTIONAL number is not there; room of a TEXT */
    const struct choice *choices;
    const char *help;
};

static const struct choice headers[] = {
    { "checksum", HEADER_CHECKSUM },
    { "checksum-algorithm", HEADER_ALGORITHM },
    { "data-length", HEADER_DATA_LENGTH },
    { "request-id", HEADER_REQUEST_ID },
    { "content-type", HEADER_TYPE },
    { "date", HEADER_DATE },
    { 0 },
};

static const struct choice repeated[] = {
    { "message", REPEAT_MESSAGE },
    { "escaped", REPEAT_ESCAPED },
    { "type", REPEAT_TYPE },
    { "reason", REPEAT_REASON },
    { "request-id", REPEAT_REQUEST_ID },
    { "checksum-algorithm", REPEAT_ALGORITHM },
    { "data-length", REPEAT_LENGTH },
    { 0 },
};

static const struct choice statuses[] = {
    { "pending", SNAPSHOT_PENDING },
    { "completed", SNAPSHOT_COMPLETED },
    { "error", SNAPSHOT_ERROR },
    { "recoverable", SNAPSHOT_RECOVERABLE },
    { "recovering", SNAPSHOT_RECOVERING },
    { 0 },
};

static const struct choice tokens[] = { { "first", 1 },
                                        { "second", 2 },
                                        { 0 } };

static const struct choice tiers[] = { { "standard", 0 },
                                       { "archive", 1 },
                                       { 0 } };

static const struct choice dialects[] = {
    { "service", DIALECT_SERVICE },
    { "framework", DIALECT_FRAMEWORK },
    { "body", DIALECT_BODY },
    { 0 },
};

static const struct choice bodies[] = {
    { "html", FAULT_BODY_HTML },
    { "empty", FAULT_BODY_EMPTY },
    { "garbage", FAULT_BODY_GARBAGE },
    { 0 },
};

#define AT(field) (int64_t)offsetof(struct rule, field)
#define ROOM(field) sizeof(((struct rule *)0)->field)

static const struct word words[] = {
    { WHERE, "list", NOTHING, OP_BIT(OP_LIST), 0, 0, "ListSnapshotBlocks" },
    { WHERE, "changed", NOTHING, OP_BIT(OP_CHANGED), 0, 0,
      "ListChangedBlocks" },
    { WHERE, "get", NOTHING, OP_BIT(OP_GET), 0, 0, "GetSnapshotBlock" },
    { WHERE, "start", NOTHING, OP_BIT(OP_START), 0, 0, "StartSnapshot" },
    { WHERE, "put", NOTHING, OP_BIT(OP_PUT), 0, 0, "PutSnapshotBlock" },
    { WHERE, "complete", NOTHING, OP_BIT(OP_COMPLETE), 0, 0,
      "CompleteSnapshot" },
    { WHERE, "ebs", NOTHING, OP_EBS, 0, 0, "all six of them" },
    { WHERE, "ec2", NOTHING, OP_EC2, 0, 0, "every EC2 call" },
    { WHERE, "sts", NOTHING, OP_STS, 0, 0, "every STS call" },
    { WHERE, "describe-snapshots", NOTHING, OP_BIT(OP_SNAPSHOTS), 0, 0,
      "DescribeSnapshots" },
    { WHERE, "describe-volumes", NOTHING, OP_BIT(OP_VOLUMES), 0, 0,
      "DescribeVolumes" },
    { WHERE, "describe-instances", NOTHING, OP_BIT(OP_INSTANCES), 0, 0,
      "DescribeInstances" },
    { WHERE, "describe-images", NOTHING, OP_BIT(OP_IMAGES), 0, 0,
      "DescribeImages" },
    { WHERE, "delete", NOTHING, OP_BIT(OP_DELETE), 0, 0, "DeleteSnapshot" },
    { WHERE, "describe-locked-snapshots", NOTHING, OP_BIT(OP_LOCKS), 0, 0,
      "DescribeLockedSnapshots" },
    { WHERE, "describe-snapshot-tier-status", NOTHING, OP_BIT(OP_TIERS), 0,
      0, "DescribeSnapshotTierStatus" },
    { WHERE, "describe-snapshot-attribute", NOTHING, OP_BIT(OP_SHARING), 0,
      0, "DescribeSnapshotAttribute" },
    { WHERE, "describe-regions", NOTHING, OP_BIT(OP_REGIONS), 0, 0,
      "DescribeRegions" },
    { WHERE, "create-snapshot", NOTHING, OP_BIT(OP_CREATE), 0, 0,
      "CreateSnapshot" },
    { WHERE, "create-snapshots", NOTHING, OP_BIT(OP_CREATE_ALL), 0, 0,
      "CreateSnapshots" },
    { WHERE, "copy-snapshot", NOTHING, OP_BIT(OP_COPY), 0, 0,
      "CopySnapshot" },
    { WHERE, "identity", NOTHING, OP_BIT(OP_IDENTITY), 0, 0,
      "GetCallerIdentity" },
    { WHERE, "assume-role", NOTHING,
      OP_BIT(OP_ASSUME) | OP_BIT(OP_ASSUME_WEB), 0, 0,
      "AssumeRole and AssumeRoleWithWebIdentity" },
    { WHERE, "block", RANGE, 0, 0, 0,
      "N or N-M: gets and puts of these block indexes" },
    { WHERE, "snapshot", TEXT, AT(snapshot),
      sizeof(((struct rule *)0)->snapshot), 0,
      "ID: requests for this snapshot" },
    { WHERE, "key", TEXT, AT(key), sizeof(((struct rule *)0)->key), 0,
      "ID: requests made with this access key" },
    { WHERE, "region", TEXT, AT(region),
      sizeof(((struct rule *)0)->region), 0,
      "NAME: requests signed for this region" },

    { WHAT, "latency", NUMBER, FX_LATENCY, 0, 0,
      "MS: wait before every answer" },
    { WHAT, "stall", OPTIONAL, FX_STALL, 3600, 0,
      "[S]: wait S seconds (3600) before the answer" },
    { WHAT, "stall-body", OPTIONAL, FX_STALL_BODY, 3600, 0,
      "[S]: send half of the body, wait S seconds (3600)" },
    { WHAT, "reset", NOTHING, FX_RESET, 0, 0,
      "reset the connection (RST) instead of an answer" },
    { WHAT, "reset-body", NOTHING, FX_RESET_BODY, 0, 0,
      "reset it after half of the body" },
    { WHAT, "close", NOTHING, FX_CLOSE, 0, 0,
      "Connection: close with the answer" },
    { WHAT, "redirect", NOTHING, FX_REDIRECT, 0, 0,
      "302 to 127.0.0.2" },
    { WHAT, "clock", NUMBER, FX_CLOCK, 0, 0,
      "S: the service's clock is off by S seconds (Date, signatures)" },
    { WHAT, "truncate", OPTIONAL, FX_TRUNCATE, -1, 0,
      "[N]: right Content-Length, but close after N bytes (half)" },
    { WHAT, "short", OPTIONAL, FX_SHORT, -1, 0,
      "[N]: only N bytes (half), with a Content-Length that says so" },
    { WHAT, "garbage", NOTHING, FX_GARBAGE, 0, 0,
      "200 with a body that is not what it should be" },
    { WHAT, "huge", OPTIONAL, FX_HUGE, 1024, 0,
      "[N]: 200 with a valid JSON body of N MiB (1024)" },
    { WHAT, "drop-header", CHOICE, FX_DROP_HEADER, 0, headers,
      "NAME: leave a header out" },
    { WHAT, "repeat", CHOICE, FX_REPEAT, 0, repeated,
      "WORD: tell the request's session token there; in a message also its"
      " Authorization, query and body" },

    { WHAT, "flip", OPTIONAL, FX_FLIP, 12345, 0,
      "[N]: change one bit of byte N (12345) of the block" },
    { WHAT, "wrong-checksum", NOTHING, FX_WRONG_CHECKSUM, 0, 0,
      "x-amz-Checksum does not fit the right block" },
    { WHAT, "wrong-algorithm", NOTHING, FX_ALGORITHM, 0, 0,
      "x-amz-Checksum-Algorithm says SHA1" },
    { WHAT, "data-length", OPTIONAL, FX_DATA_LENGTH, 524287, 0,
      "[N]: x-amz-Data-Length says N (524287)" },

    { WHAT, "std-tokens", NOTHING, FX_STD_TOKENS, 0, 0,
      "tokens with '+', '/' and '='" },
    { WHAT, "page-size", NUMBER, FX_PAGE_SIZE, 0, 0,
      "N: at most N candidates on a page" },
    { WHAT, "empty-page", NOTHING, FX_EMPTY_PAGE, 0, 0,
      "a page with nothing on it but a NextToken" },
    { WHAT, "trailing-page", NOTHING, FX_TRAILING_PAGE, 0, 0,
      "an empty page after the last one" },
    { WHAT, "repeat-token", NOTHING, FX_REPEAT_TOKEN, 0, 0,
      "the page's own token is its NextToken, for ever" },
    { WHAT, "blank-token", NOTHING, FX_BLANK_TOKEN, 0, 0,
      "NextToken is an empty string" },
    { WHAT, "overlap", NUMBER, FX_OVERLAP, 0, 0,
      "N: a page repeats the last N entries of the page before; of changes,"
      " it begins N blocks sooner" },
    { WHAT, "duplicate", OPTIONAL, FX_DUPLICATE, -1, 0,
      "[N]: block N (the first of the page) is listed twice" },
    { WHAT, "descending", OPTIONAL, FX_DESCENDING, -1, 0,
      "[N]: block N (the first of the page) comes after the next one" },
    { WHAT, "unlisted", OPTIONAL, FX_UNLISTED, -1, 0,
      "[N]: block N (the first of the page) is not listed" },
    { WHAT, "beyond", OPTIONAL, FX_BEYOND, 1, 0,
      "[N]: list a block N (1) above the last of the volume" },
    { WHAT, "shift", NUMBER, FX_SHIFT, 0, 0,
      "N: every block listed is N too high" },
    { WHAT, "against", TEXT, FX_AGAINST, sizeof(((struct rule *)0)->against),
      0, "ID: changes since this snapshot are listed, of whatever line" },
    { WHAT, "drop-token", CHOICE, FX_DROP_TOKEN, 0, tokens,
      "WORD: changed blocks come without the token of one snapshot" },
    { WHAT, "volume-size", NUMBER, FX_VOLUME_SIZE, 0, 0,
      "N: VolumeSize says N; in EC2 too" },
    { WHAT, "block-size", NUMBER, FX_BLOCK_SIZE, 0, 0,
      "N: BlockSize says N" },
    { WHAT, "block-token-life", NUMBER, FX_BLOCK_LIFE, 0, 0,
      "S: block tokens made by this page last S seconds" },
    { WHAT, "page-token-life", NUMBER, FX_PAGE_LIFE, 0, 0,
      "S: its page token lasts S seconds" },
    { WHAT, "expire-block-tokens", NOTHING, FX_EXPIRE_BLOCKS, 0, 0,
      "no block token made until now is valid any more" },
    { WHAT, "expire-page-tokens", NOTHING, FX_EXPIRE_PAGES, 0, 0,
      "no page token made until now is valid any more" },

    { WHAT, "status", CHOICE, FX_STATUS, 0, statuses,
      "WORD: EC2 shows this status for every snapshot" },
    { WHAT, "tier", CHOICE, FX_TIER, 0, tiers,
      "WORD: EC2 shows this storage tier" },
    { WHAT, "full-size", OPTIONAL, FX_FULL_SIZE, -1, 0,
      "[N]: EC2 counts N stored blocks (it does not count them)" },
    { WHAT, "credential-life", NUMBER, FX_CREDENTIAL_LIFE, 0, 0,
      "S: credentials of an assumed role last S seconds" },

    { WHEN, "times", NUMBER, AT(times), 0, 0, "N: only the first N times" },
    { WHEN, "after", NUMBER, AT(after), 0, 0,
      "N: not for the first N requests that match" },
    { WHEN, "every", NUMBER, AT(every), 0, 0, "N: only every Nth request" },
    { WHEN, "chance", REAL, AT(chance), 0, 0,
      "P: with probability P (0 to 1)" },
    { WHEN, "seed", NUMBER, AT(random), 0, 0,
      "N: which random numbers chance uses" },
    { WHEN, "over", REAL, AT(over), 0, 0,
      "N: only what is above N requests a second" },
    { WHEN, "from", REAL, AT(from), 0, 0, "S: from second S after the start" },
    { WHEN, "until", REAL, AT(until), 0, 0, "S: only until second S" },
    { WHEN, "dialect", CHOICE, AT(dialect), 0, dialects,
      "WORD: how an error is written" },
    { WHEN, "body", CHOICE, AT(body), 0, bodies,
      "WORD: what an error has as its body" },
};

/* The words of a text; they point into the copy. */
struct split {
    char *words[32];
    size_t count;
    size_t next;
};

static const char *take(struct split *s)
{
    return s->next < s->count ? s->words[s->next++] : NULL;
}

static int split_words(struct split *s, char *text, struct fail *f)
{
    char *save;

    *s = (struct split){ 0 };
    for (char *w = strtok_r(text, " \t=", &save); w;
         w = strtok_r(NULL, " \t=", &save)) {
        if (s->count == COUNT(s->words))
            return fail(f, 0, "too many words");
        s->words[s->count++] = w;
    }
    return 0;
}

static bool signed_number(const char *text, int64_t *out)
{
    bool negative = text && *text == '-';
    uint64_t n;

    if (!text || !codec_number(text + negative, INT64_MAX, &n))
        return false;
    *out = negative ? -(int64_t)n : (int64_t)n;
    return true;
}

static int read_number(const struct word *w, struct split *s, int64_t *out,
                       struct fail *f)
{
    const char *text = s->next < s->count ? s->words[s->next] : NULL;

    if (signed_number(text, out)) {
        s->next++;
        return 0;
    }
    if (w->takes == NUMBER)
        return fail(f, 0, "'%s' needs a number", w->name);
    *out = w->other;
    return 0;
}

static int read_choice(const struct word *w, const char *text, int64_t *out,
                       struct fail *f)
{
    for (const struct choice *c = w->choices; text && c->name; c++)
        if (strcmp(c->name, text) == 0) {
            *out = c->value;
            return 0;
        }
    return fail(f, 0, "'%s' needs one of the words that --help names",
                w->name);
}

static int read_range(struct rule *r, const char *text, struct fail *f)
{
    char *dash = text ? strchr(text, '-') : NULL;
    uint64_t first;
    uint64_t last;

    if (dash)
        *dash = '\0';
    if (!text || !codec_number(text, INT64_MAX, &first))
        return fail(f, 0, "'block' needs a number");
    last = first;
    if (dash && !codec_number(dash + 1, INT64_MAX, &last))
        return fail(f, 0, "'%s' is not a number", dash + 1);
    r->has_block = true;
    r->block_first = (int64_t)first;
    r->block_last = (int64_t)last;
    return 0;
}

static int read_real(const struct word *w, const char *text, double *out,
                     struct fail *f)
{
    char *end = NULL;

    if (text)
        *out = strtod(text, &end);
    if (!end || *end || *out < 0)
        return fail(f, 0, "'%s' needs a number", w->name);
    return 0;
}

static int read_id(const struct word *w, const char *text, char *to,
                   struct fail *f)
{
    if (!text || strlen(text) >= (size_t)w->other)
        return fail(f, 0, "'%s' needs an id", w->name);
    strcpy(to, text);
    return 0;
}

static int set_where(struct rule *r, const struct word *w, struct split *s,
                     struct fail *f)
{
    const char *text;

    if (w->takes == NOTHING) {
        r->ops |= (uint64_t)w->value;
        return 0;
    }
    text = take(s);
    if (w->takes == RANGE)
        return read_range(r, text, f);
    return read_id(w, text, (char *)r + w->value, f);
}

static int set_what(struct rule *r, const struct word *w, struct split *s,
                    struct fail *f)
{
    r->effect = (enum effect)w->value;
    r->decided = true;
    if (w->takes == NUMBER || w->takes == OPTIONAL)
        return read_number(w, s, &r->value, f);
    if (w->takes == CHOICE)
        return read_choice(w, take(s), &r->value, f);
    if (w->takes == TEXT)
        return read_id(w, take(s), r->against, f);
    return 0;
}

static int set_when(struct rule *r, const struct word *w, struct split *s,
                    struct fail *f)
{
    void *field = (char *)r + w->value;
    int64_t value;

    if (w->takes == REAL)
        return read_real(w, take(s), field, f);
    if (w->takes == NUMBER) {
        if (read_number(w, s, &value, f) < 0)
            return -1;
        *(uint64_t *)field = (uint64_t)value;
        return value < 0 ? fail(f, 0, "'%s' is negative", w->name) : 0;
    }
    if (read_choice(w, take(s), &value, f) < 0)
        return -1;
    *(unsigned *)field = (unsigned)value;
    return 0;
}

static const struct fault *find_fault(const char *name)
{
    for (size_t i = 0; i < FAULT_BY_RULE; i++)
        if (strcmp(faults[i].name, name) == 0)
            return &faults[i];
    return NULL;
}

static const struct word *find_word(const char *name)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcmp(words[i].name, name) == 0)
            return &words[i];
    return NULL;
}

static int set_word(struct rule *r, const char *name, bool left,
                    struct split *s, struct fail *f)
{
    const struct fault *fault = left ? NULL : find_fault(name);
    const struct word *w = find_word(name);

    if (!w && !fault)
        return fail(f, 0, "unknown word '%s'; see --help", name);
    if (!fault && w->part == WHEN)
        return set_when(r, w, s, f);
    if (left != (!fault && w->part == WHERE))
        return fail(f, 0, "'%s' is on the wrong side of the colon", name);
    if (left)
        return set_where(r, w, s, f);
    if (r->decided)
        return fail(f, 0, "'%s' is one thing too many for a rule", name);
    if (!fault)
        return set_what(r, w, s, f);
    r->fault = fault;
    r->decided = true;
    return 0;
}

static int parse_side(struct rule *r, char *text, bool left, struct fail *f)
{
    struct split s;
    const char *name;

    if (split_words(&s, text, f) < 0)
        return -1;
    while ((name = take(&s)))
        if (set_word(r, name, left, &s, f) < 0)
            return -1;
    return 0;
}

int ruleword_parse(struct rule *rule, const char *text, struct fail *f)
{
    autofree char *copy = strdup(text);
    char *colon = copy ? strchr(copy, ':') : NULL;
    int result = 0;

    *rule = (struct rule){ .text = text, .random = 1 };
    if (!copy)
        return fail(f, 0, "out of memory");
    if (colon) {
        *colon = '\0';
        result = parse_side(rule, copy, true, f);
    }
    if (result == 0)
        result = parse_side(rule, colon ? colon + 1 : copy, false, f);
    if (result == 0 && !rule->decided)
        result = fail(f, 0, "it says nothing that should happen");
    return result < 0 ? fail_in(f, text) : 0;
}

static void help_part(FILE *out, const char *title, enum part part)
{
    fprintf(out, "\n%s\n", title);
    for (size_t i = 0; i < COUNT(words); i++)
        if (words[i].part == part)
            fprintf(out, "  %-20s %s\n", words[i].name, words[i].help);
}

void ruleword_help(FILE *out)
{
    fprintf(out, "RULE is  [WHERE ...:] WHAT [WHEN ...]  for example\n"
                 "  'block 17: 500 times 3'   'get: throttle over 500'   "
                 "'503 body html chance 0.1'\n"
                 "All rules that match apply together; of several errors the "
                 "first wins.\n");
    help_part(out, "WHERE (operations add up, the others narrow down):",
              WHERE);
    help_part(out, "WHAT, one of:", WHAT);
    for (size_t i = 0; i < FAULT_BY_RULE; i++)
        fprintf(out, "  %-20s %s\n", faults[i].name, faults[i].help);
    help_part(out, "WHEN, any of:", WHEN);
    fprintf(out, "  drop-header: checksum, checksum-algorithm, data-length, "
                 "request-id, content-type, date\n"
                 "  dialect: service, framework, body (__type)\n"
                 "  body: html, empty, garbage\n");
}
