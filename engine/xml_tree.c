/* Elements of XML in memory, and from there into JSON: see xml_tree.h. */
#include "xml_tree.h"

#include "alloc.h"
#include "buf.h"
#include "record.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

/* ---- making -------------------------------------------------------------------------------------------------------- */

static bool copy_attributes(struct rec_xml_node *node, const char *const *attributes)
{
    size_t count = 0;

    while (attributes[count])
        count++;
    node->attributes = rec_alloc_array(count + 1, sizeof(*node->attributes));
    if (!node->attributes)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!(node->attributes[i] = rec_strdup(attributes[i])))
            return false;
        node->bytes += strlen(attributes[i]) + sizeof(char *);
    }
    return true;
}

static void append(struct rec_xml_node *parent, struct rec_xml_node *node)
{
    node->parent = parent;
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
}

struct rec_xml_node *rec_xml_add(struct rec_xml_node *parent, const char *name, const char *const *attributes, const char *text,
                                 size_t length)
{
    struct rec_xml_node *node = rec_alloc(sizeof(*node));
    bool made = node;

    if (made && name)
        made = (node->name = rec_strdup(name)) && (!attributes || !attributes[0] || copy_attributes(node, attributes));
    else if (made)
        made = (node->text = rec_strndup(text, length));
    if (!made) {
        (void)rec_xml_free(node);
        return NULL;
    }
    node->bytes += sizeof(*node) + (name ? strlen(name) : length);
    if (parent)
        append(parent, node);
    return node;
}

size_t rec_xml_free(struct rec_xml_node *node)
{
    size_t bytes;

    if (!node)
        return 0;
    bytes = node->bytes;
    while (node->first) { /* as deep as the parser lets elements be */
        struct rec_xml_node *child = node->first;

        node->first = child->next;
        bytes += rec_xml_free(child);
    }
    for (char **attribute = node->attributes; attribute && *attribute; attribute++)
        rec_free(*attribute);
    rec_free(node->attributes);
    rec_free(node->name);
    rec_free(node->text);
    rec_free(node);
    return bytes;
}

/* ---- looking ------------------------------------------------------------------------------------------------------- */

static struct rec_xml_node *first_named(struct rec_xml_node *node, const char *name)
{
    while (node && !(node->name && strcmp(node->name, name) == 0))
        node = node->next;
    return node;
}

struct rec_xml_node *rec_xml_child(const struct rec_xml_node *node, const char *name)
{
    return node ? first_named(node->first, name) : NULL;
}

struct rec_xml_node *rec_xml_next(const struct rec_xml_node *node)
{
    return first_named(node->next, node->name);
}

const char *rec_xml_attribute(const struct rec_xml_node *node, const char *name)
{
    for (char **attribute = node ? node->attributes : NULL; attribute && *attribute; attribute += 2)
        if (strcmp(*attribute, name) == 0)
            return attribute[1];
    return NULL;
}

const char *rec_xml_word(struct rec_xml_node *node)
{
    if (!node || !node->first || node->first->next || !node->first->text)
        return NULL;
    node->used = true;
    return node->first->text;
}

struct rec_xml_node *rec_xml_find(struct rec_xml_node *node, const char *path)
{
    char name[32];

    while (node && *path) {
        size_t length = strcspn(path, "/");

        assert(length < sizeof(name));
        memcpy(name, path, length);
        name[length] = '\0';
        node = rec_xml_child(node, name);
        path += length + (path[length] == '/');
    }
    return node;
}

/* ---- into JSON ----------------------------------------------------------------------------------------------------- */

static void add_text(const struct rec_xml_node *node, rec_buf *out)
{
    if (node->text)
        rec_buf_puts(out, node->text);
    for (const struct rec_xml_node *child = node->first; child; child = child->next)
        add_text(child, out);
}

/* The text of a node; `*text` is NULL where there is none but white space. False where memory is out. */
static bool get_text(const struct rec_xml_node *node, json_t **text)
{
    rec_buf all = REC_BUF_INIT(SIZE_MAX / 2); /* the tree has a limit */
    const char *start;
    bool made;

    *text = NULL;
    add_text(node, &all);
    start = rec_buf_text(&all);
    made = !all.failed && (start[strspn(start, " \t\r\n")] == '\0' || (*text = json_string(start)));
    rec_buf_clear(&all);
    return made;
}

bool rec_xml_put(json_t *object, const char *field, struct rec_xml_node *node)
{
    json_t *text;

    if (!node || json_object_get(object, field))
        return true;
    node->used = true;
    return get_text(node, &text) && (!text || json_object_set_new(object, field, text) == 0);
}

bool rec_xml_append(json_t *object, const char *field, struct rec_xml_node *node)
{
    json_t *text;
    bool appended;

    if (!node)
        return true;
    node->used = true;
    if (!get_text(node, &text))
        return false;
    appended = rec_append_text(object, field, json_string_value(text));
    json_decref(text);
    return appended;
}

static bool has_elements(const struct rec_xml_node *node)
{
    for (const struct rec_xml_node *child = node->first; child; child = child->next)
        if (child->name)
            return true;
    return false;
}

/* The pieces of text between elements, as one. */
static bool put_own_text(json_t *object, const struct rec_xml_node *node)
{
    rec_buf all = REC_BUF_INIT(SIZE_MAX / 2);
    const char *start;
    bool made;

    for (const struct rec_xml_node *child = node->first; child; child = child->next)
        if (child->text)
            rec_buf_puts(&all, child->text);
    start = rec_buf_text(&all);
    made = !all.failed && (start[strspn(start, " \t\r\n")] == '\0' || rec_put_beside(object, "text", json_string(start)));
    rec_buf_clear(&all);
    return made;
}

/* An element as a value; `*value` is NULL where nothing of it is left. */
static bool to_value(const struct rec_xml_node *node, json_t **value)
{
    if (!node->attributes && !has_elements(node))
        return get_text(node, value);
    if (!(*value = json_object()))
        return false;
    for (char **attribute = node->attributes; attribute && *attribute; attribute += 2)
        if (!rec_put_beside(*value, attribute[0], json_string(attribute[1])))
            goto failed;
    if (!rec_xml_put_rest(*value, node) || !put_own_text(*value, node))
        goto failed;
    if (json_object_size(*value) == 0) {
        json_decref(*value);
        *value = NULL;
    }
    return true;

failed:
    json_decref(*value);
    return false;
}

bool rec_xml_put_rest(json_t *object, const struct rec_xml_node *node)
{
    for (const struct rec_xml_node *child = node->first; child; child = child->next) {
        json_t *value = NULL;

        if (child->name && !child->used && (!to_value(child, &value) || !rec_put_beside(object, child->name, value)))
            return false;
    }
    return true;
}
