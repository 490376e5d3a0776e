/* An element of XML with all that it holds: what a record is until it was translated. */
#ifndef REC_XML_TREE_H
#define REC_XML_TREE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct rec_xml_node {
    char *name;                  /* of an element, without prefix; NULL for a piece of text */
    char *text;                  /* of a piece of text */
    char **attributes;           /* names and values in turn, and a NULL; NULL where there are none */
    bool used;                   /* was understood: it is no extra */
    struct rec_xml_node *parent; /* that of a record may lack its other children */
    struct rec_xml_node *first, *last, *next;
    size_t bytes; /* that it takes, without its children */
};

/** Append an element, or a text where `name` is NULL, to `parent`, which may be NULL. Returns it, or NULL where memory is out. */
struct rec_xml_node *rec_xml_add(struct rec_xml_node *parent, const char *name, const char *const *attributes, const char *text,
                                 size_t length);

/** Free a node and all that it holds. NULL is allowed. It must not be another's child any more. Returns the bytes that were freed. */
size_t rec_xml_free(struct rec_xml_node *node);

/** The first child element of that name, NULL where there is none. */
struct rec_xml_node *rec_xml_child(const struct rec_xml_node *node, const char *name);

/** The next element of the same name behind this one. */
struct rec_xml_node *rec_xml_next(const struct rec_xml_node *node);

/** The value of an attribute, NULL where it has none or `node` is NULL. */
const char *rec_xml_attribute(const struct rec_xml_node *node, const char *name);

/** The text of an element that holds one piece of text and nothing else, or NULL; marks it as used. `node` may be NULL. */
const char *rec_xml_word(struct rec_xml_node *node);

/** The child behind a path of names, parted by '/' ("Article/Journal/Title"), NULL where there is none. */
struct rec_xml_node *rec_xml_find(struct rec_xml_node *node, const char *path);

/* The following put parts of an element into a JSON object. They mark what they take as used; return false where memory is out; and do
 * nothing where the element, which may be NULL, or its text is missing. */

/** The text of `node` and of all that it holds becomes `field`, unless there is one already. */
bool rec_xml_put(json_t *object, const char *field, struct rec_xml_node *node);

/** That text is appended to the list `field`. */
bool rec_xml_append(json_t *object, const char *field, struct rec_xml_node *node);

/**
 * Everything that is not used: an element that holds text alone is a string, any other an object of its attributes, elements and text
 * ("text"); several of one name are a list.
 */
bool rec_xml_put_rest(json_t *object, const struct rec_xml_node *node);

#endif
