/* SPDX-License-Identifier: Apache-2.0 */
#include "report/uco.h"

#include "audit/outcome.h"
#include "base/clock.h"
#include "base/json.h"
#include "report/uco-private.h"

#define CASE_ONTOLOGY "https://ontology.caseontology.org/case/"
#define UCO_ONTOLOGY "https://ontology.unifiedcyberontology.org/uco/"

/* Without them there is no graph. */
static void put_context(struct text *t)
{
    static const struct { const char *prefix, *iri; } rows[] = {
        { "kb", "urn:ebsimg:kb:" },
        { "investigation", CASE_ONTOLOGY "investigation/" },
        { "action", UCO_ONTOLOGY "action/" },
        { "configuration", UCO_ONTOLOGY "configuration/" },
        { "core", UCO_ONTOLOGY "core/" },
        { "identity", UCO_ONTOLOGY "identity/" },
        { "observable", UCO_ONTOLOGY "observable/" },
        { "tool", UCO_ONTOLOGY "tool/" },
        { "types", UCO_ONTOLOGY "types/" },
        { "xsd", "http://www.w3.org/2001/XMLSchema#" },
    };

    json_open(t, "@context", '{');
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        json_put_text(t, rows[i].prefix, rows[i].iri);
    json_close(t, '}');
}

static void name_all(struct cast *n, const struct report *r)
{
    const char *head = r->head;

    n->head = head;
    n->image = !r->failed && !r->broken;
    uco_id(n->action, head, "InvestigativeAction", 0);
    uco_id(n->check, head, "InvestigativeAction", 1);
    uco_id(n->person, head, "Person", 0);
    uco_id(n->tool, head, "ConfiguredTool", 0);
    uco_id(n->reporter, head, "Tool", 1);
    uco_id(n->host, head, "Computer", 0);
    uco_id(n->snapshot, head, "Snapshot", 0);
    uco_id(n->volume, head, "Volume", 0);
    uco_id(n->account, head, "DigitalAccount", 0);
    uco_id(n->media, head, "Image", 0);
    uco_id(n->exhibit, head, "ProvenanceRecord", 0);
}

/* ----------------------------------------------------------------- actions */

/* One of the words of the ontology. */
static const char *status_word(const struct report *r)
{
    enum outcome o;

    if (r->broken || r->died)
        return "Unknown";
    if (outcome_parse(r->log->verdict, &o) < 0)
        return "Unknown";
    return outcome_is_good(o) ? "Success" : "Fail";
}

static void put_lost(struct text *t, const struct report *r,
                     const struct cast *n)
{
    const struct story *x = &r->story;
    char id[UCO_ID];

    if (!x->nunreadable)
        return;
    json_open(t, "action:error", '[');
    for (size_t i = 0; i < x->nunreadable; i++)
        uco_put_ref(t, NULL, uco_id(id, n->head, "DataRange", i));
    json_close(t, ']');
}

static void put_results(struct text *t, const struct report *r,
                        const struct cast *n)
{
    char id[UCO_ID];

    json_open(t, "action:result", '[');
    uco_put_ref(t, NULL, n->media);
    uco_put_ref(t, NULL, n->exhibit);
    for (size_t i = 0; i < r->log->nfiles; i++)
        uco_put_ref(t, NULL, uco_id(id, n->head, "File", i));
    json_close(t, ']');
}

static void put_acquisition(struct text *t, const struct report *r,
                            const struct cast *n)
{
    uco_open(t, NULL, n->action, "investigation:InvestigativeAction");
    json_put_text(t, "core:name", "acquired");
    uco_put_text(t, "core:description", report_headline(r));
    json_put_text(t, "action:actionStatus", status_word(r));
    uco_put_time(t, "action:startTime", r->log->started);
    uco_put_time(t, "action:endTime", r->log->ended);
    if (r->log->examiner[0])
        uco_put_ref(t, "action:performer", n->person);
    uco_put_ref(t, "action:instrument", n->tool);
    uco_put_ref(t, "action:environment", n->host);
    uco_put_ref(t, "action:object", n->snapshot);
    if (n->image)
        put_results(t, r, n);
    put_lost(t, r, n);
    json_close(t, '}');
}

