/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The walk; see walk.h. No allocation but the workspace's pages, no lock, no
 * errno: safe in a signal handler and between vfork and exec.
 */
#define _GNU_SOURCE
#include "route/walk.h"
#include "core/seccomp.h"
#include "core/sys.h"
#include "session/plan.h"
#include "session/session.h"
#include "route/shared.h"
#include "route/sticky.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

char *walk_real(struct walk *walk, size_t *len, int *guard)
{
	char *view = walk_view(walk);
	size_t inside;

	*len = walk->len;
	*guard = view_guard_of(view, walk->len, &inside);
	if (*guard >= 0 && shared_is(view, walk->len, inside))
		*guard = -1;
	if (*guard < 0)
		return view;
	const struct text *prefix = &pt_view.policy->guard[*guard].prefix;

	memcpy(view - prefix->len, prefix->at, prefix->len);
	*len += prefix->len;
	return view - prefix->len;
}

bool walk_append(struct walk *walk, const char *name, size_t len)
{
	char *view = walk_view(walk);
	size_t slash = !(walk->len == 1 && view[0] == '/');

	if (walk->len + slash + len >= WALK_PATH)
		return false;
	if (slash)
		view[walk->len++] = '/';
	memcpy(view + walk->len, name, len);
	walk->len += len;
	view[walk->len] = '\0';
	return true;
}

void walk_truncate(struct walk *walk, size_t len)
{
	if (unlikely(walk->deep >= 0) && len < walk->deep_len)
		walk_forget_deep(walk);
	walk->len = len ? len : 1;
	walk_view(walk)[walk->len] = '\0';
}

bool walk_at_guard(struct walk *walk)
{
	size_t inside;

	return view_guard_of(walk_view(walk), walk->len, &inside) >= 0 &&
	       inside == walk->len;
}

bool walk_is_private(struct walk *walk)
{
	size_t len;
	int guard;

	walk_real(walk, &len, &guard);
	return guard >= 0;
}

/* The path is absolute from here on. */
static void leave_base(struct walk *walk)
{
	walk->base_len = 0;
	walk->jump[0] = '\0';
}

/* The path is now seen from the parent of its base. */
static void raise_base(struct walk *walk)
{
	walk->base_ups++;
	walk->base_len = walk->len;
}

bool walk_put_seen(struct walk *walk)
{
	enum { UP = sizeof "../" - 1 };
	size_t ups = UP * walk->base_ups, jump = strlen(walk->jump), rest;
	const char *behind = walk_view(walk) + walk->base_len;
	char *out = walk->text;

	while (*behind == '/')
		behind++;
	rest = strlen(behind) + 1;
	if (jump + (jump > 0) + ups + rest > PATH_MAX)
		return false;
	memcpy(out, walk->jump, jump);
	if (jump)
		out[jump++] = '/';
	for (size_t at = 0; at < ups; at += UP)
		memcpy(out + jump + at, "../", UP);
	memcpy(out + jump + ups, behind, rest);
	return true;
}

