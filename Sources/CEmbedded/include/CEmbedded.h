#ifndef WPLOG_CEMBEDDED_H
#define WPLOG_CEMBEDDED_H
#include <stddef.h>

/// One file of the source tree, carried inside the binary.
struct wplog_embedded_file {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/// The files of grok-patterns/, in alphabetical order.
extern const struct wplog_embedded_file wplog_patterns[];
extern const size_t wplog_patterns_count;

/// The first of wplog_patterns: Swift imports an array of unknown length as its first element only.
static inline const struct wplog_embedded_file *wplog_patterns_table(void) { return wplog_patterns; }
#endif
