/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * posix_spawn's file actions: libc carries them out in the child, where no wrapper sees
 * it. So the paths are redirected when they are added. A relative path is seen from the
 * directory to which the actions before it lead, or else from the working directory at
 * that time. Where it would lead elsewhere later, posix_spawn fails.
 */
#define _GNU_SOURCE
#include "wrap/open_flags.h"
#include "core/sys.h"
#include "route/lists.h"
#include "route/out.h"
#include "session/hints_use.h"
#include "session/session.h"
#include "session/trust.h"
#include "wrap/exec.h"
#include "wrap/spawn_places.h"
#include "wrap/wrap.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

enum { MOVER_DIR = 256, KEPT_PATH = 1024 };

/* Lists that change the directory. */
struct mover {
	char dir[MOVER_DIR]; /* where they lead, seen from the caller; empty: unknown */
};
static struct movers {
	struct places of;
	struct mover at[PLACES];
} movers;
static bool too_many; /* any list may */

/*
 * Lists with relative names that lead into a guarded directory from some directories: that
 * from which they were seen. libc resolves them from that of the time of posix_spawn.
 */
struct start {
	uint64_t inode;
	uint32_t major, minor;
	bool known;
};
static struct starts {
	struct places of;
	struct start at[PLACES];
} starts;

/*
 * Links of procfs, behind which a name goes on: those of a process lead to what it has when
 * it uses the name, which is another than the caller for "self".
 */
struct magic {
	bool any;
	bool cwd;     /* of the child */
	uint64_t fds; /* of the child; as OPENED */
};

/*
 * What libc was given for lists. It follows the links that are there at the time of
 * posix_spawn, as the kernel does.
 */
struct kept {
	unsigned intent;
	enum follow follow;
	struct magic magic;
	char path[KEPT_PATH]; /* empty: it is too long */
};
static struct keeps {
	struct places of;
	struct kept at[PLACES];
} keeps;
static bool too_many_kept, any_magic, too_many_magic;

/*
 * The numbers, as bits, that some list opens: for it they may be other directories than
 * those that the caller has. The last bit stands for all higher ones. Never reset.
 */
static uint64_t opened;

static uint64_t bit_of(int fd)
{
	return (uint64_t)1 << (fd < 0 || fd > 63 ? 63 : fd);
}

static void opens(int fd)
{
	__atomic_fetch_or(&opened, bit_of(fd), __ATOMIC_RELAXED);
}

/* What is known of ACTIONS, which the places stay for; or NULL. */
static struct mover *mover_of(const void *actions)
{
	return places_exchange(&movers.of, sizeof(struct mover), actions, actions);
}

static struct start *start_of(const void *actions)
{
	return places_exchange(&starts.of, sizeof(struct start), actions, actions);
}

/* ACTIONS have nothing yet, or no more. */
static void forget(const void *actions)
{
	while (places_exchange(&keeps.of, sizeof(struct kept), actions, NULL))
		;
	places_exchange(&movers.of, sizeof(struct mover), actions, NULL);
	places_exchange(&starts.of, sizeof(struct start), actions, NULL);
}

static void look_here(struct start *start)
{
	struct statx st;

	start->known = sys_statx(AT_FDCWD, ".", 0, &st) == 0;
	if (!start->known)
		return;
	start->inode = st.stx_ino;
	start->major = st.stx_dev_major;
	start->minor = st.stx_dev_minor;
}

static bool is_here(const struct start *start)
{
	struct start here = { .known = false };

	look_here(&here);
	return start->known && here.known && start->inode == here.inode &&
	       start->major == here.major && start->minor == here.minor;
}

/*
 * Notes that ACTIONS are to have the name SEEN, where that depends on the working directory.
 * An errno where there is no place.
 */
static int note_start(const void *actions, const char *seen)
{
	struct start *start;
	unsigned guard;
	size_t len;

	if (seen[0] == '/' || !pt_view.policy ||
	    view_kind(seen, false, &guard, &len) == VIEW_PASS)
		return 0;
	start = start_of(actions);
	if (start) {
		start->known = is_here(start);
		return 0;
	}
	start = places_take(&starts.of, sizeof *start, actions);
	if (!start)
		return ENOMEM;
	look_here(start);
	return 0;
}

bool spawn_may_start(const void *actions)
{
	const struct start *start = actions ? start_of(actions) : NULL;

	return !start || is_here(start);
}

static bool is_component(const char *at, size_t len, const char *name)
{
	return len == strlen(name) && !memcmp(at, name, len);
}

