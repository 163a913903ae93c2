/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the mount door mounts; see door.h. All is opened before anything is mounted, and
 * mounted by descriptors: names lead elsewhere from the first mount on.
 */
#include "door/door.h"
#include "core/sys.h"
#include "session/session.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>

#ifndef SYS_open_tree
#define SYS_open_tree 428
#define SYS_move_mount 429
#endif

enum {
	TREE_CLONE = 1,		 /* OPEN_TREE_CLONE */
	TREE_RECURSIVE = 0x8000, /* AT_RECURSIVE */
	MOVE_BY_FDS = 0x44,	 /* MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH */
};

/* Mounts what FROM is open for over what TO is. 0 or -errno. */
static int bind_over(int from, int to)
{
	char source[SYS_FD_PATH], target[SYS_FD_PATH];
	int ret, tree;

	sys_fd_path(from, source);
	sys_fd_path(to, target);
	if (mount(source, target, NULL, MS_BIND | MS_REC, NULL) == 0)
		return 0;
	ret = -errno;
	/* There is no proc(5), or a filter has nothing against the newer calls. */
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
	int view;    /* what is there */
	int backing; /* what is to be there; -1: nothing can be */
};

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
	/* Who was let in may pass through it only. */
	fd = sys_openat(AT_FDCWD, root, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	backing = sys_statx(fd, "", AT_EMPTY_PATH, &st);
	if (backing == 0 && !trust_root(&st, pt_session.owner))
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
	char view[POLICY_PATH + 1];

	if (guard->view.len > POLICY_PATH)
		return -ENAMETOOLONG;
	text_copy(&guard->view, view);
	out->view = sys_openat(AT_FDCWD, view, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (out->view < 0)
		return out->view;
	out->backing = open_backing(guard);
	return 0;
}

/*
 * What has no backing, since none could be made, can be used by nobody: an empty file
 * system covers it.
 */
static int cover(const struct place *place)
{
	char target[SYS_FD_PATH];

	sys_fd_path(place->view, target);
	if (mount("privtmp", target, "tmpfs",
		  MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, "size=4k,mode=0555") < 0)
		return -errno;
	return 0;
}

int mounts_make(struct refusal *refusal)
{
	const struct policy *policy = &pt_session.lease.policy;
	struct place place[POLICY_GUARDS];
	int ret = 0;

	refusal->step = "mount";
	for (unsigned i = 0; i < policy->guards; i++) {
		place[i].view = place[i].backing = -1;
		ret = open_place(&policy->guard[i], &place[i]);
		if (ret < 0 && ret != -ENOENT)
			break;
		ret = 0;
	}
	for (unsigned i = 0; ret == 0 && i < policy->guards; i++) {
		if (place[i].view < 0)
			continue;
		ret = place[i].backing < 0 ? cover(&place[i]) :
					     bind_over(place[i].backing, place[i].view);
	}
	/* They are closed by exec. */
	refusal->error = -ret;
	return ret;
}
