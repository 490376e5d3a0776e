/*
 * What the module "input" offers: decompressors that are fed blocks of a file and give back blocks of its content, and a parser of XML that
 * is fed blocks and tells what it finds.
 */
#ifndef REC_INPUT_OPS_H
#define REC_INPUT_OPS_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Raised with every change to the structure below: a module left over from another release is refused, not called. */
#define REC_INPUT_OPS_LAYOUT 3

#define REC_INPUT_MODULE "input"
#define REC_INPUT_SYMBOL "rec_input_ops"

/* One compressed format. */
struct rec_decompressor {
    /** Make a decompressor, or NULL when memory is out. */
    void *(*open)(void);
    /**
     * Decompress from `in` (`*in_length` bytes) into `out` (`*out_length` bytes of room); both lengths become what was used and written.
     * Members or frames that follow each other are one content. `*at_end` says whether the content may end here.
     *
     * Returns REC_OK, or REC_EIO or REC_ENOMEM with the reason alone in `err`: the caller knows the file's name.
     */
    rec_status (*run)(void *decompressor, const uint8_t *in, size_t *in_length, uint8_t *out, size_t *out_length, bool *at_end,
                      rec_error *err);
    void (*close)(void *decompressor);
};

/* Told of what an XML parser finds, in the document's order. A function that returns false stops the parser. */
struct rec_xml_events {
    /* `attributes`: names and values in turn, and a NULL. Names are without prefix ("arxiv:doi" is "doi"), declarations of
     * prefixes are left out. */
    bool (*start)(void *context, const char *name, const char *const *attributes, uint64_t line);
    bool (*end)(void *context);
    /* A piece of text, UTF-8; what one element holds may come in many. */
    bool (*text)(void *context, const char *text, size_t length);
    void *context;
};

/*
 * XML 1.0 in any encoding that expat knows: one document, or several that follow each other. Nothing outside them is read, and a document that declares entities is refused, so that
 * none can grow (references to entities that are not declared are handed on as text).
 */
struct rec_xml_ops {
    /** Make a parser, or NULL when memory is out. `events` must live as long. */
    void *(*open)(const struct rec_xml_events *events);
    /**
     * Parse the next bytes; `last` says that there are no more. Returns REC_OK, also where an event stopped it; REC_EFORMAT where the
     * document is not well-formed, declares entities, or has elements too deep or a tag too long, with the reason alone in `err` and the
     * line in `*line`; REC_ENOMEM. Nothing may be fed after a failure or a stop.
     */
    rec_status (*feed)(void *parser, const char *bytes, size_t length, bool last, uint64_t *line, rec_error *err);
    void (*close)(void *parser);
};

struct rec_input_ops {
    unsigned layout; /* REC_INPUT_OPS_LAYOUT; first, so that any release can read it */
    const struct rec_decompressor *gzip;
    const struct rec_decompressor *zstd;
    const struct rec_decompressor *xz;
    const struct rec_xml_ops *xml;
};

/** Load the module. Returns REC_ESTALE where it is missing or of another release. */
REC_CHECKED rec_status rec_input_load(const struct rec_input_ops **out, rec_error *err);

#endif
