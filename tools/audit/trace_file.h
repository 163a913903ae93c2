/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The trace's file: made for the audited programs, and read when they have ended. Any of them
 * could have written anything into it, so everything that is read is checked.
 */
#ifndef PRIVTMP_TRACE_FILE_H
#define PRIVTMP_TRACE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "trace/format.h"

struct trace_file {
	char directory[PATH_MAX]; /* that was made for it; empty: none was */
	int lock;		  /* of that directory, or -1; see place.h */
	char path[PATH_MAX];
	char *at; /* mapped */
};

/*
 * Makes a file at PATH, or NULL: in a new directory that only the caller can reach.
 * WATCH: more directories, a NULL behind the last. 0 or -errno.
 */
int trace_make(struct trace_file *file, const char *path, const char *const *watch);
/* Reads what is at PATH, or says on standard error why it cannot be. */
bool trace_read(struct trace_file *file, const char *path);
/*
 * Takes a copy that no audited process can change while it is judged. False: there is no
 * memory.
 */
bool trace_settle(struct trace_file *file);
/* Removes the file that trace_make has made; what was read of it stays. */
void trace_unlink(struct trace_file *file);
/* Removes what trace_make has made. */
void trace_remove(struct trace_file *file);

const struct trace_header *trace_header_of(const struct trace_file *file);
/* A time in a trace, which is in nanoseconds. */
static inline struct timespec trace_time(int64_t nanoseconds)
{
	return (struct timespec){ (time_t)(nanoseconds / 1000000000),
				  (long)(nanoseconds % 1000000000) };
}

/* How many there are, for certain. */
unsigned trace_images(const struct trace_file *file);
unsigned trace_records(const struct trace_file *file);
unsigned trace_modules(const struct trace_file *file);
/* Number N, or NULL where it was not written to the end. */
const struct trace_image *trace_image_at(const struct trace_file *file, unsigned n);
const struct trace_record *trace_record_at(const struct trace_file *file, unsigned n);
const struct trace_module *trace_module_at(const struct trace_file *file, unsigned n);
/* A copy that the caller keeps, or NULL for none. */
char *trace_string_of(const struct trace_file *file, trace_string string);

#endif
