/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which paths are watched, and what is there; see point.h. Paths are resolved by their text
 * alone: links on the way are not followed.
 */
#define _GNU_SOURCE
#include "trace/point.h"
#include "core/sys.h"
#include "policy/text.h"
#include "route/route.h"
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sysmacros.h>

unsigned char pt_watch_suspect[256];
bool pt_watch_cwd_clear;

/* -- Which directories -- */

/* Adds DIR, if others can write to it and it is not in the list yet. */
static void add_directory(const char *dir)
{
	const size_t len = strlen(dir);
	struct statx st;
	uint32_t n = __atomic_load_n(&pt_trace->watched, __ATOMIC_ACQUIRE);

	if (dir[0] != '/' || !dir[1] || dir[len - 1] == '/' || len >= TRACE_DIR)
		return;
	for (uint32_t i = 0; i < n && i < TRACE_WATCHED; i++) {
		const char *in = text_after(dir, pt_trace->watch[i]);

		if (in && (!*in || *in == '/'))
			return;
	}
	if (n >= TRACE_WATCHED || sys_statx(AT_FDCWD, dir, 0, &st) < 0 ||
	    !S_ISDIR(st.stx_mode) || !(st.stx_mode & 022))
		return;
	memcpy(pt_trace->watch[n], dir, len + 1);
	__atomic_compare_exchange_n(&pt_trace->watched, &n, n + 1, false,
				    __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

void watch_start(const char *tmpdir)
{
	if (!pt_trace)
		return;
	if (tmpdir)
		add_directory(tmpdir);
	for (uint32_t i = 0; i < pt_trace->watched && i < TRACE_WATCHED; i++)
		pt_watch_suspect[(unsigned char)pt_trace->watch[i][1]] = 1;
	/* "//tmp", "/./tmp". */
	pt_watch_suspect['/'] = pt_watch_suspect['.'] = 1;
	watch_moved();
}

/* The length of the name of the watched directory that PATH is below, or 0. */
static size_t watched_root(const char *path)
{
	for (uint32_t i = 0; i < pt_trace->watched && i < TRACE_WATCHED; i++) {
		const char *in = text_after(path, pt_trace->watch[i]);

		if (in && *in == '/' && in[1])
			return (size_t)(in - path);
	}
	return 0;
}

/* -- Paths -- */

/* Appends the components of PATH to OUT (LEN bytes so far). The new length, or 0. */
static size_t append(char *out, size_t len, const char *path)
{
	while (*path) {
		size_t n;

		path += strspn(path, "/");
		n = text_until(path, "/");
		if (n == 2 && path[0] == '.' && path[1] == '.') {
			while (len && out[--len] != '/')
				;
		} else if (n && !(n == 1 && path[0] == '.')) {
			if (len + n + 2 > WATCH_PATH)
				return 0;
			out[len++] = '/';
			memcpy(out + len, path, n);
			len += n;
		}
		path += n;
	}
	out[len] = '\0';
	return len;
}

size_t watch_name_of(int fd, char out[WATCH_PATH])
{
	ssize_t n;

	if (fd == AT_FDCWD) {
		n = sys_getcwd(out, WATCH_PATH) - 1;
	} else {
		n = sys_fd_name(fd, out, WATCH_PATH - 1);
	}
	if (n <= 0 || n >= WATCH_PATH || out[0] != '/')
		return 0;
	out[n] = '\0';
	if (pt_view.policy) {
		int guard = view_backing_of(out, (size_t)n);

		if (guard >= 0) {
			const size_t skip = pt_view.policy->guard[guard].prefix.len;

			memmove(out, out + skip, (size_t)n - skip + 1);
			n -= (ssize_t)skip;
		}
	}
	return (size_t)n;
}

void watch_moved(void)
{
	char cwd[WATCH_PATH];
	size_t len;
	bool clear = true;

	if (!pt_trace)
		return;
	len = watch_name_of(AT_FDCWD, cwd);
	if (!len)
		clear = false;
	for (uint32_t i = 0; clear && i < pt_trace->watched && i < TRACE_WATCHED; i++) {
		const char *dir = pt_trace->watch[i];
		const char *in = text_after(cwd, dir), *above = text_after(dir, cwd);

		if (len == 1 || (in && (!*in || *in == '/')) || (above && *above == '/'))
			clear = false;
	}
	__atomic_store_n(&pt_watch_cwd_clear, clear, __ATOMIC_RELAXED);
}

/*
 * A few descriptors of directories that are not watched, by number: most calls use the same
 * descriptor again and again.
 */
enum { ELSEWHERE = 8 };
static uint64_t elsewhere[ELSEWHERE];

static bool is_elsewhere(int fd, uint64_t *key)
{
	struct statx st;

	*key = 0;
	if (sys_statx(fd, "", AT_EMPTY_PATH, &st) < 0)
		return true;
	*key = trace_mix(trace_mix(st.stx_ino, st.stx_dev_minor), st.stx_dev_major);
	return __atomic_load_n(&elsewhere[*key % ELSEWHERE], __ATOMIC_RELAXED) == *key;
}

size_t watch_path(int fd, const char *path, char out[WATCH_PATH], size_t *root)
{
	size_t len = 0, start = 0;
	uint64_t key = 0;

	if (view_length(path) <= 0)
		return 0;
	if (path[0] != '/') {
		if (fd != AT_FDCWD && is_elsewhere(fd, &key) && !strstr(path, ".."))
			return 0;
		start = watch_name_of(fd, out);
		if (!start)
			return 0;
		len = start == 1 ? 0 : start;
	}
	len = append(out, len, path);
	if (!len)
		return 0;
	*root = watched_root(out);
	/* From "/" or "/var" a path can lead into a watched directory. */
	if (!*root && key && start > 4 && !strstr(path, ".."))
		__atomic_store_n(&elsewhere[key % ELSEWHERE], key, __ATOMIC_RELAXED);
	return *root ? len : 0;
}

/* -- What is there -- */

static void describe(const struct statx *st, struct trace_object *object)
{
	static const uint8_t types[] = {
		[S_IFREG >> 12] = TRACE_FILE,	 [S_IFDIR >> 12] = TRACE_DIRECTORY,
		[S_IFLNK >> 12] = TRACE_LINK,	 [S_IFIFO >> 12] = TRACE_FIFO,
		[S_IFSOCK >> 12] = TRACE_SOCKET,
	};
	const unsigned kind = (st->stx_mode & S_IFMT) >> 12;

	object->type = kind < sizeof types && types[kind] ? types[kind] : TRACE_OTHER;
	object->mode = st->stx_mode & 07777;
	object->uid = st->stx_uid;
	object->nlink = st->stx_nlink;
	object->ino = st->stx_ino;
}

/* Looks at PATH as the program would see it. 0 or -errno. */
static int look(const char *path, struct statx *st)
{
	struct route r;
	int ret;

	if (!pt_view.policy)
		return sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, st);
	/* Only in a live session: a look must not make one. */
	if (pt_session.state == SESSION_PLANNED)
		return -ENOENT;
	char room[route_plan(&r, AT_FDCWD, path, NOFOLLOW, ROUTE_READ)];

	ret = route_go(&r, room) < 0 ?
		      -errno :
		      sys_statx(AT_FDCWD, r.path, AT_SYMLINK_NOFOLLOW, st);
	route_end(&r);
	return ret;
}

void watch_look_fd(int fd, struct trace_object *object)
{
	struct statx st;

	memset(object, 0, sizeof *object);
	if (sys_statx(fd, "", AT_EMPTY_PATH, &st) == 0)
		describe(&st, object);
}

/* What a directory on the way means for the files in it. */
static uint32_t place_in(const struct statx *st, uint32_t euid)
{
	if (!S_ISDIR(st->stx_mode))
		return S_ISLNK(st->stx_mode) && st->stx_uid == euid ? PLACE_PRIVATE :
								      PLACE_FOREIGN;
	if (st->stx_uid != euid && st->stx_uid != 0)
		return PLACE_FOREIGN;
	if (st->stx_mode & 022)
		return st->stx_mode & S_ISVTX ? PLACE_SHARED : PLACE_OPEN;
	return st->stx_mode & 077 ? PLACE_PRIVATE : PLACE_CLOSED;
}

void watch_look(char *path, size_t len, size_t root, uint32_t *place,
		struct trace_object *object)
{
	const uint32_t euid = sys_geteuid();
	const int saved = errno;
	struct statx st;

	memset(object, 0, sizeof *object);
	*place = PLACE_SHARED;
	for (size_t at = root + 1; at < len; at++) {
		uint32_t in;
		int ret;

		if (path[at] != '/')
			continue;
		path[at] = '\0';
		ret = look(path, &st);
		path[at] = '/';
		if (ret < 0)
			break;
		in = place_in(&st, euid);
		/*
		 * The directories above count, too: others may be able to remove this one.
		 */
		if (*place != PLACE_OPEN || in == PLACE_FOREIGN)
			*place = in;
		if (in == PLACE_PRIVATE || in == PLACE_CLOSED || in == PLACE_FOREIGN)
			break;
	}
	if (look(path, &st) == 0)
		describe(&st, object);
	else
		object->type = TRACE_ABSENT;
	errno = saved;
}