/* What PATH goes on behind. WHOLE: so does what its last component leads to. */
static struct magic find_magic(const char *path, bool whole)
{
	enum { STREAMS = 7 }; /* /dev/stdin and the like */
	struct magic magic = { .any = false };
	bool top = true, proc = path[0] != '/', own = false, numbers = false;

	for (const char *at = path; *at; at += *at == '/') {
		const char *name = at;
		const size_t len = strcspn(at, "/");
		unsigned long number;
		uint64_t fds = 0;

		at += len;
		if (!len || is_component(name, len, "."))
			continue;
		if (!at[strspn(at, "/")] && !whole)
			break;
		proc |= top && is_component(name, len, "proc");
		/* A relative one can start in /dev. */
		own |= (top &&
			(is_component(name, len, "dev") ||
			 is_component(name, len, "fd") || text_after(name, "std"))) ||
		       (proc && (is_component(name, len, "self") ||
				 is_component(name, len, "thread-self")));
		if (numbers && sys_number(name, &number) == len)
			fds = bit_of(number > INT_MAX ? -1 : (int)number);
		else if (own && text_after(name, "std"))
			fds = STREAMS;
		magic.any |= fds || is_component(name, len, "cwd");
		magic.cwd |= own && is_component(name, len, "cwd");
		magic.fds |= own ? fds : 0;
		numbers = is_component(name, len, "fd");
		top = is_component(name, len, "..");
	}
	return magic;
}

/* Whether what ACTIONS do before that takes MAGIC elsewhere than it leads the caller. */
static bool is_moved(const struct magic *magic, const void *actions)
{
	return (magic->fds & __atomic_load_n(&opened, __ATOMIC_RELAXED)) ||
	       (magic->cwd && spawn_may_move(actions));
}

bool spawn_moves_program(const void *actions, const char *path)
{
	struct magic magic;

	if (!actions || view_length(path) <= 0)
		return false;
	magic = find_magic(path, false);
	return is_moved(&magic, actions);
}

/* Notes that ACTIONS have PATH, which R has led to from SEEN. */
static void keep(const void *actions, const struct route *r, const char *path,
		 const char *seen)
{
	const struct magic magic = find_magic(seen, false);
	const size_t len = strlen(path);
	struct kept *k;

	/* No link will be there; and an empty name leads nowhere. */
	if (!pt_view.policy || !len || !strcmp(path, "/dev/null"))
		return;
	if (magic.any)
		__atomic_store_n(&any_magic, true, __ATOMIC_RELAXED);
	k = places_take(&keeps.of, sizeof *k, actions);
	if (!k) {
		__atomic_store_n(&too_many_kept, true, __ATOMIC_RELAXED);
		if (magic.any)
			__atomic_store_n(&too_many_magic, true, __ATOMIC_RELAXED);
		return;
	}
	k->magic = magic;
	k->follow = r->follow;
	k->intent = r->intent;
	k->path[0] = '\0';
	if (len < KEPT_PATH)
		memcpy(k->path, path, len + 1);
}

static bool is_same_file(const char *one, const char *other)
{
	struct statx a, b;

	return sys_statx(AT_FDCWD, one, 0, &a) == 0 &&
	       sys_statx(AT_FDCWD, other, 0, &b) == 0 && trust_same(&a, &b);
}

/* Whether the view's name of what K has leads elsewhere now than the kernel would go. */
static bool leads_elsewhere(const struct kept *k)
{
	const char *seen = out_view(k->path);
	const bool link = route_may_have_link(AT_FDCWD, k->path);
	struct route r;
	bool elsewhere;

	if (!link && !view_is_mixed())
		return !k->path[0];
	char room[route_plan(&r, AT_FDCWD, seen, k->follow, k->intent)];

	if (route_go(&r, room) < 0)
		return link || errno == EACCES;
	elsewhere = link && strcmp(r.path, k->path) != 0 &&
		    !is_same_file(r.path, k->path);
	route_end(&r);
	return elsewhere;
}

/* Whether one of ACTIONS' names in BLOCK does. LINKS: by any link, not by procfs's alone. */
static bool any_leads_elsewhere(const struct places *block, const void *actions,
				bool links)
{
	for (size_t i = 0; i < PLACES; i++) {
		const struct kept *k = places_at(block, sizeof *k, i);

		if (__atomic_load_n(&block->list[i], __ATOMIC_RELAXED) == actions &&
		    (is_moved(&k->magic, actions) ||
		     ((links || k->magic.any) && leads_elsewhere(k))))
			return true;
	}
	return false;
}

