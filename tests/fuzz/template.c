/* A template and the JSON object that fills it, parted by a NUL; without one, an object of ours. */
#include "fuzz.h"

#include "escape.h"
#include "template.h"

#include <string.h>

#define MOST (1 << 20) /* bytes of output */

static const char DATA[] = "{\"title\":\"<b>\\\"&\",\"none\":null,\"yes\":true,\"n\":7,\"empty\":[],\"list\":[{\"a\":\"x\"},{\"a\":\"'\"}],"
                           "\"deep\":{\"list\":[{\"list\":[{\"a\":1}]}]}}";

static const char *partial(const char *name)
{
    return strcmp(name, "self") == 0 ? "{{#list}}{{>self}}{{/list}}" : strcmp(name, "item") == 0 ? "{{a}}\n" : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct template_ways ways = { escape_html, partial };
    char *text = fuzz_string(data, size);
    size_t length = strlen(text);
    json_t *object = length < size ? json_loadb((const char *)data + length + 1, size - length - 1, 0, NULL) : json_loads(DATA, 0, NULL);
    rec_buf out = REC_BUF_INIT(MOST);
    rec_error err = REC_ERROR_INIT;

    if (json_is_object(object)) {
        rec_status rc = template_fill("template", text, &ways, object, &out, &err);

        fuzz_refusal(rc, &err);
        MUST(out.length <= MOST);
    }
    rec_buf_clear(&out);
    json_decref(object);
    free(text);
    return 0;
}
