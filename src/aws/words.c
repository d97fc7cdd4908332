/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r\n"

/* Takes one word from *at to *to, which moves behind its NUL; both point into
 * memory that is large enough, since no word is longer than what it is made
 * of.  What is wrong, or NULL. */
static const char *take_word(const char **at, char **to)
{
    const char *s = *at;
    char *out = *to, quote = '\0';

    for (; *s && (quote || !strchr(BLANKS, *s)); s++) {
        bool escape = *s == '\\' && quote != '\''
            && (!quote || s[1] == '"' || s[1] == '\\');

        if (escape && !*++s)
            return "there is nothing behind its last \\";
        if (escape || (quote && *s != quote) || !strchr("'\"", *s))
            *out++ = *s;
        else
            quote = quote ? '\0' : *s;
    }
    if (quote)
        return "a quote is not closed";
    *out++ = '\0';
    *at = s;
    *to = out;
    return NULL;
}

char **words_split(const char *line, size_t *n, struct err *e)
{
    size_t most = strlen(line) / 2 + 2; /* words and the NULL behind them */
    char **words = malloc(most * sizeof(*words) + strlen(line) + most);
    const char *wrong = NULL;
    char *to;

    *n = 0;
    if (!words) {
        err_nomem(e);
        return NULL;
    }
    to = (char *)(words + most);
    for (line += strspn(line, BLANKS); *line && !wrong;
         line += strspn(line, BLANKS)) {
        words[(*n)++] = to;
        wrong = take_word(&line, &to);
    }
    words[*n] = NULL;
    if (!wrong)
        return words;
    err_set(e, ERR_USAGE, 0, "%s", wrong);
    free(words);
    return NULL;
}
