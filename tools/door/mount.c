/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The mounts of the mount door; see door.h. Everything is opened before the first mount, and
 * mounted by descriptor, because each mount changes where names lead.
 */
#include "door/door.h"
#include "core/report.h"
#include "core/owner.h"
#include "core/sys.h"
#include "policy/view.h"
#include "session/session.h"
#include "session/shares.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TREE_CLONE = 1,		 /* OPEN_TREE_CLONE */
	TREE_RECURSIVE = 0x8000, /* AT_RECURSIVE */
	MOVE_BY_FDS = 0x44,	 /* MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH */
};

/* Mounts the file open as FROM over that open as TO. 0 or -errno. */
static int bind_over(int from, int to)
{
	char source[SYS_FD_PATH], target[SYS_FD_PATH];
	int ret, tree;

	sys_fd_path(from, source);
	sys_fd_path(to, target);
	if (mount(source, target, NULL, MS_BIND | MS_REC, NULL) == 0)
		return 0;
	ret = -errno;
	/* proc(5) is missing, or a filter allows the newer calls only. */
	tree = (int)SYS3(SYS_open_tree, from, "",
			 AT_EMPTY_PATH | TREE_CLONE | TREE_RECURSIVE | O_CLOEXEC);
	if (tree < 0)
		return ret;
	if (SYS5(SYS_move_mount, tree, "", to, "", MOVE_BY_FDS) == 0)
		ret = 0;
	sys_close(tree);
	return ret;
}

/* A guarded directory. */
struct place {
	char name[POLICY_PATH + 1];
	int view;    /* the directory itself */
	int backing; /* its backing; -1: it could not be made */
};

/*
 * Whether ST is that of a root of the session's owner. In a user namespace that maps only
 * an admitted user, the owner is shown as the overflow user. Then the secret below proves
 * the root, because nobody else knows it.
 */
static bool is_owners(const struct statx *st)
{
	const unsigned owner = pt_session.owner;

	return trust_root(st, owner) ||
	       (owner != geteuid() && trust_root(st, OVERFLOW_USER));
}

