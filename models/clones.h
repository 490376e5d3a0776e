/*
 * Compile a function once for each of several instruction sets and pick at load time. Only for loops whose order of additions is
 * written out, so that every copy gives the same bits. Off under sanitizers, whose start-up comes after the picking.
 */
#ifndef REC_CLONES_H
#define REC_CLONES_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define REC_CLONES __attribute__((target_clones("default", "avx2", "arch=x86-64-v4")))
#else
#define REC_CLONES
#endif

#endif
