/* Makes the summary of a run again from its log alone:
 *
 *   summary-of LOG [json]
 */
#include <stdio.h>
#include <string.h>

#include "audit/summary.h"
#include "base/text.h"

int main(int argc, char **argv)
{
    struct run_record r;
    struct text t = TEXT_INIT;
    struct err e = ERR_INIT;

    if (argc < 2 || run_record_read(argv[1], &r, &e) < 0) {
        fprintf(stderr, "summary-of: %s\n", argc < 2 ? "LOG?" : e.msg);
        return 1;
    }
    if (argc > 2)
        summary_json(&r, NULL, 0, &t);
    else
        summary_text(&r, &t);
    fputs(t.s, stdout);
    text_free(&t);
    run_record_free(&r);
    return 0;
}