bool spawn_leads_elsewhere(const void *actions)
{
	const int saved = errno;
	bool links, elsewhere;

	if (!actions || likely(!__atomic_load_n(&keeps.of.any, __ATOMIC_RELAXED)))
		return false;
	links = view_links() & LINKS_ANY || pt_view.links_exact || pt_view.confined;
	if (!links && likely(!__atomic_load_n(&any_magic, __ATOMIC_RELAXED)))
		return false;
	elsewhere = __atomic_load_n(links ? &too_many_kept : &too_many_magic,
				    __ATOMIC_RELAXED);
	for (const struct places *block = &keeps.of; block && !elsewhere;
	     block = places_next(block))
		elsewhere = any_leads_elsewhere(block, actions, links);
	errno = saved;
	return elsewhere;
}

bool spawn_may_move(const void *actions)
{
	return actions &&
	       (__atomic_load_n(&too_many, __ATOMIC_RELAXED) || mover_of(actions));
}

size_t spawn_room(const char *path)
{
	return MOVER_DIR + strlen(path) + 1;
}

bool spawn_moved(const void *actions, const char *path, char *out)
{
	const struct mover *mover = mover_of(actions);
	size_t n = mover ? strlen(mover->dir) : 0;

	if (!n)
		return false;
	memcpy(out, mover->dir, n);
	out[n++] = '/';
	strcpy(out + n, path);
	return true;
}

const char *spawn_seen(const void *actions, const char *path, char *out)
{
	const struct mover *mover = mover_of(actions);
	const char *dir = mover ? out_view(mover->dir) : "";
	size_t n = strlen(dir), len;
	unsigned guard;

	if (path[0] == '/' || !*path || !spawn_may_move(actions))
		return path;
	if (!n)
		return view_kind(path, false, &guard, &len) == VIEW_PASS ? path : NULL;
	memcpy(out, dir, n);
	out[n++] = '/';
	strcpy(out + n, path);
	return out;
}

bool spawn_list_strays(const void *actions, const char *list, bool names)
{
	struct text element;
	unsigned guard;
	size_t len;

	while (list_next(&list, &element)) {
		/* No longer one can be opened. */
		if (element.len >= PATH_MAX ||
		    (names && !memchr(element.at, '/', element.len)))
			continue;
		char path[element.len + 1];
		char room[MOVER_DIR + sizeof path];
		struct magic magic;
		bool strays;

		text_copy(&element, path);
		magic = find_magic(path, true);
		if (is_moved(&magic, actions))
			strays = true;
		else if (path[0] == '/' || path[0] == '$' || !spawn_may_move(actions))
			continue;
		else if (spawn_moved(actions, path, room))
			strays = list_element_leads(room, strlen(room)) != 0;
		else
			strays = view_kind(path, false, &guard, &len) != VIEW_PASS;
		if (strays) {
			list_tell_stray(path);
			return true;
		}
	}
	return false;
}

/*
 * route_go for SEEN, which ACTIONS lead to, and note_start. *PATH becomes what libc is to be
 * given where that is not the caller's own. 0, or an errno with the route ended; keeps errno.
 */
static int go_noted(struct route *r, char *room, const void *actions, const char *seen,
		    const char **path)
{
	const int saved = errno;
	int ret;

	if (route_go(r, room) < 0) {
		ret = errno;
		errno = saved;
		return ret;
	}
	/* A descriptor in the name is closed by the time of posix_spawn. */
	ret = r->fd >= 0 ? ENAMETOOLONG : note_start(actions, seen);
	if (ret) {
		route_end(r);
		return ret;
	}
	if (r->path != seen)
		*path = r->path;
	keep(actions, r, r->path, seen);
	return 0;
}

WRAP(int, posix_spawn_file_actions_addopen, void *actions, int fd, const char *path,
     int flags, unsigned mode);

static int routed_addopen(void *actions, int fd, const char *path, const char *seen,
			  int flags, unsigned mode)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, seen, follow_open(flags),
			     flags & (O_ACCMODE | O_CREAT | O_TRUNC) ? ROUTE_WRITE :
								       ROUTE_READ)];
	int ret = go_noted(&r, room, actions, seen, &path);

	if (ret)
		return ret;
	/* Whom the session has admitted may put a link there at any time. */
	if (r.guard >= 0 && view_is_mixed())
		flags |= O_NOFOLLOW;
	ret = REAL(posix_spawn_file_actions_addopen)(actions, fd, path, flags, mode);
	route_end(&r);
	return ret;
}

int pt_posix_spawn_file_actions_addopen(void *actions, int fd, const char *path,
					int flags, unsigned mode)
{
	char room[spawn_room(path)];
	const char *seen = spawn_seen(actions, path, room);

	opens(fd);
	return seen ? routed_addopen(actions, fd, path, seen, flags, mode) : EACCES;
}

