#ifndef CHANNELS_JQ_WORKER_H
#define CHANNELS_JQ_WORKER_H
/**
 * Jq worker: what the child of jq_filter.c does, and how the two talk: a request is a head, the
 * program, the input's JSON (empty: only compile); an answer is a head and the array of what came
 * out, or the words of an error.
 */
#include <stdint.h>

struct jq_head {
    uint32_t ok;                  /* answer: 1 an array follows; 0 an error; 2 too much came out */
    uint32_t program, bytes;      /* lengths of what follows */
};

/** Serves until `in` ends; closes everything but the two. Does not return. */
void jq_worker_serve(int in, int out);

#endif
