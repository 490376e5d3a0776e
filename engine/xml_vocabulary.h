/* The vocabularies of XML that papers come in: what reader_xml.c needs to know of each. */
#ifndef REC_XML_VOCABULARY_H
#define REC_XML_VOCABULARY_H

#include "record.h"
#include "xml_tree.h"

struct rec_xml_vocabulary {
    const char *name;
    const char *root;   /* the outermost element of a document */
    const char *record; /* the element that is a record; a document may also be one record alone */
    const char *kept;   /* an element beside records that they need, NULL where there is none: it is a child of the record's parent */
    /* Moves what is understood of a record into `own`, under our names, and marks it as used; or says in `refusal` (rec_fail) why it is no
     * paper. False: memory is out. */
    bool (*translate)(struct rec_xml_node *record, json_t *own, rec_error *refusal);
    const struct rec_field_name *names; /* for messages */
    const char *error; /* an element that stands in the place of records and says why there are none; NULL where there is no such one */
    /* Says in `refusal` (rec_fail) what an `error` says, or leaves it where that is no failure. */
    void (*read_error)(struct rec_xml_node *error, rec_error *refusal);
    const char *more; /* an element whose text, where it has one, tells that there is more to fetch; NULL where there is no such one */
};

extern const struct rec_xml_vocabulary rec_xml_atom;
extern const struct rec_xml_vocabulary rec_xml_pubmed;
extern const struct rec_xml_vocabulary rec_xml_oai;
extern const struct rec_xml_vocabulary rec_xml_acl;

#endif
