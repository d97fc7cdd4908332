/* SPDX-License-Identifier: Apache-2.0 */
#include "report/chapters.h"

#include "base/build-id.h"
#include "base/clock.h"
#include "base/file.h"
#include "report/chapters-private.h"

/* Where the report itself comes from. */
static void add_colophon(struct scribe *s, const struct report *r)
{
    char made[CLOCK_TEXT];

    scribe_chapter(s, "This report");
    scribe_fact(s, "Made by", "ebsimg " PACKAGE_VERSION);
    scribe_fact(s, "Build", build_id);
    scribe_fact(s, "Made at", clock_text(made, r->made));
    scribe_fact(s, "Of", r->papers.v.ev.log_path);
    scribe_say(s, "It is made of the files of the run alone and asks nobody "
               "else.  The time above is that of the machine that it was made "
               "on.");
}

static void add_title(struct text *t, const struct report *r)
{
    text_add(t, "Report on the acquisition of ");
    text_add(t, r->log->snapshot[0] ? r->log->snapshot
             : file_name(r->papers.v.ev.prefix));
}

void chapters_write(const struct report *r, const struct scribe_form *form,
                    struct text *t)
{
    static void (*const chapters[])(struct scribe *, const struct report *) = {
        chapter_verdict,  chapter_source,   chapter_acquisition,
        chapter_content,  chapter_unreadable, chapter_files,
        chapter_checks,   chapter_course,   chapter_tool,
        chapter_limits,   chapter_custody,  chapter_certification,
        add_colophon,
    };
    autotext struct text title = TEXT_INIT;
    struct scribe s;

    add_title(&title, r);
    t->failed |= title.failed;
    if (title.failed)
        return;
    scribe_begin(&s, form, t, title.s);
    for (size_t i = 0; i < COUNT(chapters); i++)
        chapters[i](&s, r);
    scribe_end(&s);
}

void chapters_write_part(const struct report *r,
                         const struct scribe_form *form, struct text *t)
{
    static void (*const chapters[])(struct scribe *, const struct report *) = {
        chapter_verdict, chapter_source,     chapter_acquisition,
        chapter_content, chapter_unreadable, chapter_files,
        chapter_checks,  chapter_course,     chapter_tool,
        chapter_limits,  chapter_custody_log,
    };
    autotext struct text title = TEXT_INIT;
    struct scribe s;

    add_title(&title, r);
    t->failed |= title.failed;
    if (title.failed)
        return;
    scribe_begin_part(&s, form, t, title.s);
    for (size_t i = 0; i < COUNT(chapters); i++)
        chapters[i](&s, r);
    scribe_end_part(&s);
}