static void put_check(struct text *t, const struct report *r,
                      const struct cast *n)
{
    char made[CLOCK_TEXT];

    uco_open(t, NULL, n->check, "investigation:InvestigativeAction");
    json_put_text(t, "core:name", "papers verified");
    json_put_text(t, "core:description", "The papers of the run were held "
                  "against each other; the image was not read.");
    json_put_text(t, "action:actionStatus", report_status(r) > 1 ? "Fail"
                  : "Success");
    uco_put_time(t, "action:startTime", clock_text(made, r->made));
    uco_put_ref(t, "action:instrument", n->reporter);
    uco_put_ref(t, "action:object", n->image ? n->media : n->snapshot);
    uco_put_ref(t, "investigation:wasInformedBy", n->action);
    json_close(t, '}');
}

/* ----------------------------------------------------------- who, with what */

static void put_entry(struct text *t, const struct cast *n, uint64_t number,
                      const char *name, const char *value)
{
    char id[UCO_ID];

    if (!value || !value[0])
        return;
    uco_open(t, NULL, uco_id(id, n->head, "ConfigurationEntry", number),
             "configuration:ConfigurationEntry");
    json_put_text(t, "configuration:itemName", name);
    json_put_text(t, "configuration:itemValue", value);
    json_close(t, '}');
}

static void put_configuration(struct text *t, const struct report *r,
                              const struct cast *n)
{
    const struct run_record *l = r->log;
    char id[UCO_ID];

    if (!l->formats[0] && !l->region[0])
        return;
    uco_open(t, "configuration:usesConfiguration",
             uco_id(id, n->head, "Configuration", 0),
             "configuration:Configuration");
    json_open(t, "configuration:configurationEntry", '[');
    put_entry(t, n, 0, "formats", l->formats);
    put_entry(t, n, 1, "region", l->region);
    put_entry(t, n, 2, "endpoint", l->endpoint);
    put_entry(t, n, 3, "caller", l->arn);
    put_entry(t, n, 4, "command line", r->story.nsessions
              ? r->story.sessions[0].command : "");
    put_entry(t, n, 5, "head of the log", r->head);
    json_close(t, ']');
    json_close(t, '}');
}

static void put_actors(struct text *t, const struct report *r,
                       const struct cast *n)
{
    if (r->log->examiner[0]) {
        uco_open(t, NULL, n->person, "identity:Person");
        json_put_text(t, "core:name", r->log->examiner);
        json_close(t, '}');
    }
    uco_open(t, NULL, n->tool, "tool:ConfiguredTool");
    json_put_text(t, "core:name", "ebsimg");
    uco_put_text(t, "tool:version", r->log->version);
    json_put_text(t, "tool:toolType", "Acquisition");
    put_configuration(t, r, n);
    json_close(t, '}');
    uco_open(t, NULL, n->reporter, "tool:Tool");
    json_put_text(t, "core:name", "ebsimg report");
    json_put_text(t, "tool:version", PACKAGE_VERSION);
    json_close(t, '}');
    uco_open(t, NULL, n->host, "observable:Computer");
    uco_put_text(t, "core:name", r->story.nsessions
                 ? r->story.sessions[0].host : "");
    json_close(t, '}');
}

static void put_case(struct text *t, const struct report *r,
                     const struct cast *n)
{
    char id[UCO_ID];

    if (!r->log->case_number[0])
        return;
    uco_open(t, NULL, uco_id(id, n->head, "Investigation", 0),
             "investigation:Investigation");
    json_put_text(t, "core:name", r->log->case_number);
    json_open(t, "core:object", '[');
    uco_put_ref(t, NULL, n->action);
    uco_put_ref(t, NULL, n->snapshot);
    json_close(t, ']');
    json_close(t, '}');
}

void report_uco(const struct report *r, struct text *t)
{
    struct cast n;

    name_all(&n, r);
    json_open(t, NULL, '{');
    put_context(t);
    json_open(t, "@graph", '[');
    put_acquisition(t, r, &n);
    put_check(t, r, &n);
    put_case(t, r, &n);
    put_actors(t, r, &n);
    uco_put_things(t, r, &n);
    json_close(t, ']');
    json_close(t, '}');
    text_add(t, "\n");
}
