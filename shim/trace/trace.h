/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writing the trace (format.h). These functions do not allocate, lock or leave a descriptor
 * open. They are safe in signal handlers, and keep errno.
 */
#ifndef PRIVTMP_TRACE_TRACE_H
#define PRIVTMP_TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/format.h"

/* The mapped file, or NULL: nothing is traced. */
extern struct trace_header *pt_trace __attribute__((visibility("hidden")));

/* Maps the file that ENVP names, and records this process. */
void trace_start(char *const *envp);

/* This process's image; 0: there was no room for it. */
uint32_t trace_image(void);
/* Records the end of this process. */
void trace_stop(void);

/* Adds the text of LEN bytes to the file, unless it is there; 0: there is no room. */
trace_string trace_text(const char *text, size_t len);
/* The text in the file, if it is there; else 0. */
trace_string trace_find_text(const char *text, size_t len);
/* Copies a text from the file; an invalid one is empty. */
void trace_copy_text(trace_string at, char out[TRACE_STRING]);

/* A hash of LEN bytes, or of a NUMBER, on top of another one; not safe from collisions. */
uint64_t trace_hash(uint64_t seed, const void *bytes, size_t len);
uint64_t trace_mix(uint64_t hash, uint64_t number);

/*
 * Sets RECORD's key, count, first and last. Increments the count of an equal record, or
 * takes a place for a new one. Returns the record in the file, or NULL. *NEW: the caller
 * must fill in the rest, and then call trace_ready.
 */
struct trace_record *trace_count(const struct trace_record *record, uint64_t key,
				 bool *new);
static inline void trace_ready(struct trace_record *record)
{
	__atomic_store_n(&record->ready, 1, __ATOMIC_RELEASE);
}

/* Nanoseconds since the epoch. */
int64_t trace_now(void);

/* Records the object that contains ADDRESS, if it is not known yet. */
void trace_module(uint64_t address);
/* The image whose modules this process has. */
uint32_t trace_modules_image(void);
/* Call when objects have been loaded or unloaded. */
void trace_modules_moved(void);

static inline void *trace_part(uint64_t at)
{
	return (char *)pt_trace + at;
}

#endif