/* Opens the directory PATH by way of the root of GUARD, whose owner is the session's. */
static int open_backing(const struct guard *guard)
{
	char root[POLICY_ROOT_MAX + 1], path[POLICY_BACKING];
	const size_t secret = guard->prefix.len - guard->root.len - 1;
	struct statx st;
	int fd, backing;

	text_copy(&guard->root, root);
	memcpy(path, guard->root.at + guard->root.len + 1, secret);
	memcpy(path + secret, guard->view.at, guard->view.len);
	path[secret + guard->view.len] = '\0';
	/* An admitted user can only search it. */
	fd = sys_openat(AT_FDCWD, root, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	backing = sys_statx(fd, "", AT_EMPTY_PATH, &st);
	if (backing == 0 && !is_owners(&st))
		backing = -EPERM;
	if (backing == 0)
		backing = sys_openat(fd, path,
				     O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	sys_close(fd);
	return backing;
}

/* 0; -ENOENT where there is no such directory; or -errno. */
static int open_place(const struct guard *guard, struct place *out)
{
	out->view = out->backing = -1;
	if (guard->view.len > POLICY_PATH)
		return -ENAMETOOLONG;
	text_copy(&guard->view, out->name);
	out->view = sys_openat(AT_FDCWD, out->name, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (out->view < 0)
		return out->view;
	out->backing = open_backing(guard);
	return 0;
}

/*
 * An empty file system at PLACE, in which nobody can make anything: below a backing the
 * first goes with the last process of the namespace, which is how its keeper knows; and
 * what has no backing, since none could be made, is covered by one.
 */
static int cover(const char *path)
{
	if (mount("privtmp", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY,
		  "size=4k,mode=0555") < 0)
		return -errno;
	return 0;
}

/* -- What is shared -- */

int mounts_point(int dir, const char *path, bool file)
{
	int at = (int)SYS3(SYS_fcntl, dir, F_DUPFD_CLOEXEC, 0);
	/* Whoever else is in the session has to pass what leads there. */
	const mode_t mask = umask(0);

	while (at >= 0 && *path) {
		const size_t len = strcspn(path, "/");
		const bool last = !path[len] && file;
		char name[NAME_MAX + 1];
		int next;

		if (len > NAME_MAX)
			next = -ENAMETOOLONG;
		else {
			memcpy(name, path, len);
			name[len] = '\0';
			next = last ? sys_openat(at, name,
						 O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC,
						 0600) :
				      sys_mkdirat(at, name, 0711);
			if (next >= 0 && last)
				sys_close(next);
			next = sys_openat(at, name,
					  O_PATH | O_NOFOLLOW | O_CLOEXEC |
						  (last ? 0 : O_DIRECTORY),
					  0);
		}
		sys_close(at);
		at = next;
		path += len + (path[len] == '/');
	}
	umask(mask);
	return at;
}

/* Mounts the shared PATH, open as FD, in the backing that is to be mounted over it. */
static int mount_shared(void *arg, const char *path, size_t len, int fd)
{
	const struct place *places = arg;
	struct statx st;
	size_t inside;
	int guard = view_guard_of(path, len, &inside), ret, point;

	if (guard < 0 || places[guard].backing < 0)
		return 0;
	/* Its type alone, as in shares.c. */
	ret = sys_statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, &st);
	if (ret == 0) {
		point = mounts_point(places[guard].backing, path + inside,
				     !S_ISDIR(st.stx_mode));
		ret = point < 0 ? point : bind_over(fd, point);
		if (point >= 0)
			sys_close(point);
	}
	if (ret < 0)
		report(path, "is shared, and cannot be had behind the mount door", -ret,
		       "start what needs it by --backend preload");
	return 0;
}

/* The directories below a guarded one in which the session was started (session/own.h). */
static void mount_own(const struct own *own, struct place *places)
{
	char path[POLICY_OWN_MAX + 1];
	struct statx st;
	int fd;

	text_copy(&own->path, path);
	fd = sys_openat(AT_FDCWD, path, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (sys_statx(fd, "", AT_EMPTY_PATH, &st) == 0 && !S_ISLNK(st.stx_mode) &&
	    trust_owner(st.stx_uid, own->uid))
		mount_shared(places, path, own->path.len, fd);
	sys_close(fd);
}

/* -- All of it -- */

/*
 * A root that lies in no guarded directory is out of reach, too: nobody joins a session
 * by it whose backings are elsewhere from here.
 */
static int hide_root(const struct text *root)
{
	char path[POLICY_ROOT_MAX + 1];
	struct statx st;

	if (view_guard_of(root->at, root->len, NULL) >= 0)
		return 0;
	text_copy(root, path);
	/* Of a further guard, and the same; or it could not be made. */
	if (sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st) < 0 ||
	    !trust_root(&st, pt_session.owner))
		return 0;
	return cover(path);
}

/* Mounts over the guarded directory PLACE. *WATCHED: whether the keeper watches a mount. */
static int fill(const struct place *place, bool *watched, struct refusal *refusal)
{
	int ret = 0;

	refusal->step = STEP_MOUNT;
	if (place->backing < 0 || !*watched)
		ret = cover(place->name);
	if (ret == 0 && !*watched) {
		refusal->step = STEP_INOTIFY;
		ret = keeper_watch(place->name);
		*watched = true;
	}
	if (ret < 0 || place->backing < 0)
		return ret;
	refusal->step = STEP_MOUNT;
	return bind_over(place->backing, place->view);
}

/* Exchanges the backings of the N places for file systems of their own. */
static int hold_to_size(struct place *place, unsigned n, struct refusal *refusal)
{
	int ret = 0;

	refusal->step = STEP_MOUNT;
	for (unsigned i = 0; ret == 0 && i < n; i++) {
		if (place[i].backing < 0)
			continue;
		ret = limit_backing(i, place[i].view, place[i].backing);
		if (ret < 0)
			break;
		sys_close(place[i].backing);
		place[i].backing = ret;
		keeper_keep(ret);
		ret = 0;
	}
	if (ret == 0)
		refusal->step = STEP_OPEN;
	return ret;
}

int mounts_make(struct refusal *refusal)
{
	const struct policy *policy = &pt_session.lease.policy;
	struct place place[POLICY_GUARDS];
	bool watched = false;
	int ret = 0;

	refusal->step = STEP_OPEN;
	for (unsigned i = 0; ret == 0 && i < policy->guards; i++) {
		ret = open_place(&policy->guard[i], &place[i]);
		if (ret == -ENOENT)
			ret = 0;
	}
	if (ret == 0 && policy->size_limit)
		ret = hold_to_size(place, policy->guards, refusal);
	if (ret == 0)
		ret = shares_each(policy, mount_shared, place);
	for (unsigned i = 0; ret == 0 && i < policy->owns; i++)
		mount_own(&policy->own[i], place);
	if (ret == 0)
		ret = hide_root(&pt_session.lease.session);
	for (unsigned i = 0; ret == 0 && i < policy->guards; i++)
		ret = hide_root(&policy->guard[i].root);
	for (unsigned i = 0; ret == 0 && i < policy->guards; i++)
		if (place[i].view >= 0)
			ret = fill(&place[i], &watched, refusal);
	/* exec closes them. */
	refusal->error = -ret;
	return ret;
}

int mounts_try(const char *path, struct refusal *refusal)
{
	int ret, fd;

	refusal->step = STEP_MOUNT;
	ret = cover(path);
	if (ret == 0) {
		fd = sys_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
		ret = fd < 0 ? fd : bind_over(fd, fd);
	}
	refusal->error = -ret;
	return ret;
}
