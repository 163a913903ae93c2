/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A trace point: around a wrapper's work.
 *
 *     struct point p;
 *
 *     if (likely(!point_wanted(AT_FDCWD, path)))
 *             return pt_open(path, flags, mode);
 *     point_begin(&p, CALL_open, POINT_SITE, AT_FDCWD, path);
 *     ret = pt_open(path, flags, mode);
 *     point_end(&p, ret < 0, ret);
 *
 * point_begin looks at the path before the call, as the program would see it. point_end looks
 * at what the call has made, once for each record. All functions keep errno.
 */
#ifndef PRIVTMP_TRACE_POINT_H
#define PRIVTMP_TRACE_POINT_H

#include "trace/trace.h"
#include "core/compiler.h"
#include "gen/trace_calls.h" /* CALL_name */
#include "policy/scan.h"

#define POINT_SITE ((uintptr_t)__builtin_return_address(0))

/* A path, and where it is. */
struct spot {
	trace_string path; /* 0: not watched, or no room */
	uint32_t place;	   /* enum trace_place */
	bool shape;
	struct trace_object object;
};

struct point {
	bool on;
	uint32_t call, a, b, line, flags;
	uint64_t site;
	struct spot spot, other;
};

/*
 * Indexed by the second byte of an absolute path: whether it can be in a watched directory.
 */
extern unsigned char pt_watch_suspect[256] __attribute__((visibility("hidden")));
/* Whether the working directory is neither in a watched directory nor above one. */
extern bool pt_watch_cwd_clear __attribute__((visibility("hidden")));

/* False if PATH is certainly not in a watched directory. */
static inline bool point_wanted(int fd, const char *path)
{
	if (likely(!pt_trace))
		return false;
	if (unlikely(!view_scan(path)))
		return true;
	if (path[0] == '/')
		return pt_watch_suspect[(unsigned char)path[1]];
	return fd != AT_FDCWD || !__atomic_load_n(&pt_watch_cwd_clear, __ATOMIC_RELAXED);
}

/* Reads the list of watched directories. TMPDIR: this process's, or NULL. */
void watch_start(const char *tmpdir);
/* Call when the working directory has changed. */
void watch_moved(void);

/* The longest path that is recorded. */
enum { WATCH_PATH = 1024 };

/*
 * If PATH, seen from FD, is below a watched directory, writes it as an absolute path
 * without "." and ".." to OUT. Returns its length, or 0. *ROOT: the length of the watched
 * directory's name.
 */
size_t watch_path(int fd, const char *path, char out[WATCH_PATH], size_t *root);

/*
 * Writes the view's name of FD (AT_FDCWD: the working directory). Returns its length, or 0.
 */
size_t watch_name_of(int fd, char out[WATCH_PATH]);

/* Looks at PATH (as above): who can change where it leads, and what is there. */
void watch_look(char *path, size_t len, size_t root, uint32_t *place,
		struct trace_object *object);
/* Looks at the file that is open as FD. */
void watch_look_fd(int fd, struct trace_object *object);

/* False: the call is not to be recorded. *P is set in any case. */
bool point_begin(struct point *p, uint32_t call, uintptr_t site, int fd,
		 const char *path);
/* The same for a call's second path. */
void point_other(struct point *p, int fd, const char *path);
/* Call before a call that does not return, or not to this place. */
void point_before(struct point *p);
/* Call after the call. FD: RESULT is a descriptor. */
void point_end(struct point *p, bool failed, long result, bool fd);
/* Records a look at FD, if that was opened by a watched path. */
void point_looked(uint32_t call, uintptr_t site, int fd);
/*
 * Call before a program is executed. It is recorded in any directory, so that the report
 * can name programs that were not audited.
 */
void point_exec(struct point *p, uint32_t call, uintptr_t site, int fd, const char *path);
/*
 * Records the watched paths in a text that another program gets. VARIABLE: the text is an
 * environment variable.
 */
void point_told(uint32_t call, uintptr_t site, const char *text, bool variable);
/* Records the watched directories that are searched for a program without a slash. */
void point_search(uint32_t call, uintptr_t site, const char *file);
/* Call before main: remembers the variables that this process has got. */
void point_start(char *const *envp);

/* The flags of open(2) for a mode of fopen(3). */
unsigned point_stream_flags(const char *mode);

#endif
