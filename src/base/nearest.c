/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nearest.h"

#include <stdbool.h>
#include <string.h>

/* Longer words are no slips of the finger. */
#define LENGTH_MAX 40

void nearest_begin(struct nearest *n, const char *word, size_t len)
{
    *n = (struct nearest){ .word = word, .len = len };
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* One slip in a short word, two in one of five letters, three in a long
 * one: with more it is another word. */
static size_t allowed(size_t len)
{
    return len < 2 ? 0 : len < 5 ? 1 : len < 10 ? 2 : 3;
}

/* Optimal string alignment: rows are the letters of a, columns those of b;
 * of the table the last two rows are needed, and the one before. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t rows[3][LENGTH_MAX + 1];

    for (size_t k = 0; k <= nb; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= na; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3];
        const size_t *two = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t k = 1; k <= nb; k++) {
            bool same = a[i - 1] == b[k - 1];

            row[k] = least(least(row[k - 1], above[k]) + 1,
                           above[k - 1] + !same);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2]
                && a[i - 2] == b[k - 1])
                row[k] = least(row[k], two[k - 2] + 1);
        }
    }
    return rows[na % 3][nb];
}

void nearest_try(struct nearest *n, const char *name)
{
    size_t len = strlen(name);
    size_t d;

    if (len > LENGTH_MAX || n->len > LENGTH_MAX)
        return;
    d = distance(n->word, n->len, name, len);
    if (d > allowed(least(len, n->len)) || (n->name && d >= n->distance))
        return;
    n->name = name;
    n->distance = d;
}
