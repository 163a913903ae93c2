/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a root holds; see look.h. Runs in a child with the owner's identity. */
#include "look.h"
#include "core/sys.h"
#include "session/lease_lock.h"
#include "session/root_name.h"
#include "session/trust.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	USAGE_EACH = 1000, /* milliseconds for counting in one session */
	USAGE_ALL = 3000,  /* and in all of one owner */
};

bool look_is_young(long long changed)
{
	const long long age = (long long)time(NULL) - changed;

	/*
	 * A time in the future can be made by the owner, or by a clock that was set
	 * back.
	 */
	return age <= SESSION_YOUNG && age >= -SESSION_YOUNG;
}

/* Whether FD can be a lease at all; its identity. */
static int identify(int fd, struct looked *out)
{
	struct statx st;
	int ret = sys_statx(fd, "", AT_EMPTY_PATH, &st);

	if (ret < 0)
		return ret;
	if (!trust_text(&st, geteuid()))
		return -EBADMSG;
	out->lease = file_id_of(&st);
	errno = 0;
	out->mapped = members_map_id(fd);
	/* Without it, no member would be found. */
	if (!out->mapped.inode && errno == ENOMEM)
		crew_fail(ENOMEM);
	return 0;
}

/*
 * A lease is locked before it gets its name. So a lease without a lock has lost its
 * members.
 */
static int ask_lease(int rootfd, struct looked *out, struct lease *lease)
{
	int fd = lease_open_at(rootfd), ret;

	if (fd < 0)
		return fd;
	ret = identify(fd, out);
	if (ret == 0)
		ret = lease_read(fd, lease);
	/* A lease that names another root is not this root's. */
	if (ret == 0 && !text_is(&lease->session, out->path))
		ret = -EBADMSG;
	if (ret == 0)
		ret = lease_own(fd, false);
	sys_close(fd);
	return ret;
}

static void classify(int rootfd, struct looked *out, struct lease *lease)
{
	struct lease_part part;
	int ret;

	if (lease_read_part(rootfd, &part) == 0 && !strcmp(part.root, out->path)) {
		out->state = FOUND_PART;
		strcpy(out->primary, part.session);
		return;
	}
	ret = ask_lease(rootfd, out, lease);
	if (ret == 0 || ret == -EWOULDBLOCK) {
		out->len = lease->len;
		memcpy(out->text, lease->text, lease->len);
	}
	if (ret == 0)
		out->state = lease_kept(&lease->policy, rootfd) ? FOUND_KEPT : FOUND_DEAD;
	else if (ret == -EWOULDBLOCK)
		out->state = FOUND_LIVE;
	else if (ret == -ENOENT || ret == -EBADMSG || ret == -ELOOP)
		out->state = look_is_young(out->changed) ? FOUND_YOUNG : FOUND_DEAD;
	else
		out->state = FOUND_CLOSED;
}

/* Sums up the backings of a session. */
static void count_backings(const struct lease *lease, struct usage *usage, long end)
{
	char path[POLICY_BACKING];

	for (unsigned i = 0; i < lease->policy.guards; i++) {
		const struct guard *g = &lease->policy.guard[i];

		snprintf(path, sizeof path, "%.*s%.*s", (int)g->prefix.len, g->prefix.at,
			 (int)g->view.len, g->view.at);
		usage_add(path, usage, end);
	}
}

/* Whether the descriptor NAME in the directory FDS is of a root: the helper has those open. */
static bool is_root(int fds, const char *name)
{
	char path[PATH_MAX];
	ssize_t n = readlinkat(fds, name, path, sizeof path - 1);
	const char *slash;

	path[n < 0 ? 0 : n] = '\0';
	slash = strrchr(path, '/');
	return slash && root_name_is(slash + 1);
}

/* Adds the directories that the process PID has open, but for roots. */
static void count_open(pid_t pid, struct usage *usage, long end)
{
	char path[64 + NAME_MAX];
	const struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	usage->partly |= !dir;
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && !is_root(dirfd(dir), entry->d_name)) {
			/* Of what is no directory this is no name. */
			snprintf(path, sizeof path, "/proc/%d/fd/%s/.", (int)pid,
				 entry->d_name);
			usage_add(path, usage, end);
		}
	if (dir)
		closedir(dir);
}

/* What is held to a size is in memory: where, only the keeper of its namespace knows. */
static void count_memory(const struct looked *looked, const struct seens *seens,
			 struct usage *usage, long end)
{
	bool found = false;

	for (size_t i = 0; i < seens->n; i++) {
		const struct seen *seen = &seens->at[i];

		if (!seen->mounts || seen->uid != geteuid() ||
		    !file_same(seen->lease,
			       seen->mapped ? looked->mapped : looked->lease))
			continue;
		found = true;
		count_open(seen->pid, usage, end);
	}
	usage->partly |= !found;
}

struct looker {
	struct job *job;
	struct looked *out;
	struct lease *lease;
	long end; /* of the time for counting */
};

static void look_at_root(void *arg, const char *path)
{
	struct looker *l = arg;
	struct looked *out = l->out;
	const struct look *look = l->job->arg;
	struct statx st;
	long end;
	int fd;

	memset(out, 0, sizeof *out);
	strcpy(out->path, path);
	fd = trust_open_root(path, geteuid(), &st);
	if (fd == -ENOENT)
		return;
	if (fd < 0) {
		out->state = fd == -EPERM || fd == -ENOTDIR || fd == -ELOOP ?
				     FOUND_STRANGE :
				     FOUND_CLOSED;
		if (sys_look(AT_FDCWD, path, &st) == 0)
			out->changed = st.stx_mtime.tv_sec;
		crew_say(l->job, out);
		return;
	}
	out->root = file_id_of(&st);
	out->changed = st.stx_mtime.tv_sec;
	classify(fd, out, l->lease);
	sys_close(fd);
	end = crew_now() + USAGE_EACH;
	if (end > l->end)
		end = l->end;
	if (out->len && look->usage)
		count_backings(l->lease, &out->usage, end);
	if (out->len && look->usage && l->lease->policy.size_limit)
		count_memory(out, look->seens, &out->usage, end);
	crew_say(l->job, out);
}

void look_work(struct job *job)
{
	const struct look *look = job->arg;
	struct looker l = {
		job,
		calloc(1, sizeof *l.out),
		calloc(1, sizeof *l.lease),
		crew_now() + USAGE_ALL,
	};
	char run[64];
	int ret;

	if (!l.out || !l.lease)
		crew_fail(ENOMEM);
	for (size_t i = 0; i < job->n; i++)
		look_at_root(&l, look->roots->at[job->first + i].path);
	snprintf(run, sizeof run, ROOTS_RUN "/%lu", (unsigned long)job->uid);
	ret = roots_each(run, look_at_root, &l);
	free(l.out);
	free(l.lease);
	if (ret < 0)
		crew_fail(-ret);
}
