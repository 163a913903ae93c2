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
 * What was at the path is looked at before the call, as the program would see it; what it
 * has made, once, afterwards. All keep errno.
 */
#ifndef PRIVTMP_TRACE_POINT_H
#define PRIVTMP_TRACE_POINT_H

#include "trace/trace.h"
#include "core/compiler.h"
#include "gen/trace_calls.h" /* CALL_name */
#include "policy/scan.h"

#define POINT_SITE ((uintptr_t)__builtin_return_address(0))

/* What a name is, and where. */
struct spot {
	trace_string path; /* 0: elsewhere, or no room */
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

/* By the second byte of an absolute path: whether it can be below a watched directory. */
extern unsigned char pt_watch_suspect[256] __attribute__((visibility("hidden")));
/* Whether the working directory is neither in a watched one nor above one. */
extern bool pt_watch_cwd_clear __attribute__((visibility("hidden")));

/* The quick look: false where PATH certainly is of no interest. */
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

/* Reads which directories are watched; TMPDIR: the process's own, or NULL. */
void watch_start(const char *tmpdir);
/* The working directory has changed. */
void watch_moved(void);

/* The longest path that is looked at. */
enum { WATCH_PATH = 1024 };

/*
 * Writes PATH, seen from FD, as an absolute path without "." and ".." to OUT where that
 * is below a watched directory, and returns its length; *ROOT: that of the directory's
 * name. Else 0.
 */
size_t watch_path(int fd, const char *path, char out[WATCH_PATH], size_t *root);

/*
 * Writes the view's name of what is open as FD (AT_FDCWD: the working directory), and
 * returns its length, or 0.
 */
size_t watch_name_of(int fd, char out[WATCH_PATH]);

/* Who can change what PATH (as above) leads to, and what is there. */
void watch_look(char *path, size_t len, size_t root, uint32_t *place,
		struct trace_object *object);
/* What is open as FD. */
void watch_look_fd(int fd, struct trace_object *object);

/* False where the call is of no interest; *P is set. */
bool point_begin(struct point *p, uint32_t call, uintptr_t site, int fd,
		 const char *path);
/* The same for a call's second path. */
void point_other(struct point *p, int fd, const char *path);
/* Before a call that does not come back, or not to here. */
void point_before(struct point *p);
/* After it. RESULT: a descriptor where FD. */
void point_end(struct point *p, bool failed, long result, bool fd);
/* A look at what is open as FD, where that was opened by a watched path. */
void point_looked(uint32_t call, uintptr_t site, int fd);
/*
 * Before a program is executed: written down wherever it lies, so that the auditor knows of
 * those that it does not see.
 */
void point_exec(struct point *p, uint32_t call, uintptr_t site, int fd, const char *path);
/*
 * A text that another program is told: notes the names in it that are in a watched
 * directory. VARIABLE: it is one of the environment's.
 */
void point_told(uint32_t call, uintptr_t site, const char *text, bool variable);
/* Where a program without a slash is looked for: watched directories on the way to it. */
void point_search(uint32_t call, uintptr_t site, const char *file);
/* Before main: what the process itself was told. */
void point_start(char *const *envp);

/* fopen(3)'s mode as open(2)'s flags. */
unsigned point_stream_flags(const char *mode);

#endif
