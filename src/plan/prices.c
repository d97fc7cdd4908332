/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/prices.h"

int plan_read_price(const char *option, const char *s, uint64_t *out,
                    struct err *e)
{
    if (plan_price(s, out) == 0)
        return 0;
    return err_set(e, ERR_USAGE, 0, "--%s: \"%s\" is no price in USD, such "
                   "as 0.003", option, s);
}

void plan_add_usd(struct text *t, uint64_t nano)
{
    text_addf(t, "%.*f", nano < 10000000 ? 6 : 2, (double)nano / 1e9);
}
