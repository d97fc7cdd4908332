/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/fault.h"

#include <ctype.h>
#include <string.h>

#include "aws/fault-xml.h"
#include "base/json.h"
#include "base/text.h"

/* Names of errors are words; whatever else is in one cannot be compared with
 * the table and must not be printed. */
static void copy_word(char *out, size_t room, const char *s, size_t n)
{
    size_t i;

    for (i = 0; i < n && i + 1 < room; i++)
        out[i] = isalnum((unsigned char)s[i]) || strchr("._-[]", s[i])
            ? s[i] : '?';
    out[i] = '\0';
}

/* "aws.ebs#ValidationException:http://internal.amazon.com/" */
static void set_type(struct fault *f, const char *s)
{
    size_t n = strcspn(s, ":");

    for (size_t i = n; i > 0; i--) {
        if (s[i - 1] != '#')
            continue;
        s += i;
        n -= i;
        break;
    }
    copy_word(f->type, sizeof(f->type), s, n);
}

/* Printable, and cut between two characters. */
static void set_message(struct fault *f, const char *s)
{
    autotext struct text shown = TEXT_INIT;
    size_t n = sizeof(f->message) - 1;

    text_add_shown(&shown, s);
    if (!shown.s)
        return;
    if (shown.len <= n)
        n = shown.len;
    while (n && ((unsigned char)shown.s[n] & 0xc0) == 0x80)
        n--;
    memcpy(f->message, shown.s, n);
    f->message[n] = '\0';
}

static const char *first_string(const cJSON *o, const char *const *keys)
{
    for (; *keys; keys++) {
        const char *s = json_text(o, *keys);

        if (s)
            return s;
    }
    return NULL;
}

static void read_json(const struct http_answer *a, struct fault *f)
{
    /* The last ones are those of OAuth, as the services of logins have it. */
    static const char *const types[] = { "__type", "code", "Code", "error",
                                         NULL };
    static const char *const messages[] = { "message", "Message",
                                            "error_description", NULL };
    cJSON *o = cJSON_ParseWithLength(a->body.s, a->body.len);
    const char *type = first_string(o, types);
    const char *reason = json_text(o, "Reason");
    const char *message = first_string(o, messages);

    if (type && !f->type[0])
        set_type(f, type);
    if (reason)
        copy_word(f->reason, sizeof(f->reason), reason, strlen(reason));
    if (message)
        set_message(f, message);
    cJSON_Delete(o);
}

static void read_xml(const struct http_answer *a, struct fault *f)
{
    autotext struct text code = TEXT_INIT;
    autotext struct text message = TEXT_INIT;

    if (fault_xml(a->body.s, a->body.len, &code, &message) < 0)
        return;
    if (code.s && !f->type[0])
        set_type(f, code.s);
    if (message.s)
        set_message(f, message.s);
}

void fault_read(const struct http_answer *a, struct fault *f)
{
    char header[256];
    size_t blank;

    memset(f, 0, sizeof(*f));
    f->status = a->status;
    if (http_header(a, "x-amzn-ErrorType", header, sizeof(header)))
        set_type(f, header);
    if (!a->body.len)
        return;
    blank = strspn(a->body.s, " \t\r\n");
    if (a->body.s[blank] == '{')
        read_json(a, f);
    else if (a->body.s[blank] == '<')
        read_xml(a, f);
}