WRAP(int, posix_spawn_file_actions_adddup2, void *actions, int fd, int to);

int pt_posix_spawn_file_actions_adddup2(void *actions, int fd, int to)
{
	opens(to);
	return REAL(posix_spawn_file_actions_adddup2)(actions, fd, to);
}

/* Notes that ACTIONS lead to DIR from where they lead so far. NULL: it is unknown where. */
static __attribute__((unused)) void moves(const void *actions, const char *dir)
{
	struct mover *mover = mover_of(actions);
	const bool more = mover != NULL;
	size_t n = 0, len = dir ? strlen(dir) : 0;

	if (!mover)
		mover = places_take(&movers.of, sizeof *mover, actions);
	if (!mover) {
		__atomic_store_n(&too_many, true, __ATOMIC_RELAXED);
		return;
	}
	if (more && dir && dir[0] != '/') {
		n = strlen(mover->dir);
		if (!n)
			return; /* it stays unknown */
		mover->dir[n++] = '/';
	}
	if (!len || n + len + 1 >= MOVER_DIR)
		n = len = 0;
	memcpy(mover->dir + n, dir ? dir : "", len);
	mover->dir[n + len] = '\0';
}

WRAP(int, posix_spawn_file_actions_init, void *actions);

int pt_posix_spawn_file_actions_init(void *actions)
{
	forget(actions);
	return REAL(posix_spawn_file_actions_init)(actions);
}

WRAP(int, posix_spawn_file_actions_destroy, void *actions);

int pt_posix_spawn_file_actions_destroy(void *actions)
{
	forget(actions);
	return REAL(posix_spawn_file_actions_destroy)(actions);
}

/*
 * The same, to the directory FD: by its name, which must lead to the same one. If a list
 * opens that number, it is unknown.
 */
static __attribute__((unused)) void moves_to(const void *actions, int fd)
{
	char dir[MOVER_DIR];
	struct statx open, found;
	ssize_t n;

	n = __atomic_load_n(&opened, __ATOMIC_RELAXED) & bit_of(fd) ?
		    -1 :
		    sys_fd_name(fd, dir, sizeof dir - 1);
	dir[n < 0 ? 0 : n] = '\0';
	moves(actions, n > 0 && sys_statx(fd, "", AT_EMPTY_PATH, &open) == 0 &&
				       sys_statx(AT_FDCWD, dir, 0, &found) == 0 &&
				       trust_same(&open, &found) ?
			       dir :
			       NULL);
}

typedef int chdir_fn(void *actions, const char *path);

/* The new image has to know that it may start in a backing. */
static __attribute__((unused)) int routed_chdir(chdir_fn *real, void *actions,
						const char *path, const char *seen)
{
	const struct magic magic = find_magic(seen, true);
	const bool unknown = is_moved(&magic, actions);
	struct route r;
	char room[route_plan(&r, AT_FDCWD, seen, FOLLOW, ROUTE_READ)];
	int ret = go_noted(&r, room, actions, seen, &path);

	if (ret)
		return ret;
	if (r.guard >= 0) {
		pt_view.cwd_inside = 1;
		session_wrote();
	}
	moves(actions, unknown ? NULL : path);
	/* In a shared directory: programs started from there check their start. */
	if (view_is_exact())
		pt_view.cwd_inside = 1;
	ret = real(actions, path);
	route_end(&r);
	return ret;
}

static __attribute__((unused)) int add_chdir(chdir_fn *real, void *actions,
					     const char *path)
{
	char room[spawn_room(path)];
	const char *seen = spawn_seen(actions, path, room);

	return seen ? routed_chdir(real, actions, path, seen) : EACCES;
}

#define ADD_CHDIR(name) \
	WRAP(int, name, void *actions, const char *path); \
	int pt_##name(void *actions, const char *path) \
	{ \
		return add_chdir(REAL(name), actions, path); \
	}

#define ADD_FCHDIR(name) \
	WRAP(int, name, void *actions, int fd); \
	int pt_##name(void *actions, int fd) \
	{ \
		pt_view.cwd_inside = 1; \
		moves_to(actions, fd); \
		return REAL(name)(actions, fd); \
	}

ADD_CHDIR(posix_spawn_file_actions_addchdir_np)
ADD_CHDIR(posix_spawn_file_actions_addchdir)
ADD_FCHDIR(posix_spawn_file_actions_addfchdir_np)
ADD_FCHDIR(posix_spawn_file_actions_addfchdir)
