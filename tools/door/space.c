/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The namespaces of the mount door; see door.h. */
#include "door/door.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CAPABILITIES = 64 };

void space_save_rights(struct rights *r)
{
	r->bounding = 0;
	r->securebits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
	for (int i = 0; i < CAPABILITIES; i++) {
		int has = prctl(PR_CAPBSET_READ, i, 0, 0, 0);

		if (has < 0)
			break; /* the kernel knows no more */
		if (has)
			r->bounding |= (uint64_t)1 << i;
	}
}

int space_restore_rights(const struct rights *r, struct refusal *refusal)
{
	refusal->step = "capabilities";
	for (int i = 0; i < CAPABILITIES; i++) {
		if (r->bounding >> i & 1)
			continue;
		if (prctl(PR_CAPBSET_READ, i, 0, 0, 0) < 0)
			break;
		if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0 &&
		    prctl(PR_CAPBSET_READ, i, 0, 0, 0) != 0)
			return refusal->error = errno, -errno;
	}
	if (r->securebits >= 0 && prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != r->securebits &&
	    prctl(PR_SET_SECUREBITS, r->securebits, 0, 0, 0) < 0)
		return refusal->error = errno, -errno;
	return 0;
}

/* -- Which id is which -- */

/* Writes TEXT to the file NAME of the process PID's in /proc. 0 or -errno. */
static int write_proc(pid_t pid, const char *name, const char *text)
{
	char path[64];
	int fd;
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	fd = sys_openat(AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	n = sys_write(fd, text, strlen(text));
	sys_close(fd);
	return n < 0 ? (int)n : 0;
}

/* One's own two ids: what anyone may map. */
static int map_self(uid_t uid, gid_t gid)
{
	const pid_t self = getpid();
	char line[64];
	int ret = write_proc(self, "setgroups", "deny");

	if (ret < 0 && ret != -ENOENT) /* Linux before 3.19 */
		return ret;
	snprintf(line, sizeof line, "%u %u 1", uid, uid);
	ret = write_proc(self, "uid_map", line);
	if (ret < 0)
		return ret;
	snprintf(line, sizeof line, "%u %u 1", gid, gid);
	return write_proc(self, "gid_map", line);
}

enum { MAP_TEXT = 4096 };

/* This process's map NAME, with each id as it is here. False: there is none. */
static bool read_map(const char *name, char out[MAP_TEXT])
{
	unsigned long first, outside, count;
	char line[128], path[64];
	size_t n = 0;
	FILE *map;

	snprintf(path, sizeof path, "/proc/self/%s", name);
	map = fopen(path, "re");
	while (map && n < MAP_TEXT - 64 && fgets(line, sizeof line, map))
		if (sscanf(line, "%lu %lu %lu", &first, &outside, &count) == 3)
			n += (size_t)snprintf(out + n, MAP_TEXT - n, "%lu %lu %lu\n",
					      first, first, count);
	if (map)
		fclose(map);
	return n != 0;
}

/*
 * Whoever writes the maps of all ids has to be outside, with the rights to set any: a
 * child that is told by a pipe when the namespace is there.
 */
struct writer {
	pid_t pid;
	int ask, answer; /* ends of pipes */
	char uids[MAP_TEXT], gids[MAP_TEXT];
};

static void be_writer(const struct writer *w, pid_t whose, int asked, int told)
{
	char byte;
	int ret = -EPIPE;

	if (read(asked, &byte, 1) == 1) {
		ret = write_proc(whose, "uid_map", w->uids);
		if (ret == 0)
			ret = write_proc(whose, "gid_map", w->gids);
	}
	(void)!write(told, &ret, sizeof ret);
	_exit(0);
}

/* Starts it. 0 or -errno. */
static int start_writer(struct writer *w)
{
	const pid_t self = getpid();
	int ask[2], answer[2];

	if (!read_map("uid_map", w->uids) || !read_map("gid_map", w->gids))
		return -ENOENT;
	if (pipe2(ask, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(answer, O_CLOEXEC) < 0) {
		int ret = -errno;

		sys_close(ask[0]);
		sys_close(ask[1]);
		return ret;
	}
	/* Without a signal at its end, which the program would get. */
	w->pid = (pid_t)SYS2(SYS_clone, 0, 0);
	if (w->pid == 0) {
		sys_close(ask[1]);
		sys_close(answer[0]);
		be_writer(w, self, ask[0], answer[1]);
	}
	sys_close(ask[0]);
	sys_close(answer[1]);
	w->ask = ask[1];
	w->answer = answer[0];
	return w->pid < 0 ? (int)w->pid : 0;
}

/* Lets it write (GO), and ends it. 0 or -errno. */
static int end_writer(struct writer *w, bool go)
{
	int ret = -EPIPE;

	if (go)
		(void)!write(w->ask, "", 1);
	sys_close(w->ask);
	if (read(w->answer, &ret, sizeof ret) != sizeof ret)
		ret = -EPIPE;
	sys_close(w->answer);
	while (SYS4(SYS_wait4, w->pid, NULL, __WCLONE, NULL) == -EINTR)
		;
	return ret;
}

/* -- The namespaces -- */

/* A user namespace, and a mount namespace that is its. 0 or -errno. */
static int unshare_both(struct refusal *refusal)
{
	const uid_t uid = geteuid();
	const gid_t gid = getegid();
	static struct writer writer;
	/* Without the others, chown and su break for who is root in a container. */
	const bool all = uid == 0 && start_writer(&writer) == 0;
	int ret = unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 ? -errno : 0, mapped = -EPERM;

	if (all)
		mapped = end_writer(&writer, ret == 0);
	if (ret < 0) {
		refusal->step = "unshare";
		return ret;
	}
	if (mapped < 0)
		mapped = map_self(uid, gid);
	refusal->step = "uid_map";
	return mapped;
}

int space_enter(struct refusal *refusal)
{
	int ret = unshare(CLONE_NEWNS) < 0 ? -errno : 0;

	refusal->step = "unshare";
	if (ret < 0)
		ret = unshare_both(refusal);
	/* What is mounted here is mounted here alone. */
	if (ret == 0 && mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0) {
		refusal->step = "mount";
		ret = -errno;
	}
	refusal->error = -ret;
	return ret;
}