/* Reads a link whose real path is too long for one call, in two steps. */
static long read_long(struct walk *walk, char *real, size_t size)
{
	char *cut = real + PATH_MAX - 1;
	long ret;
	int fd;

	while (*cut != '/')
		cut--;
	*cut = '\0';
	fd = sys_openat(AT_FDCWD, real, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	*cut = '/';
	if (fd < 0)
		return fd;
	ret = sys_readlinkat(fd, cut + 1, walk->text, size);
	sys_close(fd);
	return ret;
}

/*
 * readlinkat(2) of the path into the text (SIZE bytes). Seen from the base, as the
 * kernel does: a process with an open directory may be unable to reach it by name.
 */
static long read_seen(struct walk *walk, size_t size)
{
	size_t len;
	int guard;
	const char *deep = walk_deep_name(walk);
	char *real;

	if (deep)
		return sys_readlinkat(walk->deep, deep, walk->text, size);
	if (!walk->base_len) {
		real = walk_real(walk, &len, &guard);
		return unlikely(len >= PATH_MAX) ?
			       read_long(walk, real, size) :
			       sys_readlinkat(AT_FDCWD, real, walk->text, size);
	}
	/* What is read may take the name's place. */
	if (!walk_put_seen(walk))
		return -ENAMETOOLONG;
	return sys_readlinkat(walk->base, walk->text, walk->text, size);
}

/* Where the program's filter kills it for readlinkat(2), nothing is taken for a link. */
static long read_link(struct walk *walk, size_t size)
{
	long ret = read_seen(walk, size);

	return ret == -EPERM && unlikely(seccomp_count != 0) ? -EINVAL : ret;
}

char *walk_seen(struct walk *walk, const char *real)
{
	struct statx st;

	if (!walk->base_len || !walk->jump[0] ||
	    sys_statx(AT_FDCWD, real, AT_SYMLINK_NOFOLLOW, &st) != -EACCES ||
	    !walk_put_seen(walk))
		return NULL;
	return walk->text;
}

/*
 * Whether the walk may go up from the directory. The kernel requires that it can be
 * searched; glibc's realpath removes any name.
 */
static int may_step_up(struct walk *walk)
{
	size_t before = walk->len;
	long ret;

	if (!walk_append(walk, ".", walk->lexical ? 0 : 1))
		return -ENAMETOOLONG;
	ret = read_link(walk, 1);
	walk_truncate(walk, before);
	return ret == -EINVAL ? 0 : ret < 0 ? (int)ret : -ENOTDIR;
}

int walk_enter(struct walk *walk)
{
	size_t len;
	int guard;

	/* The path is in the backing, where ".." is looked up, too. */
	walk_real(walk, &len, &guard);
	walk->crossed = true;
	walk->foreign = false;
	leave_base(walk);
	return guard < 0 ? 0 : session_need_backing((unsigned)guard, true);
}

/* One step up. */
static int step_up(struct walk *walk)
{
	size_t before = walk->len;
	char *view = walk_view(walk), *slash;
	bool was_private = walk_is_private(walk) && !walk->foreign;
	int ret;

	if (before == 1)
		return 0;
	if (walk->foreign)
		walk->crossed = true;
	if (walk->deleted) {
		/* A removed directory still has a parent, but no name. */
		walk->deleted = false;
	} else {
		ret = may_step_up(walk);
		if (ret < 0)
			return ret;
	}
	bool leaves = walk_at_guard(walk);

	slash = text_last(view, '/', walk->len);
	walk_truncate(walk, (size_t)(slash - view));
	if (leaves || (!was_private && walk_is_private(walk))) {
		walk->crossed = true;
		leave_base(walk);
	} else if (walk->len < walk->base_len) {
		raise_base(walk);
	}
	walk->foreign = false;
	return 0;
}

bool walk_is_last(const struct walk *walk, const char *ahead)
{
	const char *end = walk->ahead + WALK_AHEAD;

	if (walk->more_len)
		return false;
	while (ahead < end && *ahead == '/')
		ahead++;
	return ahead == end;
}

/*
 * A trailing slash requires a directory, "/." one that can be searched. The result
 * keeps them.
 */
static bool wants_search(const char *path, size_t len)
{
	while (len > 1 && path[len - 1] == '/')
		len--;
	return len > 1 && path[len - 1] == '.' && path[len - 2] == '/';
}

static bool wants_directory(const char *path, size_t len)
{
	return path[len - 1] == '/' || wants_search(path, len);
}

char *walk_put_ahead(struct walk *walk, char *ahead, size_t text_len)
{
	char *end = walk->ahead + WALK_AHEAD;
	bool more = ahead < end && *ahead != '/';

	if (walk_is_last(walk, ahead)) {
		walk->directory |= wants_directory(walk->text, text_len);
		walk->searched |= wants_search(walk->text, text_len);
	}
	if ((size_t)(ahead - walk->ahead) < text_len + 1)
		return NULL;
	if (more)
		*--ahead = '/';
	ahead -= text_len;
	memcpy(ahead, walk->text, text_len);
	return ahead;
}

static bool in_procfs(struct walk *walk)
{
	return walk->len > 6 && !memcmp(walk_view(walk), "/proc/", 6);
}

/*
 * Whether the link that was just read is a magic one of procfs: absolute, or such as
 * "pipe:[1]". Other links there are plain relative ones.
 */
static bool is_magic(struct walk *walk)
{
	return in_procfs(walk) && (walk->text[0] == '/' || strchr(walk->text, ':'));
}

/* Whether the first component ahead is "..". */
static bool goes_up(const char *ahead, const char *end)
{
	while (ahead < end && *ahead == '/')
		ahead++;
	return end - ahead >= 2 && ahead[0] == '.' && ahead[1] == '.' &&
	       (end - ahead == 2 || ahead[2] == '/');
}

/* Whether the magic link that was just read leads to a directory in a shared one. */
static bool leads_to_shared(struct walk *walk, size_t text_len)
{
	size_t inside;

	return view_guard_of(walk->text, text_len, &inside) >= 0 &&
	       view_backing_of(walk->text, text_len) < 0 &&
	       !shared_is(walk->text, text_len, inside) &&
	       walk_is_directory(AT_FDCWD, walk_view(walk));
}

/* Follows a magic link: the path becomes its target, in the view. */
static int jump(struct walk *walk, size_t text_len, const char *ahead)
{
	int guard = view_backing_of(walk->text, text_len);
	size_t prefix = guard < 0 ? 0 : pt_view.policy->guard[guard].prefix.len;

	walk->jumped = true;
	if (walk->text[0] != '/')
		return -ENOLINK; /* no name: only the kernel can go on */
	if (walk_is_deleted(AT_FDCWD, walk_view(walk), walk->text, text_len)) {
		if (!goes_up(ahead, walk->ahead + WALK_AHEAD) ||
		    !walk_is_directory(AT_FDCWD, walk_view(walk)))
			return -ENOLINK; /* nothing is in it */
		text_len -= WALK_DELETED;
		walk->deleted = true;
	}
	leave_base(walk);
	/* glibc's realpath goes on by the target's name. */
	if (!walk->lexical && walk->len < sizeof walk->jump) {
		memcpy(walk->jump, walk_view(walk), walk->len + 1);
		walk->base = AT_FDCWD;
		walk->base_len = text_len - prefix;
		walk->base_ups = 0;
	}
	memcpy(walk_view(walk), walk->text + prefix, text_len - prefix);
	walk_truncate(walk, text_len - prefix);
	return guard < 0 ? walk_arrive(walk) : 0;
}

/* Follows a magic link to a directory whose name is too long. As walk_jump_unnamed. */
static int jump_unnamed(struct walk *walk, char **ahead, enum follow follow)
{
	size_t len;
	int guard;

	walk->jumped = true;
	return walk_jump_unnamed(walk, walk_real(walk, &len, &guard), ahead, follow);
}

/*
 * Looks up the component that was just appended. 1 for a link to be followed (text and
 * *TEXT_LEN), 0 for anything else, or -errno.
 */
static int look_up(struct walk *walk, size_t *text_len)
{
	long n = read_link(walk, WALK_TEXT - 1);

	if (n == -EINVAL)
		return 0;
	if (n < 0)
		return (int)n;
	walk->text[n] = '\0';
	*text_len = (size_t)n;
	return 1;
}

/*
 * Takes the next part of an overlong path, so that a name and what follows it are seen
 * whole. Returns the new beginning.
 */
static char *put_more(struct walk *walk, char *ahead)
{
	enum { FEW = 2 * (NAME_MAX + 1), PIECE = 1024 };
	char *end = walk->ahead + WALK_AHEAD;
	size_t left = (size_t)(end - ahead), n = walk->more_len;

	if (likely(!n) || left >= FEW)
		return ahead;
	if (n > PIECE)
		n = PIECE;
	memmove(ahead - n, ahead, left);
	memcpy(end - n, walk->more, n);
	walk->more += n;
	walk->more_len -= n;
	return ahead - n;
}

/*
 * Appends the rest unchanged, for the kernel to judge. It fails at the first name, so where
 * not all fits, "." stands for what follows that.
 */
static int append_rest(struct walk *walk, const char *ahead, const char *end)
{
	const char *slash;

	while (ahead < end && *ahead == '/')
		ahead++;
	if (ahead >= end || walk_append(walk, ahead, (size_t)(end - ahead)))
		return 0;
	slash = memchr(ahead, '/', (size_t)(end - ahead));
	return slash && walk_append(walk, ahead, (size_t)(slash - ahead)) &&
			       walk_append(walk, ".", 1) ?
		       0 :
		       -ENAMETOOLONG;
}

/*
 * Enters the component NAME. 0: go on; 1: the walk ends here, and the rest goes to the
 * kernel unchanged; or -errno. *AHEAD moves where a link was followed.
 */
static int step_into(struct walk *walk, const char *name, size_t len, char **ahead,
		     enum follow follow)
{
	char *end = walk->ahead + WALK_AHEAD;
	size_t before = walk->len, text_len = 0;
	bool slashes = *ahead < end;
	bool last = walk_is_last(walk, *ahead);
	bool was_private = walk_is_private(walk);
	int ret;

	if (walk->deleted) {
		/* Nothing is in it, which the kernel reports. */
		walk->complete = false;
		*ahead = (char *)name;
		return 1;
	}
	if (!walk_append(walk, name, len))
		return -ENAMETOOLONG;
	if (walk_at_guard(walk))
		return walk_enter(walk);
	if (was_private && !walk_is_private(walk)) {
		walk->crossed = true; /* a shared path */
		leave_base(walk);
	}
	if (last && !walk_follows(follow, slashes))
		return 0;
	ret = look_up(walk, &text_len);
	if (ret == -ENAMETOOLONG && in_procfs(walk) && !(last && !slashes)) {
		/* The kernel would follow the links below as they are. */
		ret = jump_unnamed(walk, ahead, follow);
		if (ret == 0 || ret == -ENOLINK)
			return ret;
	}
	if (unlikely(ret < 0 && walk_is_passing(ret)))
		return ret;
	if (ret < 0) {
		/* The kernel takes another way, on which it must not find a link. */
		walk->crossed |= walk->jumped && !walk->base_len;
		walk->complete = false;
		return 1;
	}
	if (ret == 0)
		return 0;
	if (++walk->links > SYS_LINKS)
		return -ELOOP;
	ret = walk_check_link(walk, before, &text_len);
	if (ret < 0)
		return ret;
	if (is_magic(walk)) {
		/* The last component may be no path at all: left to the kernel. */
		if (last && !slashes && !leads_to_shared(walk, text_len))
			return 1;
		ret = jump(walk, text_len, *ahead);
		return ret == -ENOLINK ? 1 : ret;
	}
	*ahead = walk_put_ahead(walk, *ahead, text_len);
	if (!*ahead)
		return -ENAMETOOLONG;
	walk_truncate(walk, walk->text[0] == '/' ? 1 : before);
	if (walk->text[0] == '/')
		leave_base(walk);
	return 0;
}

/* Walks the rest. */
static int walk_on(struct walk *walk, char *ahead, enum follow follow)
{
	char *end = walk->ahead + WALK_AHEAD;
	int links = -1, ret = 0;
	bool private = false;

	for (;;) {
		char *name, *next;
		size_t len;

		do {
			ahead = put_more(walk, ahead);
			while (ahead < end && *ahead == '/')
				ahead++;
		} while (unlikely(walk->more_len && end - ahead <= NAME_MAX + 1));
		if (ahead >= end)
			return 0;
		/* At the start, over a border and behind a link. */
		if (walk->links != links || walk_is_private(walk) != private) {
			links = walk->links;
			private = walk_is_private(walk);
			ahead = walk_over_plain(walk, ahead);
		}
		name = ahead;
		next = memchr(name, '/', (size_t)(end - name));
		ahead = next ? next : end;
		len = (size_t)(ahead - name);
		bool dot = len == 1 && name[0] == '.';
		bool up = len == 2 && name[0] == '.' && name[1] == '.';

		if ((dot || up) && (follow == PARENT || follow == CREATE) &&
		    walk_is_last(walk, ahead))
			return append_rest(walk, name, end);
		if (dot)
			ret = 0;
		else if (up)
			ret = step_up(walk);
		else
			ret = step_into(walk, name, len, &ahead, follow);
		if (up && ret < 0 && !walk_is_passing(ret)) {
			/* The kernel fails at the same "..". */
			walk->complete = false;
			return append_rest(walk, name, end);
		}
		if (ret)
			break;
	}
	return ret < 0 ? ret : append_rest(walk, ahead, end);
}

int walk_path(struct walk *walk, int dirfd, const char *path, size_t len,
	      enum follow follow)
{
	size_t piece = len < PATH_MAX || follow != FOLLOW ? len : 0;
	char *ahead = walk->ahead + WALK_AHEAD - piece;
	int ret;

	memcpy(ahead, path, piece);
	walk->more = path + piece;
	walk->more_len = len - piece;
	ahead = put_more(walk, ahead);
	walk_forget_deep(walk);
	/* Of a walk before, in the same workspace. */
	if (walk->held >= 0)
		sys_close(walk->held);
	walk->held = -1;
	walk->crossed = false;
	walk->complete = true;
	walk->foreign = false;
	walk->deleted = false;
	walk->jumped = false;
	walk->directory = wants_directory(path, len);
	walk->searched = wants_search(path, len);
	walk->links = 0;
	leave_base(walk);
	if (path[0] == '/') {
		walk_view(walk)[0] = '/';
		walk_truncate(walk, 1);
	} else {
		ret = walk_start(walk, dirfd, &ahead, follow);
		/* The start has no name: only the kernel can follow the path. */
		if (ret == -ENOLINK)
			walk->len = 0;
		if (ret < 0)
			return ret == -ENOLINK ? 0 : ret;
	}
	ret = walk_on(walk, ahead, follow);
	if (ret == -ENOLINK) {
		/* Below too long a name: the kernel's, if it comes by there itself. */
		walk->len = 0;
		return walk->crossed ? -EACCES : 0;
	}
	if (ret < 0)
		return ret;
	/* Only the kernel could go on, and the rest is too long for it. */
	if (walk->more_len && walk->jumped && walk->crossed)
		return -ENAMETOOLONG;
	if (walk->directory && !wants_directory(walk_view(walk), walk->len) &&
	    !walk_append(walk, ".", walk->searched))
		return -ENAMETOOLONG;
	return 0;
}
