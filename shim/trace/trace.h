/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writing the trace (format.h). Nothing here allocates, locks or leaves a descriptor
 * open; all is safe in a signal handler, and errno is kept.
 */
#ifndef PRIVTMP_TRACE_TRACE_H
#define PRIVTMP_TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/format.h"

/* The mapped file, or NULL: nothing is traced. */
extern struct trace_header *pt_trace __attribute__((visibility("hidden")));

/* Maps the file that ENVP names, and writes this process down. */
void trace_start(char *const *envp);

/* The image that this process is, 0 where there is no room for it. */
uint32_t trace_image(void);
/* Notes the end of this process. */
void trace_stop(void);

/* The text of LEN bytes in the file, once; 0: there is no room. */
trace_string trace_text(const char *text, size_t len);
/* The same where it is there already, else 0. */
trace_string trace_find_text(const char *text, size_t len);
/* Copies a text from the file; what is none is empty. */
void trace_copy_text(trace_string at, char out[TRACE_STRING]);

uint64_t trace_hash(uint64_t seed, const void *bytes, size_t len);
uint64_t trace_mix(uint64_t hash, uint64_t number);

/*
 * Counts RECORD, whose key, count, first and last this sets: adds it to what is alike, or
 * takes a new place for it. Returns that, or NULL. *NEW: the caller is to fill in what
 * RECORD has not, and then to call trace_ready.
 */
struct trace_record *trace_count(const struct trace_record *record, uint64_t key,
				 bool *new);
static inline void trace_ready(struct trace_record *record)
{
	__atomic_store_n(&record->ready, 1, __ATOMIC_RELEASE);
}

int64_t trace_now(void);

/* Notes which object has ADDRESS, where that is not known yet. */
void trace_module(uint64_t address);
/* The image whose addresses this process has. */
uint32_t trace_modules_image(void);
/* Objects have been loaded or unloaded. */
void trace_modules_moved(void);

static inline void *trace_part(uint64_t at)
{
	return (char *)pt_trace + at;
}

#endif
